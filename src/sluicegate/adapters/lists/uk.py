"""The UK Sanctions List as CSV and XML, and the older list of OFSI as CSV.

Each of the three says the same of a party in its own words; all are first made a
`_Said`, and one function writes it into an entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.tables import Record, TableRows, with_header
from sluicegate.adapters.lists.trees import records, said, said_in
from sluicegate.adapters.lists.un import UNITED_NATIONS
from sluicegate.adapters.lists.values import clean, one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema

KINGDOM, OFSI = "uk_sanctions", "uk_ofsi"
_SCHEMAS = {
    "individual": Schema.PERSON,
    "entity": Schema.ORGANISATION,
    "ship": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}
_KINDS = {"primary name": NameKind.PRIMARY, "fka": NameKind.FORMER, "nka": NameKind.NOW}
_SEVERAL = re.compile(r"\(\d+\)\s*|\s*\|\s*|;\s")
_SIX = range(1, 7)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row or an element says of a party, its dates and countries as written.

    `names` are (text, type, strength); `addresses` are lines with the country
    last; `numbers` are (kind, number).
    """

    names: tuple[tuple[str, str, str], ...]
    scripts: tuple[str, ...]
    addresses: tuple[tuple[str, ...], ...]
    nationalities: tuple[str, ...]
    births: tuple[str, ...]
    birth_places: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    regime: str
    since: str
    remarks: tuple[str, ...]
    same_as: tuple[tuple[str, str], ...]


def _fill(draft: Draft, told: _Said, notes: Notes, file: str, line: int | None = None) -> None:
    for text, kind, strength in told.names:
        draft.name(text, _kind_of(kind, strength))
    for text in told.scripts:
        draft.name(text, NameKind.SCRIPT)
    for lines in told.addresses:
        draft.address(lines, notes.country(lines[-1], file, line))
    for text in told.nationalities:
        draft.add(draft.nationalities, notes.countries(text, file, line))
    for text in told.births:
        draft.add(draft.birth_dates, notes.days(text, file, line))
    draft.add(draft.birth_places, told.birth_places)
    for kind, number in told.numbers:
        draft.number(kind, number)
    for text in told.flags:
        draft.add(draft.countries, notes.countries(text, file, line))
    draft.add(draft.programmes, [told.regime])
    draft.since = draft.since or one_day(told.since)
    draft.remark(*told.remarks)
    draft.same_as.update((key, None) for key in told.same_as if key[1])


def _kind_of(name_type: str, strength: str) -> NameKind:
    if "low" in strength.casefold():
        return NameKind.WEAK
    return _KINDS.get(name_type.strip().casefold().replace(".", ""), NameKind.ALIAS)


def _several(text: str) -> list[str]:
    """Return the values of a cell that may number them: "(1) X (2) Y"."""
    return [one for part in _SEVERAL.split(text) if (one := clean(part))]


def _joined(names: Iterable[str]) -> str:
    return " ".join(filter(None, map(clean, names)))


def _paired(towns: list[str], countries: list[str]) -> tuple[str, ...]:
    longest = max(len(towns), len(countries))
    padded = ((both + [""] * longest)[:longest] for both in (towns, countries))
    return tuple(", ".join(filter(None, pair)) for pair in zip(*padded, strict=True))


# -- CSV: a row for each name, address and other value of a party


@dataclass(frozen=True)
class _Form:
    """Which columns of a CSV hold what; the first of `numbers` are column → kind."""

    list_id: str
    number: str
    schema: tuple[str, ...]
    name_type: str
    strength: str
    address: str
    post_code: str
    country: str
    nationality: str
    birth: str
    numbers: Mapping[str, str]
    flag: str
    regime: str
    since: str
    remarks: tuple[str, ...]


