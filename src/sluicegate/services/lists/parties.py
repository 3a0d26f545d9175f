"""The listed parties of a node: what who screens begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sluicegate.core.canonical import digest
from sluicegate.screening.changes import PartyChanges, party_changes
from sluicegate.screening.entries import ListEntry
from sluicegate.screening.known_lists import DESIGNATED
from sluicegate.screening.parties import ListedParty
from sluicegate.services.lists.state import (
    ListState,
    carriers_of,
    current_versions,
    in_force,
    load_state,
    surviving_of,
)
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import ListFiles


@dataclass(frozen=True, slots=True)
class VersionInUse:
    """The version that speaks for a list, to be printed into matches."""

    list_id: str
    version: str
    checksum: str
    published: date | None


def listed_parties(
    store: Store,
    files: ListFiles,
    *,
    known_on: datetime | None = None,
    on: date | None = None,
) -> Sequence[ListedParty]:
    """Return every listed party with its entries in current versions, in order of ids.

    Designations by hand count until a list carries them. `on` leaves out entries
    whose last day is before a day.

    Raises:
        ListFilesError: the entries of a current version are missing or damaged.
    """
    return parties_of(load_state(store, files, known_on=known_on), on=on)


def parties_of(state: ListState, *, on: date | None = None) -> Sequence[ListedParty]:
    """Return the listed parties of a state, in order of ids."""
    entries: dict[str, list[ListEntry]] = {}
    for one in state.standing:
        if on is None or one.until is None or one.until >= on:
            entries.setdefault(state.party_of(one.key), []).append(one)
    return tuple(
        ListedParty(party, tuple(sorted(entries[party], key=lambda one: one.key)))
        for party in sorted(entries)
    )


def changed_parties(before: Iterable[ListedParty], after: Iterable[ListedParty]) -> PartyChanges:
    """Say which parties must be screened anew after a change of lists, by their essence."""
    return party_changes(before, after)


def surviving_ids(store: Store, *, known_on: datetime | None = None) -> Mapping[str, str]:
    """Return the id of every party that was merged into another → the id that answers for it."""
    return surviving_of(store.lists.unions(known_on=known_on))


def versions_in_use(
    store: Store, *, known_on: datetime | None = None
) -> Mapping[str, VersionInUse]:
    """Return list → the version that speaks for it; no file is read.

    Designations by hand are a list of their own while any of them is in force.
    """
    versions = current_versions(store.lists.versions(known_on=known_on))
    found = {
        name: VersionInUse(name, one.about.version, one.about.checksum, one.about.published)
        for name, one in sorted(carriers_of(versions).items())
    }
    by_hand = in_force(store.lists.designations(known_on=known_on))
    if by_hand:
        content = digest([[one.designation_id, one.version] for one in by_hand])
        newest = max(one.at for one in by_hand)
        found[DESIGNATED] = VersionInUse(DESIGNATED, content[:12], content, newest.date())
    return found
