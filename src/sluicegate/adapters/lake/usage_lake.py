"""The usage lake of a node, folded by DuckDB.

Parquet files by batch, `usage/batch=<id>/`, and the keys that a batch replaced,
`superseded/batch=<id>/`. The roll-up per batch, `daily/<digest>.parquet`, holds
the rows of `daily_usage`; it can be deleted at any time and is made again when
asked for. Its name covers everything it was made from.
"""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from sluicegate.adapters.lake import duckdb_plan
from sluicegate.adapters.lake.duckdb_plan import DailyPlan, likely_largest
from sluicegate.adapters.lake.rendering import render
from sluicegate.adapters.lake.usage_files import UsageFiles, quoted
from sluicegate.metering import statements
from sluicegate.metering.statements import DIMENSIONS, END_DAY, FIRST_DAY, KEYS, Relation
from sluicegate.services.ports import LakeError

MEMORY_LIMIT = "1200MB"
"""DuckDB's own bound; the process stays below 2 GB with it (docs, metering)."""

_FETCH = 10_000
_PART_BYTES = 32_000_000
"""Bytes of files that are folded at once: a few days, whose groups fit in the cache."""

_ROLL_UP_GROUP = 20_480
"""Rows in one group of a roll-up, in order of customer: one customer's usage is in one
or a few groups, and the others are not read (docs, metering)."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """What a refresh of the roll-up did: batches made, batches found, files removed."""

    made: int
    found: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Fold:
    """What a table of daily usage in memory was made from."""

    batches: tuple[str, ...]
    keys: frozenset[str]
    first_day: date
    end_day: date


class DuckDbLake:
    """Runs the named statements over one lake folder; close it after use.

    `scratch` takes what does not fit in memory; without one a temporary folder
    of the system does.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int | None = None,
        memory_limit: str = MEMORY_LIMIT,
        scratch: Path | None = None,
    ) -> None:
        self._folder = folder
        self._connection = duckdb.connect(":memory:")
        self._files = UsageFiles(folder, self._connection)
        own = self._connection.execute
        own("SET TimeZone = 'UTC'")
        own("SET preserve_insertion_order = false")
        own("SET enable_progress_bar = false")
        own("SET parquet_metadata_cache = true")
        own(f"SET memory_limit = '{memory_limit}'")
        own("SET temp_directory = ?", [str(scratch or Path(tempfile.gettempdir()) / "sluicegate")])
        if threads is not None:
            own(f"SET threads = {int(threads)}")
        self._folded: tuple[_Fold, tuple[str, ...]] | None = None
        self._folding = threading.RLock()

    def __enter__(self) -> DuckDbLake:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the engine and its memory."""
        self._connection.close()

    def rows(
        self, statement: str, parameters: Mapping[str, Any], *, batches: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a named statement over the files of the batches.

        Those of `totals` come in order of their columns, nothing (NULL) first.

        Raises LakeError when a batch's files are missing or unreadable, or when
        a product or sum has more than 38 digits. Several threads may ask at once;
        where usage has no roll-up yet they wait for one another.
        """
        with closing(self._connection.cursor()) as cursor:
            try:
                if self._must_fold(batches):
                    with self._folding:
                        self._run(cursor, statement, parameters, tuple(batches))
                        folded = cursor.fetchall()
                    yield from folded
                    return
                self._run(cursor, statement, parameters, tuple(batches))
                while found := cursor.fetchmany(_FETCH):
                    yield from found
            except duckdb.Error as error:
                raise _explained(statement, error) from error

    def _must_fold(self, batches: Sequence[str]) -> bool:
        """Say whether some batch has no roll-up: what is folded instead is one for all threads."""
        files = self._files.roll_ups(batches).values()
        return not files or not all(file.exists() for file in files)

    def materialise(
        self, statement: str, parameters: Mapping[str, Any], *, batches: Sequence[str], file: Path
    ) -> int:
        """Write the rows of a named statement to a Parquet file; return how many."""
        with closing(self._connection.cursor()) as cursor, self._folding:
            try:
                sql, bound = self._prepare(cursor, statement, parameters, tuple(batches))
                target = quoted(str(file))
                cursor.execute(f"COPY ({sql}) TO {target} (FORMAT parquet)", bound)
                return int(cursor.fetchall()[0][0])
            except duckdb.Error as error:
                raise _explained(statement, error) from error

    def refresh_daily(self, batches: Sequence[str]) -> RollUp:
        """Make the roll-up of each batch that has none; remove those of no batch.

        Afterwards every statement over `daily` reads the roll-up, from several
        threads at once where they like. Deleting its files is always safe.
        """
        with self._folding:
            return self._refresh(batches)

    def _refresh(self, batches: Sequence[str]) -> RollUp:
        files = self._files.roll_ups(batches)
        folder = self._folder / "daily"
        folder.mkdir(parents=True, exist_ok=True)
        made = 0
        for batch, file in files.items():
            if not file.exists():
                self._make_roll_up(batch, tuple(batches), file)
                made += 1
        present = set(files.values())
        removed = [old for old in folder.glob("*.parquet*") if old not in present]
        for old in removed:
            old.unlink(missing_ok=True)
        self._folded = None
        return RollUp(made, len(files) - made, len(removed))

    # -- statements

    def _run(
        self, cursor: Any, statement: str, parameters: Mapping[str, Any], batches: tuple[str, ...]
    ) -> None:
        sql, bound = self._prepare(cursor, statement, parameters, batches)
        if statement == "totals":
            sql = f"SELECT * FROM ({sql}) ORDER BY ALL NULLS FIRST"
        cursor.execute(sql, bound)

    def _prepare(
        self, cursor: Any, statement: str, parameters: Mapping[str, Any], batches: tuple[str, ...]
    ) -> tuple[str, dict[str, Any]]:
        """Give a cursor the relations of a statement; return its SQL and bound values."""
        bound = {name: value for name, value in parameters.items() if name not in _STEERING}
        for name, value in list(bound.items()):
            if isinstance(value, Relation):
                _create(cursor, name, value)
                del bound[name]
        keys = frozenset(parameters.get("keys", KEYS))
        first, end = bound.get("first_day", FIRST_DAY), bound.get("end_day", END_DAY)
        text = statements.text(statement)
        if "FROM usage" in text and statement != "daily_usage":
            _create_usage(cursor, " UNION ALL ".join(self._files.usage_parts(batches, batches)))
        if statement == "daily_usage" or "FROM daily" in text:
            self._offer_daily(cursor, _Fold(batches, keys, first, end))
        if statement == "daily_usage":
            return "SELECT * FROM daily WHERE day >= $first_day AND day < $end_day", {
                "first_day": first,
                "end_day": end,
            }
        dimensions = parameters.get("dimensions", DIMENSIONS)
        sql = render(statement, "duckdb", dimensions if statement == "totals" else None)
        return sql, {name: value for name, value in bound.items() if f"${name}" in sql}

    # -- daily usage

    def _offer_daily(self, cursor: Any, fold: _Fold) -> None:
        """Create the view `daily`: the roll-up where it is made, the rest folded now."""
        roll_ups = self._files.roll_ups(fold.batches)
        made = [str(file) for file in roll_ups.values() if file.exists()]
        missing = tuple(batch for batch, file in roll_ups.items() if not file.exists())
        parts = []
        if made:
            parts.append(f"SELECT * FROM read_parquet({made!r})")
        if missing or not made:
            if self._folded != (fold, missing):
                self._fold(cursor, missing, fold)
                self._folded = (fold, missing)
            parts.append("SELECT * FROM main.folded_daily")
        cursor.execute(f"CREATE TEMP VIEW daily AS {' UNION ALL '.join(parts)}")

    def _fold(self, cursor: Any, missing: tuple[str, ...], fold: _Fold) -> None:
        """Fold some of a fold's batches into `folded_daily`, a few files at a time."""
        self._folded = None
        whole = " UNION ALL ".join(self._files.usage_parts(missing, fold.batches))
        _create_usage(cursor, whole)
        listed = {key: _list_names(cursor, key) for key in (*fold.keys - _SOURCE, "accelerator")}
        keys = {key for key in fold.keys - _SOURCE if not listed[key].is_empty}
        # A source only tells accounts apart: without an account it need not be grouped.
        if "account" in keys or "customer_id" not in keys or listed["customer_id"].has_null:
            keys |= fold.keys & _SOURCE
            listed |= {key: _list_names(cursor, key) for key in fold.keys & _SOURCE}
        coded = (key for key in (*sorted(keys), "accelerator") if listed[key].hashes_differ)
        plan = DailyPlan(frozenset(keys), {key: f"main.names_{key}" for key in coded})
        narrow, wide = plan.fold(likely_largest(cursor, self._files.named(missing))), plan.fold({})
        values = {"first_day": fold.first_day, "end_day": fold.end_day}
        into = "CREATE OR REPLACE TABLE main.folded_codes AS"
        for part in self._files.usage_parts(missing, fold.batches, _PART_BYTES):
            _create_usage(cursor, part)
            try:
                cursor.execute(f"{into} {narrow}", values)
            except duckdb.OutOfRangeException:
                cursor.execute(f"{into} {wide}", values)
            into = "INSERT INTO main.folded_codes"
        named = plan.named("main.folded_codes")
        cursor.execute(f"CREATE OR REPLACE VIEW main.folded_daily AS {named}")

    def _make_roll_up(self, batch: str, batches: tuple[str, ...], file: Path) -> None:
        fold = _Fold(batches, frozenset(KEYS), FIRST_DAY, END_DAY)
        part = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
        rows = "SELECT * FROM main.folded_daily ORDER BY customer_id, account, day"
        options = f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROLL_UP_GROUP})"
        with closing(self._connection.cursor()) as cursor:
            try:
                self._fold(cursor, (batch,), fold)
                cursor.execute(f"COPY ({rows}) TO {quoted(str(part))} {options}")
                part.replace(file)
            except duckdb.Error as error:
                raise _explained("daily_usage", error) from error
            finally:
                part.unlink(missing_ok=True)


