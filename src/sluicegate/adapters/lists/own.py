"""A user's own list: CSV with a column of names, or plain text with a name a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, TWICE_PROBLEM, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import TableRows, column_names, lines_of
from sluicegate.adapters.lists.values import clean, is_nothing, one_day
from sluicegate.core.canonical import digest
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import OWN, identifier_kinds, kind_called

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "entity_id", "entry_id", "uid", "ref", "record_id", "party_id", "编号"),
    "name": (
        "name",
        "full_name",
        "names",
        "entity_name",
        "party",
        "party_name",
        "company",
        "company_name",
        "organisation",
        "organization",
        "caption",
        "primary_name",
        "名称",
        "姓名",
    ),
    "schema": ("schema", "type", "entity_type", "kind", "party_type", "类型"),
    "aliases": (
        "aliases",
        "alias",
        "alt_names",
        "alt_name",
        "aka",
        "also_known_as",
        "other_names",
        "alternative_names",
        "别名",
    ),
    "weak_names": ("weak_names", "weak_aliases", "weak_alias", "weak_aka", "low_quality_aka"),
    "former_names": ("former_names", "previous_name", "previous_names", "fka"),
    "countries": ("countries", "country", "jurisdiction", "国家"),
    "nationalities": ("nationalities", "nationality", "citizenship", "citizenships"),
    "birth_dates": (
        "birth_dates",
        "birth_date",
        "date_of_birth",
        "dates_of_birth",
        "dob",
        "birthdate",
        "出生日期",
    ),
    "identifiers": ("identifiers", "identifier", "ids", "id_numbers", "registration_number"),
    "addresses": ("addresses", "address", "street_address", "地址"),
    "programmes": ("programmes", "programs", "program", "programme", "list"),
    "since": ("since", "start_date", "listed_on", "date_listed"),
    "until": ("until", "end_date", "expires", "expiry"),
    "remarks": ("remarks", "notes", "note", "reason", "comment", "comments"),
    "source_url": ("source_url", "url", "source"),
}
"""Our column and the headers that mean it, in the form of `column_name`."""

_SCHEMAS = {one.value.casefold(): one for one in Schema} | {
    "individual": Schema.PERSON,
    "natural person": Schema.PERSON,
    "entity": Schema.ORGANISATION,
    "organisation": Schema.ORGANISATION,
    "business": Schema.COMPANY,
    "ship": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
    "": Schema.LEGAL_ENTITY,
}
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")
_CHINESE = str.maketrans({"；": ";", "，": ","})


def mapped(names: list[str]) -> dict[str, int]:
    """Return our columns with their places in a header; the first header that fits counts."""
    found: dict[str, int] = {}
    for ours, theirs in COLUMNS.items():
        place = next((names.index(name) for name in theirs if name in names), None)
        if place is not None:
            found[ours] = place
    return found


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read a table with a header, or a text with a name a line.

    Without an id in the file an entry's is a digest of its name, kind and
    countries.
    """
    head = Head(part.file.name, part.file.head)
    list_id = part.list_id or OWN
    if _has_header(head):
        yield from _table(part, head, list_id, notes)
        return
    seen: set[str] = set()
    for _line, text in lines_of(part.file, notes):
        name = clean(text)
        if not is_nothing(name) and name not in seen:
            seen.add(name)
            draft = Draft(list_id, digest(name)[:24], Schema.LEGAL_ENTITY)
            draft.name(name, NameKind.PRIMARY)
            yield draft.entry()


def _table(part: Part, head: Head, list_id: str, notes: Notes) -> Iterator[ListEntry]:
    file = part.file.name
    columns: dict[str, int] = {}
    drafts: dict[str, Draft] = {}
    rows = TableRows(part.file, notes, delimiter=head.delimiter, may_be_short=True)
    for line, cells in rows:
        if not columns:
            columns = mapped(_names(cells))
            continue
        row = {ours: cells[place].translate(_CHINESE) for ours, place in columns.items()}
        name, entry_id = clean(row["name"]), clean(row.get("id", ""))
        if is_nothing(name):
            notes.fault(file, line, "name", BLANK_PROBLEM, "give each row a name")
            continue
        if entry_id in drafts:
            way_out = "give each row an id of its own"
            notes.fault(file, line, "id", TWICE_PROBLEM, way_out)
            continue
        entry_id = entry_id or digest([name, row.get("schema", ""), row.get("countries", "")])[:24]
        schema = _schema(row.get("schema", ""), notes, file, line)
        draft = drafts.setdefault(entry_id, Draft(list_id, entry_id, schema))
        _fill(draft, row, notes, file, line)
    for draft in drafts.values():
        yield draft.entry()


def _schema(text: str, notes: Notes, file: str, line: int) -> Schema:
    kind = text.strip().casefold()
    if kind not in _SCHEMAS:
        problem = f"{kind[:40]!r} is no kind of party; it was read as LegalEntity"
        way_out = "write Person, Organization, Company, LegalEntity, Vessel or Airplane"
        notes.once("schema", file, line, problem, way_out)
    return _SCHEMAS.get(kind, Schema.LEGAL_ENTITY)


def _fill(draft: Draft, row: dict[str, str], notes: Notes, file: str, line: int) -> None:
    draft.name(row["name"], NameKind.PRIMARY)
    for column, name_kind in (
        ("aliases", NameKind.ALIAS),
        ("former_names", NameKind.FORMER),
        ("weak_names", NameKind.WEAK),
    ):
        for text in _several(row.get(column, "")):
            draft.name(text, name_kind)
    draft.add(draft.countries, notes.countries(row.get("countries", ""), file, line))
    draft.add(draft.nationalities, notes.countries(row.get("nationalities", ""), file, line))
    draft.add(draft.birth_dates, notes.days(row.get("birth_dates", ""), file, line))
    for text in _several(row.get("identifiers", "")):
        label, colon, value = text.partition(":")
        known = kind_called(label.strip()) or label.strip()
        is_kind = bool(colon) and known in identifier_kinds()
        draft.number(known if is_kind else "other", value if is_kind else text)
    for text in row.get("addresses", "").split(";"):
        draft.address([text])
    draft.add(draft.programmes, row.get("programmes", "").split(";"))
    draft.since = one_day(row.get("since", ""))
    draft.until = one_day(row.get("until", ""))
    draft.remark(row.get("remarks", ""))
    draft.source_url = clean(row.get("source_url", ""))


def _several(text: str) -> list[str]:
    return text.replace("|", ";").split(";")


def _names(cells: list[str]) -> list[str]:
    return [ours or cell.strip() for ours, cell in zip(column_names(cells), cells, strict=True)]


def _has_header(head: Head) -> bool:
    return bool(head.rows) and "name" in mapped(_names(head.rows[0]))


def _knows(head: Head) -> bool:
    if _has_header(head):
        return True
    is_text = head.name.removesuffix(".gz").casefold().endswith((".txt", ".csv", ".tsv"))
    return is_text and _is_names(head)


def _is_names(head: Head) -> bool:
    """Say whether a text may be a name a line: of letters, without fields or signs of code."""
    text = head.text
    is_plain = text.lstrip()[:1] not in tuple("{[<%#") and not _BINARY.search(text)
    one_column = all(len(row) <= 1 for row in head.rows)
    return is_plain and one_column and any(map(str.isalpha, text))


READER = Reader("own-csv", OWN, "a list of one's own", _knows, read)
