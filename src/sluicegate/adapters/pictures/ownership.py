"""Who owns whom: a layered picture with shares on the edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sluicegate.adapters.pictures.layers import Layers, layered
from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    fit,
    label,
    number,
    picture,
    polygon,
    text_width,
    tooltip,
    wrap,
)
from sluicegate.adapters.pictures.texts import Language, PictureTexts, picture_texts
from sluicegate.core.quantities import percent
from sluicegate.services.report import HoldingEdge, PartyNode

_BOX_WIDTH, _BOX_HEIGHT = 148.0, 58.0
_GAP_X, _GAP_Y, _EDGE = 22.0, 64.0, 12.0
_MOST_ROWS, _MOST_IN_ROW = 5, 6
_LEAST_WIDTH = 480.0
_HALVES = 20


@dataclass(frozen=True, slots=True)
class _Place:
    """The top-left corner of a box, in pixels."""

    x: float
    y: float

    @property
    def top(self) -> tuple[float, float]:
        return self.x + _BOX_WIDTH / 2, self.y

    @property
    def bottom(self) -> tuple[float, float]:
        return self.x + _BOX_WIDTH / 2, self.y + _BOX_HEIGHT


def ownership_picture(
    nodes: Sequence[PartyNode],
    edges: Sequence[HoldingEdge],
    frame: Frame,
    language: Language = "en",
) -> str:
    """Draw owners above the owned; what lies too deep or too wide is counted, not drawn."""
    texts = picture_texts(language)
    layers = layered(nodes, edges, _MOST_ROWS, _MOST_IN_ROW)
    widest = max((len(row) for row in layers.rows), default=1)
    inner = widest * _BOX_WIDTH + (widest - 1) * _GAP_X
    width = max(inner + 2 * _EDGE, _LEAST_WIDTH)
    places = _places(layers, width)
    by_id = {node.id: node for node in nodes}
    fan = _Fan.of(layers)
    drawn = [
        *(_edge(edge, places, fan, texts) for edge in layers.down),
        *(_edge_up(edge, places, texts) for edge in layers.up),
        *(_box(by_id[one], place, layers.hidden, texts) for one, place in places.items()),
    ]
    height = _EDGE + max(len(layers.rows), 1) * (_BOX_HEIGHT + _GAP_Y)
    if not nodes:
        drawn.append(label(_EDGE, 30, texts.no_owners, "sg-quiet"))
    loose = layers.hidden.get("", 0)
    if loose:
        drawn.append(label(_EDGE, height - _GAP_Y + 16, texts.more.format(n=loose), "sg-quiet"))
    below = legend(_items(layers, texts), _EDGE, height - 34, width - 2 * _EDGE)
    height += below.height - 20
    ground = element("rect", x=0.0, y=0.0, width=width, height=height, class_="sg-ground")
    return picture(frame, width, height, ground, *drawn, below.markup)


def _places(layers: Layers, width: float) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for depth, row in enumerate(layers.rows):
        across = len(row) * _BOX_WIDTH + (len(row) - 1) * _GAP_X
        start = (width - across) / 2
        for spot, one in enumerate(row):
            places[one] = _Place(
                start + spot * (_BOX_WIDTH + _GAP_X), _EDGE + depth * (_BOX_HEIGHT + _GAP_Y)
            )
    return places


def _box(node: PartyNode, place: _Place, hidden: Mapping[str, int], texts: PictureTexts) -> str:
    kind = "sg-box-subject" if node.is_subject else "sg-box"
    middle = place.x + _BOX_WIDTH / 2
    about = " · ".join(part for part in (node.country, _kind_words(node, texts)) if part)
    lines = wrap(node.name, _BOX_WIDTH - 14, 2)
    base = place.y + (18 if about else 24) + (0 if len(lines) == 2 else 7)
    parts = [
        tooltip(f"{node.name} ({node.id})"),
        element(
            "rect",
            x=place.x,
            y=place.y,
            width=_BOX_WIDTH,
            height=_BOX_HEIGHT,
            rx=_BOX_HEIGHT / 2 if node.is_individual else 5.0,
            class_=kind,
        ),
        *(
            label(middle, base + 15 * spot, line, "sg-strong", anchor="middle")
            for spot, line in enumerate(lines)
        ),
    ]
    if about:
        room = fit(about, _BOX_WIDTH - 24, 11)
        parts.append(label(middle, place.y + _BOX_HEIGHT - 9, room, "sg-small", anchor="middle"))
    count = hidden.get(node.id, 0)
    if count:
        parts.append(_more(place, texts.more.format(n=count)))
    return element("g", *parts)


def _kind_words(node: PartyNode, texts: PictureTexts) -> str:
    return texts.individual if node.is_individual else ""


def _more(place: _Place, words: str) -> str:
    """Draw a small open box below a party for those it holds that are not shown."""
    wide = text_width(words, 11) + 12
    x, y = place.x + _BOX_WIDTH - wide, place.y + _BOX_HEIGHT - 8
    return element(
        "rect", x=x, y=y, width=wide, height=17.0, rx=3.0, class_="sg-box-hidden"
    ) + label(x + wide / 2, y + 12.5, words, "sg-small", anchor="middle")


def _edge_words(edge: HoldingEdge, texts: PictureTexts) -> str:
    parts = []
    if edge.share is not None and edge.high is not None:
        ends = {"low": percent(edge.share), "high": percent(edge.high)}
        parts.append(texts.held_range.format(**ends))
    elif edge.share is not None:
        parts.append(percent(edge.share))
    elif edge.is_open:
        parts.append(texts.open_share)
    if edge.is_nominee:
        parts.append(texts.nominee)
    if edge.is_nominator:
        parts.append(texts.nominator)
    if edge.is_control:
        parts.append(texts.control)
    return texts.comma.join(parts)


def _edge_class(edge: HoldingEdge) -> str:
    if edge.is_nominee or edge.is_nominator:
        return "sg-edge-nominee"
    if edge.is_open:
        return "sg-edge-open"
    has_share = bool(edge.share) or edge.high is not None
    return "sg-edge" if has_share or not edge.is_control else "sg-edge-control"


@dataclass(frozen=True, slots=True)
class _Fan:
    """How many lines leave an owner and come to an owned party."""

    leaving: Mapping[str, int]
    coming: Mapping[str, int]

    @classmethod
    def of(cls, layers: Layers) -> _Fan:
        """Count the lines that lead down."""
        return cls(
            Counter(edge.owner for edge in layers.down), Counter(edge.owned for edge in layers.down)
        )

    def is_wide_at_owner(self, edge: HoldingEdge) -> bool:
        """Say whether lines are further apart where they leave than where they come to."""
        return self.coming[edge.owned] >= self.leaving[edge.owner]


def _label_place(
    start: tuple[float, float], end: tuple[float, float], bend: float, y: float
) -> tuple[float, float]:
    """Return the point of a line at a height; its curve falls all the way, so halves find it."""
    low, high = 0.0, 1.0
    for _ in range(_HALVES):
        middle = (low + high) / 2
        if _on_curve(middle, start[1], start[1] + bend, end[1] - bend, end[1]) < y:
            low = middle
        else:
            high = middle
    return _on_curve(low, start[0], start[0], end[0], end[0]), y


def _on_curve(t: float, a: float, b: float, c: float, d: float) -> float:
    """Return a coordinate of a cubic Bézier curve."""
    s = 1 - t
    return s**3 * a + 3 * s**2 * t * b + 3 * s * t**2 * c + t**3 * d


def _on_line(x: float, y: float, words: str) -> str:
    """Write words around a point of a line, which stops behind them."""
    if not words:
        return ""
    wide = text_width(words) + 4
    under = element("rect", x=x - wide / 2, y=y - 8.5, width=wide, height=17.0, class_="sg-under")
    return under + label(x, y + 4, words, "sg-text", anchor="middle")


def _edge(edge: HoldingEdge, places: Mapping[str, _Place], fan: _Fan, texts: PictureTexts) -> str:
    """Draw a holding that leads down, with its label in a gap where lines are apart."""
    (x1, y1), (x2, y2) = places[edge.owner].bottom, places[edge.owned].top
    bend = min((y2 - y1) / 2, _GAP_Y * 0.6)
    curve = (
        f"M{number(x1)} {number(y1)}C{number(x1)} {number(y1 + bend)} "
        f"{number(x2)} {number(y2 - bend)} {number(x2)} {number(y2 - 6)}"
    )
    words = _edge_words(edge, texts)
    height = y1 + _GAP_Y * 0.36 if fan.is_wide_at_owner(edge) else y2 - _GAP_Y * 0.42
    x, y = _label_place((x1, y1), (x2, y2 - 6), bend, height)
    return (
        element("path", d=curve, class_=_edge_class(edge))
        + polygon([(x2 - 4, y2 - 7), (x2 + 4, y2 - 7), (x2, y2)], "sg-arrow")
        + _on_line(x, y, words)
    )


def _edge_up(edge: HoldingEdge, places: Mapping[str, _Place], texts: PictureTexts) -> str:
    """Draw a holding that leads back up, along the left side; a loop on oneself is short."""
    owner, owned = places[edge.owner], places[edge.owned]
    y1, y2 = owner.y + _BOX_HEIGHT * 0.7, owned.y + _BOX_HEIGHT * 0.3
    out = max(min(owner.x, owned.x) - 26, 2.0)
    curve = (
        f"M{number(owner.x)} {number(y1)}C{number(out)} {number(y1)} "
        f"{number(out)} {number(y2)} {number(owned.x - 6)} {number(y2)}"
    )
    words = _edge_words(edge, texts)
    return (
        element("path", d=curve, class_=_edge_class(edge))
        + polygon(
            [(owned.x - 7, y2 - 4), (owned.x - 7, y2 + 4), (owned.x, y2)],
            "sg-arrow",
            tooltip(texts.circular),
        )
        + _on_line(out + 4 + text_width(words) / 2, (y1 + y2) / 2, words)
    )


def _items(layers: Layers, texts: PictureTexts) -> list[LegendItem]:
    edges = [*layers.down, *layers.up]
    items = []
    if any(edge.share is not None for edge in edges):
        items.append(LegendItem("edge", texts.held))
    drawn = {_edge_class(edge) for edge in edges}
    told = {
        "edge-control": texts.control_only,
        "edge-open": texts.open_share,
        "edge-nominee": texts.nominee,
    }
    items += [LegendItem(name, words) for name, words in told.items() if f"sg-{name}" in drawn]
    return items
