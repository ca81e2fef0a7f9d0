"""Run a command; what is refused is printed, and ends with its exit status."""

import sys

from liantu.disk import refusing
from liantu.errors import Refusal
from liantu.faces.cli.application import app, tell, tell_problems

_STOPPED = 130  # with Ctrl-C; typer turns that into an exit of its own


def main() -> None:
    """Run the command; a refusal prints every problem and ends with status 1.

    So does a disk that has no room to write the answer on.
    """
    remedy = "free space or choose another disk, then try again"
    try:
        with refusing("finish the command", remedy):
            app()
    except Refusal as refusal:
        tell_problems(refusal.problems)
        sys.exit(1)
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != _STOPPED:
            raise
        tell("stopped; nothing half done is left behind")
        sys.exit(_STOPPED)
