"""A result made ready for a page or a report: one fragment, the same in both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liantu.faces.address import VIEW, Address
from liantu.faces.cells import cell
from liantu.faces.grid import PAGE_ROWS, Grid, grid
from liantu.faces.pictures import Picture, pictures
from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.lens import Lens
from liantu.result import Entry, Ref, Result, Sentence, say
from liantu.schema import columns

GROUPS = ("Chain", "Risk", "Place", "Organisation", "Judgement", "Record")


@dataclass(frozen=True, slots=True)
class Named:
    """A named number of the summary in words."""

    title: str
    value: str
    unit: str
    base: str | None
    unknown: int
    synthetic: int
    subject: str | None
    href: str | None = None
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a page or chapter shows of one answer.

    ``rows`` and ``synthetic`` count the rows read; ``recorded`` leads to the same answer
    without the synthetic ones.
    """

    lens: Lens
    title: str
    question: str
    what: str
    finding: Sentence | None
    notes: tuple[Sentence, ...]
    left_out: tuple[Sentence, ...]
    summary: tuple[Named, ...]
    pictures: tuple[tuple[Picture, ...], ...]
    grid: Grid
    result: Result
    asked: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, str], ...]
    rows: int
    synthetic: int
    recorded: str | None
    downloads: tuple[tuple[str, str], ...]


def view(
    lens: Lens,
    result: Result,
    words: Words,
    address: Address,
    chosen: tuple[Sequence[str], int] = ((), PAGE_ROWS),
) -> View:
    """The answer of a lens as it is shown at an address; ``chosen`` columns and rows of it."""
    read = result.provenance.reads
    synthetic = sum(entry.synthetic for entry in read)
    question = {name: text for name, text in address.query.items() if name not in VIEW}
    drawn = address.printed
    return View(
        lens=lens,
        title=words.say(lens.title),
        question=words.say(lens.question),
        what=_meaning(lens, words),
        finding=result.findings[0] if result.findings else None,
        notes=result.findings[1:],
        left_out=result.answer.left_out,
        summary=tuple(named(entry, words) for entry in result.summary),
        pictures=pictures(result, words, address),
        grid=grid(result.table, result.row, words, address, chosen),
        result=result,
        asked=tuple(_asked(lens, result.params, words)),
        sources=tuple(_sources(result, words, address)),
        rows=sum(entry.rows for entry in read),
        synthetic=synthetic,
        recorded=None if drawn else address.here(synthetic="false", page=None),
        downloads=() if drawn else tuple(_downloads(lens, question, address)),
    )


def named(entry: Entry, words: Words, href: str | None = None) -> Named:
    """One entry of a summary in words."""
    value, unit = words.measured(entry)
    return Named(
        title=words.say(entry.title),
        value=value,
        unit=unit,
        base=words.say(entry.base) if entry.base else None,
        unknown=entry.unknown,
        synthetic=entry.synthetic,
        subject=words.label(entry.subject) if entry.subject else None,
        href=href,
        is_name=isinstance(entry.value, str) or entry.value is None,
    )


def _meaning(lens: Lens, words: Words) -> str:
    """What one row is, where it can be said in the language."""
    meaning = (lens.row.__doc__ or "").splitlines()[0] if lens.row.__doc__ else ""
    said = words.say(meaning)
    return said if words.language == "en" or said != meaning else ""


def _asked(lens: Lens, params: Mapping[str, object], words: Words) -> list[tuple[str, str]]:
    return [
        (words.head(entry), cell(entry, params[entry.name], words, Address()).text)
        for entry in columns(lens.parameters)
        if params.get(entry.name) not in (None, [], "")
    ]


def _sources(result: Result, words: Words, address: Address) -> list[tuple[str, str, str]]:
    cited = result.provenance.sources
    words.names.load("sources", cited)
    return [(source, words.name("sources", source), address.source(source)) for source in cited]


def _downloads(
    lens: Lens, question: Mapping[str, str], address: Address
) -> list[tuple[str, str]]:
    return [
        (kind.upper(), address.to(f"/lens/{lens.name}.{kind}", question))
        for kind in ("csv", "xlsx", "json")
    ]


def study_name(study: Study, words: Words) -> str:
    """What the study is called: in another language than its own by its place and chain."""
    defaults = study.settings.defaults
    place, chain = defaults.get("place"), defaults.get("chain")
    if words.language == study.language or not (
        isinstance(place, str) and isinstance(chain, str)
    ):
        return study.settings.name
    return words.say(
        say("{place}: {chain}", place=Ref("places", place), chain=Ref("chains", chain))
    )


def in_order(lenses: Iterable[Lens]) -> list[Lens]:
    """Lenses by group, as in the navigation; other groups stand last."""
    ranks = {group: rank for rank, group in enumerate(GROUPS)}
    return sorted(lenses, key=lambda lens: (ranks.get(lens.group, len(ranks)), lens.name))
