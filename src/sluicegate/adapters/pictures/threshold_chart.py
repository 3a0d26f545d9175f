"""Cumulative compute against the thresholds in force over time, on a log axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.adapters.pictures.axes import DayAxis, LogAxis, power_of_ten, thinned
from sluicegate.adapters.pictures.legend import LegendItem, legend, state_items, threshold_key
from sluicegate.adapters.pictures.marks import (
    PASSINGS,
    CrossingMark,
    apart,
    limit_line,
    line_label,
    shape,
)
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    label,
    picture,
    polygon,
    polyline,
    text_width,
)
from sluicegate.adapters.pictures.texts import Language, PictureTexts, picture_texts
from sluicegate.core.quantities import Exact
from sluicegate.services.report import DayPoint, ThresholdLine, ThresholdStep

WIDTH = 860.0
_LEFT, _TOP, _PLOT_HEIGHT = 58.0, 30.0, 290.0
_MOST_POINTS = 200
_BELOW_THE_END = 1000
"""How far below the last amount the axis begins: the first hours of use need no room."""


@dataclass(frozen=True, slots=True)
class ThresholdChart:
    """What to draw: cumulative points in order of day, thresholds, and the days of passing."""

    series: Sequence[DayPoint]
    lines: Sequence[ThresholdLine] = ()
    marks: Sequence[CrossingMark] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class _Plot:
    """The axes and edges of the plot, in pixels."""

    days: DayAxis
    flop: LogAxis
    right: float
    bottom: float


def threshold_chart(chart: ThresholdChart, frame: Frame, language: Language = "en") -> str:
    """Draw the chart; any series gives finite coordinates inside the picture."""
    texts = picture_texts(language)
    points = thinned(chart.series, _MOST_POINTS)
    groups = _end_labels(chart)
    right_margin = 14 + max((text_width(text, 11) for text, _ in groups), default=0) + 6
    plot = _plot(chart, points, right_margin)
    parts = [
        element("rect", x=0.0, y=0.0, width=WIDTH, height=1.0, class_="sg-ground"),
        *_grid(plot, texts),
        *_today(chart.as_of, plot, texts),
        *_amounts(points, plot),
        *(part for line in chart.lines for part in _limit(line, plot)),
        *_projections(chart, points, plot),
        *_labels(groups, plot),
        *_marks(chart.marks, plot, texts),
    ]
    if not any(point.high > 0 for point in points):
        middle = (_LEFT + plot.right) / 2
        parts.append(label(middle, _TOP + 24, texts.nothing, "sg-quiet", anchor="middle"))
    below = legend(_items(chart, points, texts), _LEFT, plot.bottom + 46, WIDTH - _LEFT - 10)
    parts.append(below.markup)
    height = plot.bottom + 46 + below.height + 6
    key = threshold_key(chart.lines, _LEFT, height, WIDTH - _LEFT - 10, texts)
    parts.append(key.markup)
    height += key.height + 8
    parts[0] = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    return picture(frame, WIDTH, height, *parts)


def _plot(chart: ThresholdChart, points: Sequence[DayPoint], right_margin: float) -> _Plot:
    days = [point.day for point in points] + [mark.day for mark in chart.marks]
    days += [] if chart.as_of is None else [chart.as_of]
    days = days or [step.start for line in chart.lines for step in line.steps if step.start]
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 1, 1))
    if any(mark.passing == "projected" and mark.day == last for mark in chart.marks):
        room = (last - first).days // 25 + 1
        last = date.fromordinal(min(last.toordinal() + room, date.max.toordinal()))
    amounts: list[Exact] = [amount for point in points for amount in (point.low, point.high)]
    amounts += [point.ceiling for point in points if point.ceiling is not None]
    amounts += [step.value for line in chart.lines for step in line.steps]
    amounts += [mark.level for mark in chart.marks]
    right, bottom = WIDTH - right_margin, _TOP + _PLOT_HEIGHT
    ends: list[Exact] = [points[-1].low, points[-1].central] if points else []
    ends += [step.value for line in chart.lines for step in line.steps]
    least = Fraction(min((end for end in ends if end > 0), default=0), _BELOW_THE_END)
    return _Plot(
        DayAxis(first, last, _LEFT, right),
        LogAxis.over(amounts, bottom, _TOP, least),
        right,
        bottom,
    )


def _grid(plot: _Plot, texts: PictureTexts) -> list[str]:
    parts = [label(8, 16, texts.flop_axis, "sg-small")]
    for exponent in plot.flop.ticks():
        y = plot.flop.place(Fraction(10) ** exponent)
        parts.append(element("line", x1=_LEFT, y1=y, x2=plot.right, y2=y, class_="sg-grid"))
        parts.append(label(_LEFT - 7, y + 4, power_of_ten(exponent), "sg-quiet", anchor="end"))
    bottom = plot.bottom
    parts.append(element("line", x1=_LEFT, y1=bottom, x2=plot.right, y2=bottom, class_="sg-axis"))
    for day, words in plot.days.ticks():
        x = plot.days.place(day)
        parts.append(element("line", x1=x, y1=bottom, x2=x, y2=bottom + 5, class_="sg-axis"))
        parts.append(label(x, bottom + 18, words, "sg-quiet", anchor="middle"))
    return parts


def _today(as_of: date | None, plot: _Plot, texts: PictureTexts) -> list[str]:
    if as_of is None:
        return []
    x = plot.days.place(as_of)
    words = texts.as_of.format(day=as_of.isoformat())
    half = text_width(words, 11) / 2
    across = min(max(x, half), WIDTH - half - 4)
    return [
        element("line", x1=x, y1=_TOP, x2=x, y2=plot.bottom, class_="sg-today"),
        label(across, plot.bottom + 34, words, "sg-small", anchor="middle"),
    ]


def _amounts(points: Sequence[DayPoint], plot: _Plot) -> list[str]:
    """Draw band, central line and ceiling; one day alone is drawn as a span with a dot."""
    if not any(point.high > 0 for point in points):
        return []
    place = plot.days.place

    def path(amounts: list[tuple[date, Exact]]) -> list[tuple[float, float]]:
        return [(place(day), plot.flop.place(amount)) for day, amount in amounts]

    low = path([(point.day, point.low) for point in points])
    high = path([(point.day, point.high) for point in points])
    central = path([(point.day, point.central) for point in points])
    ceiling = path([(p.day, p.ceiling) for p in points if p.ceiling is not None])
    if len(points) == 1:
        x, y = central[0]
        span = element(
            "rect",
            x=x - 4,
            y=high[0][1],
            width=8.0,
            height=low[0][1] - high[0][1],
            class_="sg-band",
        )
        return [span, element("circle", cx=x, cy=y, r=4.0, class_="sg-dot")]
    parts = [polygon([*high, *reversed(low)], "sg-band")]
    if len(ceiling) > 1:
        parts.append(polyline(ceiling, "sg-ceiling"))
    return [*parts, polyline(central, "sg-central")]


def _span(step: ThresholdStep, plot: _Plot) -> tuple[float, float] | None:
    """Return where a step begins and ends in the plot, or None when it lies outside."""
    days = plot.days
    if (step.start and step.start > days.last) or (step.end and step.end <= days.first):
        return None
    if days.first == days.last:
        return days.start, days.end
    start = days.start if step.start is None else days.place(step.start)
    return start, days.end if step.end is None else days.place(step.end)


def _limit(line: ThresholdLine, plot: _Plot) -> list[str]:
    parts: list[str] = []
    before: ThresholdStep | None = None
    for step in line.steps:
        span = _span(step, plot)
        if span is None:
            continue
        y = plot.flop.place(step.value)
        if before is not None and before.end == step.start and before.value != step.value:
            was = plot.flop.place(before.value)
            parts.append(limit_line(span[0], was, span[0], y, step.state.value))
        parts.append(limit_line(span[0], y, span[1], y, step.state.value))
        before = step
    return parts


def _end_labels(chart: ThresholdChart) -> list[tuple[str, ThresholdStep]]:
    """Return the labels at the end of lines; lines that end as one share a label."""
    ends: dict[tuple[Exact, date | None], list[int]] = {}
    for place, line in enumerate(chart.lines):
        last = line.steps[-1]
        ends.setdefault((last.value, last.end), []).append(place)
    return [(_joined(places), chart.lines[places[0]].steps[-1]) for places in ends.values()]


def _joined(places: list[int]) -> str:
    """Return labels as a short list, runs drawn together: T1 T2 T3 T5 → T1–T3 T5."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return " ".join(
        f"{line_label(run[0])}–{line_label(run[-1])}"
        if len(run) > 2
        else " ".join(map(line_label, run))
        for run in runs
    )


