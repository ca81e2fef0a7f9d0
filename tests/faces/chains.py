"""Networks to draw, and how to look at what was drawn."""

import random
from dataclasses import replace
from xml.etree import ElementTree as ET

from liantu.faces.chainmap.layout import LANE, layout
from liantu.faces.chainmap.structure import structure
from liantu.faces.tokens import STATES
from liantu.faces.words import Words
from liantu.records import Name, Names
from liantu.result import Network, Node, Ref, say

SVG = "{http://www.w3.org/2000/svg}"
FORMS = (
    "Traction",
    "High-speed circuit",
    "Secondary flexicoil",
    "Axle-box",
    "Saloon",
    "Driver",
    "Brake",
    "Front-end opening",
    "HV",
)
THINGS = ("converter", "bearing", "breaker", "valve", "display", "spring", "door", "cable box")
SIZES = {
    "upstream": {"Materials": 13, "Devices": 13, "Body materials": 7, "Castings": 8},
    "midstream": {
        "Car body": 13,
        "Control": 16,
        "Bogie": 25,
        "Traction": 21,
        "High voltage": 14,
        "Auxiliary power": 14,
        "Brake and air": 18,
        "Couplers": 8,
        "Interior": 22,
    },
    "downstream": {"Vehicles": 6, "Track": 8},
}


class NoStore:
    def query(self, sql, parameters=None):
        raise AssertionError(sql, parameters)


def words_of(called, language="en"):
    known = {("products", i): Name(name, f"产品{i}") for i, name in called.items()}
    return Words(language, Names(NoStore(), known))


def chain(sizes, seed=7, links=330):
    """A network with segments of these sizes and links down the chain, and its words."""
    draw = random.Random(seed)  # noqa: S311 - a fixed seed
    nodes, called = [], {}
    for stage, segments in sizes.items():
        for segment, n in segments.items():
            for _ in range(n):
                i = f"P{len(nodes):04}"
                called[i] = f"{draw.choice(FORMS)} {draw.choice(THINGS)} {i}"
                state = draw.choice(STATES)
                synthetic = draw.random() < 0.25
                nodes.append(Node(Ref("products", i), stage, segment, state, synthetic))
    ends = [sorted(draw.sample(range(len(nodes)), 2)) for _ in range(links)]
    network = Network(
        title=say("Who makes what"),
        nodes=tuple(nodes),
        links=tuple(dict.fromkeys((a, b) for a, b in ends)),
        focus=ends[0][1],
    )
    return network, called


def small(names, links=(), stage="midstream", segment="Bogie", focus=None):
    nodes = tuple(Node(Ref("products", n), stage, segment, "present") for n in names)
    return Network(title=say("Map"), nodes=nodes, links=tuple(links), focus=focus)


def address(focus):
    return f"/rail?focus={focus or ''}"


def shuffled(network, seed=1):
    order = list(range(len(network.nodes)))
    draw = random.Random(seed)  # noqa: S311 - a fixed seed
    draw.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    links = [(place[a], place[b]) for a, b in network.links]
    draw.shuffle(links)
    return replace(
        network,
        nodes=tuple(network.nodes[i] for i in order),
        links=tuple(links),
        focus=None if network.focus is None else place[network.focus],
    )


def placed(network, words, width=1224, lane=LANE):
    """The structure and the layout of a network."""
    known = structure(
        network, [words.names.of("products", n.ref.id).name for n in network.nodes]
    )
    labels = [words.label(node.ref) for node in known.nodes]
    return known, layout(known, labels, width=width, size=11.6, lane=lane)


def parsed(picture):
    """The root of a picture that was drawn here."""
    return ET.fromstring(picture)  # noqa: S314


RAIL = chain(SIZES)
