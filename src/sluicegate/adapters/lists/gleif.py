"""Legal entity identifiers of the GLEIF, level 1 (who is who): LEI-CDF XML and golden copy CSV.

Level 2 (who owns whom) holds no parties: `gleif_relationships` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import (
    AGAIN_WAY_OUT,
    BLANK_PROBLEM,
    ISSUER_WAY_OUT,
    NAMELESS_PROBLEM,
    Notes,
)
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.source import ListFileError
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.values import clean, country_code, one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema

GLEIF = "gleif"
_KINDS = {"PREVIOUS_LEGAL_NAME": NameKind.FORMER}
_ADDRESS = (
    "FirstAddressLine",
    "AdditionalAddressLine",
    "City",
    "Region",
    "PostalCode",
    "Country",
)
_SCHEMAS = {"SOLE_PROPRIETOR": Schema.LEGAL_ENTITY, "GENERAL": Schema.COMPANY, "": Schema.COMPANY}


def read_xml(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the XML a record at a time; its own count of records must be met."""
    expected = found = 0
    for element in records(part.file, frozenset({"LEIHeader", "LEIRecord"})):
        if element.tag == "LEIHeader":
            notes.published = one_day(said(element, "ContentDate")[:10])
            number = said(element, "RecordCount")
            expected = int(number) if number.isdigit() else 0
            continue
        found += 1
        draft = _draft_of(part, clean(said(element, "LEI")), said(element, "Entity/EntityCategory"))
        _fill(draft, element)
        yield from _entry(draft, notes, part.file.name)
    if found < expected:
        problem = f"is cut short: it counts {expected} records and has {found}"
        raise ListFileError(part.file.name, problem, AGAIN_WAY_OUT)


def _entry(draft: Draft, notes: Notes, file: str, line: int | None = None) -> Iterator[ListEntry]:
    """Yield the entry of a record; the ids of millions of records are not held in memory."""
    if draft.names and draft.entry_id:
        yield draft.entry()
    else:
        problem = NAMELESS_PROBLEM if draft.entry_id else BLANK_PROBLEM
        notes.fault(file, line, draft.entry_id or "LEI", problem, ISSUER_WAY_OUT)


def _draft_of(part: Part, lei: str, category: str) -> Draft:
    schema = _SCHEMAS.get(category.strip(), Schema.ORGANISATION)
    draft = Draft(part.list_id or GLEIF, lei, schema)
    draft.number("lei", lei)
    return draft


def _fill(draft: Draft, element: Element) -> None:
    entity = element.find("Entity")
    if entity is None:
        return
    draft.name(said(entity, "LegalName"), NameKind.PRIMARY, _language(entity.find("LegalName")))
    for path in (
        "OtherEntityNames/OtherEntityName",
        "TransliteratedOtherEntityNames/TransliteratedOtherEntityName",
    ):
        for one in entity.iterfind(path):
            kind = _KINDS.get(one.get("type") or "", NameKind.ALIAS)
            draft.name(said(one), kind, _language(one))
    for path in ("LegalAddress", "HeadquartersAddress"):
        address = entity.find(path)
        if address is not None:
            parts = [said(one) for tag in _ADDRESS for one in address.iterfind(tag)]
            draft.address(parts, country_code(said(address, "Country")))
    jurisdiction = country_code(said(entity, "LegalJurisdiction")[:2])
    draft.add(draft.countries, [jurisdiction])
    number = said(entity, "RegistrationAuthority/RegistrationAuthorityEntityID")
    draft.number("registration", number, jurisdiction)
    draft.remark(said(entity, "EntityStatus"), said(element, "Registration/RegistrationStatus"))


def _language(element: Element | None) -> str:
    if element is None:
        return ""
    return next((text for key, text in element.attrib.items() if key.endswith("lang")), "")


# -- CSV

_COLUMNS = frozenset({"lei", "entity_legalname"})
_OTHER = "entity_otherentitynames_otherentityname"
_ROMAN = "entity_transliteratedotherentitynames_transliteratedotherentityname"
_CSV_ADDRESS = (
    "firstaddressline",
    "additionaladdressline_1",
    "additionaladdressline_2",
    "additionaladdressline_3",
    "city",
    "region",
    "postalcode",
    "country",
)
_STATUS = ("entity_entitystatus", "registration_registrationstatus")
_AUTHORITY = "entity_registrationauthority_registrationauthorityentityid"


def read_csv(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the golden copy as CSV, a row at a time; it has as many columns of names as it needs."""
    for line, row in with_header(TableRows(part.file, notes), _COLUMNS):
        draft = _draft_of(part, clean(row["lei"]), row["entity_entitycategory"])
        draft.name(row["entity_legalname"], NameKind.PRIMARY, row["entity_legalname_xmllang"])
        for prefix in (_OTHER, _ROMAN):
            for place in count(1):
                column = f"{prefix}_{place}"
                if column not in row:
                    break
                kind = _KINDS.get(row[f"{column}_type"], NameKind.ALIAS)
                draft.name(row[column], kind, row[f"{column}_xmllang"])
        for prefix in ("entity_legaladdress", "entity_headquartersaddress"):
            parts = [row[f"{prefix}_{one}"] for one in _CSV_ADDRESS]
            draft.address(parts, country_code(parts[-1]))
        jurisdiction = country_code(row["entity_legaljurisdiction"][:2])
        draft.add(draft.countries, [jurisdiction])
        draft.number("registration", row[_AUTHORITY], jurisdiction)
        draft.remark(*(row[one] for one in _STATUS))
        yield from _entry(draft, notes, part.file.name, line)


XML = Reader(
    "gleif-xml", GLEIF, "the GLEIF's level 1 as XML", lambda head: head.root == "LEIData", read_xml
)
CSV = Reader(
    "gleif-csv",
    GLEIF,
    "the GLEIF's level 1 as CSV",
    lambda head: head.columns >= _COLUMNS,
    read_csv,
)
