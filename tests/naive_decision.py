"""Slow and obvious twins of the kernels for decisions with many criteria."""

import itertools
import math


def topsis(values, weights, maximise):
    """Closeness of each alternative, one number at a time."""
    m, n = len(weights), len(values)
    lengths = [math.sqrt(sum(values[i][j] ** 2 for i in range(n))) or 1.0 for j in range(m)]
    v = [[weights[j] * values[i][j] / lengths[j] for j in range(m)] for i in range(n)]
    columns = [[v[i][j] for i in range(n)] for j in range(m)]
    best = [max(c) if up else min(c) for c, up in zip(columns, maximise, strict=True)]
    worst = [min(c) if up else max(c) for c, up in zip(columns, maximise, strict=True)]
    found = []
    for row in v:
        behind, ahead = math.dist(row, best), math.dist(row, worst)
        found.append(ahead / (ahead + behind) if ahead + behind else 0.5)
    return found


def entropy_weights(values):
    """Entropy weights by their definition."""
    n, m = len(values), len(values[0])
    spread = []
    for j in range(m):
        column = [row[j] for row in values]
        total = sum(column)
        parts = [x / total for x in column] if total else []
        entropy = -sum(p * math.log(p) for p in parts if p > 0) / math.log(max(n, 2))
        spread.append(0.0 if max(column) == min(column) else 1 - entropy)
    return [s / sum(spread) for s in spread]


def ranks(scores):
    """One more than the number of higher scores."""
    return [1 + sum(other > score for other in scores) for score in scores]


def natural_breaks(scores, n_tiers):
    """Least sum of squares within tiers over all ways to part the ordered scores."""
    ordered = sorted(scores, reverse=True)

    def within(part):
        mean = sum(part) / len(part)
        return sum((x - mean) ** 2 for x in part)

    least = math.inf
    for cuts in itertools.combinations(range(1, len(ordered)), n_tiers - 1):
        bounds = [0, *cuts, len(ordered)]
        parts = [ordered[a:b] for a, b in itertools.pairwise(bounds)]
        least = min(least, sum(map(within, parts)))
    return least, within
