"""The consolidated financial sanctions list of the European Union: XML 1.1, and its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.un import UNITED_NATIONS
from sluicegate.adapters.lists.values import one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import kind_called

EUROPE = "eu_fsf"
_SCHEMAS = {
    "P": Schema.PERSON,
    "E": Schema.ORGANISATION,
    "person": Schema.PERSON,
    "enterprise": Schema.ORGANISATION,
}
_PLACE = ("street", "poBox", "zipCode", "city", "place", "region", "countryDescription")
_UNKNOWN_COUNTRY = "00"


def read_xml(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the XML; an entry's id is its EU reference, such as EU.27.28."""
    file = part.file.name
    text = part.file.head[:2000].decode("utf-8", "replace")
    notes.published = one_day(text.partition('generationDate="')[2][:10])
    notes.version = text.partition('globalFileId="')[2].partition('"')[0]
    seen: set[str] = set()
    for element in records(part.file, frozenset({"sanctionEntity"})):
        number = element.get("euReferenceNumber") or element.get("logicalId") or ""
        kind = element.find("subjectType")
        code = (kind.get("classificationCode") or kind.get("code")) if kind is not None else None
        schema = _SCHEMAS.get(code or "", Schema.LEGAL_ENTITY)
        draft = Draft(part.list_id or EUROPE, number, schema)
        _fill(draft, element, notes, file)
        if not draft.names or not number or number in seen:
            problem = "is there already" if number in seen else "has no name or no reference"
            notes.fault(file, None, number, problem, "it was left out; ask the issuer")
            continue
        seen.add(number)
        yield draft.entry()


