"""A workspace: the folder that holds the tables of one study, and everything done to it."""

from liantu.workspace.changes import Change, Counts, Diff, Origin
from liantu.workspace.folder import Import, Workspace, restore
from liantu.workspace.generations import Generation
from liantu.workspace.settings import Settings

__all__ = [
    "Change",
    "Counts",
    "Diff",
    "Generation",
    "Import",
    "Origin",
    "Settings",
    "Workspace",
    "restore",
]
