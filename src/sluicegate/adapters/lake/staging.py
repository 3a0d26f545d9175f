"""Usage files into staged lake files: checked, resolved, divided at midnights, compared.

A native CSV file is read in one scan, straight into Parquet. Only when that
scan meets a row that is not plain, a repeated key or a broken line is the file
read again with line numbers, which is slower. Every other format is read with
line numbers from the start.
"""

from __future__ import annotations

import csv
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sluicegate.adapters.lake import usage_sql as sql
from sluicegate.adapters.lake.engine import Report, engine, run_watched
from sluicegate.adapters.lake.problem_log import ProblemLog
from sluicegate.adapters.lake.repeats import KnownFiles, Met, Repeats
from sluicegate.adapters.lake.usage_rows import LAKE_COLUMNS, UsageReader
from sluicegate.adapters.native_rows import Item, Rejected, Row, Skipped
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.catalogue import UNKNOWN_PREFIX, Catalogue
from sluicegate.registry.native import Fault, native_kinds
from sluicegate.services.ports import Staged

_FETCH = 10_000
# A CSV file that cannot be read in one scan; the slow path says where and why.
_SCAN_FAULTS = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
)
_LAKE_TYPES = {
    "segment": "INTEGER",
    "day": "DATE",
    "start_ms": "BIGINT",
    "end_ms": "BIGINT",
    "record_end_ms": "BIGINT",
    "offset_minutes": "SMALLINT",
    "duration_ms": "BIGINT",
    "accelerators_millionths": "BIGINT",
    "utilisation_bp": "INTEGER",
}
# Snappy takes twice the room of zstd here (22 bytes a record, not 12) and a twentieth less time.
_COMPRESSED = {"COMPRESSION": "snappy"}
_PARQUET = {**_COMPRESSED, "PER_THREAD_OUTPUT": "true", "FILENAME_PATTERN": "'part-{i}'"}


@dataclass(frozen=True, slots=True)
class UsageInput:
    """A usage file as staging takes it.

    `fast` reads plain CSV in one scan, `lined` reads rows with their numbers
    (both SQL); `items` reads any format row by row. `names` and
    `offsets` are accelerators and offsets met in samples of the file.
    """

    file: str
    items: Callable[[], Iterator[Item]]
    fast: str | None = None
    lined: str | None = None
    names: tuple[str, ...] = ()
    offsets: tuple[str, ...] = ()


