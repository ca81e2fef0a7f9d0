"""What a column is: one description for tables, rows of a lens and parameters alike."""

import datetime as dt
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import annotated_types
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Type = Literal["text", "integer", "number", "boolean", "date", "time"]
Evidence = Literal["verified", "declared", "assumed", "synthetic"]

_TYPES: dict[type, Type] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    dt.date: "date",
    dt.datetime: "time",
}
_ARROW: dict[Type, Callable[[], pa.DataType]] = {
    "text": pa.string,
    "integer": pa.int64,
    "number": pa.float64,
    "boolean": pa.bool_,
    "date": pa.date32,
    "time": lambda: pa.timestamp("us"),
}
_UNIT_SUFFIX = re.compile(r"_(id|km|days|degree)$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, meaning, type, unit and bounds.

    ``references`` names the tables whose key the values must be; with several, the first that
    holds the value. ``depends_on`` names the column that says which of them it is, and
    ``separator`` parts several references in one cell. A list holds ``most`` values at most.
    Text that ``is_day`` is a date, as precisely as it is known. A ``detail`` stands in every
    file and answer, but not in the table of a page.
    """

    name: str
    title: str
    meaning: str
    type: Type
    nullable: bool
    is_list: bool = False
    key: bool = False
    unit: str | None = None
    most: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    depends_on: str | None = None
    separator: str | None = None
    is_day: bool = False
    detail: bool = False

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type in which the values are held."""
        item = _ARROW[self.type]()
        return pa.list_(item) if self.is_list else item

    @property
    def expected(self) -> str:
        """What a value must be, in words: ``a number, in degree, from -180 to 180``."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.is_day:
            return "a date as precisely as it is known, such as 2021-11"
        words = {
            "text": "text",
            "integer": f"a whole number{', such as 2024' if self.unit == 'year' else ''}",
            "number": "a number",
            "boolean": "true or false",
            "date": "a date, such as 2024-05-31",
            "time": "a time, such as 2024-05-31T14:30",
        }[self.type]
        bounds = (
            (self.above, "above"),
            (self.minimum, "at least"),
            (self.maximum, "at most"),
        )
        limits = [f"{word} {limit:.12g}" for limit, word in bounds if limit is not None]
        unit = f" in {self.unit}" if self.unit else ""
        most = [f"at most {self.most} of them"] if self.most else []
        return ", ".join([words + unit, *limits, *most])


def column(  # noqa: PLR0913 - one keyword for each thing a column may declare
    meaning: str,
    *,
    title: str | None = None,
    unit: str | None = None,
    key: bool = False,
    references: str | tuple[str, ...] = (),
    depends_on: str | None = None,
    separator: str | None = None,
    is_day: bool = False,
    detail: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
) -> Any:  # noqa: ANN401 - stands where a value of any type will be
    """Declare a column of a table or of a lens's row; the annotation gives its type."""
    named = (references,) if isinstance(references, str) else references
    extra: dict[str, Any] = {
        "unit": unit,
        "key": key,
        "references": list(named),
        "depends_on": depends_on,
        "separator": separator,
        "is_day": is_day,
        "detail": detail,
    }
    return Field(
        title=title,
        description=meaning,
        ge=ge,
        gt=gt,
        le=le,
        json_schema_extra={name: value for name, value in extra.items() if value},
    )


class Table(BaseModel):
    """A table: one class, one worksheet, one kind of fact. One field is one column."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    source_id: str | None = column(
        "Where the row was read; several sources are parted by a semicolon.",
        title="Source",
        references="sources",
        separator=";",
    )
    evidence: Evidence | None = column(
        "How sure the row is: verified and declared count, synthetic counts and is marked, "
        "assumed is listed and never counted. Blank is declared.",
    )


def table_name(table: type[Table]) -> str:
    """The table's name in files, sheets and SQL: ``ChainProducts`` is ``chain_products``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", table.__name__).lower()


@cache
def columns(model: type[BaseModel]) -> tuple[Column, ...]:
    """Every column of a table, row or parameter model, its own first, inherited ones last."""
    own = [name for name in model.model_fields if name in model.__annotations__]
    rest = [name for name in model.model_fields if name not in own]
    return tuple(_column(name, model.model_fields[name]) for name in own + rest)


def key_columns(model: type[BaseModel]) -> tuple[Column, ...]:
    """The columns that together name a row."""
    return tuple(entry for entry in columns(model) if entry.key)


def arrow_schema(model: type[BaseModel]) -> pa.Schema:
    """The Arrow schema that holds rows of the model."""
    return pa.schema([(entry.name, entry.arrow) for entry in columns(model)])


def _column(name: str, field: FieldInfo) -> Column:
    kind, choices, nullable, is_list = _kind(field.annotation)
    extra = typing.cast("dict[str, Any]", field.json_schema_extra or {})
    limits = {type(item): item for item in field.metadata}
    return Column(
        name=name,
        title=field.title or _UNIT_SUFFIX.sub("", name).replace("_", " ").capitalize(),
        meaning=field.description or "",
        type=kind,
        nullable=nullable,
        is_list=is_list,
        key=bool(extra.get("key")),
        unit=extra.get("unit"),
        most=getattr(limits.get(annotated_types.MaxLen), "max_length", None),
        minimum=getattr(limits.get(annotated_types.Ge), "ge", None),
        maximum=getattr(limits.get(annotated_types.Le), "le", None),
        above=getattr(limits.get(annotated_types.Gt), "gt", None),
        choices=choices,
        references=tuple(extra.get("references", ())),
        depends_on=extra.get("depends_on"),
        separator=extra.get("separator"),
        is_day=bool(extra.get("is_day")),
        detail=bool(extra.get("detail")),
    )


def _kind(annotation: Any) -> tuple[Type, tuple[str, ...], bool, bool]:  # noqa: ANN401
    """Type, choices, whether blank is allowed and whether it is a list, of an annotation."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in typing.get_args(annotation) if arg is not type(None)]
        kind, choices, _, is_list = _kind(inner[0])
        return kind, choices, True, is_list
    if origin is typing.Annotated:
        return _kind(typing.get_args(annotation)[0])
    if origin in (list, tuple):
        kind, choices, _, _ = _kind(typing.get_args(annotation)[0])
        return kind, choices, False, True
    if origin is Literal:
        choices = tuple(map(str, typing.get_args(annotation)))
        return "text", choices, False, False
    return _TYPES[annotation], (), False, False
