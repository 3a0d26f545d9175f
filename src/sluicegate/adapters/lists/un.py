"""The consolidated list of the Security Council of the United Nations, as XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.trees import attribute_of_root, records, said, said_all
from sluicegate.adapters.lists.values import one_day
from sluicegate.screening.entries import ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import kind_called

UNITED_NATIONS = "un_sc"
_SCHEMAS = {"INDIVIDUAL": Schema.PERSON, "ENTITY": Schema.ORGANISATION}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_BIRTH_PLACE = ("CITY", "STATE_PROVINCE", "COUNTRY")
_DATES = ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR")
_ALIASES = {"low": NameKind.WEAK, "f.k.a.": NameKind.FORMER}
_DAY = 10
"""Characters of a day; some carry a zone behind it, such as 2015-04-07-04:00."""


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; an entry's id is its permanent reference such as QDi.006."""
    entries = Entries(part.file.name, notes)
    notes.published = one_day(attribute_of_root(part.file.head, "dateGenerated")[:_DAY])
    for element in records(part.file, frozenset(_SCHEMAS)):
        number = said(element, "REFERENCE_NUMBER") or said(element, "DATAID")
        draft = Draft(part.list_id or UNITED_NATIONS, number, _SCHEMAS[element.tag])
        _fill(draft, element, notes, part.file.name)
        yield from entries.of(draft)


def _fill(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    draft.name(" ".join(filter(None, (said(element, one) for one in _NAMES))), NameKind.PRIMARY)
    draft.name(said(element, "NAME_ORIGINAL_SCRIPT"), NameKind.SCRIPT)
    _fill_aliases(draft, element, notes, file)
    for text in said_all(element, "NATIONALITY/VALUE"):
        draft.add(draft.nationalities, notes.countries(text, file))
    for one in (*element.iterfind("INDIVIDUAL_ADDRESS"), *element.iterfind("ENTITY_ADDRESS")):
        parts = [said(one, part) for part in _PLACE]
        draft.address(parts, notes.country(parts[-1], file))
        draft.remark("" if any(parts) else said(one, "NOTE"))
    for one in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        given = [text for part in _DATES if (text := said(one, part))] or [said(one, "NOTE")]
        for text in given:
            draft.add(draft.birth_dates, notes.days(text, file))
    for one in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        draft.add(draft.birth_places, [_joined(one, *_BIRTH_PLACE)])
    for one in element.iterfind("INDIVIDUAL_DOCUMENT"):
        _fill_document(draft, one, notes, file)
    draft.add(draft.programmes, [said(element, "UN_LIST_TYPE")])
    draft.since = one_day(said(element, "LISTED_ON")[:_DAY])
    draft.reference = said(element, "REFERENCE_NUMBER")
    draft.remark(*said_all(element, "TITLE/VALUE"), *said_all(element, "DESIGNATION/VALUE"))
    draft.remark(said(element, "COMMENTS1"))


def _fill_aliases(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    """Add other names; one used with another date and place of birth brings these along."""
    for alias in (*element.iterfind("INDIVIDUAL_ALIAS"), *element.iterfind("ENTITY_ALIAS")):
        kind = _ALIASES.get(said(alias, "QUALITY").casefold(), NameKind.ALIAS)
        for text in said(alias, "ALIAS_NAME").split(";"):
            draft.name(text, kind)
        draft.add(draft.birth_dates, notes.days(said(alias, "DATE_OF_BIRTH"), file))
        draft.add(draft.birth_places, [_joined(alias, "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")])
        draft.remark(said(alias, "NOTE"))


def _fill_document(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    labels = said(element, "TYPE_OF_DOCUMENT"), said(element, "TYPE_OF_DOCUMENT2")
    kind = next(filter(None, map(kind_called, labels)), "other")
    country = said(element, "ISSUING_COUNTRY") or said(element, "COUNTRY_OF_ISSUE")
    draft.number(kind, said(element, "NUMBER"), notes.country(country, file))
    draft.remark(said(element, "NOTE"))


def _joined(element: Element, *parts: str) -> str:
    return ", ".join(filter(None, (said(element, part) for part in parts)))


READER = Reader(
    "un-xml",
    UNITED_NATIONS,
    "the list of the United Nations",
    lambda head: head.root == "CONSOLIDATED_LIST",
    read,
)
