"""Questions: decisions that the rules make from facts on a date.

A question is a pure function from typed facts and the law of a day to an
answer. Its fields stand in `data/questions/<area>.yaml`; its function stands
in the room that judges it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import Period, parse_day
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import Citation, Mark
from sluicegate.rules.answers import Answer, Asked, Standing
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError, Facts, read_facts
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import Value
from sluicegate.rules.law import Law
from sluicegate.rules.outcomes import outcome_of
from sluicegate.rules.specifications import Spec, specifications

Decide = Callable[[Facts, Law], Answer]
Refuse = Callable[[Facts, Law], Iterable[BadFact]]


def _refuse_nothing(_facts: Facts, _law: Law) -> Iterable[BadFact]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """A specification with the function that decides it.

    `refuse` tests what types cannot say (`bad_input`), in the order listed.
    """

    spec: Spec
    decide: Decide
    refuse: Refuse = field(default=_refuse_nothing)

    @property
    def name(self) -> str:
        """The name by which it is asked."""
        return self.spec.name


def question(name: str, decide: Decide, refuse: Refuse = _refuse_nothing) -> Question:
    """Join a room's function with its specification."""
    return Question(specifications()[name], decide, refuse)


def ask(
    one: Question,
    facts: object,
    *,
    as_of: date | str,
    book: RuleBook,
    readings: Mapping[str, str] | None = None,
    known_on: date | None = None,
) -> Asked:
    """Answer a question from literals; refuse bad facts with the path of each fault.

    Raises BadFactsError. Everything is exact; nothing outside the arguments is
    read.
    """
    spec = one.spec
    faults: list[BadFact] = []
    day = _read_day(as_of, spec, faults)
    chosen = _read_readings(spec, readings or {}, faults)
    law = Law(book, day, known_on, chosen)
    try:
        checked = read_facts(spec.facts, facts, lambda field: default_of(field, law))
    except BadFactsError as error:
        raise BadFactsError([*faults, *error.faults]) from None
    faults = faults or list(one.refuse(checked, law))
    if faults:
        raise BadFactsError(faults)
    return _decided(one, checked, law)


def law_on(
    one: Question,
    as_of: date | str,
    *,
    book: RuleBook,
    readings: Mapping[str, str] | None = None,
    known_on: date | None = None,
) -> Law:
    """Return the law that a question is asked under on a day, with its readings.

    Raises BadFactsError for what is no day of the question, or no reading.
    """
    faults: list[BadFact] = []
    day = _read_day(as_of, one.spec, faults)
    chosen = _read_readings(one.spec, readings or {}, faults)
    if faults:
        raise BadFactsError(faults)
    return Law(book, day, known_on, chosen)


def ask_again(one: Question, asked: Asked, *, book: RuleBook, readings: Mapping[str, str]) -> Asked:
    """Answer a question again from the facts of an answer, with some readings chosen otherwise.

    The facts are taken as they were checked. Raises BadFactsError when the
    question refuses them under the readings.
    """
    law = Law(book, asked.as_of, asked.known_on, {**asked.readings, **readings})
    faults = list(one.refuse(asked.facts, law))
    if faults:
        raise BadFactsError(faults)
    return _decided(one, asked.facts, law)


def _decided(one: Question, checked: Facts, law: Law) -> Asked:
    """Return the answer of a question to checked facts, with everything it rests on."""
    spec = one.spec
    answer = one.decide(checked, law)
    check_answer(spec, answer)
    return Asked(
        question=spec.name,
        as_of=law.day,
        known_on=law.known_on,
        facts=checked,
        readings=law.readings,
        answer=answer.values,
        outcome=outcome_of(spec, answer.values, checked, law.book),
        reasons=tuple(answer.reasons),
        citations=_citations(spec, answer, law),
        parameters=tuple(law.used.values()),
        texts=_texts(spec, law),
        spec=spec,
    )


def _texts(spec: Spec, law: Law) -> tuple[Standing, ...]:
    """Return the texts that an answer used, or all that its question rests on, as they stand."""
    used = dict.fromkeys([*law.statuses, *(one.parameter.instrument for one in law.used.values())])
    return tuple(
        Standing(law.book.instrument(name), law.book.status(name, law.day, law.known_on))
        for name in used or spec.instruments
    )


