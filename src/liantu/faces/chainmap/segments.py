"""What a segment holds, by state: for heads, bars, the legend and the list on a phone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liantu.faces.chainmap.structure import Structure, structure
from liantu.faces.tokens import STATES
from liantu.faces.words import Words
from liantu.result import Network, Node, Sentence, State, Value, say

STATE_WORDS: Mapping[State, str] = {state: state for state in STATES} | {
    "foreign_only": "foreign only"
}
STAGE_WORDS = {"upstream": "Upstream", "midstream": "Midstream", "downstream": "Downstream"}

_SCORES: Mapping[State, float] = {
    "strong": 1.0,
    "present": 1.0,
    "weak": 0.5,
    "missing": 0.0,
    "foreign_only": 0.0,
}


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment in one line: how many of its products are in each state.

    ``completeness`` is the share of the weight with a known state that is met, weak counting
    half; None where no state is known. ``loss`` is the mean loss of its products by weight;
    None where none is known.
    """

    stage: str | None
    name: str | None
    counts: Mapping[State, int]
    completeness: float | None
    loss: float | None = None

    @property
    def n_products(self) -> int:
        """How many products it has."""
        return sum(self.counts.values())

    @property
    def sentence(self) -> Sentence:
        """Its completeness in words, with what it is a share of."""
        values: dict[str, Value] = {
            "segment": self.name,
            "known": self.n_products - self.counts["unknown"],
            "unknown": self.counts["unknown"],
        }
        if self.loss is not None:
            return say("{segment:name}: {share:percent} lost", share=self.loss, **values)
        if self.completeness is None:
            return say(
                "{segment:name}: no state is known of {unknown:count} products", **values
            )
        return say(
            "{segment:name}: {share:percent} complete, of {known:count} products with a known "
            "state; {unknown:count} unknown",
            share=self.completeness,
            **values,
        )


def stage_words(stage: str | None) -> str:
    """What a stage is called in English."""
    return "Stage not recorded" if stage is None else STAGE_WORDS.get(stage, stage)


def segment_words(segment: str | None, words: Words) -> str:
    """What a segment is called: as the workspace has it, never translated."""
    return words.say("Segment not recorded") if segment is None else segment


def legend(network: Network) -> Mapping[State, int]:
    """How many products are in each state, in the order of the states."""
    return _counts(network.nodes)


def segment_list(network: Network) -> tuple[SegmentLine, ...]:
    """The segments of a network in one line each, from the raw material down."""
    return lines(structure(network, [node.ref.id for node in network.nodes]))


def lines(chain: Structure) -> tuple[SegmentLine, ...]:
    """One line for each segment of a structure."""
    return tuple(
        _line(s.stage, s.name, [chain.nodes[i] for i in s.members]) for s in chain.segments
    )


def _line(stage: str | None, name: str | None, nodes: list[Node]) -> SegmentLine:
    known = [node for node in nodes if node.state in _SCORES]
    weight = sum(node.weight for node in known)
    met = sum(node.weight * _SCORES[node.state] for node in known)
    return SegmentLine(
        stage, name, _counts(nodes), met / weight if weight > 0 else None, _loss(nodes)
    )


def _loss(nodes: list[Node]) -> float | None:
    known = [(node.weight, node.loss) for node in nodes if node.loss is not None]
    weight = sum(held for held, _ in known)
    return sum(held * lost for held, lost in known) / weight if weight > 0 else None


def _counts(nodes: Iterable[Node]) -> Mapping[State, int]:
    counted = Counter(node.state for node in nodes)
    return {state: counted[state] for state in STATES}
