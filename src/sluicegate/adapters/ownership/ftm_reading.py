"""Read entities of FollowTheMoney (JSON lines) as statements of ownership.

Parties are Person, Company and the other legal entities; Ownership gives shares,
Directorship a seat, UnknownLink a link of which nobody says what it is. The text
of `percentage` is read as people write it: `50`, `50%`, `12,5 %`, `25-50`,
`>25`, `less than 10 %`. What is no figure leaves the share open and stays in the
role, so that the holding is not lost.

Source: FollowTheMoney schema reference (followthemoney.tech/explorer/schemata).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.adapters.ownership.bods_reading import Refused
from sluicegate.adapters.ownership.elements import Element
from sluicegate.core.quantities import parse_decimal
from sluicegate.registry.native import Fault
from sluicegate.services.ownership.roles import role_parts
from sluicegate.services.ownership.statements import (
    SHAREHOLDING,
    Interest,
    StatedParty,
    StatedRelationship,
    StatedShare,
    Statement,
)

PERSONS = frozenset({"Person"})
ENTITIES = frozenset(
    {"Company", "Organization", "LegalEntity", "PublicBody", "Asset", "Trust", "Vessel", "Airplane"}
)
LINKS: Mapping[str, tuple[str, str]] = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "UnknownLink": ("subject", "object"),
}
"""Schema of a link → its properties of who holds, and of what is held."""

_NUMBER = r"([0-9]+(?:[.,][0-9]+)?)\s*%?"
_EXACT = re.compile(_NUMBER)
_RANGE = re.compile(rf"(?:from\s+)?{_NUMBER}\s*(?:-|–|—|to|and)\s*{_NUMBER}")
_ABOVE = re.compile(rf"(?:>|more than|over|above)\s*{_NUMBER}")
_AT_LEAST = re.compile(rf"(?:>=|≥|at least|from)\s*{_NUMBER}")
_BELOW = re.compile(rf"(?:<|less than|under|below)\s*{_NUMBER}")
_AT_MOST = re.compile(rf"(?:<=|≤|at most|up to)\s*{_NUMBER}")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_MOST_PERCENT = 100
_NO_DAY = "0001-01-01"
_FIRST_DAY, _YEAR = "-01-01", 4


def is_ftm(value: Any) -> bool:
    """Say whether an object means to be an entity of FollowTheMoney."""
    return isinstance(value, Mapping) and {"id", "schema", "properties"} <= set(value)


def read_ftm(found: Iterable[Element]) -> Iterator[Statement | Refused | str]:
    """Yield the statements of a file in order, what is refused, and schemata that say nothing here.

    Of an id that stands twice the later entity is refused.
    """
    seen: dict[str, int] = {}
    for element in found:
        if element.fault or not is_ftm(element.value):
            fault = Fault("", element.fault or "is no entity", "give id, schema and properties")
            yield Refused(element.line, (fault,), {})
            continue
        entity = _Entity(element.value, element.line)
        schema = entity.schema
        if schema not in PERSONS | ENTITIES and schema not in LINKS:
            yield schema
            continue
        statement = entity.link() if schema in LINKS else entity.party()
        if entity.id in seen:
            entity.wrong("id", f"{entity.id!r} stands on line {seen[entity.id]} already")
        if entity.faults or statement is None:
            original = {"id": entity.id, "schema": schema}
            yield Refused(element.line, tuple(entity.faults), original)
            continue
        seen[entity.id] = element.line
        yield statement


class _Entity:
    """One entity while it is read."""

    def __init__(self, value: Mapping[str, Any], line: int) -> None:
        self.line = line
        self.faults: list[Fault] = []
        self.id = value["id"] if isinstance(value["id"], str) else ""
        self.schema = value["schema"] if isinstance(value["schema"], str) else ""
        properties = value["properties"]
        self.properties = properties if isinstance(properties, Mapping) else {}
        if not self.id.strip():
            self.wrong("id", "is no text")
        if not isinstance(properties, Mapping):
            self.wrong("properties", "is no JSON object")

    def wrong(self, name: str, problem: str) -> None:
        """Collect a fault."""
        self.faults.append(Fault(name, problem, "give an entity as FollowTheMoney writes it"))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a property."""
        values = self.properties.get(name, ())
        if isinstance(values, str):
            values = [values]
        if not isinstance(values, list | tuple):
            self.wrong(f"properties.{name}", "is no list")
            return ()
        return tuple(
            text
            for one in values
            if (text := one if isinstance(one, str) else _referred(one)).strip()
        )

    def first(self, name: str) -> str:
        """Return the first value of a property, or nothing."""
        return next(iter(self.texts(name)), "")

    def day(self, name: str) -> date | None:
        """Return the day of a property; a year or month counts from its first day."""
        text = self.first(name)
        if not text:
            return None
        found = _DAY.match(text)
        known = text if found is None else found[0]
        try:
            return date.fromisoformat(known + _FIRST_DAY[len(known) - _YEAR :])
        except ValueError:
            self.wrong(f"properties.{name}", f"{text!r} is no day")
            return None

    def party(self) -> Statement:
        """Return the entity as a party."""
        is_person = self.schema in PERSONS
        countries = (
            *self.texts("jurisdiction"),
            *self.texts("nationality"),
            *self.texts("country"),
            *self.texts("mainCountry"),
        )
        identifiers = tuple(
            (name, value)
            for name in ("registrationNumber", "leiCode", "taxNumber", "passportNumber")
            for value in self.texts(name)
        )
        type_ = "knownPerson" if is_person else "registeredEntity"
        return self._statement(
            StatedParty(
                is_person=is_person,
                type=type_ if self.schema != "LegalEntity" else "legalEntity",
                names=tuple(dict.fromkeys((*self.texts("name"), *self.texts("alias")))),
                countries=tuple(dict.fromkeys(code[:2].upper() for code in countries)),
                birth_date=self.first("birthDate"),
                identifiers=identifiers,
            )
        )

    def link(self) -> Statement | None:
        """Return the entity as a relationship; None when a side is missing."""
        holder, held = LINKS[self.schema]
        owner, owned = self.first(holder), self.first(held)
        for name, value in ((holder, owner), (held, owned)):
            if not value:
                self.wrong(f"properties.{name}", "is missing")
        if not owner or not owned:
            return None
        interests = self._interests()
        return self._statement(StatedRelationship(owned, owner, interests))

    def _interests(self) -> tuple[Interest, ...]:
        start, end = self.day("startDate"), self.day("endDate")
        if start is not None and end is not None and end < start:
            self.wrong("properties.endDate", f"{end} is before startDate {start}")
        role = " ".join((*self.texts("role"), *self.texts("ownershipType"))).casefold()
        if self.schema == "Directorship":
            code = "boardChair" if "chair" in role else "boardMember"
            return (Interest(code, start=start, end=end),)
        if self.schema == "UnknownLink":
            told_parts = role_parts(self.first("role"))
            if told_parts:
                part = told_parts[0]
                return (Interest(part.code, share=part.share, start=start, end=end),)
            code = "otherInfluenceOrControl" if "control" in role else "unknownInterest"
            return (Interest(code, start=start, end=end),)
        told = self.first("percentage")
        share = percentage(told)
        rest = {"note": told} if told and share is None else {}
        found = [Interest(SHAREHOLDING, share=share, start=start, end=end, rest=rest)]
        found += [
            Interest(code, start=start, end=end)
            for code in ("nominee", "nominator")
            if code in role
        ]
        return tuple(found)

    def _statement(self, record: StatedParty | StatedRelationship) -> Statement:
        return Statement(self.id, self.id, self.id, _NO_DAY, None, record, self.line)


