"""Slow and obvious twins of the measures of structure, over nested lists, sum by sum."""

import math


def totals(values):
    rows = [sum(row) for row in values]
    columns = [sum(row[p] for row in values) for p in range(len(values[0]))]
    return rows, columns, sum(rows)


def quotient(values, c, p):
    """(X_cp / X_c) / (X_p / X); None where a total is 0."""
    rows, columns, whole = totals(values)
    if not rows[c] or not columns[p]:
        return None
    return (values[c][p] / rows[c]) / (columns[p] / whole)


def krugman(values, c):
    rows, columns, whole = totals(values)
    return sum(abs(values[c][p] / rows[c] - columns[p] / whole) for p in range(len(values[c])))


def hachman(values, c):
    rows, _, _ = totals(values)
    return 1 / sum(
        quotient(values, c, p) * values[c][p] / rows[c]
        for p in range(len(values[c]))
        if values[c][p]
    )


def herfindahl(shares):
    return sum(share * share for share in shares)


def entropy(values, c):
    rows, _, _ = totals(values)
    shares = [value / rows[c] for value in values[c] if value]
    return -sum(share * math.log2(share) for share in shares)


def shift_share(base, end, base_all, end_all):
    """National, mix and local growth of each activity, by the growth rates."""
    growth = sum(end_all) / sum(base_all) - 1
    found = []
    for e0, e1, b, e in zip(base, end, base_all, end_all, strict=True):
        own, there = e1 / e0 - 1, e / b - 1
        found.append((e0 * growth, e0 * (there - growth), e0 * (own - there)))
    return found


def esteban_marquillas(base, end, base_all, end_all):
    """Local growth and allocation of each activity, from the base with the mix of all."""
    found = []
    for e0, e1, b, e in zip(base, end, base_all, end_all, strict=True):
        ahead = (e1 / e0 - 1) - (e / b - 1)
        even = sum(base) * b / sum(base_all)
        found.append((even * ahead, (e0 - even) * ahead))
    return found
