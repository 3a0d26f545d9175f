"""Coverage of rules by worked cases: what of the rules no case has touched.

Counted are each dated value of a parameter, each status, each level of a
threshold, and of a question each outcome, each value of a closed set in its
answer, and each value of a reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.phrases import Language, phrase
from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import (
    DatedValue,
    Instrument,
    Parameter,
    Status,
    ThresholdRule,
    Title,
)
from sluicegate.rules.law import Law
from sluicegate.rules.loading import LOCAL_PREFIX
from sluicegate.rules.questions import Question, ask
from sluicegate.rules.specifications import Spec
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.questions import all_questions, find_question


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing a case may touch: about an instrument or question, of a kind, with its name."""

    about: str
    kind: str
    name: str
    said: Sentence = field(compare=False)

    @classmethod
    def told(cls, about: str, kind: str, said: Sentence) -> Item:
        """Return an item named by a sentence; its English form tells it from others."""
        return cls(about, kind, said.text(), said)

    def text(self, language: Language) -> str:
        """Return its kind and name in a language."""
        return f"{phrase(_KINDS[self.kind], language)} {self.said.text(language)}"


_KINDS = {
    "value": "value",
    "status": "status",
    "level": "level",
    "conditions": "conditions",
    "outcome": "outcome",
    "answer": "answer",
    "reading": "reading",
}
"""What the kinds of items are called."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What there is to touch of one instrument or question, and what was not touched."""

    about: str
    of: int
    untouched: tuple[Item, ...]

    @property
    def touched(self) -> int:
        """How many items some case touched."""
        return self.of - len(self.untouched)

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return it as a document; names of items are in the language, their kinds are codes."""
        return {
            "about": self.about,
            "touched": self.touched,
            "of": self.of,
            "percent": _percent(self.touched, self.of),
            "untouched": [
                {"kind": item.kind, "name": item.said.text(language)} for item in self.untouched
            ],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far cases cover rules; `refused` are the ids of cases that gave no answer."""

    cases: int
    refused: tuple[str, ...]
    parts: tuple[Covered, ...]

    @property
    def of(self) -> int:
        """How many items there are."""
        return sum(part.of for part in self.parts)

    @property
    def touched(self) -> int:
        """How many items some case touched."""
        return sum(part.touched for part in self.parts)

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the report as a document; names of items are in the language."""
        return {
            "cases": self.cases,
            "refused": list(self.refused),
            "touched": self.touched,
            "of": self.of,
            "percent": _percent(self.touched, self.of),
            "about": [part.as_json(language) for part in self.parts],
        }


def _percent(touched: int, of: int) -> str:
    return percent(Fraction(touched, of)) if of else "none"


def coverage(cases: Iterable[Mapping[str, Any]], book: RuleBook, *, own: bool = False) -> Coverage:
    """Ask every case and say what of the rules none of them touched.

    With `own`, only a node's own instruments count; without, the instruments
    that come with the product, and every question of it. A case that is
    refused touches nothing.
    """
    watched = WatchedBook(book.instruments, book.files_digest)
    homes = [i for i in book.instruments.values() if i.id.startswith(LOCAL_PREFIX) is own]
    rules = [rule for home in homes for rule in home.thresholds]
    touched: set[Item] = set()
    refused: list[str] = []
    asked_of = list(cases)
    for case in asked_of:
        question = find_question(str(case["question"]), watched)
        asked = None if question is None else _ask(question, case, watched)
        if asked is None:
            refused.append(str(case["id"]))
            continue
        touched |= set(_of_answer(asked))
        touched |= {item for rule in rules for item in _level_of(rule, asked, book)}
    touched |= watched.seen.items
    there = [item for home in homes for item in _of_instrument(home)]
    if not own:
        there += [i for _, one in sorted(all_questions().items()) for i in _of_question(one.spec)]
    return Coverage(len(asked_of), tuple(refused), tuple(_parts(there, touched)))


def _ask(question: Question, case: Mapping[str, Any], book: RuleBook) -> Asked | None:
    readings = case.get("readings") or {}
    try:
        return ask(question, case["facts"], as_of=case["as_of"], book=book, readings=readings)
    except BadFactsError:
        return None


def _parts(there: Iterable[Item], touched: Collection[Item]) -> Iterator[Covered]:
    by_about: dict[str, dict[Item, None]] = {}
    for item in there:
        by_about.setdefault(item.about, {})[item] = None
    for about, items in by_about.items():
        left = tuple(item for item in items if item not in touched)
        yield Covered(about, len(items), left)


def _of_instrument(home: Instrument) -> Iterator[Item]:
    for parameter in home.parameters:
        for dated in parameter.values:
            yield _value_item(parameter, dated)
    for status in home.statuses:
        yield _status_item(home.id, status)
    for rule in home.thresholds:
        for level in Level:
            if level is not Level.APPROACHING or rule.approach is not None:
                yield _level_item(rule, level)
        if rule.conditions:
            for applies in (True, False):
                yield _applies_item(rule, applies)


def _value_item(parameter: Parameter, dated: DatedValue) -> Item:
    name = parameter.id.removeprefix(f"{parameter.instrument}.")
    if dated.start is None:
        said = say("{name} undated", name=name)
    else:
        said = say("{name} from {day}", name=name, day=dated.start)
    return Item.told(parameter.instrument, "value", said)


def _status_item(instrument: str, status: Status) -> Item:
    text, enforcement = status.text.value, status.enforcement.value
    if status.start is None:
        said = say("{text:term}, {enforcement:term}, undated", text=text, enforcement=enforcement)
    else:
        said = say(
            "{text:term}, {enforcement:term} from {day}",
            text=text,
            enforcement=enforcement,
            day=status.start,
        )
    return Item.told(instrument, "status", said)


def _level_item(rule: ThresholdRule, level: Level) -> Item:
    name = rule.id.removeprefix(f"{rule.instrument}.")
    said = say("{name} {level:term}", name=name, level=level.value)
    return Item.told(rule.instrument, "level", said)


def _applies_item(rule: ThresholdRule, applies: bool) -> Item:
    name = rule.id.removeprefix(f"{rule.instrument}.")
    said = say("{name} applies" if applies else "{name} does not apply", name=name)
    return Item.told(rule.instrument, "conditions", said)


def _outcome_item(question: str, number: int, sentence: Title) -> Item:
    said = say("{number}: {sentence}", number=number, sentence=Term(sentence))
    return Item.told(question, "outcome", said)


def _choice_item(question: str, kind: str, name: str, value: str) -> Item:
    return Item.told(question, kind, say("{name} = {value}", name=name, value=value))


def _of_question(spec: Spec) -> Iterator[Item]:
    for number, outcome in enumerate(spec.outcomes, 1):
        yield _outcome_item(spec.name, number, outcome.sentence)
    for field_spec in spec.answer:
        for path, value in _choices(field_spec, field_spec.name):
            yield _choice_item(spec.name, "answer", path, value)
    for reading in spec.readings:
        for choice in reading.values:
            yield _choice_item(spec.name, "reading", reading.name, choice)


def _choices(spec: FieldSpec, path: str) -> Iterator[tuple[str, str]]:
    """Yield every value of a closed set in an answer field, with its path."""
    for value in spec.values:
        yield path, value
    for part in spec.fields:
        yield from _choices(part, f"{path}.{part.name}")


def _of_answer(asked: Asked) -> Iterator[Item]:
    """Yield what an answer touched of its question."""
    for number, outcome in enumerate(asked.spec.outcomes, 1):
        if outcome.sentence is asked.outcome.template:
            yield _outcome_item(asked.question, number, outcome.sentence)
    for field_spec in asked.spec.answer:
        for path, value in _chosen(field_spec, asked.answer[field_spec.name], field_spec.name):
            yield _choice_item(asked.question, "answer", path, value)
    for name, value in asked.readings.items():
        yield _choice_item(asked.question, "reading", name, value)


def _chosen(spec: FieldSpec, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the values of closed sets that an answer field holds, in lists and records too."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping) and spec.shape.is_map:
        for key, item in value.items():
            yield path, str(key)
            yield from _chosen(spec, item, path)
    elif isinstance(value, Mapping):
        for part in spec.fields:
            yield from _chosen(part, value[part.name], f"{path}.{part.name}")
    elif isinstance(value, Iterable):
        for item in value:
            yield from _chosen(spec, item, path)


def _level_of(rule: ThresholdRule, asked: Asked, book: RuleBook) -> Iterator[Item]:
    """Yield the level of a rule at which an answer stands.

    A question that the rule names says so when the rule's limit was used for
    it: by the amount in the rule's fact, or, where that fact is no single
    amount, by whether the answer says passed.
    """
    if asked.question == rule.id:
        yield _level_item(rule, Level(asked.answer["level"]))
        if rule.conditions and asked.answer["applies"] is not None:
            yield _applies_item(rule, asked.answer["applies"])
        return
    if asked.question != rule.question or rule.parameter not in {p.id for p in asked.parameters}:
        return
    spec = next(one for one in asked.spec.facts if one.name == rule.fact)
    amount = asked.facts[rule.fact]
    if spec.shape.kind in (Kind.FLOP, Kind.FLOP_PER_SECOND) and amount is not None:
        yield _level_item(rule, Gauge.of(rule, Law(book, asked.as_of)).level(amount))
    elif amount is not None:
        yield _level_item(rule, Level.PASSED if rule.is_passed(asked.answer) else Level.BELOW)


@dataclass(frozen=True)
class Seen:
    """What a book was asked for."""

    items: set[Item] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class WatchedParameter(Parameter):
    """A parameter that writes down which of its values was used."""

    seen: Seen = field(default_factory=Seen, compare=False, repr=False)

    def on(self, day: date, known_on: date | None = None) -> DatedValue | None:
        """Return the value in force on a day, as `Parameter.on` does."""
        chosen = Parameter.on(self, day, known_on)
        if chosen is not None:
            self.seen.items.add(_value_item(self, chosen))
        return chosen


@dataclass(frozen=True)
class WatchedBook(RuleBook):
    """A book that writes down which values and statuses it was asked for."""

    seen: Seen = field(default_factory=Seen)

    def parameter(self, identifier: str) -> Parameter:
        """Return a parameter that is watched."""
        one = RuleBook.parameter(self, identifier)
        return WatchedParameter(
            one.id, one.instrument, one.title, one.unit, one.comparator, one.values, self.seen
        )

    def status(self, instrument: str, day: date, known_on: date | None = None) -> Status | None:
        """Return an instrument's status on a day, and write it down."""
        status = RuleBook.status(self, instrument, day, known_on)
        if status is not None:
            self.seen.items.add(_status_item(instrument, status))
        return status
