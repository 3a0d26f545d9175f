"""Properties that hold for every rule file, whatever its figures are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from moved_parameters import Probe, literal, worked_probes
from sluicegate.core.calendars import parse_day
from sluicegate.rules.book import RuleBook
from sluicegate.rules.fields import Kind
from sluicegate.rules.instruments import Instrument, Parameter, ThresholdRule, Value
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.thresholds import Gauge, Level

FITTING = {
    "run": "training_compute",
    "customer": "compute_used",
    "group": "compute_used",
    "cluster": "peak_rate",
}
"""What is measured of each kind of subject."""


def first_days_outside(home: Instrument) -> set[str]:
    """Return the parameters that begin on no day of publication and no day of a status."""
    days = {home.published, *(status.start for status in home.statuses)}
    return {one.id for one in home.parameters if one.first().start not in days}


@cache
def begins_on_its_own_day(instrument: str) -> frozenset[str]:
    """Return the parameters of the shipped file that begin on a day of their own."""
    return frozenset(first_days_outside(shipped_book().instrument(instrument)))


def values_begin_with_their_text(book: RuleBook, of: str) -> bool:
    """A value begins on the day of publication or of a status, unless the text sets another."""
    return first_days_outside(book.instrument(of)) <= begins_on_its_own_day(of)


def texts_begin_when_published(book: RuleBook, of: str) -> bool:
    """A text has its first status on the day of its publication, unless it had another before."""
    shipped, home = shipped_book().instrument(of), book.instrument(of)
    return _begins_published(home) or not _begins_published(shipped)


def _begins_published(home: Instrument) -> bool:
    return home.statuses[0].start == home.published


def subjects_fit_their_measure(book: RuleBook, of: str) -> bool:
    """A rule measures what its kind of subject has, and no two rules say the same."""
    rules = book.instrument(of).thresholds
    said = [(rule.subject, rule.parameter) for rule in rules]
    fits = all(FITTING[rule.subject] == rule.measure for rule in rules)
    return fits and len(set(said)) == len(said)


def runs_are_whole(book: RuleBook, of: str) -> bool:
    """A run or a cluster is measured over its lifetime: it is no stretch of usage."""
    rules = book.instrument(of).thresholds
    return all(rule.window == "lifetime" for rule in rules if rule.subject in ("run", "cluster"))


def rules_agree_with_their_questions(book: RuleBook, of: str) -> bool:
    """Just below, at and just above the limit, the question says passed where the gauge does."""
    return all(
        any(_agrees(rule, probe, book) for probe in _probes_of(rule.question, rule.fact))
        for rule in book.instrument(of).thresholds
        if not rule.asks_itself and _probes_of(rule.question, rule.fact)
    )


@cache
def _probes_of(question: str, fact: str) -> tuple[Probe, ...]:
    """Return the worked cases of a question whose fact is one amount."""
    found = [probe for probe in worked_probes() if probe.question.name == question]
    shapes = {s.name: s.shape.kind for p in found for s in p.question.spec.facts}
    return tuple(found) if shapes.get(fact) in (Kind.FLOP, Kind.FLOP_PER_SECOND) else ()


def _agrees(rule: ThresholdRule, probe: Probe, book: RuleBook) -> bool:
    gauge = Gauge.of(rule, Law(book, parse_day(probe.as_of)))
    at = Fraction(gauge.limit)
    tiny = Fraction(1, 10**6) if at < 1 else Fraction(1)
    for amount in (at - tiny, at, at + tiny):
        given = literal(Kind.FLOP, amount)
        asked = probe.with_fact((rule.fact,), given).ask(book)
        if asked is None or any(name not in asked.answer for name, _ in rule.passed):
            return False
        if rule.is_passed(asked.answer) is not (gauge.level(amount) is Level.PASSED):
            return False
    return True


PROPERTIES: tuple[Callable[[RuleBook, str], bool], ...] = (
    values_begin_with_their_text,
    texts_begin_when_published,
    subjects_fit_their_measure,
    runs_are_whole,
    rules_agree_with_their_questions,
)


def broken_property(book: RuleBook, of: str) -> str | None:
    """Return the name of the first property that an instrument of a book breaks."""
    return next((one.__name__ for one in PROPERTIES if not one(book, of)), None)


def every_value_holds_as_before(book: RuleBook) -> bool:
    """Say whether every parameter has the value of the shipped book on every day.

    The first value is used for days before it as well: what the text says.
    """
    shipped = shipped_book()
    return all(
        _on(parameter, day) == _on(shipped.parameters[name], day)
        for name, parameter in book.parameters.items()
        if parameter is not shipped.parameters[name]
        for day in _days_around(parameter, shipped.parameters[name])
    )


def _on(parameter: Parameter, day: date) -> Value:
    return (parameter.on(day) or parameter.first()).value


def _days_around(*parameters: Parameter) -> set[date]:
    starts = {dated.start for one in parameters for dated in one.values}
    return {day + timedelta(days=step) for day in starts if day for step in (-2, -1, 0, 1, 2)}
