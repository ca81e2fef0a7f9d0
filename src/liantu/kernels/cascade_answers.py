"""What a cascade answers: indices of single failures, losses of scenarios and of sectors."""

from dataclasses import dataclass

from liantu.kernels.cascade_arrays import Counts, Floats, Rows


@dataclass(frozen=True, slots=True)
class Singles:
    """The index of firms that fail alone.

    Attributes
    ----------
    esri, down, up : (k, w) float64, in [0, 1]
        Mean over all firms of the larger of both losses, of the loss downstream and of that
        upstream, one column a weight.
    steps : (k,) int64
        Steps until the cascade stopped, the last one included.
    """

    esri: Floats
    down: Floats
    up: Floats
    steps: Counts


@dataclass(frozen=True, slots=True)
class Losses:
    """What every firm loses in each scenario.

    Attributes
    ----------
    down, up : (k, n) float in the precision asked for, in [0, 1]
    steps : (k,) int64
    """

    down: Rows
    up: Rows
    steps: Counts


@dataclass(frozen=True, slots=True)
class SectorLosses:
    """Mean loss of each sector, less what the shock itself took.

    Attributes
    ----------
    down, up, either : (k, m) float64, in [0, 1]; NaN for a sector without weight
        Downstream, upstream, and the larger of both firm by firm.
    """

    down: Floats
    up: Floats
    either: Floats
