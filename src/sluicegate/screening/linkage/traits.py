"""What accounts are known by, taken from the registry in the form in which it is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sluicegate.core.identifiers import PartyId
from sluicegate.registry import records
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import AccountSignal, Customer, CustomerKind
from sluicegate.screening.linkage import normal
from sluicegate.screening.linkage.policy import LinkKind, LinkPolicy


class Trait(NamedTuple):
    """One thing by which a customer is known, and when: `value` is its normal form."""

    customer: str
    kind: LinkKind
    value: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Evidence:
    """What the registry holds of customers on a day; the shares say who is a beneficial owner."""

    customers: Mapping[str, Customer]
    ownership: OwnershipGraph
    signals: Sequence[AccountSignal]
    beneficial_share: Fraction
    majority_share: Fraction
    day: date


def roots_of(customers: Mapping[str, Customer]) -> dict[str, str]:
    """Return account → the customer at the top of `account_of`; others are their own.

    In a circle of accounts the least id stands for all.
    """
    found: dict[str, str] = {}
    for key in customers:
        seen: list[str] = []
        top = key
        while top not in found and top not in seen:
            seen.append(top)
            customer = customers.get(top)
            above = None if customer is None else customer.account_of
            if above is None or str(above) == top:
                break
            top = str(above)
        if top in found:
            top = found[top]
        elif seen and top in seen[:-1]:
            top = min(seen[seen.index(top) :])
        for one in seen:
            found[one] = top
    return found


def traits_of(evidence: Evidence, policy: LinkPolicy) -> Iterator[Trait]:
    """Yield what customers are known by; what says nothing of who it belongs to is left out."""
    for customer in evidence.customers.values():
        yield from _stated(customer, policy)
        yield from _people(customer, evidence, policy)
    for signal in evidence.signals:
        if signal.first_seen is None or signal.first_seen <= evidence.day:
            yield from _seen(signal, policy)


def _stated(customer: Customer, policy: LinkPolicy) -> Iterator[Trait]:
    """Yield what a customer's own row says."""
    key, country = str(customer.customer_id), customer.country

    def trait(kind: LinkKind, value: str) -> Iterator[Trait]:
        if value:
            yield Trait(key, kind, value, customer.opened, customer.closed)

    if customer.lei:
        yield from trait(LinkKind.LEI, normal.lei(customer.lei))
    if customer.registration_number:
        found = normal.number(customer.registration_number, country, policy)
        yield from trait(LinkKind.REGISTRATION, found)
    if customer.address:
        yield from trait(LinkKind.ADDRESS, normal.address(customer.address, country, policy))
    if customer.telephone:
        yield from trait(LinkKind.TELEPHONE, normal.telephone(customer.telephone))
    if customer.email:
        box = normal.email(customer.email, policy)
        yield from trait(LinkKind.EMAIL, box)
        yield from trait(LinkKind.DOMAIN, normal.domain(box.rpartition("@")[2], policy))
    if customer.payment_source:
        yield from trait(LinkKind.PAYMENT, normal.account_number(customer.payment_source, policy))
    if customer.birth_date is not None and customer.customer_kind is CustomerKind.INDIVIDUAL:
        name = normal.name(customer.name, policy)
        yield from trait(LinkKind.PERSON, name and f"{name} {customer.birth_date.isoformat()}")
    for text in customer.ip_addresses:
        ip = normal.ip_address(text, policy)
        if ip:
            yield from trait(LinkKind.IP, ip)
            yield from trait(LinkKind.IP_RANGE, normal.ip_range(ip))


def _people(customer: Customer, evidence: Evidence, policy: LinkPolicy) -> Iterator[Trait]:
    """Yield who stands behind a customer: owners of a share that counts, and directors."""
    key = PartyId(customer.customer_id)
    if customer.customer_kind is CustomerKind.INDIVIDUAL:
        yield Trait(str(key), LinkKind.OWNER, str(key), customer.opened, customer.closed)
    above = evidence.ownership.owners(key)
    if not above or customer.account_of is not None:
        return
    owners = {
        str(one.owner) for one in above if one.has_control or one.high >= evidence.beneficial_share
    }
    if any(evidence.ownership.owners(one.owner) for one in above):
        behind = evidence.ownership.beneficial_owners(
            key, evidence.beneficial_share, majority=evidence.majority_share
        )
        owners |= {str(one.party.party_id) for one in behind}
    for owner in sorted(owners):
        yield Trait(str(key), LinkKind.OWNER, owner, customer.opened, customer.closed)
    for holding in above:
        edge = holding.edge
        role = "" if edge is None or edge.role is None else edge.role.casefold()
        if edge is not None and any(word in role for word in policy.director_roles):
            owner = str(holding.owner)
            yield Trait(str(key), LinkKind.DIRECTOR, owner, edge.valid_from, edge.valid_to)


def _seen(signal: AccountSignal, policy: LinkPolicy) -> Iterator[Trait]:
    """Yield what an account was seen with."""
    for kind, read in _SIGNALS[signal.signal]:
        value = read(signal.value, policy)
        if value:
            key = str(signal.customer_id)
            yield Trait(key, kind, value, signal.first_seen, signal.last_seen)


def _range_of(text: str, policy: LinkPolicy) -> str:
    ip = normal.ip_address(text, policy)
    return ip and normal.ip_range(ip)


_SIGNALS: Mapping[str, tuple[tuple[LinkKind, Callable[[str, LinkPolicy], str]], ...]] = {
    records.DEVICE: ((LinkKind.DEVICE, normal.token),),
    records.DOMAIN: ((LinkKind.DOMAIN, normal.domain),),
    records.IP: ((LinkKind.IP, normal.ip_address), (LinkKind.IP_RANGE, _range_of)),
    records.PAYMENT_INSTRUMENT: ((LinkKind.PAYMENT, normal.token),),
}
