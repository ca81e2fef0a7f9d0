"""The pages that answer: the overview, one page for each lens, and search."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from liantu.errors import Missing, Problem, Refusal, did_you_mean
from liantu.faces.address import VIEW
from liantu.faces.pictures import ACROSS, Picture, picture
from liantu.faces.report import report_html
from liantu.faces.template import templates
from liantu.faces.view import named, view
from liantu.faces.web.changed import changed
from liantu.faces.web.forms import controls, in_words
from liantu.faces.web.searching import matches
from liantu.faces.web.subject import heading
from liantu.faces.web.visit import Visit, question, visit
from liantu.lens import Lens, find
from liantu.result import Entry, Result, say
from liantu.schema import columns

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]


@router.get("/")
def overview(here: Here) -> Response:
    """Headlines, the chain map, and what changed since the generation before."""
    asked = question(here.address.query, VIEW)
    given = {name: text for name, text in asked.items() if text}
    found = here.study.overview(given, seconds=here.patience)
    if found.waiting:
        return here.waiting(given, *found.waiting)
    headlines = [
        named(entry, here.words, here.lens(lens)) for lens, _, entry in found.headlines
    ]
    maps: list[tuple[str, Picture]] = [
        (here.lens(lens), picture(result, number, figure, here.words, here.address))
        for lens, result, figure in found.figures
        for number, known in enumerate(result.figures)
        if known is figure
    ]
    return here.page(
        "overview.html",
        headlines=headlines,
        maps=maps,
        left_out=[_why(lens, refusal, here) for lens, refusal in found.left_out],
        changed=changed(here.study),
        read=_synthetic(found.headlines),
        recorded=any(not result.params["synthetic"] for _, result in found.results),
        heading=heading(here.study, here.words, here.address),
    )


@router.get("/lens/{name}")
def lens_page(name: str, here: Here) -> Response:
    """The page of a lens: its form, and its answer where the form is filled."""
    lens = find(name)
    known = {entry.name for entry in columns(lens.parameters)}
    given = question(here.address.query, frozenset(VIEW - known))
    try:
        result = here.study.within(here.patience, name, given)
    except Missing:
        raise
    except Refusal as refusal:
        return _refused(lens, here, given, refusal.problems)
    if result is None:
        return here.waiting(given, lens)
    form = controls(lens, here, result.params)
    shown = view(lens, result, here.words, here.address)
    return here.page("lens.html", view=shown, form=form, lens=lens, across=len(form) <= ACROSS)


@router.get("/report")
def report(here: Here) -> Response:
    """The whole report as one file, which asks for nothing and may be kept."""
    return _one_file(report_html(here.study, here.words.language))


@router.get("/report/{name}")
def templated(name: str, here: Here) -> Response:
    """The report of a template, about what the address asks."""
    if name not in templates():
        hint = did_you_mean(name, list(templates()))
        raise Missing(Problem("unknown-template", "the name of a template", f'"{name}"', hint))
    asked = {key: text for key, text in here.address.query.items() if key != "lang"}
    chosen = templates()[name]
    return _one_file(report_html(here.study, here.words.language, None, chosen, asked))


def _one_file(text: str) -> Response:
    return HTMLResponse(text, headers={"Content-Security-Policy": _policy(text)})


@router.get("/search")
def search(here: Here) -> Response:
    """Records whose name, in either language, or id holds the text."""
    sought = here.address.query.get("q", "").strip()
    return here.page("search.html", sought=sought, groups=matches(here, sought))


def _policy(text: str) -> str:
    """What the report may load: its own style, known by its digest, and nothing else."""
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _refused(
    lens: Lens, here: Visit, given: dict[str, str], problems: tuple[Problem, ...]
) -> Response:
    """The form again, with what was typed; a first visit without defaults is no mistake."""
    known = {entry.name for entry in columns(lens.parameters)}
    first = not given and all(problem.code == "missing-parameter" for problem in problems)
    form = controls(lens, here, {}, () if first else problems)
    wanted = _wanted(lens, problems, here)
    return here.page(
        "lens.html",
        status=200 if first else 422,
        view=None,
        form=form,
        lens=lens,
        across=len(form) <= ACROSS,
        wanted=here.words.say(", ").join(wanted) if first else None,
        problems=[in_words(p, here.words) for p in problems if p.column not in known],
    )


def _wanted(lens: Lens, problems: tuple[Problem, ...], here: Visit) -> list[str]:
    named = {problem.column for problem in problems}
    return [here.words.say(e.title) for e in columns(lens.parameters) if e.name in named]


def _why(lens: Lens, refusal: Refusal, here: Visit) -> tuple[str, str, str]:
    """The title of a lens that has no say, why, and its page."""
    if all(problem.code == "missing-parameter" for problem in refusal.problems):
        wanted = here.words.say(", ").join(_wanted(lens, refusal.problems, here))
        reason = here.words.say(
            say("Choose a value for {wanted} to see the answer.", wanted=wanted)
        )
        return here.words.say(lens.title), reason, here.lens(lens)
    reasons = [in_words(problem, here.words) for problem in refusal.problems]
    return here.words.say(lens.title), here.words.say("; ").join(reasons), here.lens(lens)


def _synthetic(headlines: Iterable[tuple[Lens, Result, Entry]]) -> tuple[int, int]:
    """Rows read for the headlines, and how many of them are synthetic; each lens once."""
    results = {result.lens: result for _, result, _ in headlines}
    reads = [read for result in results.values() for read in result.provenance.reads]
    return sum(read.rows for read in reads), sum(read.synthetic for read in reads)
