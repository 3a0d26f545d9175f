"""The state of a node's lists at an instant: which versions count, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sluicegate.screening.entries import ListEntry
from sluicegate.screening.joining import Key, party_id_of
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import (
    Designation,
    DesignationState,
    GoneEntry,
    KeptEntries,
    KeptVersion,
    ListFiles,
    PartyUnion,
)


@dataclass(frozen=True)
class ListState:
    """Current versions with their entries, designations in force, and who is one party.

    `versions` are the current ones, by file. Where two files hold one list, the
    newer of them alone speaks for it: `carriers` is list → version. `kept` is
    version id → its entries.
    """

    versions: tuple[KeptVersion, ...]
    carriers: Mapping[str, KeptVersion]
    kept: Mapping[str, KeptEntries]
    designations: tuple[Designation, ...]
    surviving: Mapping[str, str]

    @cached_property
    def entries(self) -> tuple[ListEntry, ...]:
        """The entries that stand in their lists now, designations by hand left out."""
        return tuple(
            one
            for version in self.versions
            for one in self.kept[version.version_id].entries
            if self.carriers[one.list_id] is version
        )

    @cached_property
    def standing(self) -> tuple[ListEntry, ...]:
        """The entries that stand now, with what was entered by hand."""
        return (*self.entries, *(one.entry for one in self.designations))

    @cached_property
    def gone(self) -> tuple[GoneEntry, ...]:
        """The entries that lists had before and have no more, each as it was last."""
        now = {one.key for one in self.entries}
        last: dict[Key, GoneEntry] = {}
        for version in self.versions:
            for one in self.kept[version.version_id].gone:
                held = last.get(one.entry.key)
                if one.entry.key not in now and (held is None or held.gone_on < one.gone_on):
                    last[one.entry.key] = one
        return tuple(last[key] for key in sorted(last))

    def current(self, list_id: str) -> KeptVersion | None:
        """Return the current version of a file's list."""
        return next((one for one in self.versions if one.about.list_id == list_id), None)

    def party_of(self, key: Key) -> str:
        """Return the id of the party of an entry."""
        own = party_id_of(key)
        return self.surviving.get(own, own)

    @cached_property
    def groups(self) -> Mapping[str, tuple[Key, ...]]:
        """Party → its entries, gone ones too, for parties of more than one."""
        found: dict[str, list[Key]] = {}
        for key in (*(one.key for one in self.standing), *(one.entry.key for one in self.gone)):
            found.setdefault(self.party_of(key), []).append(key)
        return {party: tuple(sorted(keys)) for party, keys in found.items() if len(keys) > 1}


def load_state(store: Store, files: ListFiles, *, known_on: datetime | None = None) -> ListState:
    """Return the state of a node's lists, as known at an instant.

    Raises:
        ListFilesError: the entries of a current version are missing or damaged.
    """
    versions = current_versions(store.lists.versions(known_on=known_on))
    return ListState(
        versions,
        carriers_of(versions),
        {one.version_id: files.read_entries(one) for one in versions},
        in_force(store.lists.designations(known_on=known_on)),
        surviving_of(store.lists.unions(known_on=known_on)),
    )


def current_versions(versions: Iterable[KeptVersion]) -> tuple[KeptVersion, ...]:
    """Return the last version that was taken in of each file's list, in order of lists."""
    last = {one.about.list_id: one for one in versions}
    return tuple(last[name] for name in sorted(last))


def carriers_of(versions: Sequence[KeptVersion]) -> Mapping[str, KeptVersion]:
    """Return list → the version that speaks for it: of the newest day, then the last loaded.

    Of versions that are alike in both the one that is given last.
    """
    found: dict[str, KeptVersion] = {}
    for one in sorted(versions, key=lambda one: (one.day, one.about.loaded_at)):
        for name, _ in one.about.counts:
            found[name] = one
    return found


def in_force(designations: Iterable[Designation]) -> tuple[Designation, ...]:
    """Return the designations that no list has taken over and nobody withdrew."""
    return tuple(one for one in designations if one.state is DesignationState.ENTERED)


def surviving_of(unions: Iterable[PartyUnion]) -> Mapping[str, str]:
    """Return the id of every party that became a part of another → the one that answers for it."""
    into = {one.party_id: one.into for one in unions}
    found: dict[str, str] = {}
    for party in into:
        last, seen = party, {party}
        while (following := into.get(last, "")) and following not in seen:
            seen.add(following)
            last = following
        if last != party:
            found[party] = last
    return found