def percentage(text: str) -> StatedShare | None:
    """Read a percentage as people write it; None where it is no figure from 0 to 100.

    >>> percentage("12,5 %").exact
    Fraction(25, 2)
    >>> percentage("25 - 50%").low, percentage(">25").exclusive_minimum, percentage("half")
    (Fraction(1, 4), Fraction(25, 1), None)
    """
    told = text.strip().casefold()
    for pattern, names in (
        (_EXACT, ("exact",)),
        (_RANGE, ("minimum", "maximum")),
        (_ABOVE, ("exclusive_minimum",)),
        (_AT_LEAST, ("minimum",)),
        (_BELOW, ("exclusive_maximum",)),
        (_AT_MOST, ("maximum",)),
    ):
        found = pattern.fullmatch(told)
        if found is None:
            continue
        figures = [Fraction(parse_decimal(one.replace(",", "."))) for one in found.groups()]
        if all(0 <= one <= _MOST_PERCENT for one in figures) and figures == sorted(figures):
            return StatedShare(**dict(zip(names, figures, strict=True)))
    return None


def _referred(value: Any) -> str:
    """Return the id of an entity that stands inside a property, as nested exports write it."""
    identifier = value.get("id") if isinstance(value, Mapping) else None
    return identifier if isinstance(identifier, str) else ""
