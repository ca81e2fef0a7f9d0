"""Templates of reports: files that name lenses, their parameters, and what to show of each."""

import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.lens import Lens, discover
from liantu.parameters import Parameters
from liantu.schema import Column, columns

Piece = Literal["finding", "numbers", "figures", "rows", "provenance"]
PIECES: tuple[Piece, ...] = get_args(Piece)
EACH = "each"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Also(_Strict):
    """Rows are kept whose value in the column ``by`` stands in another row too: that one."""

    by: str
    where: dict[str, Any]


class Part(_Strict):
    """One question of a chapter, and what of its answer is shown.

    ``where`` keeps rows by their values, ``also`` those that a row elsewhere matches;
    ``empty`` is said where none is left. ``figures`` counts from 1; none named means all.
    """

    lens: str
    title: str | None = None
    text: str | None = None
    empty: str | None = None
    params: dict[str, Any] = {}
    show: tuple[Piece, ...] = ("finding", "figures", "rows", "provenance")
    figures: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    where: dict[str, Any] = {}
    also: Also | None = None
    sort: str | None = None
    limit: int = Field(default=25, ge=1, le=1000)


class Chapter(_Strict):
    """A chapter: a page of its own in print; with ``for_each`` one for each of a list."""

    title: str
    text: str | None = None
    for_each: str | None = None
    parts: tuple[Part, ...] = Field(min_length=1)


class Outline(_Strict):
    """All that a template's file may say; ``name`` is what a menu calls it."""

    name: str
    title: str
    intro: str | None = None
    parameters: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Template:
    """A template that was read and checked: every lens, parameter and column in it exists."""

    name: str
    outline: Outline

    @cached_property
    def parameters(self) -> type[Parameters]:
        """What the report asks for; each as the lenses that it goes to declare it."""
        fields: dict[str, Any] = {
            name: (field.annotation, field)
            for name, lens in _declared_by(self.outline).items()
            if (field := lens.parameters.model_fields[name])
        }
        return create_model("report_parameters", __base__=Parameters, **fields)


@cache
def templates() -> dict[str, Template]:
    """The templates that come with the package, by name."""
    folder = files("liantu").joinpath("reports")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _read(name, folder.joinpath(name).read_bytes())
        for name in names
    }


def template(wanted: str) -> Template:
    """The template of that name, or that in a file, or a refusal with every Problem in it."""
    if not wanted.lower().endswith(".toml"):
        known = templates()
        if wanted not in known:
            hint = f"{did_you_mean(wanted, list(known))}; or give a file that ends in .toml"
            raise Refusal(
                Problem("unknown-template", "the name of a template", f'"{wanted}"', hint)
            )
        return known[wanted]
    path = Path(wanted)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Refusal(
            Problem(
                "no-template",
                "a template's file",
                str(error.strerror),
                "give the path of a file that can be read",
                file=str(path),
            )
        ) from None
    return _read(path.name, text)