def _read_day(as_of: date | str, spec: Spec, faults: list[BadFact]) -> date:
    try:
        day = parse_day(as_of) if isinstance(as_of, str) else as_of
        if type(day) is not date:
            raise ValueError(f"{as_of!r} is no day such as 2026-01-31")
    except ValueError as error:
        faults.append(BadFact("as_of", str(error)))
        return date.max
    if spec.first_recorded is not None and day < spec.first_recorded:
        message = f"{day} lies before {spec.first_recorded}, the first day that is recorded"
        faults.append(BadFact("as_of", message))
    return day


def _read_readings(spec: Spec, given: object, faults: list[BadFact]) -> dict[str, str]:
    if not isinstance(given, Mapping):
        faults.append(BadFact("readings", "are no object of names and values"))
        given = {}
    known = {reading.name: reading for reading in spec.readings}
    for name in given:
        if name not in known:
            faults.append(BadFact(f"readings.{name}", "is not a reading of this question"))
    chosen = {}
    for reading in spec.readings:
        value = given.get(reading.name, reading.default)
        if value not in reading.values:
            allowed = ", ".join(reading.values)
            faults.append(BadFact(f"readings.{reading.name}", f"{value!r} is not one of {allowed}"))
        chosen[reading.name] = value
    return chosen


def default_of(spec: FieldSpec, law: Law) -> Any:
    """Return the raw default of a field; numbers of law come from the book."""
    default = spec.default
    if not isinstance(default, Mapping) or not default:
        return default
    if "parameter" in default:
        return _literal(law.parameter(default["parameter"]).dated.value, spec.shape.kind)
    return _timeline(spec, default["timeline"], law)


def _literal(value: Value, kind: Kind | None) -> Any:
    if isinstance(value, Period):
        return value.amount
    if isinstance(value, date):
        return value.isoformat()
    if kind in (Kind.FLOP, Kind.FLOP_PER_SECOND) and isinstance(value, int | Fraction):
        return flop_text(value)
    return value


def _timeline(spec: FieldSpec, parts: Mapping[str, str], law: Law) -> list[dict[str, Any]]:
    """Return one record per day on which any of several parameters changes.

    `parts` gives the parameter of each part of the record; `date` names the
    part that takes the day. A value without a day begins on the first day that
    dates know.
    """
    day_part = parts["date"]
    ids = {name: identifier for name, identifier in parts.items() if name != "date"}
    starts = sorted(
        {
            dated.start or date.min
            for identifier in ids.values()
            for dated in law.book.parameter(identifier).known(law.known_on)
        }
    )
    rows = []
    for start in starts:
        row: dict[str, Any] = {day_part: start.isoformat()}
        for name, identifier in ids.items():
            value = law.parameter(identifier, on=start).dated.value
            row[name] = _literal(value, spec.part(name).shape.kind)
        rows.append(row)
    return rows


def check_answer(spec: Spec, answer: Answer) -> None:
    """Raise TypeError when an answer has not the fields of its question, a bug of the room."""
    expected = {field.name for field in spec.answer}
    if set(answer.values) != expected:
        odd = sorted(expected ^ set(answer.values))
        raise TypeError(f"question {spec.name}: its function and its file differ in {odd}")
    for part in spec.answer:
        if answer.values[part.name] is None and not part.nullable:
            raise TypeError(f"question {spec.name}: {part.name} is null but not nullable")
        if isinstance(answer.values[part.name], float):
            raise TypeError(f"question {spec.name}: {part.name} is a binary float")


def _citations(spec: Spec, answer: Answer, law: Law) -> tuple[Citation, ...]:
    found = [Citation(text, Mark.FOUND) for text in spec.citations]
    found += [used.citation for used in law.used.values()]
    found += [
        Citation(f"{law.book.instrument(name).citation}: {status.reference}", status.mark)
        for name, status in law.statuses.items()
        if status is not None
    ]
    found += answer.citations
    return tuple({citation.text: citation for citation in found}.values())
