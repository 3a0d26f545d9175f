"""What caused a model or an output: a layered picture of its compute, causes above."""

from __future__ import annotations

from collections.abc import Sequence

from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.lineage_marks import SIGN, cut_mark, sign
from sluicegate.adapters.pictures.lineage_texts import LineageTexts, lineage_texts
from sluicegate.adapters.pictures.placing import Placed, placed
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    fit,
    label,
    number,
    picture,
    polygon,
    tooltip,
    wrap,
)
from sluicegate.adapters.pictures.texts import Language
from sluicegate.core.phrases import Language as Tongue
from sluicegate.core.phrases import term
from sluicegate.core.quantities import scientific
from sluicegate.lineage.document import NodeKind
from sluicegate.services.lineage.drawing import (
    Amount,
    DrawnLineage,
    DrawnNode,
    DrawnTie,
    Folded,
    Standing,
    Tie,
    discard_code,
    kind_code,
)

_BOX_WIDTH, _BOX_HEIGHT = 196.0, 82.0
_FOLD_HEIGHT = 58.0
_GAP_X, _GAP_Y, _EDGE = 20.0, 54.0, 12.0
_LEAST_WIDTH = 800.0
_SMALL = 11.0
_HEADING = 46.0
_FOLD = "\nfold\n"
"""Begins the key of the box that stands for what is not drawn; no id holds a line break."""

_LOOKS = {Standing.COUNTED: "sg-node-counted", Standing.OUT: "sg-node-out"}
_EDGES = {Tie.STATED: "edge", Tie.PRESUMED: "edge-control", Tie.CUT: "edge-cut"}


def lineage_picture(drawn: DrawnLineage, frame: Frame, language: Language = "en") -> str:
    """Draw causes above what they are causes of, the target lowest.

    What is not drawn stands in a box of its own above the node that it is a cause
    of, with how many nodes it is and what counts of them.
    """
    texts = lineage_texts(language)
    ids = [node.id for node in drawn.nodes]
    folds = [node.id for node in drawn.nodes if node.folded]
    keys = [*ids, *(_FOLD + one for one in folds)]
    falls = list(dict.fromkeys((one.cause, one.target) for one in drawn.ties))
    at = placed(keys, [*falls, *((_FOLD + one, one) for one in folds)], _BOX_WIDTH, _GAP_X)
    width = max(at.width + 2 * _EDGE, _LEAST_WIDTH)
    top = _EDGE + (_HEADING if frame.stands_alone else 0.0)
    canvas = _Canvas(at, (width - at.width) / 2, top, texts)
    parts = [*(canvas.fold_line(one) for one in folds), *map(canvas.tie, drawn.ties)]
    parts += map(canvas.node, drawn.nodes)
    parts += [canvas.fold(node.id, node.folded) for node in drawn.nodes if node.folded]
    height = top + max(at.rows, 1) * (_BOX_HEIGHT + _GAP_Y) - _GAP_Y + _EDGE
    if not drawn.nodes:
        parts.append(label(_EDGE, top + 30, texts.nothing, "sg-quiet"))
    below = legend(_items(drawn, texts), _EDGE, height, width - 2 * _EDGE)
    height += below.height + _EDGE
    ground = element("rect", x=0.0, y=0.0, width=width, height=height, class_="sg-ground")
    heading = _heading(frame, width) if frame.stands_alone else ""
    return picture(frame, width, height, ground, heading, *parts, below.markup)


def _heading(frame: Frame, width: float) -> str:
    """Write the title and the sentence, which a page shows beside a picture, into a lone one."""
    room = width - 2 * _EDGE
    return label(_EDGE, 22, fit(frame.title, room, 13), "sg-strong") + label(
        _EDGE, 42, fit(frame.description, room), "sg-quiet"
    )


