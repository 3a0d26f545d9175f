"""Where a text stands on a day: whether it asks for its duties, and whether it is enforced."""

from __future__ import annotations

from sluicegate.rules.instruments import Enforcement, Instrument, Kind, Status, TextState

DEAD = frozenset({TextState.REVOKED, TextState.NEVER_IN_FORCE})
TEXT_ONLY = frozenset(
    {
        Kind.PROPOSAL,
        Kind.BILL,
        Kind.PAPER,
        Kind.GUIDANCE,
        Kind.HYPOTHETICAL,
        Kind.CONFIGURATION,
    }
)
"""Kinds of text that ask as soon as they are published, and are marked as what they are."""


def asks(instrument: Instrument, status: Status | None) -> bool:
    """Say whether there is a text that asks for its duties on the day.

    A law asks once it is in force (facts A1); a proposal, paper or guideline
    asks as soon as it is published.
    """
    if status is None:
        return False
    if status.text is TextState.IN_FORCE:
        return True
    return instrument.kind in TEXT_ONLY and status.text not in DEAD


def is_enforced(status: Status | None) -> bool:
    """Say whether a text is in force and its issuer enforces it."""
    return (
        status is not None
        and status.text is TextState.IN_FORCE
        and status.enforcement is Enforcement.ENFORCED
    )
