"""The layout of the chain map: it rests on structure alone, and nothing overlaps."""

from dataclasses import replace
from itertools import pairwise

import pytest

from liantu.faces.chainmap import chain_map, segment_list
from liantu.faces.chainmap.layout import LABEL_X
from liantu.faces.chainmap.metrics import cut, text_width
from liantu.faces.chainmap.packing import MOST_ROWS
from liantu.faces.chainmap.routes import bundles, lane_depth, segment_lines
from liantu.faces.chainmap.rows import focus_of, rows_of, segment_links
from liantu.faces.chainmap.structure import depths
from liantu.result import Network, Node, Ref, say
from tests.faces.chains import RAIL, SVG, chain, parsed, placed, small, words_of


def boxes(picture):
    """Rectangles of every text: left, top, right, bottom, as measured."""
    root = parsed(picture)
    frames = [root, *root.findall(f"{SVG}svg")]
    return [box for frame in frames for box in own_boxes(frame)]


def own_boxes(frame):
    inner = {text for nested in frame.findall(f"{SVG}svg") for text in nested.iter()}
    for text in frame.iter(f"{SVG}text"):
        if text in inner:
            continue
        size = float(text.get("font-size", 11.6))
        wide = text_width("".join(text.itertext()), size, bold=text.get("font-weight") == "600")
        shift = {"end": -wide, "middle": -wide / 2}.get(text.get("text-anchor"), 0)
        at = [float(frame.get(k, 0)) + float(text.get(k, 0)) for k in "xy"]
        left = at[0] + shift
        yield left, at[1] - 0.72 * size, left + wide, at[1] + 0.2 * size


def test_depth_is_the_longest_path_to_a_final_product_and_a_cycle_counts_as_one():
    # 0 -> 1 -> 3, 0 -> 2 <-> 1: 1 and 2 are a cycle, 3 is final, 4 stands alone.
    assert depths(5, [(0, 1), (1, 3), (0, 2), (1, 2), (2, 1)]) == [2, 1, 1, 0, 0]
    # A path into a cycle that nothing leaves.
    assert depths(3, [(0, 1), (1, 2), (2, 1)]) == [1, 0, 0]
    assert depths(4, [(0, 1), (1, 2), (2, 3), (0, 3)]) == [3, 2, 1, 0]


def test_segments_stand_from_the_raw_material_to_the_final_product():
    nodes = tuple(
        Node(Ref("products", i), "midstream", segment, "weak")
        for i, segment in (("a", "Zinc"), ("b", "Middle"), ("c", "Axles"))
    )
    network = Network(title=say("Map"), nodes=nodes, links=((0, 1), (1, 2)))
    assert [line.name for line in segment_list(network)] == ["Zinc", "Middle", "Axles"]


def test_the_layout_is_the_same_whatever_the_states_are():
    network, called = RAIL
    changed = tuple(replace(n, state="missing", synthetic=False) for n in network.nodes)
    words = words_of(called)
    assert placed(network, words)[1] == placed(replace(network, nodes=changed), words)[1]


def test_the_layout_is_the_same_in_both_languages():
    network, called = RAIL
    english = placed(network, words_of(called))[1]
    assert placed(network, words_of(called, "zh"))[1] == english


@pytest.mark.parametrize("width", [1180, 1224, 1650, 600])
def test_labels_never_overlap_and_stay_in_the_picture(width):
    network, called = RAIL
    found = boxes(chain_map(network, words_of(called), width=width))
    for i, (left, top, right, bottom) in enumerate(found):
        assert left >= 0
        assert right <= width + 1
        for other in found[:i]:
            apart = (
                left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1]
            )
            assert apart, ((left, top, right, bottom), other)


