"""Records that were there before: earlier in the same file, or in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from sluicegate.adapters.lake import usage_sql as sql
from sluicegate.adapters.lake.problem_log import ProblemLog
from sluicegate.registry.native import Fault

_FETCH = 10_000


@dataclass(frozen=True, slots=True)
class KnownFiles:
    """The Parquet files of the batches already in the lake, and their superseded keys."""

    usage: list[str]
    superseded: list[str]


@dataclass(frozen=True, slots=True)
class Met:
    """How many staged records the lake holds already, the same or with other values."""

    unchanged: int
    corrected: int

    @property
    def any(self) -> bool:
        """Whether the lake held one at all."""
        return self.unchanged + self.corrected > 0


class Repeats:
    """Finds repeated keys; leaves the tables `dropped` (lines) and `met` (keys, same or not)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.execute("CREATE TEMP TABLE dropped (line BIGINT)")

    def exist_in(self, folder: Path) -> bool:
        """Say whether a key may stand twice in staged files."""
        return len(self._twins(folder)) > 0

    def _twins(self, folder: Path) -> Any:
        """Return the key hashes that stand more than once (sorting is the cheapest way)."""
        hashes = self._connection.execute(
            f"SELECT hash(source, record_id) AS twin FROM {sql.parquet_files(folder)}"
            " WHERE segment = 0 AND day IS NOT NULL"
        ).fetchnumpy()["twin"]
        hashes = numpy.sort(hashes)
        return numpy.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    def drop(self, folder: Path, log: ProblemLog) -> int:
        """Of rows with one key keep the first; return how many say the same again.

        A row that says something else is rejected, with the line of the first.
        """
        twins = self._twins(folder)
        if not len(twins):
            return 0
        execute = self._connection.execute
        execute("CREATE TEMP TABLE twins AS SELECT unnest(?::UBIGINT[]) AS twin", [twins.tolist()])
        among = (
            f"{sql.parquet_files(folder)} WHERE segment = 0 AND day IS NOT NULL"
            " AND hash(source, record_id) IN (SELECT twin FROM twins)"
        )
        execute(
            "CREATE TEMP TABLE repeats AS"
            f" WITH records AS ({sql.records_select(among, 'line, source, record_id')}),"
            " firsts AS (SELECT source, record_id,"
            " min(line) AS first, arg_min((first_ms, last_ms, content), line) AS said"
            " FROM records GROUP BY source, record_id HAVING count(*) > 1)"
            " SELECT line, record_id, first, (first_ms, last_ms, content) = said AS same"
            " FROM records JOIN firsts USING (source, record_id) WHERE line > first"
        )
        execute("INSERT INTO dropped SELECT line FROM repeats")
        for line, record_id, first in self._rows(
            "SELECT line, record_id, first FROM repeats WHERE NOT same ORDER BY line"
        ):
            log.reject(line, [_repeated(record_id, first)])
        return self._count("SELECT count(*) FROM repeats WHERE same")

    def compare(self, rows: str, known: KnownFiles, *, has_lines: bool) -> Met:
        """Compare staged rows with the lake; what it holds stands in `met` afterwards."""
        if not known.usage:
            return Met(0, 0)
        staged = f"{rows} WHERE segment = 0 AND day IS NOT NULL"
        if has_lines:
            staged += " AND line NOT IN (SELECT line FROM dropped)"
        lake = f"read_parquet({known.usage}, hive_partitioning = true, hive_types_autocast = false)"
        replaced = ""
        if known.superseded:
            same_key = "l.source = s.source AND l.record_id = s.record_id AND l.batch = s.replaces"
            replaced = f" ANTI JOIN read_parquet({known.superseded}) s ON {same_key}"
        keys = f"SELECT hash(source, record_id) FROM {staged}"
        held = f"{lake} l{replaced} WHERE l.segment = 0 AND hash(l.source, l.record_id) IN ({keys})"
        self._connection.execute(
            "CREATE TEMP TABLE held AS "
            + sql.records_select(held, "l.source, l.record_id, l.batch AS replaces")
        )
        if not self._count("SELECT count(*) FROM held"):
            return Met(0, 0)
        now = sql.records_select(staged, "source, record_id")
        self._connection.execute(
            "CREATE TEMP TABLE met AS SELECT source, record_id, replaces,"
            " (n.first_ms, n.last_ms, n.content) = (h.first_ms, h.last_ms, h.content) AS same"
            f" FROM held h JOIN ({now}) n USING (source, record_id)"
        )
        return Met(
            self._count("SELECT count(*) FROM met WHERE same"),
            self._count("SELECT count(*) FROM met WHERE NOT same"),
        )

    def _count(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])

    def _rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.execute(statement)
        while rows := cursor.fetchmany(_FETCH):
            yield from rows


def _repeated(record_id: str, first: int) -> Fault:
    problem = f"{record_id!r} stands on line {first} already, with other values"
    return Fault("record_id", problem, "give each record one id, or remove one of the two")
