"""A node: its directory, and whether it is in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sluicegate.services.ports import UsageBatch

SETTINGS_FILE = "sluicegate.toml"
STORE_FILE = "state.db"
CACHE_FOLDER = "cache"
FOLDERS = ("lake", "log", "keys", "rules", "lists")

_LITTLE_SPACE_BYTES = 5 * 2**30
_NO_SPACE_BYTES = 2**28
_NAMED_FAULTS = 5


class NodeError(RuntimeError):
    """A node directory that cannot be used as asked, and what to do."""


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """The places in a node's directory."""

    path: Path

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.path / SETTINGS_FILE

    @property
    def store_file(self) -> Path:
        """The embedded store."""
        return self.path / STORE_FILE

    @property
    def lake(self) -> Path:
        """The usage lake."""
        return self.path / "lake"

    @property
    def log(self) -> Path:
        """The transparency log's tiles."""
        return self.path / "log"

    @property
    def keys(self) -> Path:
        """The node's signing keys."""
        return self.path / "keys"

    @property
    def rules(self) -> Path:
        """The node's own rule files."""
        return self.path / "rules"

    @property
    def cache(self) -> Path:
        """What is made anew when it is gone; no part of a backup."""
        return self.path / CACHE_FOLDER

    @property
    def lists(self) -> Path:
        """Screening lists."""
        return self.path / "lists"

    @property
    def validation(self) -> Path:
        """Validation packs of screening; they name customers."""
        return self.path / "validation"


class CheckState(Enum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, what was found, and what to do when it is not in order."""

    name: str
    state: CheckState
    finding: str
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """A store as found: `fault` says why it does not open; `damage` what is broken in it.

    `differing` says which rows for quick reading are not what their truth makes.
    """

    revision: str | None = None
    newest_revision: str = ""
    is_known: bool = True
    fault: str | None = None
    damage: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    newest_recording: datetime | None = None
    batches: tuple[UsageBatch, ...] = ()


class NodeCondition(Protocol):
    """What a doctor looks at in a node; an adapter reads it, nothing is changed."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def store(self) -> StoreCondition:
        """Open the store as it is and say what is there."""
        ...

    def lake_records(self, batch: str) -> int | str:
        """Return how many records a batch's files hold, or what is wrong with them."""
        ...

    def rules_faults(self) -> Sequence[str]:
        """Return what is wrong in the node's own rule files."""
        ...

    def free_bytes(self) -> int:
        """Return the free space where the node stands, in bytes."""
        ...


def doctor(node: NodeCondition) -> list[Check]:
    """Look a node over and say of each part whether it is in order."""
    store = node.store()
    return [
        _check_clock(node.now(), store),
        _check_store(store),
        _check_damage(store),
        _check_differing(store),
        _check_lake(node, store),
        _check_rules(node.rules_faults()),
        _check_space(node.free_bytes()),
    ]


def _check_clock(now: datetime, store: StoreCondition) -> Check:
    newest = store.newest_recording
    if newest is not None and now < newest:
        return Check(
            "clock",
            CheckState.FAILED,
            f"the clock shows {now.isoformat()}, before the last record of {newest.isoformat()}",
            "set the machine's clock; what is recorded until then is dated too early",
        )
    return Check("clock", CheckState.OK, f"{now.isoformat()}, not before the last record")


def _check_store(store: StoreCondition) -> Check:
    if store.fault is not None:
        return Check("store", CheckState.FAILED, store.fault, "restore the node from a backup")
    if not store.is_known:
        return Check(
            "store",
            CheckState.FAILED,
            f"is at revision {store.revision}, newer than {store.newest_revision}",
            "install the version of sluicegate that wrote it, or a newer one",
        )
    if store.revision != store.newest_revision:
        return Check(
            "store",
            CheckState.WARNING,
            f"is at revision {store.revision}; this version writes {store.newest_revision}",
            "make a backup; the next command that opens the store brings it up to date",
        )
    return Check("store", CheckState.OK, f"opens, at revision {store.revision}")


def _check_damage(store: StoreCondition) -> Check:
    if store.fault is not None:
        finding = "not checked: the store does not open"
        return Check("integrity", CheckState.WARNING, finding, "see the check of the store")
    if store.damage:
        return Check(
            "integrity",
            CheckState.FAILED,
            _named(store.damage),
            "stop writing to this node and restore it from a backup",
        )
    return Check("integrity", CheckState.OK, "the store's pages and references are sound")


def _check_differing(store: StoreCondition) -> Check:
    if store.fault is not None or store.revision != store.newest_revision:
        finding = "not checked: see the check of the store"
        return Check("read models", CheckState.OK, finding)
    if store.differing:
        return Check(
            "read models",
            CheckState.FAILED,
            _named(store.differing),
            "run: sluicegate doctor --rebuild; a case that still differs: restore from a backup",
        )
    finding = "findings, obligations and cases are what their versions and events make"
    return Check("read models", CheckState.OK, finding)


def _check_lake(node: NodeCondition, store: StoreCondition) -> Check:
    faults = []
    for batch in store.batches:
        found = node.lake_records(batch.batch)
        if isinstance(found, str):
            faults.append(f"batch {batch.batch} ({batch.file}): {found}")
        elif found != batch.rows:
            faults.append(
                f"batch {batch.batch} ({batch.file}): holds {found} records, {batch.rows} recorded"
            )
    if faults:
        way_out = "restore lake/ from a backup; figures over these batches cannot be trusted"
        return Check("lake", CheckState.FAILED, _named(faults), way_out)
    rows = sum(batch.rows for batch in store.batches)
    finding = f"{len(store.batches)} batches with {rows} records, all there"
    return Check("lake", CheckState.OK, finding)


def _check_rules(faults: Sequence[str]) -> Check:
    if faults:
        return Check("rules", CheckState.FAILED, _named(faults), "run: sluicegate rules check")
    return Check("rules", CheckState.OK, "the node's own rules load")


def check_policies(faults: Sequence[str]) -> Check:
    """Say whether the node's own policies are in order; with a fault in them nobody is served."""
    if faults:
        way_out = "correct the files in policies/; until then the node permits nothing"
        return Check("policies", CheckState.FAILED, _named(faults), way_out)
    return Check("policies", CheckState.OK, "the node's own policies load")


def check_forms(faults: Sequence[str]) -> Check:
    """Say whether the node's own forms are in order; with a fault in them nothing is served."""
    if faults:
        way_out = "correct the files in forms/; until then the node does not serve"
        return Check("forms", CheckState.FAILED, _named(faults), way_out)
    return Check("forms", CheckState.OK, "the node's own forms load")


def _check_space(free: int) -> Check:
    finding = f"{free // 2**20} MiB free"
    if free < _NO_SPACE_BYTES:
        return Check("disk", CheckState.FAILED, finding, "free space before the next intake")
    if free < _LITTLE_SPACE_BYTES:
        return Check("disk", CheckState.WARNING, finding, "free space soon")
    return Check("disk", CheckState.OK, finding)


def _named(faults: Sequence[str]) -> str:
    shown = "; ".join(faults[:_NAMED_FAULTS])
    more = len(faults) - _NAMED_FAULTS
    return f"{shown}; and {more} more" if more > 0 else shown
