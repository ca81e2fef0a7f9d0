"""The pictures of a result in their frames: drawn at the width at which they are shown."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from liantu.faces import figures
from liantu.faces.address import VIEW, Address
from liantu.faces.chainmap import (
    SegmentLine,
    chain_map,
    focus_sentence,
    legend,
    segment_list,
)
from liantu.faces.chainmap.segments import STATE_WORDS
from liantu.faces.tokens import STATES
from liantu.faces.words import Words
from liantu.result import Figure, Network, Result, Sentence, State

HALF, WHOLE, MAP = 575, 1180, 1208
BESIDE_HALF, BESIDE_WHOLE, BESIDE_MAP = 445, 920, 932  # beside a form in a column
ACROSS = 6  # parameters of a form that stands across the page


@dataclass(frozen=True, slots=True)
class Key:
    """A state in the legend of a chain map: how many have it, and the link that filters."""

    state: State
    title: str
    count: int
    href: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure in its frame; what follows ``links`` belongs to a chain map."""

    number: int
    title: str
    unit: str
    caption: str | None
    drawing: Markup
    width: int
    links: tuple[tuple[str, str], ...] = ()
    segments: tuple[SegmentLine, ...] = ()
    legend: tuple[Key, ...] = ()
    focus: Sentence | None = None
    clear: str | None = None


def pictures(result: Result, words: Words, address: Address) -> tuple[tuple[Picture, ...], ...]:
    """The pictures of a result in rows of one or two, at the width that the form leaves."""
    is_beside = not address.printed and len(result.params) > ACROSS
    widths = (BESIDE_HALF, BESIDE_WHOLE) if is_beside else (HALF, WHOLE)
    rows = _rows(enumerate(result.figures), widths, printed=address.printed)
    return tuple(
        tuple(
            picture(result, number, figure, words, address, width=width)
            for number, figure in row
        )
        for width, row in rows
    )


def picture(
    result: Result,
    number: int,
    figure: Figure,
    words: Words,
    address: Address,
    *,
    width: int = WHOLE,
) -> Picture:
    """One figure in its frame, with links to its files unless it is printed."""
    if isinstance(figure, Network):
        map_width = BESIDE_MAP if width == BESIDE_WHOLE else MAP
        return _chain(result, number, figure, words, address, width=map_width)
    title = words.say(figure.title)
    label = words.say(result.findings[0]) if result.findings else title
    drawing = figures.cached_svg(
        _key(result, number, words, width),
        lambda: figures.svg(figure, words, width=width, aria_label=label),
    )
    return Picture(
        number=number,
        title=title,
        unit=words.unit(figure.unit),
        caption=words.say(figure.caption) if figure.caption else None,
        drawing=Markup(drawing),  # noqa: S704 - drawn here
        width=width,
        links=() if address.printed else _links(result, number, address, width),
    )


def _key(
    result: Result, number: int, words: Words, width: int, seen: object = None
) -> figures.FigureKey:
    """What a picture of a result depends on; ``seen`` is how it is looked at."""
    stamp = result.provenance.stamp
    return figures.FigureKey(
        fingerprint=f"{stamp.generation} {stamp.fingerprint}",
        lens=result.lens,
        params=json.dumps([result.params, seen], sort_keys=True, default=str),
        language=words.language,
        width=width,
        number=number,
    )


def _chain(
    result: Result,
    number: int,
    figure: Network,
    words: Words,
    address: Address,
    *,
    width: int,
) -> Picture:
    """A chain map, which is drawn whole at one width, and as a list on a phone."""
    query = address.query
    state = next((known for known in STATES if known == query.get("state")), None)
    width = WHOLE if address.printed else width
    seen = [address.printed, address.path, dict(address.query)]
    drawing = figures.cached_svg(
        _key(result, number, words, width, seen),
        lambda: chain_map(
            figure,
            words,
            width=width,
            focus=query.get("focus"),
            address=None if address.printed else lambda focus: _at(address, focus=focus or ""),
            links="segments" if query.get("links") == "segments" else "focus",
            state=state,
            open_segment=query.get("open"),
            opening=None if address.printed else lambda segment: _at(address, open=segment),
        ),
    )
    return Picture(
        number=number,
        title=words.say(figure.title),
        unit=words.unit(figure.unit),
        caption=words.say(figure.caption) if figure.caption else None,
        drawing=Markup(drawing),  # noqa: S704 - drawn here, every text in it escaped
        width=width,
        links=() if address.printed else _links(result, number, address, WHOLE),
        segments=segment_list(figure),
        legend=tuple(_legend(figure, address, state)),
        focus=focus_sentence(figure, query.get("focus")),
        clear=None if address.printed else _at(address, focus=""),
    )


def drawn(result: Result, number: int, words: Words, width: int) -> str:
    """A figure as an SVG file of its own."""
    figure = result.figures[number]
    if isinstance(figure, Network):
        return chain_map(figure, words, width=width)
    return figures.cached_svg(
        _key(result, number, words, width), lambda: figures.svg(figure, words, width=width)
    )


def drawn_png(result: Result, number: int, words: Words, width: int) -> bytes:
    """A figure as a PNG file."""
    return figures.cached_png(
        _key(result, number, words, width),
        lambda: figures.png(result.figures[number], words, width=width),
    )


def _at(address: Address, **changes: str) -> str:
    """The same page at its map, with another focus or another segment opened."""
    return f"{address.here(**changes)}#map"


def _legend(figure: Network, address: Address, chosen: State | None) -> Iterator[Key]:
    losing = any(node.loss is not None for node in figure.nodes)
    for state, count in legend(figure).items():
        if count and not losing:
            other = None if state == chosen else state
            href = None if address.printed else f"{address.here(state=other)}#map"
            yield Key(state, STATE_WORDS[state], count, href, is_chosen=state == chosen)


def _links(
    result: Result, number: int, address: Address, width: int
) -> tuple[tuple[str, str], ...]:
    known = result.params.keys() - (VIEW - result.params.keys())
    question = {name: text for name, text in address.query.items() if name in known}
    path = f"/lens/{result.lens}/figure/{number}"
    query = {**question, "width": width}
    return tuple((kind.upper(), address.to(f"{path}.{kind}", query)) for kind in ("svg", "png"))


def _rows(
    numbered: Iterable[tuple[int, Figure]], widths: tuple[int, int], *, printed: bool
) -> Iterator[tuple[int, list[tuple[int, Figure]]]]:
    """Figures one or two abreast, with their width; a chain map always stands alone."""
    half, whole = widths
    waiting: list[tuple[int, Figure]] = []
    for number, figure in numbered:
        if isinstance(figure, Network):
            if waiting:
                yield half if printed else whole, waiting
                waiting = []
            yield whole, [(number, figure)]
            continue
        waiting.append((number, figure))
        if len(waiting) == 2:
            yield half, waiting
            waiting = []
    if waiting:
        yield half if printed else whole, waiting
