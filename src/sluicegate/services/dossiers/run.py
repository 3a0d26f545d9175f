"""All that is known of one training run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sluicegate.registry.records import DeclaredRun
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.shared import (
    ClusterUse,
    Found,
    RunSummary,
    Series,
    clusters_of,
    found_about,
    knowledge,
    must_be_there,
    run_summary,
    series_of,
)
from sluicegate.services.dossiers.stated import newest_first
from sluicegate.services.findings import SubjectKind
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present import FindingFilter
from sluicegate.services.ports.present_world import WorldMark, WorldPart
from sluicegate.services.present.measured import days_of

RUN = "run"


@dataclass(frozen=True, slots=True)
class RunDossier:
    """A run as the last pass measured it (`measured`), beside what was declared of it.

    `declared` is what holds now of its declaration, `declarations` every
    version of it, the last recorded in front. `customer_name` is empty for a
    principal who may not see customers.
    """

    run: RunSummary
    customer_name: str
    measured: WorldMark | None
    declared: DeclaredRun | None
    declarations: tuple[DeclaredRun, ...]
    series: Series
    clusters: tuple[ClusterUse, ...]
    found: Found


def run(desk: Desk, parts: NodeParts, run_key: str, as_of: date | None = None) -> RunDossier:
    """Return a run's dossier; `run_key` is as findings write it, e.g. `c-1/r-1`.

    `as_of` is the day on which registry entries and thresholds count. Raises
    NotFoundError, RefusedError.
    """
    parts = parts.of(desk.store)
    row = parts.store.present.world_row(WorldPart.RUNS, run_key)
    must_be_there(desk, Action.RUN_READ, row, RUN, run_key)
    assert row is not None
    desk.must(Action.RUN_READ, Resource(RUN, desk.principal.tenant, run_key))
    known = knowledge(parts, as_of)
    shown = run_summary(row)
    name = shown.declared or shown.run_id
    versions = known.versions("runs", "run_id", {name} if name else set(), DeclaredRun)
    versions = [one for one in versions if str(one.customer_id) == shown.customer_id]
    holding = known.holding("runs", versions)
    customer = ""
    if desk.may(Action.CUSTOMER_READ).is_allowed:
        owner = parts.store.present.world_row(WorldPart.CUSTOMERS, shown.customer_id)
        customer = shown.customer_id if owner is None else owner.name
    days = [one for one in days_of(row.document) if one.day <= known.as_of]
    return RunDossier(
        run=shown,
        customer_name=customer,
        measured=parts.store.present.world_mark(),
        declared=holding[0] if holding else None,
        declarations=newest_first(versions),
        series=series_of(parts, known, SubjectKind.RUN, days),
        clusters=clusters_of(known, names=shown.clusters),
        found=found_about(desk, FindingFilter(subject=f"{RUN}:{run_key}")),
    )
