"""Matches as a list: filtered, ordered, page by page, with how many each filter would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    Cursor,
    Page,
    filter_digest,
    page_of,
    require_limit,
)
from sluicegate.services.ports.matches import Match, MatchState

Place = tuple[int, str] | tuple[str, str]
"""Where a match stands in an order."""

_MICROSECOND = timedelta(microseconds=1)


class MatchOrder(Enum):
    """In what order matches are listed."""

    SCORE = "score"
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """Which matches are listed; what is empty or None lets all through.

    `text` is a part of a name of either party, or the beginning of an id.
    """

    states: frozenset[MatchState] = frozenset()
    list_id: str = ""
    text: str = ""
    is_weak: bool | None = None
    order: MatchOrder = MatchOrder.SCORE


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
    made_for = filter_digest(
        {
            "states": sorted(one.value for one in wanted.states),
            "list": wanted.list_id,
            "text": wanted.text,
            "weak": wanted.is_weak,
            "order": wanted.order.value,
        }
    )
    key = _KEYS[wanted.order]
    kinds: tuple[type[str] | type[int], ...] = (
        (str, str) if wanted.order is MatchOrder.NAME else (int, str)
    )
    after = None if cursor is None else _read(Cursor.decode(cursor, made_for, kinds), kinds)
    narrowed = [one for one in desk.store.matches.matches() if _fits(one, wanted)]
    fitting = [one for one in narrowed if _of_state(one, wanted) and _of_list(one, wanted)]
    ordered = sorted(fitting, key=key)
    rest = ordered if after is None else [one for one in ordered if key(one) > after]
    return MatchPage(
        page_of(rest[: require_limit(limit) + 1], limit, key, made_for),
        len(fitting),
        Counter(one.state for one in narrowed if _of_list(one, wanted)),
        Counter(name for one in narrowed if _of_state(one, wanted) for name in one.lists),
    )


def _read(cursor: Cursor, kinds: tuple[type[str] | type[int], ...]) -> tuple[str | int, ...]:
    """Return the key of a cursor; a part that is left open stands before all others."""
    return tuple(
        kind() if part is None else part for part, kind in zip(cursor.keys, kinds, strict=True)
    )


def _fits(one: Match, wanted: MatchQuery) -> bool:
    """Say whether a match fits, its state and lists aside."""
    if wanted.is_weak is not None and one.pair.is_weak is not wanted.is_weak:
        return False
    text = wanted.text.strip().casefold()
    names = (one.party_name, one.listed_name, one.pair.name, one.pair.alias)
    ids = (one.match_id, one.party_id, one.listed_id)
    return (
        not text
        or any(text in name.casefold() for name in names)
        or any(identifier.casefold().startswith(text) for identifier in ids)
    )


def _of_state(one: Match, wanted: MatchQuery) -> bool:
    return not wanted.states or one.state in wanted.states


def _of_list(one: Match, wanted: MatchQuery) -> bool:
    return not wanted.list_id or wanted.list_id in one.lists


def _by_score(one: Match) -> Place:
    return -one.pair.score, one.match_id


def _by_age(one: Match) -> Place:
    seen = one.first_seen
    since = (seen - seen.replace(year=2000, month=1, day=1, hour=0, minute=0)) // _MICROSECOND
    return -since, one.match_id


def _by_name(one: Match) -> Place:
    return one.party_name.casefold(), one.match_id


_KEYS: Mapping[MatchOrder, Callable[[Match], Place]] = {
    MatchOrder.SCORE: _by_score,
    MatchOrder.NEWEST: _by_age,
    MatchOrder.NAME: _by_name,
}
