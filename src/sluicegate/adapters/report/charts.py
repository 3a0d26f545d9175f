"""The pictures of a report with the tables and sentences that stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.adapters.pictures import (
    Bar,
    CrossingMark,
    Frame,
    ThresholdChart,
    bar_chart,
    crossing_marks,
    for_people,
    ownership_picture,
    threshold_chart,
)
from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.adapters.report.words import crossing_sentences, day_in_words, sentence_list
from sluicegate.core.estimates import Estimate
from sluicegate.services.findings import Finding
from sluicegate.services.report import DayPoint, Report, SubjectReport, ThresholdLine

_MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A subject's part of the page: pictures as SVG, sentences, and the days to list."""

    report: SubjectReport
    chart: str
    sentences: tuple[str, ...]
    points: tuple[DayPoint, ...]
    ownership: str
    ownership_sentence: str


@dataclass(frozen=True, slots=True)
class LargestView:
    """The largest users: the picture, its sentence, and the thresholds on it."""

    picture: str
    sentence: str
    lines: tuple[ThresholdLine, ...]


def subject_view(subject: SubjectReport, place: int, report: Report, say: Catalogue) -> SubjectView:
    """Draw what there is to draw of a subject; "" stands for no picture."""
    facts = subject.facts
    marks = crossing_marks(subject.findings, report.as_of)
    sentences = _chart_sentences(subject.findings, facts.estimate, report.as_of, say)
    chart = ""
    if facts.series:
        title = say("chart.title", name=say.named(facts.subject.name))
        chart = threshold_chart(
            ThresholdChart(facts.series, facts.thresholds, marks, report.as_of),
            Frame(title, sentence_list(sentences, say), f"chart-{place}", stands_alone=False),
            say.language,
        )
    ownership = words = ""
    if facts.ownership is not None:
        owned = facts.ownership
        words = say("ownership.sentence", nodes=len(owned.nodes), edges=len(owned.edges))
        frame = Frame(
            say("ownership.title", name=say.named(facts.subject.name)),
            words,
            f"ownership-{place}",
            stands_alone=False,
        )
        ownership = ownership_picture(owned.nodes, owned.edges, frame, say.language)
    return SubjectView(
        subject, chart, sentences, telling_days(facts.series, marks), ownership, words
    )


def _chart_sentences(
    findings: Sequence[Finding], estimate: Estimate, as_of: date, say: Catalogue
) -> tuple[str, ...]:
    """Say how much a subject used, then for each finding when it passed the threshold."""
    sentences = [total_sentence("subject.total", estimate, say)]
    for finding in findings:
        crossing = crossing_sentences(finding, as_of, say)
        if crossing:
            titles = (finding.instrument_title, finding.rule_title)
            where = say("clause").join(map(say.title, titles))
            sentences.append(f"{where}{say('colon')}{crossing}")
    if len(sentences) == 1:
        sentences.append(say("chart.no_rules"))
    return tuple(sentences)


def total_sentence(key: str, estimate: Estimate, say: Catalogue, **more: object) -> str:
    """Fill a sentence with the figures of an estimate; its bounds only where they look apart."""
    is_one = for_people(estimate.low) == for_people(estimate.high)
    return say(
        f"{key}.one" if is_one else key,
        low=for_people(estimate.low),
        central=for_people(estimate.central),
        high=for_people(estimate.high),
        ceiling=for_people(estimate.ceiling),
        **more,
    )


def telling_days(series: Sequence[DayPoint], marks: Sequence[CrossingMark]) -> tuple[DayPoint, ...]:
    """Return the last day of each month, the days of passing, and both ends of a series."""
    passed = {mark.day for mark in marks}
    return tuple(
        point
        for place, point in enumerate(series)
        if place in (0, len(series) - 1)
        or point.day in passed
        or series[place + 1].day.month != point.day.month
    )


def largest_view(report: Report, say: Catalogue) -> LargestView | None:
    """Draw the largest users with the thresholds that stand on the report's day."""
    shown = report.largest[:_MOST_BARS]
    if not shown:
        return None
    lines = _standing(report, {one.subject.kind_name for one in shown})
    first = shown[0]
    sentences = [
        total_sentence(
            "summary.largest_sentence", first.estimate, say, name=say.named(first.subject.name)
        )
    ]
    if len(report.largest) > len(shown):
        sentences.append(say("summary.largest_shown", shown=len(shown), all=len(report.largest)))
    if lines:
        sentences.append(say("summary.largest_limits", day=day_in_words(report.as_of, say)))
    sentence = sentence_list(sentences, say)
    picture = bar_chart(
        [Bar(say.named(one.subject.name), one.estimate) for one in shown],
        Frame(say("summary.largest"), sentence, "largest", stands_alone=False),
        lines,
        say.language,
    )
    return LargestView(picture, sentence, lines)


def _standing(report: Report, kinds: set[str]) -> tuple[ThresholdLine, ...]:
    """Return the thresholds of subjects of some kinds whose last step stands on the day."""
    lines = {
        line.rule: line
        for subject in report.subjects
        if subject.subject.kind_name in kinds
        for line in subject.facts.thresholds
        if (end := line.steps[-1].end) is None or end > report.as_of
    }
    return tuple(lines.values())
