"""The report: one file with every answer in it, that opens anywhere and asks for nothing."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liantu.errors import Refusal
from liantu.faces import fonts
from liantu.faces.address import Address
from liantu.faces.page import rendered, style, without_font
from liantu.faces.pictures import Picture, picture
from liantu.faces.study import Study
from liantu.faces.view import View, in_order, named, study_name, view
from liantu.faces.words import Words
from liantu.lens import Lens, discover, find
from liantu.locale import Language
from liantu.result import Result


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the report's end lists it."""

    number: int
    id: str
    title: str
    publisher: str | None
    published: str | None
    url: str | None


def report_html(study: Study, language: Language, lenses: Sequence[str] | None = None) -> str:
    """The report of a study as HTML: headlines, chain map, a chapter for each lens, sources.

    Lenses that cannot answer with the workspace's defaults are listed with the reason.
    """
    words, address = Words(language, study.names), Address(printed=True)
    chosen = (
        in_order(discover().values()) if lenses is None else [find(name) for name in lenses]
    )
    answered: list[tuple[Lens, Result]] = []
    left_out: list[tuple[str, str]] = []
    for lens in chosen:
        try:
            answered.append((lens, study.run(lens.name)))
        except Refusal as refusal:
            reasons = words.say("; ").join(problem.expected for problem in refusal.problems)
            left_out.append((words.say(lens.title), reasons))
    chapters: list[View] = [view(lens, result, words, address) for lens, result in answered]
    return rendered(
        "report.html",
        words,
        address,
        study=study,
        study_name=study_name(study, words),
        style=_style(),
        headlines=[
            named(entry, words)
            for _, result in answered
            for entry in result.summary
            if entry.headline
        ],
        maps=list(_maps(answered, words, address)),
        chapters=chapters,
        left_out=left_out,
        sources=_sources(study, answered),
    )


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
