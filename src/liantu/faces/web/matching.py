"""The page of organisations that may be one firm: each pair with its reasons, and a merge."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from liantu.errors import Problem, Refusal
from liantu.faces import matches
from liantu.faces.web.visit import Visit, visit
from liantu.matching import AT_LEAST

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_SHOWN = 200
_MOST_ORGANISATIONS = 10_000


@router.get("/match")
def match(here: Here) -> Response:
    """Every pair that may be one firm; nothing is merged by looking."""
    return _shown(here)


@router.post("/match/merge")
def merge(
    here: Here,
    pair: Annotated[list[str] | None, Form()] = None,
    conflicts: Annotated[str, Form()] = "",
) -> Response:
    """Merge the pairs that were marked, as one generation, and show what that changed."""
    pairs = [_pair(text) for text in pair or ()]
    if not pairs:
        return _shown(here, (_none_marked(),))
    workspace = here.study.workspace
    before = workspace.generation().number
    try:
        done = workspace.merge_organisations(pairs, conflicts="keep" if conflicts else "refuse")
    except Refusal as refusal:
        return _shown(here, refusal.problems)
    after = done.generation.number if done.generation else before
    query = {"from": before, "to": after}
    return RedirectResponse(here.address.to("/history", query), status_code=303)


@router.post("/match/apart")
def apart(
    here: Here,
    apart: Annotated[str, Form()],
    pair: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Remember that a pair is two firms, and show the others with what was marked."""
    try:
        here.study.workspace.keep_apart([_pair(apart)])
    except Refusal as refusal:
        return _shown(here, refusal.problems, pair or ())
    return _shown(here, marked=pair or ())


def _pair(text: str) -> tuple[str, str]:
    entry = dict(parse_qsl(text))
    return entry.get("keep", ""), entry.get("drop", "")


def _shown(
    here: Visit, problems: tuple[Problem, ...] = (), marked: Sequence[str] = ()
) -> Response:
    is_large = here.study.store.count("organisations") > _MOST_ORGANISATIONS
    found = None if is_large else matches.proposals(here.study, _at_least(here))
    return here.page(
        "match.html",
        status=422 if problems else 200,
        problems=problems,
        found=found,
        notes=list(matches.told(found)) if found else [],
        pairs=matches.pairs(found, here.words, limit=_SHOWN) if found else [],
        marked=marked,
        most=_MOST_ORGANISATIONS,
    )


def _at_least(here: Visit) -> float:
    """The least probability that the address names; a refusal where it is none."""
    text = here.address.query.get("at_least", "")
    try:
        number = float(text or AT_LEAST)
    except ValueError:
        number = -1.0
    if 0 <= number <= 1:
        return number
    words = ("a probability from 0 to 1", f'"{text}"', "write a number such as 0.5")
    raise Refusal(Problem("out-of-bounds", *words, column="at_least"))


def _none_marked() -> Problem:
    words = ("at least one pair that is the same firm", "none", "mark a pair, then merge")
    return Problem("no-pairs", *words)
