"""Legal holds: what must not be disposed of while a matter is open."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.retention import Hold, Records, fold_hold
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    need_reason,
    need_short,
    write,
)

HOLD = "hold"
_ID_BYTES = 6


def add_hold(
    desk: Desk,
    matter: str,
    ground: str,
    *,
    customers: Collection[str] = (),
    records: Collection[Records] = (),
    reason: str = "",
) -> Hold:
    """Add a hold on some customers' records, or on all; none named keeps every kind.

    Matter and ground are shown to whoever is refused a disposal: write them so
    that they may be read.

    Raises:
        RefusedError: this may not be done.
        DiligenceRefusedError: the matter or the ground is missing.
    """
    desk.must(Action.HOLD_MANAGE, desk.of(HOLD))
    hold_id = "h-" + secrets.token_hex(_ID_BYTES)
    data = {
        "matter": need_reason(HOLD, matter),
        "ground": need_reason(HOLD, ground),
        "customers": sorted({need_short(HOLD, one) for one in customers}),
        "records": sorted(one.value for one in records),
    }
    write(desk, About.HOLD, hold_id, 0, Note(Kind.HELD, data, {"reason": reason.strip()}))
    return _hold(desk, hold_id)


def release_hold(desk: Desk, hold_id: str, reason: str) -> Hold:
    """Release a hold; what it kept may be disposed of when its time has come.

    Raises:
        NotFoundError: there is none.
        RefusedError: this may not be done.
        DiligenceRefusedError: it was released already, or the reason is missing.
    """
    desk.must(Action.HOLD_MANAGE, Resource(HOLD, desk.principal.tenant, hold_id))
    private = {"reason": need_reason(hold_id, reason)}
    with desk.store.transaction():
        hold = _hold(desk, hold_id)
        if hold.released_at is not None:
            raise DiligenceRefusedError(hold_id, say("The hold was released already."))
        write(desk, About.HOLD, hold_id, 1, Note(Kind.RELEASED, {}, private))
        return _hold(desk, hold_id)


def holds(desk: Desk) -> tuple[Hold, ...]:
    """Return every hold, released ones too, in order of when they were added.

    Raises:
        RefusedError: due diligence may not be read.
    """
    desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
    return standing_holds(desk, with_released=True)


def standing_holds(desk: Desk, *, with_released: bool = False) -> tuple[Hold, ...]:
    """Return the holds that stand, for use cases that have asked for leave."""
    folded = map(fold_hold, desk.store.diligence.every(About.HOLD).values())
    found = [one for one in folded if one is not None]
    kept = [one for one in found if with_released or one.released_at is None]
    return tuple(sorted(kept, key=lambda one: (one.added_at, one.hold_id)))


def _hold(desk: Desk, hold_id: str) -> Hold:
    found = fold_hold(desk.store.diligence.events(About.HOLD, hold_id))
    if found is None:
        raise NotFoundError(HOLD, hold_id)
    return found
