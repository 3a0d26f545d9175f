"""Sanctions of the European Union as printed in the Official Journal, one CSV a regulation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, ROW_WAY_OUT, TWICE_PROBLEM, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.values import clean, countries_in, country_code, one_day
from sluicegate.core.canonical import digest
from sluicegate.screening.entries import ListEntry, NameKind, Schema

JOURNAL = "eu_journal"
_COLUMNS = frozenset({"celex", "recordid", "programkey", "annex", "schema", "name"})
_USED = _COLUMNS | {"alias", "weakalias", "nationality", "birthdate", "passportnumber", "imonumber"}
_SCHEMAS = {one.value.casefold(): one for one in Schema}
_NUMBERS = {
    "passportnumber": "passport",
    "registrationnumber": "registration",
    "taxnumber": "tax_number",
    "idnumber": "national_id",
    "inncode": "tax_number",
    "ogrncode": "registration",
    "okpocode": "registration",
    "leicode": "lei",
    "swiftbic": "swift",
    "ticker": "ticker",
    "imonumber": "imo",
    "mmsi": "mmsi",
    "phone": "phone",
    "email": "email",
    "website": "website",
}
_COUNTRY = re.compile(r"\s*\(([^()]*)\)\s*$")


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the files; an entry's id is regulation, annex and number of the record.

    Where the journal numbers no record, or one twice, a digest of the name
    stands for the number.
    """
    for file in part.files:
        yield from _read_file(file, part.list_id or JOURNAL, notes)


def _read_file(file: ListFile, list_id: str, notes: Notes) -> Iterator[ListEntry]:
    seen: set[str] = set()
    for line, row in with_header(TableRows(file, notes), _COLUMNS, _USED):
        name = clean(row["name"])
        if not name:
            notes.fault(file.name, line, "name", BLANK_PROBLEM, ROW_WAY_OUT)
            continue
        place = f"{row['celex']}/{row['annex']}"
        entry_id = f"{place}/{row['recordid']}"
        if not row["recordid"] or entry_id in seen:
            entry_id = f"{place}/{digest([name, row['birthdate'], row['imonumber']])[:12]}"
        if entry_id in seen:
            notes.fault(file.name, line, "recordId", TWICE_PROBLEM, "the first row was taken")
            continue
        seen.add(entry_id)
        yield _entry(list_id, entry_id, name, row, notes, file.name, line)


def _entry(
    list_id: str,
    entry_id: str,
    name: str,
    row: dict[str, str],
    notes: Notes,
    file: str,
    line: int,
) -> ListEntry:
    schema = _SCHEMAS.get(row["schema"].strip().casefold(), Schema.LEGAL_ENTITY)
    draft = Draft(list_id, entry_id, schema)
    draft.name(name, NameKind.PRIMARY)
    for column, kind in (
        ("alias", NameKind.ALIAS),
        ("weakalias", NameKind.WEAK),
        ("previousname", NameKind.FORMER),
    ):
        for text in row[column].split(";"):
            draft.name(text, kind)
    for column in ("country", "jurisdiction", "flag"):
        draft.add(draft.countries, notes.countries(row[column], file, line))
    draft.add(draft.nationalities, notes.countries(row["nationality"], file, line))
    draft.add(draft.birth_dates, notes.days(row["birthdate"], file, line))
    draft.add(draft.birth_places, row["birthplace"].split(";"))
    for column, kind_ in _NUMBERS.items():
        for text in row[column].split(";"):
            _number(draft, kind_, text)
    for text in row["address"].split(";"):
        codes = countries_in(text.rpartition(",")[2])
        draft.address([text], codes[0] if codes else "")
    draft.add(draft.programmes, [row["programkey"]])
    draft.remark(row["position"], row["reason"], row["notes"])
    draft.since, draft.reference = one_day(row["startdate"]), row["celex"]
    return draft.entry()


def _number(draft: Draft, kind: str, text: str) -> None:
    found = _COUNTRY.search(text)
    code = country_code(found[1]) if found else ""
    draft.number(kind, text[: found.start()] if found else text, code)


def _knows(head: Head) -> bool:
    return head.columns >= _COLUMNS


def _together(file: ListFile, others: Sequence[ListFile], was_given: bool) -> tuple[ListFile, ...]:
    """Take all regulations of a folder as one list, but a file that is given alone alone."""
    if was_given:
        return (file,)
    return (file, *(one for one in others if _knows(Head(one.name, one.head))))


READER = Reader(
    "eu-journal-csv", JOURNAL, "the EU's Official Journal as CSV", _knows, read, _together
)
