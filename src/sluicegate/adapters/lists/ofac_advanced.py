"""OFAC's advanced XML (sdn_advanced.xml, cons_advanced.xml): reference sets, then parties.

Names of types stand once, in sets at the start, and parties refer to them by
number; places and documents stand before the parties, programmes after them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft
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
_NATIONS = frozenset({"nationality country", "citizenship country"})
_LATIN = frozenset({"", "latin"})
_PROGRAMME = "program"


@dataclass(frozen=True, slots=True)
class _Place:
    text: str
    country: str


@dataclass
class _Known:
    """What stands before the parties: names of types, places, documents of identities."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    iso: dict[str, str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)
    places: dict[str, _Place] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

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
    numbers: set[str] = set()
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
                _party(known, element, drafts, numbers, notes, part.file.name)
            case _:
                _sanction(known, element, drafts, others)
    named = part.list_id == CONSOLIDATED or is_consolidated(part.file.short_name)
    for profile, draft in drafts.items():
        consolidated = named or profile in others
        code = list_of(tuple(draft.programmes), consolidated=consolidated)
        draft.list_id = code if consolidated else part.list_id or code
        if draft.list_id != SDN:
            draft.same_as[(SDN, draft.entry_id)] = None
        yield draft.entry()


def _learn(known: _Known, sets: Element) -> None:
    for values in sets:
        for one in values:
            number = one.get("ID") or ""
            known.names[(one.tag, number)] = (one.text or "").strip()
            if one.tag == "Country":
                known.iso[number] = country_code(one.get("ISO2") or "")
            if one.tag == "PartySubType":
                known.party_types[number] = one.get("PartyTypeID") or ""


def _place(known: _Known, element: Element) -> _Place:
    country = known.country(element.find("LocationCountry"))
    texts = [said(one) for one in element.iterfind("LocationPart/LocationPartValue/Value")]
    texts += [known.name("AreaCode", one).title() for one in element.iterfind("LocationAreaCode")]
    return _Place(", ".join(filter(None, texts)), country)


def _document(known: _Known, element: Element) -> None:
    label = known.names.get(("IDRegDocType", element.get("IDRegDocTypeID") or ""), "")
    kind = kind_called(label.partition(" - ")[0].rstrip(":"))
    if kind:
        country = known.country(element, "IssuedBy-CountryID")
        found = known.documents.setdefault(element.get("IdentityID") or "", [])
        found.append((kind, said(element, "IDRegistrationNo"), country))


def _party(
    known: _Known,
    element: Element,
    drafts: dict[str, Draft],
    numbers: set[str],
    notes: Notes,
    file: str,
) -> None:
    profile = element.find("Profile")
    number = element.get("FixedRef") or ""
    if profile is None or not number or number in numbers:
        problem = "is there already" if number in numbers else "has no number or no profile"
        notes.fault(file, None, number, problem, "it was left out; ask OFAC")
        return
    draft = Draft(SDN, number, schema_of(_type_of(known, profile)))
    for identity in profile.iterfind("Identity"):
        _names(known, identity, draft)
        for document in known.documents.get(identity.get("ID") or "", ()):
            draft.number(*document)
    for feature in profile.iterfind("Feature"):
        _feature(known, feature, draft)
    draft.remark(said(element, "Comment"))
    if draft.names:
        numbers.add(number)
        drafts[profile.get("ID") or number] = draft
    else:
        notes.fault(file, None, number, "has no name", "it was left out; ask OFAC")


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
        places = (
            known.places.get(one.get("LocationID") or "")
            for one in version.iterfind("VersionLocation")
        )
        for place in filter(None, places):
            if what == "place of birth":
                draft.add(draft.birth_places, [place.text or place.country])
            elif what in _NATIONS:
                draft.add(draft.nationalities, [place.country])
            else:
                draft.address([place.text], place.country)
        for period in version.iterfind("DatePeriod"):
            if what == "birthdate":
                draft.add(draft.birth_dates, _period(period))
        for detail in version.iterfind("VersionDetail"):
            text = said(detail) or known.name("DetailReference", detail)
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
    """Return a day, a year when the period is that year, or the years of both its ends."""
    first = _day(period.find("Start/From")) or _day(period.find("Start"))
    last = _day(period.find("End/To")) or _day(period.find("End"))
    if first is None:
        return []
    if last is None or last == first:
        return [first.isoformat()]
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
