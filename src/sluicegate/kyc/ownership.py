"""The smallest set of parties covered by ownership, over a graph that may have cycles.

Covered is whoever is held to the share of the rule by owners that are listed or
covered themselves, added up. The whole holding of such an owner counts, never a
product of shares. The smallest set that satisfies this grows from the listed
parties alone; companies that own one another and nobody else stay outside.

Cost: each owner is taken up once and each holding read once, then each
holding again at most once for every kind of list; nothing is recursive.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.rules.instruments import Limit


@dataclass(frozen=True, slots=True)
class Holding:
    """What an owner holds of a party directly; `share` is None when nobody can tell."""

    owner: str
    owned: str
    share: Exact | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the listed parties' ownership reaches.

    `aggregate` gives for each owned party that is not listed what listed and
    covered owners hold together; `unknown` the parties in which one of them
    holds a share that is not known; `lists` the lists behind each covered one.
    """

    covered: tuple[str, ...]
    aggregate: Mapping[str, Exact]
    unknown: frozenset[str]
    lists: Mapping[str, frozenset[str]]


def cover(
    holdings: Iterable[Holding], listed: Mapping[str, frozenset[str]], limit: Limit
) -> Coverage:
    """Return what the listed parties cover; `listed` gives the lists of each that counts.

    Several holdings between the same two parties add up. A listed party is
    never in the answer, but what reaches it flows on through it.
    """
    by_owner: dict[str, list[Holding]] = defaultdict(list)
    owned: dict[str, None] = {}
    for holding in holdings:
        by_owner[holding.owner].append(holding)
        owned[holding.owned] = None
    held, unknown = _held_together(by_owner, listed, limit)
    reached = {party for party, share in held.items() if limit.passed_by(share)}
    lists = _lists_behind(by_owner, listed, reached)
    others = [party for party in owned if party not in listed]
    covered = tuple(party for party in others if party in reached)
    return Coverage(
        covered=covered,
        aggregate={party: whole(held.get(party, Fraction(0))) for party in others},
        unknown=frozenset(unknown.difference(listed)),
        lists={party: lists[party] for party in covered},
    )


def _held_together(
    by_owner: Mapping[str, list[Holding]], listed: Mapping[str, frozenset[str]], limit: Limit
) -> tuple[dict[str, Fraction], set[str]]:
    """Return what counting owners hold of each party, and where a share of theirs is unknown."""
    held: dict[str, Fraction] = defaultdict(Fraction)
    unknown: set[str] = set()
    counting = set(listed)
    waiting = deque(listed)
    while waiting:
        for holding in by_owner.get(waiting.popleft(), ()):
            if holding.share is None:
                unknown.add(holding.owned)
                continue
            held[holding.owned] += holding.share
            if holding.owned not in counting and limit.passed_by(held[holding.owned]):
                counting.add(holding.owned)
                waiting.append(holding.owned)
    return held, unknown


def _lists_behind(
    by_owner: Mapping[str, list[Holding]],
    listed: Mapping[str, frozenset[str]],
    reached: set[str],
) -> dict[str, frozenset[str]]:
    """Return the lists of each counting party and those that reach it through its owners."""
    lists = dict(listed)
    waiting = deque(listed)
    while waiting:
        owner = waiting.popleft()
        for holding in by_owner.get(owner, ()):
            if not holding.share or holding.owned not in reached:
                continue
            before = lists.get(holding.owned, frozenset())
            after = before | lists[owner]
            if after != before:
                lists[holding.owned] = after
                waiting.append(holding.owned)
    return lists
