"""What is known of lists: issuers, ages, addresses, identifiers, spellings of countries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sluicegate.core.exact import load_yaml
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.screening.entries import ListEntry

OWN = "own"
DESIGNATED = "designated"
"""The list of designations that are entered by hand."""


class Joins(Enum):
    """Whether entries with the same identifier are one party."""

    ALWAYS = "always"
    WITH_COUNTRY = "with_country"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list, or a file that `holds` several.

    A version older than `greatest_age_days` is stale; a new version may lose
    the share `may_shrink` of its entries. `factor` is the point of the high-risk
    profile, `ownership` the name in the question ownership_50_percent and
    `specified` another such name for entries under the programmes that the
    parameter `specified_by` of the rules names; each empty where there is none.
    A register (`is_register`) names parties and accuses nobody.
    """

    list_id: str
    issuer: str
    title: Title
    jurisdiction: str
    format: str
    addresses: tuple[str, ...]
    greatest_age_days: int
    may_shrink: Fraction
    factor: str = ""
    ownership: str = ""
    specified: str = ""
    specified_by: str = ""
    holds: tuple[str, ...] = ()
    is_register: bool = False


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """A kind of identifier: its label, whether it joins entries, how lists call it."""

    kind: str
    title: Title
    joins: Joins
    called: tuple[str, ...]


@cache
def _data() -> Mapping[str, Any]:
    path = files("sluicegate") / "data" / "vocabularies" / "lists.yaml"
    loaded: Mapping[str, Any] = load_yaml(path.read_text(encoding="utf-8"))
    return loaded


@cache
def known_lists() -> Mapping[str, KnownList]:
    """Return every list that is known, by its id.

    >>> known_lists()["us_sdn"].factor
    'sdn_list'
    """
    return MappingProxyType({key: _list(key, one) for key, one in _data()["lists"].items()})


def known_list(list_id: str) -> KnownList:
    """Return a list by its id; one with an id of the user's own is like `own`.

    >>> known_list("blocked_resellers").title.en
    'blocked_resellers'
    """
    found = known_lists().get(list_id)
    return _list(list_id, {**_data()["lists"][OWN], "title": None}) if found is None else found


def _list(list_id: str, entry: Mapping[str, Any]) -> KnownList:
    title, specified = entry["title"], entry.get("specified", {})
    return KnownList(
        list_id,
        entry["issuer"],
        Title(title["en"], title["zh"]) if title else Title(list_id, list_id),
        entry["jurisdiction"],
        entry["format"],
        tuple(entry.get("addresses", ())),
        int(entry["greatest_age_days"]),
        Fraction(entry["may_shrink"]),
        entry.get("factor", ""),
        entry.get("ownership", ""),
        specified.get("ownership", ""),
        specified.get("programmes", ""),
        tuple(entry.get("holds", ())),
        entry.get("is_register", False),
    )


def specified_programmes(law: Law) -> Mapping[str, frozenset[str]]:
    """Return list → the programmes whose entries a rule tells apart on the law's day."""
    by = {name: one.specified_by for name, one in known_lists().items() if one.specified_by}
    return {name: frozenset(law.texts(parameter)) for name, parameter in by.items()}


def counted_as(entry: ListEntry) -> KnownList:
    """Return the list as whose an entry counts: its own.

    A designation entered by hand counts as an entry of the list that will carry
    it, which stands in its programmes: it binds from its publication.
    """
    is_by_hand = entry.list_id == DESIGNATED and bool(entry.programmes)
    return known_list(entry.programmes[0] if is_by_hand else entry.list_id)


def ownership_lists(
    entries: Iterable[ListEntry], programmes: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """Return the names of a party's lists in the question ownership_50_percent, sorted.

    An SDN under a programme that the Affiliates Rule names is both `sdn` and
    `sdn_specified`; a party on no list of the question gives none. `programmes`
    are what `specified_programmes` returns.
    """
    found: set[str] = set()
    for entry in entries:
        known = counted_as(entry)
        found.add(known.ownership)
        if not set(entry.programmes).isdisjoint(programmes.get(entry.list_id, ())):
            found.add(known.specified)
    return tuple(sorted(found - {""}))


def factors(entries: Iterable[ListEntry]) -> tuple[str, ...]:
    """Return the points of the high-risk profile that a party's lists stand for, sorted."""
    return tuple(sorted({counted_as(one).factor for one in entries} - {""}))


@cache
def identifier_kinds() -> Mapping[str, IdentifierKind]:
    """Return every kind of identifier by its code."""
    return MappingProxyType(
        {
            kind: IdentifierKind(
                kind,
                Title(one["title"]["en"], one["title"]["zh"]),
                Joins(one["joins"]),
                tuple(one["called"]),
            )
            for kind, one in _data()["identifiers"].items()
        }
    )


@cache
def kind_called(label: str) -> str:
    """Return the kind of identifier that a list calls so, or an empty text.

    >>> kind_called("Cedula No."), kind_called("Favourite colour")
    ('national_id', '')
    """
    return _kinds_by_label().get(label.casefold(), "")


@cache
def _kinds_by_label() -> Mapping[str, str]:
    return {
        label.casefold(): one.kind for one in identifier_kinds().values() for label in one.called
    }


@cache
def csl_sources() -> Mapping[str, str]:
    """Return the list ids by what the Consolidated Screening List has in brackets."""
    return MappingProxyType(dict(_data()["csl_sources"]))


@cache
def list_of_programme() -> Mapping[str, str]:
    """Return the list ids by OFAC's programmes of entries that are no SDN."""
    return MappingProxyType(dict(_data()["programmes"]))


@cache
def country_spellings() -> Mapping[str, tuple[str, ...]]:
    """Return how lists write countries besides their names, by code."""
    return MappingProxyType({code: tuple(names) for code, names in _data()["spellings"].items()})
