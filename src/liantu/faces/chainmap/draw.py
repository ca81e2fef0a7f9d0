"""A chain map as SVG text: presentation attributes only, no ids, no styles, no script."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from liantu.faces.chainmap.layout import CHEVRON, LABEL_X, Band, Layout, Piece
from liantu.faces.chainmap.losses import (
    head_bar,
    is_worth_saying,
    loss_room,
    loss_shape,
    loss_text,
    shows_loss,
)
from liantu.faces.chainmap.marks import bar_shapes, mark_shape
from liantu.faces.chainmap.metrics import FALLBACK, cut, text_width
from liantu.faces.chainmap.rows import Focus, More, Row, Rows
from liantu.faces.chainmap.segments import STATE_WORDS, SegmentLine, segment_words, stage_words
from liantu.faces.chainmap.structure import Structure
from liantu.faces.tokens import FONTS, TOKENS
from liantu.faces.words import Words
from liantu.result import Node, Sentence, State, say

Address = Callable[[str | None], str]
Opening = Callable[[str], str]

_INK, _INK2, _INK3 = TOKENS["ink"], TOKENS["ink2"], TOKENS["ink3"]
_HEAD_SIZE = 12.4
_SYNTHETIC_ROOM = 8
_UNSTOPPED = ' tabindex="-1"'
_LOOKS: dict[State, tuple[str, str, bool]] = {
    "missing": (TOKENS["missing-wash"], TOKENS["missing"], True),
    "foreign_only": (TOKENS["foreign-wash"], TOKENS["foreign-ink"], False),
    "unknown": ("none", _INK3, False),
}


def label_size(words: Words) -> float:
    """Size of a map label in px: Han is set larger."""
    return 12 if words.language == "zh" else 11.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a drawing needs: the chain and its places, who is in focus, and the words."""

    chain: Structure
    places: Layout
    rows: Rows
    lines: Sequence[SegmentLine]
    focus: Focus | None
    words: Words
    address: Address | None
    opening: Opening | None
    state: State | None


def drawn(scene: Scene, summary: Sentence, over: Sequence[str]) -> str:
    """The whole map as SVG text; ``over`` is drawn last."""
    inside: dict[int, list[str]] = defaultdict(list)
    stop = _tab_stop(scene)
    for row in scene.rows.rows:
        inside[row.piece].append(_row(scene, row, is_stop=row.node == stop))
    for more in scene.rows.more:
        inside[more.piece].append(_more(scene, more))
    body = [_chevron(scene, band) for band in scene.places.bands]
    body += [_piece(scene, piece, inside[p]) for p, piece in enumerate(scene.places.pieces)]
    return framed(
        scene.words,
        (scene.places.width, scene.places.height),
        scene.words.say(summary),
        [*body, *over],
        is_linked=scene.address is not None,
    )


def said(words: Words, text: str, width: int) -> str:
    """A picture of one line of words, where there is no map."""
    body = [f'<text y="20" font-size="15">{escape(text)}</text>']
    return framed(words, (width, 32), text, body, is_linked=False)


