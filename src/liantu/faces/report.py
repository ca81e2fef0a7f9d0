"""The report: one file with every answer in it, that opens anywhere and asks for nothing."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Refusal
from liantu.faces import fonts
from liantu.faces.address import Address
from liantu.faces.page import rendered, style, without_font
from liantu.faces.pictures import Picture, picture
from liantu.faces.study import Study
from liantu.faces.template import EACH, PIECES, Chapter, Part, Piece, Template, filled
from liantu.faces.view import View, in_order, named, study_name, view
from liantu.faces.words import Words
from liantu.lens import Lens, discover, find
from liantu.locale import Language
from liantu.parameters import read_parameters
from liantu.records import resolved
from liantu.result import Ref, Result, Sentence, say
from liantu.schema import columns


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the report's end lists it."""

    number: int
    id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Piecewise:
    """An answer in a chapter: under which title, and which pieces of it are shown."""

    view: View
    title: str | None = None
    text: str | None = None
    show: tuple[Piece, ...] = PIECES
    empty: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A chapter as it is printed; where it stands for one lens, its name is the id."""

    id: str
    title: str
    text: str | None
    parts: tuple[Piecewise, ...]


@dataclass(slots=True)
class _Asked:
    """What was asked for the report, and what could not be answered, with the reason."""

    study: Study
    words: Words
    address: Address = field(default_factory=lambda: Address(printed=True))
    answered: list[tuple[Lens, Result]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def result(self, lens: Lens, params: Mapping[str, Any], title: str) -> Result | None:
        """The answer of a lens, or None where it is left out."""
        try:
            result = self.study.run(lens.name, params)
        except Refusal as refusal:
            reasons = [self.words.told(problem.expected) for problem in refusal.problems]
            self.left_out.append((title, self.words.say("; ").join(reasons)))
            return None
        self.answered.append((lens, result))
        return result


def report_html(
    study: Study,
    language: Language,
    lenses: Sequence[str] | None = None,
    template: Template | None = None,
    params: Mapping[str, Any] | None = None,
) -> str:
    """The report of a study as HTML: headlines, chain map, a chapter for each lens, sources.

    With a template its chapters, about the ``params`` that it asks for. Lenses that cannot
    answer are listed with the reason.
    """
    asked = _Asked(study, Words(language, study.names))
    title, intro = study_name(study, asked.words), None
    if template:
        given = read_parameters(template.parameters, params or {}, study.settings.defaults)
        given = resolved(study.store, template.parameters, given)
        values = _said(template, given)
        title = asked.words.say(Sentence(template.outline.title, values))
        intro = _text(template.outline.intro, values, asked.words)
        pages = list(_chapters(template, given, asked))
    else:
        chosen = (
            in_order(discover().values()) if lenses is None else [find(name) for name in lenses]
        )
        pages = list(_one_each(chosen, asked))
    return rendered(
        "report.html",
        asked.words,
        asked.address,
        study=study,
        study_name=title,
        intro=intro,
        style=_style(),
        headlines=[
            named(entry, asked.words)
            for _, result in ([] if template else asked.answered)
            for entry in result.summary
            if entry.headline
        ],
        maps=[] if template else list(_maps(asked.answered, asked.words, asked.address)),
        chapters=pages,
        left_out=list(dict.fromkeys(asked.left_out)),
        sources=_sources(study, asked.answered),
    )


def _one_each(lenses: Iterable[Lens], asked: _Asked) -> Iterator[Page]:
    """A chapter for each lens, with the workspace's defaults."""
    words = asked.words
    for lens in lenses:
        title = words.say(lens.title)
        if result := asked.result(lens, {}, title):
            shown = view(lens, result, words, asked.address)
            yield Page(lens.name, shown.title, shown.question, (Piecewise(shown),))


def _chapters(template: Template, given: Mapping[str, Any], asked: _Asked) -> Iterator[Page]:
    """The chapters of a template, one for each of a list where it says so."""
    number = 0
    for chapter in template.outline.chapters:
        turns = given[chapter.for_each] if chapter.for_each else [None]
        for turn in turns:
            number += 1
            own = dict(given) if turn is None else {**given, EACH: turn}
            values = _said(template, own, chapter)
            title = asked.words.say(Sentence(chapter.title, values))
            if _is_beside_itself(chapter, values):
                alone = say(
                    "{each} is its own rival here: there is nothing to compare.", **values
                )
                yield Page(f"chapter-{number}", title, asked.words.say(alone), ())
                continue
            parts = tuple(_parts(chapter, own, values, asked))
            if parts:
                text = _text(chapter.text, values, asked.words)
                yield Page(f"chapter-{number}", title, text, parts)


