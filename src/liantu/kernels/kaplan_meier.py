"""How long something takes where not everything has ended: the Kaplan-Meier estimate."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

_LEVEL = 1e-9  # shares that differ by less are the same


@dataclass(frozen=True, slots=True)
class Survival:
    """The share that lasts longer than each time, group by group.

    Attributes
    ----------
    group : (k,) ascending
    time : (k,) ascending within a group; times at which anything ended or was last seen
    lasting : (k,) in [0, 1], share of the group that lasts beyond the time
    n_groups : how many groups there are
    """

    group: Counts
    time: Numbers
    lasting: Numbers
    n_groups: int

    def quantile(self, part: float) -> Numbers:
        """The least time by which ``part`` of each group has ended.

        Returns
        -------
        (n_groups,) NaN where the group is empty, or so many are open that it is not reached
        """
        found = np.full(self.n_groups, np.nan)
        reached = self.lasting <= 1 - part + _LEVEL
        group, first = np.unique(self.group[reached], return_index=True)
        found[group] = self.time[reached][first]
        return found


def survival(
    time: Numbers, is_ended: Truths, *, group: Counts | None = None, n_groups: int = 1
) -> Survival:
    """The Kaplan-Meier estimate of each group.

    At each time the share that lasts is multiplied by 1 - d / n, d being those that end then
    and n those that were still under way. What has not ended leaves after those that end at
    the same time.

    Parameters
    ----------
    time : (n,) at least 0: when it ended, or until when it was seen not to have ended
    is_ended : (n,)
    group : (n,) in 0..n_groups - 1; one group where not given

    Returns
    -------
    Survival

    Notes
    -----
    Kaplan and Meier (1958), product-limit estimate; O(n log n). Leaving out what is open would
    make everything look quicker than it is.
    """
    if group is None:
        group = np.zeros(len(time), dtype=np.int64)
    order = np.lexsort((time, group))
    group, time, is_ended = group[order], time[order], is_ended[order]
    is_new = np.ones(len(time), dtype=bool)
    is_new[1:] = (np.diff(group) != 0) | (np.diff(time) != 0)
    first = np.flatnonzero(is_new)
    ended = np.add.reduceat(is_ended.astype(np.int64), first) if len(first) else first
    group, time = group[first], time[first]
    after = np.cumsum(np.bincount(group, np.diff(np.append(first, len(order))), n_groups))
    under_way = after.astype(np.int64)[group] - first
    logs = np.log1p(-ended / under_way, where=ended < under_way, out=np.zeros(len(first)))
    total = np.cumsum(logs)
    starts = np.searchsorted(group, np.arange(n_groups))[group]
    lasting = np.exp(total - (total - logs)[starts])
    return Survival(group, time, np.where(ended < under_way, lasting, 0.0), n_groups)
