"""What the matches that stand say of the parties of the registry, for a pass."""

from __future__ import annotations

from collections.abc import Iterable

from sluicegate.core.identifiers import PartyId
from sluicegate.services.ports.matches import Match, MatchState
from sluicegate.services.world import ListedOn

ALERTS = tuple(state for state in MatchState if state.is_alert)
"""The states in which a match makes an alert."""


def listed_on(matches: Iterable[Match]) -> dict[PartyId, tuple[ListedOn, ...]]:
    """Return party → what each listed party that it matches is listed on.

    Matches on lists that the question on owners does not know are left out.
    """
    found: dict[PartyId, list[ListedOn]] = {}
    for one in matches:
        if one.ownership:
            found.setdefault(PartyId(one.party_id), []).append(
                ListedOn(
                    frozenset(one.ownership),
                    one.state is MatchState.CONFIRMED,
                    (one.match_id,),
                    one.licence_policies,
                )
            )
    return {party: tuple(held) for party, held in found.items()}
