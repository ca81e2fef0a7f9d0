"""Slow and obvious twins of the kernels of complexity, straight from the definitions."""

import numpy as np


def rca(values):
    """(X_cp / X_c) / (X_p / X), cell by cell; NaN where a sum is zero."""
    n, m = values.shape
    whole = sum(values[c, p] for c in range(n) for p in range(m))
    found = np.full((n, m), np.nan)
    for c in range(n):
        for p in range(m):
            place, activity = sum(values[c]), sum(values[:, p])
            if place and activity:
                found[c, p] = (values[c, p] / place) / (activity / whole)
    return found


def held(made):
    """Rows and columns that are left once empty ones are taken out until none is."""
    rows, columns = list(range(made.shape[0])), list(range(made.shape[1]))
    while True:
        full_rows = [c for c in rows if any(made[c, p] for p in columns)]
        full_columns = [p for p in columns if any(made[c, p] for c in full_rows)]
        if (full_rows, full_columns) == (rows, columns):
            return rows, columns
        rows, columns = full_rows, full_columns


def index(made):
    """ECI, PCI and PCI on its own scale, and the eigenvalues: by the full matrix of places."""
    diversity, ubiquity = made.sum(axis=1), made.sum(axis=0)
    n, m = made.shape
    steps = np.zeros((n, n))
    for c in range(n):
        for d in range(n):
            steps[c, d] = sum(
                made[c, p] * made[d, p] / (diversity[c] * ubiquity[p]) for p in range(m)
            )
    roots, vectors = np.linalg.eig(steps)
    order = np.argsort(-roots.real)
    place = vectors[:, order[1]].real
    raw = np.array([np.mean([place[c] for c in range(n) if made[c, p]]) for p in range(m)])
    place = np.array([np.mean([raw[p] for p in range(m) if made[c, p]]) for c in range(n)])
    sign = np.sign(np.corrcoef(place, diversity)[0, 1])
    eci = sign * (place - place.mean()) / place.std()
    pci = sign * (raw - place.mean()) / place.std()
    own = sign * (raw - raw.mean()) / raw.std()
    return eci, pci, own, sign * raw, place.std(), roots.real[order]


def fitness(made, steps=1000, tolerance=1e-10):
    """Fitness and quality, each step from the one before."""
    n, m = made.shape
    fit, quality = [1.0] * n, [1.0] * m
    for _ in range(steps):
        now = [sum(made[c, p] * quality[p] for p in range(m)) for c in range(n)]
        held_down = [sum(made[c, p] / fit[c] for c in range(n)) for p in range(m)]
        quality = [1 / each for each in held_down]
        now = [each / np.mean(now) for each in now]
        quality = [each / np.mean(quality) for each in quality]
        moved = max(abs(a - b) for a, b in zip(now, fit, strict=True))
        fit = now
        if moved <= tolerance:
            break
    return np.array(fit), np.array(quality)


def proximity(made, kind="proximity", *, diagonal=True):
    """The nearness of every two activities, one pair at a time."""
    n, m = made.shape
    near = np.zeros((m, m))
    for p in range(m):
        for q in range(m):
            both = sum(made[c, p] * made[c, q] for c in range(n))
            one, other = sum(made[:, p]), sum(made[:, q])
            near[p, q] = {
                "proximity": min(both / one, both / other),
                "association": (both / n) / ((one / n) * (other / n)),
                "cosine": both / (one * other) ** 0.5,
                "jaccard": both / sum(max(made[c, p], made[c, q]) for c in range(n)),
            }[kind]
    if not diagonal:
        for p in range(m):
            near[p, p] = 0
    return near


def density(made, near):
    """The share of the nearness to each activity that each place has."""
    n, m = made.shape
    return np.array(
        [
            [
                sum(made[c, q] * near[q, p] for q in range(m)) / sum(near[:, p])
                if sum(near[:, p])
                else np.nan
                for p in range(m)
            ]
            for c in range(n)
        ]
    )


def outlook(made, near, raw):
    """COI, standardised over the places."""
    dense = np.nan_to_num(density(made, near))
    n, m = made.shape
    coi = np.array(
        [sum(dense[c, p] * (1 - made[c, p]) * raw[p] for p in range(m)) for c in range(n)]
    )
    return (coi - coi.mean()) / coi.std()


def outlook_gain(made, near, weight):
    """COG of every place and activity."""
    n, m = made.shape
    total = near.sum(axis=0)
    return np.array(
        [
            [
                (1 - made[c, p])
                * sum(
                    (1 - made[c, q]) * near[q, p] * weight[q] / total[q]
                    for q in range(m)
                    if total[q]
                )
                for p in range(m)
            ]
            for c in range(n)
        ]
    )
