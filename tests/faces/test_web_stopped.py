"""A server that is stopped with Ctrl-C while it imports: the rows are in, or they are not."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from liantu.workspace import Workspace
from tests.holding import PATIENCE_SECONDS, Hold

SERVER = """
import sys, uvicorn
from liantu.faces import web
from liantu.faces.study import Study

uvicorn.run(web.app(Study.open(sys.argv[1])), fd=int(sys.argv[2]), log_level="warning")
"""
# What is opened while the rows are committed: in the process that reads, then in the server.
STAGES = {"read": "*/intake.json", "kept": "*/study/imports", "written": "*/.new-CURRENT"}


BOUNDARY = "part"
FILE = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="files"; filename="places.csv"\r\n\r\n'
    f"place_id,name\nhome,Home\n\r\n--{BOUNDARY}--\r\n"
)


def sent(address, body, kind):
    """The page that a form is answered with."""
    request = urllib.request.Request(address, body.encode(), {"Content-Type": kind})  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return answer.read().decode()


@pytest.mark.parametrize("stage", STAGES)
def test_a_server_stopped_while_it_imports_leaves_the_old_or_the_new_rows(tmp_path, stage):
    (tmp_path / "aside").mkdir()
    study = Workspace.create(tmp_path / "study", name="Desk")
    hold = Hold(tmp_path / "hold", "open", STAGES[stage])
    hold.pause()
    environment = os.environ | hold.environment | {"TMPDIR": str(tmp_path / "aside")}
    with socket.create_server(("127.0.0.1", 0)) as held, ThreadPoolExecutor(1) as pool:
        address = f"http://127.0.0.1:{held.getsockname()[1]}/import"
        line = [sys.executable, "-c", SERVER, str(study.path), str(held.fileno())]
        named = {"pass_fds": [held.fileno()], "start_new_session": True}
        with subprocess.Popen(line, env=environment, stderr=subprocess.PIPE, **named) as server:  # noqa: S603 - our own code
            tried = sent(address, FILE, f"multipart/form-data; boundary={BOUNDARY}")
            token = re.search(r'name="token" value="([^"]+)"', tried)[1]
            hold.resume()
            form = (f"{address}/commit", f"token={token}", "application/x-www-form-urlencoded")
            answer = pool.submit(sent, *form)
            hold.reached(server)
            os.killpg(server.pid, signal.SIGINT)
            hold.release()
            _, said = server.communicate(timeout=PATIENCE_SECONDS)
        held.close()
        answer.exception(PATIENCE_SECONDS)
    now = study.generation()
    assert (now.number, dict(now.rows)) in ((0, {}), (1, {"places": 1}))
    assert not list(study.path.rglob(".new-*"))
    assert list((tmp_path / "aside").iterdir()) == []
    assert b"Error" not in said, said
    (tmp_path / "places.csv").write_text("place_id,name\naway,Away\n", encoding="utf-8")
    done = study.import_files([tmp_path / "places.csv"])
    assert done.generation.rows["places"] == now.rows.get("places", 0) + 1
