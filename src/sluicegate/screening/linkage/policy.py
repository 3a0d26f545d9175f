"""What joins accounts, and how much each kind of evidence weighs (`data/linkage.yaml`)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any

from sluicegate.core.exact import load_yaml


class LinkKind(Enum):
    """What two accounts may share."""

    LEI = "lei"
    REGISTRATION = "registration_number"
    PERSON = "name_and_birth"
    """The name and the date of birth of an individual."""
    PAYMENT = "payment_instrument"
    DEVICE = "device"
    EMAIL = "email"
    DOMAIN = "email_domain"
    OWNER = "beneficial_owner"
    DIRECTOR = "director"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    IP = "ip_address"
    IP_RANGE = "ip_range"
    NAME = "similar_name"


@dataclass(frozen=True, slots=True)
class KindRule:
    """How a kind of evidence counts; see the head of `data/linkage.yaml`."""

    family: str
    weight: int
    few: int
    most: int
    decides: bool = False
    at_once: bool = False
    hidden: bool = False

    def weight_among(self, sharers: int) -> int:
        """Return the weight of a thing that so many customers share."""
        return self.weight if sharers <= self.few else self.weight // 2

    def decides_among(self, sharers: int) -> bool:
        """Say whether one such link is enough when so many customers share the thing."""
        return self.decides and sharers <= self.few


Network = tuple[int, int, int]
"""A network as its version, its first and its last address."""


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """All that the linking rests on; `version` names it in results."""

    version: str
    enough: int
    hub: int
    largest: int
    kinds: Mapping[LinkKind, KindRule]
    similar_name_parts: int
    placeholders: frozenset[str]
    mail_providers: frozenset[str]
    shared_networks: tuple[Network, ...]
    director_roles: tuple[str, ...]
    address_words: Mapping[str, str]
    legal_forms: frozenset[str]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> LinkPolicy:
        """Read a policy. Raises KeyError or ValueError where a part is missing or unfit."""
        return cls(
            version=raw["version"],
            enough=raw["enough"],
            hub=raw["hub"],
            largest=raw["largest"],
            kinds={kind: KindRule(**raw["kinds"][kind.value]) for kind in LinkKind},
            similar_name_parts=raw["similar_name_parts"],
            placeholders=frozenset(raw["placeholders"]),
            mail_providers=frozenset(raw["mail_providers"]),
            shared_networks=tuple(map(_network, raw["shared_networks"])),
            director_roles=tuple(raw["director_roles"]),
            address_words=raw["address_words"],
            legal_forms=frozenset(raw["legal_forms"]),
        )


def _network(text: str) -> Network:
    found = ipaddress.ip_network(text)
    return found.version, int(found.network_address), int(found.broadcast_address)


@cache
def shipped_policy() -> LinkPolicy:
    """Return the policy that comes with the product.

    >>> shipped_policy().kinds[LinkKind.DEVICE].decides_among(2)
    True
    """
    text = (resources.files("sluicegate.data") / "linkage.yaml").read_text(encoding="utf-8")
    return LinkPolicy.of(load_yaml(text))
