"""Find the links between a node's customers, and draw their groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import PartyId
from sluicegate.core.trace import Figure
from sluicegate.registry.affiliates import GroupRule
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import AccountSignal, Customer, OwnershipEdge
from sluicegate.rules.law import Law
from sluicegate.screening.linkage import (
    Bond,
    Evidence,
    Found,
    Groups,
    LinkKind,
    LinkPolicy,
    Standing,
    Verdict,
    draw_groups,
    find_links,
    normal,
    roots_of,
    shipped_policy,
    standing_of,
    traits_of,
)
from sluicegate.services.ports import Store
from sluicegate.services.ports.links import KeptLink, LinkMark

MOST_SHOWN = 30
"""Pairs shown of a group in a trace."""

PREFIX = "linked-"
"""How the id of a group of linked customers begins, so that it is nobody's customer id."""


@dataclass(frozen=True)
class Linked:
    """What holds customers together on a day.

    `controllers` is customer → the party at the top of its affiliate group by
    the rule of law; links never change that grouping. `groups` joins who stands
    under one control with who is linked.
    """

    as_of: date
    found: Found
    groups: Groups
    standing: Standing
    roots: Mapping[str, str]
    controllers: Mapping[str, str]

    @cached_property
    def group_of(self) -> Mapping[str, str]:
        """Customer → group of linked customers, accounts included.

        A group that stands under one controlling party is an affiliate group
        and no group of links.
        """
        named = {
            first: f"{PREFIX}{first}"
            for first, members in self.groups.members.items()
            if len({self.controllers.get(one, one) for one in members}) > 1
        }
        found = {}
        for key in sorted({*self.roots, *self.groups.of}):
            first = self.groups.of.get(self.roots.get(key, key))
            if first in named:
                found[key] = named[first]
        return found

    def kept(self) -> Iterator[KeptLink]:
        """Yield every link as it is kept for reading."""
        for bond in self.found.bonds.values():
            a, b = bond.pair
            group = self.group_of.get(a, "")
            inside = group if group == self.group_of.get(b, "") else ""
            for link in bond.links:
                yield KeptLink(link, self.holds(bond), inside, self.groups.aside.get(bond.pair))

    @cached_property
    def figures(self) -> Mapping[str, Sequence[Figure]]:
        """Group of linked customers → what holds it together, for a finding's trace.

        At most `MOST_SHOWN` pairs of a group, those of most weight first.
        """
        held: dict[str, list[Bond]] = {}
        for bond in self.found.bonds.values():
            if self.holds(bond) and bond.pair[0] in self.group_of:
                held.setdefault(self.group_of[bond.pair[0]], []).append(bond)
        return {
            group: tuple(
                _figure(bond, self.standing)
                for bond in sorted(bonds, key=lambda one: (-one.weight, one.pair))[:MOST_SHOWN]
            )
            for group, bonds in held.items()
        }

    def holds(self, bond: Bond) -> bool:
        """Say whether a bond holds its pair, after what people decided."""
        decision = self.standing.get(bond.pair)
        if decision is None:
            return bond.holds and bond.pair not in self.groups.aside
        return decision.verdict is Verdict.ACCEPTED

    def mark(self) -> LinkMark:
        """Return what came of it, in figures."""
        groups = {*self.group_of.values()}
        links = sum(len(bond.links) for bond in self.found.bonds.values())
        decided = sorted((*pair, one.verdict.value) for pair, one in self.standing.items())
        aside = sorted(
            (*pair, why.pattern.value, why.customers) for pair, why in self.groups.aside.items()
        )
        common = sorted((one.kind.value, one.evidence, one.customers) for one in self.found.common)
        groups_of = sorted(map(list, self.group_of.items()))
        content = [self.found.digest, groups_of, decided, aside, common]
        return LinkMark(
            as_of=self.as_of,
            version=self.found.version,
            digest=digest(content),
            customers=self.found.customers,
            links=links,
            groups=len(groups),
            common=len(self.found.common),
            aside=len(self.groups.aside),
        )


