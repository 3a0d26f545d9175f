"""A file of facts with the answers of its rows, in one engine: nothing is held in Python at once.

The file is taken into the engine as text, exact; some rows at a time are asked
and their answers put beside them; at the end both are written in the order of
the file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np

from sluicegate.adapters.fact_files.cells import literal_of
from sluicegate.adapters.fact_files.columns import (
    AS_OF,
    Roles,
    explained,
    identifier,
    source_of,
    text_of,
    unreadable,
)
from sluicegate.adapters.fact_files.results import Results
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.specifications import Spec
from sluicegate.services.bulk import NOT_GIVEN, Answers, Column, FactTable
from sluicegate.services.bulk.files import Layout

ROWS_AT_ONCE = 250_000
SETTINGS = {"memory_limit": "1200MB", "TimeZone": "UTC", "enable_progress_bar": False}
"""What the engine holds in memory at most; beyond it, it writes to a folder that goes away."""


class FactFile:
    """A CSV or Parquet file of facts of one question, a subject a row.

    `ids` names columns that go along to the answers. Raises BadFactsError when
    the file cannot be read, or with every column that has no place in it.
    """

    def __init__(
        self,
        file: Path,
        spec: Spec,
        *,
        layout: Layout,
        ids: Sequence[str] = (),
        outcomes: bool = False,
        rows_at_once: int = ROWS_AT_ONCE,
    ) -> None:
        self._file, self._spec, self._rows_at_once = file, spec, rows_at_once
        self._scratch = tempfile.TemporaryDirectory()
        self._engine = duckdb.connect()
        try:
            for setting, value in {**SETTINGS, "temp_directory": self._scratch.name}.items():
                self._engine.execute(f"SET {setting} = ?", [value])
            self._source = source_of(self._engine, file)
            self._roles = Roles.of([*self._source.types], spec, ids)
            self._take_in()
        except BaseException:
            self._close()
            raise
        self._results = Results(self._engine, spec, layout, self._roles.kept, outcomes=outcomes)
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._engine.close()
        self._scratch.cleanup()

    def _take_in(self) -> None:
        """Read the file into the engine, facts as text and the other columns as they are."""
        kinds = {field.name: field.shape.kind for field in self._spec.facts}
        names = [*self._roles.facts, *([AS_OF] if self._roles.day else [])]
        texts, faults = [], []
        for number, name in enumerate(names):
            try:
                text = text_of(name, kinds.get(name), self._source.types[name])
                texts.append(f"{text} AS f{number}")
            except ValueError as error:
                faults.append(BadFact(name, str(error)))
        if faults:
            raise BadFactsError(faults)
        kept = [f"{identifier(name)} AS k{n}" for n, name in enumerate(self._roles.kept)]
        try:
            columns = ", ".join([*texts, *kept, "0 AS nothing"])
            self._engine.execute(
                f"CREATE TEMP TABLE given AS SELECT {columns} FROM {self._source.clause}"
            )
        except duckdb.Error as error:
            raise unreadable(self._file, explained(error)) from error
        [(self._size,)] = self._engine.execute("SELECT count(*) FROM given").fetchall()

    @property
    def size(self) -> int:
        """How many rows the file has."""
        return int(self._size)

    def tables(self) -> Iterator[FactTable]:
        """Yield the rows in order, some at a time."""
        names = self._roles.facts
        specs = {field.name: field for field in self._spec.facts}
        wanted = ", ".join([*(f"f{n}" for n in range(len(names) + self._roles.day)), "nothing"])
        for start in range(0, self.size, self._rows_at_once):
            stop = start + self._rows_at_once
            found = self._engine.execute(
                f"SELECT {wanted} FROM given WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
                [start, stop],
            ).fetchnumpy()
            columns = {}
            for number, name in enumerate(names):
                typed = self._source.types[name].is_nested
                literal = literal_of(specs[name], typed=typed)
                columns[name] = Column.of_texts(_texts(found[f"f{number}"]), literal)
            days = None
            if self._roles.day:
                days = Column.of_texts(_texts(found[f"f{len(names)}"]), _day)
            yield FactTable(len(found["nothing"]), columns, days)

    def names(self, start: int, rows: int) -> list[str]:
        """Return the first column that goes along, or where there is none the number from 1."""
        if not self._roles.kept:
            return [str(number) for number in range(start + 1, start + rows + 1)]
        found = self._engine.execute(
            "SELECT CAST(k0 AS VARCHAR) FROM given WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
            [start, start + rows],
        ).fetchall()
        return [name or str(number) for number, (name,) in enumerate(found, start + 1)]

    def keep(self, answers: Answers) -> None:
        """Keep the answers of the table that came last."""
        self._results.add(self._done, answers)
        self._done += answers.size

    def write(self, target: Path) -> None:
        """Write all rows with their answers; a file that is there is replaced at the end."""
        self._results.write(target)

    def first(self, rows: int) -> list[dict[str, Any]]:
        """Return the first rows with their answers, as texts."""
        return self._results.first(rows)


def _texts(cells: Any) -> list[str | None]:
    """Return a column of texts, with None for null."""
    if isinstance(cells, np.ma.MaskedArray):
        missing = np.ma.getmaskarray(cells)
        cells = cells.data
        cells[missing] = None
    found: list[str | None] = cells.tolist()
    return found


def _day(cell: str | None) -> Any:
    return NOT_GIVEN if cell is None else cell
