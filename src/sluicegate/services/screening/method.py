"""Which algorithm and which score of an alert a node screens with, and who activated them.

What makes more alerts acts at once: a new algorithm is used when it is installed,
a lower score when it is set. What takes alerts away waits for a second person: a
higher score is not used, and alerts that a new algorithm would drop stay open,
until the change was replayed, proposed, and activated by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Match, MatchState, Pair, ScreeningRun
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.validation import Proposal
from sluicegate.services.screening.allowances import PairKey
from sluicegate.services.screening.screened import ScreenedParty


def threshold_in_force(store: Store, setting: int | None) -> int | None:
    """Return the score of an alert in ten-thousandths; None leaves it to the algorithm.

    It is the one activated last; else the node's setting, but none above the
    score of the last run.
    """
    activated = store.validation.activated()
    if activated is not None:
        return activated.threshold
    last = next(iter(store.matches.runs(limit=1)), None)
    if setting is None or last is None:
        return setting
    return min(setting, last.threshold)


def is_activated(change: Proposal | None, algorithm: str, threshold: int) -> bool:
    """Say whether the change activated last is what a node screens with now."""
    return change is not None and (change.algorithm, change.threshold) == (algorithm, threshold)


def activated_since(change: Proposal | None, instant: datetime) -> bool:
    """Say whether a change was activated at or after an instant."""
    return change is not None and change.at >= instant


def held_back(
    held: Iterable[Match],
    parties: Mapping[str, ScreenedParty],
    listed: Mapping[str, ListedParty],
    found: Mapping[PairKey, Pair],
) -> dict[PairKey, Pair]:
    """Return the pairs that alerted before, are no longer found, and whose parties did not change.

    They went because algorithm or threshold is another, and for nothing else.
    """
    kept: dict[PairKey, Pair] = {}
    for one in held:
        key = (one.party_id, one.listed_id)
        party, other = parties.get(one.party_id), listed.get(one.listed_id)
        if one.state is MatchState.GONE or key in found or party is None or other is None:
            continue
        if (party.essence, other.essence) == (one.party_essence, one.listed_essence):
            kept[key] = one.pair
    return kept


def waiting_for_activation(matches: Iterable[Match], last: ScreeningRun) -> list[Match]:
    """Return the alerts that stand only until what the last run was made with is activated."""
    return [
        one
        for one in matches
        if one.state.is_alert
        and (one.pair.algorithm != last.algorithm or one.pair.score < last.threshold)
    ]
