"""A slow and obvious twin of the days after a stop, in plain Python and in money."""


def course(  # noqa: C901 - every rule once
    links, outside, importance, cover_days, lost, *, days, recovery_days, restock_days
):
    """For each day: output of each firm, and of each slot what came, was used and is left.

    ``links`` are (supplier, buyer, kind, flow); ``importance`` and ``cover_days`` go by
    (buyer, kind).
    """
    firms = range(len(outside))
    need = {}
    for _, buyer, kind, flow in links:
        need[buyer, kind] = need.get((buyer, kind), 0.0) + flow
    bought = [sum(n for (buyer, _), n in need.items() if buyer == i) for i in firms]
    usual = [outside[i] + sum(link[3] for link in links if link[0] == i) for i in firms]
    stock = {slot: cover_days[slot] * need[slot] for slot in need}
    on_way = [flow * (1 - lost[supplier]) for supplier, _, _, flow in links]
    asked = [1.0] * len(outside)
    told = []
    for day in range(days):
        left = max(0.0, 1 - day / recovery_days)
        able = [1 - lost[i] * left for i in firms]
        came = dict.fromkeys(need, 0.0)
        for (_, buyer, kind, _), goods in zip(links, on_way, strict=True):
            came[buyer, kind] += goods
        stock = {slot: stock[slot] + came[slot] for slot in need}
        order = {}
        for slot, usually in need.items():
            gap = (cover_days[slot] + 1) * usually - stock[slot]
            means = min(able[slot[0]], asked[slot[0]]) * usually
            order[slot] = max(0.0, means + (gap / restock_days if gap > 0 else gap))
        of_link = [order[b, k] * flow / need[b, k] for _, b, k, flow in links]
        demand = list(outside)
        for (supplier, *_), wanted in zip(links, of_link, strict=True):
            demand[supplier] += wanted
        asked = [demand[i] / usual[i] if usual[i] else 1.0 for i in firms]
        level = []
        for i in firms:
            slots = [slot for slot in need if slot[0] == i]
            most = min(able[i], asked[i])
            for slot in slots:
                if importance[slot] == 2:
                    most = min(most, stock[slot] / need[slot])
            made = most
            for slot in slots:
                if importance[slot] == 1 and stock[slot] / need[slot] < most:
                    made -= need[slot] / bought[i] * (most - stock[slot] / need[slot])
            level.append(max(0.0, made))
        used = {slot: min(stock[slot], level[slot[0]] * need[slot]) for slot in need}
        stock = {slot: stock[slot] - used[slot] for slot in need}
        part = [min(1.0, level[i] * usual[i] / demand[i]) if demand[i] else 1.0 for i in firms]
        on_way = [
            wanted * part[supplier]
            for (supplier, *_), wanted in zip(links, of_link, strict=True)
        ]
        told.append(
            {
                "output": [level[i] * usual[i] for i in firms],
                "came": came,
                "used": used,
                "stock": dict(stock),
            }
        )
    return told