_NOW = _Form(
    list_id=KINGDOM,
    number="unique_id",
    schema=("designation_type", "individual_entity_ship"),
    name_type="name_type",
    strength="alias_strength",
    address="address_line",
    post_code="address_postal_code",
    country="address_country",
    nationality="nationality_ies",
    birth="d_o_b",
    numbers={
        "national_identifier_number": "national_id",
        "passport_number": "passport",
        "business_registration_number_s": "registration",
        "imo_number": "imo",
        "hull_identification_number_hin": "vessel_number",
        "phone_number": "phone",
        "website": "website",
        "email_address": "email",
        "un_reference_number": "un_reference",
    },
    flag="current_believed_flag_of_ship",
    regime="regime_name",
    since="date_designated",
    remarks=(
        *("title", "position", "other_information", "uk_statement_of_reasons"),
        *("parent_company", "subsidiaries", "current_owner_operator_s"),
    ),
)
_OLDER = _Form(
    list_id=OFSI,
    number="group_id",
    schema=("group_type",),
    name_type="alias_type",
    strength="alias_quality",
    address="address",
    post_code="post_zip_code",
    country="country",
    nationality="nationality",
    birth="dob",
    numbers={"passport_number": "passport", "national_identification_number": "national_id"},
    flag="",
    regime="regime",
    since="listed_on",
    remarks=("title", "position", "other_information"),
)
_COLUMNS = frozenset({"unique_id", "name_6", "name_type"})
_OLDER_COLUMNS = frozenset({"name_6", "group_type", "alias_type", "group_id"})
_UK_REFERENCE = re.compile(r"\(UK Sanctions List Ref\):\s*([A-Z]{3}\d{4})")
_UN_REFERENCE = re.compile(r"\(UN Ref\):\s*([A-Z]{2}[a-z]\.\d+)")


