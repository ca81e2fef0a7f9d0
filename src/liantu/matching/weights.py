"""What is compared, at which levels, and how much each level says before there is data.

Of the pairs that share a number or a part of a name, and only these are compared: ``same`` is
the share of pairs of one firm that are at a level, ``other`` that of pairs of two firms. The
shares are ours, from how offices write names; what registration numbers tell is added to them.
"""

from dataclasses import dataclass

PRIOR = 0.05
"""Share of the compared pairs that are one firm, before there is data."""


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two organisations may compare, in words, and its shares."""

    words: str
    same: float
    other: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared. A level's number is its place; a blank on either side is -1."""

    name: str
    title: str
    levels: tuple[Level, ...]


NAME_LEVELS = (
    "the same name",
    "the same name but for the place in it",
    "the one's other name is the other's name",
    "one character differs and sounds alike, or two are swapped",
    "one character differs, in a long name",
    "one character differs, in a short name",
    "an abbreviation of this name alone",
    "an abbreviation of several names",
    "the one name begins with the other",
    "alike",
    "different",
)
(
    SAME,
    BUT_PLACE,
    OTHER_NAME,
    LIKELY_SLIP,
    LONG_SLIP,
    SHORT_SLIP,
    ONLY_ABBREVIATION,
    ABBREVIATION,
    WITHIN,
    ALIKE,
    DIFFERENT,
) = range(len(NAME_LEVELS))


def _names(same: tuple[float, ...], other: tuple[float, ...]) -> tuple[Level, ...]:
    return tuple(
        Level(words, m, u) for words, m, u in zip(NAME_LEVELS, same, other, strict=True)
    )


COMPARISONS = (
    Comparison(
        "registration",
        "Registration number",
        (
            Level("the same number", 0.90, 0.0004),
            Level("one sign differs, and one of the two is no true number", 0.07, 0.001),
            Level("different numbers, of which one is no true number", 0.027, 0.2),
            Level("two true numbers that differ", 0.003, 0.7986),
        ),
    ),
    Comparison(
        "name",
        "Name in Chinese",
        _names(
            (0.38, 0.12, 0.06, 0.06, 0.06, 0.04, 0.08, 0.04, 0.06, 0.06, 0.04),
            (0.004, 0.01, 0.001, 0.003, 0.006, 0.012, 0.008, 0.04, 0.1, 0.2, 0.616),
        ),
    ),
    Comparison(
        "latin",  # blank where both have a Chinese name: the one is mostly a translation
        "Name in Latin letters",
        _names(
            (0.38, 0.12, 0.06, 0.06, 0.06, 0.04, 0.06, 0.03, 0.07, 0.07, 0.05),
            (0.005, 0.01, 0.001, 0.003, 0.008, 0.012, 0.01, 0.04, 0.1, 0.2, 0.611),
        ),
    ),
    Comparison(
        "marks",
        "Numbers and branches in the name",
        (
            Level("the same", 0.99, 0.3),
            Level("different", 0.01, 0.7),
        ),
    ),
    Comparison(
        "cited",
        "Place in the name",
        (
            Level("the same city", 0.97, 0.6),
            Level("different cities", 0.03, 0.4),
        ),
    ),
    Comparison(
        "place",
        "Place",
        (
            Level("the same place", 0.75, 0.3),
            Level("the same city", 0.17, 0.2),
            Level("different", 0.08, 0.5),
        ),
    ),
    Comparison(
        "parent",
        "Parent",
        (
            Level("the same parent", 0.93, 0.5),
            Level("different parents", 0.065, 0.35),
            Level("the one is the other's parent", 0.005, 0.15),
        ),
    ),
)
