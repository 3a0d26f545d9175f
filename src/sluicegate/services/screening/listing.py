"""Matches as a list: filtered, ordered, page by page, with how many each filter would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    MOST_ROWS,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.ports.matches import (
    Match,
    MatchOrder,
    MatchPlace,
    MatchQuery,
    MatchState,
)


@dataclass(frozen=True, slots=True)
class MatchPage:
    """A page of matches; `total` counts all that fit.

    `states` counts by state and `lists` by list, each under all other parts of
    the filter.
    """

    page: Page[Match]
    total: int
    states: Mapping[MatchState, int] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)


def list_matches(
    desk: Desk,
    wanted: MatchQuery | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> MatchPage:
    """Return a page of matches.

    Raises:
        RefusedError: the principal may read no cases.
        CursorError: the cursor is of another list, or the limit is out of bounds.
    """
    desk.must(Action.CASE_READ)
    wanted = wanted or MatchQuery()
    made_for = _digest(wanted)
    after = None if cursor is None else _place(Cursor.decode(cursor, made_for, _kinds(wanted)))
    store = desk.store.matches
    found = store.page(wanted, after, require_limit(limit) + 1)
    page = page_of(found, limit, lambda one: one.place, made_for)
    cells = store.counts(wanted)
    states: Counter[MatchState] = Counter()
    lists: Counter[str] = Counter()
    for cell, count in cells.items():
        if cell.fits(replace(wanted, states=frozenset())):
            states[cell.state] += count
        if cell.fits(replace(wanted, list_id="")):
            lists.update(dict.fromkeys(cell.lists, count))
    return MatchPage(
        page.as_rows(lambda one: one.match),
        sum(count for cell, count in cells.items() if cell.fits(wanted)),
        states,
        lists,
    )


def every_match(desk: Desk, wanted: MatchQuery) -> Iterator[Match]:
    """Yield all matches that fit, in order. Raises RefusedError."""
    desk.must(Action.CASE_READ)
    after: MatchPlace | None = None
    while found := desk.store.matches.page(wanted, after, MOST_ROWS):
        yield from (one.match for one in found)
        after = found[-1].place


def _digest(wanted: MatchQuery) -> str:
    return filter_digest(
        {
            "states": sorted(one.value for one in wanted.states),
            "list": wanted.list_id,
            "text": wanted.text,
            "weak": wanted.is_weak,
            "party": wanted.party_id,
            "order": wanted.order.value,
        }
    )


def _kinds(wanted: MatchQuery) -> tuple[type[str] | type[int], ...]:
    return (str if wanted.order is MatchOrder.NAME else int, str)


def _place(cursor: Cursor) -> MatchPlace | None:
    """Return the place of a cursor; one that leaves a part open begins anew."""
    return None if None in cursor.keys else cast("MatchPlace", cursor.keys)
