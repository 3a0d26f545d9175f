"""Forecast counts as fans, one panel for each option and scenario, on one scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sluicegate.adapters.pictures.legend import LegendItem, legend
from sluicegate.adapters.pictures.marks import shape
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    label,
    picture,
    polygon,
    polyline,
    text_width,
    tooltip,
    wrap,
)
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say

WIDTH = 860.0
_EDGE, _LEFT, _GAP, _TOP = 12.0, 46.0, 18.0, 24.0
_HEIGHT, _TITLE, _AXIS = 150.0, 38.0, 26.0
_LINE = 14.0
_MOST_ACROSS = 4
_LINEAR_UP_TO = 12
"""How many times the lowest of the highest counts the highest may be on a linear scale."""


@dataclass(frozen=True, slots=True)
class FanPanel:
    """One fan: counts by year at the outer percentiles and in the middle.

    `recorded` holds what was counted later, by year; years after `last_sure` are
    extrapolated further than the method's source goes.
    """

    title: str
    years: Sequence[int]
    low: Sequence[int]
    middle: Sequence[int]
    high: Sequence[int]
    recorded: Mapping[int, int]
    last_sure: int


_Across = Callable[[int], float]
"""The pixel of a year."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """A scale of counts, linear or logarithmic with 0 one step below 1."""

    top: float
    is_log: bool
    start: float
    end: float

    @classmethod
    def over(cls, panels: Sequence[FanPanel], start: float, end: float) -> _Counts:
        """Return a scale that holds every panel."""
        tops = [max((*one.high, *one.recorded.values()), default=0) for one in panels]
        highest = max(tops, default=0)
        lowest = min((top for top in tops if top), default=0)
        is_log = highest > _LINEAR_UP_TO * lowest > 0
        top = 1 + math.ceil(math.log10(highest)) if is_log else _round_up(highest)
        return cls(max(top, 1), is_log, start, end)

    def place(self, count: float) -> float:
        """Return the pixel of a count."""
        step = _log_step(count) if self.is_log else count
        return self.start + min(step / self.top, 1.0) * (self.end - self.start)

    def ticks(self) -> list[int]:
        """Return the counts to label."""
        if self.is_log:
            return [0, *(10**power for power in range(round(self.top)))]
        step = _round_up(self.top / 4)
        return list(range(0, round(self.top) + 1, max(round(step), 1)))


def _log_step(count: float) -> float:
    """Return the steps from the foot of a logarithmic scale: 0 stands at it, 1 one above."""
    return 0.0 if count < 1 else 1 + math.log10(count)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten.

    >>> _round_up(37), _round_up(320)
    (50.0, 500.0)
    """
    if value <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= value)


