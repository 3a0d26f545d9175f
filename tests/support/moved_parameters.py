"""Moving a parameter of the book and looking for an answer that moves with it.

A probe is a worked case, or a worked case with one fact set to a figure near a
boundary. Answers are compared field by field; reasons and citations are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from sluicegate.core.calendars import Period
from sluicegate.core.exact import dump_json
from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import Comparator, DatedValue, Parameter, Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.services.questions import all_questions

CASES = Path(__file__).resolve().parents[1] / "rules"
_FLOP_KINDS = frozenset({Kind.FLOP, Kind.FLOP_PER_SECOND})
_FIGURES = frozenset({*_FLOP_KINDS, Kind.NUMBER, Kind.SHARE, Kind.INTEGER, Kind.TPP})
Place = tuple[str | int, ...]
ANY_DAY = "2025-01-31"
NEWCOMERS = ("BR", "CN", "FR", "GL", "KZ")
"""Countries that a list may be given: one of each class of destination, and one in no group."""


class Use(NamedTuple):
    """A parameter in one question; two questions may compare with the same limit."""

    parameter: str
    question: str

    def __str__(self) -> str:
        return f"{self.parameter}-{self.question}"


@dataclass(frozen=True)
class Probe:
    """A question with facts, on a day, with readings."""

    question: Question
    facts: Mapping[str, Any]
    as_of: str
    readings: Mapping[str, str]

    def ask(self, book: RuleBook, as_of: str | None = None) -> Asked | None:
        """Return the answer, or None when the facts are refused."""
        try:
            day = as_of or self.as_of
            return ask(self.question, self.facts, as_of=day, book=book, readings=self.readings)
        except BadFactsError:
            return None

    def fields(self, book: RuleBook, as_of: str | None = None) -> dict[str, str]:
        """Return each answer field as text; nothing when the facts are refused."""
        asked = self.ask(book, as_of)
        if asked is None:
            return {}
        return {name: dump_json(value) for name, value in asked.answer_json().items()}

    def with_fact(self, place: Place, value: Any) -> Probe:
        """Return the probe with one fact, at a place in the facts, set to a value."""
        return replace(self, facts=_put(self.facts, place, value))


def _put(held: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    first, rest = place[0], place[1:]
    if isinstance(held, list):
        return [_put(v, rest, value) if n == first else v for n, v in enumerate(held)]
    return {**held, first: _put(held.get(first), rest, value)}


@lru_cache(maxsize=1)
def worked_probes() -> tuple[Probe, ...]:
    """Return every worked case of our own that a question of the rooms answers."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in read_cases(path.name, path.read_text(encoding="utf-8")):
            question = all_questions().get(case["question"])
            if question is not None and not {"error", "errors"} & {*case["expected"]}:
                readings = case.get("readings") or {}
                found.append(Probe(question, case["facts"], case["as_of"], readings))
    return tuple(found)


def variants(probe: Probe) -> Iterator[Probe]:
    """Yield the probe with one choice made otherwise: another value, a flag turned, a day."""
    for spec in probe.question.spec.facts:
        held = probe.facts.get(spec.name)
        if isinstance(held, list) and spec.shape.item and spec.shape.item.kind is Kind.RECORD:
            for number, entry in enumerate(held):
                for part in spec.fields:
                    for value in _choices(part, entry.get(part.name)):
                        yield probe.with_fact((spec.name, number, part.name), value)
        for value in _choices(spec, held):
            yield probe.with_fact((spec.name,), value)


def _choices(spec: FieldSpec, held: Any) -> list[Any]:
    if spec.shape.kind is Kind.ENUM:
        return [value for value in spec.values if value != held]
    if spec.shape.kind is Kind.BOOLEAN:
        return [held is not True]
    if spec.shape.kind is Kind.DATE:
        return [ANY_DAY] if held is None else []
    if spec.shape.item is not None and spec.shape.item.kind is Kind.ENUM:
        without = [[v for v in spec.values if v != left_out] for left_out in spec.values]
        return [*([value] for value in spec.values), *without, list(spec.values)]
    return []


@lru_cache(maxsize=1)
def users() -> Mapping[Use, tuple[Probe, ...]]:
    """Return the probes of each use of a parameter: worked cases first, then their variants."""
    found: dict[Use, list[Probe]] = {}
    worked = worked_probes()
    for probe in [*worked, *(variant for one in worked for variant in variants(one))]:
        asked = probe.ask(shipped_book())
        for used in asked.parameters if asked else ():
            found.setdefault(Use(used.id, probe.question.name), []).append(probe)
    return {use: tuple(probes) for use, probes in found.items()}


