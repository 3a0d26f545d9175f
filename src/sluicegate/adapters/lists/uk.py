"""The UK Sanctions List as CSV and XML, and the older list of OFSI as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.un import UNITED_NATIONS
from sluicegate.adapters.lists.values import clean, one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema

KINGDOM, OFSI = "uk_sanctions", "uk_ofsi"
_COLUMNS = frozenset({"unique_id", "name_6", "name_type"})
_SCHEMAS = {
    "individual": Schema.PERSON,
    "entity": Schema.ORGANISATION,
    "ship": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}
_SEVERAL = re.compile(r"\(\d+\)\s*|\s*\|\s*|;\s")
_SIX = range(1, 7)


def _several(text: str) -> list[str]:
    """Return the values of a cell that may number them: "(1) X (2) Y"."""
    return [one for part in _SEVERAL.split(text) if (one := clean(part))]


def _full_name(names: Iterable[str]) -> str:
    return " ".join(filter(None, map(clean, names)))


def _kind_of(name_type: str, strength: str) -> NameKind:
    if "low" in strength.casefold():
        return NameKind.WEAK
    if name_type.strip().casefold() == "primary name":
        return NameKind.PRIMARY
    known = {"fka": NameKind.FORMER, "nka": NameKind.NOW}
    return known.get(name_type.strip().casefold().replace(".", ""), NameKind.ALIAS)


def _places_of_birth(towns: str, countries: str) -> list[str]:
    town, country = _several(towns), _several(countries)
    longest = max(len(town), len(country))
    padded = ((both + [""] * longest)[:longest] for both in (town, country))
    return [", ".join(filter(None, pair)) for pair in zip(*padded, strict=True)]


def read_csv(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the CSV, which has a row for each name and address; an id is such as RUS0001."""
    rows = TableRows(part.file, notes)
    drafts: dict[str, Draft] = {}
    for line, row in with_header(rows, _COLUMNS):
        number = clean(row["unique_id"])
        if not number:
            problem = "is blank"
            notes.fault(part.file.name, line, "Unique ID", problem, "mend the row")
            continue
        if number not in drafts:
            kind = row.get("designation_type", "") or row.get("individual_entity_ship", "")
            schema = _SCHEMAS.get(kind.strip().casefold(), Schema.LEGAL_ENTITY)
            drafts[number] = Draft(part.list_id or KINGDOM, number, schema)
        _fill_row(drafts[number], row, notes, part.file.name, line)
    notes.published = _day_above(rows)
    yield from _entries(drafts, notes, part.file.name)


def _day_above(rows: TableRows) -> date | None:
    text = " ".join(cell for row in rows.above for cell in row if cell)
    return one_day(text.rpartition(": ")[2].strip() or text) or one_day(text.rpartition(" ")[2])


def _entries(drafts: dict[str, Draft], notes: Notes, file: str) -> Iterator[ListEntry]:
    for number, draft in drafts.items():
        if draft.names:
            yield draft.entry()
        else:
            notes.fault(file, None, number, "has no name", "it was left out; ask the issuer")


def _fill_row(draft: Draft, row: dict[str, str], notes: Notes, file: str, line: int) -> None:
    def at(name: str) -> str:
        return row.get(name, "").strip()

    names = [at(f"name_{one}") for one in _SIX]
    draft.name(_full_name(names), _kind_of(at("name_type"), at("alias_strength")))
    draft.name(at("name_non_latin_script"), NameKind.SCRIPT)
    country = at("address_country")
    lines = [at(f"address_line_{one}") for one in _SIX]
    code = notes.country(country, file, line)
    draft.address([*lines, at("address_postal_code"), country], code)
    for text in _several(at("nationality_ies")):
        draft.add(draft.nationalities, notes.countries(text, file, line))
    for text in _several(at("d_o_b")):
        draft.add(draft.birth_dates, notes.days(text, file, line))
    draft.add(draft.birth_places, _places_of_birth(at("town_of_birth"), at("country_of_birth")))
    for column, kind in (
        ("national_identifier_number", "national_id"),
        ("passport_number", "passport"),
        ("business_registration_number_s", "registration"),
        ("imo_number", "imo"),
        ("hull_identification_number_hin", "vessel_number"),
        ("phone_number", "phone"),
        ("website", "website"),
        ("email_address", "email"),
        ("un_reference_number", "un_reference"),
    ):
        for text in _several(at(column)):
            draft.number(kind, text)
    if flag := at("current_believed_flag_of_ship"):
        draft.add(draft.countries, notes.countries(flag, file, line))
    draft.add(draft.programmes, [at("regime_name")])
    draft.since = draft.since or one_day(at("date_designated"))
    draft.remark(at("title"), at("position"), at("other_information"))
    draft.remark(at("uk_statement_of_reasons"))
    _point(draft, at("un_reference_number"), at("ofsi_group_id"))


def _point(draft: Draft, united_nations: str, group: str) -> None:
    if united_nations:
        draft.same_as[(UNITED_NATIONS, united_nations)] = None
    if group:
        draft.same_as[(OFSI, group)] = None


# -- XML

_LEAVES = {
    "PassportNumber": "passport",
    "NationalIdentifierNumber": "national_id",
    "BusinessRegistrationNumber": "registration",
    "IMONumber": "imo",
    "PhoneNumber": "phone",
    "EmailAddress": "email",
    "Website": "website",
    "UNReferenceNumber": "un_reference",
}


