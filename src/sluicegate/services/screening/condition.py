"""Whether monitoring is in order: what is due, what is late, what is too old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sluicegate.core.calendars import legal_day
from sluicegate.services.node import Check, CheckState
from sluicegate.services.ports.matches import (
    AllowanceState,
    MatchQuery,
    MatchState,
    ScreeningRun,
    Trigger,
)
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.method import activated_since
from sluicegate.services.settings import Settings

LATE_AFTER = 2
"""Screening is late when this many times its hours have gone by."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How screening of a node stands.

    `due` says for what a run is wanted, None when none is. `is_late` says that none
    came in time. `stale` names lists older than they may be. `held_back` counts alerts
    that stand only until a change of algorithm or threshold is activated.
    """

    versions: Mapping[str, str]
    stale: tuple[str, ...]
    last: ScreeningRun | None
    due: Trigger | None
    is_late: bool
    open: int
    confirmed: int
    held_back: int = 0

    @property
    def is_alarm(self) -> bool:
        """Whether somebody must look."""
        return self.is_late or bool(self.stale)


def condition_of(
    store: Store,
    versions: Mapping[str, str],
    stale: Sequence[str],
    settings: Settings,
    *,
    now: datetime,
) -> Condition:
    """Return how screening of a node stands; without a list nothing is due and nothing late."""
    last = next(iter(store.matches.runs(limit=1)), None)
    counts: Counter[MatchState] = Counter()
    for cell, count in store.matches.counts(MatchQuery()).items():
        counts[cell.state] += count
    hours = timedelta(hours=settings.screening_hours)
    since = now - hours * LATE_AFTER
    is_late = bool(versions) and (last is None or last.at < since)
    if last is None and versions:
        is_late = _waits_since(store, since)
    return Condition(
        versions=versions,
        stale=tuple(stale),
        last=last,
        due=due(store, versions, last, hours, now) if versions else None,
        is_late=is_late,
        open=counts[MatchState.OPEN],
        confirmed=counts[MatchState.CONFIRMED],
        held_back=0
        if last is None
        else store.matches.count_otherwise_made(last.algorithm, last.threshold),
    )


def due(
    store: Store,
    versions: Mapping[str, str],
    last: ScreeningRun | None,
    hours: timedelta,
    now: datetime,
) -> Trigger | None:
    """Say for what a run of screening is wanted now; None when nothing asks for one."""
    if last is None or dict(last.versions) != dict(versions):
        return Trigger.LIST_CHANGED
    if activated_since(store.validation.activated(), last.at):
        return Trigger.METHOD_CHANGED
    changed = store.matches.registry_changed_at()
    if changed is not None and changed > last.at:
        return Trigger.REGISTRY_CHANGED
    entered = store.matches.allowances_changed_at()
    if entered is not None and entered > last.at:
        return Trigger.DECIDED
    today = legal_day(now)
    allowances = store.matches.allowances()
    if any(one.state is AllowanceState.STANDING and one.expires < today for one in allowances):
        return Trigger.ALLOWANCE_ENDED
    return Trigger.SCHEDULE if now - last.at >= hours else None


def _waits_since(store: Store, since: datetime) -> bool:
    """Say whether lists were loaded before an instant and nobody was ever screened with them."""
    loaded = [one.about.loaded_at for one in store.lists.versions()]
    return bool(loaded) and min(loaded) < since


def check_screening(found: Condition) -> Check:
    """Say whether screening is in order, as a part of the node's look over itself."""
    if not found.versions:
        return Check("screening", CheckState.OK, "no list is loaded; nobody is screened")
    if found.last is None:
        state = CheckState.FAILED if found.is_late else CheckState.WARNING
        finding = "lists are loaded, and nobody was ever screened with them"
        return Check("screening", state, finding, "run: sluicegate screening run")
    last = found.last.at.isoformat(timespec="seconds")
    if found.is_late:
        finding = f"the last run was at {last}, longer ago than it may be"
        way_out = "run: sluicegate screening run; see whether the worker runs"
        return Check("screening", CheckState.FAILED, finding, way_out)
    if found.stale:
        finding = f"the last run was at {last}; lists that are too old: {', '.join(found.stale)}"
        return Check("screening", CheckState.WARNING, finding, "run: sluicegate lists fetch")
    if found.held_back:
        finding = f"{found.held_back} alerts wait for a change of screening to be activated"
        way_out = "run: sluicegate screening changes propose; another person activates it"
        return Check("screening", CheckState.WARNING, finding, way_out)
    finding = f"the last run was at {last}, {found.open} matches open"
    return Check("screening", CheckState.OK, finding)
