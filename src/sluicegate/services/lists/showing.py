"""Lists, parties and differences as they are shown to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.reasons import say
from sluicegate.screening.changes import ListChanges, list_changes
from sluicegate.screening.entries import ListEntry
from sluicegate.screening.joining import Key, party_id_of
from sluicegate.services.lists.checking import ListAge, ages
from sluicegate.services.lists.parties import surviving_ids
from sluicegate.services.lists.parts import ListParts, UnknownListError
from sluicegate.services.lists.state import ListState, carriers_of, current_versions, load_state
from sluicegate.services.ports.lists import GoneEntry, KeptVersion, PartyUnion


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list with the version that speaks for it, how many entries it has and how old it is."""

    list_id: str
    version: KeptVersion
    entries: int
    age: ListAge


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party with its entries, those that are gone, and why they are one.

    `delisted_on` is the day on which the last of its entries went; None while
    one stands.
    """

    party_id: str
    entries: tuple[ListEntry, ...]
    gone: tuple[GoneEntry, ...]
    unions: tuple[PartyUnion, ...]

    @property
    def delisted_on(self) -> date | None:
        """The day since which no list has it."""
        if self.entries:
            return None
        return max((one.gone_on for one in self.gone), default=None)

    @property
    def name(self) -> str:
        """The name by which it is shown."""
        every = (*self.entries, *(one.entry for one in self.gone))
        return every[0].primary_name


def list_rows(parts: ListParts) -> Sequence[ListRow]:
    """Return every list that is in use, in order of ids; no file is read."""
    carriers = carriers_of(current_versions(parts.store.lists.versions()))
    today = parts.clock.now().date()
    return tuple(
        ListRow(
            age.list_id,
            carriers[age.list_id],
            dict(carriers[age.list_id].about.counts)[age.list_id],
            age,
        )
        for age in ages(parts.store, parts.catalogue, today)
    )


def versions_of(parts: ListParts, list_id: str) -> Sequence[KeptVersion]:
    """Return the versions that a node took in of a file's list or that hold a list, oldest first.

    Raises:
        UnknownListError: there is none.
    """
    found = tuple(
        one
        for one in parts.store.lists.versions()
        if list_id == one.about.list_id or list_id in dict(one.about.counts)
    )
    if not found:
        sentence = "{list}: is not loaded; see: sluicegate lists list"
        raise UnknownListError(say(sentence, list=list_id))
    return found


def show_party(parts: ListParts, party: str) -> PartyShown:
    """Return a party by its id, or one that was merged into it, or by LIST:ENTRY.

    Raises:
        UnknownListError: no list has or had it.
    """
    state = load_state(parts.store, parts.files)
    head = _party_named(state, party)
    entries = tuple(
        sorted(
            (one for one in state.standing if state.party_of(one.key) == head),
            key=lambda one: one.key,
        )
    )
    gone = tuple(one for one in state.gone if state.party_of(one.entry.key) == head)
    if not entries and not gone:
        sentence = "{party}: no list has such a party; see: sluicegate lists list"
        raise UnknownListError(say(sentence, party=party))
    unions = tuple(
        one
        for one in parts.store.lists.unions()
        if head in (one.party_id, one.into, state.surviving.get(one.party_id))
    )
    return PartyShown(head, entries, gone, unions)


def _party_named(state: ListState, text: str) -> str:
    if ":" in text:
        return state.party_of(key_of(text))
    return state.surviving.get(text, text)


def key_of(text: str) -> Key:
    """Return the entry that LIST:ENTRY names."""
    name, _, entry = text.partition(":")
    return name, entry


def diff_versions(
    parts: ListParts, list_id: str, earlier: str | None = None, later: str | None = None
) -> ListChanges:
    """Compare two versions of a list; the current one with the one before, unless told.

    A version is named by its own name, its id or the beginning of its checksum,
    or as FILE_LIST@VERSION where two files hold the list.

    Raises:
        UnknownListError: no such list or version, or only one version is there.
        ListFilesError: the entries of one cannot be read.
    """
    versions = versions_of(parts, list_id)
    if later is None:
        new = carriers_of(current_versions(versions)).get(list_id, versions[-1])
    else:
        new = _version_named(versions, list_id, later)
    if earlier is None:
        before = versions[: versions.index(new)]
        if not before:
            sentence = "{list}: has one version only, {version}; nothing is to be compared."
            raise UnknownListError(say(sentence, list=list_id, version=new.about.version))
        old = before[-1]
    else:
        old = _version_named(versions, list_id, earlier)
    return list_changes(*(_entries(parts, one, list_id) for one in (old, new)))


def _entries(parts: ListParts, version: KeptVersion, list_id: str) -> Sequence[ListEntry]:
    every = parts.files.read_entries(version).entries
    if version.about.list_id == list_id:
        return every  # of a file that holds several lists, all of them
    return tuple(one for one in every if one.list_id == list_id)


def _version_named(versions: Sequence[KeptVersion], list_id: str, text: str) -> KeptVersion:
    file, _, name = text.rpartition("@")
    for one in reversed(versions):
        about = one.about
        is_named = name in (about.version, one.version_id) or (
            len(name) >= 8 and about.checksum.startswith(name)
        )
        if is_named and file in ("", about.list_id):
            return one
    known = [f"{one.about.list_id}@{one.about.version}" for one in versions]
    sentence = "{list}: has no version {version}; it has {known}."
    raise UnknownListError(say(sentence, list=list_id, version=text, known=known))


def party_id(parts: ListParts, key: Key) -> str:
    """Return the id of the party of an entry; no file is read."""
    own = party_id_of(key)
    return surviving_ids(parts.store).get(own, own)
