"""A run of screening: what is compared, how matches stand after it, and the record of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.core.calendars import legal_day
from sluicegate.core.collector import collector_paused
from sluicegate.core.identifiers import TenantId, uuid7
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.screening.known_lists import specified_programmes
from sluicegate.services.ports.matches import (
    Allowance,
    Baseline,
    Match,
    RunKind,
    ScreeningRun,
    Trigger,
)
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.allowances import (
    Seen,
    by_pair,
    merged_since,
    reviewed,
    standing_ids,
)
from sluicegate.services.screening.decisions import Taken, taken_in
from sluicegate.services.screening.delta import (
    Changes,
    Compared,
    baseline_of,
    changes_between,
    compare_all,
    compare_changed,
)
from sluicegate.services.screening.engine import ListsInUse, Scoring, Tell
from sluicegate.services.screening.method import activated_since, held_back, is_activated
from sluicegate.services.screening.screened import Screened, screened_at
from sluicegate.services.screening.settling import Settling, alerts_of, settled

SCREENED = "screened"
"""The act of a run of screening."""

ALLOWANCE_LASTS = "assess.screening.allowance_lasts"
"""The parameter that says how long the clearing of an alert holds."""


@dataclass(frozen=True)
class Screen:
    """What a run of screening needs: store, lists, engine, rules, and who runs it for what.

    `as_of` is the day on which customers and owners count.
    """

    store: Store
    lists: ListsInUse
    scoring: Scoring
    book: RuleBook
    tenant: TenantId
    as_of: date
    at: datetime
    by: str
    trigger: Trigger = Trigger.BY_HAND
    is_full: bool = False
    tell: Tell = lambda _done, _total: None

    @property
    def screened(self) -> Screened:
        """Everyone who is screened on the day."""
        return screened_at(self.store, self.as_of)


@dataclass(frozen=True)
class _Looked:
    """What a run saw before it settled anything."""

    kind: RunKind
    changes: Changes
    compared: Compared
    merged: frozenset[str]
    algorithm: str
    threshold: int


def run_screening(screen: Screen) -> ScreeningRun:
    """Screen a node's parties, keep what changed, and return the record of the run.

    Decisions made in cases are taken in first. Only what changed is compared,
    unless everything is asked for, or the algorithm or the threshold is another
    than in the run before, or was activated since. Until another algorithm or a
    higher threshold is activated by a second person, it takes no alert away. All
    is kept in one transaction with its act.
    """
    began = time.process_time_ns()
    store, lists = screen.store, screen.lists
    with collector_paused():
        screened = screen.screened
        before = store.matches.baseline()
        held = {one.match_id: one for one in store.matches.matches()}
        now = baseline_of(screened.parties, lists.parties)
        looked = _look(screen, screened, before, now, held)
    run_id = str(uuid7(screen.at))
    allowances = store.matches.allowances()
    lasts = Law(screen.book, legal_day(screen.at)).period(ALLOWANCE_LASTS)
    taken = taken_in(store, screen.tenant, screened, held, allowances, lasts=lasts)
    changed_allowances, matches = _settle(
        screen, run_id, screened, looked, held, [*allowances, *taken.allowances], taken
    )
    after = {**held, **{one.match_id: one for one in matches}}
    spent = (time.process_time_ns() - began) // 1_000_000
    run = _record(screen, run_id, looked, now, held, after, spent)
    with store.transaction():
        store.matches.write_allowances(
            [*taken.allowances, *changed_allowances], at=screen.at, by=screen.by
        )
        store.matches.write_matches(matches, run_id=run_id, at=screen.at, by=screen.by)
        store.matches.set_baseline(before, now, at=screen.at)
        store.matches.add_run(run)
        store.act(SCREENED, _act_of(run), at=screen.at, by=screen.by, reason=screen.trigger.value)
    return run


def _look(
    screen: Screen,
    screened: Screened,
    before: Baseline,
    now: Baseline,
    held: Mapping[str, Match],
) -> _Looked:
    """Compare all, or what changed since the last run."""
    scoring, parties, listed = screen.scoring, screened.parties, screen.lists.parties
    probe = scoring.index(())
    last = next(iter(screen.store.matches.runs(limit=1)), None)
    changes = changes_between(before, now)
    activated = screen.store.validation.activated()
    is_same = (
        last is not None
        and last.algorithm == probe.algorithm
        and last.threshold == probe.threshold
        and not activated_since(activated, last.at)
    )
    if screen.is_full or not is_same:
        kind = RunKind.FULL
        compared = compare_all(parties, listed, scoring, screen.tell)
        if not is_activated(activated, probe.algorithm, probe.threshold):
            kept = held_back(held.values(), parties, listed, compared.pairs)
            compared = Compared({**compared.pairs, **kept}, compared.queries)
    else:
        kind = RunKind.DELTA
        compared = compare_changed(parties, listed, scoring, changes, held.values(), screen.tell)
    merged = merged_since(before.listed, screen.lists)
    return _Looked(kind, changes, compared, merged, probe.algorithm, probe.threshold)


def _settle(
    screen: Screen,
    run_id: str,
    screened: Screened,
    looked: _Looked,
    held: Mapping[str, Match],
    allowances: Sequence[Allowance],
    taken: Taken,
) -> tuple[list[Allowance], list[Match]]:
    """Return the allowances and the matches that stand otherwise now."""
    seen = Seen(
        parties=screened.parties,
        lists=screen.lists,
        pairs=looked.compared.pairs,
        merged=looked.merged,
        today=legal_day(screen.at),
    )
    changed = reviewed(allowances, seen)
    now = {one.allowance_id: one for one in (*allowances, *changed)}
    standing = by_pair(now.values(), screen.lists)
    given = Settling(
        tenant=screen.tenant,
        pairs=looked.compared.pairs,
        parties=screened.parties,
        lists=screen.lists,
        threshold=looked.threshold,
        at=screen.at,
        run_id=run_id,
        allowed={key: standing_ids(standing, key) for key in standing},
        decisions=taken.confirmed,
        programmes=specified_programmes(Law(screen.book, legal_day(screen.at))),
    )
    return changed, settled(held, given)


def _record(
    screen: Screen,
    run_id: str,
    looked: _Looked,
    now: Baseline,
    held: Mapping[str, Match],
    after: Mapping[str, Match],
    spent: int,
) -> ScreeningRun:
    before_alerts, alerts = set(alerts_of(held)), set(alerts_of(after))
    is_full = looked.kind is RunKind.FULL
    return ScreeningRun(
        run_id=run_id,
        kind=looked.kind,
        trigger=screen.trigger,
        at=screen.at,
        by=screen.by,
        as_of=screen.as_of,
        algorithm=looked.algorithm,
        threshold=looked.threshold,
        versions=dict(screen.lists.versions),
        stale=screen.lists.stale,
        screened=len(now.parties),
        listed=len(now.listed),
        changed_parties=len(now.parties) if is_full else len(looked.changes.parties),
        changed_listed=len(now.listed) if is_full else len(looked.changes.listed),
        removed_listed=len(looked.changes.removed_listed),
        scored=looked.compared.queries,
        alerts=len(alerts),
        gained=tuple(sorted(alerts - before_alerts)),
        lost=tuple(sorted(before_alerts - alerts)),
        cpu_milliseconds=spent,
    )


def _act_of(run: ScreeningRun) -> dict[str, object]:
    return {
        "run": run.run_id,
        "kind": run.kind.value,
        "algorithm": run.algorithm,
        "threshold": run.threshold,
        "lists": dict(run.versions),
        "screened": run.screened,
        "listed": run.listed,
        "alerts": run.alerts,
        "gained": list(run.gained),
        "lost": list(run.lost),
    }