def _is_beside_itself(chapter: Chapter, values: Mapping[str, Any]) -> bool:
    """Whether the title of a chapter sets one of a list beside itself."""
    return chapter.for_each is not None and any(
        name != EACH and value == values[EACH] and f"{{{name}}}" in chapter.title
        for name, value in values.items()
    )


def _parts(
    chapter: Chapter, given: Mapping[str, Any], values: Mapping[str, Any], asked: _Asked
) -> Iterator[Piecewise]:
    words = asked.words
    chapter_title = words.say(Sentence(chapter.title, values))
    for part in chapter.parts:
        lens = find(part.lens)
        title = _text(part.title, values, words) or words.say(lens.title)
        params = {name: filled(value, given) for name, value in part.params.items()}
        result = asked.result(lens, params, f"{chapter_title}{words.say(': ')}{title}")
        if result is None:
            continue
        yield Piecewise(
            _view(lens, result, part, given, asked),
            title,
            _text(part.text, values, words),
            part.show,
            _text(part.empty, values, words),
        )


def _view(
    lens: Lens, result: Result, part: Part, given: Mapping[str, Any], asked: _Asked
) -> View:
    """The answer with the rows, columns and figures that a template chose."""
    table = kept(result.table, part, given)
    figures = [n - 1 for n in part.figures or range(1, len(result.figures) + 1)]
    chosen = replace(
        result,
        answer=replace(result.answer, table=table),
        figures=tuple(result.figures[n] for n in figures if n < len(result.figures)),
    )
    address = replace(asked.address, query={"sort": part.sort} if part.sort else {})
    return view(lens, chosen, asked.words, address, (part.columns, part.limit))


def kept(table: pa.Table, part: Part, given: Mapping[str, Any]) -> pa.Table:
    """The rows of a table that a part of a template keeps, in their order."""
    found = _where(table, part.where, given)
    if part.also:
        others = _where(table, part.also.where, given)[part.also.by].combine_chunks()
        found = found.filter(pc.is_in(found[part.also.by], value_set=others))
    return found


def _where(table: pa.Table, wanted: Mapping[str, Any], given: Mapping[str, Any]) -> pa.Table:
    """Rows that have one of the values wanted in each column."""
    for name, value in wanted.items():
        meant = filled(value if isinstance(value, list) else [value], given)
        values = pa.array(meant, table[name].type)
        table = table.filter(pc.is_in(table[name], value_set=values))
    return table


def _said(
    template: Template, given: Mapping[str, Any], chapter: Chapter | None = None
) -> dict[str, Any]:
    """The report's single parameters as values of a sentence, records by their names."""
    declared = {entry.name: entry for entry in columns(template.parameters)}
    if chapter and chapter.for_each:
        declared[EACH] = declared[chapter.for_each]
    return {
        name: Ref(entry.references[0], given[name]) if entry.references else given[name]
        for name, entry in declared.items()
        if name in given and isinstance(given[name], str | int | float)
    }


def _text(text: str | None, values: Mapping[str, Any], words: Words) -> str | None:
    return words.say(Sentence(text, values)) if text else None


def _maps(
    answered: Iterable[tuple[Lens, Result]], words: Words, address: Address
) -> Iterable[Picture]:
    for _, result in answered:
        for number, figure in enumerate(result.figures):
            if figure.headline:
                yield picture(result, number, figure, words, address)


def _sources(study: Study, answered: Iterable[tuple[Lens, Result]]) -> list[Source]:
    cited = sorted({s for _, result in answered for s in result.provenance.sources})
    sql = "select * from sources where array_contains($cited, source_id)"
    known = {
        row["source_id"]: row for row in study.store.query(sql, {"cited": cited}).to_pylist()
    }
    return [
        Source(
            number,
            source,
            known.get(source, {}).get("title") or source,
            known.get(source, {}).get("publisher"),
            known.get(source, {}).get("published"),
            known.get(source, {}).get("url"),
        )
        for number, source in enumerate(cited, start=1)
    ]


def _style() -> str:
    """The style of the pages, with the font inside, for nothing is fetched."""
    sheet, file = style() + style("report.css"), fonts.web_font()
    if file is None:
        return without_font(sheet)
    font = base64.b64encode(file.read_bytes()).decode()
    return sheet.replace(f"/fonts/{file.name}", f"data:font/woff2;base64,{font}")
