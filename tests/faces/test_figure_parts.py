"""What charts and maps are made of: ticks, hexagons, room for texts, clean SVG, the cache."""

import math
import random
from concurrent.futures import ThreadPoolExecutor

from liantu.faces import figures
from liantu.faces.figures.hexagons import count_class, hexagons
from liantu.faces.figures.room import Room, Spot
from liantu.faces.figures.scale import log_ticks, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.figures.vector import presentable
from liantu.faces.fonts import font_folder, web_font


def test_ticks_are_round_and_at_most_five():
    assert ticks(0, 131) == [0, 50, 100]
    assert ticks(0, 1) == [0, 0.25, 0.5, 0.75, 1]
    assert ticks(-5, 7) == [-5, -2.5, 0, 2.5, 5]
    assert log_ticks(0.5, 600) == [0.5, 1, 2, 5, 10, 25, 50, 100, 200, 500]


def test_hexagons_hold_every_point_once():
    draw = random.Random(7)  # noqa: S311 - a fixed seed
    points = [(draw.gauss(0, 4), draw.gauss(0, 4), draw.randint(1, 3)) for _ in range(500)]
    found = hexagons(points, 0.5)
    assert sum(hexagon.count for hexagon in found) == sum(count for _, _, count in points)
    for x, y, _ in points:
        assert min(math.hypot(h.x - x, h.y - y) for h in found) <= 0.5 + 1e-9


def test_the_classes_of_counts_rise_to_the_fourth():
    assert [count_class(count, 4) for count in (1, 2, 3, 4)] == [0, 1, 2, 3]
    classes = [count_class(count, 50) for count in range(1, 51)]
    assert classes == sorted(classes)
    assert (classes[0], classes[-1]) == (0, 3)


def test_a_font_is_a_folder_of_its_files_or_nothing_at_all():
    folder, page = font_folder(), web_font()
    assert folder is None or list(folder.glob("*.ttf"))
    assert page is None or page.read_bytes().startswith(b"wOF2")


def test_style_becomes_attributes_and_hidden_shapes_are_left_out():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><style>a{}</style>'
        '<path d="" display="none"/><g class="c" style="fill: red; stroke-width:2">'
        '<path d="M0.123456,1.0000001" stroke="#000"/></g></svg>'
    )
    assert presentable(svg) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><g fill="red" stroke-width="2">'
        '<path d="M0.12,1" stroke="#000" /></g></svg>'
    )


def test_a_cut_text_fits_and_a_free_spot_is_taken_first():
    assert cut("Zhuzhou", 100) == "Zhuzhou"
    short = cut("Advanced rail-transit equipment", 80)
    assert short.endswith("…")
    assert width_of(short) <= 80
    room = Room(100, 100, [Spot(0, 0, 50, 20)])
    assert room.best([Spot(10, 0, 40, 10), Spot(10, 30, 40, 40)]) == Spot(10, 30, 40, 40)
    assert room.best([Spot(0, 0, 20, 20), Spot(95, 0, 105, 10)]).left == 95


def key(number=0, **more):
    return figures.FigureKey("f", "reach", "radius=5", "en", 575, number)._replace(**more)


def test_a_picture_is_drawn_once_however_many_ask_at_once():
    cache, asked = figures.FigureCache(), []

    def draw():
        asked.append(1)
        return "<svg/>"

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: cache.get(key(), draw), range(40))) == {"<svg/>"}
    assert len(asked) == 1
    assert cache.get(key(language="zh"), lambda: "<svg>中</svg>") == "<svg>中</svg>"


def test_the_cache_keeps_what_was_asked_for_last_within_its_room():
    cache = figures.FigureCache(room=10)
    for number in (0, 1):
        cache.get(key(number), lambda: "12345")
    cache.get(key(0), lambda: "again")
    cache.get(key(2), lambda: b"12345")
    assert (len(cache), cache.size) == (2, 10)
    assert cache.get(key(0), lambda: "again") == "12345"
    assert cache.get(key(1), lambda: "again") == "again"
    assert cache.get(key(9), lambda: "x" * 11) == "x" * 11
    assert cache.size == 10
    cache.clear()
    assert (len(cache), cache.size) == (0, 0)
