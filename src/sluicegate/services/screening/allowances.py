"""When an allowance stands: that a person said two parties are not one, and nothing changed since.

It is made against what both parties were. It ends on its day, and when either
changes materially. A merge of listed parties is no such change by itself: what
was looked at is still there, word for word, and the merged party answers for it;
but the allowance ends when the merged party is a better match than the one that
was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sluicegate.services.ports.matches import Allowance, AllowanceState, Pair
from sluicegate.services.screening.engine import ListsInUse, entry_marks
from sluicegate.services.screening.screened import ScreenedParty

PairKey = tuple[str, str]
"""A screened party and the listed party that answers for the pair now."""


def by_pair(
    allowances: Iterable[Allowance], lists: ListsInUse
) -> Mapping[PairKey, tuple[Allowance, ...]]:
    """Return the standing allowances of each pair, oldest first, through merges."""
    found: dict[PairKey, list[Allowance]] = {}
    for one in allowances:
        if one.state is AllowanceState.STANDING:
            key = (one.party_id, lists.surviving(one.listed_id))
            found.setdefault(key, []).append(one)
    return {key: tuple(held) for key, held in found.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the allowances are held against: both sides as they are now, and what matches.

    `merged` are the listed parties into which others were merged since the last
    run.
    """

    parties: Mapping[str, ScreenedParty]
    lists: ListsInUse
    pairs: Mapping[PairKey, Pair]
    merged: frozenset[str]
    today: date


def merged_since(before: Iterable[str], lists: ListsInUse) -> frozenset[str]:
    """Return the listed parties that answer for others which stood alone in the last run."""
    left = (one for one in before if one not in lists.parties)
    return frozenset(after for one in left if (after := lists.surviving(one)) != one)


def reviewed(allowances: Iterable[Allowance], seen: Seen) -> list[Allowance]:
    """Return the standing allowances that ended, or go on with a merged party, as they are now."""
    changed = []
    for one in allowances:
        if one.state is AllowanceState.STANDING:
            now = _now(one, seen)
            if now != one:
                changed.append(now)
    return changed


def _now(one: Allowance, seen: Seen) -> Allowance:
    """Return an allowance as it stands now.

    The day of expiry is the last on which it holds. A party that is not
    screened, or not listed, at present has not changed.
    """
    if seen.today > one.expires:
        return _ended(one, AllowanceState.EXPIRED)
    party = seen.parties.get(one.party_id)
    if party is not None and party.essence != one.party_essence:
        return _ended(one, AllowanceState.PARTY_CHANGED)
    listed_id = seen.lists.surviving(one.listed_id)
    listed = seen.lists.parties.get(listed_id)
    if listed is None or (listed.essence == one.listed_essence and listed_id == one.listed_id):
        return one
    marks = entry_marks(listed)
    is_there = all(marks.get(key) == mark for key, mark in one.entries.items())
    has_merged = listed_id != one.listed_id or listed_id in seen.merged
    pair = seen.pairs.get((one.party_id, listed_id))
    is_better = pair is not None and pair.score > one.score
    if is_there and has_merged and not is_better:
        return replace(one, listed_id=listed_id, listed_essence=listed.essence, entries=marks)
    return _ended(one, AllowanceState.LISTED_CHANGED)


def _ended(one: Allowance, state: AllowanceState) -> Allowance:
    return replace(one, state=state)


def standing_ids(held: Mapping[PairKey, Sequence[Allowance]], key: PairKey) -> str:
    """Return the id of the allowance by which a pair is cleared; empty where none stands."""
    found = held.get(key, ())
    return found[-1].allowance_id if found else ""