def read_xml(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the XML, which has an element for each designation."""
    file = part.file.name
    drafts: dict[str, Draft] = {}
    for element in records(part.file, frozenset({"Designation", "DateGenerated"})):
        if element.tag == "DateGenerated":
            notes.published = one_day(said(element))
            continue
        number = said(element, "UniqueID")
        if not number or number in drafts:
            problem = "is there already" if number else "has no UniqueID"
            notes.fault(file, None, number, problem, "it was left out; ask the issuer")
            continue
        kind = said(element, "IndividualEntityShip").casefold()
        schema = _SCHEMAS.get(kind, Schema.LEGAL_ENTITY)
        drafts[number] = Draft(part.list_id or KINGDOM, number, schema)
        _fill(drafts[number], element, notes, file)
    yield from _entries(drafts, notes, file)


def _fill(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    for name in element.iterfind("Names/Name"):
        text = _full_name(said(name, f"Name{one}") for one in _SIX) or said(name, "Name")
        draft.name(text, _kind_of(said(name, "NameType"), said(name, "AliasStrength")))
    for script in element.iter("NameNonLatinScript"):
        draft.name(said(script), NameKind.SCRIPT)
    for one in element.iterfind("Addresses/Address"):
        country = said(one, "AddressCountry")
        lines = [said(one, f"AddressLine{line}") for line in _SIX]
        code = notes.country(country, file)
        draft.address([*lines, said(one, "AddressPostalCode"), country], code)
    for one in element.iter("Nationality"):
        draft.add(draft.nationalities, notes.countries(said(one), file))
    for one in element.iter("DOB"):
        draft.add(draft.birth_dates, notes.days(said(one), file))
    for one in element.iter("Location"):
        place = _places_of_birth(said(one, "TownOfBirth"), said(one, "CountryOfBirth"))
        draft.add(draft.birth_places, place)
    for tag, kind in _LEAVES.items():
        for one in element.iter(tag):
            draft.number(kind, said(one))
    for one in element.iter("CurrentBelievedFlagOfShip"):
        draft.add(draft.countries, notes.countries(said(one), file))
    draft.add(draft.programmes, [said(element, "RegimeName")])
    draft.since = one_day(said(element, "DateDesignated"))
    draft.remark(*(said(one) for one in element.iter("Position")))
    draft.remark(said(element, "OtherInformation"), said(element, "UKStatementofReasons"))
    _point(draft, said(element, "UNReferenceNumber"), said(element, "OFSIGroupID"))


# -- the older list

_OFSI_COLUMNS = frozenset({"name_6", "group_type", "alias_type", "group_id"})
_UK_REFERENCE = re.compile(r"\(UK Sanctions List Ref\):\s*([A-Z]{3}\d{4})")
_UN_REFERENCE = re.compile(r"\(UN Ref\):\s*([A-Z]{2}[a-z]\.\d+)")


def read_ofsi(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read OFSI's CSV, which has a row for each name; an entry's id is its Group ID."""
    rows = TableRows(part.file, notes)
    drafts: dict[str, Draft] = {}
    for line, row in with_header(rows, _OFSI_COLUMNS):
        number = clean(row["group_id"])
        if not number:
            notes.fault(part.file.name, line, "Group ID", "is blank", "mend the row")
            continue
        if number not in drafts:
            schema = _SCHEMAS.get(row["group_type"].strip().casefold(), Schema.LEGAL_ENTITY)
            drafts[number] = Draft(part.list_id or OFSI, number, schema)
        _fill_ofsi(drafts[number], row, notes, part.file.name, line)
    notes.published = _day_above(rows)
    yield from _entries(drafts, notes, part.file.name)


def _fill_ofsi(draft: Draft, row: dict[str, str], notes: Notes, file: str, line: int) -> None:
    def at(name: str) -> str:
        return row.get(name, "").strip()

    names = [at(f"name_{one}") for one in _SIX]
    draft.name(_full_name(names), _kind_of(at("alias_type"), at("alias_quality")))
    draft.name(at("name_non_latin_script"), NameKind.SCRIPT)
    country = at("country")
    lines = [at(f"address_{one}") for one in _SIX]
    code = notes.country(country, file, line)
    draft.address([*lines, at("post_zip_code"), country], code)
    for text in _several(at("nationality")):
        draft.add(draft.nationalities, notes.countries(text, file, line))
    for text in _several(at("dob")):
        draft.add(draft.birth_dates, notes.days(text, file, line))
    draft.add(draft.birth_places, _places_of_birth(at("town_of_birth"), at("country_of_birth")))
    for column, kind in (
        ("passport_number", "passport"),
        ("national_identification_number", "national_id"),
    ):
        for text in _several(at(column)):
            draft.number(kind, text)
    draft.add(draft.programmes, [at("regime")])
    draft.since = draft.since or one_day(at("listed_on"))
    about = at("other_information")
    draft.remark(at("title"), at("position"), about)
    for found in _UK_REFERENCE.findall(about):
        draft.same_as[(KINGDOM, found)] = None
    for found in _UN_REFERENCE.findall(about):
        draft.same_as[(UNITED_NATIONS, found)] = None


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
    lambda head: head.later_columns >= _OFSI_COLUMNS,
    read_ofsi,
)
