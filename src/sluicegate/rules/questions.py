"""Questions: decisions that the rules make from facts on a date.

A question is a pure function from typed facts and the law of a day to an
answer. Its fields stand in `data/questions/<area>.yaml`; its function stands
in the room that judges it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sluicegate.core.calendars import Period, parse_day
from sluicegate.core.exact import load_yaml
from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.core.reasons import Citation, Mark
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError, Facts, read_facts
from sluicegate.rules.fields import FieldSpec, Kind, Shape, parse_fields
from sluicegate.rules.instruments import InForce, Title, Value
from sluicegate.rules.law import Law

TPP_PLACES = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A named option of interpretation with its values and default."""

    name: str
    values: tuple[str, ...]
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Spec:
    """The fields of one question, as its question file gives them."""

    name: str
    area: str
    title: Title
    citations: tuple[str, ...]
    instruments: tuple[str, ...]
    source_status: str
    first_recorded: date | None
    notes: str
    readings: tuple[Reading, ...]
    facts: tuple[FieldSpec, ...]
    answer: tuple[FieldSpec, ...]
    bad_input: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision gives: the fields of its specification, and why, in sentences."""

    values: Mapping[str, Any]
    reasons: Sequence[str]
    citations: Sequence[Citation] = ()


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


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with everything it rests on."""

    question: str
    as_of: date
    known_on: date | None
    facts: Facts
    readings: Mapping[str, str]
    answer: Mapping[str, Any]
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...]
    parameters: tuple[InForce, ...]
    spec: Spec

    def answer_json(self) -> dict[str, Any]:
        """Return the answer's fields as JSON values."""
        return {f.name: to_json(f.shape, self.answer[f.name], f) for f in self.spec.answer}

    def as_json(self) -> dict[str, Any]:
        """Return the answer as every face shows it."""
        return {
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "answer": self.answer_json(),
            "readings": dict(self.readings),
            "reasons": list(self.reasons),
            "citations": [{"text": c.text, "mark": c.mark.value} for c in self.citations],
            "parameters": [parameter_json(used) for used in self.parameters],
            "source_status": self.spec.source_status,
        }


def parameter_json(used: InForce) -> dict[str, Any]:
    """Return a used parameter with its value, comparator and place in the text."""
    comparator = used.parameter.comparator
    return {
        "id": used.id,
        "value": value_text(used.dated.value, used.parameter.unit),
        "unit": used.parameter.unit,
        "comparator": None if comparator is None else comparator.value,
        "from": None if used.dated.start is None else used.dated.start.isoformat(),
        "reference": used.dated.reference,
        "mark": used.dated.mark.value,
        "in_force": not used.early,
    }


def value_text(value: Value, unit: str) -> str | list[str]:
    """Return a parameter's value as text, exact."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Period):
        return str(value.amount)
    if isinstance(value, Fraction) and unit != "FLOP":
        return f"{value.numerator}/{value.denominator}" if _endless(value) else flop_text(value)
    return value if isinstance(value, str) else flop_text(value)


def _endless(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest != 1


def to_json(shape: Shape, value: Any, spec: FieldSpec) -> Any:
    """Return a typed value as its JSON form; a value of another type is a bug."""
    if value is None:
        return None
    if shape.is_list and shape.item is not None:
        return [to_json(shape.item, item, spec) for item in value]
    if shape.is_map and shape.item is not None:
        return {str(key): to_json(shape.item, item, spec) for key, item in value.items()}
    match shape.kind:
        case Kind.FLOP | Kind.FLOP_PER_SECOND:
            return flop_text(value)
        case Kind.TPP:
            return whole(round(Fraction(value), TPP_PLACES))
        case Kind.DATE | Kind.DATETIME:
            return value.isoformat()
        case Kind.RECORD:
            return {part.name: to_json(part.shape, value[part.name], part) for part in spec.fields}
        case _:
            return value


def facts_json(specs: Iterable[FieldSpec], facts: Facts) -> dict[str, Any]:
    """Return checked facts as literals that `ask` reads again."""
    return {spec.name: to_json(spec.shape, facts[spec.name], spec) for spec in specs}


@lru_cache(maxsize=1)
def specifications() -> Mapping[str, Spec]:
    """Return the specification of every question in the question files."""
    found: dict[str, Spec] = {}
    folder = files("sluicegate") / "data" / "questions"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        for raw in load_yaml(path.read_text(encoding="utf-8")):
            spec = _spec(raw)
            if spec.name in found:
                raise ValueError(f"{path.name}: question {spec.name} stands twice; keep one")
            found[spec.name] = spec
    return found


def _spec(raw: Mapping[str, Any]) -> Spec:
    first = raw.get("first_recorded")
    return Spec(
        name=raw["question"],
        area=raw["area"],
        title=Title(raw["title"]["en"], raw["title"]["zh"]),
        citations=tuple(raw["citation"]),
        instruments=tuple(raw["instruments"]),
        source_status=raw.get("source_status", ""),
        first_recorded=None if first is None else parse_day(first),
        notes=raw.get("notes", ""),
        readings=tuple(
            Reading(name, tuple(r["values"]), r["default"], r["meaning"])
            for name, r in raw.get("readings", {}).items()
        ),
        facts=parse_fields(raw["facts"]),
        answer=parse_fields(raw["answer"]),
        bad_input=tuple((b["field"], b["when"]) for b in raw.get("bad_input", ())),
    )


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
    answer = one.decide(checked, law)
    _check_answer(spec, answer)
    return Asked(
        question=spec.name,
        as_of=day,
        known_on=known_on,
        facts=checked,
        readings=chosen,
        answer=answer.values,
        reasons=tuple(answer.reasons),
        citations=_citations(spec, answer, law),
        parameters=tuple(law.used.values()),
        spec=spec,
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
    if not isinstance(default, Mapping):
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
        {dated.start or date.min for i in ids.values() for dated in law.book.parameter(i).values}
    )
    rows = []
    for start in starts:
        row: dict[str, Any] = {day_part: start.isoformat()}
        for name, identifier in ids.items():
            value = law.parameter(identifier, on=start).dated.value
            row[name] = _literal(value, spec.part(name).shape.kind)
        rows.append(row)
    return rows


def _check_answer(spec: Spec, answer: Answer) -> None:
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


def exact_share(part: Exact, total: Exact) -> Exact:
    """Return a quotient of two figures, 0 when there is no total."""
    return whole(Fraction(part) / Fraction(total)) if total else 0
