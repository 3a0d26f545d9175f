"""The answers of many rows, beside the rows they belong to, and the files they are written to.

| answer | CSV | JSON | Parquet |
| --- | --- | --- | --- |
| boolean | true, false | boolean | BOOLEAN |
| integer | digits | number | BIGINT |
| FLOP, FLOP/s | all digits | text | VARCHAR |
| number, share, TPP | digits | number | VARCHAR, as no type of the format holds every figure |
| date | YYYY-MM-DD | text | DATE |
| list, map, record | JSON | JSON | LIST, MAP, STRUCT of these |
| any other | text | text | VARCHAR |
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sluicegate.adapters.fact_files.columns import (
    ERROR,
    MESSAGE,
    ROW,
    explained,
    identifier,
    quoted,
)
from sluicegate.core.cells import APOSTROPHE, FIGURE, FORMULA_SIGNS, harmless
from sluicegate.core.exact import dump_json
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.specifications import Spec
from sluicegate.services.bulk import OUTCOME, Answers
from sluicegate.services.bulk.files import Layout, UnwritableError

_AT_ONCE = 100_000
_TYPES = {Kind.BOOLEAN: "BOOLEAN", Kind.INTEGER: "BIGINT", Kind.DATE: "DATE"}


class Results:
    """Answers in a table of the engine, a column for each field, as text or as JSON."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        spec: Spec,
        layout: Layout,
        kept: Sequence[str],
        *,
        outcomes: bool,
    ) -> None:
        self._engine, self._fields, self._layout, self._kept = engine, spec.answer, layout, kept
        self._names = [field.name for field in spec.answer] + [OUTCOME] * outcomes
        self._columns = [*self._names, ERROR, MESSAGE]
        columns = ", ".join(f"r{n} VARCHAR" for n in range(len(self._columns)))
        engine.execute(f"CREATE TEMP TABLE said (number BIGINT, {columns})")

    def add(self, start: int, answers: Answers) -> None:
        """Keep the answers of the rows from a number on."""
        render = _json if self._layout is Layout.JSON else _text
        found = [answers.column(name, render) for name in self._names]
        found.append(answers.refusals(lambda refusal: str(render(refusal.path))))
        found.append(answers.refusals(lambda refusal: str(render(refusal.message))))
        part = {f"r{n}": column for n, column in enumerate(found)}
        numbers = np.arange(start, start + answers.size)
        self._engine.register("part", {"number": numbers, **part})
        self._engine.execute("INSERT INTO said SELECT * FROM part")
        self._engine.unregister("part")

    def write(self, target: Path) -> None:
        """Write every row into a file, in the order of the rows; raise UnwritableError."""
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            if self._layout is Layout.JSON:
                self._write_json(part)
            else:
                shape = "CSV, HEADER" if self._layout is Layout.CSV else "PARQUET"
                rows = self._select([*map(self._cell, range(len(self._columns)))])
                self._engine.execute(f"COPY ({rows}) TO {quoted(str(part))} (FORMAT {shape})")
            part.replace(target)
        except (duckdb.Error, OSError) as error:
            why = explained(error) if isinstance(error, duckdb.Error) else str(error)
            raise UnwritableError(f"{target}: cannot be written: {why}") from error
        finally:
            part.unlink(missing_ok=True)

    def first(self, rows: int) -> list[dict[str, Any]]:
        """Return the first rows as texts."""
        columns = [f"r{n}" for n in range(len(self._columns))]
        found = self._engine.execute(f"{self._select(columns)} LIMIT {rows}")
        names = [*(self._kept or [ROW]), *self._columns]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _select(self, cells: Sequence[str]) -> str:
        """Return the query for all rows: what goes along, then a cell for each column."""
        kept = [self._along(n, name) for n, name in enumerate(self._kept)]
        own = [
            f"{cell} AS {identifier(name)}" for cell, name in zip(cells, self._columns, strict=True)
        ]
        columns = ", ".join([*(kept or [f"number + 1 AS {ROW}"]), *own])
        return f"SELECT {columns} FROM said JOIN given ON given.rowid = number ORDER BY number"

    def _along(self, number: int, name: str) -> str:
        """Return a column that goes along; in CSV no program for tables runs it as a formula."""
        if self._layout is not Layout.CSV:
            return f"k{number} AS {identifier(name)}"
        cell = harmless_sql(f"CAST(k{number} AS VARCHAR)")
        return f"{cell} AS {identifier(harmless(name))}"

    def _cell(self, number: int) -> str:
        """Return a column as the layout types it; text in CSV is harmless."""
        text = f"r{number}"
        if self._layout is Layout.CSV:
            return harmless_sql(text)
        if self._layout is not Layout.PARQUET or number >= len(self._fields):
            return text
        shape = self._fields[number].shape
        kind = sql_type(shape, self._fields[number])
        if shape.kind is not None and shape.kind is not Kind.RECORD:
            return text if kind == "VARCHAR" else f"CAST({text} AS {kind})"
        return f"CAST(CAST({text} AS JSON) AS {kind})"

    def _write_json(self, target: Path) -> None:
        with target.open("w", encoding="utf-8") as stream:
            stream.write("[")
            for number, line in enumerate(self._documents()):
                stream.write((",\n " if number else "\n ") + line)
            stream.write("\n]\n")

    def _documents(self) -> Iterator[str]:
        """Yield each row as a JSON object."""
        kept = [(name, f"to_json(k{n})") for n, name in enumerate(self._kept)]
        kept = kept or [(ROW, "to_json(number + 1)")]
        cells = [(name, f"r{n}") for n, name in enumerate(self._columns)]
        parts = " || ', ' || ".join(
            f"{quoted(json.dumps(name, ensure_ascii=False) + ': ')} || coalesce({cell}, 'null')"
            for name, cell in [*kept, *cells]
        )
        found = self._engine.execute(
            f"SELECT '{{' || {parts} || '}}' FROM said JOIN given ON given.rowid = number"
            " ORDER BY number"
        )
        while rows := found.fetchmany(_AT_ONCE):
            for (line,) in rows:
                yield line


def harmless_sql(cell: str) -> str:
    """Return the expression of `core.cells.harmless` for an expression of text."""
    starts = "^[" + "".join(map(re.escape, FORMULA_SIGNS)) + "]"
    is_formula = (
        f"regexp_matches({cell}, {quoted(starts)})"
        f" AND NOT regexp_full_match({cell}, {quoted(FIGURE)})"
    )
    return f"CASE WHEN {is_formula} THEN {quoted(APOSTROPHE)} || {cell} ELSE {cell} END"


def sql_type(shape: Shape, spec: FieldSpec) -> str:
    """Return the type that a column of an answer has in Parquet."""
    if shape.item is not None:
        item = sql_type(shape.item, spec)
        return f"MAP(VARCHAR, {item})" if shape.is_map else f"{item}[]"
    if shape.kind is Kind.RECORD:
        parts = (f"{identifier(part.name)} {sql_type(part.shape, part)}" for part in spec.fields)
        return f"STRUCT({', '.join(parts)})"
    return "VARCHAR" if shape.kind is None else _TYPES.get(shape.kind, "VARCHAR")


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return dump_json(value)


def _json(value: Any) -> str | None:
    return None if value is None else dump_json(value)
