"""Pictures of dossiers: compute over time against thresholds, holdings, what each used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.adapters.pictures import (
    Bar,
    CrossingMark,
    Frame,
    LinkedPair,
    LinkWords,
    ThresholdChart,
    bar_chart,
    links_picture,
    ownership_picture,
    threshold_chart,
)
from sluicegate.adapters.pictures.marks import PASSINGS
from sluicegate.core.estimates import Estimate
from sluicegate.core.phrases import Language
from sluicegate.services.present.measured import read_figure
from sluicegate.services.report import FLOP_UNIT, DayPoint, Ownership, ThresholdLine

__all__ = [
    "Course",
    "LinkWords",
    "LinkedPair",
    "Words",
    "bars_picture",
    "course_picture",
    "holdings_picture",
    "linked_picture",
    "marks_of",
]


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture is called, and what it shows in words, for who does not see it."""

    title: str
    description: str
    language: Language


@dataclass(frozen=True, slots=True)
class Course:
    """Cumulative compute up to a day, the thresholds beside it, and the days of passing."""

    points: Sequence[DayPoint]
    thresholds: Sequence[ThresholdLine]
    marks: Sequence[CrossingMark]
    as_of: date


def marks_of(documents: Sequence[Mapping[str, Any]], as_of: date) -> tuple[CrossingMark, ...]:
    """Return the days on which bounds pass thresholds in FLOP, as documents of findings say.

    A day to come is projected.
    """
    marks = []
    for document in documents:
        limit = document["threshold"]
        if limit is None or limit["unit"] != FLOP_UNIT:
            continue
        level = read_figure(limit["value"])
        for passing in PASSINGS:
            text = document["crossing"].get(passing)
            if text is not None:
                day = date.fromisoformat(text)
                is_ahead = day > as_of
                shown = "projected" if is_ahead else passing
                marks.append(CrossingMark(shown, day, level, document["rule"]))
    return tuple(marks)


def course_picture(course: Course, words: Words) -> str:
    """Draw cumulative compute against the thresholds in force on each day: an `svg` element."""
    chart = ThresholdChart(course.points, course.thresholds, course.marks, course.as_of)
    return threshold_chart(chart, _frame(words, "course"), words.language.value)


def holdings_picture(held: Ownership, words: Words) -> str:
    """Draw owners above what they own: an `svg` element."""
    return ownership_picture(
        held.nodes, held.edges, _frame(words, "holdings"), words.language.value
    )


def linked_picture(
    names: Mapping[str, str], pairs: Sequence[LinkedPair], words: Words, meaning: LinkWords
) -> str:
    """Draw customers on a circle with their links: an `svg` element. `names` are by id."""
    return links_picture(names, pairs, _frame(words, "links"), meaning)


def bars_picture(amounts: Sequence[tuple[str, Estimate]], words: Words) -> str:
    """Draw a bar for each amount of compute: an `svg` element."""
    bars = [Bar(name, estimate) for name, estimate in amounts]
    return bar_chart(bars, _frame(words, "bars"), (), words.language.value)


def _frame(words: Words, name: str) -> Frame:
    return Frame(words.title, words.description, name=name, stands_alone=False)