class UsageStager:
    """Stages usage files for one lake folder; `on` is the day names are resolved for."""

    def __init__(self, lake_folder: Path, catalogue: Catalogue, on: date) -> None:
        self._lake = lake_folder
        self._catalogue = catalogue
        self._on = on

    def stage(
        self, given: UsageInput, batches: Sequence[str], report: Report | None = None
    ) -> Staged:
        """Read a file into a new folder under `staging`; nothing of the lake changes."""
        folder = self._lake / "staging" / uuid.uuid4().hex
        (folder / "scratch").mkdir(parents=True)
        try:
            with engine(folder / "scratch") as connection:
                log = ProblemLog(given.file, folder / "problems.csv")
                with closing(log):
                    work = _Staging(connection, folder, given, self._resolve, log, report)
                    return work.run(self._known_files(batches))
        except duckdb.Error as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise ProblemsError([_unreadable(given.file, error)]) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def publish(self, staged: Staged, batch: str) -> None:
        """Move staged files to `usage/batch=<id>` and the superseded keys beside, durably."""
        moves = [(staged.folder, self._lake / "usage" / f"batch={batch}")]
        if staged.superseded is not None:
            moves.append((staged.superseded, self._lake / "superseded" / f"batch={batch}"))
        for folder, target in moves:
            for file in folder.iterdir():
                _flush(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(target)
            _flush(target)
            _flush(target.parent)
        self.discard(staged)

    def withdraw(self, batch: str) -> None:
        """Remove the files of a batch that was not entered."""
        for name in ("usage", "superseded"):
            shutil.rmtree(self._lake / name / f"batch={batch}", ignore_errors=True)

    def discard(self, staged: Staged) -> None:
        """Remove what is left of staged files, with their scratch."""
        shutil.rmtree(staged.folder.parent, ignore_errors=True)

    def _resolve(self, text: str) -> str:
        return self._catalogue.resolve(text, on=self._on).stored_as

    def _known_files(self, batches: Sequence[str]) -> KnownFiles:
        def files(name: str) -> list[str]:
            found: list[str] = []
            for batch in batches:
                found += map(str, (self._lake / name / f"batch={batch}").glob("*.parquet"))
            return sorted(found)

        return KnownFiles(files("usage"), files("superseded"))


class _Staging:
    """The staging of one file."""

    def __init__(
        self,
        connection: Any,
        folder: Path,
        given: UsageInput,
        resolve: Callable[[str], str],
        log: ProblemLog,
        report: Report | None,
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._given = given
        self._resolve = resolve
        self._report = report
        self._names: dict[str, str] = {}
        self._log = log
        self._skipped: Counter[str] = Counter()
        self._unchanged = 0
        states = next(c for c in native_kinds()["usage"].columns if c.name == "state").values
        self._states = states
        for macro in (*sql.MACROS, *sql.instant_macros(given.offsets), sql.NAMES_TABLE):
            connection.execute(macro)
        self._repeats = Repeats(connection)

    def run(self, known: KnownFiles) -> Staged:
        """Stage the file; prefer the one scan."""
        self._learn(self._given.names)
        usage = self._folder / "usage"
        if self._given.fast is not None and self._scan_fast(self._given.fast, usage):
            rows, has_lines = sql.parquet_files(usage), False
        else:
            self._scan_lined(self._folder / "lined")
            rows, has_lines = sql.parquet_files(self._folder / "lined"), True
        met = self._repeats.compare(rows, known, has_lines=has_lines)
        self._unchanged += met.unchanged
        if has_lines or met.any:
            self._rewrite(rows, usage, has_lines=has_lines, met=met)
        return self._staged(usage, met.corrected)

    def _execute(self, statement: str, parameters: Sequence[Any] | None = None) -> Any:
        return self._connection.execute(statement, parameters or [])

    def _count(self, statement: str) -> int:
        return int(self._execute(statement).fetchone()[0])

    # -- reading

    def _learn(self, names: Iterable[str]) -> None:
        """Resolve names that are new, so that the scan can join them."""
        for text in names:
            if text in self._names:
                continue
            self._names[text] = self._resolve(text)
            self._execute("INSERT INTO names VALUES (?, ?)", [text, self._names[text]])

    def _named(self, text: str) -> str:
        """Resolve a name once, for a row that is read by itself."""
        if text not in self._names:
            self._names[text] = self._resolve(text)
        return self._names[text]

    def _scan(self, relation: str, target: Path, *, with_line: bool) -> int:
        """Copy the typed rows to a folder; return how many are not plain.

        A name first met in the scan is resolved and the scan done again.
        """
        rows = sql.parquet_files(target)
        for attempt in (1, 2):
            select = sql.typed_select(relation, self._states, self._names, with_line=with_line)
            shutil.rmtree(target, ignore_errors=True)
            run_watched(self._connection, sql.copied(select, str(target), _PARQUET), self._report)
            odd = self._count(f"SELECT count(*) FROM {rows} WHERE day IS NULL")
            if not odd or attempt == 2:
                break
            unnamed = self._execute(
                f"SELECT DISTINCT accelerator FROM {rows} WHERE day IS NULL AND"
                " accelerator IS NOT NULL AND accelerator NOT IN (SELECT id FROM names)"
            ).fetchall()
            fresh = [text for (text,) in unnamed if text not in self._names]
            if not fresh:
                break
            self._learn(fresh)
        return odd

    def _scan_fast(self, relation: str, target: Path) -> bool:
        """Read plain CSV in one scan; False when something in it needs line numbers."""
        try:
            if self._scan(relation, target, with_line=False):
                return False
        except _SCAN_FAULTS:
            return False
        if self._repeats.exist_in(target):
            return False
        self._divide(target, with_line=False)
        return True

    def _divide(self, target: Path, *, with_line: bool) -> None:
        """Add the later segments of records that pass a local midnight."""
        divided = f"{sql.parquet_files(target)} WHERE record_end_ms IS NOT NULL AND day IS NOT NULL"
        if self._count(f"SELECT count(*) FROM {divided}"):
            select = sql.further_segments(sql.parquet_files(target), with_line=with_line)
            self._execute(sql.copied(select, str(target / "divided.parquet"), _COMPRESSED))

    def _scan_lined(self, target: Path) -> None:
        """Read with line numbers: plain rows by SQL, the others one by one."""
        shutil.rmtree(self._folder / "usage", ignore_errors=True)
        relation = self._given.lined or self._spooled()
        odd = self._scan(relation, target, with_line=True)
        self._divide(target, with_line=True)
        if odd:
            self._read_odd(relation, target)
        self._unchanged += self._repeats.drop(target, self._log)

    def _spooled(self) -> str:
        """Write the rows of any format as clean CSV with line numbers; return SQL for it."""
        spool = self._folder / "spool.csv"
        columns = ("line", *sql.TEXT_COLUMNS)
        with spool.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            for item in self._given.items():
                if isinstance(item, Row):
                    get = item.values.get
                    writer.writerow([item.line, *(get(name, "") for name in sql.TEXT_COLUMNS)])
                elif isinstance(item, Skipped):
                    self._skipped[item.reason] += 1
                elif isinstance(item, Rejected):
                    self._log.reject(item.line, item.faults)
        return sql.csv_relation(str(spool), columns, "", has_lines=True)

    def _read_odd(self, relation: str, target: Path) -> None:
        """Read the rows that are not plain exactly; reject those with faults."""
        names = ("line", *sql.TEXT_COLUMNS)
        listed = ", ".join(f'"{name}"' for name in names)
        cursor = self._execute(
            f"SELECT {listed} FROM ({relation}) WHERE line IN (SELECT line FROM"
            f" {sql.parquet_files(target)} WHERE day IS NULL) ORDER BY line"
        )
        reader = UsageReader(self._named)
        exact = self._folder / "exact.csv"
        found_any = False
        with exact.open("w", encoding="utf-8", newline="") as stream:
            # The header also shows the engine how lines end, before any quoted line end.
            writer = csv.writer(stream)
            writer.writerow(("line", *LAKE_COLUMNS))
            while rows := cursor.fetchmany(_FETCH):
                for line, *texts in rows:
                    found = reader.read(dict(zip(sql.TEXT_COLUMNS, texts, strict=True)))
                    faults = [part for part in found if isinstance(part, Fault)]
                    if faults:
                        self._log.reject(line, faults)
                    else:
                        found_any = True
                        writer.writerows((line, *part) for part in found if isinstance(part, tuple))
        if found_any:
            self._append_exact(exact, target)

    def _append_exact(self, exact: Path, target: Path) -> None:
        types = {"line": "BIGINT"} | {n: _LAKE_TYPES.get(n, "VARCHAR") for n in LAKE_COLUMNS}
        typed = ", ".join(f"{sql.quoted(name)}: '{kind}'" for name, kind in types.items())
        scan = (
            f"SELECT * FROM read_csv({sql.quoted(str(exact))}, auto_detect = false,"
            f" header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
            f" columns = {{{typed}}})"
        )
        self._execute(sql.copied(scan, str(target / "exact.parquet"), _COMPRESSED))

    # -- writing

    def _rewrite(self, rows: str, usage: Path, *, has_lines: bool, met: Met) -> None:
        """Write the rows that go into the lake, without repeats and unchanged records."""
        keep = "line NOT IN (SELECT line FROM dropped)" if has_lines else "true"
        if met.any:
            rows += " r ANTI JOIN (SELECT source, record_id FROM met WHERE same) m"
            rows += " ON r.source = m.source AND r.record_id = m.record_id"
        target = self._folder / "kept"
        select = sql.lake_select(rows, keep)
        run_watched(self._connection, sql.copied(select, str(target), _PARQUET), None)
        shutil.rmtree(usage, ignore_errors=True)
        target.rename(usage)
        if met.corrected:
            replaced = self._folder / "superseded"
            replaced.mkdir()
            select = "SELECT source, record_id, replaces FROM met WHERE NOT same"
            self._execute(sql.copied(select, str(replaced / "part-0.parquet"), _COMPRESSED))

    def _staged(self, usage: Path, superseding: int) -> Staged:
        rows = f"{sql.parquet_files(usage)} WHERE segment = 0"
        replaced = self._folder / "superseded"
        return Staged(
            folder=usage,
            accepted=self._count(f"SELECT count(*) FROM {rows}"),
            unchanged=self._unchanged,
            rejected=self._log.rejected,
            superseding=superseding,
            problems=self._log.problems,
            problem_count=self._log.problem_count,
            skipped=dict(sorted(self._skipped.items())),
            unknown=self._unknown(rows),
            superseded=replaced if replaced.exists() else None,
        )

    def _unknown(self, rows: str) -> dict[str, int]:
        """Count the accepted records of each name that the catalogue lacks."""
        if not any(name.startswith(UNKNOWN_PREFIX) for name in self._names.values()):
            return {}
        found = self._execute(
            f"SELECT accelerator, count(*) FROM {rows} AND"
            f" starts_with(accelerator, {sql.quoted(UNKNOWN_PREFIX)})"
            " GROUP BY accelerator ORDER BY accelerator"
        ).fetchall()
        return {text.removeprefix(UNKNOWN_PREFIX): count for text, count in found}


def _unreadable(file: str, error: duckdb.Error) -> Problem:
    text = str(error).splitlines()[0]
    return Problem(file, None, "", f"cannot be read: {text}", "write the file again")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
