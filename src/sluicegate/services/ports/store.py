"""The store, the readers of input and the usage lake, as protocols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from sluicegate.core.problems import Problem
from sluicegate.registry.records import Record
from sluicegate.services.ports.audit import AuditStore
from sluicegate.services.ports.casework import CaseStore
from sluicegate.services.ports.consultation import ConsultationStore
from sluicegate.services.ports.datasets import DatasetStore
from sluicegate.services.ports.diligence import DiligenceStore
from sluicegate.services.ports.exchange import ExchangeStore
from sluicegate.services.ports.filings import FilingStore
from sluicegate.services.ports.histories import HistoryStore
from sluicegate.services.ports.identity import Accounts, Clients
from sluicegate.services.ports.lineage import LineageStore
from sluicegate.services.ports.links import LinkStore
from sluicegate.services.ports.lists import ListStore
from sluicegate.services.ports.matches import MatchStore
from sluicegate.services.ports.ownership_diligence import OwnershipDiligenceStore
from sluicegate.services.ports.present import PresentStore
from sluicegate.services.ports.requests import RequestStore
from sluicegate.services.ports.validation import ValidationStore
from sluicegate.services.ports.work import WorkStore


@dataclass(frozen=True, slots=True)
class Put:
    """What became of the rows that were put: new or changed, already there, or repeated.

    A row is repeated when a later row of the same put has its key; the later one counts.
    """

    accepted: int
    unchanged: int
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class UsageBatch:
    """One load of usage into the lake; `rows` counts records (not segments)."""

    batch: str
    source_digest: str
    file: str
    rows: int
    superseding: bool
    recorded_at: datetime


class StoreError(RuntimeError):
    """A store that cannot be opened, and what to do."""


class LakeError(RuntimeError):
    """Files of the lake that are missing or cannot be read, or a sum past 38 digits."""


class RegistryStore(Protocol):
    """Versions of registry records of one tenant (design 5)."""

    def put(self, kind: str, rows: Iterable[Mapping[str, Any]], *, at: datetime, by: str) -> Put:
        """Write rows of a native kind as new versions; a row that changes nothing is unchanged."""
        ...

    def records(
        self, kind: str, *, as_of: date | None = None, known_on: datetime | None = None
    ) -> Iterator[Record]:
        """Yield what held of each entity on a day, as known at an instant, in order of ids.

        One record per entity, by the rule of `registry.records`; without a day,
        a kind that has periods gives every statement of every period.
        """
        ...

    def columns_of(
        self, kind: str, columns: Sequence[str], *, known_on: datetime | None = None
    ) -> Sequence[tuple[Any, ...]]:
        """Return some columns of what each source states of each entity, in order of ids.

        Of one entity the statement recorded last comes last, and is what holds. For
        kinds without periods; what records cost beyond these columns is spared.
        """
        ...


class PassStore(Protocol):
    """What passes found, as versions; the present is the last pass."""

    def last_findings(self, *, known_on: datetime | None = None) -> Mapping[str, Mapping[str, Any]]:
        """Return finding id → the finding's latest stored document, closed ones left out."""
        ...

    def last_obligations(
        self, *, known_on: datetime | None = None
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return obligation id → its latest stored document, closed ones left out."""
        ...

    def record_pass(
        self,
        findings: Sequence[Mapping[str, Any]],
        closed: Sequence[str],
        *,
        at: datetime,
        by: str,
        obligations: Sequence[Mapping[str, Any]] = (),
        closed_obligations: Sequence[str] = (),
    ) -> str:
        """Store changed documents (keyed by `id`) and closings; return the pass id."""
        ...

    def finding(self, finding_id: str) -> Mapping[str, Any] | None:
        """Return a finding's latest document, closed or not."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it was written: what was done, by whom, when and why.

    `canonical` is the act's canonical JSON; `digest` is its SHA-256. It holds
    ids, digests and counts, no personal data. `drained_at` says when the ledger
    took it.
    """

    act_id: str
    name: str
    canonical: bytes
    digest: str
    at: datetime
    by: str
    reason: str
    drained_at: datetime | None
    sealed_for: str | None = None


class ActLog(Protocol):
    """The outbox: one row per act, written in the same transaction as the change."""

    def acts(self) -> Iterator[Act]:
        """Yield all acts, oldest first."""
        ...

    def act(
        self,
        name: str,
        record: Mapping[str, Any],
        *,
        at: datetime,
        by: str,
        reason: str,
        sealed_for: str | None = None,
    ) -> str:
        """Write the act's canonical bytes, digest, actor, time and reason; return its id.

        `sealed_for` names the group that alone may see the act.
        """
        ...


class Store(RegistryStore, PassStore, ActLog, Protocol):
    """All truth of one node and tenant."""

    @property
    def accounts(self) -> Accounts:
        """People, their sessions and their failed attempts."""
        ...

    @property
    def cases(self) -> CaseStore:
        """Cases: as they stand, their events, files and views."""
        ...

    @property
    def clients(self) -> Clients:
        """Machines."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The acts, page by page."""
        ...

    @property
    def consultations(self) -> ConsultationStore:
        """Consultations on thresholds and guidance, and reviews of thresholds."""
        ...

    @property
    def datasets(self) -> DatasetStore:
        """Snapshots of data sets about models."""
        ...

    @property
    def diligence(self) -> DiligenceStore:
        """Due diligence on customers, legal holds, productions, and erasing with proof."""
        ...

    @property
    def exchange(self) -> ExchangeStore:
        """Comparisons with other providers, and what they found."""
        ...

    @property
    def filings(self) -> FilingStore:
        """Filings and their versions."""
        ...

    @property
    def histories(self) -> HistoryStore:
        """All that sources have stated about one entity."""
        ...

    @property
    def lists(self) -> ListStore:
        """Versions of lists, ids of listed parties, designations by hand."""
        ...

    @property
    def lineages(self) -> LineageStore:
        """Lineages of models, by version."""
        ...

    @property
    def links(self) -> LinkStore:
        """Links between customers, and what people decided about them."""
        ...

    @property
    def matches(self) -> MatchStore:
        """Matches of screening, allowances, and runs of monitoring."""
        ...

    @property
    def ownership_diligence(self) -> OwnershipDiligenceStore:
        """Records of diligence into ownership."""
        ...

    @property
    def present(self) -> PresentStore:
        """What the last pass found and measured, indexed."""
        ...

    @property
    def requests(self) -> RequestStore:
        """Answers kept for idempotency keys."""
        ...

    @property
    def validation(self) -> ValidationStore:
        """Validation packs of screening, sampled pairs, changes proposed and activated."""
        ...

    @property
    def work(self) -> WorkStore:
        """Long work, webhooks, notices and calendar feeds."""
        ...

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
    records (not segments), corrections included; `superseding` counts the
    corrections, whose keys are in `superseded`. `problems` holds the first
    ones; `problem_count` counts all. `skipped` is reason → rows, `unknown` is
    an accelerator's name as given → records.
    """

    folder: Path
    accepted: int
    unchanged: int
    rejected: int
    superseding: int
    problems: tuple[Problem, ...]
    problem_count: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    superseded: Path | None = None


class Progress(Protocol):
    """Told how far the reading of a file has come."""

    def __call__(self, file: str, done: int, total: int) -> None:
        """`done` of `total` bytes; called often, with `done` never going back."""
        ...


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that can be read: what it is, and the digest by which it is known again.

    `digest` covers the bytes and every option that changes what is read.
    """

    path: Path
    kind: str
    format: str
    message: str
    digest: str
    bytes: int


@dataclass(frozen=True, slots=True)
class RowsRead:
    """Rows of a registry kind that passed every check, and what did not."""

    rows: Sequence[Mapping[str, str]]
    unchanged: int
    rejected: int
    problems: tuple[Problem, ...]
    problem_count: int
    skipped: Mapping[str, int]
    unknown: Mapping[str, int]


class InputReader(Protocol):
    """Reads input files; made for one intake, with its options."""

    def inspect(self, file: Path) -> InputFile:
        """Say what a file is; raise ProblemsError when it cannot be read at all."""
        ...

    def rows(self, file: InputFile) -> RowsRead:
        """Read a file of a registry kind."""
        ...

    def stage(self, file: InputFile, *, batches: Sequence[str]) -> Staged:
        """Read a usage file into staged files, against the batches already in the lake."""
        ...

    def publish(self, staged: Staged, batch: str) -> None:
        """Make staged files part of the lake under a batch id."""
        ...

    def withdraw(self, batch: str) -> None:
        """Take a batch's files away again, when its entry could not be kept."""
        ...

    def discard(self, staged: Staged) -> None:
        """Remove staged files that are not wanted."""
        ...

    @property
    def bound(self) -> str:
        """The name of the accelerator that bounds the use of an unknown one."""
        ...

    def close(self) -> None:
        """Write the rejects and remove what is left."""
        ...


class UsageLake(Protocol):
    """The usage lake of one node: Parquet files, folded by an engine."""

    def rows(
        self, statement: str, parameters: Mapping[str, Any], *, batches: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Run a named statement of `metering.statements` over the batches' files."""
        ...

    def refresh_daily(self, batches: Sequence[str]) -> object:
        """Make the daily roll-up of the batches that have none, so that folds need no scan."""
        ...