def read_csv(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the CSV; an entry's id is such as RUS0001."""
    return _read_rows(part, notes, _NOW, _COLUMNS)


def read_older(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read OFSI's CSV; an entry's id is its Group ID."""
    return _read_rows(part, notes, _OLDER, _OLDER_COLUMNS)


def _read_rows(
    part: Part, notes: Notes, form: _Form, columns: frozenset[str]
) -> Iterator[ListEntry]:
    rows, file = TableRows(part.file, notes), part.file.name
    drafts: dict[str, Draft] = {}
    for line, row in with_header(rows, columns):
        number = clean(row[form.number])
        if not number:
            notes.fault(file, line, form.number, BLANK_PROBLEM, ROW_WAY_OUT)
            continue
        if number not in drafts:
            kind = next(filter(None, (row[one].strip().casefold() for one in form.schema)), "")
            schema = _SCHEMAS.get(kind, Schema.LEGAL_ENTITY)
            drafts[number] = Draft(part.list_id or form.list_id, number, schema)
        _fill(drafts[number], _told(row, form), notes, file, line)
    notes.published = _day_above(rows)
    entries = Entries(file, notes)
    for draft in drafts.values():
        yield from entries.of(draft)


def _told(row: Record, form: _Form) -> _Said:
    names = _joined(row[f"name_{one}"] for one in _SIX)
    lines = [row[f"{form.address}_{one}"] for one in _SIX]
    numbers = [
        (kind, one) for column, kind in form.numbers.items() for one in _several(row[column])
    ]
    about = row["other_information"]
    same_as = [(UNITED_NATIONS, row["un_reference_number"]), (OFSI, row["ofsi_group_id"])]
    same_as += [(KINGDOM, found) for found in _UK_REFERENCE.findall(about)]
    same_as += [(UNITED_NATIONS, found) for found in _UN_REFERENCE.findall(about)]
    return _Said(
        names=((names, row[form.name_type], row[form.strength]),),
        scripts=(row["name_non_latin_script"],),
        addresses=((*lines, row[form.post_code], row[form.country].strip()),),
        nationalities=tuple(_several(row[form.nationality])),
        births=tuple(_several(row[form.birth])),
        birth_places=_paired(_several(row["town_of_birth"]), _several(row["country_of_birth"])),
        numbers=tuple(numbers),
        flags=tuple(_several(row[form.flag])),
        regime=row[form.regime],
        since=row[form.since],
        remarks=tuple(row[one] for one in form.remarks),
        same_as=tuple((name, number.strip()) for name, number in same_as),
    )


def _day_above(rows: TableRows) -> date | None:
    text = " ".join(cell for row in rows.above for cell in row if cell)
    return one_day(text.rpartition(": ")[2].strip() or text) or one_day(text.rpartition(" ")[2])


# -- XML: an element for each designation

_LEAVES = {
    "PassportNumber": "passport",
    "NationalIdentifierNumber": "national_id",
    "BusinessRegistrationNumber": "registration",
    "IMONumber": "imo",
    "HullIdentificationNumber": "vessel_number",
    "PhoneNumber": "phone",
    "EmailAddress": "email",
    "Website": "website",
    "UNReferenceNumber": "un_reference",
}
_TOLD = (
    *("Title", "Position", "OtherInformation", "UKStatementofReasons"),
    *("ParentCompany", "Subsidiary", "CurrentOwnerOperator"),
)


def read_xml(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the XML; an entry's id is the same as in the CSV."""
    entries = Entries(part.file.name, notes)
    for element in records(part.file, frozenset({"Designation", "DateGenerated"})):
        if element.tag == "DateGenerated":
            notes.published = one_day(said(element))
            continue
        kind = said(element, "IndividualEntityShip").casefold()
        schema = _SCHEMAS.get(kind, Schema.LEGAL_ENTITY)
        draft = Draft(part.list_id or KINGDOM, said(element, "UniqueID"), schema)
        _fill(draft, _designated(element), notes, part.file.name)
        yield from entries.of(draft)


def _designated(element: Element) -> _Said:
    names = (
        (
            _joined(said(one, f"Name{place}") for place in _SIX) or said(one, "Name"),
            said(one, "NameType"),
            said(one, "AliasStrength"),
        )
        for one in element.iterfind("Names/Name")
    )
    addresses = (
        (
            *(said(one, f"AddressLine{line}") for line in _SIX),
            *(said(one, "AddressPostalCode"), said(one, "AddressCountry")),
        )
        for one in element.iterfind("Addresses/Address")
    )
    places = (
        ", ".join(filter(None, (said(one, "TownOfBirth"), said(one, "CountryOfBirth"))))
        for one in element.iter("Location")
    )
    numbers = ((kind, text) for tag, kind in _LEAVES.items() for text in said_in(element, tag))
    groups = (UNITED_NATIONS, "UNReferenceNumber"), (OFSI, "OFSIGroupID")
    return _Said(
        names=tuple(names),
        scripts=tuple(said_in(element, "NameNonLatinScript")),
        addresses=tuple(addresses),
        nationalities=tuple(said_in(element, "Nationality")),
        births=tuple(said_in(element, "DOB")),
        birth_places=tuple(places),
        numbers=tuple(numbers),
        flags=tuple(said_in(element, "CurrentBelievedFlagOfShip")),
        regime=said(element, "RegimeName"),
        since=said(element, "DateDesignated"),
        remarks=tuple(text for tag in _TOLD for text in said_in(element, tag)),
        same_as=tuple((name, text) for name, tag in groups for text in said_in(element, tag)),
    )


CSV = Reader(
    "uk-csv",
    KINGDOM,
    "the UK Sanctions List as CSV",
    lambda head: head.later_columns >= _COLUMNS,
    read_csv,
)
XML = Reader(
    "uk-xml",
    KINGDOM,
    "the UK Sanctions List as XML",
    lambda head: head.root == "Designations",
    read_xml,
)
OLDER = Reader(
    "ofsi-csv",
    OFSI,
    "OFSI's consolidated list as CSV",
    lambda head: head.later_columns >= _OLDER_COLUMNS,
    read_older,
)
