"""Options of a threshold side by side: models over time against them, and counts by year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from sluicegate.adapters.pictures.axes import DayAxis, LogAxis, power_of_ten
from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.marks import apart, limit_line, line_label
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    fit,
    label,
    picture,
    polygon,
    tooltip,
)
from sluicegate.core.phrases import Language, phrase
from sluicegate.core.quantities import Exact, scientific
from sluicegate.services.lab.pictured import DrawnLab, DrawnModel, DrawnOption

WIDTH = 860.0
_LEFT, _RIGHT, _TOP, _PLOT = 58.0, WIDTH - 40.0, 34.0, 280.0
_ROW, _BARS, _EDGE = 96.0, 46.0, 12.0
_BELOW = 1000
"""How far below the lowest threshold models are drawn."""

_LEAST_CELL = 46.0
"""A year narrower than this has no figures above its bars."""


def options_picture(drawn: DrawnLab, frame: Frame, language: Language) -> str:
    """Draw models as dots over time with the frontier and the thresholds, then counts by year."""
    days = DayAxis(drawn.first, drawn.last, _LEFT, _RIGHT)
    flop = _axis(drawn)
    bottom = _TOP + _PLOT
    parts = [
        *_grid(days, flop, bottom, language),
        *_frontier(drawn, days, flop),
        *(_dot(one, days, flop) for one in drawn.models if one.compute > _least(flop)),
        *(part for one in drawn.options for part in _line(one, days, flop)),
        *_labels(drawn.options, flop),
    ]
    top = legend(_above(language), _EDGE, bottom + 30, WIDTH - 2 * _EDGE)
    parts.append(top.markup)
    y = bottom + 30 + top.height + 18
    most = max((max(year[1:]) for one in drawn.options for year in one.years), default=0)
    for place, one in enumerate(drawn.options):
        heading = f"{line_label(place)}  {one.name.text(language)}"
        parts += _counts(one, heading, y, max(most, 1))
        y += _ROW
    under = legend(_below(language), _EDGE, y, WIDTH - 2 * _EDGE)
    height = y + under.height + 8
    ground = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    return picture(frame, WIDTH, height, ground, *parts, under.markup)


def _axis(drawn: DrawnLab) -> LogAxis:
    levels = [value for one in drawn.options for _, value in one.levels if value]
    amounts: list[Exact] = [*levels, *(one.compute for one in drawn.models)]
    amounts += [step.largest for step in drawn.frontier]
    lowest = min([*levels, *(step.level for step in drawn.frontier)], default=1)
    return LogAxis.over(amounts, _TOP + _PLOT, _TOP, Fraction(lowest) / _BELOW)


def _least(axis: LogAxis) -> Fraction:
    return Fraction(10) ** axis.low


def _grid(days: DayAxis, flop: LogAxis, bottom: float, language: Language) -> list[str]:
    parts = [label(8, 16, phrase("Training compute, FLOP", language), "sg-small")]
    for exponent in flop.ticks():
        y = flop.place(Fraction(10) ** exponent)
        parts.append(element("line", x1=_LEFT, y1=y, x2=_RIGHT, y2=y, class_="sg-grid"))
        parts.append(label(_LEFT - 7, y + 4, power_of_ten(exponent), "sg-quiet", anchor="end"))
    parts.append(element("line", x1=_LEFT, y1=bottom, x2=_RIGHT, y2=bottom, class_="sg-axis"))
    for day, words in days.ticks():
        x = days.place(day)
        parts.append(element("line", x1=x, y1=bottom, x2=x, y2=bottom + 5, class_="sg-axis"))
        parts.append(label(x, bottom + 18, words, "sg-quiet", anchor="middle"))
    return parts


def _frontier(drawn: DrawnLab, days: DayAxis, flop: LogAxis) -> list[str]:
    """Draw the band from the level of the frontier up to the largest known run."""
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for place, step in enumerate(drawn.frontier):
        is_last = place + 1 == len(drawn.frontier)
        end = days.end if is_last else days.place(drawn.frontier[place + 1].day)
        start = days.place(step.day)
        upper += [(start, flop.place(step.largest)), (end, flop.place(step.largest))]
        lower += [(start, flop.place(step.level)), (end, flop.place(step.level))]
    return [polygon([*upper, *reversed(lower)], "sg-band")] if upper else []


def _dot(one: DrawnModel, days: DayAxis, flop: LogAxis) -> str:
    hint = tooltip(f"{one.name}: {scientific(one.compute)} FLOP, {one.day.isoformat()}")
    x, y = days.place(one.day), flop.place(one.compute)
    if one.is_frontier:
        return element("circle", hint, cx=x, cy=y, r=3.5, class_="sg-dot")
    return element("circle", hint, cx=x, cy=y, r=2.5, class_="sg-box")


def _line(one: DrawnOption, days: DayAxis, flop: LogAxis) -> list[str]:
    """Draw a threshold as steps; where it has no value nothing is drawn."""
    parts: list[str] = []
    state = "not_enforced" if one.is_moving else "in_force"
    run: tuple[date, Exact] | None = None
    ends = [*one.levels[1:], (one.levels[-1][0], None)]
    for (day, value), (until, after) in zip(one.levels, ends, strict=True):
        if value is None:
            run = None
            continue
        run = run or (day, value)
        x, y = days.place(until), flop.place(value)
        if after == value:
            continue
        parts.append(limit_line(days.place(run[0]), flop.place(run[1]), x, y, state))
        if after is not None:
            parts.append(limit_line(x, y, x, flop.place(after), state))
        run = None
    return parts


def _labels(options: Sequence[DrawnOption], flop: LogAxis) -> list[str]:
    ends = [
        (line_label(place), flop.place(one.levels[-1][1]) + 4)
        for place, one in enumerate(options)
        if one.levels[-1][1]
    ]
    heights = apart([y for _, y in ends], 12, _TOP + 4, _TOP + _PLOT + 4)
    return [
        label(_RIGHT + 6, y, text, "sg-mark-text")
        for (text, _), y in zip(ends, heights, strict=True)
    ]


_CLASSES = ("sg-bar", "sg-box-hidden", "sg-mark-low")


def _counts(one: DrawnOption, heading: str, top: float, most: int) -> list[str]:
    """Draw three bars for each year: caught, missed, burdened."""
    parts = [label(_EDGE, top + 4, fit(heading, _RIGHT - _EDGE), "sg-strong")]
    base = top + 26 + _BARS
    cell = (_RIGHT - _LEFT) / max(len(one.years), 1)
    width = min(cell / 4, 18.0)
    parts.append(element("line", x1=_LEFT, y1=base, x2=_RIGHT, y2=base, class_="sg-axis"))
    step = max(1, round(_LEAST_CELL / cell))
    for spot, (year, *counts) in enumerate(one.years):
        middle = _LEFT + cell * (spot + 0.5)
        if spot % step == 0:
            parts.append(label(middle, base + 13, str(year), "sg-small", anchor="middle"))
        for number, (count, class_) in enumerate(zip(counts, _CLASSES, strict=True)):
            x = middle + (number - 1.5) * width
            tall = _BARS * count / most
            bar = {"x": x, "y": base - tall, "width": width - 2, "height": tall}
            if count:
                parts.append(element("rect", tooltip(str(count)), **bar, class_=class_))
            if count and cell >= _LEAST_CELL:
                across = x + width / 2 - 1
                parts.append(label(across, base - tall - 3, str(count), "sg-day", anchor="middle"))
    return parts


def _above(language: Language) -> list[LegendItem]:
    def ring(x: float, y: float) -> str:
        return element("circle", cx=x, cy=y, r=3.0, class_="sg-box")

    return [
        LegendItem("dot", phrase("model at the frontier", language)),
        LegendItem("other", phrase("other model", language), ring),
        LegendItem("band", phrase("frontier: up to the largest known run", language)),
        LegendItem("in_force", phrase("fixed threshold", language)),
        LegendItem("not_enforced", phrase("threshold that moves", language)),
    ]


def _below(language: Language) -> list[LegendItem]:
    told = (
        phrase("models caught", language),
        phrase("frontier models missed", language),
        phrase("developers burdened", language),
    )
    return [
        LegendItem(class_, text, partial(_sample, class_))
        for class_, text in zip(_CLASSES, told, strict=True)
    ]


def _sample(class_: str, x: float, y: float) -> str:
    return element("rect", x=x - 8, y=y - 6, width=16.0, height=12.0, class_=class_)
