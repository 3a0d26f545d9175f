"""Parts that the dossiers of customers, groups and runs share, as values for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.runs import DeclarationGap
from sluicegate.registry.affiliates import Ground
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Cluster, Facility
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.stated import Knowledge, party_name
from sluicegate.services.findings import SubjectKind
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present import (
    FindingFilter,
    FindingRow,
    ObligationFilter,
    ObligationRow,
)
from sluicegate.services.ports.present_world import WorldFilter, WorldPart, WorldRow
from sluicegate.services.present.measured import estimate_of, gap_of, read_figure, steps_of
from sluicegate.services.report import DayPoint, ThresholdLine
from sluicegate.services.reporting import cumulative
from sluicegate.services.threshold_lines import threshold_lines

MOST_SHOWN = 100
"""Findings, obligations and runs in one dossier; lists give all, page by page."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of control upward: who stands under whom, why, and by what share."""

    controlled: str
    controlled_name: str
    controller: str
    controller_name: str
    ground: Ground
    share: Fraction
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupMembership:
    """The group a customer belongs to, and the steps of control that lead to its top."""

    group_id: str
    name: str
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True)
class AccountUse:
    """An account with the period in which it was the customer's, and its compute in it.

    None leaves the period open on that side. `estimate` is of the account, over
    all its periods.
    """

    account: str
    source: str
    first_day: date | None
    end_day: date | None
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class ClusterUse:
    """A cluster with what was used in it; None where the registry has no such cluster."""

    cluster_id: str
    cluster: Cluster | None
    facility: Facility | None
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as lists show it; without an estimate it is declared only."""

    run_key: str
    name: str
    run_id: str | None
    customer_id: str
    start: date | None
    end: date | None
    clusters: tuple[str, ...]
    accelerators_peak: Exact | None
    estimate: Estimate | None
    is_assembled: bool
    declared: str | None
    gap: DeclarationGap | None


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """A customer as lists show it, as the last pass measured it."""

    row: WorldRow
    estimate: Estimate | None

    @property
    def customer_id(self) -> str:
        """The customer."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Series:
    """Cumulative compute, in order of day, with the thresholds to show on its axis."""

    points: tuple[DayPoint, ...]
    thresholds: tuple[ThresholdLine, ...]
    total: Estimate


@dataclass(frozen=True, slots=True)
class Found:
    """What the last pass found about a subject, as far as the principal may see findings.

    `findings` and `obligations` are the first ones; `has_more` says that lists
    hold others.
    """

    findings: tuple[FindingRow, ...] = ()
    obligations: tuple[ObligationRow, ...] = ()
    has_more: bool = False


def knowledge(parts: NodeParts, as_of: date | None, known_on: datetime | None = None) -> Knowledge:
    """Return the store as of a day: the one asked about, else that of the last pass, else today."""
    mark = parts.store.present.world_mark()
    day = as_of or (parts.clock.now().date() if mark is None else mark.as_of)
    return Knowledge(parts.store, day, known_on)


def series_of(
    parts: NodeParts, known: Knowledge, kind: SubjectKind, days: Sequence[DayTotal]
) -> Series:
    """Return daily totals added up, with the thresholds that rules set for a kind of subject."""
    rules = [rule for rule in parts.book.thresholds.values() if rule.subject == kind.value]
    first = days[0].day if days else known.as_of
    return Series(
        tuple(cumulative(days)),
        threshold_lines(rules, parts.book, (first, known.as_of)),
        Estimate.total(one.estimate for one in days),
    )


def found_about(desk: Desk, wanted: FindingFilter, owed: ObligationFilter | None = None) -> Found:
    """Return the first findings, and the obligations of a customer where they are asked for.

    Obligations of one subject are gathered from its findings.
    """
    if not desk.may(Action.FINDING_READ).is_allowed:
        return Found()
    store, scope = desk.store.present, desk.scope
    findings = store.findings(scope, wanted, None, MOST_SHOWN + 1)
    if owed is not None:
        duties = list(store.obligations(scope, owed, None, MOST_SHOWN + 1))
    else:
        duties = [
            duty
            for row in findings[:MOST_SHOWN]
            for duty in store.obligations(
                scope, ObligationFilter(finding_id=row.finding_id), None, MOST_SHOWN
            )
        ]
        duties.sort(key=lambda duty: (duty.due is None, duty.due or date.max, duty.obligation_id))
    has_more = len(findings) > MOST_SHOWN or len(duties) > MOST_SHOWN
    return Found(tuple(findings[:MOST_SHOWN]), tuple(duties[:MOST_SHOWN]), has_more)


def runs_of(desk: Desk, customer_id: str) -> tuple[RunSummary, ...]:
    """Return a customer's runs, the largest first, as far as the principal may see runs."""
    if not desk.may(Action.RUN_READ).is_allowed:
        return ()
    wanted = WorldFilter(owner=customer_id)
    rows = desk.store.present.world_rows(WorldPart.RUNS, wanted, None, MOST_SHOWN)
    return tuple(map(run_summary, rows))


def run_summary(row: WorldRow) -> RunSummary:
    """Return a kept run as lists show it."""
    said = row.document
    peak = said["accelerators_peak"]
    return RunSummary(
        run_key=row.id,
        name=row.name,
        run_id=said["run_id"],
        customer_id=row.owner or "",
        start=_day(said["start"]),
        end=_day(said["end"]),
        clusters=tuple(said["clusters"]),
        accelerators_peak=None if peak is None else read_figure(peak),
        estimate=estimate_of(said["estimate"]),
        is_assembled=said["is_assembled"],
        declared=said["declared"],
        gap=gap_of(said["gap"]),
    )


def customer_summary(row: WorldRow) -> CustomerSummary:
    """Return a kept customer as lists show it."""
    return CustomerSummary(row, estimate_of(row.document["estimate"]))


def membership(row: WorldRow, graph: OwnershipGraph) -> GroupMembership | None:
    """Return why a customer belongs to its group; None when it stands alone."""
    if row.owner is None:
        return None
    steps = tuple(
        StepShown(
            str(one.controlled),
            party_name(graph, one.controlled),
            str(one.controller),
            party_name(graph, one.controller),
            one.ground,
            one.share,
            tuple(map(str, one.holders)),
        )
        for one in steps_of(row.document)
    )
    return GroupMembership(row.owner, row.document["group_name"] or row.owner, steps)


def clusters_of(
    known: Knowledge, totals: dict[str, Estimate] | None = None, names: Sequence[str] = ()
) -> tuple[ClusterUse, ...]:
    """Return clusters with what the registry says of them, and their share of the use."""
    wanted = {**dict.fromkeys(names), **(totals or {})}
    if not wanted:
        return ()
    held = known.store.records("clusters", as_of=known.as_of, known_on=known.known_on)
    clusters = {str(one.cluster_id): one for one in held if isinstance(one, Cluster)}
    places = known.store.records("facilities", as_of=known.as_of, known_on=known.known_on)
    facilities = {one.facility_id: one for one in places if isinstance(one, Facility)}
    found = []
    for name, estimate in wanted.items():
        cluster = clusters.get(name)
        facility = None if cluster is None else facilities.get(cluster.facility_id)
        found.append(ClusterUse(name, cluster, facility, estimate))
    return tuple(found)


def must_be_there(desk: Desk, action: Action, row: object, kind: str, identifier: str) -> None:
    """Go on only when there is something; who may not read the kind is refused first.

    Raises NotFoundError, RefusedError.
    """
    if row is None:
        desk.must(action)
        raise NotFoundError(kind, identifier)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