def _fill(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    for name in element.iterfind("nameAlias"):
        parts = (name.get(one) or "" for one in ("firstName", "middleName", "lastName"))
        text = name.get("wholeName") or " ".join(filter(None, parts))
        weak = (name.get("strong") or "true").casefold() == "false"
        first = NameKind.ALIAS if draft.names else NameKind.PRIMARY
        draft.name(text, NameKind.WEAK if weak else first, (name.get("nameLanguage") or "").lower())
        draft.remark(name.get("function") or "")
    for one in element.iterfind("citizenship"):
        draft.add(draft.nationalities, [_country(one, notes, file)])
    for one in element.iterfind("birthdate"):
        given = [one.get("birthdate") or one.get("year") or ""]
        given += [one.get("yearRangeFrom") or "", one.get("yearRangeTo") or ""]
        for text in filter(None, given):
            draft.add(draft.birth_dates, notes.days(text, file))
        place = [one.get(part) or "" for part in ("city", "place", "region", "countryDescription")]
        draft.add(draft.birth_places, [", ".join(filter(None, place))])
    for one in element.iterfind("identification"):
        kind = kind_called(one.get("identificationTypeCode") or "") or "other"
        number = one.get("number") or one.get("latinNumber") or ""
        draft.number(kind, number, _country(one, notes, file))
    for one in element.iterfind("address"):
        draft.address([one.get(part) or "" for part in _PLACE], _country(one, notes, file))
        for info in one.iterfind("contactInfo"):
            draft.number(kind_called(info.get("key") or "") or "other", info.get("value") or "")
    for rule in element.iterfind("regulation"):
        draft.add(draft.programmes, [rule.get("programme") or ""])
        draft.reference = draft.reference or (rule.get("numberTitle") or "")
        draft.source_url = draft.source_url or said(rule, "publicationUrl")
        draft.since = draft.since or one_day(rule.get("entryIntoForceDate") or "")
    designated = one_day(element.get("designationDate") or "")
    draft.since = designated or draft.since
    draft.remark(said(element, "remark"), element.get("designationDetails") or "")
    if reference := (element.get("unitedNationId") or "").strip():
        draft.same_as[(UNITED_NATIONS, reference)] = None
        draft.number("un_reference", reference)


def _country(element: Element, notes: Notes, file: str) -> str:
    code = element.get("countryIso2Code") or ""
    name = element.get("countryDescription") or ""
    if code == _UNKNOWN_COUNTRY or (not code and name.casefold() in ("", "unknown")):
        return ""
    return notes.country(code or name, file)


# -- CSV: a row for each name, address, birth or document, all with the entity's columns

_COLUMNS = frozenset({"entity_logicalid"})
_CSV_PLACE = ("street", "pobox", "zipcode", "city", "place", "region", "countrydescription")


def read_csv(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the CSV; it does not mark weak names."""
    file = part.file.name
    drafts: dict[str, Draft] = {}
    delimiter = Head(file, part.file.head).delimiter
    for line, row in with_header(TableRows(part.file, notes, delimiter=delimiter), _COLUMNS):
        number = row.get("entity_eu_referencenumber", "") or row["entity_logicalid"]
        if not number.strip():
            notes.fault(file, line, "Entity_LogicalId", "is blank", "mend the row")
            continue
        if number not in drafts:
            kind = row.get("entity_subjecttype_classificationcode", "")
            kind = kind or row.get("entity_subjecttype", "")
            schema = _SCHEMAS.get(kind.strip(), Schema.LEGAL_ENTITY)
            drafts[number] = Draft(part.list_id or EUROPE, number, schema)
        _fill_row(drafts[number], row, notes, file, line)
        notes.published = notes.published or one_day(row.get("filegenerationdate", ""))
    for number, draft in drafts.items():
        if draft.names:
            yield draft.entry()
        else:
            notes.fault(file, None, number, "has no name", "it was left out; ask the issuer")


def _fill_row(draft: Draft, row: dict[str, str], notes: Notes, file: str, line: int) -> None:
    def at(name: str) -> str:
        return row.get(name, "").strip()

    parts = (at(f"namealias_{one}") for one in ("firstname", "middlename", "lastname"))
    text = at("namealias_wholename") or " ".join(filter(None, parts))
    kind = NameKind.ALIAS if draft.names else NameKind.PRIMARY
    is_weak = at("namealias_strong").casefold() == "false"
    draft.name(text, NameKind.WEAK if is_weak else kind, at("namealias_namelanguage").lower())
    for prefix, into in (("citizenship", draft.nationalities), ("address", draft.countries)):
        country = at(f"{prefix}_countryiso2code") or at(f"{prefix}_countrydescription")
        if country and country != _UNKNOWN_COUNTRY:
            draft.add(into, [notes.country(country, file, line)])
    draft.address(at(f"address_{one}") for one in _CSV_PLACE)
    draft.add(
        draft.birth_dates,
        notes.days(at("birthdate_birthdate") or at("birthdate_year"), file, line),
    )
    place = (at("birthdate_city"), at("birthdate_place"), at("birthdate_countrydescription"))
    draft.add(draft.birth_places, [", ".join(filter(None, place))])
    label = at("identification_typecode") or at("identification_typedescription")
    issuer = at("identification_countryiso2code")
    code = "" if issuer == _UNKNOWN_COUNTRY else notes.country(issuer, file, line)
    draft.number(kind_called(label) or "other", at("identification_number"), code)
    draft.add(draft.programmes, [at("entity_regulation_programme")])
    draft.reference = draft.reference or at("entity_regulation_numbertitle")
    draft.source_url = draft.source_url or at("entity_regulation_publicationurl")
    draft.since = draft.since or one_day(at("entity_designationdate"))
    draft.remark(at("entity_remark"), at("namealias_function"))
    if reference := at("entity_unitednationid"):
        draft.same_as[(UNITED_NATIONS, reference)] = None
        draft.number("un_reference", reference)


XML = Reader(
    "eu-fsf-xml",
    EUROPE,
    "the EU's financial sanctions list as XML",
    lambda head: head.root == "export" and b"sanctionEntity" in head.start,
    read_xml,
)
CSV = Reader(
    "eu-fsf-csv",
    EUROPE,
    "the EU's financial sanctions list as CSV",
    lambda head: head.columns >= _COLUMNS,
    read_csv,
)
