"""Answers for programs: each lens as JSON, CSV, workbook and pictures, at its own address."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from liantu.errors import Missing, Problem
from liantu.faces.pictures import WHOLE, drawn, drawn_png
from liantu.faces.render import result_csv, result_json, result_xlsx
from liantu.faces.web.schema import described
from liantu.faces.web.visit import Visit, question, visit
from liantu.lens import find
from liantu.result import Result

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SETTINGS = frozenset({"lang"})
_WIDTHS = range(200, 2401)


@router.get("/openapi.json")
def openapi() -> Response:
    """Every lens with its parameters, bounds, units and rows."""
    return JSONResponse(described())


@router.get("/lens/{name}.json")
def as_json(name: str, here: Here) -> Response:
    """The answer as JSON."""
    return JSONResponse(result_json(_asked(name, here)))


@router.get("/lens/{name}.csv")
def as_csv(name: str, here: Here) -> Response:
    """Every row as CSV."""
    return file_answer(result_csv(_asked(name, here), here.words), f"{name}.csv")


@router.get("/lens/{name}.xlsx")
def as_xlsx(name: str, here: Here) -> Response:
    """The answer as a workbook."""
    return file_answer(result_xlsx(_asked(name, here), here.words), f"{name}.xlsx")


@router.get("/lens/{name}/figure/{number}.{kind}")
def as_picture(
    name: str, number: int, kind: Literal["svg", "png"], here: Here, request: Request
) -> Response:
    """One picture of the answer, at the width asked for."""
    find(name)
    hidden = _SETTINGS | {"width"}
    result = here.study.run(name, question(here.address.query, hidden))
    if not 0 <= number < len(result.figures):
        raise Missing(_no_figure(result, number))
    width = request.query_params.get("width", str(WHOLE))
    pixels = int(width) if width.isdecimal() and int(width) in _WIDTHS else WHOLE
    if kind == "svg":
        return Response(drawn(result, number, here.words, pixels), media_type="image/svg+xml")
    return Response(drawn_png(result, number, here.words, pixels), media_type="image/png")


def _asked(name: str, here: Visit) -> Result:
    find(name)
    return here.study.run(name, question(here.address.query, _SETTINGS))


def file_answer(content: bytes, name: str) -> Response:
    """A file to keep, of the kind that its ending says."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=_KINDS[name.rpartition(".")[2]], headers=headers)


def _no_figure(result: Result, number: int) -> Problem:
    return Problem(
        code="unknown-figure",
        expected=f"the number of one of {len(result.figures)} figures, from 0",
        found=str(number),
        remedy=f"open /lens/{result.lens}",
    )


def wants_json(request: Request) -> bool:
    """Whether a refusal is to be told to a program."""
    return request.url.path.endswith((".json", ".csv", ".xlsx", ".svg", ".png"))
