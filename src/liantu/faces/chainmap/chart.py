"""A network as its chain map: structure, layout, rows, lines and drawing, in that order."""

from collections.abc import Callable, Mapping
from typing import Literal

from liantu.faces.chainmap.draw import (
    Scene,
    drawn,
    label_size,
    said,
)
from liantu.faces.chainmap.layout import LANE, layout
from liantu.faces.chainmap.losses import is_worth_saying, shows_loss
from liantu.faces.chainmap.routes import (
    Bundle,
    Kind,
    bundles,
    lane_depth,
    path_lines,
    segment_lines,
)
from liantu.faces.chainmap.rows import Focus, focus_of, rows_of, segment_links
from liantu.faces.chainmap.segments import legend, lines, segment_words
from liantu.faces.chainmap.strokes import bundle_shape, frames, lines_shape, thin_frames, titled
from liantu.faces.chainmap.structure import Structure, structure
from liantu.faces.words import Words
from liantu.result import Network, Sentence, State, Value, say

Links = Literal["focus", "segments", "none"]

_MOST_PRODUCTS = 2000
_FROM_ONE_STAGE: Mapping[Kind, str] = {
    "inputs": "{part:count} of {all:count} inputs come from {stage}",
    "uses": "{part:count} of {all:count} uses are {stage}",
}
_ALL: Mapping[Kind, str] = {"inputs": "{all:count} inputs", "uses": "{all:count} uses"}
_FROM_SEVERAL: Mapping[Kind, str] = {
    "inputs": "{part:count} of {all:count} inputs",
    "uses": "{part:count} of {all:count} uses",
}


def chain_map(  # noqa: PLR0913 - what the address of a map may hold, each by name
    network: Network,
    words: Words,
    *,
    width: int = 1180,
    focus: str | None = None,
    address: Callable[[str | None], str] | None = None,
    links: Links = "focus",
    state: State | None = None,
    open_segment: str | None = None,
    opening: Callable[[str], str] | None = None,
) -> str:
    """The chain map of a network as SVG text, ``width`` px wide.

    Parameters
    ----------
    focus
        Product that is joined to its inputs and uses; the network's own where None, none
        where it is empty or not in the network.
    address
        The address of the map with another focus, or with none; no links where it is None.
    links
        Lines of the focus, one line for each pair of linked segments, or no lines.
    state
        The state that is asked for; products in another are drawn pale.
    open_segment
        Segment that shows all its products where the map is too large to show all; empty is
        the one without a name.
    opening
        The address of the map with a segment opened.

    Returns
    -------
    str
        An SVG. Without products, or with over 2,000 and neither a focus nor an open segment,
        one that says so in words.
    """
    if refusal := _refusal(network, wanted=bool(focus or open_segment)):
        return said(words, words.say(refusal), width)
    chain = _structure(network, words)
    here = focus_of(chain, _focused(chain, network, focus))
    between = segment_links(chain) if links == "segments" else {}
    places = layout(
        chain,
        [words.label(node.ref) for node in chain.nodes],
        width=width,
        size=label_size(words),
        lane=lane_depth(between) if between else LANE,
        opened=lambda s: (chain.segments[s].name or "") == open_segment,
    )
    scene = Scene(
        chain=chain,
        places=places,
        rows=rows_of(chain, places, here),
        lines=lines(chain),
        focus=here,
        words=words,
        address=address,
        opening=opening,
        state=state,
    )
    over = _joints(scene, between) + (_focus_shapes(scene) if links == "focus" else [])
    return drawn(scene, _summary(network, chain, here), over)


def _joints(scene: Scene, between: Mapping[tuple[int, int], int]) -> list[str]:
    return [
        titled(_joint_words(scene, (source, target), between[source, target]), line)
        for source, target, line in segment_lines(scene.places, between)
    ]


def _focus_shapes(scene: Scene) -> list[str]:
    if scene.focus is None:
        return _path_shapes(scene)
    joined = bundles(scene.places, scene.rows, scene.focus)
    shapes = [bundle_shape(bundle, _bundle_words(scene, bundle)) for bundle in joined]
    return [*shapes, frames(scene.places, scene.rows, scene.focus)]


