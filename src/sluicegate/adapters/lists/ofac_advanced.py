"""OFAC's advanced XML (sdn_advanced.xml, cons_advanced.xml): reference sets, then parties.

Names of types stand once, in sets at the start, and parties refer to them by
number; places and documents stand before the parties, programmes after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.ofac_csv import CONSOLIDATED, SDN, list_of, schema_of
from sluicegate.adapters.lists.ofac_names import is_consolidated
from sluicegate.adapters.lists.readers import Part, Reader
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.values import country_code, one_day
from sluicegate.screening.entries import ListEntry, NameKind
from sluicegate.screening.known_lists import kind_called

_WANTED = frozenset(
    {"DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument"}
    | {"DistinctParty", "SanctionsEntry"}
)
_ALIASES = {"f.k.a.": NameKind.FORMER, "n.k.a.": NameKind.NOW}
_FAMILY = frozenset({"last name", "patronymic", "matronymic", "maiden name"})
_AREA = "LocationAreaCode"
_NATIONS = frozenset({"nationality country", "citizenship country"})
_LATIN = frozenset({"", "latin"})
_PROGRAMME = "program"
_PARTS = ("address1", "address2", "address3", "city", "state/province", "region", "postal code")
"""The parts of a place in the order in which they are written; the file has them in none."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place as written; `others` are its parts in another script."""

    text: str
    country: str
    others: str = ""


@dataclass(frozen=True, slots=True)
class _Document:
    """A document of an identity; `kind` is empty where the label is of no kind that is known."""

    kind: str
    label: str
    number: str
    country: str


