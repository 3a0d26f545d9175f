"""Lists, parties, designations and differences as rows and documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sluicegate.core.reasons import Sentence
from sluicegate.screening.changes import EntryChange, ListChanges
from sluicegate.screening.entries import ListEntry
from sluicegate.services.lists import showing
from sluicegate.services.lists.fetching import FetchOutcome
from sluicegate.services.lists.importing import Imported
from sluicegate.services.lists.parts import ListParts
from sluicegate.services.ports.lists import Designation, KeptVersion, ListRead

Tell = Callable[[Sentence], Any]
"""Writes a sentence out: as a text, or in both languages."""

DESIGNATION_COLUMNS = ("designation", "party", "name", "state", "expected", "dated", "document")


def party_document(party: showing.PartyShown) -> dict[str, Any]:
    """Return a listed party as a document."""
    gone = {one.entry.key: one.gone_on for one in party.gone}
    every = (*party.entries, *(one.entry for one in party.gone))
    return {
        "party": party.party_id,
        "name": party.name,
        "delisted_on": _day(party.delisted_on),
        "entries": [{**entry_row(one), "gone_on": _day(gone.get(one.key))} for one in every],
        "joins": [
            {
                "party": one.party_id,
                "into": one.into or None,
                "reason": one.reason if one.join is None else str(one.join.reason),
                "at": one.at.isoformat(),
                "by": one.by,
            }
            for one in party.unions
        ],
    }


def entry_row(entry: ListEntry) -> dict[str, Any]:
    """Return an entry of a list as a row."""
    return {
        "list": entry.list_id,
        "entry": entry.entry_id,
        "schema": entry.schema.value,
        "name": entry.primary_name,
        "names": [one.text for one in entry.names if not one.is_weak],
        "weak_names": [one.text for one in entry.names if one.is_weak],
        "countries": [*entry.countries, *entry.nationalities],
        "birth_dates": list(entry.birth_dates),
        "identifiers": [
            {"kind": one.kind, "value": one.value, "country": one.country or None}
            for one in entry.identifiers
        ],
        "addresses": list(entry.addresses),
        "programmes": list(entry.programmes),
        "since": _day(entry.since),
        "until": _day(entry.until),
    }


def changes_document(changes: ListChanges) -> dict[str, list[dict[str, Any]]]:
    """Return what differs between two versions as a document."""

    def whole(entries: Sequence[ListEntry]) -> list[dict[str, Any]]:
        return [_changed_row(one, ()) for one in entries]

    def parts(changed: Sequence[EntryChange]) -> list[dict[str, Any]]:
        return [
            _changed_row(
                one.after,
                [f"{part.field}: {part.before} -> {part.after}" for part in one.fields],
            )
            for one in changed
        ]

    return {
        "added": whole(changes.added),
        "removed": whole(changes.removed),
        "renamed": parts(changes.renamed),
        "changed": parts(changes.changed),
    }


def _changed_row(entry: ListEntry, fields: Sequence[str]) -> dict[str, Any]:
    name = entry.primary_name
    row = {"list": entry.list_id, "entry": entry.entry_id, "name": name}
    return {**row, "fields": list(fields)}


def import_row(read: ListRead, taken: Imported, *, dry_run: bool) -> dict[str, Any]:
    """Return what became of a file as a row."""
    about, changes = taken.version.about, taken.changes
    state = "unchanged" if not taken.is_new else "would be taken in" if dry_run else "taken in"
    return {
        "list": about.list_id,
        "version": about.version,
        "published": _day(about.published),
        "state": state,
        "entries": about.entries,
        "names": about.names,
        "counts": dict(about.counts),
        "added": len(changes.added),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "changed": len(changes.changed),
        "joined": len(taken.joins),
        "designations_met": [one.designation_id for one in taken.met],
        "problems": len(read.problems),
        "checksum": about.checksum,
        "size_bytes": about.size_bytes,
        "reader": about.reader,
    }


def refused_row(read: ListRead, problem: Sentence, told: Tell = str) -> dict[str, Any]:
    """Return a list that was refused as a row; `told` writes the sentence out."""
    return {
        "list": read.list_id,
        "version": read.version,
        "published": _day(read.published),
        "state": "refused",
        "entries": len(read.entries),
        "problems": len(read.problems),
        "problem": told(problem),
    }


def fetch_row(one: FetchOutcome, *, dry_run: bool, told: Tell = str) -> dict[str, Any]:
    """Return what became of a list that was fetched as a row; `told` writes the sentence out."""
    if one.imported is None:
        problem = None if one.problem is None else told(one.problem)
        return {"list": one.list_id, "state": "failed", "problem": problem}
    about, changes = one.imported.version.about, one.imported.changes
    state = "unchanged" if not one.imported.is_new else "taken in"
    return {
        "list": about.list_id,
        "version": about.version,
        "published": _day(about.published),
        "state": f"would be {state}" if dry_run and one.imported.is_new else state,
        "entries": about.entries,
        "added": len(changes.added),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "changed": len(changes.changed),
        "joined": len(one.imported.joins),
        "problems": one.imported.version.problems,
        "checksum": about.checksum,
        "size_bytes": about.size_bytes,
    }


def list_row(row: showing.ListRow) -> dict[str, Any]:
    """Return a list in use as a row."""
    about = row.version.about
    return {
        "list": row.list_id,
        "version": about.version,
        "published": _day(about.published),
        "loaded": about.loaded_at.isoformat(),
        "entries": row.entries,
        "days": row.age.days,
        "greatest": row.age.greatest,
        "stale": row.age.is_stale,
        "file": about.list_id,
        "issuer": about.issuer,
        "checksum": about.checksum,
    }


def version_row(version: KeptVersion) -> dict[str, Any]:
    """Return a version of a list as a row."""
    about = version.about
    return {
        "file": about.list_id,
        "version": about.version,
        "version_id": version.version_id,
        "issuer": about.issuer,
        "published": _day(about.published),
        "loaded": about.loaded_at.isoformat(),
        "entries": about.entries,
        "names": about.names,
        "counts": dict(about.counts),
        "problems": version.problems,
        "size_bytes": about.size_bytes,
        "checksum": about.checksum,
        "reader": about.reader,
        "source": about.source,
        "accepted_smaller": version.excuse or None,
        "by": version.by,
    }


def designation_row(parts: ListParts, one: Designation) -> dict[str, Any]:
    """Return a designation as a row."""
    return {
        "designation": one.designation_id,
        "party": showing.party_id(parts, one.entry.key),
        "name": one.entry.primary_name,
        "state": one.state.value,
        "expected": one.expected_list,
        "dated": one.dated.isoformat(),
        "document": one.document,
        "url": one.url or None,
        "met": None if one.met is None else ":".join(one.met),
        "reason": one.reason,
        "by": one.by,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
