"""Slow and obvious twins of what compares places and picks candidates, in plain Python."""

import itertools
import math


def herfindahl(amounts):
    """Sum of squared shares; None where an amount is unknown or nothing comes."""
    if any(amount is None for amount in amounts) or not sum(amounts):
        return None
    return sum((amount / sum(amounts)) ** 2 for amount in amounts)


def dependence(trade, *, inside=()):
    """For one product in one year: the three indices, and whether it is dependent.

    ``trade`` holds rows of flow, partner and value; each partner is a unit of its own.
    """
    imports = {p: value for flow, p, value in trade if flow == "import"}
    outside = [value for partner, value in imports.items() if partner not in inside]
    within = [value for partner, value in imports.items() if partner in inside]
    exports = [value for flow, _, value in trade if flow == "export"]
    first = herfindahl(outside)
    whole = None if None in (*outside, *within) else sum(outside) + sum(within)
    second = sum(outside) / whole if whole else None
    third = None
    if None not in outside and exports and None not in exports:
        if sum(exports):
            third = sum(outside) / sum(exports)
        elif sum(outside):
            third = math.inf
    if None not in outside and not sum(outside):
        return first, second, third, False
    if None in (first, second, third):
        return first, second, third, None
    return first, second, third, first > 0.4 and second > 0.5 and third > 1


def structure(own, other, kind):
    """How alike two lists of amounts are in their shares; None where one of them is empty."""
    if not sum(own) or not sum(other):
        return None
    p = [value / sum(own) for value in own]
    q = [value / sum(other) for value in other]
    if kind == "cosine":
        lengths = math.sqrt(sum(a * a for a in p)) * math.sqrt(sum(b * b for b in q))
        return sum(a * b for a, b in zip(p, q, strict=True)) / lengths
    divergence = 0.0
    for a, b in zip(p, q, strict=True):
        middle = (a + b) / 2
        divergence += sum(x / 2 * math.log2(x / middle) for x in (a, b) if x)
    return 1 - divergence


def similarity(own, other, size_weight, kind):
    """The mean of structure and size, by weight; None where one of them is empty."""
    alike = structure(own, other, kind)
    if alike is None:
        return None
    size = math.exp(-abs(math.log(sum(own) / sum(other))))
    return (1 - size_weight) * alike + size_weight * size


def ranks(values):
    """1 for the highest; equals share the better rank; None stays None."""
    return [
        None
        if value is None
        else 1 + sum(other is not None and other > value + 1e-12 for other in values)
        for value in values
    ]


def rank_range(own, others, size_weight, kind):
    """Rank of every other place, and the best and worst with any one activity left out."""
    turns = [ranks([similarity(own, other, size_weight, kind) for other in others])]
    for out in range(len(own)):
        rest = [value for k, value in enumerate(own) if k != out]
        theirs = [[value for k, value in enumerate(other) if k != out] for other in others]
        turns.append(ranks([similarity(rest, other, size_weight, kind) for other in theirs]))
    found = []
    for k in range(len(others)):
        known = [turn[k] for turn in turns if turn[k] is not None]
        found.append((turns[0][k], min(known), max(known)))
    return found


def best_sum(value):
    """The greatest sum over all ways to give each task one agent or none, none twice.

    ``value`` maps (task, agent) to a number.
    """
    tasks = sorted({task for task, _ in value})
    choices = [[None, *(agent for other, agent in value if other == task)] for task in tasks]
    best = 0.0
    for chosen in itertools.product(*choices):
        taken = [agent for agent in chosen if agent is not None]
        if len(set(taken)) == len(taken):
            pairs = zip(tasks, chosen, strict=True)
            best = max(best, sum(value[t, a] for t, a in pairs if a is not None))
    return best
