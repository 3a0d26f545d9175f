"""The biggest users beside one another, on a log axis, with the thresholds as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.adapters.pictures.axes import LogAxis, for_people, power_of_ten
from sluicegate.adapters.pictures.legend import (
    LegendItem,
    legend,
    state_items,
    threshold_key,
    whisker,
)
from sluicegate.adapters.pictures.marks import limit_line, line_label
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    fit,
    label,
    picture,
    text_width,
    tooltip,
)
from sluicegate.adapters.pictures.texts import Language, PictureTexts, picture_texts
from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact
from sluicegate.services.report import ThresholdLine

WIDTH = 860.0
_NAMES, _VALUES = 210.0, 92.0
_ROW, _TOP, _EDGE = 26.0, 46.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: a name and an amount of compute with its bounds."""

    name: str
    estimate: Estimate


def bar_chart(
    bars: Sequence[Bar],
    frame: Frame,
    lines: Sequence[ThresholdLine] = (),
    language: Language = "en",
) -> str:
    """Draw a bar to the central estimate, with a whisker from low to high, in the order given.

    The axis begins at a power of ten below the smallest positive amount, so the
    length of a bar means nothing by itself: the place of its end does.
    """
    texts = picture_texts(language)
    axis = _axis(bars, lines)
    bottom = _TOP + max(len(bars), 1) * _ROW + 4
    parts = [
        *_grid(axis, bottom, texts),
        *(part for spot, bar in enumerate(bars) for part in _row(bar, _TOP + spot * _ROW, axis)),
        *_limits(lines, axis, bottom),
    ]
    if not any(bar.estimate.high > 0 for bar in bars):
        parts.append(label(_NAMES + 20, bottom - 10, texts.nothing, "sg-quiet"))
    below = legend(_items(lines, texts), _EDGE, bottom + 26, WIDTH - 2 * _EDGE)
    height = bottom + 26 + below.height + 4
    key = threshold_key(lines, _EDGE, height, WIDTH - 2 * _EDGE, texts)
    height += key.height + 8
    ground = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    return picture(frame, WIDTH, height, ground, *parts, below.markup, key.markup)


def _axis(bars: Sequence[Bar], lines: Sequence[ThresholdLine]) -> LogAxis:
    amounts: list[Exact] = [line.steps[-1].value for line in lines]
    for bar in bars:
        amounts += [bar.estimate.low, bar.estimate.high]
    axis = LogAxis.over(amounts, _NAMES, WIDTH - _VALUES)
    smallest = min((bar.estimate.low for bar in bars if bar.estimate.low > 0), default=0)
    touches = smallest > 0 and axis.place(smallest) <= axis.start + 12
    return LogAxis(axis.low - 1, axis.high, axis.start, axis.end) if touches else axis


def _grid(axis: LogAxis, bottom: float, texts: PictureTexts) -> list[str]:
    parts = [label(_EDGE, 14, texts.bar_axis, "sg-small")]
    for exponent in axis.ticks():
        x = axis.start + (exponent - axis.low) / (axis.high - axis.low) * (axis.end - axis.start)
        parts.append(element("line", x1=x, y1=_TOP - 4, x2=x, y2=bottom, class_="sg-grid"))
        parts.append(label(x, bottom + 16, power_of_ten(exponent), "sg-quiet", anchor="middle"))
    return [
        *parts,
        element("line", x1=axis.start, y1=_TOP - 4, x2=axis.start, y2=bottom, class_="sg-axis"),
    ]


def _row(bar: Bar, y: float, axis: LogAxis) -> list[str]:
    estimate, middle = bar.estimate, y + _ROW / 2
    end = axis.place(estimate.central)
    hint = (
        f"{bar.name}: {for_people(estimate.low)} – {for_people(estimate.central)}"
        f" – {for_people(estimate.high)} FLOP"
    )
    parts = [
        label(_NAMES - 8, middle + 4, fit(bar.name, _NAMES - 20), anchor="end"),
        element(
            "rect",
            tooltip(hint),
            x=axis.start,
            y=y + 5,
            width=end - axis.start,
            height=_ROW - 10,
            class_="sg-bar",
        ),
        label(WIDTH - _EDGE + 4, middle + 4, for_people(estimate.central), anchor="end"),
    ]
    if estimate.high > estimate.low:
        parts.append(whisker(axis.place(estimate.low), axis.place(estimate.high), middle, 4))
    return parts


def _limits(lines: Sequence[ThresholdLine], axis: LogAxis, bottom: float) -> list[str]:
    """Draw thresholds across the bars; labels that would touch share a place."""
    parts: list[str] = []
    labels: dict[float, list[str]] = {}
    for place, line in enumerate(lines):
        last = line.steps[-1]
        x = axis.place(last.value)
        parts.append(limit_line(x, _TOP - 8, x, bottom, last.state.value))
        near = next((spot for spot in labels if abs(spot - x) < 18), x)
        labels.setdefault(near, []).append(line_label(place))
    for x, words in labels.items():
        text = words[0] if len(words) == 1 else f"{words[0]}–{words[-1]}"
        half = text_width(text, 11) / 2
        across = min(max(x, half), WIDTH - half - 2)
        parts.append(label(across, _TOP - 11, text, "sg-mark-text sg-halo", anchor="middle"))
    return parts


def _items(lines: Sequence[ThresholdLine], texts: PictureTexts) -> list[LegendItem]:
    return [
        LegendItem("bar", texts.central),
        LegendItem("whisker", texts.whisker),
        *state_items((line.steps[-1].state for line in lines), texts),
    ]
