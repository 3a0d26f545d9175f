"""Answers: what a decision gives, and everything that the answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import Period
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text, whole
from sluicegate.core.reasons import Citation, Mark, Sentence, Term, say
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.instruments import InForce, Instrument, Status, Title, Value
from sluicegate.rules.specifications import Spec

TPP_PLACES = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision gives: the fields of its specification, and why, in sentences."""

    values: Mapping[str, Any]
    reasons: Sequence[Sentence]
    citations: Sequence[Citation] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A text that an answer rests on, with its status on the day; None before its first."""

    instrument: Instrument
    status: Status | None

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the text with its state, whether it is enforced, and where that stands."""
        status, title = self.status, self.instrument.title
        return {
            "instrument": self.instrument.id,
            "title": title.zh if language is Language.ZH else title.en,
            "text": None if status is None else status.text.value,
            "enforcement": None if status is None else status.enforcement.value,
            "since": None if status is None or status.start is None else status.start.isoformat(),
            "reference": None if status is None else status.reference,
            "mark": None if status is None else status.mark.value,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with everything it rests on."""

    question: str
    as_of: date
    known_on: date | None
    facts: Facts
    readings: Mapping[str, str]
    answer: Mapping[str, Any]
    outcome: Sentence
    reasons: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    parameters: tuple[InForce, ...]
    texts: tuple[Standing, ...]
    spec: Spec

    def answer_json(self) -> dict[str, Any]:
        """Return the answer's fields as JSON values."""
        return {f.name: to_json(f.shape, self.answer[f.name], f) for f in self.spec.answer}

    def marks(self) -> Mapping[Mark, tuple[str, ...]]:
        """Return how certain the encoding of each place is that the answer rests on."""
        places = [(used.dated.mark, used.dated.reference) for used in self.parameters]
        places += [(s.status.mark, s.status.reference) for s in self.texts if s.status is not None]
        found: dict[Mark, dict[str, None]] = {}
        for mark, reference in places:
            found.setdefault(mark, {})[reference] = None
        return {mark: tuple(found[mark]) for mark in Mark if mark in found}

    def caveats(self) -> tuple[Sentence, ...]:
        """Say what the answer rests on that nobody read in the text itself."""
        by_mark = (
            say("{caveat}: {references}.", caveat=caveat, references=_joined(references))
            for caveat, references in self.places_by_caveat()
        )
        return (*by_mark, *self.other_caveats())

    def places_by_caveat(self) -> tuple[tuple[Sentence, tuple[str, ...]], ...]:
        """Return what is to be said of places that nobody read in the text, each with them."""
        return tuple(
            (say(_CAVEATS[mark]), references)
            for mark, references in self.marks().items()
            if mark in _CAVEATS
        )

    def other_caveats(self) -> tuple[Sentence, ...]:
        """Say what was not settled or not known yet, and how far the source is read."""
        said = [
            say(
                "{title}: the day of the change is not known; it lies after {after} and no later"
                " than {latest}, and the earlier state is used.",
                title=Term(used.parameter.title),
                after=used.unsettled.not_before,
                latest=used.unsettled.start,
            )
            for used in self.parameters
            if used.unsettled is not None
        ]
        said += [
            say(
                "{title}: no value was known yet on {known_on}; the first one, known from {since},"
                " is taken for what the text says.",
                title=Term(used.parameter.title),
                known_on=self.known_on,
                since=used.dated.known_from,
            )
            for used in self.parameters
            if self._was_unknown(used)
        ]
        if self.spec.source_status:
            said.append(say("Source: {status}.", status=say(self.spec.source_status)))
        return tuple(said)

    def _was_unknown(self, used: InForce) -> bool:
        """Say whether a value of law that was used became known only after the knowledge day."""
        known_from = used.dated.known_from
        if self.known_on is None or known_from is None or used.dated.mark is Mark.CONFIGURATION:
            return False
        return known_from > self.known_on

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the answer as every face shows it."""
        return {
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "answer": self.answer_json(),
            "outcome": self.outcome.text(language),
            "readings": dict(self.readings),
            "reasons": [reason.text(language) for reason in self.reasons],
            "citations": [{"text": c.text, "mark": c.mark.value} for c in self.citations],
            "parameters": [parameter_json(used) for used in self.parameters],
            "texts": [standing.as_json(language) for standing in self.texts],
            "marks": {mark.value: list(places) for mark, places in self.marks().items()},
            "caveats": [caveat.text(language) for caveat in self.caveats()],
            "source_status": self.spec.source_status,
        }


_CAVEATS = {
    Mark.SECOND_HAND: "Rests on second-hand text",
    Mark.RECALLED_HIGH: "Recalled and not confirmed, with high confidence",
    Mark.RECALLED_MEDIUM: "Recalled and not confirmed, with medium confidence",
    Mark.RECALLED_LOW: "Recalled and not confirmed, with low confidence",
    Mark.DERIVED: "Derived from other figures, not stated by a text",
    Mark.HYPOTHETICAL: "Hypothetical dates or figures",
    Mark.CONFIGURATION: "A setting, not a figure of law",
}


def _joined(references: Sequence[str]) -> Term:
    """Return references as one text; they may hold commas themselves."""
    return Term(Title("; ".join(references), "；".join(references)))


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
        return (
            f"{value.numerator}/{value.denominator}" if not is_decimal(value) else flop_text(value)
        )
    return value if isinstance(value, str) else flop_text(value)


def is_decimal(value: Fraction) -> bool:
    """Say whether a decimal with an end gives a quotient exactly."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


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
