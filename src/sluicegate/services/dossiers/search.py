"""Find customers, groups and runs by the beginning of a name or id, and list them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sluicegate.core.estimates import Estimate
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.shared import (
    CustomerSummary,
    RunSummary,
    customer_summary,
    run_summary,
)
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.ports.present_world import WorldFilter, WorldOrder, WorldPart, WorldRow
from sluicegate.services.present.findings import plain
from sluicegate.services.present.keys import name_key
from sluicegate.services.present.measured import estimate_of

MOST_HITS = 20

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """An affiliate group as lists show it."""

    group_id: str
    name: str
    members: int
    country: str | None
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Hits:
    """What a text was found in, at most `MOST_HITS` of each kind.

    Parts that the principal may not read are empty, as if nothing was there.
    """

    customers: tuple[CustomerSummary, ...] = ()
    groups: tuple[GroupSummary, ...] = ()
    runs: tuple[RunSummary, ...] = ()


def search(desk: Desk, text: str) -> Hits:
    """Find customers, groups and runs whose name or id begins with a text.

    Case and width play no part in names, but do in ids; of a run, a name is its
    run id and an id its key. A text of spaces finds nothing.
    Raises RefusedError when the principal may read neither customers nor runs.
    """
    sees_customers = desk.may(Action.CUSTOMER_READ).is_allowed
    if not sees_customers:
        desk.must(Action.RUN_READ)
    if not name_key(text):
        return Hits()
    customers = _hits(desk, WorldPart.CUSTOMERS, text) if sees_customers else []
    groups = _hits(desk, WorldPart.GROUPS, text) if sees_customers else []
    sees_runs = desk.may(Action.RUN_READ).is_allowed
    runs = _hits(desk, WorldPart.RUNS, text) if sees_runs else []
    return Hits(
        tuple(map(customer_summary, customers)),
        tuple(map(_group_summary, groups)),
        tuple(map(run_summary, runs)),
    )


def customers(
    desk: Desk,
    wanted: WorldFilter | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[CustomerSummary]:
    """Return a page of customers, those with the most compute first unless told.

    Who has findings is asked of those that the principal may see.
    Raises RefusedError, CursorError.
    """
    desk.must(Action.CUSTOMER_READ)
    if wanted is not None and wanted.has_findings:
        desk.must(Action.FINDING_READ)
    return _page(desk, WorldPart.CUSTOMERS, wanted, cursor, limit, customer_summary)


def groups(
    desk: Desk,
    wanted: WorldFilter | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[GroupSummary]:
    """Return a page of affiliate groups. Raises RefusedError, CursorError."""
    desk.must(Action.CUSTOMER_READ)
    return _page(desk, WorldPart.GROUPS, wanted, cursor, limit, _group_summary)


def runs(
    desk: Desk,
    wanted: WorldFilter | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[RunSummary]:
    """Return a page of training runs. Raises RefusedError, CursorError."""
    desk.must(Action.RUN_READ)
    return _page(desk, WorldPart.RUNS, wanted, cursor, limit, run_summary)


def _page(
    desk: Desk,
    part: WorldPart,
    wanted: WorldFilter | None,
    cursor: str | None,
    limit: int,
    show: Callable[[WorldRow], Shown],
) -> Page[Shown]:
    wanted = wanted or WorldFilter()
    made_for = filter_digest({"part": part.value, **plain(wanted)})
    after = None if cursor is None else Cursor.decode(cursor, made_for, (str, str)).keys
    rows = desk.store.present.world_rows(part, wanted, after, require_limit(limit) + 1, desk.scope)
    by_amount = wanted.sorted_by is WorldOrder.AMOUNT

    def key(row: WorldRow) -> tuple[str, str]:
        return (row.amount_key if by_amount else name_key(row.name), row.id)

    return page_of(rows, limit, key, made_for).as_rows(show)


def _hits(desk: Desk, part: WorldPart, text: str) -> Sequence[WorldRow]:
    """Return what begins with a text by its id, then by its name."""
    present = desk.store.present
    by_id = present.world_beginning(part, text.strip(), MOST_HITS)
    by_name = present.world_rows(part, WorldFilter(text=text), None, MOST_HITS)
    return list({row.id: row for row in (*by_id, *by_name)}.values())[:MOST_HITS]


def _group_summary(row: WorldRow) -> GroupSummary:
    said = row.document
    return GroupSummary(
        row.id, row.name, row.members, said["country"], estimate_of(said["estimate"])
    )
