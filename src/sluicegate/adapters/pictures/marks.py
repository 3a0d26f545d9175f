"""What thresholds look like on an axis: their labels, and the days on which they are passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sluicegate.adapters.pictures.svg import element, number, polygon, tooltip
from sluicegate.core.quantities import Exact
from sluicegate.services.findings import Finding
from sluicegate.services.report import FLOP_UNIT

Passing = Literal["high", "central", "low", "projected"]
PASSINGS: tuple[Passing, ...] = ("high", "central", "low", "projected")


@dataclass(frozen=True, slots=True)
class CrossingMark:
    """The day on which a bound passes a level, in FLOP; `rule` names the threshold."""

    passing: Passing
    day: date
    level: Exact
    rule: str = ""


def crossing_marks(findings: Iterable[Finding], as_of: date) -> tuple[CrossingMark, ...]:
    """Return the marks of findings with a threshold in FLOP; a day to come is projected."""
    marks = []
    for finding in findings:
        limit = finding.threshold
        if limit is None or limit.unit != FLOP_UNIT:
            continue
        crossing = finding.crossing
        days = (crossing.high, crossing.central, crossing.low, crossing.projected)
        for passing, day in zip(PASSINGS, days, strict=True):
            if day is not None:
                shown: Passing = "projected" if day > as_of else passing
                marks.append(CrossingMark(shown, day, limit.value, finding.rule))
    return tuple(marks)


def line_label(place: int) -> str:
    """Return the short label of a chart's threshold, in the order given."""
    return f"T{place + 1}"


def shape(passing: Passing, x: float, y: float, hint: str = "") -> str:
    """Draw a mark: each bound has a shape of its own, so that no colour is needed."""
    children = (tooltip(hint),) if hint else ()
    class_ = f"sg-mark-{passing}"
    match passing:
        case "high":
            return polygon([(x - 5, y + 4.5), (x + 5, y + 4.5), (x, y - 5)], class_, *children)
        case "central":
            return element("circle", *children, cx=x, cy=y, r=4.5, class_=class_)
        case "low":
            return element(
                "rect", *children, x=x - 4, y=y - 4, width=8.0, height=8.0, class_=class_
            )
        case "projected":
            corners = [(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)]
            return polygon(corners, class_, *children)


def limit_line(x1: float, y1: float, x2: float, y2: float, state: str) -> str:
    """Draw a piece of a threshold in the pattern of its state."""
    return element(
        "path",
        d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}",
        class_=f"sg-limit-{state}",
    )


def apart(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels on a line apart to a least gap, within bounds, in their order.

    >>> apart([10, 12, 50], 10, 0, 100)
    [10, 20, 50]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = list(wanted)
    floor = low
    for place in order:
        placed[place] = max(placed[place], floor)
        floor = placed[place] + gap
    ceiling = high
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    return placed
