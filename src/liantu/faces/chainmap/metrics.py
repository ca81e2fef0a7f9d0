"""How wide a text is in Source Sans 3, and where to cut it."""

import unicodedata
from functools import cache

ELLIPSIS = "…"
FALLBACK = 1.17
"""How much wider than measured a text may be in Noto Sans CJK, which serves as fallback."""

_PRINTABLE = map(chr, range(32, 127))
_REGULAR = """
200 289 426 497 497 824 609 249 303 303 418 497 249 311 249 350 497 497 497 497 497 497
497 497 497 497 249 249 497 497 497 425 847 543 588 571 615 527 494 617 652 263 479 579
486 727 647 664 566 664 569 534 536 645 515 786 513 476 539 303 350 303 497 500 542 504
553 456 555 496 292 504 544 246 247 495 255 829 547 542 555 555 347 419 338 544 467 719
446 467 425 303 241 303 497
"""
_SEMIBOLD = """
200 315 482 513 513 841 639 275 324 324 438 513 275 322 275 344 513 513 513 513 513 513
513 513 513 513 275 275 513 513 513 444 875 558 597 576 625 538 510 628 663 282 494 597
502 745 657 674 582 674 592 545 546 655 536 800 541 501 540 324 344 324 513 500 549 516
563 462 564 507 317 520 558 262 263 522 271 843 560 549 564 564 373 431 361 556 495 748
481 495 443 324 255 324 513
"""
_ADVANCE = {
    letter: (int(regular), int(bold))
    for letter, regular, bold in zip(
        _PRINTABLE, _REGULAR.split(), _SEMIBOLD.split(), strict=True
    )
} | {ELLIPSIS: (948, 964), "–": (480, 480), "’": (249, 275)}  # noqa: RUF001 - an en dash
_WIDE = (1000, 1000)
_OTHER = (600, 620)


@cache
def _advance(letter: str) -> tuple[int, int]:
    """Advance in em/1000, regular and semibold: 1 em for Han, an accent adds nothing."""
    if letter in _ADVANCE:
        return _ADVANCE[letter]
    if unicodedata.combining(letter):
        return 0, 0
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _ADVANCE:
        return _ADVANCE[base]
    return _WIDE if unicodedata.east_asian_width(letter) in "WFA" else _OTHER


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in px at ``size`` px."""
    return sum(_advance(letter)[bold] for letter in text) * size / 1000


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text if it fits into ``room`` px, else as much of it as does, ending in "…"."""
    if text_width(text, size, bold=bold) <= room:
        return text
    left = room - text_width(ELLIPSIS, size, bold=bold)
    kept = 0
    for letter in text:
        left -= _advance(letter)[bold] * size / 1000
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS
