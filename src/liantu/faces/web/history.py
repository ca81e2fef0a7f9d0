"""The pages of the record's own history: every generation, and what differs between two."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from liantu.errors import Missing, Problem
from liantu.faces.web.changed import counted, lines, listed
from liantu.faces.web.visit import Visit, visit

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_SHOWN = 200


@router.get("/history")
def history(here: Here) -> Response:
    """Every generation with its time and counts; with ``from``, what differs since."""
    generations = here.study.workspace.history()
    current = here.study.workspace.generation().number
    start, end = _number(here, "from"), _number(here, "to")
    compared = None
    if start is not None:
        diff = here.study.workspace.diff(start, end)
        compared = {
            "start": start,
            "end": end or current,
            "counts": listed(diff),
            "lines": lines(diff, here.words, here.address, limit=_SHOWN),
            "limit": _SHOWN,
        }
    return here.page(
        "history.html",
        generations=[(entry, *counted(entry.changes)) for entry in reversed(generations)],
        current=current,
        compared=compared,
    )


def _number(here: Visit, name: str) -> int | None:
    """A generation named in the address; a refusal where it is no number."""
    text = here.address.query.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Missing(
            Problem(
                code="unknown-generation",
                expected="the number of a generation",
                found=f'"{text}"',
                remedy="choose one from the list",
                column=name,
            )
        )
    return int(text)