def _labels(groups: list[tuple[str, ThresholdStep]], plot: _Plot) -> list[str]:
    """Put the labels of open lines into the right margin, of ended ones above their end."""
    parts: list[str] = []
    open_ends: list[tuple[str, float]] = []
    for text, step in groups:
        span = _span(step, plot)
        if span is None:
            continue
        y = plot.flop.place(step.value)
        if span[1] >= plot.right - 1:
            open_ends.append((text, y + 4))
        else:
            parts.append(label(span[1] - 2, y - 5, text, "sg-mark-text sg-halo", anchor="end"))
    heights = apart([y for _, y in open_ends], 12, _TOP + 4, plot.bottom + 4)
    for (text, _), y in zip(open_ends, heights, strict=True):
        parts.append(label(plot.right + 6, y, text, "sg-mark-text"))
    return parts


def _projections(chart: ThresholdChart, points: Sequence[DayPoint], plot: _Plot) -> list[str]:
    """Join the last central amount with the days on which it is projected to pass."""
    if not points:
        return []
    last = points[-1]
    start = (plot.days.place(last.day), plot.flop.place(last.central))
    return [
        polyline([start, (plot.days.place(mark.day), plot.flop.place(mark.level))], "sg-projection")
        for mark in chart.marks
        if mark.passing == "projected" and mark.day > last.day and mark.level > last.central
    ]


