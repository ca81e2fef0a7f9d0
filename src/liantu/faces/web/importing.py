"""The import page: files are tried first, and committed only as they were tried."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from liantu.errors import Problem, Refusal
from liantu.faces.web.api import file_answer
from liantu.faces.web.changed import lines, listed
from liantu.faces.web.located import cells, in_order
from liantu.faces.web.staging import Staged, Staging
from liantu.faces.web.visit import Visit, visit
from liantu.ingest.template import write_template

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_SHOWN = 100


@router.get("/import")
def choose(here: Here) -> Response:
    """The form that takes files."""
    return here.page("import.html", trial=None, problems=[], warnings=[], stale=False, cells=[])


@router.get("/template.xlsx")
def template(here: Here) -> Response:
    """An empty workbook to fill in, with a sheet for each table."""
    with TemporaryDirectory(prefix="liantu-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, here.words.language)
        return file_answer(path.read_bytes(), "template.xlsx")


@router.post("/import")
def attempt(
    request: Request,
    here: Here,
    files: list[UploadFile],
    replace: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """What the files would change, or every problem in them; nothing is written."""
    staging = cast("Staging", request.app.state.staging)
    given = [file for file in files if file.filename]
    if not given:
        return _refused(here, (_no_files(),))
    with ExitStack() as undo:
        number = here.study.workspace.generation().number
        staged = staging.take(given, replace=bool(replace), note=note, generation=number)
        undo.callback(staging.drop, staged.token)
        answer = _tried(here, staged)
        if answer.status_code == 200:
            undo.pop_all()
        return answer


@router.post("/import/commit")
def commit(request: Request, here: Here, token: Annotated[str, Form()]) -> Response:
    """Import the files that were tried; they are checked again, for time has passed."""
    staging = cast("Staging", request.app.state.staging)
    staged = staging.find(token)
    if staged is None:
        return _refused(here, (_forgotten(),))
    current = here.study.workspace.generation().number
    if staged.generation != current:
        return _tried(here, staging.renewed(staged, current), stale=True)
    try:
        done = here.study.workspace.import_files(
            staged.paths, replace=staged.replace, note=staged.note
        )
    except Refusal as refusal:
        return _refused(here, refusal.problems, staged.paths)
    finally:
        staging.drop(token)
    number = done.generation.number if done.generation else current
    query = {"from": current, "to": number} if number != current else {}
    return RedirectResponse(here.address.to("/history", query), status_code=303)


def _tried(here: Visit, staged: Staged, *, stale: bool = False) -> Response:
    try:
        trial = here.study.workspace.import_files(
            staged.paths, dry_run=True, replace=staged.replace, note=staged.note
        )
    except Refusal as refusal:
        return _refused(here, refusal.problems, staged.paths)
    counts, total = listed(trial.diff)
    return here.page(
        "import.html",
        trial=staged,
        counts=counts,
        total=total,
        unchanged=sum(entry.unchanged for entry in trial.diff.counts.values()),
        lines=lines(trial.diff, here.words, here.address, limit=_SHOWN),
        problems=[],
        warnings=trial.warnings,
        stale=stale,
        cells=cells(trial.warnings, staged.paths, here.words),
    )


def _refused(
    here: Visit, problems: tuple[Problem, ...], paths: Sequence[Path] = ()
) -> Response:
    problems = in_order(problems)
    return here.page(
        "import.html",
        status=422,
        trial=None,
        problems=problems,
        warnings=[],
        stale=False,
        cells=cells(problems, paths, here.words),
    )


def _no_files() -> Problem:
    return Problem(
        code="no-files",
        expected="at least one file: CSV, XLSX, Parquet or JSON lines",
        found="none",
        remedy="choose the files to import",
    )


def _forgotten() -> Problem:
    return Problem(
        code="trial-forgotten",
        expected="files that were tried within the last hour",
        found="none",
        remedy="choose the files again",
    )
