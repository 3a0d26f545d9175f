"""FollowTheMoney entities as JSON lines, as OpenSanctions and others give them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import TWICE_PROBLEM, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile, ListFileError
from sluicegate.adapters.lists.tables import lines_of
from sluicegate.adapters.lists.values import one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema

FOLLOW_THE_MONEY = "ftm"
_SCHEMAS = {
    "Person": Schema.PERSON,
    "Organization": Schema.ORGANISATION,
    "PublicBody": Schema.ORGANISATION,
    "Company": Schema.COMPANY,
    "LegalEntity": Schema.LEGAL_ENTITY,
    "Vessel": Schema.VESSEL,
    "Airplane": Schema.AIRPLANE,
}
_NAMES = {
    "name": NameKind.PRIMARY,
    "alias": NameKind.ALIAS,
    "weakAlias": NameKind.WEAK,
    "previousName": NameKind.FORMER,
    "abbreviation": NameKind.ALIAS,
}
_NUMBERS = {
    "passportNumber": "passport",
    "idNumber": "national_id",
    "socialSecurityNumber": "national_id",
    "taxNumber": "tax_number",
    "vatCode": "tax_number",
    "innCode": "tax_number",
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "okpoCode": "registration",
    "uscCode": "registration",
    "leiCode": "lei",
    "dunsCode": "duns",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "swiftBic": "swift",
    "bikCode": "bank_code",
    "ticker": "ticker",
    "isin": "isin",
    "email": "email",
    "phone": "phone",
    "website": "website",
    "serialNumber": "aircraft_serial",
}


def json_lines(file: ListFile, notes: Notes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a file with a JSON object a line, and their lines.

    A line that is no object is a problem; when it is the last and does not end,
    the file is cut short: ListFileError.
    """
    for number, line in lines_of(file, notes):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            if not line.endswith(("\n", "\r")):
                problem = "is cut short: its last line is no whole JSON"
                raise ListFileError(file.name, problem, "fetch the file again", number) from error
            notes.fault(file.name, number, "", "is no JSON", "mend the line; the others were read")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            notes.fault(file.name, number, "", "is no JSON object", "give an object a line")


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; entities that are no parties, such as sanctions, are passed over."""
    seen: set[str] = set()
    for line, value in json_lines(part.file, notes):
        kind, number = str(value.get("schema", "")), str(value.get("id", "")).strip()
        if kind not in _SCHEMAS:
            notes.passed_over[kind[:40]] += 1
            continue
        properties = value.get("properties")
        if not number or number in seen or not isinstance(properties, dict):
            problem = TWICE_PROBLEM if number in seen else "has no id or no properties"
            notes.fault(part.file.name, line, "id", problem, "mend the line; the others were read")
            continue
        draft = Draft(part.list_id or FOLLOW_THE_MONEY, number, _SCHEMAS[kind])
        _fill(draft, properties, notes, part.file.name, line)
        draft.name(str(value.get("caption", "")))
        if not draft.names:
            notes.fault(part.file.name, line, "name", "is missing", "give the entity a name")
            continue
        seen.add(number)
        yield draft.entry()


def _fill(draft: Draft, properties: dict[str, Any], notes: Notes, file: str, line: int) -> None:
    _fill_names(draft, properties)
    for into, names in (
        (draft.countries, ("country", "jurisdiction", "mainCountry", "flag")),
        (draft.nationalities, ("nationality", "citizenship")),
    ):
        for text in _values(properties, *names):
            draft.add(into, notes.countries(text, file, line))
    for text in _values(properties, "birthDate"):
        draft.add(draft.birth_dates, notes.days(text, file, line))
    draft.add(draft.birth_places, _values(properties, "birthPlace"))
    for name, code in _NUMBERS.items():
        for text in _values(properties, name):
            draft.number(code, text)
    for text in _values(properties, "address"):
        draft.address([text])
    draft.add(draft.programmes, _values(properties, "programId", "program"))
    draft.remark(*_values(properties, "position", "notes"))
    draft.source_url = next(iter(_values(properties, "sourceUrl")), "")
    days = filter(None, (one_day(text[:10]) for text in _values(properties, "createdAt")))
    draft.since = min(days, default=None)


def _fill_names(draft: Draft, properties: dict[str, Any]) -> None:
    for name, kind in _NAMES.items():
        for text in _values(properties, name):
            is_more = kind is NameKind.PRIMARY and draft.names
            draft.name(text, NameKind.ALIAS if is_more else kind)
    if not draft.names:
        parts = (_values(properties, name)[:1] for name in ("firstName", "lastName"))
        draft.name(" ".join(one for part in parts for one in part))


def _values(properties: dict[str, Any], *names: str) -> list[str]:
    """Return the texts of properties; one that is no list counts as a list of one."""
    found = (properties.get(name, []) for name in names)
    lists = (value if isinstance(value, list) else [value] for value in found)
    return [value for values in lists for value in values if isinstance(value, str)]


def _knows(head: Head) -> bool:
    start = head.text.lstrip()
    return start.startswith("{") and '"schema"' in start and '"properties"' in start


READER = Reader("ftm-json", FOLLOW_THE_MONEY, "FollowTheMoney JSON lines", _knows, read)
