"""The consolidated financial sanctions list of the European Union: XML 1.1, and its CSV.

The columns of the CSV are the elements and attributes of the XML: the attribute
`wholeName` of `nameAlias` is the column `NameAlias_WholeName`. So both are read
by the same functions, given what returns an attribute by its name in lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from sluicegate.adapters.lists.drafts import Draft, Entries
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import Record, TableRows, with_header
from sluicegate.adapters.lists.trees import attribute_of_root, records, said
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
_PLACE = ("street", "pobox", "zipcode", "city", "place", "region", "countrydescription")
_BIRTH_PLACE = ("city", "place", "region", "countrydescription")
_UNKNOWN_COUNTRY = "00"
_DOUBTS = {
    "knownfalse": "known to be false",
    "knownexpired": "expired",
    "reportedlost": "reported lost",
    "revokedbyissuer": "revoked",
}

At = Callable[[str], str]
"""Returns an attribute of an element, or the cell of its column; empty where there is none."""


@dataclass(frozen=True, slots=True)
class _Into:
    """A draft that is being filled, and where what is wrong is noted."""

    draft: Draft
    notes: Notes
    file: str
    line: int | None = None

    def name(self, at: At) -> None:
        parts = (at(one) for one in ("firstname", "middlename", "lastname"))
        text = at("wholename") or " ".join(filter(None, parts))
        kind = NameKind.ALIAS if self.draft.names else NameKind.PRIMARY
        is_weak = at("strong").casefold() == "false"
        self.draft.name(text, NameKind.WEAK if is_weak else kind, at("namelanguage").lower())
        self.draft.remark(at("title"), at("function"))

    def citizenship(self, at: At) -> None:
        self.draft.add(self.draft.nationalities, [self._country(at)])

    def birth(self, at: At) -> None:
        given = at("birthdate") or at("year"), at("yearrangefrom"), at("yearrangeto")
        for text in filter(None, given):
            days = self.notes.days(text, self.file, self.line)
            self.draft.add(self.draft.birth_dates, days)
        place = ", ".join(at(one) for one in _BIRTH_PLACE if _is_said(at(one)))
        self.draft.add(self.draft.birth_places, [place])

    def identification(self, at: At) -> None:
        code, description = at("typecode"), at("typedescription")
        kind = kind_called(code) or kind_called(description) or "other"
        number, country = at("number") or at("latinnumber"), self._country(at)
        self.draft.number(kind, number, country)
        doubts = [text for name, text in _DOUBTS.items() if at(name).casefold() == "true"]
        if number and doubts:
            self.draft.remark(f"{description or code} {number}: {', '.join(doubts)}")

    def address(self, at: At) -> None:
        self.draft.address((at(one) for one in _PLACE if _is_said(at(one))), self._country(at))

    def regulation(self, at: At) -> None:
        self.draft.add(self.draft.programmes, [at("programme")])
        self.draft.reference = self.draft.reference or at("numbertitle")
        self.draft.source_url = self.draft.source_url or at("publicationurl")
        self.draft.since = self.draft.since or one_day(at("entryintoforcedate"))

    def entity(self, at: At) -> None:
        """Add what is said of the entity as a whole; its regulations were read before."""
        self.draft.since = one_day(at("designationdate")) or self.draft.since
        self.draft.remark(at("remark"), at("designationdetails"))
        if reference := at("unitednationid"):
            self.draft.same_as[(UNITED_NATIONS, reference)] = None
            self.draft.number("un_reference", reference)

    def _country(self, at: At) -> str:
        code, name = at("countryiso2code"), at("countrydescription")
        if not _is_said(code or name):
            return ""
        return self.notes.country(code or name, self.file, self.line)


def _is_said(text: str) -> bool:
    return text != _UNKNOWN_COUNTRY and text.casefold() not in ("", "unknown")


# -- XML: an element for each entity


def read_xml(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the XML; an entry's id is its EU reference, such as EU.27.28."""
    head = part.file.head
    notes.published = one_day(attribute_of_root(head, "generationDate")[:10])
    notes.version = attribute_of_root(head, "globalFileId")
    entries = Entries(part.file.name, notes)
    for element in records(part.file, frozenset({"sanctionEntity"})):
        number = element.get("euReferenceNumber") or element.get("logicalId") or ""
        draft = Draft(part.list_id or EUROPE, number, _schema_of(element))
        _fill(_Into(draft, notes, part.file.name), element)
        yield from entries.of(draft)


def _schema_of(element: Element) -> Schema:
    kind = element.find("subjectType")
    codes = () if kind is None else (kind.get("classificationCode"), kind.get("code"))
    found = (_SCHEMAS[code] for code in codes if code in _SCHEMAS)
    return next(found, Schema.LEGAL_ENTITY)


def _fill(into: _Into, element: Element) -> None:
    for tag, read in (
        ("nameAlias", into.name),
        ("citizenship", into.citizenship),
        ("birthdate", into.birth),
        ("identification", into.identification),
        ("address", into.address),
        ("regulation", into.regulation),
    ):
        for one in element.iterfind(tag):
            read(_attributes(one, "identification"))
    for info in element.iterfind("address/contactInfo"):
        into.draft.number(kind_called(info.get("key") or "") or "other", info.get("value") or "")
    into.entity(_attributes(element))


def _attributes(element: Element, prefix: str = "") -> At:
    """Return what gives an element's attributes, and the texts of its own elements."""
    found = {one.tag.lower(): said(one) for one in element}
    found |= {name.lower().removeprefix(prefix): text for name, text in element.attrib.items()}
    return lambda name: found.get(name, "").strip()


# -- CSV: a row for each name, address, birth or document, all with the entity's columns

_COLUMNS = frozenset({"entity_logicalid"})
_USED = _COLUMNS | {"entity_eu_referencenumber", "entity_subjecttype", "namealias_wholename"}
_PARTS = ("namealias", "citizenship", "birthdate", "identification", "address")


def read_csv(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the CSV; it does not mark weak names."""
    file = part.file.name
    drafts: dict[str, Draft] = {}
    delimiter = Head(file, part.file.head).delimiter
    rows = TableRows(part.file, notes, delimiter=delimiter)
    for line, row in with_header(rows, _COLUMNS, _USED):
        number = (row["entity_eu_referencenumber"] or row["entity_logicalid"]).strip()
        if not number:
            notes.fault(file, line, "Entity_LogicalId", BLANK_PROBLEM, ROW_WAY_OUT)
            continue
        if number not in drafts:
            codes = row["entity_subjecttype"], row["entity_subjecttype_classificationcode"]
            found = (_SCHEMAS[code.strip()] for code in codes if code.strip() in _SCHEMAS)
            schema = next(found, Schema.LEGAL_ENTITY)
            drafts[number] = Draft(part.list_id or EUROPE, number, schema)
        _fill_row(_Into(drafts[number], notes, file, line), row)
        notes.published = notes.published or one_day(row["filegenerationdate"])
    entries = Entries(file, notes)
    for draft in drafts.values():
        yield from entries.of(draft)


def _fill_row(into: _Into, row: Record) -> None:
    reads: Sequence[Callable[[At], None]] = (
        into.name,
        into.citizenship,
        into.birth,
        into.identification,
        into.address,
    )
    for prefix, read in zip(_PARTS, reads, strict=True):
        read(_cells(row, prefix))
    into.regulation(_cells(row, "entity_regulation"))
    into.entity(_cells(row, "entity"))
    into.draft.remark(row["address_contactinfo"])


def _cells(row: Record, prefix: str) -> At:
    return lambda name: row[f"{prefix}_{name}"].strip()


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
