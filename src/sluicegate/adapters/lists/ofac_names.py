"""How OFAC names the files of a list, and what people make of these names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from sluicegate.adapters.lists.source import ListFile


class Role(Enum):
    """What a file of OFAC's three holds."""

    PRIMARY = "primary"
    NAMES = "alternate names"
    ADDRESSES = "addresses"
    COMMENTS = "comments"


_ROLES = {
    "alt": Role.NAMES,
    "alts": Role.NAMES,
    "aka": Role.NAMES,
    "add": Role.ADDRESSES,
    "address": Role.ADDRESSES,
    "addresses": Role.ADDRESSES,
    "comment": Role.COMMENTS,
    "comments": Role.COMMENTS,
}
_SUFFIXES = (".csv", ".txt", ".pip")
_NO_KEY = frozenset({"sdn", "prim", "primary", "ofac", "csv", "txt"})


class Place(NamedTuple):
    """The role that a name tells, and what files of one list have in common."""

    role: Role
    key: tuple[str, ...]


def place_of(name: str) -> Place:
    """Return the place of a file among OFAC's, by its name.

    >>> place_of("sdn_alt_2021-07.csv")
    Place(role=<Role.NAMES: 'alternate names'>, key=('2021', '07'))
    >>> place_of("CONS_PRIM.CSV").key == place_of("cons_add.csv").key
    True
    """
    words = [word for word in re.split(r"[^a-z0-9]+", name.casefold()) if word]
    role = next((_ROLES[word] for word in words if word in _ROLES), Role.PRIMARY)
    key = tuple(word for word in words if word not in _ROLES and word not in _NO_KEY)
    return Place(role, key)


def is_consolidated(name: str) -> bool:
    """Say whether a name is that of the non-SDN list: cons_prim.csv, consolidated.xml."""
    return any(word.startswith("cons") for word in place_of(name).key)


def companions(
    file: ListFile, others: Sequence[ListFile], _was_given: bool
) -> tuple[ListFile, ...]:
    """Return a file of OFAC with those of the same list, the primary file first."""
    own = place_of(file.short_name)
    found = {own.role: file}
    for one in others:
        place = place_of(one.short_name)
        if place.key == own.key and one.short_name.casefold().endswith(_SUFFIXES):
            found.setdefault(place.role, one)
    return tuple(found[role] for role in Role if role in found)
