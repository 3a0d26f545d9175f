"""A file of subjects, asked part by part, so that it need not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sluicegate.rules.questions import Question
from sluicegate.services.bulk.answering import Asking, answer_rows
from sluicegate.services.bulk.answers import Answers, Refused
from sluicegate.services.bulk.columns import FactTable


class Layout(Enum):
    """The forms in which the answers of many rows are written."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"


class UnwritableError(ValueError):
    """Answers that the chosen form of file cannot hold, or a place that cannot be written."""


class FactRows(Protocol):
    """Rows of facts in a file, and the place where their answers are kept."""

    @property
    def size(self) -> int:
        """How many rows the file has."""

    def tables(self) -> Iterator[FactTable]:
        """Yield the rows in order, some at a time."""

    def names(self, start: int, rows: int) -> list[str]:
        """Return what rows from a number on are called: by their first id, or their number."""

    def keep(self, answers: Answers) -> None:
        """Keep the answers of the table that came last."""

    def write(self, target: Path) -> None:
        """Write every row with its answer into a file, in order; raise UnwritableError."""

    def first(self, rows: int) -> list[dict[str, Any]]:
        """Return the first rows with their answers, as texts."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows were answered and refused, and the first refusal with its row from 1."""

    rows: int
    refused: int
    first_row: int | None = None
    first: Refused | None = None

    @property
    def answered(self) -> int:
        """How many rows were answered."""
        return self.rows - self.refused


def answer_file(
    one: Question,
    rows: FactRows,
    asking: Asking,
    progress: Callable[[int], None] = lambda _done: None,
) -> Tally:
    """Ask a question for every row of a file and keep each answer beside its row.

    `progress` is told how many rows are done. Raises BadFactsError for a day or
    readings that are wrong for all rows.
    """
    done = refused = 0
    first_row: int | None = None
    first: Refused | None = None
    for table in rows.tables():
        before = done
        answers = answer_rows(one, table, asking, partial(_tell, progress, before))
        without = answers.refused_rows
        if first is None and len(without):
            place = int(without[0])
            first_row, first = before + place + 1, answers.refusal(place)
        rows.keep(answers)
        done += table.size
        refused += len(without)
    return Tally(done, refused, first_row, first)


def _tell(progress: Callable[[int], None], before: int, done: int) -> None:
    progress(before + done)
