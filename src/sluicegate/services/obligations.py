"""Obligations that follow from findings: who owes what to whom, by when.

A deadline is counted from the event its text names. Events that the node
cannot see (an incident, a placing on the market) leave `due` open and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sluicegate.core.canonical import digest
from sluicegate.rules.book import RuleBook
from sluicegate.rules.deadlines import BEFORE_CROSSING, CONTINUOUS, end_of, start_of
from sluicegate.rules.instruments import ObligationTemplate
from sluicegate.rules.law import Law
from sluicegate.rules.thresholds import Level
from sluicegate.services.findings import Finding, ObligationDue

_BEFORE = ("below", "approaching")
"""States of compute, as questions answer them, in which the threshold is not passed."""


def obligations_of(
    finding: Finding,
    templates: tuple[str, ...],
    book: RuleBook,
    known_on: date | None = None,
) -> Iterator[ObligationDue]:
    """Yield what a finding's rule asks for, with periods as known on a day.

    A subject that only approaches owes what is owed before a threshold is passed.
    """
    for identifier in templates:
        template = book.obligations[identifier]
        if finding.level is not Level.PASSED and template.counted_from != BEFORE_CROSSING:
            continue
        law = Law(book, finding.as_of, known_on)
        due, calculation = _due(finding, template, law)
        yield ObligationDue(
            id="o-" + digest([finding.id, template.id])[:16],
            duty=template.duty,
            who=template.who,
            to=template.to,
            due=due,
            calculation=calculation,
            finding=finding.id,
            subject=finding.subject,
            binding=_binds(finding, template, law),
            reference=template.reference,
        )


def _binds(finding: Finding, template: ObligationTemplate, law: Law) -> bool:
    """Say whether a duty binds: its finding stands as enforced, and so does the text it rests on.

    What is owed before a threshold is passed binds although it is not passed yet.
    """
    is_owed_before = template.counted_from == BEFORE_CROSSING
    text = template.rests_on or finding.instrument
    return (is_owed_before or finding.as_enforced) and law.enforced(text)


def _due(finding: Finding, template: ObligationTemplate, law: Law) -> tuple[date | None, str]:
    if template.counted_from == BEFORE_CROSSING:
        day = finding.crossing.projected
        if finding.level is Level.PASSED and _has_crossed(finding):
            return _crossed(finding), f"before the threshold was passed, {_crossed(finding)}"
        when = "for which no day is projected" if day is None else f"projected for {day}"
        return day, f"before the threshold is passed, {when}"
    if template.counted_from == CONTINUOUS:
        return None, f"continuous, from {_crossed(finding)}"
    if template.period is None:
        return None, f"no period; {_from(template.counted_from)}"
    period = law.period(template.period)
    start = start_of(template.counted_from, _crossed(finding))
    if start is None:
        return None, f"{period} from {_words(template.counted_from)}, which has not been entered"
    words = f"{period} from {_words(template.counted_from)}, {start}"
    return end_of(period, start), words


def _has_crossed(finding: Finding) -> bool:
    """Say whether the threshold was passed; a finding can be about what comes before that."""
    days = finding.crossing
    if days.central or days.high or days.low:
        return True
    return days.projected is None and finding.answer.get("state") not in _BEFORE


def _crossed(finding: Finding) -> date:
    """Return the day on which the threshold was passed, or the finding's own day."""
    days = finding.crossing
    return days.central or days.high or days.low or finding.as_of


def _words(counted_from: str) -> str:
    return counted_from.replace("_", " ")


def _from(counted_from: str) -> str:
    words = _words(counted_from)
    return words if words.startswith("before ") else f"from {words}"
