"""All that is known of one affiliate group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.core.estimates import Estimate
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.shared import (
    ClusterUse,
    Found,
    GroupMembership,
    Series,
    clusters_of,
    found_about,
    knowledge,
    membership,
    must_be_there,
    series_of,
)
from sluicegate.services.dossiers.usage import days_by, totals_by, usage_of
from sluicegate.services.findings import SubjectKind
from sluicegate.services.ownership.pictured import ownership_above
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.present import FindingFilter
from sluicegate.services.ports.present_world import (
    WorldFilter,
    WorldMark,
    WorldOrder,
    WorldPart,
    WorldRow,
)
from sluicegate.services.report import Ownership

GROUP = "group"
MOST_MEMBERS = 500
"""Members whose compute is added up in a dossier; groups of more are told by their totals."""


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A member of a group as of the day, and the steps of control that put it there."""

    customer_id: str
    name: str
    country: str | None
    estimate: Estimate | None
    why: GroupMembership | None


@dataclass(frozen=True, slots=True)
class GroupDossier:
    """An affiliate group: its members are those of the last pass, their compute as of a day.

    `member_count` counts all; `members` holds at most `MOST_MEMBERS`, the
    largest first.
    """

    group_id: str
    name: str
    as_of: date
    measured: WorldMark | None
    member_count: int
    members: tuple[MemberShown, ...]
    ownership: Ownership | None
    series: Series
    clusters: tuple[ClusterUse, ...]
    found: Found


def group(
    desk: Desk,
    parts: NodeParts,
    group_id: str,
    as_of: date | None = None,
    known_on: datetime | None = None,
) -> GroupDossier:
    """Return a group's dossier; the reading is an act.

    Raises NotFoundError, RefusedError, LakeError.
    """
    parts = parts.of(desk.store)
    present = parts.store.present
    row = present.world_row(WorldPart.GROUPS, group_id)
    must_be_there(desk, Action.CUSTOMER_READ, row, GROUP, group_id)
    assert row is not None
    desk.read(Action.CUSTOMER_READ, Resource(GROUP, desk.principal.tenant, group_id))
    known = knowledge(parts, as_of, known_on)
    wanted = WorldFilter(owner=group_id, order=WorldOrder.AMOUNT)
    rows = present.world_rows(WorldPart.CUSTOMERS, wanted, None, MOST_MEMBERS)
    ids = [one.id for one in rows]
    graph = known.ownership_above(ids)
    used = usage_of(parts, known, ids)
    totals = totals_by(used, lambda part: part.customer)

    def member(one: WorldRow) -> MemberShown:
        return MemberShown(
            one.id, one.name, one.country, totals.get(one.id), membership(one, graph)
        )

    return GroupDossier(
        group_id=group_id,
        name=row.name,
        as_of=known.as_of,
        measured=present.world_mark(),
        member_count=row.members,
        members=tuple(map(member, rows)),
        ownership=ownership_above(graph, ids),
        series=series_of(parts, known, SubjectKind.GROUP, days_by(used)),
        clusters=clusters_of(known, totals_by(used, lambda part: part.cluster)),
        found=found_about(desk, FindingFilter(subject=f"{SubjectKind.GROUP.value}:{group_id}")),
    )
