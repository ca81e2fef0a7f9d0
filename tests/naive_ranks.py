"""Slow and obvious twins of the kernels that rank."""

import math


def ranks(values):
    """One more than the number of larger values."""
    return [1 + sum(other > value for other in values) for value in values]


def rank_bands(drawn, first):
    """For each thing: the least rank that 5 % and 95 % of draws reach, and how often first."""
    every = [ranks(row) for row in drawn]
    found = []
    for held in zip(*every, strict=True):
        ordered = sorted(held)
        low, high = (
            ordered[max(math.ceil(round(share * len(held), 9)), 1) - 1]
            for share in (0.05, 0.95)
        )
        found.append((low, high, sum(rank <= first for rank in held) / len(held)))
    return found
