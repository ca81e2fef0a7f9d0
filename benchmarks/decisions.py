"""Many criteria under many sets of weights: ours at once, the peers one set after another.

The peers take minutes for 10,000 sets, so they rank the first 100: their ratio counts a
hundredfold.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from liantu.kernels.decision import ranks, topsis

CRITERIA, DRAWS, PEER_DRAWS = 20, 10_000, 100


@dataclass(frozen=True, slots=True)
class Draws:
    """Values (n, 20) of alternatives, and 10,000 sets of weights."""

    values: np.ndarray
    weights: np.ndarray
    maximise: np.ndarray


def draws(size: int) -> Draws:
    """``size`` alternatives; all criteria are to be high."""
    rng = np.random.default_rng(5)
    weights = rng.dirichlet(np.ones(CRITERIA), min(DRAWS, size * 20))
    return Draws(rng.random((size, CRITERIA)) + 0.1, weights, np.ones(CRITERIA, dtype=bool))


def ranked(given: Draws) -> np.ndarray:
    """The rank of every alternative under every set of weights."""
    return ranks(topsis(given.values, given.weights, maximise=given.maximise))


def pymcdm_ranked(given: Draws) -> np.ndarray:
    """The same from pymcdm, without its checks of the input, which take most of its time."""
    from pymcdm.methods import TOPSIS  # noqa: PLC0415 - a peer
    from pymcdm.normalizations import vector_normalization  # noqa: PLC0415

    method = TOPSIS(normalization_function=vector_normalization)
    types = np.ones(CRITERIA)
    return np.array(
        [
            method.rank(method(given.values, weights, types, validation=False))
            for weights in given.weights[:PEER_DRAWS]
        ]
    )


def scikit_criteria_ranked(given: Draws) -> np.ndarray:
    """The same from scikit-criteria, its matrix normalised beforehand."""
    import skcriteria  # noqa: PLC0415 - a peer
    from skcriteria.agg.topsis import TOPSIS  # noqa: PLC0415
    from skcriteria.preprocessing.scalers import VectorScaler  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = skcriteria.mkdm(given.values, [max] * CRITERIA, weights=given.weights[0])
        scaled = VectorScaler(target="matrix").transform(matrix)
        method = TOPSIS()
        return np.array(
            [
                method.evaluate(scaled.replace(weights=w)).rank_
                for w in given.weights[:PEER_DRAWS]
            ]
        )


def same_first_ranks(own: np.ndarray, peer: np.ndarray) -> None:
    """Assert that the ranks of the sets that the peer was given are the same."""
    np.testing.assert_array_equal(own[: len(peer)], peer)
