"""An open observatory of industrial chains: open a workspace, ask a lens."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from liantu.errors import Missing, Problem, Refusal
    from liantu.faces.python import open  # noqa: A004 - liantu.open reads as it should
    from liantu.workspace import Workspace

_ROOMS = {
    "Missing": "liantu.errors",
    "Problem": "liantu.errors",
    "Refusal": "liantu.errors",
    "Workspace": "liantu.workspace",
    "open": "liantu.faces.python",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - public names load when they are asked for
    if name not in _ROOMS:
        message = f"module 'liantu' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_ROOMS[name]), name)


__all__ = ["Missing", "Problem", "Refusal", "Workspace", "open"]
