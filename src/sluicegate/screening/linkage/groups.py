"""Groups of customers that belong together, and what people decided about their links.

A cut takes every link between two customers out, whatever is found later; it
ends only by being taken back. Where other links still join the two, they stay
in one group, and `path` says through whom.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sluicegate.screening.linkage.bounds import Aside, chains, hubs
from sluicegate.screening.linkage.links import Found, Pair
from sluicegate.screening.linkage.policy import LinkPolicy


class Verdict(Enum):
    """What a person decided about two customers."""

    CUT = "cut"
    RESTORED = "restored"
    """A cut was taken back: the links count again as they are found."""
    ACCEPTED = "accepted"
    """They belong together, though what is found does not hold them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about two customers, the lesser id first, why, by whom and when."""

    a: str
    b: str
    verdict: Verdict
    reason: str
    by: str
    at: datetime

    @property
    def pair(self) -> Pair:
        """The two customers."""
        return self.a, self.b


Standing = Mapping[Pair, Decision]
"""Pair of customers → the decision that stands, of those that change anything."""


def pair_of(one: str, other: str) -> Pair:
    """Return two ids as a pair, the lesser first."""
    return (one, other) if one <= other else (other, one)


def standing_of(decisions: Iterable[Decision], roots: Mapping[str, str]) -> Standing:
    """Return what stands between customers; decisions come oldest first.

    Of one pair of ids the last decision counts. Where ids have been merged
    (`account_of`), several pairs become one: it is cut as long as any of them
    is, so that no merge brings a cut link back.
    """
    last: dict[Pair, Decision] = {}
    for one in decisions:
        last[pair_of(one.a, one.b)] = one
    standing: dict[Pair, Decision] = {}
    for a, b in sorted(last):
        decision = last[a, b]
        pair = pair_of(roots.get(a, a), roots.get(b, b))
        if decision.verdict is Verdict.RESTORED or pair[0] == pair[1]:
            continue
        held = standing.get(pair)
        if held is None or (decision.verdict is Verdict.CUT) > (held.verdict is Verdict.CUT):
            standing[pair] = decision
    return standing


@dataclass(frozen=True)
class Groups:
    """Customers in groups. A group is named by the least id of its customers.

    `of` holds those who are not alone; `members` the customers of each group in
    order; `edges` who stands beside whom; `aside` the bonds that are not used,
    because they would join too many.
    """

    of: Mapping[str, str]
    members: Mapping[str, tuple[str, ...]]
    edges: Mapping[str, tuple[str, ...]]
    aside: Mapping[Pair, Aside]

    def path(self, one: str, other: str) -> tuple[str, ...]:
        """Return the shortest way from one customer to another, both included; () for none.

        Of several, the one through the least ids.
        """
        before: dict[str, str] = {one: one}
        waiting = deque([one])
        while waiting and other not in before:
            here = waiting.popleft()
            for there in self.edges.get(here, ()):
                if there not in before:
                    before[there] = here
                    waiting.append(there)
        if other not in before:
            return ()
        way = [other]
        while way[-1] != one:
            way.append(before[way[-1]])
        return tuple(reversed(way))


def draw_groups(
    found: Found,
    standing: Standing,
    policy: LinkPolicy,
    families: Iterable[Sequence[str]] = (),
) -> Groups:
    """Draw the groups: who is held together by links, by what was accepted, or by one control.

    `families` are customers under one controlling party: what a record of
    ownership or of an account says is no link that can be cut. The same links
    and decisions give the same groups, in whatever order they come.
    """
    ordered_families = [sorted(set(family)) for family in families]
    unit_of = {one: family[0] for family in ordered_families for one in family}
    cut = {pair for pair, one in standing.items() if one.verdict is Verdict.CUT}
    accepted = [pair for pair, one in standing.items() if one.verdict is Verdict.ACCEPTED]
    of_hubs = hubs(found.holding, unit_of, policy.hub)
    bonds = [bond for bond in found.holding if bond.pair not in cut | of_hubs.keys()]
    aside = of_hubs | chains(bonds, accepted, unit_of, policy.largest)
    aside = {pair: why for pair, why in aside.items() if pair not in accepted}
    used = [bond.pair for bond in bonds if bond.pair not in aside]
    related = [(one[0], other) for one in ordered_families for other in one[1:]]
    edges: dict[str, set[str]] = {}
    for a, b in (*used, *accepted, *related):
        edges.setdefault(a, set()).add(b)
        edges.setdefault(b, set()).add(a)
    of: dict[str, str] = {}
    members: dict[str, tuple[str, ...]] = {}
    for first in sorted(edges):
        if first in of:
            continue
        reached = [first]
        of[first] = first
        for here in reached:
            for there in edges[here]:
                if there not in of:
                    of[there] = first
                    reached.append(there)
        members[first] = tuple(sorted(reached))
    ordered = {key: tuple(sorted(edges[key])) for key in sorted(edges)}
    return Groups(of, members, ordered, aside)
