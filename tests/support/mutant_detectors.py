"""What may notice a mutant of the rules: the worked cases, the checks, the properties.

A case notices a mutant when a field that it expects comes out otherwise, or what
follows from the settings of its instrument (`setting_cases`). The properties are
`rule_properties`, and the table of outcomes that the worked cases come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from case_tables import table_cases
from country_standing import no_place_stands_otherwise
from question_mutants import question_mutants
from rule_mutants import Changed, Mutant, rule_mutants
from rule_properties import broken_property, every_value_holds_as_before
from setting_cases import is_noticed as is_setting_noticed
from sluicegate.core.exact import load_yaml
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.consistency import inconsistencies
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Instrument, Parameter, Status
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.services.questions import all_questions, find_question
from written_twice import differs

TESTS = Path(__file__).resolve().parents[1]
EXPLAINED = TESTS / "unit" / "rules" / "explained_survivors.yaml"
OUTCOMES = TESTS / "unit" / "rules" / "outcomes_of_cases.yaml"
BROKEN = (TypeError, LookupError, ValueError, StopIteration)
"""What a decision raises under rules that cannot be meant; it counts as noticed by the case."""


class Noticed(Enum):
    """What noticed a mutant."""

    CASE = "worked case"
    CHECK = "check of rule files"
    PROPERTY = "property"
    TWICE = "second writing"
    EXPLAINED = "explained"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Case:
    """A worked case, with what of the rules it used; `place` is set for a row of a table."""

    raw: Mapping[str, Any]
    used: frozenset[str]
    codes: frozenset[str]
    is_row: bool

    @property
    def question(self) -> str:
        """The question that it asks."""
        return str(self.raw["question"])

    def fails(self, book: RuleBook, changed: Question | None = None) -> bool:
        """Say whether some expected field comes out otherwise."""

        def find(name: str) -> Question | None:
            return changed if changed and changed.name == name else find_question(name, book)

        try:
            return bool(run_case(self.raw, find, book))
        except BROKEN:
            return True

    def outcome(self, book: RuleBook, changed: Question | None = None) -> int | None:
        """Return the number of the outcome it comes to; None for a refusal, 0 for none at all."""
        question = changed or find_question(self.question, book)
        assert question is not None
        try:
            asked = _ask(question, self.raw, book)
        except BadFactsError:
            return None
        except BROKEN:
            return 0
        return outcome_number(asked)


def outcome_number(asked: Asked) -> int:
    """Return which outcome of its question an answer came to, from 1."""
    sentences = [one.sentence for one in asked.spec.outcomes]
    return next(n for n, one in enumerate(sentences, 1) if one is asked.outcome.template)


def _ask(question: Question, raw: Mapping[str, Any], book: RuleBook) -> Asked:
    readings = raw.get("readings") or {}
    return ask(question, raw["facts"], as_of=raw["as_of"], book=book, readings=readings)


@dataclass(frozen=True)
class RecordingBook(RuleBook):
    """A book that writes down what it is asked for."""

    seen: set[str] = field(default_factory=set)

    def parameter(self, identifier: str) -> Parameter:
        """Return a parameter, and write it down."""
        self.seen.add(identifier)
        return RuleBook.parameter(self, identifier)

    def instrument(self, identifier: str) -> Instrument:
        """Return an instrument, and write it down."""
        self.seen.add(identifier)
        return RuleBook.instrument(self, identifier)

    def status(self, instrument: str, day: date, known_on: date | None = None) -> Status | None:
        """Return a status, and write its instrument down."""
        self.seen.add(instrument)
        return RuleBook.status(self, instrument, day, known_on)


@lru_cache(maxsize=1)
def worked_cases() -> tuple[Case, ...]:
    """Return every worked case that passes with the shipped book, rows of tables last."""
    own = [*TESTS.glob("rules/*.yaml"), *TESTS.glob("second_reading/*.yaml")]
    plain = [raw for path in sorted(own) for raw in read_cases(path.name, path.read_text("utf-8"))]
    found = [_recorded(raw, is_row=False) for raw in plain]
    found += [_recorded(raw, is_row=True) for raw in table_cases()]
    return tuple(case for case in found if case is not None)


def _recorded(raw: Mapping[str, Any], *, is_row: bool) -> Case | None:
    book = shipped_book()
    recording = RecordingBook(book.instruments, book.files_digest)
    if run_case(raw, lambda name: find_question(name, recording), recording):
        return None
    name = str(raw["question"])
    used = {*recording.seen, name}
    rule = book.thresholds.get(name)
    if rule is not None:
        used |= {rule.parameter, rule.approach or "", rule.instrument, *rule.obligations}
    codes = {value for value in raw["facts"].values() if isinstance(value, str)}
    if "HK" in codes:
        codes.add("CN")
    return Case(raw, frozenset(used), frozenset(codes), is_row)


@lru_cache(maxsize=1)
def _users() -> Mapping[str, tuple[Case, ...]]:
    found: dict[str, list[Case]] = {}
    for case in worked_cases():
        for name in case.used:
            found.setdefault(name, []).append(case)
    return {name: tuple(cases) for name, cases in found.items()}


def _cases_for(mutant: Mutant) -> Iterator[Case]:
    """Yield the cases that may notice a mutant, those most likely to first.

    A list that gains or loses a country can move only those rows of a table
    that are about the country.
    """
    users = _users().get(mutant.touches, ())
    if mutant.code is None:
        yield from users
        return
    yield from (case for case in users if mutant.code in case.codes)
    yield from (case for case in users if mutant.code not in case.codes and not case.is_row)


def noticed_by(mutant: Mutant) -> Noticed:
    """Return what notices a mutant; explanations are looked at last."""
    book, changed = shipped_book(), None
    if mutant.book is not None:
        book = mutant.book(book)
    if mutant.question is not None:
        changed = mutant.question(all_questions()[mutant.touches])
    if any(case.fails(book, changed) for case in _cases_for(mutant)):
        return Noticed.CASE
    if mutant.book is not None and is_setting_noticed(book, mutant.of):
        return Noticed.CASE
    if mutant.book is not None and is_refused(book, mutant.of):
        return Noticed.CHECK
    if mutant.book is not None and broken_property(book, mutant.of):
        return Noticed.PROPERTY
    if mutant.book is not None and differs(book, mutant.of):
        return Noticed.TWICE
    if changed is not None and mutant.kind is Changed.OUTCOME and is_told_otherwise(changed):
        return Noticed.TWICE
    return Noticed.EXPLAINED if explanation_of(mutant) else Noticed.NOTHING


def is_refused(book: RuleBook, of: str) -> bool:
    """Say whether the checks of rule files find a mistake in one instrument."""
    only = RuleBook(book.instruments, book.files_digest)
    return any(of in str(fault) for fault in inconsistencies(only, {}))


def is_told_otherwise(changed: Question) -> bool:
    """Say whether some worked case comes to another outcome than the table has for it."""
    wanted = told_outcomes().get(changed.name, {})
    cases = (case for case in _users().get(changed.name, ()) if not case.is_row)
    return any(
        case.outcome(shipped_book(), changed) != wanted[str(case.raw["id"])]
        for case in cases
        if str(case.raw["id"]) in wanted
    )


@lru_cache(maxsize=1)
def told_outcomes() -> Mapping[str, Mapping[str, int]]:
    """Return the outcome that each worked case comes to, by question and case."""
    held: Mapping[str, Mapping[int, str]] = load_yaml(OUTCOMES.read_text(encoding="utf-8")) or {}
    return {
        question: {
            case: int(number) for number, cases in by_number.items() for case in cases.split()
        }
        for question, by_number in held.items()
    }


@dataclass(frozen=True)
class Explanation:
    """Why nothing can notice the mutants of a pattern; `proof` names what shows it for each."""

    pattern: str
    reason: str
    proof: str | None

    def covers(self, mutant: Mutant) -> bool:
        """Say whether a mutant is one of the pattern, and the proof shows it."""
        if not fnmatchcase(mutant.id, self.pattern):
            return False
        if self.proof is None:
            return True
        assert mutant.book is not None
        return PROOFS[self.proof](mutant.book(shipped_book()))


PROOFS: Mapping[str, Callable[[RuleBook], bool]] = {
    "no_place_stands_otherwise": no_place_stands_otherwise,
    "every_value_holds_as_before": every_value_holds_as_before,
}


@lru_cache(maxsize=1)
def explanations() -> tuple[Explanation, ...]:
    """Return the patterns of mutants that nothing can notice, each with its reason."""
    held = load_yaml(EXPLAINED.read_text(encoding="utf-8")) or []
    return tuple(Explanation(one["changes"], one["reason"], one.get("proof")) for one in held)


def explanation_of(mutant: Mutant) -> str | None:
    """Return the pattern that explains why nothing notices a mutant."""
    return next((one.pattern for one in explanations() if one.covers(mutant)), None)


@lru_cache(maxsize=1)
def mutants() -> tuple[Mutant, ...]:
    """Return every mutant of the shipped rules and questions."""
    questions = [question for _, question in sorted(all_questions().items())]
    of_questions = (one for question in questions for one in question_mutants(question.spec))
    return (*rule_mutants(shipped_book(), questions), *of_questions)
