"""A threshold that moves, over time: its level as steps or as a falling line, with its bounds."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from sluicegate.adapters.pictures.axes import DayAxis, LogAxis, for_people, power_of_ten
from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    label,
    picture,
    polygon,
    polyline,
    text_width,
)
from sluicegate.core.phrases import Language, phrase
from sluicegate.core.quantities import Exact
from sluicegate.frontier.moving import Series, Step

WIDTH = 860.0
_LEFT, _RIGHT, _TOP, _PLOT = 58.0, WIDTH - 20.0, 34.0, 260.0
_BOTTOM = _TOP + _PLOT
_A_DAY = timedelta(days=1)
_LABEL = 11.0
_MOST_LABELS = 8
_LEAST_GAP = 40.0

Corner = tuple[float, float]


def moving_picture(found: Series, frame: Frame, language: Language) -> str:
    """Draw a series; where the threshold has no value, nothing is drawn."""
    axes = DayAxis(found.first, found.last, _LEFT, _RIGHT), _levels(found)
    runs = _runs(found.steps)
    parts = [*_grid(*axes, found.moving.rule.unit, language)]
    for run in runs:
        parts += _run(run, *axes, is_gliding=found.is_gliding)
    if not runs:
        middle = (_LEFT + _RIGHT) / 2
        words = phrase("The threshold has no value in these days.", language)
        parts.append(label(middle, _TOP + 24, words, "sg-quiet", anchor="middle"))
    parts += _labels(found, *axes)
    below = legend(_items(found, language), _LEFT, _BOTTOM + 30, _RIGHT - _LEFT)
    height = _BOTTOM + 30 + below.height + 8
    ground = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    return picture(frame, WIDTH, height, ground, *parts, below.markup)


def _levels(found: Series) -> LogAxis:
    values: list[Exact] = []
    for step in found.steps:
        interval = step.value.interval
        if interval is not None:
            room = Fraction(interval.low) / 2, 2 * interval.high_stated
            values += [*room, interval.low, interval.value, interval.high_stated]
    return LogAxis.over(values, _BOTTOM, _TOP)


def _runs(steps: tuple[Step, ...]) -> list[list[Step]]:
    """Return the stretches of steps that have a value."""
    runs: list[list[Step]] = []
    is_open = False
    for step in steps:
        if step.value.interval is None:
            is_open = False
        elif is_open:
            runs[-1].append(step)
        else:
            runs.append([step])
            is_open = True
    return runs


def _grid(days: DayAxis, levels: LogAxis, unit: str, language: Language) -> list[str]:
    words = phrase("Level, {unit}", language).replace("{unit}", unit)
    parts = [label(8, 16, words, "sg-small")]
    for exponent in levels.ticks():
        y = levels.place(Fraction(10) ** exponent)
        parts.append(element("line", x1=_LEFT, y1=y, x2=_RIGHT, y2=y, class_="sg-grid"))
        parts.append(label(_LEFT - 7, y + 4, power_of_ten(exponent), "sg-quiet", anchor="end"))
    parts.append(element("line", x1=_LEFT, y1=_BOTTOM, x2=_RIGHT, y2=_BOTTOM, class_="sg-axis"))
    for day, text in days.ticks():
        x = days.place(day)
        parts.append(element("line", x1=x, y1=_BOTTOM, x2=x, y2=_BOTTOM + 5, class_="sg-axis"))
        parts.append(label(x, _BOTTOM + 18, text, "sg-quiet", anchor="middle"))
    return parts


def _run(run: list[Step], days: DayAxis, levels: LogAxis, *, is_gliding: bool) -> list[str]:
    """Draw one stretch: the band between its bounds, and the level."""
    low: list[Corner] = []
    value: list[Corner] = []
    high: list[Corner] = []
    for step in run:
        interval = step.value.interval
        if interval is None:
            continue
        for day in _ends(step, days.last, is_gliding=is_gliding):
            x = days.place(day)
            low.append((x, levels.place(interval.low)))
            value.append((x, levels.place(interval.value)))
            high.append((x, levels.place(interval.high_stated)))
    band = [polygon([*high, *reversed(low)], "sg-band")] if low != high and len(low) > 1 else []
    if len(value) == 1 or days.first == days.last:
        return [*band, element("circle", cx=value[0][0], cy=value[0][1], r=4.0, class_="sg-dot")]
    return [*band, polyline(value, "sg-limit-in_force")]


def _ends(step: Step, last: date, *, is_gliding: bool) -> tuple[date, ...]:
    """Return the days at which a step's corners stand; it ends where the next begins."""
    if is_gliding:
        return (step.first,)
    return step.first, min(step.last + _A_DAY, last) if step.last < last else last


def _labels(found: Series, days: DayAxis, levels: LogAxis) -> list[str]:
    """Write the level where it changes, as far as there is room, and at the end."""
    having = [step for step in found.steps if step.value.interval is not None]
    wanted = [having[0], having[-1]] if found.is_gliding and having else having
    parts: list[str] = []
    taken: list[Corner] = []
    for step in [*wanted[-1:], *wanted[:-1]]:
        interval = step.value.interval
        if interval is None or len(taken) >= _MOST_LABELS:
            continue
        words = for_people(interval.value)
        half = text_width(words, _LABEL) / 2
        x = min(max(days.place(step.first), _LEFT + half + 2), _RIGHT - half)
        y = max(levels.place(interval.value) - 7, _TOP + 8)
        if all(abs(x - other) > _LEAST_GAP + half for other, _ in taken):
            taken.append((x, y))
            parts.append(label(x, y, words, "sg-day sg-halo", anchor="middle"))
    return parts


def _items(found: Series, language: Language) -> list[LegendItem]:
    items = [LegendItem("in_force", phrase("level of the threshold", language))]
    values = [step.value for step in found.steps if step.value.interval is not None]
    if any(not one.is_certain for one in values):
        items.append(LegendItem("band", phrase("between its bounds, as far as stated", language)))
    return items
