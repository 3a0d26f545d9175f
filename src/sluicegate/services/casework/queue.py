"""The queue of cases: pages of rows, counts, the next case, and views that people saved.

A view is a filter, and a filter is a query string, so a view can be sent as a
link and exported as it stands. Rows are what the principal may see; what lies
outside is neither shown nor counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sluicegate.cases.filters import Filter, FilterError
from sluicegate.core.calendars import legal_day
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.ports.casework import CaseRow, Facets, QueueKey, View

__all__ = [
    "CaseRow",
    "Facets",
    "Filter",
    "FilterError",
    "View",
    "counts",
    "drop_view",
    "next_case",
    "queue",
    "save_view",
    "views",
]

NO_DAY = "9999-12-31"
"""Where a case without a due day stands in the order: after all others."""

_MOST_NAME = 80


def queue(
    desk: Desk, wanted: Filter, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[CaseRow]:
    """Return a page of the queue, in the order that the filter names.

    Raises:
        CursorError: a cursor of another filter, or a limit out of range.
        RefusedError: the principal may read no cases.
    """
    desk.must(Action.CASE_READ)
    made_for = _made_for(desk, wanted)
    after = None if cursor is None else _key_of(cursor, made_for)
    found = desk.store.cases.queue(
        wanted,
        desk.scope,
        who=desk.principal.id,
        after=after,
        limit=require_limit(limit) + 1,
    )
    return page_of(found, limit, _place, made_for)


def counts(desk: Desk, wanted: Filter) -> Facets:
    """Count what a filter keeps, and under each value of it."""
    desk.must(Action.CASE_READ)
    return desk.store.cases.counts(
        wanted, desk.scope, who=desk.principal.id, today=legal_day(desk.now())
    )


def next_case(desk: Desk, wanted: Filter, after: str | None = None) -> str | None:
    """Return the id of the case that follows one in the queue; without one, of the first.

    None at the end, or where the case before has left the principal's sight.
    """
    desk.must(Action.CASE_READ)
    place: QueueKey | None = None
    if after is not None:
        row = desk.store.cases.row(after, desk.scope)
        if row is None:
            raise NotFoundError("case", after)
        place = _place(row)
    found = desk.store.cases.queue(wanted, desk.scope, who=desk.principal.id, after=place, limit=1)
    return found[0].case_id if found else None


def views(desk: Desk) -> Sequence[View]:
    """Return the views that the principal saved."""
    desk.must(Action.CASE_READ)
    return desk.store.cases.views(desk.principal.id)


def save_view(desk: Desk, name: str, query: Mapping[str, str]) -> View:
    """Save a filter under a name; one of the same name is replaced.

    Raises:
        FilterError: a name that says nothing or is too long, or no filter.
    """
    desk.must(Action.CASE_READ)
    plain = " ".join(name.split())
    if not plain or len(plain) > _MOST_NAME:
        raise FilterError("name", f"is empty or longer than {_MOST_NAME} characters")
    view = View(plain, Filter.from_query(query).as_query())
    at = desk.now()
    with desk.store.transaction():
        desk.store.cases.save_view(desk.principal.id, view, at=at)
        record = {"query": dict(view.query)} if not view.query.get("text") else {}
        desk.store.act("view_saved", record, at=at, by=desk.principal.id, reason="view_saved")
    return view


def drop_view(desk: Desk, name: str) -> None:
    """Forget a view of the principal's own.

    Raises:
        NotFoundError: there is none of that name.
    """
    desk.must(Action.CASE_READ)
    with desk.store.transaction():
        if not desk.store.cases.drop_view(desk.principal.id, name):
            raise NotFoundError("view", name)
        desk.store.act(
            "view_dropped", {}, at=desk.now(), by=desk.principal.id, reason="view_dropped"
        )


def _made_for(desk: Desk, wanted: Filter) -> str:
    return filter_digest({**wanted.as_query(), "who": desk.principal.id})


def _key_of(cursor: str, made_for: str) -> QueueKey:
    priority, due, case_id = Cursor.decode(cursor, made_for, (int, str, str)).keys
    return int(priority or 0), str(due or ""), str(case_id or "")


def _place(row: CaseRow) -> QueueKey:
    return row.priority.value, NO_DAY if row.due is None else row.due.isoformat(), row.case_id
