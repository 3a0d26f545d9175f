"""The listed party: every entry of one party, over all lists, as one thing to match and to work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.screening.entries import Identifier, ListedName, ListEntry, Schema


@dataclass(frozen=True)
class ListedParty:
    """One party with its entries, in order of list and entry id; there is at least one.

    `party_id` stays the same over versions of the lists. A party into which
    another was merged answers for both; the merge is kept apart, by whoever
    gives the ids.
    """

    party_id: str
    entries: tuple[ListEntry, ...]

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists that name it, each once."""
        return tuple(dict.fromkeys(entry.list_id for entry in self.entries))

    @cached_property
    def schema(self) -> Schema:
        """What it is: the most telling of what its entries say."""
        stated = [entry.schema for entry in self.entries]
        known = [one for one in stated if one is not Schema.LEGAL_ENTITY]
        return (known or stated)[0]

    @cached_property
    def names(self) -> tuple[ListedName, ...]:
        """Every name once; one that any entry gives as a full name is not weak."""
        strong: dict[str, ListedName] = {}
        weak: dict[str, ListedName] = {}
        for entry in self.entries:
            for name in entry.names:
                (weak if name.is_weak else strong).setdefault(name.text, name)
        return (*strong.values(), *(one for text, one in weak.items() if text not in strong))

    @property
    def name(self) -> str:
        """The name by which it is shown."""
        return self.entries[0].primary_name

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries and nationalities that any entry gives, each once."""
        return _once(self.entries, lambda one: (*one.countries, *one.nationalities))

    @cached_property
    def birth_dates(self) -> tuple[str, ...]:
        """Dates of birth that any entry gives, each once."""
        return _once(self.entries, lambda one: one.birth_dates)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Addresses that any entry gives, each once."""
        return _once(self.entries, lambda one: one.addresses)

    @cached_property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Identifiers that any entry gives, each once."""
        found = (one for entry in self.entries for one in entry.identifiers)
        return tuple(dict.fromkeys(found))

    def as_entity(self) -> Mapping[str, Any]:
        """Return what the index is built from."""
        return {
            "id": self.party_id,
            "schema": self.schema.value,
            "names": [one.text for one in self.names if not one.is_weak],
            "weak_names": [one.text for one in self.names if one.is_weak],
            "countries": list(self.countries),
            "birth_dates": list(self.birth_dates),
            "identifiers": [one.value for one in self.identifiers],
            "addresses": list(self.addresses),
        }

    @cached_property
    def essence(self) -> str:
        """A digest of what a match rests on: a change of it calls for another screening.

        The order in which an issuer writes things plays no part.
        """
        parts = {
            name: sorted(part) if isinstance(part, list) else part
            for name, part in self.as_entity().items()
        }
        return digest({**parts, "lists": sorted(self.lists)})


def _once(
    entries: Iterable[ListEntry], part: Callable[[ListEntry], Iterable[str]]
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for entry in entries for text in part(entry)))
