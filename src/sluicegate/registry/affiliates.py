"""Affiliate groups: everyone under one controlling party.

Control runs upward in four steps, each to its end before the next:

1. an account stands under its parent account;
2. a holder of at least the control share controls; what a controller and the
   parties it controls hold is added up, so that a majority split over shell
   companies is still a majority;
3. where a rule counts control without shares, a party that nobody controls yet
   goes to the holder of substantial control;
4. where a rule groups at a smaller share than control takes, a party that is
   still alone goes to its greatest holder of at least that share. This is no
   control: holdings are not added up any further.

Between equal holders the least id is taken. In a circle of control one member
stands for all. Shares have no value here: a rule gives them. The cost grows
with the number of holdings (times its logarithm, as smaller sets join larger).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Bound, Holdings


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What makes a group. `group_share` is left out where only control counts."""

    control_share: Fraction
    group_share: Fraction | None = None
    counts_control_without_shares: bool = True
    bound: Bound = Bound.CERTAIN

    def __post_init__(self) -> None:
        for name in ("control_share", "group_share"):
            share = getattr(self, name)
            if share is not None and not 0 < share <= 1:
                raise ValueError(f"{name} {share} is not above 0 and up to 1; give e.g. 1/2")


class Ground(Enum):
    """Why a party stands under another."""

    ACCOUNT = "account"
    SHARES = "shares"
    SUBSTANTIAL_CONTROL = "substantial_control"
    GREATEST_HOLDER = "greatest_holder"


@dataclass(frozen=True, slots=True)
class ControlStep:
    """One step up, to the direct holder of most or the one in control.

    `share` is what all of one group hold of the controlled party together,
    `holders` are those of them that hold it directly, the greatest first.
    """

    controlled: PartyId
    controller: PartyId
    ground: Ground
    share: Fraction
    holders: tuple[PartyId, ...]


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Who stands under whom; a party that is not named stands alone."""

    steps: Mapping[PartyId, ControlStep]
    heads: Mapping[PartyId, PartyId]

    def head(self, party: PartyId) -> PartyId:
        """Return the party at the top of a party's group, itself when it stands alone."""
        return self.heads.get(party, party)

    def path(self, party: PartyId) -> tuple[ControlStep, ...]:
        """Return the steps from a party up to the top of its group."""
        steps: list[ControlStep] = []
        while (step := self.steps.get(party)) is not None:
            steps.append(step)
            party = step.controller
        return tuple(steps)


def affiliate(
    holdings: Holdings, parents: Mapping[PartyId, PartyId], rule: GroupRule
) -> Affiliation:
    """Return who stands under whom; `parents` is account → parent account."""
    joining = _Joining(holdings, rule)
    for account in sorted(parents, reverse=True):
        joining.join(account, parents[account], Ground.ACCOUNT)
    joining.join_majorities(sorted(holdings, reverse=True))
    if rule.counts_control_without_shares:
        for owned in sorted(holdings, reverse=True):
            controllers = [h.owner for h in holdings[owned] if h.has_control]
            if controllers:
                joining.join_controller(owned, controllers)
    if rule.group_share is not None and rule.group_share < rule.control_share:
        joining.join_greatest(sorted(holdings), rule.group_share)
    return joining.result()


