"""The application: its routes, what it refuses with, and what a browser may keep."""

import hashlib
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from liantu.errors import Missing, Problem, Refusal
from liantu.faces import figures
from liantu.faces.study import Study
from liantu.faces.web import api, history, importing, kept, matching, pages, records
from liantu.faces.web.security import Guard
from liantu.faces.web.staging import Staging
from liantu.faces.web.visit import visit

UPLOAD_BYTES = 64 * 2**20
PATIENCE_SECONDS = 2.0


def app(
    study: Study,
    *,
    upload_bytes: int = UPLOAD_BYTES,
    patience_seconds: float = PATIENCE_SECONDS,
    hosts: Iterable[str] = (),
) -> FastAPI:
    """The web face of a study; nothing in it is from outside.

    It answers under the address at which it is served and as localhost; ``hosts`` are other
    names that lead to it. Once it is served, a page that is not answered within
    ``patience_seconds`` says so and asks again by itself.
    """

    @asynccontextmanager
    async def life(made: FastAPI) -> AsyncIterator[None]:
        made.state.patience = patience_seconds
        figures.warm()
        threading.Thread(target=_warmed, args=(study,), daemon=True).start()
        yield
        made.state.study.leave()
        made.state.staging.close()

    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    made.state.study = study
    made.state.staging = Staging()
    made.state.code = code_version()
    made.state.patience = None
    for part in (api, pages, records, history, importing, matching, kept):
        made.include_router(part.router)
    made.add_exception_handler(Refusal, _refused)
    made.add_exception_handler(HTTPException, _failed)
    made.add_exception_handler(RequestValidationError, _failed)
    made.middleware("http")(kept.remembered)
    made.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    made.add_middleware(Guard, upload_bytes=upload_bytes, hosts=tuple(hosts), fault=_fault)
    return made


def _warmed(study: Study) -> None:
    """Answer the overview once, so that the first reader does not wait for it."""
    # What is wrong is told to the reader who asks for it.
    with suppress(Exception):
        study.overview()


@cache
def code_version() -> str:
    """A digest of our own files, so that a page kept by a browser ends with the code."""
    digest = hashlib.sha256()
    root = Path(str(files("liantu")))
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".html", ".css", ".js", ".toml", ".sql"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


async def _refused(request: Request, error: Exception) -> Response:
    problems = error.problems if isinstance(error, Refusal) else ()
    return _told(request, problems, 404 if isinstance(error, Missing) else 422)


async def _failed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 422
    problem = Problem(
        code="unknown-page" if status == 404 else "bad-request",
        expected="an address and a form as the pages give them",
        found=f'"{request.method} {request.url.path}"',
        remedy="start from the overview, or search",
    )
    return _told(request, (problem,), status)


def _fault(scope: Scope) -> Response:
    problem = Problem(
        code="fault",
        expected="an answer",
        found="a fault in the observatory itself",
        remedy="go back and try again; if it fails again, report it with what the log says",
    )
    return _told(Request(scope), (problem,), 500)


def _told(request: Request, problems: tuple[Problem, ...], status: int) -> Response:
    """The problems as JSON for a program, as a page for a person."""
    if api.wants_json(request):
        body = {"problems": [asdict(problem) for problem in problems]}
        return JSONResponse(body, status_code=status)
    title = "The observatory failed" if status == 500 else "Not found or refused"
    return visit(request).page("error.html", status=status, problems=problems, title=title)