class _Canvas:
    """Places of boxes and the language; draws one thing at a time."""

    def __init__(self, at: Placed, left: float, top: float, texts: LineageTexts) -> None:
        self._at, self._left, self._top, self._texts = at, left, top, texts
        self._tongue = Tongue(texts.language)

    def _corner(self, key: str) -> tuple[float, float]:
        """Return the top-left corner of a box."""
        x = self._left + self._at.middle[key] - _BOX_WIDTH / 2
        return x, self._row(self._at.row[key])

    def _row(self, row: int) -> float:
        return self._top + row * (_BOX_HEIGHT + _GAP_Y)

    def node(self, node: DrawnNode) -> str:
        """Draw a box: sign, name, own compute, and what counts with its causes."""
        x, y = self._corner(node.id)
        look = _LOOKS.get(node.standing, "sg-node-other")
        round_ = 26.0 if node.kind is NodeKind.HUMAN else 6.0
        small = self._small(node)
        lines = wrap(node.label or node.id, _BOX_WIDTH - 38, 4 - len(small), 13)
        base = y + 20 if len(lines) == 2 else y + 24
        return element(
            "g",
            tooltip(self._hint(node)),
            _box(x, y, _BOX_HEIGHT, look, round_),
            _box(x - 4, y - 4, _BOX_HEIGHT + 8, "sg-node-ring", round_ + 4, 8.0)
            if node.is_target
            else "",
            sign(node.standing, x + 16, y + 18),
            *(
                label(x + 30, base + 15 * spot, line, "sg-strong")
                for spot, line in enumerate(lines)
            ),
            *(
                label(
                    x + 12,
                    y + _BOX_HEIGHT - 10 - 16 * (len(small) - 1 - spot),
                    fit(words, _BOX_WIDTH - 22, _SMALL),
                    look,
                )
                for spot, (words, look) in enumerate(small)
            ),
        )

    def _small(self, node: DrawnNode) -> list[tuple[str, str]]:
        """Return the small lines of a box with their looks, from the top."""
        own = (self._own(node), "sg-open" if node.is_undisclosed else "sg-small")
        last = (self._cumulative(node), "sg-small")
        if node.discarded_by is None:
            return [own, last]
        return [(term(discard_code(node.discarded_by), self._tongue), "sg-small"), own, last]

    def _own(self, node: DrawnNode) -> str:
        kind = term(kind_code(node.kind), self._tongue)
        if node.compute is None:
            return kind
        if node.compute.central is None:
            return self._texts.undisclosed.format(kind=kind)
        return self._texts.own.format(kind=kind, flop=scientific(node.compute.central))

    def _cumulative(self, node: DrawnNode) -> str:
        amount = node.cumulative
        if amount is None or not (amount.flop or amount.undisclosed):
            return self._texts.nothing_counted
        if not amount.flop:
            return self._texts.unknown
        return self._texts.cumulative.format(flop=self._flop(amount))

    def _flop(self, amount: Amount) -> str:
        flop = scientific(amount.flop)
        return self._texts.at_least.format(flop=flop) if amount.undisclosed else flop

    def _hint(self, node: DrawnNode) -> str:
        standing = term(node.standing.code, self._tongue)
        role = f" · {term(node.role, self._tongue)}" if node.role else ""
        return f"{node.label or node.id} ({node.id}) · {standing}{role}"

    def fold(self, one: str, folded: Folded) -> str:
        """Draw the box of causes that are not drawn, at the foot of its row."""
        x, y = self._corner(_FOLD + one)
        y += _BOX_HEIGHT - _FOLD_HEIGHT
        texts, amount = self._texts, folded.amount
        lines = [texts.folded_amount.format(flop=scientific(amount.flop))]
        if amount.undisclosed:
            lines.append(texts.folded_undisclosed.format(n=f"{amount.undisclosed:,}"))
        middle = x + _BOX_WIDTH / 2
        more = texts.folded.format(n=f"{folded.nodes:,}")
        return element(
            "g",
            tooltip(" · ".join([more, *lines])),
            _box(x, y, _FOLD_HEIGHT, "sg-box-hidden", 3.0),
            label(middle, y + 19, fit(more, _BOX_WIDTH - 12), "sg-text", anchor="middle"),
            *(
                label(middle, y + 35 + 15 * spot, one, "sg-small", anchor="middle")
                for spot, one in enumerate(lines)
            ),
        )

    def fold_line(self, one: str) -> str:
        """Draw the line from what is not drawn."""
        return self._path(_FOLD + one, one, "sg-edge-open")

    def tie(self, tie: DrawnTie) -> str:
        """Draw a tie; a cut one has a mark in the gap above what it led to."""
        drawn = self._path(tie.cause, tie.target, f"sg-{_EDGES[tie.tie]}")
        if tie.tie is not Tie.CUT:
            return drawn
        x, y = self._before_target(tie)
        words = self._texts.cut
        cut = term(tie.tie.code, self._tongue)
        said = f"{cut} · {tie.evidence}" if tie.evidence else cut
        return element(
            "g",
            tooltip(said),
            drawn,
            cut_mark(x, y),
            label(x + 10, y + 4, words, "sg-mark-text sg-halo"),
        )

    def _before_target(self, tie: DrawnTie) -> tuple[float, float]:
        """Return the middle of the last piece of a line."""
        ways = self._at.ways[(tie.cause, tie.target)]
        start = ways[-1] if ways else self._at.middle[tie.cause]
        x = self._left + (start + self._at.middle[tie.target]) / 2
        return x, self._row(self._at.row[tie.target]) - _GAP_Y / 2 - 3

    def _path(self, cause: str, target: str, look: str) -> str:
        """Draw a line down, past the rows between, with its arrow."""
        x, y = self._left + self._at.middle[cause], self._corner(cause)[1] + _BOX_HEIGHT
        pieces = [f"M{number(x)} {number(y)}"]
        first = self._at.row[cause] + 1
        for row, passed in enumerate(self._at.ways[(cause, target)], first):
            there = self._left + passed
            pieces.append(_curve(x, y, there, self._row(row)))
            pieces.append(f"L{number(there)} {number(self._row(row) + _BOX_HEIGHT)}")
            x, y = there, self._row(row) + _BOX_HEIGHT
        end_x, end_y = self._left + self._at.middle[target], self._corner(target)[1]
        pieces.append(_curve(x, y, end_x, end_y - 6))
        arrow = [(end_x - 4, end_y - 7), (end_x + 4, end_y - 7), (end_x, end_y)]
        return element("path", d="".join(pieces), class_=look) + polygon(arrow, "sg-arrow")


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a piece of a path that leaves and comes straight down."""
    bend = (y2 - y1) / 2
    return (
        f"C{number(x1)} {number(y1 + bend)} {number(x2)} {number(y2 - bend)}"
        f" {number(x2)} {number(y2)}"
    )


def _box(x: float, y: float, height: float, look: str, round_: float, wider: float = 0.0) -> str:
    return element(
        "rect", x=x, y=y, width=_BOX_WIDTH + wider, height=height, rx=round_, class_=look
    )


def _items(drawn: DrawnLineage, texts: LineageTexts) -> list[LegendItem]:
    """Return what the signs and lines that are drawn mean."""
    tongue = Tongue(texts.language)
    found: Sequence[Standing] = [
        one for one in Standing if any(node.standing is one for node in drawn.nodes)
    ]
    items = [
        LegendItem("", term(one.code, tongue), lambda x, y, one=one: sign(one, x, y))  # type: ignore[misc]
        for one in found
    ]
    ties = {one.tie for one in drawn.ties}
    items += [LegendItem(_EDGES[tie], term(tie.code, tongue)) for tie in Tie if tie in ties]
    if any(node.folded for node in drawn.nodes):
        items.append(LegendItem("edge-open", texts.fold))
    if any(node.is_target for node in drawn.nodes):
        items.append(LegendItem("", texts.target, _ring))
    return items


def _ring(x: float, y: float) -> str:
    return element(
        "rect",
        x=x - SIGN,
        y=y - SIGN * 0.75,
        width=2 * SIGN,
        height=1.5 * SIGN,
        rx=4.0,
        class_="sg-node-ring",
    )