def _path_shapes(scene: Scene) -> list[str]:
    """The way of a loss, where nothing is in focus."""
    pairs = scene.chain.path
    if not pairs:
        return []
    lines = lines_shape(path_lines(scene.places, scene.rows, pairs))
    return [lines, thin_frames(scene.places, scene.rows, {n for pair in pairs for n in pair})]


def focus_sentence(network: Network, focus: str | None = None) -> Sentence | None:
    """What the map shows joined, with its counts; None where nothing is in focus."""
    chain = structure(network, [node.ref.id for node in network.nodes])
    here = focus_of(chain, _focused(chain, network, focus))
    if here is None:
        return None
    return say(
        "Showing {product}: {inputs:count} inputs, {uses:count} uses", **_counts(chain, here)
    )


def _counts(chain: Structure, here: Focus) -> dict[str, Value]:
    return {
        "product": chain.nodes[here.node].ref,
        "inputs": len(here.inputs),
        "uses": len(here.uses),
    }


def _refusal(network: Network, *, wanted: bool) -> Sentence | None:
    if not network.nodes:
        return say(
            "No product of this chain is on record, so there is no map. Import its products."
        )
    if len(network.nodes) > _MOST_PRODUCTS and not wanted:
        return say(
            "{products:count} products are too many for one picture. Search for one, or open "
            "a segment.",
            products=len(network.nodes),
        )
    return None


def _structure(network: Network, words: Words) -> Structure:
    for table in {node.ref.table for node in network.nodes}:
        words.names.load(table, [n.ref.id for n in network.nodes if n.ref.table == table])
    # The name in the tables, not in the language of the page: both have one layout.
    names = [words.names.of(node.ref.table, node.ref.id).name for node in network.nodes]
    return structure(network, names)


def _focused(chain: Structure, network: Network, focus: str | None) -> int | None:
    wanted = focus
    if focus is None and network.focus is not None:
        wanted = network.nodes[network.focus].ref.id
    return next((i for i, node in enumerate(chain.nodes) if node.ref.id == wanted), None)


def _joint_words(scene: Scene, ends: tuple[int, int], count: int) -> str:
    source, target = (segment_words(scene.chain.segments[s].name, scene.words) for s in ends)
    template = "{links:count} links from {source:name} to {target:name}"
    return scene.words.say(say(template, links=count, source=source, target=target))


def _bundle_words(scene: Scene, bundle: Bundle) -> list[str]:
    """How many inputs or uses run in the lane, and where, if in one stage; longest first."""
    if scene.focus is None or not bundle.through:
        return []
    nodes = scene.chain.nodes
    stages = {nodes[n].stage for n in bundle.through}
    everything = scene.focus.inputs if bundle.kind == "inputs" else scene.focus.uses
    counted: dict[str, Value] = {"part": len(bundle.through), "all": len(everything)}
    templates = [_FROM_SEVERAL[bundle.kind], "{part:count} of {all:count}"]
    if len(bundle.through) == len(everything):
        templates = [_ALL[bundle.kind]]
    stage = stages.pop()
    if not stages and stage not in (None, nodes[scene.focus.node].stage):
        counted["stage"] = stage
        templates.insert(0, _FROM_ONE_STAGE[bundle.kind])
    return [scene.words.say(say(template, **counted)) for template in templates]


def _summary(network: Network, chain: Structure, here: Focus | None) -> Sentence:
    values: dict[str, Value] = {"products": len(chain.nodes), "segments": len(chain.segments)}
    if shows_loss(chain.nodes):
        values["losing"] = sum(is_worth_saying(node.loss) for node in chain.nodes)
        values["unknown"] = sum(node.loss is None for node in chain.nodes)
        return say(
            "Chain map: {products:count} products in {segments:count} segments; {losing:count} "
            "lose something, of {unknown:count} it is unknown.",
            **values,
        )
    values |= {state: count for state, count in legend(network).items()}  # noqa: C416 - widens the type
    template = (
        "Chain map: {products:count} products in {segments:count} segments; {strong:count} "
        "strong, {present:count} present, {weak:count} weak, {missing:count} missing, "
        "{foreign_only:count} foreign only, {unknown:count} unknown."
    )
    if here is None:
        return say(template, **values)
    template += " In focus: {product}, {inputs:count} inputs, {uses:count} uses."
    return say(template, **values, **_counts(chain, here))
