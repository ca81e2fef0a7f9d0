"""The import page: files are tried first, and committed only as they were tried."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from liantu.errors import Missing, Problem, Refusal
from liantu.faces.web.api import file_answer
from liantu.faces.web.changed import lines, listed
from liantu.faces.web.meanings import Question, answered, questions
from liantu.faces.web.staging import Staged, Staging
from liantu.faces.web.visit import Visit, visit
from liantu.ingest import recalling, write_marked
from liantu.ingest.scratch import scratch_folder

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_SHOWN = 100


@router.get("/import")
def choose(here: Here) -> Response:
    """The form that takes files."""
    return here.page("import.html", trial=None, problems=[], warnings=[], stale=False)


@router.get("/template.xlsx")
def template(here: Here) -> Response:
    """An empty workbook to fill in, which offers the identifiers on record."""
    with scratch_folder() as folder:
        path = folder / "template.xlsx"
        here.study.workspace.template(path, language=here.words.language)
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
        answer = _tried(here, staging, staged)
        undo.pop_all()
        return answer


@router.get("/import/marked/{token}/{number}")
def marked(request: Request, here: Here, token: str, number: int) -> Response:
    """A file that was tried and refused, as a workbook with its problems marked."""
    staged = cast("Staging", request.app.state.staging).find(token)
    faulty = staged.faulty if staged else ()
    if not staged or not 0 <= number < len(faulty):
        raise Missing(_forgotten())
    file = faulty[number]
    own = [problem for problem in staged.problems if problem.file in (file.name, None)]
    with scratch_folder() as folder:
        made = folder / "marked.xlsx"
        write_marked(file, own, made, here.words.language)
        return file_answer(made.read_bytes(), f"{file.stem}-marked.xlsx")


@router.post("/import/again")
def attempt_again(
    request: Request,
    here: Here,
    token: Annotated[str, Form()],
    sheet: Annotated[list[str], Form()] = [],  # noqa: B006 - read, never written
    table: Annotated[list[str], Form()] = [],  # noqa: B006
    header: Annotated[list[str], Form()] = [],  # noqa: B006
    column: Annotated[list[str], Form()] = [],  # noqa: B006
) -> Response:
    """The same files once more, with what their words were said to mean."""
    staging = cast("Staging", request.app.state.staging)
    staged = staging.find(token)
    if staged is None:
        return _refused(here, (_forgotten(),))
    sheets = list(zip(sheet, table, strict=False))
    said = answered(staged.wording, sheets, list(zip(header, column, strict=False)))
    return _tried(here, staging, staging.worded(staged, said))


@router.post("/import/commit")
def commit(request: Request, here: Here, token: Annotated[str, Form()]) -> Response:
    """Import the files that were tried; they are checked again, for time has passed."""
    staging = cast("Staging", request.app.state.staging)
    staged = staging.find(token)
    if staged is None:
        return _refused(here, (_forgotten(),))
    current = here.study.workspace.generation().number
    if staged.generation != current:
        return _tried(here, staging, staging.renewed(staged, current), stale=True)
    try:
        done = here.study.workspace.import_files(
            staged.paths, replace=staged.replace, note=staged.note, wording=staged.wording
        )
    except Refusal as refusal:
        return _refused(here, refusal.problems)
    finally:
        staging.drop(token)
    number = done.generation.number if done.generation else current
    query = {"from": current, "to": number} if number != current else {}
    return RedirectResponse(here.address.to("/history", query), status_code=303)


def _tried(here: Visit, staging: Staging, staged: Staged, *, stale: bool = False) -> Response:
    try:
        trial = here.study.workspace.import_files(
            staged.paths,
            dry_run=True,
            replace=staged.replace,
            note=staged.note,
            wording=staged.wording,
        )
    except Refusal as refusal:
        kept = staging.refused(staged, refusal.problems)
        return _refused(here, refusal.problems, kept)
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
    )


def _refused(
    here: Visit, problems: Sequence[Problem], staged: Staged | None = None
) -> Response:
    """The problems; files that are kept can be had with these marked."""
    return here.page(
        "import.html",
        status=422,
        trial=None,
        problems=[problem for problem in problems if problem.severity == "error"],
        warnings=[problem for problem in problems if problem.severity == "warning"],
        stale=False,
        refused=staged,
        questions=_questions(here, problems, staged) if staged else (),
    )


def _questions(
    here: Visit, problems: Sequence[Problem], staged: Staged
) -> tuple[Question, ...]:
    """What is to be asked of words that the files hold and that name nothing."""
    known = recalling(staged.wording, here.study.settings.layouts)
    return questions(problems, known, here.words)


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
