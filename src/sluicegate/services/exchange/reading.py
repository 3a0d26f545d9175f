"""Comparisons with other providers as people and machines read them."""

from __future__ import annotations

from typing import Any

from sluicegate.core.quantities import flop_text
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports.exchange import JointKept, SessionVersion

EXCHANGE = "exchange"


def comparisons(desk: Desk) -> list[dict[str, Any]]:
    """Return every comparison as a row, the newest first. Raises RefusedError."""
    desk.must(Action.EXCHANGE_READ)
    return [session_row(one) for one in desk.store.exchange.sessions()]


def comparison(desk: Desk, session: str) -> dict[str, Any]:
    """Return a comparison with its terms, its legal basis, its history and what it found.

    Raises NotFoundError, RefusedError.
    """
    desk.must(Action.EXCHANGE_READ)
    history = desk.store.exchange.history(session)
    if not history:
        raise NotFoundError(EXCHANGE, session)
    desk.must(Action.EXCHANGE_READ, Resource(EXCHANGE, desk.principal.tenant, session))
    last = history[-1]
    return {
        **session_row(last),
        "terms": dict(last.terms),
        "basis": last.basis,
        "reference": last.reference,
        "history": [session_row(one) for one in history],
        "found": [found_row(one) for one in desk.store.exchange.found(session)],
    }


def session_row(version: SessionVersion) -> dict[str, Any]:
    """Return a version of a comparison as a row."""
    return {
        "session": version.session,
        "side": version.side.value,
        "state": version.state.value,
        "partner": version.partner,
        "as_of": version.terms["as_of"],
        "proposed_by": version.proposed_by,
        "approved_by": version.approved_by,
        "reason": version.reason,
        "at": version.at.isoformat(),
    }


def found_row(one: JointKept) -> dict[str, Any]:
    """Return a party that crosses the threshold together with a partner; FLOP as text."""
    return {
        "party": one.party,
        "partner": one.partner,
        "own_flop": flop_text(one.own),
        "other_flop_at_least": flop_text(one.other_low),
        "session": one.session,
    }
