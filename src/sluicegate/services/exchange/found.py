"""Who crosses together with other providers, as far as comparisons have found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sluicegate.services.ports import Store
from sluicegate.services.ports.exchange import JointKept, SessionSide, SessionState


def joint_found(store: Store, *, known_on: datetime | None = None) -> Sequence[JointKept]:
    """Return what the last finished comparison with each partner found.

    An older comparison no longer counts, also where the last one found nobody.
    """
    last: dict[str, str] = {}
    for one in store.exchange.sessions():
        is_known = known_on is None or one.at <= known_on
        if one.side is SessionSide.ASKING and one.state is SessionState.FINISHED and is_known:
            last.setdefault(one.partner, one.session)
    if not last:
        return ()
    wanted = frozenset(last.values())
    return tuple(one for one in store.exchange.found(known_on=known_on) if one.session in wanted)
