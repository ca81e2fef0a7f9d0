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
class Group:
    """Levels of pairs whose names compare in certain ways: their shares are of those pairs.

    ``names`` are the levels of the name; none are named where it does not matter. ``part`` is
    the share of all pairs that are compared by this, where others are by something else.
    """

    levels: tuple[Level, ...]
    names: tuple[int, ...] = ()
    part: float = 1.0

    @property
    def same(self) -> float:
        """The share of pairs in the group among those of one firm."""
        return sum(_NAMES[level].same for level in self.names) if self.names else self.part

    @property
    def other(self) -> float:
        """The share of pairs in the group among those of two firms."""
        return sum(_NAMES[level].other for level in self.names) if self.names else self.part


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared. A level's number is its place; a blank on either side is -1."""

    name: str
    title: str
    groups: tuple[Group, ...]

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of all groups, in order."""
        return tuple(level for group in self.groups for level in group.levels)


_NAMES = (
    Level("the same name", 0.38, 0.004),
    Level("the same name but for the place in it", 0.12, 0.005),
    Level("the one's other name is the other's name", 0.06, 0.001),
    Level("two characters are swapped", 0.03, 0.001),
    Level("one character differs, and sounds or looks alike", 0.05, 0.004),
    Level("one character differs, in a long name", 0.05, 0.006),
    Level("one character differs, in a short name", 0.03, 0.012),
    Level("an abbreviation", 0.12, 0.01),
    Level("the one name begins with the other", 0.06, 0.1),
    Level("alike", 0.06, 0.2),
    Level("different", 0.04, 0.657),
)
(
    SAME,
    BUT_PLACE,
    OTHER_NAME,
    SWAPPED,
    LIKELY_SLIP,
    LONG_SLIP,
    SHORT_SLIP,
    ABBREVIATION,
    WITHIN,
    ALIKE,
    DIFFERENT,
) = range(len(_NAMES))
ONE_NAME = (SAME, BUT_PLACE, OTHER_NAME)
SLIPS = (SWAPPED, LIKELY_SLIP, LONG_SLIP, SHORT_SLIP)
"""Levels of names that are one, and of one that is written wrong in one place."""

_REST = tuple(level for level in range(len(_NAMES)) if level not in ONE_NAME)

FEW = (0, 1, 3, 10)
"""From how many other names that are as near each level of ``near`` begins."""


def _near(same: tuple[float, ...], other: tuple[float, ...]) -> tuple[Level, ...]:
    words = (
        "no other name in the city is so near",
        "one or two other names in the city are as near",
        "some other names in the city are as near",
        "many other names in the city are as near",
    )
    return tuple(Level(*entry) for entry in zip(words, same, other, strict=True))


def _places(same: tuple[float, ...], other: tuple[float, ...]) -> tuple[Level, ...]:
    words = ("the same place", "the same city", "different")
    return tuple(Level(*entry) for entry in zip(words, same, other, strict=True))


REGISTRATION = "registration"
BY_CHANCE = (0, 1)
"""Levels of the number that two firms are at by mistake alone, however many are compared."""

COMPARISONS = (
    Comparison(
        REGISTRATION,
        "Registration number",
        (
            Group(
                (
                    Level("the same number", 0.90, 0.0004),
                    Level(
                        "one sign differs, and one of the two is no true number", 0.07, 0.001
                    ),
                    Level("different numbers, of which one is no true number", 0.0297, 0.2),
                    Level("two true numbers that differ", 0.0003, 0.7986),
                )
            ),
        ),
    ),
    Comparison("name", "Name in Chinese", (Group(_NAMES, part=0.8),)),
    # blank where both have a Chinese name: the one is mostly a translation
    Comparison("latin", "Name in Latin letters", (Group(_NAMES, part=0.15),)),
    Comparison(
        "spoken",  # where the one has a Chinese name alone, the other a Latin one alone
        "Chinese name beside Latin",
        (
            Group(
                (
                    Level("the same sound, and the rest as others translate it", 0.6, 0.002),
                    Level(
                        "the same sound; how others translate the rest is not known", 0.2, 0.02
                    ),
                    Level("the same sound; others translate the rest otherwise", 0.1, 0.3),
                    Level("different", 0.1, 0.678),
                ),
                part=0.05,
            ),
        ),
    ),
    Comparison(
        "near",
        "Other names",
        (
            Group(_near((0.7, 0.2, 0.07, 0.03), (0.45, 0.3, 0.15, 0.1)), SLIPS),
            Group(_near((0.75, 0.2, 0.04, 0.01), (0.15, 0.35, 0.3, 0.2)), (ABBREVIATION,)),
        ),
    ),
    Comparison(
        "marks",
        "Numbers and branches in the name",
        (Group((Level("the same", 0.99, 0.3), Level("different", 0.01, 0.7))),),
    ),
    Comparison(
        "cited",
        "Place in the name",
        (Group((Level("the same city", 0.97, 0.6), Level("different cities", 0.03, 0.4))),),
    ),
    Comparison(
        "place",  # two firms of one name lie in different cities
        "Place",
        (
            Group(_places((0.75, 0.17, 0.08), (0.2, 0.15, 0.65)), ONE_NAME),
            Group(_places((0.75, 0.17, 0.08), (0.3, 0.2, 0.5)), _REST),
        ),
    ),
    Comparison(
        "parent",
        "Parent",
        (
            Group(
                (
                    Level("the same parent", 0.93, 0.5),
                    Level("different parents", 0.065, 0.35),
                    Level("the one is the other's parent", 0.005, 0.15),
                )
            ),
        ),
    ),
)
BY_NAMES = ("name", "latin", "spoken")
"""A pair is compared by one of these, and the shares of their levels are of all pairs."""

COLUMN = {entry.name: number for number, entry in enumerate(COMPARISONS)}
"""Where each comparison stands among the columns of levels."""
