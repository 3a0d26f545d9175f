"""Who is linked with whom: customers on a circle, a line for each pair that shares something."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.svg import Frame, element, fit, label, picture, tooltip

_BOX_WIDTH, _BOX_HEIGHT = 172.0, 34.0
_EDGE = 14.0
_BOLD = 14.0
"""Size by which a bold name of 12 pixels is measured: bold letters are wider."""
_GAP_X, _GAP_Y = 18.0, 12.0
_FLATNESS, _STEP = 2.2, 12.0
"""How much wider than high the circle is, and by how much it grows until no boxes touch."""
_LEAST_WIDTH, _LEAST_ACROSS = 720.0, 150.0
_LEAST_ROUND = 3
"""Customers from which on a circle is drawn; two stand side by side."""


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two customers, how many things they share, and whether these hold them together.

    `words` say what they share, for a pointer.
    """

    a: str
    b: str
    things: int
    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What the two kinds of lines mean."""

    holds: str
    does_not_hold: str


def links_picture(
    names: Mapping[str, str], pairs: Sequence[LinkedPair], frame: Frame, words: LinkWords
) -> str:
    """Draw customers on a circle and their links; `names` are by id, in order."""
    places, width, height = _places(list(names))
    drawn = [_line(one, places) for one in pairs]
    boxes = [_box(key, names[key], place) for key, place in places.items()]
    items = [LegendItem("edge", words.holds)] if any(one.holds for one in pairs) else []
    if any(not one.holds for one in pairs):
        items.append(LegendItem("edge-open", words.does_not_hold))
    below = legend(items, _EDGE, height, width - 2 * _EDGE)
    height += below.height + _EDGE
    ground = element("rect", x=0.0, y=0.0, width=width, height=height, class_="sg-ground")
    return picture(frame, width, height, ground, *drawn, *boxes, below.markup)


def _places(keys: Sequence[str]) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Return the middle of each box, and the width and height that they need."""
    radius = 0.0
    while len(keys) >= _LEAST_ROUND and _touch(_middles(len(keys), radius)):
        radius += _STEP
    across = max(radius * _FLATNESS, _LEAST_ACROSS)
    width = max(2 * across + _BOX_WIDTH + 2 * _EDGE, _LEAST_WIDTH)
    height = 2 * radius + _BOX_HEIGHT + 2 * _EDGE
    middles = _middles(len(keys), radius)
    places = {
        key: (width / 2 + x, height / 2 + y) for key, (x, y) in zip(keys, middles, strict=True)
    }
    return places, width, height


def _middles(count: int, radius: float) -> list[tuple[float, float]]:
    """Return the middles of boxes around a point; without a radius on a line."""
    across = max(radius * _FLATNESS, _LEAST_ACROSS)
    turns = [2 * math.pi * spot / count - math.pi for spot in range(count)]
    return [(across * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def _touch(middles: Sequence[tuple[float, float]]) -> bool:
    """Say whether any two boxes stand too near each other."""
    return any(
        abs(x1 - x2) < _BOX_WIDTH + _GAP_X and abs(y1 - y2) < _BOX_HEIGHT + _GAP_Y
        for (x1, y1), (x2, y2) in combinations(middles, 2)
    )


def _line(one: LinkedPair, places: Mapping[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[one.a], places[one.b]
    kind = "sg-edge" if one.holds else "sg-edge-open"
    return element("line", tooltip(one.words), x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def _box(key: str, name: str, place: tuple[float, float]) -> str:
    x, y = place
    return element(
        "g",
        tooltip(f"{name} ({key})"),
        element(
            "rect",
            x=x - _BOX_WIDTH / 2,
            y=y - _BOX_HEIGHT / 2,
            width=_BOX_WIDTH,
            height=_BOX_HEIGHT,
            rx=5.0,
            class_="sg-box",
        ),
        label(x, y - 2, fit(name, _BOX_WIDTH - 12, _BOLD), "sg-strong", anchor="middle"),
        label(x, y + 12, fit(key, _BOX_WIDTH - 12, 11), "sg-small", anchor="middle"),
    )