@pytest.mark.parametrize("width", [1224, 600])
def test_no_line_crosses_a_label_whatever_is_in_focus(width):
    network, called = RAIL
    structure, places = placed(network, words_of(called), width)
    for node in range(len(structure.nodes)):
        focus = focus_of(structure, node)
        rows = rows_of(structure, places, focus)
        joined = bundles(places, rows, focus)
        for line in (line for bundle in joined for line in bundle.lines):
            assert_clear(places, line)
            for bundle in (bundle for bundle in joined if bundle.free):
                assert_beside(line, bundle)


def test_no_line_between_segments_crosses_a_label():
    network, called = RAIL
    links = segment_links(placed(network, words_of(called))[0])
    places = placed(network, words_of(called), lane=lane_depth(links))[1]
    drawn = segment_lines(places, links)
    assert len(drawn) == len(links)
    for _, _, line in drawn:
        assert_clear(places, line)


def assert_beside(line, bundle):
    """No line but its own lane meets the stretch on which a bundle may be labelled."""
    left, right = bundle.free
    for (x, y), (z, w) in pairwise(line.points):
        if min(x, z) < right and max(x, z) > left and y != bundle.lane_y:
            assert max(y, w) < bundle.lane_y - 6 or min(y, w) > bundle.lane_y + 5


def assert_clear(places, line):
    """Each part of the line runs in a gutter or in the lane, so that no label is met."""
    for (x, y), (z, w) in pairwise(line.points):
        left, right = min(x, z), max(x, z)
        within = [c for c in places.columns if left < c + places.column_width and right > c]
        if not within:
            continue
        assert y == w
        assert y > 20
        assert y < min(piece.y for piece in places.pieces)


def test_a_label_that_is_too_long_is_cut_and_ends_with_an_ellipsis():
    words = words_of({"a": "Integrated pneumatic brake-control cubicle with an air dryer"})
    picture = chain_map(small(["a"]), words, width=160)
    label = next(
        t.text for t in parsed(picture).iter(f"{SVG}text") if (t.text or "").endswith("…")
    )
    assert label.startswith("Integrated pneu")
    assert LABEL_X + text_width(label, 11.6) <= 160
    assert (
        "<title>Integrated pneumatic brake-control cubicle with an air dryer: present"
        in picture
    )


def test_a_text_that_fits_is_not_cut_and_han_is_one_em_wide():
    assert text_width("牵引变流器", 12) == 60
    assert cut("牵引变流器", 60, 12) == "牵引变流器"
    assert cut("牵引变流器", 59, 12) == "牵引变…"
    assert text_width("é", 10) == text_width("e", 10)


def test_a_long_chain_shows_what_is_missing_and_counts_the_rest():
    network, called = chain({"midstream": {f"Segment {i}": 60 for i in range(10)}})
    structure, places = placed(network, words_of(called))
    rows = rows_of(structure, places, None)
    assert places.form == "short"
    for p, piece in enumerate(places.pieces):
        shown = [row.node for row in rows.rows if row.piece == p]
        more = [more.count for more in rows.more if more.piece == p]
        assert len(shown) == 6
        assert {structure.nodes[n].state for n in shown} <= {"missing", "foreign_only"}
        assert more == [len(piece.members) - 6]
    opened = chain_map(network, words_of(called), open_segment="Segment 3", opening=str)
    assert "Segment 3, continued" in opened
    assert opened.count("and 54 more") == 9


def test_more_than_sixty_segments_are_heads_alone():
    network, called = chain({"midstream": {f"Segment {i:02}": 3 for i in range(61)}})
    structure, places = placed(network, words_of(called))
    assert places.form == "heads"
    assert rows_of(structure, places, focus_of(structure, 0)).rows == ()
    assert "Segment 60" in chain_map(network, words_of(called), opening=str)


def test_a_segment_longer_than_a_column_is_continued_in_the_next():
    network, called = chain({"midstream": {"Bogie": 50, "Control": 10}})
    _, places = placed(network, words_of(called))
    assert places.form == "whole"
    assert max(piece.slots for piece in places.pieces) <= MOST_ROWS
    assert "Bogie, continued" in chain_map(network, words_of(called))
