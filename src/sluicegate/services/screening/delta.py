"""What a run has to compare: everything, or only what changed since the run before.

The score of a pair depends on the two parties and the algorithm alone. So pairs
of parties that did not change are as they were, and a delta gives what a full
screening gives: changed listed parties are compared with everyone, changed
screened parties with every listed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Baseline, Match, MatchState, Pair
from sluicegate.services.screening.allowances import PairKey
from sluicegate.services.screening.engine import Scoring, Tell, scored_mark
from sluicegate.services.screening.screened import ScreenedParty


def baseline_of(
    parties: Mapping[str, ScreenedParty], listed: Mapping[str, ListedParty]
) -> Baseline:
    """Return what is kept of a run, so that the next one sees what changed."""
    return Baseline(
        {key: one.essence for key, one in parties.items()},
        {key: scored_mark(one) for key, one in listed.items()},
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the run before, by id; changed are new ones too."""

    parties: frozenset[str]
    listed: frozenset[str]
    removed_parties: frozenset[str]
    removed_listed: frozenset[str]


def changes_between(before: Baseline, now: Baseline) -> Changes:
    """Return what changed between two runs."""
    return Changes(
        parties=_changed(before.parties, now.parties),
        listed=_changed(before.listed, now.listed),
        removed_parties=frozenset(before.parties.keys() - now.parties.keys()),
        removed_listed=frozenset(before.listed.keys() - now.listed.keys()),
    )


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    if before == now:
        return frozenset()
    return frozenset(key for key, mark in now.items() if before.get(key) != mark)


@dataclass(frozen=True, slots=True)
class Compared:
    """All pairs that alert now, and how many comparisons that took, one for each name."""

    pairs: Mapping[PairKey, Pair]
    queries: int


def compare_all(
    parties: Mapping[str, ScreenedParty],
    listed: Mapping[str, ListedParty],
    scoring: Scoring,
    tell: Tell,
) -> Compared:
    """Compare everyone with every listed party."""
    everyone = list(parties.values())
    _make_ready(everyone, scoring)
    return Compared(scoring.index(listed.values()).pairs(everyone, tell), _names(everyone))


def compare_changed(
    parties: Mapping[str, ScreenedParty],
    listed: Mapping[str, ListedParty],
    scoring: Scoring,
    changes: Changes,
    held: Iterable[Match],
    tell: Tell,
) -> Compared:
    """Compare what changed, and keep the other pairs as they are.

    Of those who did not change only the ones that may alert are compared with what
    changed in the lists: the score's upper bound says who.
    """
    pairs = {
        (one.party_id, one.listed_id): one.pair
        for one in held
        if one.state is not MatchState.GONE
        and one.party_id in parties
        and one.listed_id in listed
        and one.party_id not in changes.parties
        and one.listed_id not in changes.listed
    }
    queries = 0
    if changes.listed or changes.parties or changes.removed_parties:
        _make_ready(parties.values(), scoring)
    if changes.listed:
        others = [one for key, one in parties.items() if key not in changes.parties]
        index = scoring.index(listed[key] for key in sorted(changes.listed))
        pairs.update(index.pairs(others, tell, scoring.shortlist))
        queries += _names(others)
    if changes.parties:
        asked = [parties[key] for key in sorted(changes.parties)]
        pairs.update(scoring.index(listed.values()).pairs(asked, tell))
        queries += _names(asked)
    return Compared(pairs, queries)


def _make_ready(parties: Iterable[ScreenedParty], scoring: Scoring) -> None:
    if scoring.shortlist is not None:
        scoring.shortlist.ready({name: None for one in parties for name in one.names})


def _names(parties: Iterable[ScreenedParty]) -> int:
    return len({(one.essence, name) for one in parties for name in one.names})
