"""Ask a question, and run worked cases."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date

from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import Tested, read_cases, run_cases
from sluicegate.rules.explaining import OtherReading, other_readings
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question, ask
from sluicegate.services.questions import all_questions, find_question


def ask_question(
    name: str,
    facts: object,
    *,
    as_of: date | str,
    readings: Mapping[str, str] | None = None,
    known_on: date | None = None,
    book: RuleBook | None = None,
) -> Asked:
    """Answer a question by name from JSON-like facts.

    Raises BadFactsError with path `question` when there is no such question,
    and with the paths of all faults when the facts are refused.

    >>> facts = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
    >>> asked = ask_question("eu_systemic_risk", facts, as_of="2025-09-01")
    >>> asked.answer_json()["notify_by"]
    '2025-09-15'
    """
    book = book or shipped_book()
    return ask(
        question_named(name, book),
        facts,
        as_of=as_of,
        book=book,
        readings=readings,
        known_on=known_on,
    )


def question_named(name: str, book: RuleBook) -> Question:
    """Return a question by name; raise BadFactsError with path `question` when there is none."""
    found = find_question(name, book)
    if found is None:
        near = difflib.get_close_matches(name, [*all_questions(), *book.thresholds], n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `sluicegate rules questions` lists all"
        raise BadFactsError([BadFact("question", f"{name!r} is not a question{hint}")])
    return found


def readings_not_chosen(asked: Asked, *, book: RuleBook | None = None) -> tuple[OtherReading, ...]:
    """Return what every reading that was not chosen would give."""
    book = book or shipped_book()
    question = find_question(asked.question, book)
    return () if question is None else other_readings(question, asked, book)


def check_cases(files: Mapping[str, str], *, book: RuleBook | None = None) -> Tested:
    """Run worked cases, given as name → text; raise CaseFileError for a file that holds none."""
    cases = [case for name, text in files.items() for case in read_cases(name, text)]
    book = book or shipped_book()
    return run_cases(cases, lambda name: find_question(name, book), book)
