"""What the services need from the outside, as protocols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from sluicegate.core.problems import Problem
from sluicegate.registry.records import Record


@dataclass(frozen=True, slots=True)
class Put:
    """What became of the rows that were put: new or changed, or already there."""

    accepted: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class UsageBatch:
    """One load of usage into the lake."""

    batch: str
    source_digest: str
    file: str
    rows: int
    superseding: bool
    recorded_at: datetime


class RegistryStore(Protocol):
    """Versions of registry records of one tenant (design 5)."""

    def put(self, kind: str, rows: Iterable[Mapping[str, Any]], *, at: datetime, by: str) -> Put:
        """Write rows of a native kind as new versions; a row that changes nothing is unchanged."""
        ...

    def records(
        self, kind: str, *, as_of: date | None = None, known_on: datetime | None = None
    ) -> Iterator[Record]:
        """Yield the version in force of each record, in order of key."""
        ...


class PassStore(Protocol):
    """What passes found, as versions; the present is the last pass."""

    def last_findings(self, *, known_on: datetime | None = None) -> Mapping[str, Mapping[str, Any]]:
        """Return finding id → the finding's latest stored document, closed ones left out."""
        ...

    def record_pass(
        self, findings: Sequence[Mapping[str, Any]], closed: Sequence[str], *, at: datetime, by: str
    ) -> str:
        """Store changed findings and closings; return the pass id."""
        ...

    def finding(self, finding_id: str) -> Mapping[str, Any] | None:
        """Return a finding's latest document, closed or not."""
        ...


class ActLog(Protocol):
    """The outbox: one row per act, written in the same transaction as the change."""

    def act(
        self, name: str, record: Mapping[str, Any], *, at: datetime, by: str, reason: str
    ) -> str:
        """Write the act's canonical bytes, digest, actor, time and reason; return its id."""
        ...


class Store(RegistryStore, PassStore, ActLog, Protocol):
    """All truth of one node and tenant."""

    def transaction(self) -> AbstractContextManager[None]:
        """Everything written inside is kept together or not at all."""
        ...

    def usage_batches(self, *, known_on: datetime | None = None) -> Sequence[UsageBatch]:
        """Return the batches of the lake, oldest first."""
        ...

    def add_usage_batch(self, batch: UsageBatch) -> None:
        """Enter a batch; from then on its files count."""
        ...

    def seen_file(self, file_digest: str, kind: str) -> int | None:
        """Return how many rows a file gave when it was read before, or None."""
        ...

    def remember_file(self, file_digest: str, kind: str, rows: int, *, at: datetime) -> None:
        """Remember that a file was read whole."""
        ...


@dataclass(frozen=True, slots=True)
class Staged:
    """Usage that has been read and checked, in files not yet part of the lake.

    `folder` holds Parquet files in the lake's columns; `accepted` counts
    records (not segments).
    """

    folder: Path
    accepted: int
    unchanged: int
    rejected: int
    superseding: int
    problems: tuple[Problem, ...]


class UsageLake(Protocol):
    """The usage lake of one node: Parquet files, folded by an engine."""

    def rows(
        self, statement: str, parameters: Mapping[str, Any], *, batches: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Run a named statement of `metering.statements` over the batches' files."""
        ...
