"""All that is known of one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.core.estimates import Estimate
from sluicegate.registry.records import Customer
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.shared import (
    AccountUse,
    ClusterUse,
    Found,
    GroupMembership,
    RunSummary,
    Series,
    clusters_of,
    found_about,
    knowledge,
    membership,
    must_be_there,
    runs_of,
    series_of,
)
from sluicegate.services.dossiers.stated import Knowledge, newest_first
from sluicegate.services.dossiers.usage import UsePart, days_by, totals_by, usage_of
from sluicegate.services.findings import SubjectKind
from sluicegate.services.ownership.pictured import ownership_above
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present import FindingFilter, ObligationFilter
from sluicegate.services.ports.present_world import Standing, WorldMark, WorldPart
from sluicegate.services.present.keys import is_storable
from sluicegate.services.report import Ownership

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class CustomerDossier:
    """A customer as known on a legal day.

    `identity` holds every version that any source stated, the last recorded in
    front; `holds` is the one that counts on the day, None when nobody says who
    the customer is. `group`, `found` and `runs` are as the last pass measured
    them (`measured`); all else is as of `as_of`. Compute is in FLOP, exact.
    """

    customer_id: str
    name: str
    standing: Standing
    as_of: date
    measured: WorldMark | None
    holds: Customer | None
    identity: tuple[Customer, ...]
    group: GroupMembership | None
    ownership: Ownership | None
    accounts: tuple[AccountUse, ...]
    accelerators: Mapping[str, Estimate]
    series: Series
    clusters: tuple[ClusterUse, ...]
    runs: tuple[RunSummary, ...]
    found: Found


def customer(
    desk: Desk,
    parts: NodeParts,
    customer_id: str,
    as_of: date | None = None,
    known_on: datetime | None = None,
) -> CustomerDossier:
    """Return a customer's dossier; the reading is an act.

    `as_of` is the day of the last pass when none is given. Raises
    NotFoundError, RefusedError, LakeError.
    """
    parts = parts.of(desk.store)
    known = knowledge(parts, as_of, known_on)
    row = parts.store.present.world_row(WorldPart.CUSTOMERS, customer_id)
    ids = {customer_id} if is_storable(customer_id) else set()
    versions = known.versions("customers", "customer_id", ids, Customer)
    must_be_there(desk, Action.CUSTOMER_READ, row or versions or None, CUSTOMER, customer_id)
    resource = Resource(CUSTOMER, desk.principal.tenant, customer_id)
    desk.read(Action.CUSTOMER_READ, resource)
    holding = known.holding("customers", versions)
    holds = holding[0] if holding else None
    standing = Standing.NAMED if row is None else row.standing
    graph = known.ownership_above([customer_id])
    used = usage_of(parts, known, [customer_id])
    return CustomerDossier(
        customer_id=customer_id,
        name=customer_id if holds is None else holds.name,
        standing=standing if holds is None else Standing.NAMED,
        as_of=known.as_of,
        measured=parts.store.present.world_mark(),
        holds=holds,
        identity=newest_first(versions),
        group=None if row is None else membership(row, graph),
        ownership=ownership_above(graph, [customer_id]),
        accounts=_accounts(known, customer_id, used),
        accelerators=totals_by(used, lambda part: part.accelerator),
        series=series_of(parts, known, SubjectKind.CUSTOMER, days_by(used)),
        clusters=clusters_of(known, totals_by(used, lambda part: part.cluster)),
        runs=runs_of(desk, customer_id),
        found=found_about(
            desk, FindingFilter(customer_id=customer_id), ObligationFilter(customer_id=customer_id)
        ),
    )


def _accounts(known: Knowledge, customer_id: str, used: list[UsePart]) -> tuple[AccountUse, ...]:
    """Return the customer's accounts by period, with what was used through each."""
    totals = totals_by(used, lambda part: part.account)
    return tuple(
        AccountUse(
            span.account,
            span.source,
            None if span.first_day == date.min else span.first_day,
            None if span.end_day == date.max else span.end_day,
            totals.get(span.account),
        )
        for span in known.accounts([customer_id])
    )