def places(specs: tuple[FieldSpec, ...], facts: Any) -> Iterator[tuple[Place, Kind]]:
    """Yield every place in facts that takes a figure, given or left out."""
    for spec in specs:
        held = facts.get(spec.name)
        kind = spec.shape.kind
        if kind in _FIGURES and kind is not None:
            yield (spec.name,), kind
        elif kind is Kind.RECORD and held:
            yield from (((spec.name, *p), k) for p, k in places(spec.fields, held))
        elif spec.shape.item is not None and held:
            inner = spec.shape.item.kind
            entries = held.items() if isinstance(held, dict) else enumerate(held)
            for key, item in entries:
                if inner is Kind.RECORD:
                    yield from (((spec.name, key, *p), k) for p, k in places(spec.fields, item))
                elif inner in _FIGURES and inner is not None:
                    yield (spec.name, key), inner


def literal(kind: Kind, value: Exact) -> Any:
    """Return a figure as the literal of a kind, or None where it has no exact one."""
    value = whole(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if value < 0 or rest != 1 or (kind is Kind.INTEGER and not isinstance(value, int)):
        return None
    if kind in _FLOP_KINDS:
        return flop_text(value)
    return value if isinstance(value, int) else Decimal(value.numerator) / value.denominator


def moved_values(parameter: Parameter, value: Value) -> list[Value]:
    """Return other values for a parameter, one up and one down where there is a down.

    A list loses one of its members; an empty one gets a member.
    """
    if isinstance(value, Period):
        amounts = (value.amount + 1, value.amount - 1)
        return [Period(amount, value.unit) for amount in amounts if amount >= 0]
    if isinstance(value, date):
        return [value + timedelta(days=1), value - timedelta(days=1)]
    if isinstance(value, tuple):
        return [value[:n] + value[n + 1 :] for n in range(len(value))] or [("another",)]
    if isinstance(value, str):
        return [value + "x"]
    if parameter.unit == "share":
        share = Fraction(value)
        return [whole(share + (1 - share) / 8), whole(share * 7 / 8)]
    step = max(1, int(value) // 8) if isinstance(value, int) else value / 8
    return [value + step, value - step]


def joined_values(value: Value) -> list[Value]:
    """Return a list with one country more, once for each newcomer that it lacks."""
    if not isinstance(value, tuple):
        return []
    return [(*value, code) for code in NEWCOMERS if code not in value]


def moved(book: RuleBook, parameter: str, value: Value) -> RuleBook:
    """Return the book with a parameter changed on every day."""
    dated = book.parameter(parameter).values
    return book.with_values(parameter, [replace(one, value=value) for one in dated])


def changed_on(book: RuleBook, parameter: str, value: Value, day: date) -> RuleBook:
    """Return the book in which a parameter has another value from a day on."""
    first = book.parameter(parameter).first()
    older: DatedValue = replace(first, start=None, known_from=None)
    newer = replace(first, start=day, value=value, known_from=None)
    return book.with_values(parameter, [older, newer])


def factors(probe: Probe, book: RuleBook, parameter: Parameter) -> list[Fraction]:
    """Return what a parameter may be multiplied with before it meets a fact.

    Another parameter of the same answer or its inverse, or another fact.
    """
    found: set[Fraction] = set()
    asked = probe.ask(book)
    for used in asked.parameters if asked else ():
        value = used.dated.value
        if used.id != parameter.id and isinstance(value, int | Fraction) and value:
            found |= {Fraction(value), 1 / Fraction(value)}
    for place, _ in places(probe.question.spec.facts, probe.facts):
        if (figure := exact_at(probe.facts, place)) is not None:
            found.add(figure)
    return [Fraction(1), *sorted(found - {Fraction(1)})]


def exact_at(held: Any, place: Place) -> Fraction | None:
    """Return the figure at a place in facts, or None where there is none."""
    for part in place:
        if isinstance(held, dict) and part not in held:
            return None
        held = held[part]
    if held is None or isinstance(held, bool):
        return None
    return Fraction(held) if isinstance(held, int | Decimal | str) else None


@dataclass(frozen=True)
class Edge:
    """A fact that, put at the parameter's value times a factor, decides an answer field.

    With `rest` the fact is one entry of a map and the parameter a share of the
    whole map: the fact is put where it has that share, beside the rest.
    """

    probe: Probe
    place: Place
    kind: Kind
    factor: Fraction
    field: str
    rest: Fraction | None = None

    def at(self, value: Exact) -> Fraction:
        """Return the figure that the fact is put at for a value of the parameter."""
        if self.rest is None:
            return Fraction(value) * self.factor
        return self.rest * value / (1 - Fraction(value))


def texts_around(edge: Edge, book: RuleBook, value: Exact) -> list[str | None]:
    """Return the deciding field just below, at and just above a value of the parameter.

    A count cannot be a third: then only the whole counts below and above are tried.
    """
    at = edge.at(value)
    if edge.kind in _FLOP_KINDS and literal(edge.kind, at) is None:
        figures = [Fraction(at.__floor__()), Fraction(at.__floor__() + 1)]
    else:
        tiny = Fraction(1) if edge.kind in _FLOP_KINDS | {Kind.INTEGER} else Fraction(1, 10**6)
        figures = [at - tiny, at, at + tiny]
    found = []
    for figure in figures:
        given = literal(edge.kind, figure)
        probe = edge.probe.with_fact(edge.place, given)
        found.append(None if given is None else probe.fields(book).get(edge.field))
    return found


def is_edge(texts: list[str | None], comparator: Comparator) -> bool:
    """Say whether answers just below, at and just above change where the comparator says."""
    if None in texts:
        return False
    if len(texts) == 2:
        return texts[0] != texts[1]
    below, at, above = texts
    if comparator in (Comparator.GREATER_THAN, Comparator.AT_MOST):
        return below == at != above
    return below != at == above


def edges(use: Use, book: RuleBook) -> Iterator[Edge]:
    """Yield every edge of a limit that the worked cases of a question lead to."""
    parameter = book.parameters[use.parameter]
    value = parameter.first().value
    if not isinstance(value, int | Fraction) or parameter.comparator is None:
        return
    for probe in users()[use]:
        for factor in factors(probe, book, parameter):
            for place, kind in places(probe.question.spec.facts, probe.facts):
                for spec in probe.question.spec.answer:
                    edge = Edge(probe, place, kind, factor, spec.name)
                    if kind not in _FLOP_KINDS and literal(kind, value * factor) is None:
                        break
                    if is_edge(texts_around(edge, book, value), parameter.comparator):
                        yield edge
        if parameter.unit == "share" and value < 1:
            for edge in shares_of_a_whole(probe):
                if is_edge(texts_around(edge, book, value), parameter.comparator):
                    yield edge


def shares_of_a_whole(probe: Probe) -> Iterator[Edge]:
    """Yield each entry of a map of figures with each answer field that it may decide."""
    for place, kind in places(probe.question.spec.facts, probe.facts):
        held = probe.facts.get(str(place[0]))
        if len(place) != 2 or not isinstance(held, dict):
            continue
        others = (exact_at(held, (key,)) or Fraction(0) for key in held if key != place[1])
        rest = sum(others, Fraction(0))
        for spec in probe.question.spec.answer:
            yield Edge(probe, place, kind, Fraction(1), spec.name, rest)


def probes_near(use: Use, book: RuleBook) -> Iterator[Probe]:
    """Yield the probes of a use, then each with one figure or day near a boundary."""
    parameter, probes = book.parameters[use.parameter], users()[use]
    yield from probes
    value = parameter.first().value
    if isinstance(value, date):
        for probe in probes:
            yield from _days_near(probe, value)
    if not isinstance(value, int | Fraction):
        return
    for probe in probes:
        for factor in factors(probe, book, parameter):
            for place, kind in places(probe.question.spec.facts, probe.facts):
                tiny = Fraction(1) if kind in _FLOP_KINDS | {Kind.INTEGER} else Fraction(1, 10**6)
                for side in (-1, 0, 1):
                    given = literal(kind, value * factor + side * tiny)
                    if given is not None:
                        yield probe.with_fact(place, given)


def probes_at(use: Use, changed: Value, book: RuleBook) -> Iterator[Probe]:
    """Yield the probes of a use with each country of the facts set to one that a list loses."""
    value = book.parameters[use.parameter].first().value
    if not isinstance(value, tuple) or not isinstance(changed, tuple):
        return
    for code in sorted({*value} ^ {*changed}):
        for probe in users()[use]:
            for spec in probe.question.spec.facts:
                held = probe.facts.get(spec.name)
                if spec.shape.kind is Kind.COUNTRY:
                    yield probe.with_fact((spec.name,), code)
                elif spec.shape.key is Kind.COUNTRY and held:
                    for key in held:
                        others = {k: v for k, v in held.items() if k not in (key, code)}
                        yield probe.with_fact((spec.name,), {**others, code: held[key]})


def _days_near(probe: Probe, day: date) -> Iterator[Probe]:
    for near in (day - timedelta(days=1), day, day + timedelta(days=1)):
        yield replace(probe, as_of=near.isoformat())
        for spec in probe.question.spec.facts:
            if spec.shape.kind is Kind.DATE:
                yield probe.with_fact((spec.name,), near.isoformat())


@cache
def mover(use: Use, value: Value) -> Probe | None:
    """Return a probe whose answer, or refusal, is another when the parameter has another value."""
    book = shipped_book()
    other = moved(book, use.parameter, value)
    for probe in chain(probes_at(use, value, book), probes_near(use, book)):
        if probe.fields(book) != probe.fields(other):
            return probe
    return None
