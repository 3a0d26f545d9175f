"""An entry while it is being put together from the rows or elements of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sluicegate.adapters.lists.notes import (
    BLANK_PROBLEM,
    ISSUER_WAY_OUT,
    NAMELESS_PROBLEM,
    TWICE_PROBLEM,
    Notes,
)
from sluicegate.adapters.lists.values import clean, country_code, is_nothing
from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema

_LONGEST_COUNTRY = 80
_IMO = re.compile(r"(?i)^imo\W*(?=\d)")


@dataclass(slots=True)
class Draft:
    """The parts of a `ListEntry`, in the order in which they were found, each once."""

    list_id: str
    entry_id: str
    schema: Schema
    names: dict[tuple[str, bool], ListedName] = field(default_factory=dict)
    countries: dict[str, None] = field(default_factory=dict)
    birth_dates: dict[str, None] = field(default_factory=dict)
    birth_places: dict[str, None] = field(default_factory=dict)
    nationalities: dict[str, None] = field(default_factory=dict)
    identifiers: dict[Identifier, None] = field(default_factory=dict)
    addresses: dict[str, None] = field(default_factory=dict)
    programmes: dict[str, None] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    same_as: dict[tuple[str, str], None] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    reference: str = ""
    source_url: str = ""
    licence_policy: str = ""

    def name(self, text: str, kind: NameKind = NameKind.ALIAS, language: str = "") -> None:
        """Add a name; one that is there already, as strong or as weak, is not added again."""
        text = clean(text)
        if not text or is_nothing(text):
            return
        key = text, kind is NameKind.WEAK
        if key not in self.names and (text, False) not in self.names:
            self.names[key] = ListedName(text, kind, language)

    def number(self, kind: str, value: str, country: str = "") -> None:
        """Add an identifier."""
        value = clean(value)
        if kind in ("imo", "imo_company"):
            value = _IMO.sub("", value).strip()
        if value and not is_nothing(value):
            self.identifiers[Identifier(kind, value, country)] = None

    def address(self, parts: Iterable[str], country: str = "") -> None:
        """Add an address by its parts, and its country; a bare country is no address."""
        text = ", ".join(one for one in map(clean, parts) if one and not is_nothing(one))
        if text and not (len(text) < _LONGEST_COUNTRY and country_code(text)):
            self.addresses[text] = None
        if country:
            self.countries[country] = None

    def remark(self, *texts: str) -> None:
        """Add what the issuer says besides."""
        for text in map(clean, texts):
            if text and not is_nothing(text):
                self.remarks[text] = None

    @staticmethod
    def add(into: dict[str, None], values: Iterable[str]) -> None:
        """Add texts to a part."""
        for value in map(clean, values):
            if value and not is_nothing(value):
                into[value] = None

    def entry(self) -> ListEntry:
        """Return the entry; the name that the issuer calls primary comes first."""
        names = list(self.names.values())
        first = next((one for one in names if one.kind is NameKind.PRIMARY), None)
        if first is not None and names[0] is not first:
            names.remove(first)
            names.insert(0, first)
        return ListEntry(
            self.list_id,
            self.entry_id,
            self.schema,
            tuple(names),
            tuple(self.countries),
            tuple(self.birth_dates),
            tuple(self.birth_places),
            tuple(self.nationalities),
            tuple(self.identifiers),
            tuple(self.addresses),
            tuple(self.programmes),
            self.since,
            self.until,
            self.reference,
            "; ".join(self.remarks),
            self.source_url,
            self.licence_policy,
            tuple(self.same_as),
        )


@dataclass(slots=True)
class Entries:
    """Makes entries of the drafts of a file: each has an id and a name, and no id comes twice."""

    file: str
    notes: Notes
    seen: set[tuple[str, str]] = field(default_factory=set)

    def of(self, draft: Draft, line: int | None = None) -> Iterator[ListEntry]:
        """Yield the entry of a draft; one that can be none is noted and left out."""
        key = draft.list_id, draft.entry_id
        if draft.entry_id and draft.names and key not in self.seen:
            self.seen.add(key)
            yield draft.entry()
            return
        problem = TWICE_PROBLEM if draft.names else NAMELESS_PROBLEM
        problem = problem if draft.entry_id else BLANK_PROBLEM
        self.notes.fault(self.file, line, draft.entry_id or "id", problem, ISSUER_WAY_OUT)
