"""Data sets about models: reading a table, and the snapshots that a node keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from sluicegate.core.problems import Problem
from sluicegate.frontier.records import RecordedModel, Snapshot


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table of models as it was read.

    `rows` counts all rows of the file, `left_out` those that are not in the snapshot.
    """

    snapshot: Snapshot
    problems: tuple[Problem, ...]
    rows: int
    left_out: int

    @property
    def models(self) -> tuple[RecordedModel, ...]:
        """The models of the snapshot, in order of the file."""
        return self.snapshot.models


class TableReader(Protocol):
    """Reads tables of models; raises ProblemsError when nothing of a file can be used."""

    def file(self, path: Path, name: str | None, known_on: date | None, source: str) -> TableRead:
        """Read a file."""
        ...

    def content(
        self, raw: bytes, file: str, name: str | None, known_on: date | None, source: str
    ) -> TableRead:
        """Read the bytes of a file that has a name."""
        ...


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot that a node keeps, without its models: what it is, who took it in, when.

    `rows` and `left_out` are as in `TableRead`; `problems` counts what was wrong.
    `replaces` is the snapshot that it corrects: the one of the same day, or the one
    of the same bytes under another day; empty where it corrects none.
    """

    snapshot_id: str
    name: str
    known_on: date
    digest: str
    source: str
    file: str
    rows: int
    models: int
    left_out: int
    problems: int
    replaces: str
    at: datetime
    by: str


class DatasetStore(Protocol):
    """Snapshots of one tenant; they only grow."""

    def add(self, kept: KeptSnapshot, snapshot: Snapshot) -> None:
        """Keep a snapshot with its models."""
        ...

    def snapshots(
        self, name: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[KeptSnapshot]:
        """Return what is kept, of one data set or of all, in the order it was taken in."""
        ...

    def load(self, snapshot_id: str) -> Snapshot | None:
        """Return a snapshot with its models, or None."""
        ...