def _create_usage(cursor: Any, sql: str) -> None:
    cursor.execute(f"CREATE OR REPLACE TEMP VIEW usage AS {sql}")


_PAST_38_DIGITS = (duckdb.OutOfRangeException, duckdb.ConversionException)
_SOURCE = frozenset({"source"})
_STEERING = frozenset({"keys", "dimensions"})


@dataclass(frozen=True, slots=True)
class _Names:
    """What the distinct texts of a key are like."""

    is_empty: bool
    has_null: bool
    hashes_differ: bool


def _list_names(cursor: Any, key: str) -> _Names:
    """List a key's distinct texts with their hashes in a table `names_KEY`."""
    cursor.execute(
        f"CREATE OR REPLACE TABLE main.names_{key} AS SELECT {key} AS text,"
        f" {duckdb_plan.HASH}({key}) AS code FROM (SELECT DISTINCT {key} FROM usage)"
    )
    texts, rows, codes = cursor.execute(
        f"SELECT count(text), count(*), count(DISTINCT code) FROM main.names_{key}"
    ).fetchone()
    return _Names(texts == 0, rows > texts, rows == codes)


def _create(cursor: Any, name: str, relation: Relation) -> None:
    """Create a small relation as a temporary table of one cursor."""
    values: dict[str, list[Any]] = {column: [] for column, _ in relation.columns}
    for row in relation.rows:
        for column, value in zip(values, row, strict=True):
            values[column].append(value)
    shown = ", ".join(
        f"CAST(UNNEST(CAST(${column} AS {kind.value}[])) AS {kind.value}) AS {column}"
        for column, kind in relation.columns
    )
    cursor.execute(f"CREATE TEMP TABLE {name} AS SELECT {shown}", values)


def _explained(statement: str, error: duckdb.Error) -> LakeError:
    if isinstance(error, _PAST_38_DIGITS):
        return LakeError(
            f"statement {statement}: a product or sum is past 38 digits; look for a record with"
            f" an impossible count of accelerators or duration ({error})"
        )
    return LakeError(
        f"statement {statement}: the lake could not be read ({error}); restore the file it names"
    )
