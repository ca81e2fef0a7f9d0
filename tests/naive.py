"""Slow and obvious twins of the kernels, in plain Python."""

import itertools
import math
from fractions import Fraction

EARTH_RADIUS_KM = 6371.0088


def explode(parent, part, quantity, bought, *, root):
    """Need, ends and longest depth of every reached item, by walking every path."""
    lines = {}
    for k in range(len(parent)):
        lines.setdefault(int(parent[k]), []).append(k)
    need, ends, depth = {}, {}, {}

    def take(item, units, level, *, is_whole):
        need[item] = need.get(item, 0.0) + units
        depth[item] = max(depth.get(item, 0), level)
        if is_whole or item not in lines:
            ends[item] = ends.get(item, 0.0) + units
            return
        for k in lines[item]:
            below = units * float(quantity[k])
            take(int(part[k]), below, level + 1, is_whole=bool(bought[k]))

    take(root, 1.0, 0, is_whole=False)
    return need, ends, depth


def knots(parent, part, n_items):
    """Sets of items that are parts of each other, by following every item as far as it goes."""
    below = {item: set() for item in range(n_items)}
    for above, under in zip(parent, part, strict=True):
        below[int(above)].add(int(under))

    def reachable(start):
        seen, ahead = set(), list(below[start])
        while ahead:
            item = ahead.pop()
            if item not in seen:
                seen.add(item)
                ahead.extend(below[item])
        return seen

    far = [reachable(item) for item in range(n_items)]
    return {
        frozenset(other for other in far[item] if item in far[other])
        for item in range(n_items)
        if item in far[item]
    }


def haversine_km(longitude, latitude, origin_longitude, origin_latitude):
    """Great-circle distance in km of one position in degrees from another."""
    north, origin_north = math.radians(latitude), math.radians(origin_latitude)
    across = math.radians(longitude - origin_longitude)
    half = (
        math.sin((north - origin_north) / 2) ** 2
        + math.cos(north) * math.cos(origin_north) * math.sin(across / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(math.sqrt(half), 1.0))


def nearest(indptr, site, positions, origin, radii_km):
    """For every part: distance and site of its nearest maker, and makers within each radius."""
    answer = []
    for first, end in itertools.pairwise(indptr):
        far = {}
        for k in range(first, end):
            longitude, latitude = positions[site[k]]
            if not (math.isnan(longitude) or math.isnan(latitude)):
                far[int(site[k])] = haversine_km(longitude, latitude, *origin)
        best = min(sorted(far), key=far.get, default=-1)
        within = [sum(km <= radius for km in far.values()) for radius in radii_km]
        answer.append((far.get(best, math.inf), best, within))
    return answer


def coverage(distance_km, weight, radii_km):
    """Share of the weight within each radius, by definition and without rounding."""
    total = sum(map(Fraction, weight))
    if not total:
        return [math.nan for _ in radii_km]
    return [
        float(
            sum(
                (Fraction(w) for d, w in zip(distance_km, weight, strict=True) if d <= r),
                Fraction(0),
            )
            / total
        )
        for r in radii_km
    ]


def weighted_quantile_km(distance_km, weight, share):
    """Least distance within which at least a share of the weight lies, by trying each."""
    total = sum(map(Fraction, weight))
    if not total:
        return math.nan
    for radius in sorted(distance_km):
        inside = sum(
            Fraction(w) for d, w in zip(distance_km, weight, strict=True) if d <= radius
        )
        if float(inside / total) >= share:
            return float(radius)
    return math.inf


def betweenness(n_nodes, links):
    """Pairs of others whose shortest paths pass each node, by walking every shortest path."""
    near = {node: set() for node in range(n_nodes)}
    for a, b in links:
        if a != b:
            near[a].add(b)
            near[b].add(a)

    def shortest(start, end):
        paths = [[start]]
        while paths and all(path[-1] != end for path in paths):
            seen = {node for path in paths for node in path}
            paths = [[*path, n] for path in paths for n in sorted(near[path[-1]] - seen)]
        return [path for path in paths if path[-1] == end]

    passed = [0.0] * n_nodes
    for start, end in itertools.combinations(range(n_nodes), 2):
        paths = shortest(start, end)
        for path in paths:
            for node in path[1:-1]:
                passed[node] += 1 / len(paths)
    return passed
