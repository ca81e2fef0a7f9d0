"""The chain map: what it shows, that it is the same each time, and that it is safe."""

import gzip
import re
from dataclasses import replace
from time import process_time

import pytest

from liantu.faces.chainmap import chain_map, focus_sentence, legend, segment_list, state_bar
from liantu.faces.tokens import STATES
from liantu.locale import catalogue
from liantu.result import Network, Node, Ref, say
from tests.faces.chains import (
    RAIL,
    SVG,
    address,
    chain,
    parsed,
    shuffled,
    small,
    words_of,
)


def test_the_same_network_gives_the_same_bytes_in_any_order_of_rows():
    network, called = RAIL
    first = chain_map(network, words_of(called), address=address)
    assert chain_map(network, words_of(called), address=address) == first
    for seed in range(3):
        assert chain_map(shuffled(network, seed), words_of(called), address=address) == first


def test_every_product_is_there_once_with_its_whole_name():
    network, called = RAIL
    picture = chain_map(network, words_of(called), width=1224, address=address)
    for name in called.values():
        assert len(re.findall(rf"<title>{re.escape(name)}: ", picture)) == 1
    assert picture.count("<a href=") == len(network.nodes) == 206


def test_a_focus_is_joined_and_its_bundle_carries_its_count():
    nodes = [
        Node(Ref("products", f"m{i}"), "upstream", "Materials", "present") for i in range(6)
    ]
    nodes += [
        Node(Ref("products", f"x{i}"), "midstream", f"Other {i}", "weak") for i in range(3)
    ]
    nodes.append(Node(Ref("products", "t"), "midstream", "Traction", "strong"))
    links = ((0, 9), (1, 9), (8, 9), (0, 6), (6, 7), (7, 8))
    network = Network(title=say("Map"), nodes=tuple(nodes), links=links, focus=9)
    words = words_of({node.ref.id: node.ref.id for node in nodes})
    assert "2 of 3 inputs come from upstream" in chain_map(network, words, width=1000)
    assert "3 种投入中有 2 种来自上游" in chain_map(
        network, replace(words, language="zh"), width=1000
    )
    assert words.say(focus_sentence(network)) == "Showing t: 3 inputs, 0 uses"
    assert focus_sentence(network, "") is None
    assert "inputs come" not in chain_map(network, words, width=1000, focus="")


def test_one_row_at_most_is_a_stop_of_the_tabulator():
    network, called = RAIL
    root = parsed(chain_map(network, words_of(called), width=1224, address=address))
    stops = [a for a in root.iter(f"{SVG}a") if a.get("tabindex") is None]
    assert len(stops) == 1
    assert root.get("role") == "group"
    assert parsed(chain_map(network, words_of(called))).get("role") == "img"


def test_hostile_names_are_escaped():
    evil = '<script>alert("1")</script>&{0}'
    network = small(["a", "b"], [(0, 1)], segment=evil, stage=evil, focus=1)
    picture = chain_map(
        network, words_of({"a": evil, "b": evil}), address=lambda f: f'/?"<{f}>', links="focus"
    )
    assert "<script" not in picture
    titles = [t.text for t in parsed(picture).iter(f"{SVG}title")]
    assert sum(t.startswith(f"{evil}: ") for t in titles) == 3


def test_the_picture_holds_no_style_no_script_and_no_id():
    network, called = RAIL
    picture = chain_map(network, words_of(called), address=address, links="segments")
    for banned in ("style", "<script", " id=", "url(", "onclick"):
        assert banned not in picture


def test_without_products_the_map_says_so_and_what_to_do():
    picture = chain_map(Network(title=say("Map"), nodes=(), links=()), words_of({}))
    assert "No product of this chain is on record" in picture
    assert parsed(picture).get("role") == "img"


def test_a_product_without_stage_or_segment_stands_in_a_band_of_its_own():
    network = small(["a"], stage=None, segment=None)
    picture = chain_map(network, words_of({"a": "Bolt"}))
    assert "Stage not recorded" in picture
    assert "Segment not recorded" in picture


def test_more_than_two_thousand_products_ask_for_a_search():
    network, called = chain({"midstream": {f"Segment {i:02}": 67 for i in range(30)}})
    words = words_of(called)
    without = replace(network, focus=None)
    assert "2,010 products are too many" in chain_map(without, words)
    assert "Segment 29" in chain_map(without, words, open_segment="Segment 29")


def test_completeness_is_of_the_weight_with_a_known_state():
    states = ("strong", "present", "weak", "missing", "foreign_only", "unknown")
    nodes = tuple(
        Node(Ref("products", s), "midstream", "Bogie", s, weight=2.0 if s == "missing" else 1.0)
        for s in states
    )
    line = segment_list(Network(title=say("Map"), nodes=nodes, links=()))[0]
    assert line.completeness == pytest.approx(2.5 / 6)
    assert words_of({}).say(line.sentence) == (
        "Bogie: 42% complete, of 5 products with a known state; 1 unknown"
    )
    assert dict(line.counts) == dict.fromkeys(states, 1)
    assert state_bar(line.counts, width=96).count("<path") == 7


def test_a_segment_of_unknown_states_has_no_completeness():
    nodes = (Node(Ref("products", "a"), "midstream", "Bogie", "unknown"),)
    network = Network(title=say("Map"), nodes=nodes, links=())
    assert segment_list(network)[0].completeness is None
    assert "no state is known of 1 products" in chain_map(network, words_of({"a": "Bolt"}))


def test_the_legend_counts_every_product():
    network, _ = RAIL
    assert list(legend(network)) == list(STATES)
    assert sum(legend(network).values()) == 206


def test_206_products_are_small_and_quick():
    network, called = RAIL
    words = words_of(called)
    picture = chain_map(network, words, width=1224, address=address)
    assert len(gzip.compress(picture.encode())) <= 25_000
    seconds = []
    for _ in range(5):
        start = process_time()
        chain_map(network, words, width=1224, address=address)
        seconds.append(process_time() - start)
    assert min(seconds) < 0.06


def test_every_sentence_of_the_map_has_its_chinese():
    english = {
        "Stage not recorded",
        "Segment not recorded",
        "{segment:name}, continued",
        "and {products:count} more",
        "{product}: {state}",
        "{part:count} of {all:count} inputs come from {stage}",
        *STATES,
    } - {"foreign_only"}
    assert english <= set(catalogue("zh"))
