"""Customers of separate owners that act as one: what they share gives them away.

The look-alikes share as many things, but with very many others: the address and
telephone number of an agent at whom companies register, and the gateway of an
office building.
"""

from collections.abc import Callable
from enum import Enum

from sluicegate.demo.draft import COUNTRIES, Draft
from sluicegate.demo.instants import day_of
from sluicegate.demo.patterns.honest import modest_use
from sluicegate.demo.patterns.splits import use_apart
from sluicegate.demo.records import PartyKind, Signal
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, Subject, SubjectKind

DEVICE = "device"
PAYMENT = "payment_instrument"
_TOGETHER = ("1.9e26", "2.2e26")
_LETTERS = "0123456789abcdef"
_AT_AN_AGENT = 36
"""Honest customers who register at the agent: many more than any group that acts as one."""
_IN_A_ROOM = 14
"""Honest customers who use the machine of the room."""


class Share(Enum):
    """What the customers of a group share."""

    MACHINES = "one device and one payment instrument, separate owners"
    OFFICE = "one address and one telephone number, separate owners"
    ROOM = "one machine of a room that many other customers use too"
    AGENT = "address, telephone number and gateway of an agent for very many companies"


_LOOKS_ALIKE = (Share.ROOM, Share.AGENT)


def add_linked_customers(draft: Draft, sites: Sites) -> None:
    """Add groups that share what only one hand shares, and groups that share what many do."""
    for share in Share:
        country = draft.draws.pick(COUNTRIES)
        members = [_add_member(draft, country) for _ in range(draft.draws.whole(6, 7))]
        _SHARE[share](draft, members, country, sites)
        total = draft.draws.flop(*_TOGETHER)
        flop = use_apart(draft, members, draft.draws.shuffled(sites.large), total)
        draft.add_pattern(
            Pattern.LINKED_CUSTOMERS,
            Subject(SubjectKind.GROUP, members=tuple(sorted(members))),
            near_miss=share in _LOOKS_ALIKE,
            flop=flop,
            detail={"share": share.value},
        )


def add_signals(draft: Draft) -> None:
    """Give a third of the other customers a device and a payment instrument of their own."""
    known = {one.customer_id for one in draft.signals}
    for customer_id in sorted(draft.customers):
        if customer_id not in known and draft.draws.chance(33):
            for kind in (DEVICE, PAYMENT):
                _sign(draft, customer_id, kind, _fingerprint(draft, kind))


def _add_member(draft: Draft, country: str) -> str:
    member = draft.add_customer(Pattern.LINKED_CUSTOMERS, country)
    founder = draft.add_party(PartyKind.INDIVIDUAL, country)
    draft.own(founder, member, 1000, controls=True, role="founder")
    return member


def _machines(draft: Draft, members: list[str], _country: str, _sites: Sites) -> None:
    device, payment = _fingerprint(draft, DEVICE), _fingerprint(draft, PAYMENT)
    for member in members:
        _sign(draft, member, DEVICE, device)
        _sign(draft, member, PAYMENT, payment)


def _office(draft: Draft, members: list[str], country: str, _sites: Sites) -> None:
    address, telephone = draft.names.address(country), draft.names.telephone()
    for member in members:
        draft.amend(member, address=address, telephone=telephone)


def _room(draft: Draft, members: list[str], country: str, sites: Sites) -> None:
    device = _fingerprint(draft, DEVICE)
    for customer in (*members, *_tenants(draft, country, sites, _IN_A_ROOM)):
        _sign(draft, customer, DEVICE, device)


def _tenants(draft: Draft, country: str, sites: Sites, count: int) -> list[str]:
    tenants = [draft.add_customer(Pattern.HONEST, country) for _ in range(count)]
    for tenant in tenants:
        modest_use(draft, sites, tenant)
    return tenants


def _agent(draft: Draft, members: list[str], country: str, sites: Sites) -> None:
    address, telephone = draft.names.address(country), draft.names.telephone()
    gateway = draft.names.ip_addresses().partition(";")[0]
    tenants = _tenants(draft, country, sites, _AT_AN_AGENT)
    for customer in (*members, *tenants):
        draft.amend(customer, address=address, telephone=telephone, ip_addresses=gateway)


_SHARE: dict[Share, Callable[[Draft, list[str], str, Sites], None]] = {
    Share.MACHINES: _machines,
    Share.OFFICE: _office,
    Share.ROOM: _room,
    Share.AGENT: _agent,
}


def _fingerprint(draft: Draft, kind: str) -> str:
    start = "dev-" if kind == DEVICE else "fp-"
    return start + "".join(draft.draws.pick(_LETTERS) for _ in range(24))


def _sign(draft: Draft, customer_id: str, kind: str, value: str) -> None:
    first = draft.draws.whole(30, 300)
    seen = (day_of(draft.as_of, -first), day_of(draft.as_of, -draft.draws.whole(0, 20)))
    draft.signals.append(Signal(customer_id, kind, value, *(day.isoformat() for day in seen)))
