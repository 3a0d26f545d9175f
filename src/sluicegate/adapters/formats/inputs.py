"""Input files for one intake: scanned, recognised, read; the port `InputReader`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from sluicegate.adapters.formats.detection import Detected, detect
from sluicegate.adapters.formats.mapping import read_mapping
from sluicegate.adapters.formats.native import NativeFormat
from sluicegate.adapters.formats.prescan import Scan, prescan
from sluicegate.adapters.formats.reading import Item, ReadOptions, Sample, Shape, Skipped
from sluicegate.adapters.formats.registry_rows import read_rows
from sluicegate.adapters.formats.rejects import RejectsFile
from sluicegate.adapters.formats.sampling import sample_of
from sluicegate.adapters.formats.windows import hints
from sluicegate.adapters.lake import usage_sql
from sluicegate.adapters.lake.staging import UsageInput, UsageStager
from sluicegate.core.canonical import digest
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.native import Fault
from sluicegate.services.ports import InputFile, Progress, RowsRead, Staged

_GLOB = frozenset("*?[]{}")
_SCAN_SHARE = 4
"""The scan of the bytes is shown as one part in so many of the work on a file."""


@dataclass(frozen=True, slots=True)
class InputSettings:
    """How one intake reads its files.

    `kind` and `mapping` leave less to detection; `source` fills an absent
    source; `offset` is for times without one; `rejects` is written at the end;
    `on` is the day for which names are looked up.
    """

    lake_folder: Path
    catalogue: Catalogue
    on: date
    kind: str | None = None
    mapping: Path | None = None
    source: str = "default"
    offset: str | None = None
    rejects: Path | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    sample: Sample
    scan: Scan
    detected: Detected
    options: ReadOptions


class FileInputs:
    """Reads files as `InputReader` asks."""

    def __init__(self, settings: InputSettings) -> None:
        self._settings = settings
        self._mapping: Mapping[str, Any] = (
            {} if settings.mapping is None else read_mapping(settings.mapping)
        )
        self._stager = UsageStager(settings.lake_folder, settings.catalogue, settings.on)
        self._rejects = None if settings.rejects is None else RejectsFile(settings.rejects)
        self._opened: dict[Path, _Opened] = {}
        self._links = Path(tempfile.mkdtemp(prefix="sluicegate-"))

    @property
    def bound(self) -> str:
        """The accelerator that bounds the use of one the catalogue lacks."""
        return self._settings.catalogue.bound_for_unknown(self._settings.on).name

    def inspect(self, file: Path) -> InputFile:
        """Say what a file is; raise ProblemsError when it cannot be read at all."""
        try:
            return self._inspected(file)
        except ProblemsError as error:
            raise ProblemsError(_renamed(error.problems, file)) from error

    def _inspected(self, file: Path) -> InputFile:
        settings = self._settings
        scan = prescan(file, lambda done, total: self._tell(file, done, total, 0))
        sample = sample_of(self._reachable(file), scan)
        detected = detect(sample, settings.kind, self._mapping)
        kind = detected.likelihood.kind
        options = ReadOptions(
            kind, settings.source, settings.catalogue, settings.offset, self._mapping
        )
        self._opened[file] = _Opened(sample, scan, detected, options)
        message = f"{file.name}: this looks like {detected.likelihood}"
        if isinstance(detected.format, NativeFormat):
            message += detected.format.ignored(sample)
        identity = digest(
            [
                scan.sha256,
                kind,
                detected.format.name,
                settings.source,
                settings.offset,
                _as_text(self._mapping),
                settings.catalogue.digest,
            ]
        )
        return InputFile(file, kind, detected.format.name, message, identity, scan.size)

    def rows(self, file: InputFile) -> RowsRead:
        """Read a file of a registry kind."""
        rejects = self._rejects

        def on_reject(line: int, original: Mapping[str, str], faults: list[Fault]) -> None:
            if rejects is not None:
                rejects.add(str(file.path), line, original, faults)

        found = read_rows(
            file.kind,
            str(file.path),
            self._items(file.path),
            self._settings.catalogue,
            on_reject,
        )
        if not (found.rows or found.rejected or found.skipped):
            raise ProblemsError([_no_rows(file.path)])
        self._tell(file.path, file.bytes, file.bytes, 1)
        return found

    def stage(self, file: InputFile, *, batches: Sequence[str]) -> Staged:
        """Read a usage file into staged files, against the batches already in the lake."""
        try:
            staged = self._stager.stage(
                self._usage_input(file),
                batches,
                lambda share: self._tell(file.path, int(share * file.bytes), file.bytes, 1),
            )
        except ProblemsError as error:
            raise ProblemsError(_renamed(error.problems, file.path)) from error
        counted = (
            staged.accepted + staged.unchanged + staged.rejected + sum(staged.skipped.values())
        )
        if not counted:
            self._stager.discard(staged)
            raise ProblemsError([_no_rows(file.path)])
        if self._rejects is not None and staged.rejected:
            self._write_rejects(file, staged, self._rejects)
        self._tell(file.path, file.bytes, file.bytes, 1)
        return staged

    def publish(self, staged: Staged, batch: str) -> None:
        """Make staged files part of the lake under a batch id."""
        self._stager.publish(staged, batch)

    def withdraw(self, batch: str) -> None:
        """Take a batch's files away again, when its entry could not be kept."""
        self._stager.withdraw(batch)

    def discard(self, staged: Staged) -> None:
        """Remove staged files that are not wanted."""
        self._stager.discard(staged)

    def close(self) -> None:
        """Write the rejects and remove what is left."""
        if self._rejects is not None:
            self._rejects.close()
        shutil.rmtree(self._links, ignore_errors=True)

    # -- parts

    def _items(self, file: Path) -> Iterator[Item]:
        opened = self._opened[file]
        return opened.detected.format.read(opened.sample, opened.options)

    def _usage_input(self, file: InputFile) -> UsageInput:
        opened = self._opened[file.path]
        sample, source = opened.sample, self._settings.source
        given = UsageInput(str(file.path), lambda: self._items(file.path))
        if file.format != "native":
            return given
        if sample.shape is Shape.PARQUET:
            lined = usage_sql.parquet_relation(str(sample.file), sample.columns, source)
            return replace(given, lined=lined)
        if sample.shape is Shape.DELIMITED and "\r" not in sample.head.replace("\r\n", ""):
            fast = usage_sql.csv_relation(
                str(sample.file),
                sample.columns,
                source,
                has_lines=False,
                is_gzip=opened.scan.is_gzip,
            )
            found = hints(sample, is_gzip=opened.scan.is_gzip)
            return replace(given, fast=fast, names=found.names, offsets=found.offsets)
        return given

    def _write_rejects(self, file: InputFile, staged: Staged, rejects: RejectsFile) -> None:
        """Join the problems, by line, with the rows as they stand in the file."""
        log = str(staged.folder.parent / "problems.csv").replace("'", "''")
        query = (
            f"SELECT * FROM read_csv('{log}', auto_detect = false, header = true, delim = ',',"
            " quote = '\"', escape = '\"', nullstr = '\x01', columns = {'line': 'BIGINT',"
            " 'field': 'VARCHAR', 'problem': 'VARCHAR', 'way_out': 'VARCHAR'})"
            " ORDER BY line"
        )
        items = self._items(file.path)
        for line, group in groupby(_fetched(query), key=lambda row: int(row[0])):
            faults = [Fault(*row[1:]) for row in group]
            item = next((i for i in items if i.line >= line and not isinstance(i, Skipped)), None)
            original = item.original if item is not None and item.line == line else {}
            rejects.add(str(file.path), line, original, faults)

    def _reachable(self, file: Path) -> Path:
        """Return a path without signs that the engine would read as a pattern."""
        if not _GLOB & set(str(file)):
            return file
        link = self._links / f"{len(self._opened)}{''.join(file.suffixes[-2:])}"
        if _GLOB & set(str(link)):
            link = self._links / str(len(self._opened))
        link.symlink_to(file.resolve())
        return link

    def _tell(self, file: Path, done: int, total: int, part: int) -> None:
        if self._settings.progress is None:
            return
        first = total // _SCAN_SHARE
        shown = (
            first * done // max(total, 1)
            if part == 0
            else first + (total - first) * done // max(total, 1)
        )
        self._settings.progress(str(file), shown, total)


def _fetched(query: str) -> Iterator[tuple[Any, ...]]:
    with duckdb.connect(":memory:") as connection:
        cursor = connection.execute(query)
        while rows := cursor.fetchmany(10_000):
            yield from rows


def _renamed(problems: Sequence[Problem], file: Path) -> list[Problem]:
    return [replace(problem, file=str(file)) for problem in problems]


def _no_rows(file: Path) -> Problem:
    return Problem(str(file), 1, "", "holds a header and no rows", "give a file with rows")


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part) for part in value]
    return value if value is None or isinstance(value, str | bool) else str(value)