def framed(
    words: Words, size: tuple[int, int], summary: str, body: Sequence[str], *, is_linked: bool
) -> str:
    """An SVG of a size in px: a picture, or a group where there are links to follow in it."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain-map" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" '
        f'role="{"group" if is_linked else "img"}" aria-label="{escape(summary)}" '
        f'font-family="{FONTS}" font-size="{label_size(words):g}" fill="{_INK}">\n'
        f'<path d="M0 0h{width}v{height}h-{width}z" fill="#fff"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _chevron(scene: Scene, band: Band) -> str:
    first, last = band is scene.places.bands[0], band is scene.places.bands[-1]
    x, right = band.x, band.x + band.width
    half = CHEVRON / 2
    tip = "" if last else f"L{right + 6} {half:g}"
    notch = "" if first else f"L{x + 6} {half:g}"
    text_x = x + (8 if first else 14)
    room = band.width - 50
    stage = cut(scene.words.say(stage_words(band.stage)), room, _HEAD_SIZE, bold=True)
    return (
        f'<path d="M{x} 0H{right}{tip}L{right} {CHEVRON}H{x}{notch}z" fill="{TOKENS["band"]}"/>'
        f'<text x="{text_x}" y="14.5" font-size="{_HEAD_SIZE}" font-weight="600">'
        f"{escape(stage)}"
        f'<tspan dx="8" font-weight="400" fill="{_INK2}">{band.count:,}</tspan></text>'
    )


def _piece(scene: Scene, piece: Piece, rows: Sequence[str]) -> str:
    """A segment in coordinates of its own; its frame clips text that another font widens."""
    body = "\n".join([_head(scene, piece), *rows])
    return (
        f'<svg x="{piece.x}" y="{piece.y}" width="{scene.places.column_width}" '
        f'height="{piece.height}">{body}</svg>'
    )


def _head(scene: Scene, piece: Piece) -> str:
    words, line = scene.words, scene.lines[piece.segment]
    width = scene.places.column_width
    name = segment_words(line.name, words)
    if piece.piece:
        name = words.say(say("{segment:name}, continued", segment=name))
    share, bar = _share(scene, line)
    label = cut(name, width - text_width(share, 11.6) - 6, _HEAD_SIZE, bold=True)
    inside = (
        f"<title>{escape(words.say(line.sentence))}</title>"
        f'<text y="14" font-size="{_HEAD_SIZE}" font-weight="600">{escape(label)}</text>'
    )
    if scene.opening and piece.slots < len(piece.members):
        inside = (
            f'<a href="{escape(scene.opening(line.name or ""))}" tabindex="-1">{inside}</a>'
        )
    return (
        f'<path d="M0 .5H{width}" stroke="{_INK}"/>{inside}'
        f'<text x="{width}" y="14" text-anchor="end" fill="{_INK2}">{share}</text>{bar}'
    )


def _share(scene: Scene, line: SegmentLine) -> tuple[str, str]:
    """What stands beside a head and the bar under it: completeness, or what is lost."""
    width = scene.places.column_width
    bar = bar_shapes(line.counts, 0, 18, width, 4)
    if shows_loss(scene.chain.nodes):
        if line.loss is None:
            return scene.words.say("unknown"), bar
        lost = loss_text(line.loss, scene.words) or scene.words.number(0, "share", spoken=True)
        return lost, head_bar(line.loss, 18, width, 4)
    if line.completeness is None:
        return scene.words.say("unknown"), bar
    return scene.words.number(line.completeness, "share", spoken=True), bar


def _more(scene: Scene, more: More) -> str:
    """The row that counts the products without a row, and opens their segment."""
    piece = scene.places.pieces[more.piece]
    line = scene.lines[piece.segment]
    y = more.y - piece.y
    template = "and {products:count} more"
    if more.y == piece.row_y(0):
        template = "{products:count} products"
    shape = (
        f'<rect y="{y}" width="{scene.places.column_width}" height="16" fill="none" '
        f'pointer-events="all"/><text x="{LABEL_X}" y="{y + 12}" fill="{_INK2}">'
        f"{escape(scene.words.say(say(template, products=more.count)))}</text>"
    )
    if scene.opening:
        return f'<a href="{escape(scene.opening(line.name or ""))}" tabindex="-1">{shape}</a>'
    return shape


def _row(scene: Scene, row: Row, *, is_stop: bool) -> str:
    """A product: mark and label in one link, its whole name and its state as the title."""
    node, y = scene.chain.nodes[row.node], row.y - scene.places.pieces[row.piece].y
    wash, colour, is_bold = _LOOKS.get(node.state, ("none", _INK, False))
    is_focus = scene.focus is not None and row.node == scene.focus.node
    if is_focus:
        wash, colour, is_bold = TOKENS["mark"], _INK, True
    look = f' fill="{colour}"' if colour != _INK else ""
    look += ' font-weight="600"' if is_bold else ""
    is_asked = is_focus or scene.state in (None, node.state)
    look += "" if is_asked else ' opacity=".4"'
    hit = ' pointer-events="all"' if wash == "none" else ""
    shapes = (
        f"<title>{escape(_spoken(scene, node))}</title>"
        f'<rect y="{y}" width="{scene.places.column_width}" height="16" fill="{wash}"{hit}/>'
        f"{loss_shape(node.loss, scene.words, y, scene.places.column_width)}"
        f"{mark_shape(node.state, 1, y + 3)}{_label(scene, node, y, bold=is_bold)}"
    )
    if scene.address is None:
        return f"<g{look}>{shapes}</g>"
    href = escape(scene.address(None if is_focus else node.ref.id))
    return f'<a href="{href}"{"" if is_stop else _UNSTOPPED}{look}>{shapes}</a>'


def _tab_stop(scene: Scene) -> int | None:
    """The one product where the tabulator stops: the focused one, else the first."""
    shown = [row.node for row in scene.rows.rows]
    if scene.focus is not None and scene.focus.node in shown:
        return scene.focus.node
    return shown[0] if shown else None


def _spoken(scene: Scene, node: Node) -> str:
    if node.loss is not None and is_worth_saying(node.loss):
        template = "{product}: {loss:percent} lost"
        if node.synthetic:
            template = "{product}: {loss:percent} lost, synthetic"
        return scene.words.say(say(template, product=node.ref, loss=node.loss))
    template = "{product}: {state}, synthetic" if node.synthetic else "{product}: {state}"
    return scene.words.say(say(template, product=node.ref, state=STATE_WORDS[node.state]))


def _label(scene: Scene, node: Node, y: int, *, bold: bool) -> str:
    """The label, cut to its room; held to what was measured where a wider font may serve."""
    size = label_size(scene.words)
    taken = LABEL_X + 2 + _SYNTHETIC_ROOM * node.synthetic + loss_room(node.loss, scene.words)
    room = scene.places.column_width - taken
    text = cut(scene.words.label(node.ref), room, size, bold=bold)
    wide = text_width(text, size, bold=bold)
    fit = mark = ""
    if wide * FALLBACK > room or node.synthetic:
        fit = f' textLength="{wide:.1f}" lengthAdjust="spacingAndGlyphs"'
    if node.synthetic:
        mark = (
            f'<text x="{LABEL_X + wide + 3:.1f}" y="{y + 12}" font-size="9.5" '
            f'font-weight="400" fill="{TOKENS["synthetic"]}">s</text>'
        )
    return f'<text x="{LABEL_X}" y="{y + 12}"{fit}>{escape(text)}</text>{mark}'
