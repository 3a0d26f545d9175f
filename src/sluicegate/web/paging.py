"""Where a list goes on: a cursor in the address, and the pages before it to go back to."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.web.visit import Visit

CURSOR, TRAIL = "cursor", "trail"
PAGING = frozenset({CURSOR, TRAIL})
"""The parts of an address that say where in a list one is."""

_BEGIN = "0"
_BETWEEN = "~"
_MOST_TRAIL = 40
"""Pages back that an address remembers; further back the list begins anew."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Addresses of the page before and the page after; None where there is none."""

    previous: str | None
    following: str | None


def cursor_of(visit: Visit) -> str | None:
    """Return the cursor that the address gives."""
    return visit.query.get(CURSOR) or None


def steps(visit: Visit, cursor: str | None) -> Steps:
    """Return where a list goes on; `cursor` is that of the next page."""
    trail = [one for one in visit.query.get(TRAIL, "").split(_BETWEEN) if one]
    here = cursor_of(visit)
    previous = None
    if trail:
        back, rest = trail[-1], trail[:-1]
        previous = visit.url(
            cursor=None if back == _BEGIN else back, trail=_BETWEEN.join(rest) if rest else None
        )
    elif here is not None:
        previous = visit.url(cursor=None, trail=None)
    following = None
    if cursor is not None:
        seen = [*trail, here or _BEGIN][-_MOST_TRAIL:]
        following = visit.url(cursor=cursor, trail=_BETWEEN.join(seen))
    return Steps(previous, following)
