"""The chain map: the products of a chain by stage and segment, drawn as SVG on the server."""

from liantu.faces.chainmap.chart import chain_map, focus_sentence
from liantu.faces.chainmap.marks import state_bar, state_mark
from liantu.faces.chainmap.segments import STATE_WORDS, SegmentLine, legend, segment_list

__all__ = [
    "STATE_WORDS",
    "SegmentLine",
    "chain_map",
    "focus_sentence",
    "legend",
    "segment_list",
    "state_bar",
    "state_mark",
]
