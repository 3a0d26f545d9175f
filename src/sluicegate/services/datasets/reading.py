"""Snapshots of a node, by the name of their data set and by when they were known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import say
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets.errors import UnknownDatasetError
from sluicegate.services.datasets.keeping import standing
from sluicegate.services.datasets.registry import REGISTRY, registry_snapshot
from sluicegate.services.desk import Desk
from sluicegate.services.ports.datasets import KeptSnapshot


def kept_snapshots(desk: Desk, name: str | None = None) -> tuple[KeptSnapshot, ...]:
    """Return the snapshots that hold, of one data set or of all; corrected ones are left out.

    Raises RefusedError.
    """
    desk.must(Action.LAB_READ)
    return standing(desk.store.datasets.snapshots(name))


def every_snapshot(desk: Desk, name: str) -> tuple[KeptSnapshot, ...]:
    """Return all snapshots of a data set in the order they were taken in, corrected ones too.

    Raises UnknownDatasetError, RefusedError.
    """
    desk.must(Action.LAB_READ)
    found = tuple(desk.store.datasets.snapshots(name))
    if not found:
        raise _unknown(desk, name)
    return found


def snapshot_of(desk: Desk, name: str, known_on: date | None = None) -> Snapshot:
    """Return a data set as known on a day: the last snapshot of that day or before.

    `registry` is the node's own registry as it stands.

    Raises:
        UnknownDatasetError: there is no such data set, or none was known by then.
        RefusedError: the principal may not.
    """
    desk.must(Action.LAB_READ)
    if name == REGISTRY:
        return registry_snapshot(desk)
    held = kept_snapshots(desk, name)
    if not held:
        raise _unknown(desk, name)
    known = [one for one in held if known_on is None or one.known_on <= known_on]
    if not known:
        sentence = (
            "{name}: nothing of it was known on {day}; its first snapshot is of {first}."
            " Give that day, or a later one, as the day of knowledge."
        )
        raise UnknownDatasetError(say(sentence, name=name, day=known_on, first=held[0].known_on))
    return _loaded(desk, known[-1])


def snapshots_of(desk: Desk, name: str, known_on: date | None = None) -> tuple[Snapshot, ...]:
    """Return all snapshots of a data set known by a day, the earliest first, with their models.

    Raises UnknownDatasetError, RefusedError.
    """
    desk.must(Action.LAB_READ)
    if name == REGISTRY:
        return (registry_snapshot(desk),)
    held = kept_snapshots(desk, name)
    if not held:
        raise _unknown(desk, name)
    return tuple(_loaded(desk, one) for one in held if known_on is None or one.known_on <= known_on)


def names(desk: Desk) -> tuple[str, ...]:
    """Return the names of the data sets that a principal may use, the registry's last.

    Raises RefusedError.
    """
    held = dict.fromkeys(one.name for one in kept_snapshots(desk))
    own = (REGISTRY,) if desk.may(Action.RUN_READ).is_allowed else ()
    return (*held, *own)


def snapshot_row(one: KeptSnapshot) -> dict[str, Any]:
    """Return a snapshot as columns."""
    return {
        "name": one.name,
        "known_on": one.known_on.isoformat(),
        "models": one.models,
        "rows": one.rows,
        "left_out": one.left_out,
        "problems": one.problems,
        "source": one.source,
        "file": one.file,
        "digest": one.digest,
        "at": one.at.isoformat(),
        "by": one.by,
        "snapshot": one.snapshot_id,
        "replaces": one.replaces or None,
    }


def model_row(one: RecordedModel) -> Mapping[str, Any]:
    """Return a model as columns; figures as decimal text."""
    return {
        "name": one.name,
        "developers": list(one.developers),
        "published": None if one.published is None else one.published.isoformat(),
        "flop": None if one.compute is None else flop_text(one.compute),
        "low": None if one.low is None else flop_text(one.low),
        "high": None if one.high is None else flop_text(one.high),
        "confidence": one.confidence,
        "open": one.is_open,
        "frontier": one.is_frontier,
        "countries": list(one.countries),
        "base_model": one.base_model,
    }


def _loaded(desk: Desk, kept: KeptSnapshot) -> Snapshot:
    found = desk.store.datasets.load(kept.snapshot_id)
    if found is None:
        raise _unknown(desk, kept.name)
    return found


def _unknown(desk: Desk, name: str) -> UnknownDatasetError:
    known: Sequence[str] = names(desk)
    sentence = (
        "{name}: there is no such data set here; the node has {known}. Take one in with:"
        " sluicegate lab data import FILE"
    )
    return UnknownDatasetError(say(sentence, name=name[:80], known=list(known)))
