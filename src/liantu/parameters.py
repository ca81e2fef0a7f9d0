"""The parameters of lenses: the kinds that several share, and reading them from text."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.schema import Column, columns

_COMMAS = re.compile("[,，、]")
_TRUE, _FALSE = ("是", "对"), ("否", "不")


def _parted(value: object) -> object:
    """A list from text with commas, or from several such texts."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple):
        return value
    return [part.strip() for text in texts for part in _COMMAS.split(str(text)) if part.strip()]


def _truth(value: object) -> object:
    return True if value in _TRUE else False if value in _FALSE else value


def _reference(*tables: str) -> dict[str, Any]:
    return {"references": list(tables)}


Chain = Annotated[str, Field(description="The chain.", json_schema_extra=_reference("chains"))]
Place = Annotated[str, Field(description="The place.", json_schema_extra=_reference("places"))]
Product = Annotated[
    str, Field(description="The product.", json_schema_extra=_reference("products"))
]
Origin = Annotated[
    str,
    Field(
        description="Where distances start: a site, else a place.",
        json_schema_extra=_reference("sites", "places"),
    ),
]
Listed = BeforeValidator(_parted)
Rivals = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(
        max_length=50,
        description="Places to compare with; blank for none.",
        json_schema_extra=_reference("places"),
    ),
]
Places = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(max_length=500, description="The places.", json_schema_extra=_reference("places")),
]
Organisations = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(
        max_length=500,
        description="Organisations.",
        json_schema_extra=_reference("organisations"),
    ),
]
Sites = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(max_length=500, description="Sites.", json_schema_extra=_reference("sites")),
]
WHAT_STOPS: dict[str, Any] = {"question": "what stops"}
Partners = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(
        max_length=100,
        title="Import sources",
        description="Countries that no longer deliver: a name, or name:code for one good.",
        json_schema_extra=WHAT_STOPS,
    ),
]
Circle = Annotated[
    list[float],
    BeforeValidator(_parted),
    Field(
        max_length=3,
        description="Every site within a circle: longitude, latitude, and the radius in km.",
        json_schema_extra=WHAT_STOPS,
    ),
]
Inside = Annotated[
    list[str],
    BeforeValidator(_parted),
    Field(
        max_length=500,
        description="Partners that count as inside, with all that lies in them: members of a "
        "union, other provinces.",
    ),
]
Weights = Annotated[
    list[Annotated[float, Field(ge=0, le=1e6)]],
    BeforeValidator(_parted),
    Field(max_length=100, description="How much each part of the score weighs, in its order."),
]
Year = Annotated[
    int,
    Field(ge=1900, le=2200, description="The year.", json_schema_extra={"unit": "year"}),
]
ChainIfAny = Annotated[
    str | None, Field(description="The chain.", json_schema_extra=_reference("chains"))
]
PlaceIfAny = Annotated[
    str | None, Field(description="The place.", json_schema_extra=_reference("places"))
]
YearIfAny = Annotated[
    int | None,
    Field(
        ge=1900,
        le=2200,
        description="The year; the latest on record where blank.",
        json_schema_extra={"unit": "year"},
    ),
]
Measure = Annotated[str, Field(min_length=1, description="What is measured, such as output.")]
Level = Annotated[
    Literal["country", "province", "city", "district", "park"],
    Field(description="Places of this level are set side by side."),
]
MeasureIfAny = Annotated[
    str | None,
    Field(min_length=1, description="What is measured; what most places have where blank."),
]
LevelIfAny = Annotated[
    Literal["country", "province", "city", "district", "park"] | None,
    Field(description="Places of this level; that with most figures where blank."),
]
Scheme = Annotated[
    str, Field(min_length=1, description="The classification of activities, such as ISIC.")
]
SchemeIfAny = Annotated[
    Scheme | None,
    Field(description="The classification of activities; the only one where blank."),
]
Fraction = Annotated[float, Field(ge=0, le=1, description="A share.")]
Draws = Annotated[
    int, Field(ge=0, le=100_000, description="Draws over what is uncertain; 0 for none.")
]
Seed = Annotated[
    int, Field(ge=0, le=2**31 - 1, description="Start of the draws: the same gives the same.")
]
MinTotal = Annotated[
    float,
    Field(ge=0, description="Places with less than this in all are left out, being too small."),
]
RcaThreshold = Annotated[
    float,
    Field(
        gt=0,
        le=1000,
        title="Advantage from",
        description="A place does an activity from this revealed comparative advantage on.",
    ),
]
Diagonal = Annotated[
    bool,
    BeforeValidator(_truth),
    Field(description="Whether an activity counts among those that are near to it."),
]
Km = Annotated[
    float,
    Field(gt=0, le=20_038, description="Distance.", json_schema_extra={"unit": "km"}),
]
Assign = Annotated[
    bool,
    BeforeValidator(_truth),
    Field(description="Whether to choose one for each link: the plan, listed first."),
]
Synthetic = Annotated[
    bool,
    BeforeValidator(_truth),
    Field(description="Whether generated rows count; where they do they are marked."),
]


class Parameters(BaseModel):
    """The parameters of one lens: what it declares, and ``synthetic``, which all share."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True
    )


def read_parameters(
    model: type[Parameters], given: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """Values for every parameter of the model, from text or Python values, or every Problem.

    A parameter that is not given takes the workspace's default of that name, else its own;
    where another that answers the same question is given, its own. A blank text stands for
    none, or for an empty list.
    """
    known = {entry.name: entry for entry in columns(model)}
    answered = {_question(model, name) for name in known if given.get(name) is not None}
    values = {
        name: value
        for name, value in defaults.items()
        if name in known and _question(model, name) not in answered - {None}
    }
    values |= {name: value for name, value in given.items() if value is not None}
    problems = [
        _unknown(name, values[name], list(known)) for name in values if name not in known
    ]
    values = {
        name: None if value == "" and known[name].nullable else value
        for name, value in values.items()
        if name in known
    }
    try:
        read = model.model_validate(values)
    except ValidationError as error:
        wrong: dict[str, object] = {}
        for fault in error.errors():
            wrong.setdefault(str(fault["loc"][0]), fault["input"])
        problems += [
            _missing(known[name]) if name not in values else _refused(known[name], found)
            for name, found in wrong.items()
        ]
        raise Refusal(problems) from None
    if problems:
        raise Refusal(problems)
    return read.model_dump()


def _question(model: type[Parameters], name: str) -> object:
    """What a parameter answers together with others, as in ``WHAT_STOPS``; None for most."""
    extra = model.model_fields[name].json_schema_extra
    return extra.get("question") if isinstance(extra, dict) else None


def _unknown(name: str, value: object, known: list[str]) -> Problem:
    return Problem(
        code="unknown-parameter",
        expected="a parameter of the lens",
        found=f'"{name}={value}"',
        remedy=did_you_mean(name, known),
        column=name,
    )


def _missing(entry: Column) -> Problem:
    return Problem(
        code="missing-parameter",
        expected=f"a value for {entry.name}: {entry.meaning.rstrip('.')}",
        found="none",
        remedy=f"give {entry.name}, or set it under [defaults] in workspace.toml",
        column=entry.name,
    )


def _refused(entry: Column, found: object) -> Problem:
    not_finite = isinstance(found, float) and not math.isfinite(found)
    said = ",".join(map(str, found)) if isinstance(found, list | tuple) else str(found)
    return Problem(
        code="bad-parameter",
        expected=entry.expected,
        found=f'"{said[:200]}"',
        remedy="give a finite number" if not_finite else f"correct {entry.name}",
        column=entry.name,
    )
