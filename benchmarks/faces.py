"""What a person waits for: a page of the example, and the command line."""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from fastapi.testclient import TestClient

from liantu.faces.demo import build
from liantu.faces.study import Study
from liantu.faces.web import app


@cache
def example(_: int = 1) -> TestClient:
    """The example served in this process, each page of a lens asked once beforehand."""
    folder = Path(tempfile.mkdtemp(prefix="liantu-benchmark-")) / "zhuzhou"
    client = TestClient(app(Study.open(build(folder).path)))
    for lens in ("completeness", "reach"):
        client.get(f"/lens/{lens}").raise_for_status()
    return client


def reach_page(client: TestClient) -> int:
    """The page of a lens whose figures are cached; its length."""
    return len(client.get("/lens/reach").raise_for_status().content)


def chain_map_page(client: TestClient) -> int:
    """The page with the chain map of 206 products, focused on one; its length."""
    page = client.get("/lens/completeness", params={"focus": "D06"})
    return len(page.raise_for_status().content)


def command(_: int) -> Path:
    """Where the command is installed: beside this interpreter."""
    return Path(sys.executable).parent / "liantu"


def help_text(liantu: Path) -> int:
    """``liantu --help`` as a new process; the length of what it prints."""
    return len(subprocess.check_output([liantu, "--help"]))  # noqa: S603 - our own command


def lenses(liantu: Path) -> int:
    """``liantu lenses`` as a new process; the length of what it prints."""
    return len(subprocess.check_output([liantu, "lenses"]))  # noqa: S603
