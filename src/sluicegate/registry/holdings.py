"""Holdings and the exact share that runs along them.

The effective share of an owner in a party is the product along a chain, added
up over all chains. Read the other way: take a random share of the party, go to
its holder, and on from there; the effective share is the chance to meet the
owner. That stays between 0 and 1 in circles too, and is what an exact solution
of the linear system over each circle gives:

* a circle is solved with quotients, never cut off;
* a circle that nobody outside holds passes nothing on;
* where the certain shares in a party of a circle add up to more than the whole,
  they are scaled to the whole; where the possible ones do, the parties of that
  circle and their holders count in full, so that a possible share is never
  understated.

Outside circles nothing is scaled; a result is cut at 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.records import OwnershipEdge

_NONE = Fraction(0)
_WHOLE = Fraction(1)


class Bound(Enum):
    """Which end of a share that is known as a range: its low end, or its high end."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Holding:
    """What one party holds of another on a day; shares from 0 to 1.

    A share that is not known counts as 0 and is marked; a range that has only
    a low end reaches up to 1. `edge` is absent where an account stands under
    its parent account. `through` is the nominee in whose name it is held.
    """

    owner: PartyId
    owned: PartyId
    low: Fraction
    high: Fraction
    is_unknown: bool
    has_control: bool
    edge: OwnershipEdge | None
    through: PartyId | None = None

    @classmethod
    def of(cls, edge: OwnershipEdge) -> Holding:
        """Return the holding that an edge states."""
        low, high = edge.share_low, edge.share_high
        is_unknown = low is None and high is None and edge.share is None
        if low is None:
            low = edge.share if edge.share is not None else _NONE
        if high is None:
            open_end = _NONE if is_unknown else _WHOLE
            high = edge.share if edge.share is not None else open_end
        control = edge.substantial_control
        return cls(edge.owner_id, edge.owned_id, low, high, is_unknown, control, edge)

    @classmethod
    def of_account(cls, parent: PartyId, account: PartyId) -> Holding:
        """Return the whole holding of a parent account in an account under it."""
        return cls(parent, account, _WHOLE, _WHOLE, False, False, None)

    def share(self, bound: Bound) -> Fraction:
        """Return one end of the share."""
        return self.low if bound is Bound.CERTAIN else self.high


Holdings = Mapping[PartyId, Sequence[Holding]]
"""Owned party → the holdings in it."""


def upstream(holdings: Holdings, party: PartyId) -> list[Holding]:
    """Return every holding above a party, each once; those nearest the party come first."""
    found: list[Holding] = []
    seen = {party}
    queue = [party]
    for owned in queue:
        for holding in holdings.get(owned, ()):
            found.append(holding)
            if holding.owner not in seen:
                seen.add(holding.owner)
                queue.append(holding.owner)
    return found


def shares_held(
    holdings: Holdings,
    party: PartyId,
    bound: Bound,
    stops: AbstractSet[PartyId] = frozenset(),
) -> dict[PartyId, Fraction]:
    """Return what each party above holds of a party, directly and through others.

    A party among `stops` keeps what it holds: nothing runs on to its own
    owners. The figure of a party that stands in a circle and is no stop counts
    its own circular holdings again; to ask for such a party, make it a stop.
    """
    arriving: dict[PartyId, Fraction] = {party: _WHOLE}
    held: dict[PartyId, Fraction] = {}
    open_stops = stops - {party}
    for circle in _circles(holdings, party, bound, open_stops):
        flows = _flows(holdings, circle, bound, open_stops)
        _settle(circle, flows, arriving, held, bound)
        members = set(circle)
        for flow in flows:
            if flow.owner not in members:
                amount = flow.share * held[flow.owned]
                arriving[flow.owner] = arriving.get(flow.owner, _NONE) + amount
    del held[party]
    return {owner: min(share, _WHOLE) for owner, share in held.items()}


def is_scaled(holdings: Holdings, party: PartyId, bound: Bound) -> bool:
    """Say whether a circle at or above a party is scaled: its shares come to more than the whole.

    Where none is, what parties hold together is no more than what each of them
    holds by itself, added up.
    """
    for circle in _circles(holdings, party, bound, frozenset()):
        flows = _flows(holdings, circle, bound, frozenset())
        if len(circle) == 1 and all(flow.owner != circle[0] for flow in flows):
            continue
        totals: dict[PartyId, Fraction] = dict.fromkeys(circle, _NONE)
        for flow in flows:
            totals[flow.owned] += flow.share
        if max(totals.values()) > 1:
            return True
    return False


@dataclass(slots=True)
class _Flow:
    owner: PartyId
    owned: PartyId
    share: Fraction


