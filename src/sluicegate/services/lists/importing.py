"""Taking a version of a list into a node: checked, kept, its parties joined, an act written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import say
from sluicegate.screening.changes import ListChanges, list_changes
from sluicegate.screening.entries import ListEntry, ListVersion
from sluicegate.screening.joining import Join, party_id_of
from sluicegate.services.lists.checking import check_read, shrinking
from sluicegate.services.lists.meeting import meet
from sluicegate.services.lists.parts import ListParts, ListRefusedError
from sluicegate.services.lists.state import (
    ListState,
    carriers_of,
    current_versions,
    load_state,
)
from sluicegate.services.lists.uniting import unite
from sluicegate.services.ports.lists import (
    Coming,
    Confirmation,
    Designation,
    GoneEntry,
    KeptEntries,
    KeptVersion,
    ListRead,
    Presence,
)

IMPORTED = "list_imported"
REFUSED = "list_refused"
CONFIRMED = "list_confirmed"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a list is taken in.

    `published` is the issuer's day of a file that does not tell it.
    `accept_smaller` is the reason for which a much smaller version is taken.
    `source` is where the file comes from. `from_issuer` says that the issuer's own
    address gave it just now: there is nothing newer, whatever day it bears.
    """

    published: date | None = None
    accept_smaller: str = ""
    source: str = ""
    from_issuer: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list.

    `version` is the one in use now; `is_new` is false when the node had it. In a
    dry run nothing is joined and nothing kept.
    """

    version: KeptVersion
    is_new: bool
    changes: ListChanges
    joins: tuple[Join, ...]
    met: tuple[Designation, ...]


def import_list(parts: ListParts, read: ListRead, options: ImportOptions) -> Imported:
    """Take a list into a node as the current version of its file's list.

    Raises:
        ListRefusedError: it is empty, much smaller or older, or tells another day than
            the one given; the old version stays.
        ListFilesError: the entries of a current version cannot be read.
    """
    at = parts.clock.now()
    published = _day_of(read, options.published)
    held = _held(parts, read.list_id)
    if held is not None and _is_same(held, read, published):
        if options.from_issuer and not options.dry_run:
            _confirm(parts, held, options.source, at)
        return Imported(held, False, ListChanges((), (), (), ()), (), ())
    try:
        excuse = _checked(parts, read, published, held, options.accept_smaller)
    except ListRefusedError:
        if not options.dry_run:
            _write_refusal(parts, read, at)
        raise
    before = load_state(parts.store, parts.files)
    if options.dry_run:
        version = _version(parts, read, options, published, excuse, at)
        changes = _changes(before, _with(before, version, KeptEntries(read.entries, ())))
        return Imported(version, True, changes, (), ())
    version = _version(parts, read, options, published, excuse, at)
    return _take_in(parts, read, version, held, is_confirmed=options.from_issuer)


def _day_of(read: ListRead, given: date | None) -> date | None:
    """Return the issuer's day: the one in the file, or the one given where it holds none."""
    if read.published is None or given is None or given == read.published:
        return read.published or given
    raise ListRefusedError(
        say(
            "{list}: the file says that it is of {stated}, not of {given}; leave the day out.",
            list=read.list_id,
            stated=read.published,
            given=given,
        )
    )


def _held(parts: ListParts, list_id: str) -> KeptVersion | None:
    versions = current_versions(parts.store.lists.versions())
    return next((one for one in versions if one.about.list_id == list_id), None)


def _is_same(held: KeptVersion, read: ListRead, published: date | None) -> bool:
    same_day = published is None or published == held.about.published
    return same_day and held.about.checksum == read.checksum


def _checked(
    parts: ListParts,
    read: ListRead,
    published: date | None,
    held: KeptVersion | None,
    accepted: str,
) -> str:
    """Return the reason for which a smaller version is taken; empty where none is needed."""
    check_read(read, published, held, parts.catalogue)
    speaker = carriers_of(current_versions(parts.store.lists.versions())).get(read.list_id)
    day = published or parts.clock.now().date()
    if speaker is not None and day < speaker.day:
        speaker = None  # The file would not speak for the list.
    smaller = shrinking(read, held, speaker, parts.catalogue)
    if smaller is None:
        return ""
    if not accepted.strip():
        raise ListRefusedError(smaller)
    return accepted.strip()


def _version(
    parts: ListParts,
    read: ListRead,
    options: ImportOptions,
    published: date | None,
    excuse: str,
    at: datetime,
) -> KeptVersion:
    counts = Counter(one.list_id for one in read.entries)
    about = ListVersion(
        list_id=read.list_id,
        version=published.isoformat() if published and not read.published else read.version,
        issuer=parts.catalogue(read.list_id).issuer,
        published=published,
        loaded_at=at,
        checksum=read.checksum,
        size_bytes=read.size_bytes,
        reader=read.reader,
        counts=tuple(sorted(counts.items())),
        names=sum(len(one.names) for one in read.entries),
        source=options.source or ", ".join(file.name for file in read.files),
    )
    return KeptVersion(str(uuid7(at)), about, (), "", len(read.problems), excuse, parts.by)