_SAME: Mapping[LinkKind, str] = {
    LinkKind.LEI: "same legal entity identifier",
    LinkKind.REGISTRATION: "same registration number",
    LinkKind.PERSON: "same name and date of birth",
    LinkKind.PAYMENT: "same payment instrument",
    LinkKind.DEVICE: "same device",
    LinkKind.EMAIL: "same email address",
    LinkKind.DOMAIN: "same domain of e-mail",
    LinkKind.OWNER: "same beneficial owner",
    LinkKind.DIRECTOR: "same director",
    LinkKind.ADDRESS: "same address",
    LinkKind.TELEPHONE: "same telephone number",
    LinkKind.IP: "same network address",
    LinkKind.IP_RANGE: "same range of network addresses",
    LinkKind.NAME: "similar names",
}


def _figure(bond: Bond, standing: Standing) -> Figure:
    """Return what holds two customers together as a part of a trace: digests, no values."""
    parts = [Figure(_SAME[link.kind], link.evidence) for link in bond.links]
    if bond.pair in standing:
        parts.append(Figure("accepted by a person", standing[bond.pair].at.date().isoformat()))
    return Figure("linked by", " – ".join(bond.pair), children=tuple(parts))


@dataclass(frozen=True)
class Registry:
    """What links are found from: customers, ownership and signals on a day."""

    customers: Mapping[str, Customer]
    ownership: OwnershipGraph
    signals: tuple[AccountSignal, ...]

    @classmethod
    def of(cls, store: Store, as_of: date, known_on: datetime | None = None) -> Registry:
        """Read it from the store."""
        found = store.records("customers", as_of=as_of, known_on=known_on)
        customers = {str(one.customer_id): one for one in found if isinstance(one, Customer)}
        edges = store.records("ownership", as_of=as_of, known_on=known_on)
        graph = OwnershipGraph.of(
            (one for one in edges if isinstance(one, OwnershipEdge)), customers.values()
        )
        return cls(customers, graph, signals_of(store, as_of, known_on))


def signals_of(
    store: Store, as_of: date, known_on: datetime | None = None
) -> tuple[AccountSignal, ...]:
    """Return what accounts were seen with."""
    found = store.records("account_signals", as_of=as_of, known_on=known_on)
    return tuple(one for one in found if isinstance(one, AccountSignal))


def find_linked(
    registry: Registry,
    store: Store,
    law: Law,
    *,
    as_of: date,
    known_on: datetime | None = None,
    policy: LinkPolicy | None = None,
) -> Linked:
    """Find the links between customers on a day, with what people decided about them."""
    used = policy or shipped_policy()
    customers = registry.customers
    majority = law.share("assess.groups.majority_share")
    evidence = Evidence(
        customers=customers,
        ownership=registry.ownership,
        signals=registry.signals,
        beneficial_share=law.share("assess.groups.beneficial_share"),
        majority_share=majority,
        day=as_of,
    )
    roots = roots_of(customers)
    for signal in registry.signals:
        roots.setdefault(str(signal.customer_id), str(signal.customer_id))
    names = {key: normal.name(one.name, used) for key, one in customers.items()}
    found = find_links(traits_of(evidence, used), names, roots, used)
    standing = standing_of(store.links.decisions(known_on=known_on), roots)
    heads = registry.ownership.affiliate_groups(
        map(PartyId, {*roots.values()}), GroupRule(control_share=majority)
    )
    controllers = {str(key): str(head) for key, head in heads.items()}
    families: dict[str, list[str]] = {}
    for key, head in controllers.items():
        families.setdefault(head, []).append(key)
    together = [one for one in families.values() if len(one) > 1]
    groups = draw_groups(found, standing, used, together)
    return Linked(as_of, found, groups, standing, roots, controllers)


def keep_linked(store: Store, linked: Linked, *, at: datetime) -> bool:
    """Keep what was found for reading; return whether anything changed."""
    links = tuple(linked.kept())
    return store.links.keep(linked.mark(), links, linked.group_of, linked.found.common, at=at)