def forecast_picture(
    panels: Sequence[FanPanel],
    frame: Frame,
    language: Language = Language.EN,
    *,
    is_per_year: bool = False,
    most_across: int = _MOST_ACROSS,
) -> str:
    """Draw fans side by side: a band from low to high, the middle as a line with its last count.

    Squares are what was recorded later. `is_per_year` says that counts are of each year
    and not of all so far; `most_across` is how many panels may stand in a row.
    """
    across = max(1, min(len(panels), most_across, _MOST_ACROSS))
    wide = (WIDTH - _LEFT - _EDGE - _GAP * (across - 1)) / across
    parts: list[str] = [
        label(_EDGE, 14, _scale_words(panels, is_per_year=is_per_year).text(language), "sg-small"),
    ]
    deep = _TITLE + _HEIGHT + _AXIS
    for place, panel in enumerate(panels):
        x = _LEFT + (place % across) * (wide + _GAP)
        y = _TOP + (place // across) * deep
        scale = _Counts.over(panels, y + _TITLE + _HEIGHT, y + _TITLE)
        parts += _panel(panel, scale, x, wide, is_first=place % across == 0, language=language)
    height = _TOP + -(-len(panels) // across) * deep
    if not panels:
        parts.append(label(_LEFT, _TOP + 20, say("No option.").text(language), "sg-quiet"))
        height = _TOP + deep
    below = legend(_items(panels, language), _EDGE, height + 4, WIDTH - 2 * _EDGE)
    height += below.height + 12
    ground = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    return picture(frame, WIDTH, height, ground, *parts, below.markup)


def _scale_words(panels: Sequence[FanPanel], *, is_per_year: bool) -> Sentence:
    what = (
        say("New models of each year above the threshold")
        if is_per_year
        else say("All models so far above the threshold")
    )
    if _Counts.over(panels, 1.0, 0.0).is_log:
        return say("{what} (each step is ten times the last; 0 is one step below 1)", what=what)
    return what


def _panel(
    panel: FanPanel, scale: _Counts, x: float, wide: float, *, is_first: bool, language: Language
) -> list[str]:
    first, last = min(panel.years, default=0), max(panel.years, default=0)
    inset = 14.0

    def across(year: int) -> float:
        span = last - first
        share = (year - first) / span if span else 0.5
        return x + inset + share * (wide - 2 * inset)

    lines = wrap(panel.title, wide * 0.92, 2)
    parts = [
        label(x, scale.end - 8 - _LINE * (len(lines) - 1 - place), line, "sg-strong")
        for place, line in enumerate(lines)
    ]
    for tick in scale.ticks():
        y = scale.place(tick)
        parts.append(element("line", x1=x, y1=y, x2=x + wide, y2=y, class_="sg-grid"))
        if is_first:
            parts.append(label(x - 6, y + 4, f"{tick:,}", "sg-small", anchor="end"))
    parts += _years(panel, across, scale.start, wide)
    if first <= panel.last_sure < last:
        beyond = (across(panel.last_sure) + across(panel.last_sure + 1)) / 2
        line = {"x1": beyond, "y1": scale.end, "x2": beyond, "y2": scale.start}
        parts.append(element("line", **line, class_="sg-today"))
    upper = [(across(one), scale.place(n)) for one, n in zip(panel.years, panel.high, strict=True)]
    lower = [(across(one), scale.place(n)) for one, n in zip(panel.years, panel.low, strict=True)]
    if len(upper) > 1:
        parts.append(polygon([*upper, *reversed(lower)], "sg-band"))
    middle = [
        (across(one), scale.place(n)) for one, n in zip(panel.years, panel.middle, strict=True)
    ]
    parts.append(polyline(middle, "sg-central"))
    parts += _hints(panel, across, scale, language)
    for year, count in panel.recorded.items():
        mark = shape("low", across(year), scale.place(count))
        parts.append(element("g", tooltip(f"{year}: {count}"), mark))
    return parts


def _years(panel: FanPanel, across: _Across, bottom: float, wide: float) -> list[str]:
    """Label as many years as fit; the first and every so many after it."""
    room = text_width("2030", 11) + 10
    step = max(1, math.ceil(len(panel.years) * room / wide))
    return [
        label(across(year), bottom + 15, str(year), "sg-small", anchor="middle")
        for year in panel.years[::step]
    ]


def _hints(panel: FanPanel, across: _Across, scale: _Counts, language: Language) -> list[str]:
    """Write the last count beside its end, and every year's where a pointer rests."""
    parts = []
    for year, low, middle, high in zip(
        panel.years, panel.low, panel.middle, panel.high, strict=True
    ):
        words = say(
            "{year}: {middle} ({low} to {high})",
            year=str(year),
            middle=str(middle),
            low=str(low),
            high=str(high),
        )
        spot = {"cx": across(year), "cy": scale.place(middle), "r": 3.0}
        parts.append(element("circle", tooltip(words.text(language)), **spot, class_="sg-dot"))
    if panel.years:
        end, count = panel.years[-1], panel.middle[-1]
        x, y = across(end) + 4, max(scale.place(count) - 8, scale.end + 12)
        parts.append(label(x, y, str(count), "sg-day sg-halo", anchor="end"))
    return parts


def _items(panels: Sequence[FanPanel], language: Language) -> list[LegendItem]:
    items = [
        LegendItem("central", say("middle of the courses of events").text(language)),
        LegendItem("band", say("from the lowest to the highest percentile").text(language)),
    ]
    if any(one.recorded for one in panels):
        items.append(LegendItem("mark-low", say("recorded later").text(language)))
    if any(
        min(one.years, default=0) <= one.last_sure < max(one.years, default=0) for one in panels
    ):
        items.append(
            LegendItem("ceiling", say("after the dotted line: extrapolated here").text(language))
        )
    return items
