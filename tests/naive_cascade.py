"""The slow twin of the cascade: dense matrices, the formulas one after the other."""

import numpy as np

ESSENTIAL, NON_ESSENTIAL = 2, 1


class NaiveCascade:
    """A supply network as matrices of firms by firms; arguments as those of ``Cascade``."""

    def __init__(  # noqa: PLR0913 - as those of Cascade
        self,
        supplier,
        buyer,
        value,
        sector,
        *,
        importance,
        market=None,
        revenue=None,
        cost=None,
        mode="converged",
        substitution=True,
        eps=None,
    ):
        n, m = len(sector), len(importance)
        self.n, self.sector = n, np.asarray(sector)
        self.market = self.sector if market is None else np.asarray(market)
        self.published, self.substitution = mode == "diem2022", substitution
        self.eps = eps or (1e-2 if self.published else 1e-5)
        sales = np.zeros((n, n))
        np.add.at(sales, (supplier, buyer), value)
        self.out = sales.sum(axis=1)
        bought = sales.sum(axis=0)
        from_sector = np.zeros((n, m))
        np.add.at(from_sector.T, self.sector, sales)
        self.is_essential = (
            np.asarray(importance)[self.sector[:, None], self.sector] == ESSENTIAL
        )
        self.is_pooled = (
            np.asarray(importance)[self.sector[:, None], self.sector] == NON_ESSENTIAL
        )
        essential = divided(sales, from_sector.T[self.sector])
        pooled = divided(sales, np.broadcast_to(bought, (n, n)))
        self.down = np.where(self.is_essential, essential, np.where(self.is_pooled, pooled, 0))
        if cost is not None:
            is_known = (np.nan_to_num(cost) > 0) & (bought > 0)
            self.down *= np.where(is_known, divided(bought, np.where(is_known, cost, 1)), 1)
        whole = self.out.copy()
        if revenue is not None:
            known = np.nan_to_num(revenue, nan=-1)
            is_known = known >= 0 if self.published else known > 0
            whole = np.where(is_known, known, whole)
        whole[whole == 0] = 1
        self.up = sales / whole[:, None]

    def sigma(self, d):
        """How little others of its market can stand in for each firm."""
        if not self.substitution:
            return np.ones(self.n)
        found = np.empty(self.n)
        for i in range(self.n):
            rivals = self.market == self.market[i]
            left = (self.out * (1 - d))[rivals].sum()
            if self.published:
                found[i] = min(1, self.out[i] / (1 if left <= 1e-10 else left))
            else:
                is_gone = left <= 1e-10 * self.out[rivals].sum()
                found[i] = 1 if is_gone else min(1, self.out[i] / left)
        return found

    def parts(self, d):
        """What each supplier's loss takes from each buyer."""
        return (self.sigma(d) * d)[:, None] * self.down

    def slots(self, d):
        """Loss of each buyer by slot: the pool first, then one for each sector."""
        parts = self.parts(d)
        pool = np.where(self.is_pooled, parts, 0).sum(axis=0)
        essential = np.where(self.is_essential, parts, 0)
        sectors = range(self.sector.max() + 1)
        return np.array([pool, *(essential[self.sector == k].sum(axis=0) for k in sectors)])

    def step(self, d, u):
        """Losses one synchronous step on; they never fall."""
        lost = np.maximum(d, self.slots(d).max(axis=0))
        return np.clip(lost, 0, 1), np.clip(np.maximum(u, self.up @ u), 0, 1)

    def run(self, shock_down, shock_up):
        """Losses d and u, and the steps that they took."""
        d, u, steps = np.array(shock_down, float), np.array(shock_up, float), 0
        while True:
            was = d, u
            d, u = self.step(d, u)
            steps += 1
            if max((d - was[0]).max(), (u - was[1]).max()) <= self.eps:
                return d, u, steps

    def single(self, firm, weights, share=1.0):
        """Index by max(d, u), d and u (3, w) of one failure, and its steps."""
        weights = np.asarray(weights, float).reshape(self.n, -1)
        weights = weights / weights.sum(axis=0)
        shock = np.zeros(self.n)
        shock[firm] = share
        d, u, steps = self.run(shock, shock)
        return np.array([np.maximum(d, u) @ weights, d @ weights, u @ weights]), steps

    def via(self, d, u, shock_down, shock_up):
        """The largest giver of the slot that set each loss, and -1 where there is none."""
        return (
            [self._via(j, self.slots(d)[:, j], d, shock_down[j]) for j in range(self.n)],
            [
                first_of_largest(self.up[j] * u) if min(1, self.up[j] @ u) > shock_up[j] else -1
                for j in range(self.n)
            ],
        )

    def _via(self, j, slots, d, shock):
        if min(1, slots.max()) <= shock:
            return -1
        k = int(slots.argmax())
        kind = (
            self.is_pooled[:, j] if k == 0 else self.is_essential[:, j] & (self.sector == k - 1)
        )
        return first_of_largest(np.where(kind, self.parts(d)[:, j], -1))


def first_of_largest(parts):
    """Where the largest part stands, the first of equals."""
    return int(np.argmax(parts))


def divided(a, b):
    """a over b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.shape(a)), where=np.asarray(b) > 0)
