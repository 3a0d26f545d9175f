"""What changed between two versions of a list, and between two states of all lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from sluicegate.screening.entries import Identifier, ListedName, ListEntry
from sluicegate.screening.joining import Key
from sluicegate.screening.parties import ListedParty

_APART = frozenset({"list_id", "entry_id", "same_as"})
"""Fields that name an entry, and those of which an issuer speaks in one file alone."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an entry before and after, as text; several values are told apart by `;`."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry in both versions whose content differs."""

    before: ListEntry
    after: ListEntry
    fields: tuple[FieldChange, ...]

    @property
    def is_renamed(self) -> bool:
        """Whether the name by which it is shown differs."""
        return self.before.primary_name != self.after.primary_name


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What a newer version has that an older one has not, in order of list and entry id.

    An entry that was renamed is in `renamed` and, if more than its names
    differs, its other fields stand with it; `changed` holds the rest.
    """

    added: tuple[ListEntry, ...]
    removed: tuple[ListEntry, ...]
    renamed: tuple[EntryChange, ...]
    changed: tuple[EntryChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.renamed or self.changed)


def list_changes(old: Iterable[ListEntry], new: Iterable[ListEntry]) -> ListChanges:
    """Compare two versions of a list.

    An entry is found again by its list and id, or by another under which the
    issuer says it stands.
    """
    before = {one.key: one for one in old}
    after = {one.key: one for one in new}
    earlier = {key: before[key] for key in after if key in before}
    earlier |= _under_other_keys(before, after)
    found = {one.key for one in earlier.values()}
    changed = []
    for key, one in sorted(earlier.items()):
        differing = field_changes(one, after[key])
        if differing:
            changed.append(EntryChange(one, after[key], differing))
    return ListChanges(
        tuple(one for key, one in sorted(after.items()) if key not in earlier),
        tuple(one for key, one in sorted(before.items()) if key not in found),
        tuple(one for one in changed if one.is_renamed),
        tuple(one for one in changed if not one.is_renamed),
    )


def _under_other_keys(
    before: dict[Key, ListEntry], after: dict[Key, ListEntry]
) -> dict[Key, ListEntry]:
    """Return new key → earlier entry, for entries whose key is new and whose old key is gone."""
    gone = {key: one for key, one in before.items() if key not in after}
    by_other = {other: one for one in gone.values() for other in one.same_as}
    found: dict[Key, ListEntry] = {}
    taken: set[Key] = set()
    for key, one in sorted(after.items()):
        if key in before:
            continue
        named = (gone.get(other) for other in one.same_as)
        earlier = next((held for held in named if held is not None), by_other.get(key))
        if earlier is not None and earlier.key not in taken:
            taken.add(earlier.key)
            found[key] = earlier
    return found


def field_changes(before: ListEntry, after: ListEntry) -> tuple[FieldChange, ...]:
    """Return the fields in which two entries differ; the order of values does not count."""
    if before == after:
        return ()
    found = []
    for one in fields(ListEntry):
        held, given = getattr(before, one.name), getattr(after, one.name)
        if one.name in _APART or held == given:
            continue
        old, new = _values(held), _values(given)
        if sorted(old) != sorted(new):
            found.append(FieldChange(one.name, "; ".join(old), "; ".join(new)))
    return tuple(found)


def _values(value: Any) -> Sequence[str]:
    if isinstance(value, tuple):
        return [text for one in value for text in _values(one)]
    if isinstance(value, ListedName):
        return [f"{value.text} ({value.kind.value})" if value.is_weak else value.text]
    if isinstance(value, Identifier):
        return [" ".join(part for part in (value.kind, value.country, value.value) if part)]
    if isinstance(value, Enum):
        return [str(value.value)]
    if isinstance(value, date):
        return [value.isoformat()]
    return [str(value)] if value else []


@dataclass(frozen=True, slots=True)
class PartyChanges:
    """Ids of listed parties that came, that must be screened anew, and that are gone."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def party_changes(before: Iterable[ListedParty], after: Iterable[ListedParty]) -> PartyChanges:
    """Compare two states of all lists by what a match rests on.

    A party that was merged into another is gone, and the other has changed.
    """
    old = {one.party_id: one for one in before}
    new = {one.party_id: one for one in after}
    return PartyChanges(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(key for key in new.keys() & old.keys() if _differ(old[key], new[key]))),
        tuple(sorted(old.keys() - new.keys())),
    )


def _differ(one: ListedParty, other: ListedParty) -> bool:
    return one.entries != other.entries and one.essence != other.essence
