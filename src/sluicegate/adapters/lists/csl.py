"""The US Consolidated Screening List as CSV: the lists of three departments in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.ofac_csv import SDN
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import Record, TableRows, with_header
from sluicegate.adapters.lists.values import one_day
from sluicegate.rules.countries import is_country
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import csl_sources, kind_called

CSL = "us_csl"
_COLUMNS = frozenset({"source", "entity_number", "programs", "alt_names", "addresses", "name"})
_HEADER = frozenset({"source", "name"})
_USED = _COLUMNS | {"type", "ids", "dates_of_birth", "nationalities", "start_date", "end_date"}
_SCHEMAS = {
    "individual": Schema.PERSON,
    "entity": Schema.ORGANISATION,
    "vessel": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}
_SHORT_NAME = re.compile(r"\(([A-Z][A-Z -]*?)(?: List)?\)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNTRY_AT_END = re.compile(r", ([A-Z]{2})$")


def list_of_source(source: str) -> str:
    """Return the list id of what stands in the column `source`, or an empty text.

    >>> list_of_source("Entity List (EL) - Bureau of Industry and Security")
    'us_entity'
    """
    for short in _SHORT_NAME.findall(source):
        if found := csl_sources().get(short):
            return found
    return ""


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; each entry is on the list that its `source` names."""
    file = part.file.name
    lists: dict[str, str] = {}
    entries = Entries(file, notes)
    for line, row in with_header(TableRows(part.file, notes), _HEADER, _USED):
        source = row["source"]
        if source not in lists:
            lists[source] = list_of_source(source)
            if not lists[source]:
                problem = f"{source[:80]!r} is a list that is not known; it was read as {CSL}"
                notes.once("source", file, line, problem, "name it in lists.yaml")
        entry_id = row["_id"] or row["id"] or row["entity_number"]
        schema = _SCHEMAS.get(row["type"].strip().casefold(), Schema.LEGAL_ENTITY)
        draft = Draft(lists[source] or CSL, entry_id.strip(), schema)
        _fill(draft, row, notes, file, line)
        yield from entries.of(draft, line)


def _fill(draft: Draft, row: Record, notes: Notes, file: str, line: int) -> None:
    draft.name(row["name"], NameKind.PRIMARY)
    for text in _split(row["alt_names"]):
        draft.name(text)
    for text in _split(row["addresses"]):
        found = _COUNTRY_AT_END.search(text) if len(text) > 2 else None
        code = found[1] if found else text
        draft.address([text], code if is_country(code) else "")
    for text in _split(row["dates_of_birth"]):
        draft.add(draft.birth_dates, notes.days(text, file, line))
    draft.add(draft.birth_places, _split(row["places_of_birth"]))
    for column in ("nationalities", "citizenships"):
        for text in _split(row[column]):
            draft.add(draft.nationalities, notes.countries(text, file, line))
    if row["vessel_flag"]:
        draft.add(draft.countries, [notes.country(row["vessel_flag"], file, line)])
    draft.number("call_sign", row["call_sign"])
    for text in _split(row["ids"]):
        _identifier(text, draft)
    draft.add(draft.programmes, _split(row["programs"]))
    draft.remark(row["title"], row["remarks"], row["license_requirement"], row["vessel_owner"])
    draft.since, draft.until = one_day(row["start_date"]), one_day(row["end_date"])
    draft.reference = row["federal_register_notice"].strip()
    draft.source_url = row["source_list_url"].strip()
    draft.licence_policy = row["license_policy"].strip()
    number = row["entity_number"].strip()
    if number and draft.list_id != SDN:
        draft.same_as[(SDN, number)] = None


def _split(text: str) -> list[str]:
    return [one for part in text.split(";") if (one := part.strip())] if text else []


def _identifier(text: str, draft: Draft) -> None:
    """Add what an identifier says: "CH, X0906223, Passport", with days before it at times."""
    body, _, label = text.rpartition(", ")
    label = label.partition(" - ")[0].rstrip(":")
    kind = kind_called(label) if body else ""
    if not kind:
        return
    parts = [one for one in body.split(", ") if not _DATE.fullmatch(one)]
    country = parts.pop(0) if len(parts) > 1 and is_country(parts[0]) else ""
    draft.number(kind, ", ".join(parts), country)


def _knows(head: Head) -> bool:
    return head.columns >= _COLUMNS


READER = Reader("csl-csv", CSL, "the US Consolidated Screening List as CSV", _knows, read)
