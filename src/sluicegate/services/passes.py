"""A pass of a node: measure, assess, keep what changed, and say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId
from sluicegate.rules.law import Law
from sluicegate.services.assess import Scope, assess, differs, stored_form
from sluicegate.services.casework.after_pass import PassFound, apply_pass
from sluicegate.services.consultation.notes import notes_of
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.findings import Assessment, MissingFact
from sluicegate.services.linkage.finding import keep_linked
from sluicegate.services.measuring import Measure
from sluicegate.services.ownership.diligence import open_after_pass
from sluicegate.services.ownership.gaps import gaps_of
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.matches import ScreeningRun, Trigger
from sluicegate.services.present.measured import keep_world
from sluicegate.services.screening.decisions import RULE, matches_named
from sluicegate.services.screening.not_screened import missing_of, never_run, unreadable
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.work.events import announce_all
from sluicegate.services.work.findings import finding_events
from sluicegate.services.world import World

ASSESSED = "assessed"


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass with the world it looked at, from which a report is made."""

    assessment: Assessment
    world: World
    screening: ScreeningRun | None = None
    """The run of screening that went before; None where there is no list, or nothing is kept."""


def run_pass(
    measure: Measure,
    *,
    tenant: TenantId,
    at: datetime,
    by: str,
    scope: Scope | None = None,
    keep: bool = True,
) -> Pass:
    """Run one pass over a node's world and keep what it found as new versions.

    A pass as known on an earlier day looks back: it is compared with nothing,
    lists no changes and is kept nowhere, so that the present stays the last
    pass about what is known. A pass with `keep` false lists the changes it
    would make, and keeps none.
    """
    looks_back = measure.known_on is not None
    previous = {} if looks_back else measure.store.last_findings()
    screened = _screened(measure, tenant=tenant, at=at, by=by, keep=keep and not looks_back)
    world = measure.world()
    measure.progress("rules")
    assessment = assess(
        world,
        measure.book,
        tenant=tenant,
        previous=previous,
        known_on=measure.known_day,
        scope=scope,
        progress=measure.progress,
        notes=notes_of(measure.store, known_on=measure.known_on),
    )
    if keep and not looks_back:
        with measure.store.transaction():
            identifier = _keep(measure, assessment, previous, tenant=tenant, at=at, by=by)
            keep_world(measure, world, at=at)
            measure.store.matches.set_findings(_matched(assessment), at=at)
            if world.linkage is not None:
                keep_linked(measure.store, world.linkage, at=at)
            _keep_diligence(measure, world, tenant=tenant, at=at, by=by)
        assessment = replace(assessment, pass_id=identifier)
    if looks_back:
        assessment = replace(assessment, changes=())
    assessment = replace(assessment, missing=screened.missing)
    return Pass(assessment, world, screened.run)


@dataclass(frozen=True, slots=True)
class _Screened:
    """The run of screening of a pass, if one was made, and what is missing of it."""

    run: ScreeningRun | None
    missing: tuple[MissingFact, ...]


def _screened(
    measure: Measure, *, tenant: TenantId, at: datetime, by: str, keep: bool
) -> _Screened:
    """Screen who is a customer or stands above one, where the node has lists.

    A pass that keeps nothing takes the matches as the last run left them.
    """
    screening = measure.screening
    measure.progress("screening")
    if measure.known_on is not None:
        return _Screened(None, never_run(measure.store, measure.known_on))
    try:
        lists = None if screening is None else screening.lists.in_use(on=measure.as_of)
    except ListFilesError as problem:
        return _Screened(None, unreadable(problem))
    missing = missing_of(lists)
    if screening is None or lists is None:
        return _Screened(None, missing)
    if not keep:
        return _Screened(None, missing or never_run(measure.store, None))
    run = run_screening(
        Screen(
            store=measure.store,
            lists=lists,
            scoring=screening.scoring,
            book=measure.book,
            tenant=tenant,
            as_of=measure.as_of,
            at=at,
            by=by,
            trigger=Trigger.PASS,
        )
    )
    return _Screened(run, missing)


def _keep(
    measure: Measure,
    assessment: Assessment,
    previous: Mapping[str, Mapping[str, Any]],
    *,
    tenant: TenantId,
    at: datetime,
    by: str,
) -> str | None:
    store = measure.store
    found = [stored_form(finding.as_json()) for finding in assessment.findings]
    changed = [one for one in found if differs(previous.get(one["id"]), one)]
    closed = sorted(set(previous) - {one["id"] for one in found})
    owed = [stored_form(one.as_json()) for one in assessment.obligations]
    before = store.last_obligations()
    owed_changed = [one for one in owed if before.get(one["id"]) != one]
    owed_closed = sorted(set(before) - {one["id"] for one in owed})
    touched = {str(one["id"]) for one in changed} | {str(one["finding"]) for one in owed_changed}
    touched |= {str(before[one]["finding"]) for one in owed_closed if "finding" in before[one]}
    seen = PassFound(tenant, assessment.as_of, found, owed, touched)
    if not (changed or closed or owed_changed or owed_closed):
        apply_pass(store, seen, measure.book, at=at, by=by)
        return None
    with store.transaction():
        identifier = store.record_pass(
            changed,
            closed,
            at=at,
            by=by,
            obligations=owed_changed,
            closed_obligations=owed_closed,
        )
        record = {
            "pass": identifier,
            "as_of": assessment.as_of.isoformat(),
            "rules": measure.book.files_digest,
            "changed": _digests(changed),
            "closed": closed,
            "obligations": _digests(owed_changed),
            "closed_obligations": owed_closed,
        }
        store.act(ASSESSED, record, at=at, by=by, reason=f"pass as of {assessment.as_of}")
        apply_pass(store, seen, measure.book, at=at, by=by)
        announce_all(store, finding_events(assessment.changes, identifier), at=at)
    return identifier


def _matched(assessment: Assessment) -> set[tuple[str, str]]:
    """Return each match with each finding that rests on it."""
    return {
        (match_id, str(one.id))
        for one in assessment.findings
        if one.rule == RULE
        for match_id in matches_named(one.trace)
    }


def _keep_diligence(
    measure: Measure, world: World, *, tenant: TenantId, at: datetime, by: str
) -> None:
    """Open records of diligence for parties whose ownership leaves something open."""
    law = Law(measure.book, world.as_of, measure.known_day)
    gaps = gaps_of(world.ownership, lists_of(world.listed), law)
    open_after_pass(measure.store, gaps, tenant=tenant, at=at, by=by)


def _digests(documents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return id → digest: what the log holds of a document, which may name people."""
    return {str(one["id"]): digest(one) for one in documents}
