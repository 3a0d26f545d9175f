"""Which items of identification are held of a customer, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sluicegate.registry.records import Customer, CustomerKind


class Item(Enum):
    """An item that may be asked for before an account is opened.

    The values are those of the question `iaas_account_opening`, which decides
    which of them are.
    """

    NAME = "name"
    ADDRESS = "address"
    LOCATIONS_OF_USE = "locations_of_use"
    JURISDICTION_OF_ORGANISATION = "jurisdiction_of_organisation"
    BENEFICIAL_OWNER_NAMES = "beneficial_owner_names"
    PAYMENT_SOURCE = "payment_source"
    EMAIL = "email"
    TELEPHONE = "telephone"
    IP_ADDRESSES = "ip_addresses"


class Origin(Enum):
    """Where an item comes from."""

    REGISTRY = "registry"
    """A source states it."""
    HAND = "hand"
    """A person entered it."""

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"origin_{self.value}"


@dataclass(frozen=True, slots=True)
class Held:
    """An item that is held: who says so, and since when."""

    item: Item
    origin: Origin
    source: str
    since: datetime | None


_PLACEHOLDER = re.compile(
    r"(?:n\.?\s*/?\s*a\.?|none|null|nil|unknown|not (?:known|stated|applicable|available)"
    r"|to be (?:confirmed|determined|advised)|tb[acd]|test|dummy|example|x+|[-–—_.?*#0]+"
    r"|无|不详|未知|待定|待补|暂无)",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Say whether a text stands in for a value and says nothing.

    >>> is_placeholder(" N/A "), is_placeholder("tbd"), is_placeholder("Nadia Test")
    (True, True, False)
    """
    plain = text.strip()
    return not plain or _PLACEHOLDER.fullmatch(plain) is not None


def held_items(
    customer: Customer | None,
    owners_named: bool,
    by_hand: Mapping[Item, datetime],
) -> tuple[Held, ...]:
    """Return what is held of a customer, each item once, in the order of `Item`.

    `owners_named` says that the registry names every beneficial owner. What a
    person entered goes before what a source states. A placeholder is not held.
    The country of an entity is taken for the jurisdiction of its organisation,
    as the registry keeps no other.
    """
    stated = dict(_stated(customer, owners_named))
    found = []
    for item in Item:
        if item in by_hand:
            found.append(Held(item, Origin.HAND, "", by_hand[item]))
        elif item in stated:
            found.append(stated[item])
    return tuple(found)


def placeholders(customer: Customer | None) -> tuple[Item, ...]:
    """Return the items for which a source states a placeholder."""
    return tuple(
        item for item, text in _texts(customer) if text is not None and is_placeholder(text)
    )


def _stated(customer: Customer | None, owners_named: bool) -> Iterable[tuple[Item, Held]]:
    if customer is None:
        return
    since = None if customer.version is None else customer.version.recorded_at
    for item, text in _texts(customer):
        if text is not None and not is_placeholder(text):
            yield item, Held(item, Origin.REGISTRY, customer.source, since)
    if any(not is_placeholder(one) for one in customer.ip_addresses):
        yield Item.IP_ADDRESSES, Held(Item.IP_ADDRESSES, Origin.REGISTRY, customer.source, since)
    if customer.customer_kind is CustomerKind.ENTITY and customer.country:
        item = Item.JURISDICTION_OF_ORGANISATION
        yield item, Held(item, Origin.REGISTRY, customer.source, since)
    if owners_named:
        item = Item.BENEFICIAL_OWNER_NAMES
        yield item, Held(item, Origin.REGISTRY, customer.source, since)


def _texts(customer: Customer | None) -> tuple[tuple[Item, str | None], ...]:
    if customer is None:
        return ()
    named = None if customer.name == customer.customer_id else customer.name
    return (
        (Item.NAME, named),
        (Item.ADDRESS, customer.address),
        (Item.PAYMENT_SOURCE, customer.payment_source),
        (Item.EMAIL, customer.email),
        (Item.TELEPHONE, customer.telephone),
    )
