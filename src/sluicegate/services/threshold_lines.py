"""How thresholds in FLOP stood over time, as steps of a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    Enforcement,
    Instrument,
    Kind,
    Parameter,
    TextState,
    ThresholdRule,
)
from sluicegate.services.report import FLOP_UNIT, StepState, ThresholdLine, ThresholdStep


def threshold_lines(
    rules: Iterable[ThresholdRule],
    book: RuleBook,
    days: tuple[date, date],
    known_on: date | None = None,
) -> tuple[ThresholdLine, ...]:
    """Return how thresholds in FLOP stood from a first to a last day, highest last value first.

    A rule whose parameter is a rate, or that stands on none of the days, is
    left out: it has no place on an axis of FLOP. A step that has begun before
    the first day keeps its own first day.
    """
    lines = []
    for rule in rules:
        parameter = book.parameter(rule.parameter)
        if parameter.unit != FLOP_UNIT or parameter.comparator is None:
            continue
        home = book.instrument(rule.instrument)
        steps = _steps(parameter, home, days, known_on)
        if steps:
            lines.append(
                ThresholdLine(rule.id, rule.title, home.title, parameter.comparator, steps)
            )
    return tuple(sorted(lines, key=lambda line: (-Fraction(line.steps[-1].value), line.rule)))


def _steps(
    parameter: Parameter, home: Instrument, days: tuple[date, date], known_on: date | None
) -> tuple[ThresholdStep, ...]:
    first, last = days
    turns = {dated.start for dated in parameter.values} | {one.start for one in home.statuses}
    starts = sorted({first} | {turn for turn in turns if turn and first < turn <= last})
    steps: list[ThresholdStep] = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        dated, status = parameter.on(start, known_on), home.status_on(start, known_on)
        state = _state(home, start, known_on)
        if dated is None or state is None or not isinstance(dated.value, int | Fraction):
            continue
        before = steps[-1] if steps else None
        if before and (before.end, before.value, before.state) == (start, dated.value, state):
            steps[-1] = replace(before, end=end)
            continue
        began = [one.start for one in (dated, status) if one and one.start]
        since = start if start > first else max(began, default=None)
        steps.append(ThresholdStep(since, end, dated.value, state, dated.reference))
    return tuple(steps)


def _state(home: Instrument, day: date, known_on: date | None) -> StepState | None:
    """Say how an instrument's thresholds stand on a day; None when they do not.

    A law that is published but not in force yet asks for nothing and is not
    shown; a proposal, guidance or own setting is shown as such from its first
    status.
    """
    status = home.status_on(day, known_on)
    if status is None or status.text in (TextState.REVOKED, TextState.NEVER_IN_FORCE):
        return None
    if home.kind is not Kind.LAW or status.text is TextState.PROPOSED:
        return StepState.NOT_LAW
    if status.text is not TextState.IN_FORCE:
        return None
    enforced = status.enforcement is Enforcement.ENFORCED
    return StepState.IN_FORCE if enforced else StepState.NOT_ENFORCED