def _read(file: str, text: bytes) -> Template:
    try:
        outline = Outline.model_validate(tomllib.loads(text.decode("utf-8")))
    except ValidationError as error:
        raise Refusal(_misshapen(file, error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(
            Problem(
                "bad-template",
                "a file in TOML, in UTF-8",
                str(error),
                "correct the file there",
                file=file,
            )
        ) from None
    problems = [*_asked_for(file, outline), *_chapters(file, outline)]
    if problems:
        raise Refusal(problems)
    return Template(file.removesuffix(".toml"), outline)


def _misshapen(file: str, error: ValidationError) -> Iterator[Problem]:
    """Keys that a template does not have, lacks, or has with a value of another kind."""
    for found in error.errors():
        if found["type"] == "too_short" and found["input"]:
            continue  # only because what is in it is wrong, which is said itself
        where = [str(key) for key in found["loc"]]
        key = _key(found["loc"])
        if found["type"] == "extra_forbidden":
            known = _keys_beside(where)
            yield _wrong(file, key, "a key that a template has", where[-1], known)
        elif found["type"] == "missing":
            yield Problem(
                "bad-template", f"a value for {where[-1]}", "none", "give one", file, column=key
            )
        else:
            said = found["msg"][0].lower() + found["msg"][1:]
            value = f'"{str(found["input"])[:80]}"'
            yield Problem("bad-template", said, value, f"correct {where[-1]}", file, column=key)


def _keys_beside(where: list[str]) -> list[str]:
    """The keys that may stand where one stands that may not."""
    model: type[BaseModel] = Outline
    for key, inner in (("chapters", Chapter), ("parts", Part), ("also", Also)):
        if key in where[:-1]:
            model = inner
    return list(model.model_fields)


def _key(location: Iterable[str | int]) -> str:
    """Where a value stands, with chapters and parts counted from 1: chapters[2].title."""
    text = ""
    for key in location:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _asked_for(file: str, outline: Outline) -> Iterator[Problem]:
    """A report's parameters must be parameters of lenses."""
    declared = _declared_by(outline)
    lenses = [lens for part in _parts(outline) if (lens := discover().get(part.lens))]
    known = sorted({name for lens in lenses for name in lens.parameters.model_fields})
    for name in outline.parameters:
        if name not in declared:
            expected = "a parameter of a lens"
            yield _wrong(file, "parameters", expected, name, known)


def _declared_by(outline: Outline) -> dict[str, Lens]:
    """The lens whose word counts for each parameter: one that is asked, and must have it."""
    found: dict[str, Lens] = {}
    asked = [lens for part in _parts(outline) if (lens := discover().get(part.lens))]
    for name in outline.parameters:
        having = [lens for lens in asked if name in lens.parameters.model_fields]
        strict = [lens for lens in having if lens.parameters.model_fields[name].is_required()]
        others = [lens for lens in discover().values() if name in lens.parameters.model_fields]
        if others:
            found[name] = (strict or having or others)[0]
    return found


def _parts(outline: Outline) -> list[Part]:
    return [part for chapter in outline.chapters for part in chapter.parts]


def _chapters(file: str, outline: Outline) -> Iterator[Problem]:
    """What chapters name must exist: lenses, their parameters and columns, and values."""
    lists = {
        name: entry.is_list
        for name, lens in _declared_by(outline).items()
        for entry in columns(lens.parameters)
        if entry.name == name
    }
    single = [name for name, is_list in lists.items() if not is_list]
    yield from _texts(file, "title", outline.title, single)
    yield from _texts(file, "intro", outline.intro, single)
    for number, chapter in enumerate(outline.chapters, start=1):
        at = f"chapters[{number}]"
        several = [name for name, is_list in lists.items() if is_list]
        if chapter.for_each is not None and chapter.for_each not in several:
            expected = "a parameter of the report that is a list"
            yield _wrong(file, f"{at}.for_each", expected, chapter.for_each, several)
        own = [EACH] if chapter.for_each else []
        yield from _texts(file, f"{at}.title", chapter.title, single + own)
        yield from _texts(file, f"{at}.text", chapter.text, single + own)
        for count, part in enumerate(chapter.parts, start=1):
            here = f"{at}.parts[{count}]"
            for key in ("title", "text", "empty"):
                text = getattr(part, key)
                yield from _texts(file, f"{here}.{key}", text, single + own)
            yield from _values(file, here, part, [*outline.parameters, *own])
            yield from _lens(file, here, part)


def _texts(file: str, at: str, text: str | None, known: list[str]) -> Iterator[Problem]:
    """A text may name single parameters of the report in braces, and nothing else."""
    try:
        fields = [
            name for _, name, _, _ in string.Formatter().parse(text or "") if name is not None
        ]
    except ValueError as error:
        yield Problem(
            "bad-template", "a name in each pair of braces", str(error), f"correct {at}", file,
            column=at,
        )  # fmt: skip
        return
    for name in fields:
        if name not in known:
            expected = "a single parameter of the report in braces"
            yield _wrong(file, at, expected, f"{{{name}}}", known)


def _values(file: str, at: str, part: Part, known: list[str]) -> Iterator[Problem]:
    """A value that begins with a dollar sign must be a parameter of the report."""
    groups = {"params": part.params, "where": part.where}
    groups |= {"also.where": part.also.where} if part.also else {}
    for group, given in groups.items():
        for key, value in given.items():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str) and item.startswith("$") and item[1:] not in known:
                    expected = "a parameter of the report, or the one of for_each"
                    listed = [f"${name}" for name in known]
                    yield _wrong(file, f"{at}.{group}.{key}", expected, item, listed)


def _lens(file: str, at: str, part: Part) -> Iterator[Problem]:
    lens = discover().get(part.lens)
    if lens is None:
        yield _wrong(file, f"{at}.lens", "the name of a lens", part.lens, list(discover()))
        return
    taken = list(lens.parameters.model_fields)
    for name in part.params:
        if name not in taken:
            yield _wrong(file, f"{at}.params", f"a parameter of {part.lens}", name, taken)
    held = {entry.name: entry for entry in columns(lens.row)}
    named = [("columns", name) for name in part.columns]
    named += [("sort", part.sort.removeprefix("-"))] if part.sort else []
    named += [("where", name) for name in part.where]
    if part.also:
        named += [("also.by", part.also.by)]
        named += [("also.where", name) for name in part.also.where]
    for key, name in named:
        if name not in held:
            yield _wrong(file, f"{at}.{key}", f"a column of {part.lens}", name, list(held))
    for group, given in (("where", part.where), ("also.where", part.also and part.also.where)):
        for name, value in (given or {}).items():
            if name in held:
                yield from _cells(file, f"{at}.{group}.{name}", held[name], value)


def _cells(file: str, at: str, entry: Column, value: object) -> Iterator[Problem]:
    """Values to keep rows by must be such as the column has."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.startswith("$"):
            continue
        if entry.choices and item not in entry.choices:
            yield _wrong(file, at, entry.expected, str(item), list(entry.choices))
            continue
        try:
            pa.array([item], entry.arrow)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            yield Problem(
                "bad-template",
                entry.expected,
                f'"{item}"',
                "correct the value",
                file,
                column=at,
            )


def _wrong(file: str, at: str, expected: str, found: str, known: Iterable[str]) -> Problem:
    remedy = did_you_mean(found.strip("{}"), list(known))
    return Problem("bad-template", expected, f'"{found}"', remedy, file, column=at)


def filled(value: object, given: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """A value with the report's parameters in place of ``$name``; a list takes in lists."""
    if isinstance(value, list):
        items = [filled(item, given) for item in value]
        return [one for item in items for one in (item if isinstance(item, list) else [item])]
    return given[value[1:]] if isinstance(value, str) and value.startswith("$") else value
