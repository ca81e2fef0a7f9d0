"""What a chain map shows of a loss: a pale red bar with its number behind each product."""

from collections.abc import Iterable

from liantu.faces.chainmap.metrics import text_width
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Node

PALE = "#FAD9D3"
_LEAST = 0.005  # less is shown as nothing
_SIZE = 11.6


def shows_loss(nodes: Iterable[Node]) -> bool:
    """Whether a map is one of losses: the loss of some product of it is known."""
    return any(node.loss is not None for node in nodes)


def is_worth_saying(loss: float | None) -> bool:
    """Whether a loss rounds to a per cent."""
    return loss is not None and loss >= _LEAST


def loss_text(loss: float | None, words: Words) -> str:
    """The loss of a product as it stands behind its label; nothing where nothing is lost."""
    if loss is None or not is_worth_saying(loss):
        return ""
    return f"\N{MINUS SIGN}{words.number(loss, 'share', spoken=True)}"


def loss_room(loss: float | None, words: Words) -> float:
    """Room that the number of a loss takes of a row, in px."""
    text = loss_text(loss, words)
    return text_width(text, _SIZE, bold=True) + 8 if text else 0.0


def loss_shape(loss: float | None, words: Words, y: float, width: float) -> str:
    """The bar of a loss, as long as its part of the row, hatched for print, and its number."""
    text = loss_text(loss, words)
    if loss is None or not text:
        return ""
    long = round(width * loss, 1)
    return (
        f'<path d="M0 {y:g}h{long:g}v16h-{long:g}z" fill="{PALE}"/>'
        f'<path d="{_hatch(long, y + 16)}" stroke="{TOKENS["missing"]}"/>'
        f'<text x="{width - 2:g}" y="{y + 12:g}" text-anchor="end" font-weight="600" '
        f'fill="{TOKENS["missing"]}">{text}</text>'
    )


def _hatch(long: float, foot: float) -> str:
    """Short slanted strokes along the foot of a bar, so that it shows in grey too."""
    starts = range(0, max(int(long) - 2, 0) + 1, 5)
    return "".join(f"M{x} {foot:g}l2 -2" for x in starts)


def head_bar(loss: float, y: float, width: float, height: float) -> str:
    """The bar under the head of a segment: what is left, then what is lost."""
    left = round(width * (1 - loss), 1)
    rest = round(width - left, 1)
    return (
        f'<path d="M0 {y:g}h{left:g}v{height:g}h-{left:g}z" fill="{TOKENS["strong"]}"/>'
        f'<path d="M{left:g} {y:g}h{rest:g}v{height:g}h-{rest:g}z" '
        f'fill="{TOKENS["missing"]}"/>'
    )
