"""Places by activity, and all that complexity makes of them, ours and by the peer.

``python -m benchmarks.complexities`` prints the peak memory of both, in a process for each.
"""

import resource
import subprocess
import sys
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liantu.kernels.complexity import Index, held, index, rank_range, rca
from liantu.kernels.proximity import density, outlook, outlook_gain, space

PLACES, ACTIVITIES = 250, 1_400
OUTPUTS = ("rca", "mcp", "eci", "pci", "density", "coi", "cog")

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """Figures of places by activity, and what the peer reads them from."""

    values: Values
    draws: int = 0

    @cached_property
    def frame(self) -> Any:  # noqa: ANN401 - the peer's pandas may be absent
        """One row for each place and activity, as the peer takes them."""
        import pandas as pd  # noqa: PLC0415

        place, activity = np.indices(self.values.shape)
        return pd.DataFrame(
            {
                "year": 2020,
                "place": place.ravel(),
                "activity": activity.ravel(),
                "value": self.values.ravel(),
            }
        )

    @cached_property
    def whole(self) -> Index:
        """The index of all figures, which the draws are about."""
        return index((rca(self.values) >= 1).astype(np.float64))


def few_places(n_activities: int) -> Study:
    """250 places and so many activities."""
    return Study(_figures(PLACES, n_activities))


def many_places(n_places: int) -> Study:
    """So many places and 1,400 activities."""
    return Study(_figures(n_places, ACTIVITIES))


def counts(draws: int) -> Study:
    """300 places, 1,000 activities, figures that are counts, and so many draws."""
    return Study(np.ceil(_figures(300, 1_000)), draws)


def _figures(n: int, m: int) -> Values:
    """Places that know much do what is demanding; none of either is empty."""
    rng = np.random.default_rng(30)
    know, demand = rng.normal(size=(n, 1)), rng.normal(size=m)
    likely = 1 / (1 + np.exp(1 - 2 * (know - demand)))
    done = rng.random((n, m)) < likely
    done[rng.integers(n, size=m), np.arange(m)] = True
    done[np.arange(n), rng.integers(m, size=n)] = True
    return np.where(done, rng.lognormal(0, 1.5, (n, m)), 0.0)


def complexity(study: Study) -> dict[str, Values]:
    """Every output, ours."""
    advantage = rca(study.values)
    done = advantage >= 1
    made = done[np.ix_(*held(done))].astype(np.float64)
    found = index(made)
    around = space(made)
    near = density(around, made)
    return {
        "rca": advantage,
        "mcp": made,
        "eci": found.eci,
        "pci": found.pci,
        "density": near,
        "coi": outlook(near, made, found.raw),
        "cog": outlook_gain(around, made, found.raw / found.scale),
    }


def py_ecomplexity(study: Study) -> Any:  # noqa: ANN401 - a frame of the peer's pandas
    """Every output, the peer's."""
    from ecomplexity import ecomplexity  # noqa: PLC0415 - the peer may be absent

    names = {"time": "year", "loc": "place", "prod": "activity", "val": "value"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ecomplexity(study.frame, names, check_logsupermodularity=False, verbose=False)


def same_outputs(own: dict[str, Values], peer: Any) -> None:  # noqa: ANN401
    """Assert that both found the same, of every place and activity."""
    shape = own["mcp"].shape
    ordered = peer.sort_values(["place", "activity"])
    for name in OUTPUTS:
        mine = own[name]
        mine = mine[:, None] if name in {"eci", "coi"} else mine
        found = ordered[name].to_numpy().reshape(shape)
        np.testing.assert_allclose(
            np.broadcast_to(mine, shape), found, rtol=1e-9, atol=1e-9, err_msg=name
        )


def ranges(study: Study) -> tuple[Values, Values, int]:
    """The range of the rank of each place over the draws."""
    return rank_range(
        study.values,
        study.whole,
        threshold=1.0,
        draws=study.draws,
        seed=1,
        by="place",
        counts=True,
    )


def _peak_mb(side: str, n: int) -> None:
    """Print the peak memory of one side above that before it began."""
    study = few_places(n)
    if side == "peer":
        py_ecomplexity(few_places(20))  # what it loads is not counted
        _ = study.frame
    else:
        complexity(few_places(20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (py_ecomplexity if side == "peer" else complexity)(study)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{side}, {PLACES} x {n:,}: {(peak - before) / 1024:.0f} MB\n")


def main() -> None:
    """Print the peak memory of both sides, each measured in a new process."""
    if len(sys.argv) == 3:
        _peak_mb(sys.argv[1], int(sys.argv[2]))
        return
    for side in ("own", "peer"):
        command = [sys.executable, "-m", "benchmarks.complexities", side, "5000"]
        subprocess.run(command, check=True)  # noqa: S603 - our own code


if __name__ == "__main__":
    main()
