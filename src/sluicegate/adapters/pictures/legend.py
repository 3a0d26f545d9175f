"""Legends: a sample of each pattern with its words, in rows that fit the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sluicegate.adapters.pictures.axes import for_people
from sluicegate.adapters.pictures.marks import Passing, limit_line, line_label, shape
from sluicegate.adapters.pictures.svg import element, fit, label, polyline, text_width
from sluicegate.adapters.pictures.texts import PictureTexts
from sluicegate.rules.instruments import Comparator
from sluicegate.services.report import StepState, ThresholdLine

ROW_HEIGHT = 19.0
_SAMPLE_WIDTH = 30.0
_GAP = 22.0


@dataclass(frozen=True, slots=True)
class LegendItem:
    """A sample, named as in the style sheet, and what it means.

    `draw` draws a sample that no name stands for, around a middle (x, y).
    """

    sample: str
    words: str
    draw: Callable[[float, float], str] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Markup and the height it takes, in pixels."""

    markup: str
    height: float


def legend(items: Sequence[LegendItem], x: float, y: float, width: float) -> Drawn:
    """Lay items in rows from a top-left corner; an item wider than the row is shortened."""
    parts: list[str] = []
    across, row = x, 0
    for item in items:
        words = fit(item.words, width - _SAMPLE_WIDTH - 6)
        needed = _SAMPLE_WIDTH + 6 + text_width(words)
        if across > x and across + needed > x + width:
            across, row = x, row + 1
        middle = y + row * ROW_HEIGHT + ROW_HEIGHT / 2
        draw = item.draw
        parts.append(
            draw(across + _SAMPLE_WIDTH / 2, middle)
            if draw
            else _sample(item.sample, across, middle)
        )
        parts.append(label(across + _SAMPLE_WIDTH + 6, middle + 4, words))
        across += needed + _GAP
    return Drawn("".join(parts), (row + 1) * ROW_HEIGHT if items else 0.0)


def _sample(sample: str, x: float, y: float) -> str:
    if sample in ("in_force", "not_enforced", "not_law"):
        return limit_line(x, y, x + _SAMPLE_WIDTH, y, sample)
    if sample in ("band", "bar"):
        return element(
            "rect", x=x, y=y - 6, width=_SAMPLE_WIDTH, height=12.0, class_=f"sg-{sample}"
        )
    if sample == "whisker":
        return whisker(x, x + _SAMPLE_WIDTH, y, 4)
    if sample in ("central", "ceiling", "projection"):
        return polyline([(x, y), (x + _SAMPLE_WIDTH, y)], f"sg-{sample}")
    if sample == "dot":
        return element("circle", cx=x + _SAMPLE_WIDTH / 2, cy=y, r=4.0, class_="sg-dot")
    if sample in ("edge", "edge-control", "edge-open", "edge-nominee", "edge-cut"):
        return polyline([(x, y), (x + _SAMPLE_WIDTH, y)], f"sg-{sample}")
    passing: Passing = sample.removeprefix("mark-")  # type: ignore[assignment]
    return shape(passing, x + _SAMPLE_WIDTH / 2, y)


def state_items(states: Iterable[StepState], texts: PictureTexts) -> list[LegendItem]:
    """Return what the patterns of thresholds mean, for the states that are shown."""
    words = {
        StepState.IN_FORCE: texts.in_force,
        StepState.NOT_ENFORCED: texts.not_enforced,
        StepState.NOT_LAW: texts.not_law,
    }
    shown = set(states)
    return [LegendItem(state.value, words[state]) for state in words if state in shown]


def threshold_key(
    lines: Sequence[ThresholdLine], x: float, y: float, width: float, texts: PictureTexts
) -> Drawn:
    """Say row by row what each threshold's label means: value, days and state, title."""
    rows = [_key_row(place, line, texts) for place, line in enumerate(lines)]
    starts = [x]
    for column in range(3):
        widest = max((text_width(row[column]) for row in rows), default=0)
        starts.append(starts[-1] + widest + 14)
    parts = []
    for place, row in enumerate(rows):
        base = y + place * ROW_HEIGHT + ROW_HEIGHT / 2 + 4
        for start, words, class_ in zip(starts, row, _KEY_CLASSES, strict=True):
            parts.append(label(start, base, fit(words, x + width - start), class_))
    return Drawn("".join(parts), len(lines) * ROW_HEIGHT)


_KEY_CLASSES = ("sg-mark-text", "sg-text", "sg-quiet", "sg-text")


def _key_row(place: int, line: ThresholdLine, texts: PictureTexts) -> tuple[str, str, str, str]:
    last = line.steps[-1]
    about = []
    if last.start is not None:
        about.append(texts.since.format(day=last.start.isoformat()))
    if last.end is not None:
        about.append(texts.until.format(day=last.end.isoformat()))
    if last.state is StepState.NOT_LAW:
        about.append(texts.not_law_note)
    if last.state is StepState.NOT_ENFORCED:
        about.append(texts.not_enforced_note)
    return (
        line_label(place),
        f"{_SIGNS[line.comparator]} {for_people(last.value)}",
        texts.comma.join(about),
        f"{texts.of(line.instrument_title)}{texts.colon}{texts.of(line.title)}",
    )


_SIGNS = {
    Comparator.GREATER_THAN: ">",
    Comparator.AT_LEAST: "≥",
    Comparator.LESS_THAN: "<",
    Comparator.AT_MOST: "≤",
}


def whisker(x1: float, x2: float, y: float, half: float) -> str:
    """Draw a span with an end stroke on each side."""
    return "".join(
        polyline(points, "sg-whisker")
        for points in (
            [(x1, y), (x2, y)],
            [(x1, y - half), (x1, y + half)],
            [(x2, y - half), (x2, y + half)],
        )
    )