def _take_in(
    parts: ListParts,
    read: ListRead,
    version: KeptVersion,
    held: KeptVersion | None,
    *,
    is_confirmed: bool,
) -> Imported:
    at, list_id = version.about.loaded_at, read.list_id
    version = replace(version, files=parts.files.keep(read.files))
    with parts.store.transaction():
        before = load_state(parts.store, parts.files)
        if before.current(list_id) != held:
            sentence = "{list}: somebody took in another version meanwhile; try again."
            raise ListRefusedError(say(sentence, list=list_id))
        kept = KeptEntries(read.entries, _gone(before, version, read.entries))
        version = replace(
            version, entries_digest=parts.files.write_entries(version.version_id, kept)
        )
        parts.store.lists.add_version(version)
        if is_confirmed:
            source = version.about.source
            parts.store.lists.confirm(Confirmation(version.version_id, at, source, parts.by))
        after = _with(before, version, kept)
        parts.store.lists.add_presence(_presence(before, after, version))
        united = unite(after, parts.store, at=at, by=parts.by)
        met = meet(parts, after, at=at)
        changes = _changes(before, after)
        _write_act(parts, version, changes, len(united.merged), len(met))
    return Imported(version, True, changes, united.joins, met)


def _with(before: ListState, version: KeptVersion, kept: KeptEntries) -> ListState:
    """Return the state in which a version is the current one of its list."""
    others = [one for one in before.versions if one.about.list_id != version.about.list_id]
    versions = tuple(sorted((*others, version), key=lambda one: one.about.list_id))
    return replace(
        before,
        versions=versions,
        carriers=carriers_of(versions),
        kept={**before.kept, version.version_id: kept},
    )


def _gone(
    before: ListState, version: KeptVersion, entries: Sequence[ListEntry]
) -> tuple[GoneEntry, ...]:
    """Return what the lists of a version had before and have no more, each as it was last."""
    lists = {name for name, _ in version.about.counts}
    held = before.current(version.about.list_id)
    if held is not None:
        lists |= {name for name, _ in held.about.counts}
    now = {one.key for one in entries}
    found = {one.entry.key: one for one in before.gone if one.entry.list_id in lists}
    for one in before.entries:
        if one.list_id in lists:
            found[one.key] = GoneEntry(one, version.day)
    return tuple(one for key, one in sorted(found.items()) if key not in now)


def _changes(before: ListState, after: ListState) -> ListChanges:
    return list_changes(before.entries, after.entries)


def _presence(before: ListState, after: ListState, version: KeptVersion) -> list[Presence]:
    """Return what came and what went, in order of entries."""
    old = {one.key for one in before.entries}
    new = {one.key for one in after.entries}
    events = [(key, Coming.ADDED) for key in sorted(new - old)]
    events += [(key, Coming.REMOVED) for key in sorted(old - new)]
    at = version.about.loaded_at
    return [
        Presence(key, party_id_of(key), event, version.day, version.version_id, at, version.by)
        for key, event in events
    ]


def _confirm(parts: ListParts, held: KeptVersion, source: str, at: datetime) -> None:
    with parts.store.transaction():
        parts.store.lists.confirm(Confirmation(held.version_id, at, source, parts.by))
        record = {"list": held.about.list_id, "version": held.version_id}
        parts.store.act(CONFIRMED, record, at=at, by=parts.by, reason="the issuer gave it again")


def _write_refusal(parts: ListParts, read: ListRead, at: datetime) -> None:
    record = {
        "list": read.list_id,
        "checksum": read.checksum,
        "entries": len(read.entries),
        "problems": len(read.problems),
    }
    parts.store.act(REFUSED, record, at=at, by=parts.by, reason="empty, older or much smaller")


def _write_act(
    parts: ListParts, version: KeptVersion, changes: ListChanges, merged: int, met: int
) -> None:
    about = version.about
    record = {
        "list": about.list_id,
        "version": version.version_id,
        "checksum": about.checksum,
        "bytes": about.size_bytes,
        "entries": version.entries_digest,
        "counts": dict(about.counts),
        "problems": version.problems,
        "added": len(changes.added),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "changed": len(changes.changed),
        "merged_parties": merged,
        "designations_met": met,
        "published": None if about.published is None else about.published.isoformat(),
    }
    reason = version.excuse or f"version {about.version}"
    parts.store.act(IMPORTED, record, at=about.loaded_at, by=parts.by, reason=reason)