@dataclass
class _Known:
    """What stands before the parties: names of types, places, documents of identities."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    iso: dict[str, str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    places: dict[str, _Place] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[_Document]] = field(default_factory=dict)

    def name(self, kind: str, element: Element) -> str:
        """Return what an element's reference to a type stands for, in lower case."""
        return self.names.get((kind, element.get(f"{kind}ID") or ""), "").casefold()

    def country(self, element: Element | None, attribute: str = "CountryID") -> str:
        """Return the code of the country to which an element refers."""
        if element is None:
            return ""
        number = element.get(attribute) or ""
        return self.iso.get(number, "") or country_code(self.names.get(("Country", number), ""))


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; an entry's id is OFAC's number, the same as in the other forms."""
    known, drafts, others = _Known(), dict[str, Draft](), set[str]()
    entries = Entries(part.file.name, notes)
    for element in records(part.file, _WANTED):
        match element.tag:
            case "DateOfIssue":
                notes.published = _day(element)
            case "ReferenceValueSets":
                _learn(known, element)
            case "Location":
                known.places[element.get("ID") or ""] = _place(known, element)
            case "IDRegDocument":
                _document(known, element)
            case "DistinctParty":
                part_of = element.find("Profile")
                name = "" if part_of is None else part_of.get("ID") or ""
                name = name if name and name not in drafts else f"again {len(drafts)}"
                drafts[name] = _party(known, element, part_of)
            case _:
                _sanction(known, element, drafts, others)
    named = part.list_id == CONSOLIDATED or is_consolidated(part.file.short_name)
    for profile, draft in drafts.items():
        consolidated = named or profile in others
        code = list_of(tuple(draft.programmes), consolidated=consolidated)
        draft.list_id = code if consolidated else part.list_id or code
        if draft.list_id != SDN:
            draft.same_as[(SDN, draft.entry_id)] = None
        yield from entries.of(draft)


def _learn(known: _Known, sets: Element) -> None:
    for values in sets:
        for one in values:
            number = one.get("ID") or ""
            known.names[(one.tag, number)] = (one.text or "").strip()
            if one.tag == "Country":
                known.iso[number] = country_code(one.get("ISO2") or "")
            if one.tag == "AreaCode":
                name = one.get("Description") or one.text or ""
                known.areas[number] = country_code(name) or known.iso.get(number, "")
            if one.tag == "PartySubType":
                known.party_types[number] = one.get("PartyTypeID") or ""


def _place(known: _Known, element: Element) -> _Place:
    """Return a place; of an unknown one OFAC writes the country as the text of its only part."""
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for one in element.iterfind("LocationPart"):
        kind = known.name("LocPartType", one)
        for value in one.iterfind("LocationPartValue"):
            found[value.get("Primary") != "false"].append((kind, said(value, "Value")))
    text, others = _written(found[True]), _written(found[False])
    areas = (known.areas.get(one.get("AreaCodeID") or "", "") for one in element.iter(_AREA))
    country = known.country(element.find("LocationCountry")) or next(filter(None, areas), "")
    return _Place(text, country or country_code(text), others)


def _written(parts: Iterable[tuple[str, str]]) -> str:
    order = {kind: place for place, kind in enumerate(_PARTS)}
    told = sorted(parts, key=lambda one: order.get(one[0], len(order)))
    return ", ".join(text for _, text in told if text)


def _document(known: _Known, element: Element) -> None:
    label = known.names.get(("IDRegDocType", element.get("IDRegDocTypeID") or ""), "")
    label = label.partition(" - ")[0].rstrip(":")
    country = known.country(element, "IssuedBy-CountryID")
    found = known.documents.setdefault(element.get("IdentityID") or "", [])
    number = said(element, "IDRegistrationNo")
    found.append(_Document(kind_called(label), label, number, country))


def _party(known: _Known, element: Element, profile: Element | None) -> Draft:
    number = element.get("FixedRef") or ""
    if profile is None:
        return Draft(SDN, number, schema_of(""))
    draft = Draft(SDN, number, schema_of(_type_of(known, profile)))
    for identity in profile.iterfind("Identity"):
        _names(known, identity, draft)
        for document in known.documents.get(identity.get("ID") or "", ()):
            if document.kind:
                draft.number(document.kind, document.number, document.country)
            else:
                draft.remark(f"{document.label}: {document.number}" if document.number else "")
    for feature in profile.iterfind("Feature"):
        _feature(known, feature, draft)
    draft.remark(said(element, "Comment"))
    return draft


def _type_of(known: _Known, profile: Element) -> str:
    sub_type = known.name("PartySubType", profile)
    if sub_type in ("vessel", "aircraft"):
        return sub_type
    type_id = known.party_types.get(profile.get("PartySubTypeID") or "", "")
    return known.names.get(("PartyType", type_id), "")


def _names(known: _Known, identity: Element, draft: Draft) -> None:
    types = {
        group.get("ID") or "": known.name("NamePartType", group)
        for group in identity.iter("NamePartGroup")
    }
    for alias in identity.iterfind("Alias"):
        kind = _ALIASES.get(known.name("AliasType", alias), NameKind.ALIAS)
        if alias.get("Primary") == "true":
            kind = NameKind.PRIMARY
        elif alias.get("LowQuality") == "true":
            kind = NameKind.WEAK
        for name in alias.iterfind("DocumentedName"):
            family: list[str] = []
            rest: list[str] = []
            script = ""
            for value in name.iterfind("DocumentedNamePart/NamePartValue"):
                script = script or known.name("Script", value)
                is_family = types.get(value.get("NamePartGroupID") or "", "") in _FAMILY
                (family if is_family else rest).append(said(value))
            text = ", ".join(" ".join(filter(None, one)) for one in (family, rest) if one)
            draft.name(text, kind if script in _LATIN else NameKind.SCRIPT)


def _feature(known: _Known, feature: Element, draft: Draft) -> None:
    label = known.names.get(("FeatureType", feature.get("FeatureTypeID") or ""), "")
    what = label.casefold()
    for version in feature.iterfind("FeatureVersion"):
        for one in version.iterfind("VersionLocation"):
            place = known.places.get(one.get("LocationID") or "")
            if place is not None:
                _located(what, place, draft)
        for period in version.iterfind("DatePeriod"):
            days = _period(period)
            if what == "birthdate":
                draft.add(draft.birth_dates, days)
            else:
                draft.remark(f"{label.rstrip(': -')}: {' to '.join(days)}" if days else "")
        for detail in version.iterfind("VersionDetail"):
            _detail(label, said(detail) or known.name("DetailReference", detail), draft)


def _located(what: str, place: _Place, draft: Draft) -> None:
    if what == "place of birth":
        draft.add(draft.birth_places, [place.text or place.country])
    elif what in _NATIONS:
        draft.add(draft.nationalities, [place.country])
    else:
        draft.address([place.text], place.country)
        draft.address([place.others])


def _detail(label: str, text: str, draft: Draft) -> None:
    what = label.casefold()
    kind = kind_called(label.partition(" - ")[0].rstrip(":"))
    kind = "call_sign" if what == "vessel call sign" else kind
    if kind:
        draft.number(kind, text)
    elif what == "vessel flag":
        draft.add(draft.countries, [country_code(text)])
    else:
        draft.remark(f"{label.rstrip(': -')}: {text}" if text else "")


def _day(element: Element | None) -> date | None:
    if element is None:
        return None
    parts = [said(element, one) for one in ("Year", "Month", "Day")]
    whole = all(part.isascii() and part.isdigit() for part in parts)
    return one_day("-".join(parts)) if whole else None


def _period(period: Element) -> list[str]:
    """Return a day, a month or year when the period is just that, else the years of both ends."""
    first = _day(period.find("Start/From")) or _day(period.find("Start"))
    last = _day(period.find("End/To")) or _day(period.find("End"))
    if first is None:
        return []
    if last is None or last == first:
        return [first.isoformat()]
    is_month = first.day == 1 and (last + timedelta(days=1)).day == 1
    if is_month and (first.year, first.month) == (last.year, last.month):
        return [f"{first:%Y-%m}"]
    return [f"{year:04d}" for year in dict.fromkeys((first.year, last.year))]


def _sanction(known: _Known, element: Element, drafts: dict[str, Draft], others: set[str]) -> None:
    profile = element.get("ProfileID") or ""
    draft = drafts.get(profile)
    if draft is None:
        return
    if "sdn" not in (known.name("List", element) or "sdn"):
        others.add(profile)
    for measure in element.iterfind("SanctionsMeasure"):
        if known.name("SanctionsType", measure) == _PROGRAMME:
            draft.add(draft.programmes, [said(measure, "Comment")])
    for event in element.iterfind("EntryEvent"):
        draft.since = draft.since or _day(event.find("Date"))


READER = Reader(
    "ofac-advanced",
    SDN,
    "OFAC's advanced XML",
    lambda head: head.root == "Sanctions" and b"ReferenceValueSets" in head.start,
    read,
    list_by_name=lambda name: CONSOLIDATED if is_consolidated(name) else SDN,
)
