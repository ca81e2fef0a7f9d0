"""How many of the labelled pairs are found, and how many of the found ones are right."""

from collections import Counter
from dataclasses import dataclass


@dataclass
class Measured:
    """Precision and recall, and for each way and each likeness (found, of how many)."""

    precision: float
    recall: float
    ways: dict[str, tuple[int, int]]
    likes: dict[str, tuple[int, int]]
    others: int


def measured(labels, proposals):
    found = {tuple(sorted((p.keep["org_id"], p.drop["org_id"]))) for p in proposals}
    right = found & set(labels.same)
    return Measured(
        len(right) / max(len(found), 1),
        len(right) / len(labels.same),
        _counted(labels.same, found),
        _counted(labels.alike, found),
        len(found - set(labels.same) - set(labels.alike)),
    )


def _counted(pairs, found):
    every = Counter(pairs.values())
    met = Counter(name for pair, name in pairs.items() if pair in found)
    return {name: (met[name], every[name]) for name in sorted(every)}
