"""The command line: every way to keep a workspace, to show it and to ask it."""

from liantu.faces.cli import asking, keeping, matching, showing
from liantu.faces.cli.application import app
from liantu.faces.cli.running import main

__all__ = ["app", "asking", "keeping", "main", "matching", "showing"]