def _mark_words(texts: PictureTexts) -> dict[str, str]:
    words = (texts.high_mark, texts.central_mark, texts.low_mark, texts.projected_mark)
    return dict(zip(PASSINGS, words, strict=True))


def _marks(marks: Sequence[CrossingMark], plot: _Plot, texts: PictureTexts) -> list[str]:
    """Draw each mark, and write the day at the last one of each threshold, the most certain.

    Of several bounds that pass on one day, the most certain one is drawn.
    """
    words = _mark_words(texts)
    gravest = {mark.rule: mark for mark in marks}
    parts: list[str] = []
    for mark in {(mark.rule, mark.day): mark for mark in marks}.values():
        x, y, day = plot.days.place(mark.day), plot.flop.place(mark.level), mark.day.isoformat()
        parts.append(shape(mark.passing, x, y, f"{words[mark.passing]}: {day}"))
        if mark is gravest[mark.rule]:
            across = min(max(x, _LEFT + 34), plot.right - 34)
            below = y + 18 if y + 18 < plot.bottom else y - 9
            parts.append(label(across, below, day, "sg-day sg-halo", anchor="middle"))
    return parts


def _items(
    chart: ThresholdChart, points: Sequence[DayPoint], texts: PictureTexts
) -> list[LegendItem]:
    items: list[LegendItem] = []
    if any(point.high > 0 for point in points):
        items += [LegendItem("central", texts.central), LegendItem("band", texts.band)]
        if any(point.ceiling is not None for point in points):
            items.append(LegendItem("ceiling", texts.ceiling))
    items += state_items((step.state for line in chart.lines for step in line.steps), texts)
    shown = {mark.passing for mark in chart.marks}
    marks = _mark_words(texts)
    items += [LegendItem(f"mark-{p}", marks[p]) for p in PASSINGS if p in shown]
    return items
