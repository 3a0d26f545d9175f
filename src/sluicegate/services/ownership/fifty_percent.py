"""Facts of the question ownership_50_percent, from the graph of the registry.

The holdings are those of the graph in force on its day, with holdings of
nominees given to their nominators. A graph can say what the question refuses;
it is put right here, each for a stated reason:

* what a party holds of itself is left out: own shares bring in no owner;
* where the certain shares in a party add up to more than the whole, somebody's
  statement is wrong and nobody knows whose: all of them are scaled to the whole;
* at the high end of ranges an owner that can count takes as much as its range
  and the certain shares of the others leave, one that cannot count its low end,
  so that the facts are the worst that can be true, and never more than the whole.

Control without shares is no holding: both rules ask for ownership.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.exact import DISPLAY_DIGITS
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import Sentence, say
from sluicegate.registry.holdings import Bound, Holding, upstream
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law
from sluicegate.services.ownership.roles import has_open_share

QUESTION = "ownership_50_percent"
KNOWN_LISTS = ("sdn", "sdn_specified", "entity_list", "meu_list")
"""Codes of lists that the question knows."""

_NONE, _WHOLE = Fraction(0), Fraction(1)
_PLACES = 10**DISPLAY_DIGITS
"""A quotient without end is cut to twelve places, down: facts are decimal text."""


class Regime(Enum):
    """A rule by which owning half or more of a party reaches the party."""

    OFAC = "ofac"
    BIS_AFFILIATES = "bis_affiliates"

    @property
    def instrument(self) -> str:
        """The instrument that holds it."""
        return {"ofac": "us.ofac_50_percent", "bis_affiliates": "us.bis_affiliates"}[self.value]

    def limit(self, law: Law) -> Limit:
        """Return the share held together from which a party is reached."""
        return law.limit(f"{self.instrument}.ownership_share")

    def counts(self, law: Law) -> frozenset[str]:
        """Return the lists whose parties count as owners."""
        return frozenset(law.texts(f"{self.instrument}.lists_that_count"))

    def counting(
        self, listed: Mapping[PartyId, frozenset[str]], law: Law
    ) -> dict[PartyId, frozenset[str]]:
        """Return the listed parties that count as owners, with the lists that make them count."""
        lists = self.counts(law)
        return {party: found & lists for party, found in listed.items() if found & lists}


@dataclass(frozen=True, slots=True)
class Stake:
    """What an owner holds of a party as it counts; None is a share that nobody states."""

    owner: PartyId
    owned: PartyId
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Stakes:
    """The holdings that count at one end of their ranges, and what was put right in them."""

    stakes: tuple[Stake, ...]
    corrections: tuple[Sentence, ...]


def fifty_percent_facts(
    graph: OwnershipGraph,
    listed: Mapping[PartyId, frozenset[str]],
    regime: Regime,
    *,
    party: PartyId | None = None,
    among: Collection[PartyId] | None = None,
    end: Bound = Bound.CERTAIN,
    law: Law | None = None,
) -> dict[str, Any]:
    """Return the facts of the question, shares as exact numbers.

    `listed` gives the lists of each listed party; a list that the question does
    not know is left out. With `party` only what stands above it is told, with
    `among` only the holdings in those parties. The high end of ranges needs the
    law of the day, which says who counts.
    """
    if end is Bound.POSSIBLE and law is None:
        raise ValueError("the high end of ranges: needs the law of a day; give law=")
    stakes = stakes_at(graph, listed, regime, party=party, among=among, end=end, law=law).stakes
    named = {stake.owner for stake in stakes} | {stake.owned for stake in stakes}
    return {
        "regime": regime.value,
        "edges": [
            {
                "owner": stake.owner,
                "owned": stake.owned,
                "share": stake.share,
            }
            for stake in stakes
        ],
        "listed": [
            {"party": one, "list": name}
            for one in sorted(listed)
            if one in named
            for name in KNOWN_LISTS
            if name in listed[one]
        ],
    }


def stakes_at(
    graph: OwnershipGraph,
    listed: Mapping[PartyId, frozenset[str]],
    regime: Regime,
    *,
    party: PartyId | None = None,
    among: Collection[PartyId] | None = None,
    end: Bound = Bound.CERTAIN,
    law: Law | None = None,
) -> Stakes:
    """Return the holdings that count at one end, and what was put right in them."""
    holdings = graph.attributed().holdings
    if party is None:
        names = sorted(holdings if among is None else set(among) & set(holdings))
        above = [holding for owned in names for holding in holdings[owned]]
    else:
        above = sorted(upstream(holdings, party), key=lambda h: (h.owned, h.owner))
    corrections: list[Sentence] = []
    by_owned: dict[PartyId, list[Holding]] = {}
    for holding in above:
        if holding.owner == holding.owned:
            told = say("What {party} holds of itself is left out.", party=holding.owned)
            corrections.append(told)
        elif not holding.is_unknown or has_open_share(holding):
            by_owned.setdefault(holding.owned, []).append(holding)
    if end is Bound.POSSIBLE and law is not None:
        order = _order(by_owned, regime.counting(listed, law), regime.limit(law))
        stakes = [one for held in by_owned.values() for one in _greatest(held, order)]
    else:
        stakes = [one for held in by_owned.values() for one in _least(held, corrections)]
    return Stakes(tuple(stakes), tuple(corrections))


def parties_below(graph: OwnershipGraph, owners: Iterable[PartyId]) -> frozenset[PartyId]:
    """Return everybody in whom some parties hold something, directly or through others."""
    below: dict[PartyId, list[PartyId]] = {}
    for owned, holdings in graph.holdings.items():
        for holding in holdings:
            below.setdefault(holding.owner, []).append(owned)
    seen: set[PartyId] = set()
    waiting = list(owners)
    for owner in waiting:
        for owned in below.get(owner, ()):
            if owned not in seen:
                seen.add(owned)
                waiting.append(owned)
    return frozenset(seen)


def _least(held: list[Holding], corrections: list[Sentence]) -> list[Stake]:
    total = sum((holding.low for holding in held), _NONE)
    factor = _WHOLE if total <= 1 else 1 / total
    if total > 1:
        told = say(
            "The certain shares in {party} add up to {total:percent}, so they are scaled to the"
            " whole.",
            party=held[0].owned,
            total=total,
        )
        corrections.append(told)
    return [_stake(holding, holding.low * factor) for holding in held]


def _greatest(held: list[Holding], order: Mapping[PartyId, int]) -> list[Stake]:
    """Return the shares at which those that can count hold the most together.

    The first to count take first, so that who is reached through them is reached
    here too.
    """
    least = sum((holding.low for holding in held), _NONE)
    room = max(_WHOLE - least, _NONE)
    last = len(order)
    stakes = []
    left = _WHOLE
    for holding in sorted(held, key=lambda h: (order.get(h.owner, last), h.owner)):
        share = holding.low
        if holding.owner in order:
            more = min(holding.high - holding.low, room)
            share, room = share + more, room - more
        share = min(share, left)
        left -= share
        stakes.append(_stake(holding, share))
    return stakes


def _order(
    by_owned: Mapping[PartyId, list[Holding]],
    counting: Mapping[PartyId, frozenset[str]],
    limit: Limit,
) -> dict[PartyId, int]:
    """Return who can count at most, in the order in which it comes to count."""
    below: dict[PartyId, list[PartyId]] = {}
    for owned, held in by_owned.items():
        for holding in held:
            below.setdefault(holding.owner, []).append(owned)
    order = {party: place for place, party in enumerate(sorted(counting))}
    waiting = deque(order)
    while waiting:
        for owned in below.get(waiting.popleft(), ()):
            if owned not in order and limit.passed_by(_most(by_owned[owned], order)):
                order[owned] = len(order)
                waiting.append(owned)
    return order


def _most(held: Iterable[Holding], counting: Mapping[PartyId, int]) -> Fraction:
    """Return the most that those who count can hold together beside the others' certain shares."""
    own = others = _NONE
    for holding in held:
        if holding.owner in counting:
            own += holding.high
        else:
            others += holding.low
    if others >= 1:
        return min(own, _WHOLE)
    return min(own, _WHOLE - others)


def _stake(holding: Holding, share: Fraction) -> Stake:
    known = None if has_open_share(holding) else _decimal(share)
    return Stake(holding.owner, holding.owned, known)


def _decimal(share: Fraction) -> Fraction:
    """Return a share as a decimal with an end, cut down where it has none."""
    if Fraction(flop_text(share)) == share:
        return share
    return Fraction(share * _PLACES // 1, _PLACES)