class _Joining:
    """Sets of parties under one top, joined step by step.

    A set is named by one of its members (found through `up`); `top` gives the
    party that stands above the rest. `held` and `holders` are the same sums,
    by holding set and by company, kept up to date while sets join.
    """

    def __init__(self, holdings: Holdings, rule: GroupRule) -> None:
        self._rule = rule
        self._holdings = holdings
        self._up: dict[PartyId, PartyId] = {}
        self._top: dict[PartyId, PartyId] = {}
        self._held: dict[PartyId, dict[PartyId, Fraction]] = {}
        self._holders: dict[PartyId, dict[PartyId, Fraction]] = {}
        self._steps: dict[PartyId, ControlStep] = {}
        self._changed: deque[PartyId] = deque()
        for owned, above in holdings.items():
            for holding in above:
                share = holding.share(rule.bound)
                self._hold(holding.owner, owned, share)

    def _hold(self, holder: PartyId, company: PartyId, share: Fraction) -> None:
        held = self._held.setdefault(holder, {})
        total = held.get(company, Fraction(0)) + share
        held[company] = total
        self._holders.setdefault(company, {})[holder] = total

    def _set_of(self, party: PartyId) -> PartyId:
        root = party
        while (above := self._up.get(root, root)) != root:
            root = above
        while (above := self._up.get(party, party)) != root:
            self._up[party] = root
            party = above
        return root

    def _top_of(self, name: PartyId) -> PartyId:
        return self._top.get(name, name)

    def _is_at_top(self, party: PartyId) -> bool:
        return self._top_of(self._set_of(party)) == party

    def join(self, party: PartyId, controller: PartyId, ground: Ground) -> None:
        """Put a party, with all under it, under a controller; nothing when it cannot be."""
        lower, upper = self._set_of(party), self._set_of(controller)
        if lower == upper or self._top_of(lower) != party:
            return
        top = self._top_of(upper)
        self._steps[party] = self._step(party, controller, upper, ground)
        small, large = lower, upper
        if len(self._held.get(small, ())) > len(self._held.get(large, ())):
            small, large = large, small
        self._up[small] = large
        self._top[large] = top
        moved = self._held.pop(small, {})
        for company in sorted(moved):
            del self._holders[company][small]
            self._hold(large, company, moved[company])
            self._changed.append(company)

    def _step(
        self, party: PartyId, controller: PartyId, upper: PartyId, ground: Ground
    ) -> ControlStep:
        """Return the step under a set; shares lead to the set's greatest direct holder."""
        direct = [
            (-holding.share(self._rule.bound), holding.owner)
            for holding in self._holdings.get(party, ())
            if self._set_of(holding.owner) == upper and holding.share(self._rule.bound)
        ]
        holders = tuple(owner for _, owner in sorted(direct))
        if ground in (Ground.SHARES, Ground.GREATEST_HOLDER):
            controller = holders[0]
        share = self._holders.get(party, {}).get(upper, Fraction(0))
        return ControlStep(party, controller, ground, share, holders)

    def join_majorities(self, companies: Iterable[PartyId]) -> None:
        """Put every company that has a controlling holder under it, until none is left."""
        self._changed.extend(companies)
        while self._changed:
            company = self._changed.popleft()
            if not self._is_at_top(company):
                continue
            holder = self._greatest(company, self._rule.control_share)
            if holder is not None:
                self.join(company, holder, Ground.SHARES)

    def join_controller(self, company: PartyId, controllers: Iterable[PartyId]) -> None:
        """Put a company that nobody controls yet under one who controls without shares."""
        own = self._set_of(company)
        outside = [c for c in controllers if self._set_of(c) != own]
        if outside and self._top_of(own) == company:
            holders = self._holders.get(company, {})

            def order(controller: PartyId) -> tuple[Fraction, PartyId, PartyId]:
                name = self._set_of(controller)
                return -holders.get(name, Fraction(0)), self._top_of(name), controller

            self.join(company, min(outside, key=order), Ground.SUBSTANTIAL_CONTROL)
            self.join_majorities(())

    def join_greatest(self, companies: Iterable[PartyId], share: Fraction) -> None:
        """Put every company that is still alone under its greatest holder of a share."""
        chosen: dict[PartyId, PartyId] = {}
        for company in companies:
            if self._is_at_top(company):
                holder = self._greatest(company, share)
                if holder is not None:
                    chosen[company] = holder
        for company in sorted(chosen, reverse=True):
            self.join(company, chosen[company], Ground.GREATEST_HOLDER)

    def _greatest(self, company: PartyId, least: Fraction) -> PartyId | None:
        """Return the top of the set that holds most of a company, itself left out."""
        own = self._set_of(company)
        best: tuple[Fraction, PartyId] | None = None
        for name, share in self._holders.get(company, {}).items():
            if share < least or name == own:
                continue
            candidate = (-share, self._top_of(name))
            if best is None or candidate < best:
                best = candidate
        return None if best is None else best[1]

    def result(self) -> Affiliation:
        """Return the steps taken and the top of every party that stands under another."""
        heads = {party: self._top_of(self._set_of(party)) for party in self._steps}
        return Affiliation(self._steps, heads)
