"""Signs of the picture of a lineage: how a node stands under a rule, and where a tie is cut.

Each standing has a sign of its own, so that no colour is needed.
"""

from __future__ import annotations

from sluicegate.adapters.pictures.svg import element, label, number
from sluicegate.services.lineage.drawing import Standing

SIGN = 8.0
"""Radius of a sign, in pixels."""


def sign(standing: Standing, x: float, y: float) -> str:
    """Draw the sign of a standing around a middle; nothing to count has none.

    Counted: a tick. Left out: a bar. Not addressed: a question mark. Out: a cross.
    """
    if standing is Standing.WITHOUT:
        return element("circle", cx=x, cy=y, r=3.0, class_="sg-sign-other")
    look = "sg-sign-counted" if standing is Standing.COUNTED else "sg-sign-other"
    ring = element("circle", cx=x, cy=y, r=SIGN, class_=look)
    match standing:
        case Standing.COUNTED:
            return ring + _line([(x - 4, y), (x - 1, y + 3.5), (x + 4, y - 3.5)], "sg-sign-tick")
        case Standing.LEFT_OUT:
            return ring + _line([(x - 4, y), (x + 4, y)], "sg-sign-line")
        case Standing.UNADDRESSED:
            return ring + label(x, y + 4, "?", "sg-strong", anchor="middle")
    cross = _line([(x - 3, y - 3), (x + 3, y + 3)], "sg-sign-line")
    return ring + cross + _line([(x - 3, y + 3), (x + 3, y - 3)], "sg-sign-line")


def cut_mark(x: float, y: float) -> str:
    """Draw two slanted strokes over a gap in a line."""
    gap = element("rect", x=x - 6, y=y - 5, width=12.0, height=10.0, class_="sg-under")
    strokes = (_line([(x + d - 3, y + 5), (x + d + 3, y - 5)], "sg-cut") for d in (-3.0, 3.0))
    return gap + "".join(strokes)


def _line(points: list[tuple[float, float]], class_: str) -> str:
    (x, y), *rest = points
    way = "".join(f"L{number(a)} {number(b)}" for a, b in rest)
    return element("path", d=f"M{number(x)} {number(y)}{way}", class_=class_)
