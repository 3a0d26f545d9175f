"""The consolidated list of the Security Council of the United Nations, as XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.trees import records, said, said_all
from sluicegate.adapters.lists.values import one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import kind_called

UNITED_NATIONS = "un_sc"
_SCHEMAS = {"INDIVIDUAL": Schema.PERSON, "ENTITY": Schema.ORGANISATION}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_ALIASES = {"low": NameKind.WEAK, "f.k.a.": NameKind.FORMER}


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; an entry's id is its permanent reference such as QDi.006."""
    file = part.file.name
    seen: set[str] = set()
    notes.published = one_day(_generated(part.file.head))
    for element in records(part.file, frozenset(_SCHEMAS)):
        number = said(element, "REFERENCE_NUMBER") or said(element, "DATAID")
        draft = Draft(part.list_id or UNITED_NATIONS, number, _SCHEMAS[element.tag])
        _fill(draft, element, notes, file)
        if not draft.names or not number or number in seen:
            problem = "is there already" if number in seen else "has no name or no reference"
            notes.fault(file, None, number, problem, "it was left out; ask the issuer")
            continue
        seen.add(number)
        yield draft.entry()


def _generated(head: bytes) -> str:
    text = head[:2000].decode("utf-8", "replace")
    return text.partition('dateGenerated="')[2].partition('"')[0]


def _fill(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    draft.name(" ".join(filter(None, (said(element, one) for one in _NAMES))), NameKind.PRIMARY)
    draft.name(said(element, "NAME_ORIGINAL_SCRIPT"), NameKind.SCRIPT)
    for alias in (*element.iterfind("INDIVIDUAL_ALIAS"), *element.iterfind("ENTITY_ALIAS")):
        kind = _ALIASES.get(said(alias, "QUALITY").casefold(), NameKind.ALIAS)
        for text in said(alias, "ALIAS_NAME").split(";"):
            draft.name(text, kind)
    for text in said_all(element, "NATIONALITY/VALUE"):
        draft.add(draft.nationalities, notes.countries(text, file))
    for one in (*element.iterfind("INDIVIDUAL_ADDRESS"), *element.iterfind("ENTITY_ADDRESS")):
        parts = [said(one, part) for part in _PLACE]
        draft.address(parts, notes.country(parts[-1], file))
    for one in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        given = [said(one, part) for part in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR")]
        given = [text for text in given if text] or [said(one, "NOTE")]
        for text in given:
            draft.add(draft.birth_dates, notes.days(text, file))
    for one in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        place = [said(one, part) for part in ("CITY", "STATE_PROVINCE", "COUNTRY")]
        draft.add(draft.birth_places, [", ".join(filter(None, place))])
    for one in element.iterfind("INDIVIDUAL_DOCUMENT"):
        label = said(one, "TYPE_OF_DOCUMENT")
        country = said(one, "ISSUING_COUNTRY") or said(one, "COUNTRY_OF_ISSUE")
        code = notes.country(country, file)
        draft.number(kind_called(label) or "other", said(one, "NUMBER"), code)
    draft.add(draft.programmes, [said(element, "UN_LIST_TYPE")])
    draft.since = one_day(said(element, "LISTED_ON"))
    draft.reference = said(element, "REFERENCE_NUMBER")
    draft.remark(*said_all(element, "DESIGNATION/VALUE"), said(element, "COMMENTS1"))


READER = Reader(
    "un-xml",
    UNITED_NATIONS,
    "the list of the United Nations",
    lambda head: head.root == "CONSOLIDATED_LIST",
    read,
)
