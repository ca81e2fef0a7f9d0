"""What a browser keeps: pages as long as record and code stay the same, files by their name."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from liantu.errors import Missing, Problem
from liantu.faces import fonts
from liantu.faces.page import style, without_font
from liantu.faces.web.visit import study_of

router = APIRouter(include_in_schema=False)

FONT = "source-sans-3-latin-wght-normal.woff2"
_DAY = "public, max-age=86400"


@router.get("/style.css")
def style_sheet() -> Response:
    """The style of every page."""
    sheet = style() if fonts.web_font() else without_font(style())
    return Response(sheet, media_type="text/css", headers={"Cache-Control": _DAY})


@router.get("/static/{name}")
def script(name: str) -> Response:
    """A small module of ours."""
    known = _scripts()
    if name not in known:
        raise Missing(_no_file(name))
    kept = {"Cache-Control": _DAY}
    return Response(known[name], media_type="text/javascript", headers=kept)


@router.get(f"/fonts/{FONT}")
def font() -> Response:
    """The font of the guide, where it is installed."""
    file = fonts.web_font()
    if file is None:
        raise Missing(_no_file(FONT))
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(file.read_bytes(), media_type="font/woff2", headers=kept)


async def remembered(
    request: Request, call: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Answer 304 where the browser has the page of this generation, language and code."""
    if request.method != "GET" or request.url.path.startswith(("/static", "/fonts", "/style")):
        return await call(request)
    tag = _tag(request)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    response = await call(request)
    if response.status_code == 200:
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"
    return response


def _tag(request: Request) -> str:
    study = study_of(request)
    stamp, settings = study.stamp, study.settings
    whole = repr((stamp.generation, stamp.fingerprint, settings, request.app.state.code))
    return f'W/"{hashlib.sha256(whole.encode()).hexdigest()[:24]}"'


@cache
def _scripts() -> dict[str, str]:
    folder = files("liantu.faces").joinpath("static")
    return {
        path.name: path.read_text("utf-8")
        for path in folder.iterdir()
        if path.name.endswith(".js")
    }


def _no_file(name: str) -> Problem:
    return Problem(
        code="unknown-file",
        expected="a file of the observatory",
        found=f'"{name}"',
        remedy="none",
    )
