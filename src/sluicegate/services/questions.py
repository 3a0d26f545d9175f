"""All questions of all rooms, joined: the lowest place that may see every room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sluicegate import assurance, export, frontier, kyc, lineage, oversight, permits
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import Question
from sluicegate.rules.threshold_questions import threshold_question

ROOMS = (kyc, export, frontier, lineage, permits, oversight, assurance)


@lru_cache(maxsize=1)
def all_questions() -> Mapping[str, Question]:
    """Return every question by name."""
    return {question.name: question for room in ROOMS for question in room.QUESTIONS}


def find_question(name: str, book: RuleBook | None = None) -> Question | None:
    """Return a question by name, or None when there is none.

    A threshold rule of the book, or of the shipped one when none is given, is
    a question too, by its full id.
    """
    found = all_questions().get(name)
    if found is not None:
        return found
    book = book or shipped_book()
    rule = book.thresholds.get(name)
    return None if rule is None else threshold_question(rule, book)


def questions_of(book: RuleBook) -> Mapping[str, Question]:
    """Return every question that can be asked with a book, its threshold rules included."""
    rules = {rule.id: threshold_question(rule, book) for rule in book.thresholds.values()}
    return {**all_questions(), **rules}
