"""What a lens answers: a table, a summary, sentences and pictures, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from liantu.schema import arrow_schema, columns

State = Literal["strong", "present", "weak", "missing", "foreign_only", "unknown"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A record that a sentence or picture speaks of; a face shows it by its name."""

    table: str
    id: str


Value = str | int | float | bool | Ref | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and the values in it, so that it can be translated whole.

    A value may be formatted by kind: ``{share:percent}``, ``{radius:km}``, ``{parts:count}``,
    ``{index:decimal}``; ``{value:{unit}}`` is in the unit that another value names. A ``Ref``
    is shown by its name. Text is a word of ours and translated, but for ``{segment:name}``,
    which is a workspace's own and shown as it is.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)


def say(template: str, **values: Value) -> Sentence:
    """A sentence with its values."""
    return Sentence(template, values)


Label = str | Ref | Sentence


class Row(BaseModel):
    """One row of a lens's table: each field is a column, declared like those of a table."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A named number of the summary, with what it is a number of.

    Attributes
    ----------
    value
        In ``unit``; a share is in 0..1 with unit ``share``, but for ``growth`` and
        ``residual``, which may lie outside; text is the id of ``value_of``.
    base
        Of what: "of 145 links with a known state".
    unknown, synthetic
        How many of the base are unknown, and how many rest on synthetic rows.
    low, high
        What the value would be if every unknown turned out against it, or for it; None where
        the unknown cannot move it.
    subject
        What the number is about, where one answer has several of the same name.
    """

    name: str
    title: Sentence
    value: float | int | str | None
    unit: str | None = None
    base: Sentence | None = None
    unknown: int = 0
    synthetic: int = 0
    headline: bool = False
    low: float | None = None
    high: float | None = None
    subject: Ref | None = None
    value_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What every picture has: a title, a unit, what it means, and whether it opens the day.

    ``headline`` puts the picture on the overview too.
    """

    title: Sentence
    unit: str | None = None
    caption: Sentence | None = None
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one thing along a shared axis; None where there is no figure.

    ``low`` and ``high`` are the 5 % and the 95 % quantile of draws: a line has a band there.
    ``is_lost`` is the part of stacked bars that is gone: pale red, its number behind the bar.
    """

    label: Label
    values: tuple[float | None, ...]
    state: State | None = None
    emphasis: bool = False
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None
    is_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars(Figure):
    """Bars that start at zero, one for each label; several series are stacked.

    ``low`` and ``high`` draw a range behind a bar's end, ``limits`` lines across it, the first
    strong; ``open`` marks bars whose figure is synthetic or cannot be compared, ``synthetic``
    those of them that are synthetic; ``here`` is the number of the bar of this place.
    """

    labels: tuple[Label, ...]
    series: tuple[Series, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    open: tuple[bool, ...] = ()
    synthetic: tuple[bool, ...] = ()
    limits: tuple[Series, ...] = ()
    here: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the x axis that is pointed out, with its label."""

    x: float
    label: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Figure):
    """Lines over a numeric axis, at ``x``; ``step`` holds a value until the next one.

    The axis of values starts at ``bottom``, or lower where a value is. ``unknown`` draws a grey
    zone from the top: nothing on record can reach that share, as ``unknown_label`` says.
    """

    x: tuple[float, ...]
    x_title: Sentence
    series: tuple[Series, ...]
    x_log: bool = False
    step: bool = False
    bottom: float = 0.0
    top: float | None = None
    marks: tuple[Mark, ...] = ()
    unknown: float = 0.0
    unknown_label: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat(Figure):
    """A grid of values, rows by columns; None where there is no figure."""

    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A thing with a value on each of two axes.

    ``emphasis`` is for this place, or for the few that the picture is about; ``open`` and
    ``synthetic`` are as in ``Bars``.
    """

    label: Label
    x: float
    y: float
    emphasis: bool = False
    open: bool = False
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter(Figure):
    """Points over two axes, each with its title; ``unit`` is that of y.

    Those with emphasis are named, the others as far as there is room.
    """

    points: tuple[Pair, ...]
    x_title: Sentence
    y_title: Sentence
    x_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: in which row, when (2021.5 is the middle of 2021), and what."""

    row: Label
    when: float
    label: Sentence
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Figure):
    """Events over the years, a row for each thing that they happened to."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a numbered list: what, why, and how much."""

    label: Label
    reason: Sentence
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps(Figure):
    """A numbered list, largest first, each with its reason."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Something on a map: how many, where, and whether the position is that of a place."""

    label: Label
    longitude: float
    latitude: float
    count: int = 1
    precise: bool = True
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle about the origin, with its label; a comparison is dashed."""

    radius_km: float
    label: Sentence
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Figure):
    """Points about an origin, north up, without tiles; nothing is drawn that is not on record.

    Points that are not ``precise`` are counted at the name of their place.
    """

    origin: Point
    points: tuple[Point, ...]
    rings: tuple[Ring, ...] = ()
    extent_km: float = 10.0


@dataclass(frozen=True, slots=True)
class Node:
    """A product in the chain map: where it stands and in which state.

    ``loss`` is the part of it that is lost, in 0..1; None where nothing is lost or known.
    """

    ref: Ref
    stage: str | None
    segment: str | None
    state: State
    synthetic: bool = False
    weight: float = 1.0
    loss: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Figure):
    """A layered network: nodes in stages and segments; a link joins an input to its use.

    ``links`` holds pairs of node numbers (input, use); ``focus`` is the node that is joined to
    its inputs and uses when nothing else is asked for. ``path`` holds the pairs along which a
    loss passed, from the first stop on; it is drawn where nothing is in focus.
    """

    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int], ...]
    focus: int | None = None
    path: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the function of a lens returns; ``params`` are those it was asked with.

    ``beside`` holds what only a picture shows, where a row of the table is another thing.
    """

    table: pa.Table
    summary: tuple[Entry, ...] = ()
    left_out: tuple[Sentence, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, pa.Table] = field(default_factory=dict)

    def entry(self, name: str, subject: Ref | None = None) -> Entry:
        """The entry of the summary with this name (and subject, where several share it)."""
        for entry in self.summary:
            if entry.name == name and subject in (None, entry.subject):
                return entry
        known = ", ".join(entry.name for entry in self.summary)
        message = f"the summary has no entry {name!r}; it has: {known}"
        raise KeyError(message)


@dataclass(frozen=True, slots=True)
class Read:
    """A query of a lens as it ran: its SQL, the rows it gave and how many are synthetic."""

    name: str
    sql: str
    rows: int
    synthetic: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which record was asked: the generation, a fingerprint of its tables, when it was made."""

    generation: int = 0
    fingerprint: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an answer comes from, so that every number leads to its source."""

    lens: str
    version: str
    params: Mapping[str, Any]
    stamp: Stamp
    reads: tuple[Read, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An answer with its pictures, its findings and its provenance."""

    lens: str
    params: Mapping[str, Any]
    row: type[Row]
    answer: Answer
    figures: tuple[Figure, ...]
    findings: tuple[Sentence, ...]
    provenance: Provenance

    @property
    def table(self) -> pa.Table:
        """The rows, as an Arrow table."""
        return self.answer.table

    @property
    def summary(self) -> tuple[Entry, ...]:
        """The named numbers of the answer."""
        return self.answer.summary


def rows_of(
    row: type[Row], values: Mapping[str, Sequence[Any] | np.ndarray[Any, Any] | pa.Array]
) -> pa.Table:
    """A table with the columns that ``row`` declares, in its order and types.

    A float column given as numpy keeps infinity; NaN there becomes null, for NaN is no answer.
    """
    declared = [entry.name for entry in columns(row)]
    if set(declared) != set(values):
        message = f"{row.__module__} declares {declared}; given are {list(values)}"
        raise ValueError(message)
    schema = arrow_schema(row)
    arrays = [_array(values[name], schema.field(name).type) for name in declared]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(
    values: Sequence[Any] | np.ndarray[Any, Any] | pa.Array, kind: pa.DataType
) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values.cast(kind)
    return pa.array(values, type=kind, from_pandas=isinstance(values, np.ndarray))