def _flows(
    holdings: Holdings, circle: Sequence[PartyId], bound: Bound, stops: AbstractSet[PartyId]
) -> list[_Flow]:
    return [
        _Flow(holding.owner, holding.owned, holding.share(bound))
        for owned in circle
        if owned not in stops
        for holding in holdings.get(owned, ())
        if holding.share(bound)
    ]


def _settle(
    circle: Sequence[PartyId],
    flows: list[_Flow],
    arriving: Mapping[PartyId, Fraction],
    held: dict[PartyId, Fraction],
    bound: Bound,
) -> None:
    """Fill in what the parties of one circle hold; scale its flows where that is needed."""
    members = set(circle)
    inner = [flow for flow in flows if flow.owner in members]
    if not inner:
        held[circle[0]] = arriving[circle[0]]
        return
    totals: dict[PartyId, Fraction] = dict.fromkeys(circle, _NONE)
    for flow in flows:
        totals[flow.owned] += flow.share
    reaching = sum((arriving.get(member, _NONE) for member in circle), _NONE)
    if max(totals.values()) > 1:
        if bound is Bound.POSSIBLE:
            held.update(dict.fromkeys(circle, min(reaching, _WHOLE)))
            for flow in flows:
                flow.share = _WHOLE
            return
        for flow in flows:
            flow.share /= max(totals[flow.owned], _WHOLE)
    kept: dict[PartyId, Fraction] = dict.fromkeys(circle, _NONE)
    for flow in inner:
        kept[flow.owned] += flow.share
    if min(kept.values()) == 1:
        held.update(dict.fromkeys(circle, min(reaching, _WHOLE)))
        return
    held.update(_solve(circle, inner, arriving))


def _solve(
    circle: Sequence[PartyId], inner: Sequence[_Flow], arriving: Mapping[PartyId, Fraction]
) -> dict[PartyId, Fraction]:
    """Solve held = arriving + shares x held by elimination, those with few links first.

    The matrix has 1 on its diagonal, nothing positive beside it and columns
    that add up to 0 or more, one of them to more: every pivot is positive.
    """
    rows: dict[PartyId, dict[PartyId, Fraction]] = {m: {m: _WHOLE} for m in circle}
    using: dict[PartyId, set[PartyId]] = {member: set() for member in circle}
    for flow in inner:
        row = rows[flow.owner]
        row[flow.owned] = row.get(flow.owned, _NONE) - flow.share
        using[flow.owned].add(flow.owner)
    right = {member: arriving.get(member, _NONE) for member in circle}
    order = sorted(circle, key=lambda member: (len(rows[member]) * len(using[member]), member))
    done: set[PartyId] = set()
    for pivot in order:
        done.add(pivot)
        top = rows[pivot]
        for other in using[pivot] - done:
            row = rows[other]
            factor = row.pop(pivot) / top[pivot]
            for member, value in top.items():
                if member != pivot:
                    row[member] = row.get(member, _NONE) - factor * value
                    using[member].add(other)
            right[other] -= factor * right[pivot]
    solution: dict[PartyId, Fraction] = {}
    for pivot in reversed(order):
        row = rows[pivot]
        known = sum((v * solution[m] for m, v in row.items() if m != pivot), _NONE)
        solution[pivot] = (right[pivot] - known) / row[pivot]
    return solution


def _circles(
    holdings: Holdings, party: PartyId, bound: Bound, stops: AbstractSet[PartyId]
) -> list[list[PartyId]]:
    """Return the circles at and above a party (most have one member), the party's own first.

    Tarjan's algorithm without recursion: an owner's circle is finished before
    the circles of what it owns, so the order found is turned round.
    """

    def owners(owned: PartyId) -> Iterator[PartyId]:
        if owned in stops:
            return iter(())
        return iter([h.owner for h in holdings.get(owned, ()) if h.share(bound)])

    number: dict[PartyId, int] = {party: 0}
    lowest: dict[PartyId, int] = {party: 0}
    trail: list[PartyId] = [party]
    on_trail = {party}
    work = [(party, owners(party))]
    found: list[list[PartyId]] = []
    while work:
        owned, rest = work[-1]
        for owner in rest:
            if owner not in number:
                number[owner] = lowest[owner] = len(number)
                trail.append(owner)
                on_trail.add(owner)
                work.append((owner, owners(owner)))
                break
            if owner in on_trail:
                lowest[owned] = min(lowest[owned], number[owner])
        else:
            work.pop()
            if work:
                below = work[-1][0]
                lowest[below] = min(lowest[below], lowest[owned])
            if lowest[owned] == number[owned]:
                cut = _last_place(trail, owned)
                found.append(trail[cut:])
                on_trail.difference_update(trail[cut:])
                del trail[cut:]
    return found[::-1]


def _last_place(trail: Sequence[PartyId], party: PartyId) -> int:
    place = len(trail) - 1
    while trail[place] != party:
        place -= 1
    return place
