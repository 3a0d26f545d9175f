"""Files into the node: the registry and the usage lake, each file in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sluicegate.core.identifiers import uuid7
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.services.ports import InputFile, InputReader, Staged, Store, UsageBatch

_REJECTS_MARK = " with rejects"


@dataclass(frozen=True, slots=True)
class UnknownAccelerator:
    """A name the catalogue lacks: its use counts up to the peak of `bounded_by`."""

    name: str
    records: int
    bounded_by: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file; `problems` holds the first ones, `problem_count` counts all."""

    file: str
    kind: str | None
    format: str | None
    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    corrected: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    unknown_accelerators: tuple[UnknownAccelerator, ...] = ()
    message: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read at all."""
        return self.kind is not None

    def document(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "file": self.file,
            "kind": self.kind,
            "format": self.format,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "unchanged": self.unchanged,
            "corrected": self.corrected,
            "skipped": dict(self.skipped),
            "problems": [
                {
                    "file": problem.file,
                    "line": problem.line,
                    "field": problem.field,
                    "problem": problem.problem,
                    "way_out": problem.way_out,
                }
                for problem in self.problems
            ],
            "problem_count": self.problem_count,
            "unknown_accelerators": [
                {"name": u.name, "records": u.records, "bounded_by": u.bounded_by}
                for u in self.unknown_accelerators
            ],
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of all files."""

    files: tuple[FileResult, ...]

    @property
    def accepted(self) -> int:
        """Rows that are new or changed."""
        return sum(file.accepted for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return sum(file.rejected for file in self.files)

    @property
    def unchanged(self) -> int:
        """Rows that were there already."""
        return sum(file.unchanged for file in self.files)

    def document(self) -> dict[str, Any]:
        """Return the result as interfaces.md shapes it."""
        return {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "unchanged": self.unchanged,
            "files": [file.document() for file in self.files],
        }


class NothingReadableError(ProblemsError):
    """No file could be read; the problems say why of each."""


class _TakenBackError(Exception):
    """Leaves a transaction of a dry run, so that nothing of it is kept."""


def intake(
    files: Iterable[Path],
    *,
    store: Store,
    inputs: InputReader,
    at: datetime,
    by: str,
    dry_run: bool = False,
) -> IntakeResult:
    """Take files in, in the order given; good rows go in, bad ones are collected.

    A dry run does the same work and keeps nothing. Reading the same file again
    changes nothing.

    Raises:
        NothingReadableError: not one of the files could be read.
    """
    work = _Intake(store, inputs, at, by, dry_run)
    try:
        results = tuple(work.take(file) for file in files)
    finally:
        inputs.close()
    if not any(result.is_readable for result in results):
        raise NothingReadableError([p for result in results for p in result.problems])
    return IntakeResult(results)


@dataclass(frozen=True, slots=True)
class _Intake:
    store: Store
    inputs: InputReader
    at: datetime
    by: str
    dry_run: bool

    def take(self, path: Path) -> FileResult:
        try:
            file = self.inputs.inspect(path)
            return self._usage(file) if file.kind == "usage" else self._registry(file)
        except ProblemsError as error:
            message = "; ".join(map(str, error.problems))
            return FileResult(
                str(path),
                None,
                None,
                problems=error.problems,
                problem_count=len(error.problems),
                message=message,
            )

    def _seen(self, file: InputFile) -> int | None:
        """Return how many rows a file gave before, unless some of it was rejected then."""
        if self.store.seen_file(file.digest, file.kind + _REJECTS_MARK) is not None:
            return None
        return self.store.seen_file(file.digest, file.kind)

    def _again(self, file: InputFile, rows: int) -> FileResult:
        message = f"{file.message}; the same file was read before"
        return FileResult(str(file.path), file.kind, file.format, unchanged=rows, message=message)

    def _registry(self, file: InputFile) -> FileResult:
        seen = self._seen(file)
        if seen is not None:
            return self._again(file, seen)
        read = self.inputs.rows(file)
        accepted, unchanged = 0, read.unchanged + len(read.rows)
        if self.store.seen_file(file.digest, file.kind) is None:
            try:
                with self.store.transaction():
                    put = self.store.put(file.kind, read.rows, at=self.at, by=self.by)
                    accepted, unchanged = put.accepted, put.unchanged + read.unchanged
                    if self.dry_run:
                        raise _TakenBackError
                    self._remember(file, accepted, unchanged, read.rejected, None)
            except _TakenBackError:
                pass
        return FileResult(
            str(file.path),
            file.kind,
            file.format,
            accepted,
            read.rejected,
            unchanged,
            skipped=read.skipped,
            problems=read.problems,
            problem_count=read.problem_count,
            unknown_accelerators=self._unknown(read.unknown),
            message=file.message,
        )

    def _usage(self, file: InputFile) -> FileResult:
        seen = self._seen(file)
        if seen is not None:
            return self._again(file, seen)
        batches = [batch.batch for batch in self.store.usage_batches()]
        staged = self.inputs.stage(file, batches=batches)
        is_new = self.store.seen_file(file.digest, file.kind) is None
        if is_new and not self.dry_run:
            self._enter(file, staged)
        else:
            self.inputs.discard(staged)
        accepted = staged.accepted if is_new else 0
        return FileResult(
            str(file.path),
            file.kind,
            file.format,
            accepted,
            staged.rejected,
            staged.unchanged + staged.accepted - accepted,
            staged.superseding if is_new else 0,
            staged.skipped,
            staged.problems,
            staged.problem_count,
            self._unknown(staged.unknown),
            file.message,
        )

    def _enter(self, file: InputFile, staged: Staged) -> None:
        """Publish staged usage and enter its batch, both or neither."""
        batch = str(uuid7(self.at)) if staged.accepted else None
        try:
            with self.store.transaction():
                if batch is None:
                    self.inputs.discard(staged)
                else:
                    self.inputs.publish(staged, batch)
                    entry = UsageBatch(
                        batch,
                        file.digest,
                        file.path.name,
                        staged.accepted,
                        staged.superseding > 0,
                        self.at,
                    )
                    self.store.add_usage_batch(entry)
                self._remember(file, staged.accepted, staged.unchanged, staged.rejected, batch)
        except BaseException:
            if batch is not None:
                self.inputs.withdraw(batch)
            self.inputs.discard(staged)
            raise

    def _remember(
        self, file: InputFile, accepted: int, unchanged: int, rejected: int, batch: str | None
    ) -> None:
        self.store.remember_file(file.digest, file.kind, accepted + unchanged, at=self.at)
        if rejected:
            kind = file.kind + _REJECTS_MARK
            self.store.remember_file(file.digest, kind, rejected, at=self.at)
        record = {
            "file": file.path.name,
            "kind": file.kind,
            "format": file.format,
            "digest": file.digest,
            "accepted": accepted,
            "unchanged": unchanged,
            "rejected": rejected,
            "batch": batch,
        }
        self.store.act("intake", record, at=self.at, by=self.by, reason=f"read {file.path.name}")

    def _unknown(self, names: Mapping[str, int]) -> tuple[UnknownAccelerator, ...]:
        bound = self.inputs.bound if names else ""
        return tuple(UnknownAccelerator(name, count, bound) for name, count in names.items())
