"""Whose answer a change of law changed: one question about many subjects, on two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.services.asking import ask_question

SUBJECT_FIELDS = ("id", "facts")
"""What a subject of a file holds: who it is, and the facts of the question about it."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A subject whose answer differs between two days.

    An answer is None where the question refused the facts on the day, such as
    on one that lies before the first that is recorded; `refused` then names
    the fields. `fields` names the answer's fields that differ.
    """

    id: str
    before: Asked | None
    after: Asked | None
    fields: tuple[str, ...]
    refused: tuple[str, ...] = ()

    def row(self, language: Language) -> dict[str, Any]:
        """Return the change with the fields and the outcome before and after."""
        return {
            "id": self.id,
            "fields": list(self.fields),
            "before": self._values(self.before),
            "after": self._values(self.after),
            "outcome_before": self._outcome(self.before).text(language),
            "outcome_after": self._outcome(self.after).text(language),
        }

    def _values(self, asked: Asked | None) -> dict[str, Any]:
        answer = {} if asked is None else asked.answer_json()
        return {name: answer[name] for name in self.fields if name in answer}

    def _outcome(self, asked: Asked | None) -> Sentence:
        if asked is not None:
            return asked.outcome
        return say("The facts would be refused at {fields}.", fields=self.refused)


@dataclass(frozen=True, slots=True)
class Refused:
    """A subject whose facts the question refuses on both days."""

    id: str
    faults: tuple[BadFact, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """One question on two days, as known on a third, under readings."""

    question: str
    earlier: date
    later: date
    known_on: date | None = None
    readings: Mapping[str, str] | None = None


def read_subjects(given: object) -> list[tuple[str, Any]]:
    """Read a list of `{id, facts}`; raise BadFactsError for anything else."""
    if not isinstance(given, list):
        raise BadFactsError([BadFact("facts", "are no list; write a list of {id, facts}")])
    subjects = []
    for place, one in enumerate(given, 1):
        if not isinstance(one, Mapping) or set(one) != set(SUBJECT_FIELDS):
            raise BadFactsError([BadFact("facts", f"entry {place} is not {{id, facts}}")])
        subjects.append((str(one["id"]), one["facts"]))
    return subjects


def changed_answers(
    between: Between, subjects: Iterable[tuple[str, Any]], book: RuleBook
) -> Iterator[AnswerChange | Refused]:
    """Yield every subject whose answer differs between the two days, or who cannot be answered.

    Raises BadFactsError for a question or a reading that there is not.
    """
    for identifier, facts in subjects:
        before = _asked(between, facts, between.earlier, book)
        after = _asked(between, facts, between.later, book)
        if isinstance(before, Asked) and isinstance(after, Asked):
            fields = tuple(
                name for name in after.answer if before.answer[name] != after.answer[name]
            )
            if fields:
                yield AnswerChange(identifier, before, after, fields)
        elif isinstance(before, BadFactsError) and isinstance(after, BadFactsError):
            yield Refused(identifier, after.faults)
        elif isinstance(after, Asked) and isinstance(before, BadFactsError):
            yield AnswerChange(identifier, None, after, tuple(after.answer), tuple(before.paths))
        elif isinstance(before, Asked) and isinstance(after, BadFactsError):
            yield AnswerChange(identifier, before, None, tuple(before.answer), tuple(after.paths))


def _asked(between: Between, facts: Any, day: date, book: RuleBook) -> Asked | BadFactsError:
    try:
        return ask_question(
            between.question,
            facts,
            as_of=day,
            readings=between.readings,
            known_on=between.known_on,
            book=book,
        )
    except BadFactsError as error:
        if any(path.split(".")[0] in ("question", "readings") for path in error.paths):
            raise
        return error
