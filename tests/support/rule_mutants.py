"""Mutants of the rule files: the book with one thing written otherwise.

A mutant changes what a file says in one place: a value, a comparator, a day, a
status, a duty's period, a threshold rule. Those of question files are in
`question_mutants`. No file is touched; the book is changed in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import whole
from sluicegate.rules.book import RuleBook
from sluicegate.rules.fields import FieldSpec
from sluicegate.rules.instruments import (
    Comparator,
    DatedValue,
    Enforcement,
    Instrument,
    ObligationTemplate,
    Parameter,
    Status,
    TextState,
    ThresholdRule,
    Value,
)
from sluicegate.rules.questions import Question

NEWCOMERS = ("BR", "CN", "FR", "GL", "KZ")
"""Countries that a list may be given: one of each class of destination, and one in no group."""
NEARLY = Fraction(1, 100)
"""How far a figure is moved: little enough that only a case near the limit sees it."""
A_DAY = timedelta(days=1)


class Changed(Enum):
    """What a mutant changes."""

    VALUE = "value"
    MEMBER = "member of a list"
    COMPARATOR = "comparator"
    BEGINS = "day a value begins"
    BEGINS_FIRST = "day the first value begins"
    NOT_BEFORE = "day a change cannot precede"
    STATUS = "status"
    STATUS_DAY = "day of a status"
    PUBLISHED = "day of publication"
    DUTY = "duty"
    THRESHOLD = "threshold rule"
    OUTCOME = "condition of an outcome"
    DEFAULT = "default"


@dataclass(frozen=True)
class Mutant:
    """A change of the rules; `touches` names what a case must use to notice it.

    `of` is the instrument or question whose file is changed. `code` is the
    country that a list gains or loses. A change of a question file has no
    `book`, and one of a rule file no `question`.
    """

    of: str
    kind: Changed
    name: str
    touches: str
    book: Callable[[RuleBook], RuleBook] | None = None
    question: Callable[[Question], Question] | None = None
    code: str | None = None

    @property
    def id(self) -> str:
        """A stable name: what is changed, and how."""
        return f"{self.kind.value}: {self.name}"


def rule_mutants(book: RuleBook, questions: Iterable[Question]) -> Iterator[Mutant]:
    """Yield every mutant of the rule files of a book, in a fixed order.

    The questions say which codes may join a list.
    """
    sets = closed_sets(questions)
    for _, home in sorted(book.instruments.items()):
        for parameter in home.parameters:
            yield from _of_parameter(parameter, sets)
        yield from _of_statuses(home)
        for duty in home.obligations:
            yield from _of_duty(duty, book)
        for rule in home.thresholds:
            yield from _of_threshold(rule, book)


def closed_sets(questions: Iterable[Question]) -> tuple[frozenset[str], ...]:
    """Return every closed set of codes that a fact or an answer may have."""
    found: dict[frozenset[str], None] = {}

    def look(fields: tuple[FieldSpec, ...]) -> None:
        for field in fields:
            if field.values:
                found[frozenset(field.values)] = None
            look(field.fields)

    for question in questions:
        look((*question.spec.facts, *question.spec.answer))
    return tuple(found)


def _of_parameter(parameter: Parameter, sets: tuple[frozenset[str], ...]) -> Iterator[Mutant]:
    for number, dated in enumerate(parameter.values):
        since = "undated" if dated.start is None else f"from {dated.start}"
        about = f"{parameter.id} {since}"

        def mutant(
            kind: Changed,
            how: str,
            other: DatedValue,
            code: str | None = None,
            at: int = number,
            about: str = about,
        ) -> Mutant:
            values = (*parameter.values[:at], other, *parameter.values[at + 1 :])
            return Mutant(
                parameter.instrument,
                kind,
                f"{about} {how}",
                parameter.id,
                book=lambda book: book.with_values(parameter.id, values),
                code=code,
            )

        for how, value, code in other_values(parameter, dated.value, sets):
            kind = Changed.MEMBER if isinstance(value, tuple) else Changed.VALUE
            yield mutant(kind, how, replace(dated, value=value), code)
        kind = Changed.BEGINS if number else Changed.BEGINS_FIRST
        for how, start in _other_days(dated.start):
            yield mutant(kind, how, replace(dated, start=start))
        for how, day in _other_days(dated.not_before):
            yield mutant(Changed.NOT_BEFORE, how, replace(dated, not_before=day))
    for comparator in Comparator:
        if parameter.comparator not in (None, comparator):
            other = replace(parameter, comparator=comparator)
            yield Mutant(
                parameter.instrument,
                Changed.COMPARATOR,
                f"{parameter.id} {comparator.value}",
                parameter.id,
                book=_with_parameter(other),
            )


def _with_parameter(other: Parameter) -> Callable[[RuleBook], RuleBook]:
    def change(book: RuleBook) -> RuleBook:
        home = book.instruments[other.instrument]
        parameters = tuple(other if one.id == other.id else one for one in home.parameters)
        return book.with_instrument(replace(home, parameters=parameters))

    return change


def other_values(
    parameter: Parameter, value: Value, sets: tuple[frozenset[str], ...]
) -> Iterator[tuple[str, Value, str | None]]:
    """Yield other values with how they differ, and the country that a list gains or loses."""
    if isinstance(value, Period):
        for amount in (value.amount + 1, value.amount - 1):
            yield f"is {amount} {value.unit.value}", Period(amount, value.unit), None
    elif isinstance(value, date):
        for how, day in _other_days(value)[:2]:
            assert day is not None
            yield f"value {how}", day, None
    elif isinstance(value, tuple):
        yield from _other_lists(parameter, value, sets)
    elif isinstance(value, str):
        yield f"is {value}x", value + "x", None
    else:
        for figure in _other_figures(parameter, value):
            yield f"is {figure}", figure, None


def _other_figures(parameter: Parameter, value: int | Fraction) -> list[int | Fraction]:
    if isinstance(value, int) and parameter.unit != "share":
        step = max(1, value // NEARLY.denominator)
        return [value + step, value - step]
    moved = [whole(Fraction(value) * (1 + NEARLY)), whole(Fraction(value) * (1 - NEARLY))]
    return [one for one in moved if one != value] or [whole(Fraction(value) + NEARLY)]


def _other_lists(
    parameter: Parameter, value: tuple[str, ...], sets: tuple[frozenset[str], ...]
) -> Iterator[tuple[str, Value, str | None]]:
    for member in value:
        yield f"without {member}", tuple(one for one in value if one != member), member
    for member in sorted(_joining(parameter, value, sets) - {*value}):
        yield f"with {member}", (*value, member), member


def _joining(
    parameter: Parameter, value: tuple[str, ...], sets: tuple[frozenset[str], ...]
) -> set[str]:
    """Return what may join a list: countries, codes of its closed sets, or any text."""
    if value and all(len(one) == 2 and one.isupper() for one in value):
        held = (dated.value for dated in parameter.values)
        return {*NEWCOMERS, *(code for one in held if isinstance(one, tuple) for code in one)}
    around = [one for one in sets if value and one >= {*value}]
    return {code for one in around for code in one} or {"another"}


def _other_days(day: date | None) -> list[tuple[str, date | None]]:
    if day is None:
        return []
    return [("a day later", day + A_DAY), ("a day earlier", day - A_DAY), ("undated", None)]


def _of_statuses(home: Instrument) -> Iterator[Mutant]:
    for number, status in enumerate(home.statuses):
        since = "undated" if status.start is None else f"from {status.start}"

        def mutant(
            kind: Changed, how: str, other: Status, at: int = number, since: str = since
        ) -> Mutant:
            statuses = (*home.statuses[:at], other, *home.statuses[at + 1 :])
            return Mutant(
                home.id,
                kind,
                f"{home.id} {since} {how}",
                home.id,
                book=lambda book: book.with_statuses(home.id, statuses),
            )

        for text in TextState:
            if text is not status.text:
                yield mutant(Changed.STATUS, f"is {text.value}", replace(status, text=text))
        for practice in Enforcement:
            if practice is not status.enforcement:
                other = replace(status, enforcement=practice)
                yield mutant(Changed.STATUS, f"is {practice.value}", other)
        for how, start in _other_days(status.start):
            yield mutant(Changed.STATUS_DAY, how, replace(status, start=start))
    for how, day in _other_days(home.published):
        yield Mutant(
            home.id,
            Changed.PUBLISHED,
            f"{home.id} published {how}",
            home.id,
            book=_with_published(home.id, day),
        )


def _with_published(name: str, day: date | None) -> Callable[[RuleBook], RuleBook]:
    return lambda book: book.with_instrument(replace(book.instrument(name), published=day))


EVENTS = ("crossing", "finding", "quarter_end", "before_crossing", "continuous")
"""Events from which a mutant may count a duty."""


def _of_duty(duty: ObligationTemplate, book: RuleBook) -> Iterator[Mutant]:
    others: list[tuple[str, ObligationTemplate]] = []
    if duty.period is not None:
        others.append(("has no period", replace(duty, period=None)))
        held = book.parameters[duty.period].first().value
        another = next(
            one.id
            for one in book.parameters.values()
            if isinstance(one.first().value, Period) and one.first().value != held
        )
        others.append((f"has period {another}", replace(duty, period=another)))
    for event in EVENTS:
        if event != duty.counted_from:
            others.append((f"counts from {event}", replace(duty, counted_from=event)))
    for how, other in others:
        yield Mutant(
            duty.instrument,
            Changed.DUTY,
            f"{duty.id} {how}",
            duty.id,
            book=_with_part("obligations", other),
        )


def _with_part(
    section: str, other: ObligationTemplate | ThresholdRule
) -> Callable[[RuleBook], RuleBook]:
    def change(book: RuleBook) -> RuleBook:
        home = book.instruments[other.instrument]
        parts = tuple(other if one.id == other.id else one for one in getattr(home, section))
        changed: dict[str, Any] = {section: parts}
        return book.with_instrument(replace(home, **changed))

    return change


def _of_threshold(rule: ThresholdRule, book: RuleBook) -> Iterator[Mutant]:
    limit = book.parameters[rule.parameter]
    limits = [
        one.id
        for one in book.parameters.values()
        if one.unit == limit.unit and one.comparator and one.id != limit.id
    ]
    others: list[tuple[str, ThresholdRule]] = [
        (f"is about {subject}", replace(rule, subject=subject))
        for subject in ("customer", "group", "run", "cluster")
        if subject != rule.subject
    ]
    others += [
        (f"measures {measure}", replace(rule, measure=measure))
        for measure in ("training_compute", "compute_used", "peak_rate")
        if measure != rule.measure
    ]
    others += [(f"compares with {one}", replace(rule, parameter=one)) for one in limits[:3]]
    others.append(("is summed over rolling30", replace(rule, window="rolling30")))
    if rule.approach is not None:
        others.append(("is not approached", replace(rule, approach=None)))
    for duty in rule.obligations:
        rest = tuple(one for one in rule.obligations if one != duty)
        others.append((f"asks not for {duty}", replace(rule, obligations=rest)))
    if not rule.asks_itself:
        others.append(("asks itself", replace(rule, question=rule.id, fact=rule.measure)))
        for name, values in rule.passed:
            turned = tuple(not one if isinstance(one, bool) else f"{one}x" for one in values)
            passed = tuple((n, turned if n == name else v) for n, v in rule.passed)
            others.append((f"is passed when {name} is {turned[0]}", replace(rule, passed=passed)))
    for how, other in others:
        yield Mutant(
            rule.instrument,
            Changed.THRESHOLD,
            f"{rule.id} {how}",
            rule.id,
            book=_with_part("thresholds", other),
        )
