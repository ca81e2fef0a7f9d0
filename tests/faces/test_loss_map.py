"""The chain map of a loss: a bar and a number on each product, and the way the loss took."""

import re
from dataclasses import replace

import pytest

from liantu.faces.chainmap import chain_map, segment_list
from liantu.faces.tokens import TOKENS
from liantu.result import Network, Node, Ref, say
from tests.faces.chains import RAIL, parsed, shuffled, words_of

PALE = "#FAD9D3"
LOSSES = {"ore": 1.0, "steel": 0.5, "wheel": 0.002, "train": None}
STAGES = {"ore": "upstream", "steel": "upstream", "wheel": "midstream", "train": "downstream"}


def network(path=((0, 1), (1, 2)), **more):
    nodes = tuple(
        Node(
            Ref("products", name), STAGES[name], f"{name} segment",
            "unknown" if loss is None else "present", loss=loss,
        )
        for name, loss in LOSSES.items()
    )  # fmt: skip
    links = ((0, 1), (1, 2), (2, 3))
    return Network(title=say("Lost"), nodes=nodes, links=links, path=path, **more)


def words(language="en"):
    return words_of({name: name for name in LOSSES}, language)


def drawn(figure=None, language="en", **more):
    return chain_map(figure or network(), words(language), width=1000, **more)


def titles(picture):
    return [e.text for e in parsed(picture).iter() if e.tag.endswith("title")]


def test_a_product_that_loses_has_a_pale_bar_as_long_as_its_loss_and_its_number():
    picture = drawn()
    bars = re.findall(rf'<path d="M0 \S+h([\d.]+)v16h-[\d.]+z" fill="{PALE}"/>', picture)
    whole, half = sorted(map(float, bars), reverse=True)
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert picture.count(">−100%</text>") >= 1
    assert ">−50%</text>" in picture


def test_what_loses_nothing_and_what_is_unknown_have_no_bar():
    assert drawn().count(f'fill="{PALE}"') == 2
    assert "wheel: present" in titles(drawn())
    assert "train: unknown" in titles(drawn())


def test_a_loss_is_said_in_words_in_both_languages():
    assert "ore: 100% lost" in titles(drawn())
    assert "steel segment: 50% lost" in titles(drawn())
    assert any("损失 50%" in (title or "") for title in titles(drawn(language="zh")))
    assert "2 lose something, of 1 it is unknown" in parsed(drawn()).get("aria-label")


def test_a_loss_shows_in_grey_too():
    # the strokes at the foot of a bar are those of what is lost, not of its colour alone
    assert re.search(rf'd="M0 \S+l2 -2\S*[^"]*" stroke="{TOKENS["missing"]}"', drawn())


def test_the_way_of_a_loss_is_joined_where_nothing_is_in_focus():
    joined = re.compile(r'stroke-width="1.8"/>')
    assert joined.search(drawn())
    assert not joined.search(drawn(network(path=())))
    assert not joined.search(drawn(focus="steel"))
    assert not joined.search(drawn(links="none"))


def test_what_lies_on_the_way_has_a_row_of_its_own_where_not_all_fit():
    names = [f"part {k:03}" for k in range(300)]
    nodes = tuple(
        Node(Ref("products", n), "upstream", "All", "present", loss=0.0) for n in names
    )
    figure = Network(title=say("Lost"), nodes=nodes, links=(), path=((250, 299),))
    called = words_of({name: name for name in names})
    shown = titles(chain_map(figure, called, width=1000))
    assert {"part 250: present", "part 299: present"} <= set(shown)
    assert "part 120: present" not in shown


def test_a_segment_loses_what_its_products_lose_by_weight():
    figure = network()
    nodes = tuple(replace(node, stage="upstream", segment="All") for node in figure.nodes)
    nodes = (replace(nodes[0], weight=3.0), *nodes[1:])
    (line,) = segment_list(replace(figure, nodes=nodes))
    # the train is unknown and no part of it: (3 * 1 + 0.5 + 0.002) / 5
    assert line.loss == pytest.approx(3.502 / 5)


def test_a_map_without_losses_stays_as_it_was():
    whole, called = RAIL
    assert all(line.loss is None for line in segment_list(whole))
    assert PALE not in chain_map(whole, words_of(called), width=1224)


def test_a_map_of_losses_is_the_same_in_any_order_of_rows():
    whole, called = RAIL
    lost = replace(
        whole,
        nodes=tuple(
            replace(node, loss=k % 7 / 6 if k % 3 else None)
            for k, node in enumerate(whole.nodes)
        ),
    )
    first = chain_map(lost, words_of(called), width=1224)
    for seed in range(3):
        assert chain_map(shuffled(lost, seed), words_of(called), width=1224) == first
