"""Whose answer a change of law changed, for a file of many subjects.

Both days are asked for all rows at once; only rows whose answers differ are
asked again one by one, so that they are told as `changed_answers` tells them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.services.asking import question_named
from sluicegate.services.bulk.answering import Asking, answer_rows
from sluicegate.services.bulk.answers import Answers
from sluicegate.services.bulk.files import FactRows
from sluicegate.services.law_changes import AnswerChange, Between, Refused, changed_answers


def changed_rows(
    between: Between, rows: FactRows, book: RuleBook
) -> Iterator[AnswerChange | Refused]:
    """Yield every row whose answer differs between the two days, or that cannot be answered.

    Raises BadFactsError for a question or a reading that there is not, and for
    a file whose rows have days of their own.
    """
    one = question_named(between.question, book)
    done = 0
    for table in rows.tables():
        if table.days is not None:
            problem = "is a column of the file; the two days are asked for every row, leave it out"
            raise BadFactsError([BadFact("as_of", problem)])
        before, after = (
            answer_rows(one, table, Asking(day, book, between.readings or {}, between.known_on))
            for day in (between.earlier, between.later)
        )
        names = rows.names(done, table.size)
        for row in range(table.size):
            if not _are_alike(before, after, row):
                yield from changed_answers(between, [(names[row], table.facts(row))], book)
        done += table.size


def _are_alike(before: Answers, after: Answers, row: int) -> bool:
    if before.refusal(row) is not None or after.refusal(row) is not None:
        return False
    return before.answer(row) == after.answer(row)
