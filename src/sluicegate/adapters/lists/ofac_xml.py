"""OFAC's XML of the legacy form: sdn.xml and consolidated.xml, of the old and the new namespace."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import AGAIN_WAY_OUT, Notes
from sluicegate.adapters.lists.ofac_csv import CONSOLIDATED, SDN, list_of, schema_of
from sluicegate.adapters.lists.ofac_names import is_consolidated
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.source import ListFileError
from sluicegate.adapters.lists.trees import records, said, said_all
from sluicegate.adapters.lists.values import us_day
from sluicegate.screening.entries import ListEntry, NameKind
from sluicegate.screening.known_lists import kind_called

_HEADS = frozenset({"publshInformation", "publishInformation"})
_WANTED = _HEADS | {"sdnEntry"}
_ALIASES = {"f.k.a.": NameKind.FORMER, "n.k.a.": NameKind.NOW}


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; its own count of records must be met."""
    file = part.file
    consolidated = part.list_id == CONSOLIDATED or (
        not part.list_id and is_consolidated(file.short_name)
    )
    entries = Entries(file.name, notes)
    expected = count = 0
    for element in records(file, _WANTED):
        if element.tag in _HEADS:
            notes.published = us_day(said(element, "Publish_Date"))
            told = said(element, "Record_Count")
            expected = int(told) if told.isdigit() else 0
            continue
        count += 1
        programmes = tuple(said_all(element, "programList/program"))
        code = list_of(programmes, consolidated=consolidated)
        list_id = code if consolidated else part.list_id or code
        draft = Draft(list_id, said(element, "uid"), schema_of(said(element, "sdnType")))
        _fill(draft, element, notes, file.name)
        draft.add(draft.programmes, programmes)
        if draft.list_id != SDN:
            draft.same_as[(SDN, draft.entry_id)] = None
        yield from entries.of(draft)
    if count < expected:
        problem = f"is cut short: it counts {expected} entries and has {count}"
        raise ListFileError(file.name, problem, AGAIN_WAY_OUT)


def _fill(draft: Draft, element: Element, notes: Notes, file: str) -> None:
    draft.name(_name(element), NameKind.PRIMARY)
    for alias in element.iterfind("akaList/aka"):
        weak = said(alias, "category").casefold() == "weak"
        known = _ALIASES.get(said(alias, "type").casefold(), NameKind.ALIAS)
        draft.name(_name(alias), NameKind.WEAK if weak else known)
    for one in element.iterfind("addressList/address"):
        country = said(one, "country")
        parts = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
        draft.address([*(said(one, part) for part in parts), country], notes.country(country, file))
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        for text in said_all(element, path):
            draft.add(draft.nationalities, notes.countries(text, file))
    for text in said_all(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth"):
        draft.add(draft.birth_dates, notes.days(text, file))
    draft.add(
        draft.birth_places, said_all(element, "placeOfBirthList/placeOfBirthItem/placeOfBirth")
    )
    for one in element.iterfind("idList/id"):
        label, number = said(one, "idType"), said(one, "idNumber")
        kind = kind_called(label.partition(" - ")[0].rstrip(":"))
        if kind:
            draft.number(kind, number, notes.country(said(one, "idCountry"), file))
        else:
            draft.remark(f"{label.rstrip(': -')}: {number}" if number else "")
    vessel = element.find("vesselInfo")
    if vessel is not None:
        draft.number("call_sign", said(vessel, "callSign"))
        draft.add(draft.countries, [notes.country(said(vessel, "vesselFlag"), file)])
        draft.remark(said(vessel, "vesselType"), said(vessel, "vesselOwner"))
    draft.remark(said(element, "title"), said(element, "remarks"))


def _name(element: Element) -> str:
    last, first = said(element, "lastName"), said(element, "firstName")
    return f"{last}, {first}" if last and first else last or first


READER = Reader(
    "ofac-xml",
    SDN,
    "OFAC's XML",
    lambda head: head.root == "sdnList",
    read,
    list_by_name=lambda name: CONSOLIDATED if is_consolidated(name) else SDN,
)
