"""The fields of BODS v0.4 that are read one by one, with what may stand in them.

Source: Beneficial Ownership Data Standard 0.4, schema reference and codelists
(standard.openownership.org/en/0.4.0).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sluicegate.registry.native import Fault
from sluicegate.services.ownership.statements import REASONS, Unspecified

VERSION = "0.4"
PERSON_TYPES = ("anonymousPerson", "unknownPerson", "knownPerson")
ENTITY_TYPES: Mapping[str, tuple[str, ...]] = {
    "registeredEntity": ("other",),
    "legalEntity": ("trust", "other"),
    "arrangement": ("trust", "nomination", "other"),
    "anonymousEntity": ("other",),
    "unknownEntity": ("other",),
    "state": ("other",),
    "stateBody": ("governmentDepartment", "stateAgency", "other"),
}
"""Entity type → the subtypes that may stand beside it."""

SHARE_BOUNDS: Mapping[str, str] = {
    "exact": "exact",
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}
"""Field of a share → its name in `StatedShare`."""

LEAST_ID, MOST_ID = 32, 64
"""Characters of a statement's id."""

_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_MOST_PERCENT = 100


@dataclass
class Place:
    """A part of a statement while it is read: what it holds, where, and what is wrong.

    All parts of one statement share the list of faults.
    """

    value: Mapping[str, Any]
    path: str = ""
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, name: str, problem: str, way_out: str) -> None:
        """Collect what is wrong with a field."""
        self.faults.append(Fault(f"{self.path}{name}", problem, way_out))

    def text(self, name: str, *, is_required: bool = False) -> str:
        """Return a text, empty where it is absent."""
        value = self.value.get(name)
        if value is None:
            if is_required:
                self.wrong(name, "is missing", "every statement of BODS 0.4 has it")
            return ""
        if not isinstance(value, str) or (is_required and not value.strip()):
            self.wrong(name, f"{value!r} is no text", "give text")
            return ""
        return value

    def code(self, name: str, codes: Collection[str], *, is_required: bool = False) -> str:
        """Return a code of a closed list, empty where it is absent."""
        value = self.text(name, is_required=is_required)
        if value and value not in codes:
            self.wrong(name, f"{value!r} is no code of BODS 0.4", f"give one of {_named(codes)}")
            return ""
        return value

    def truth(self, name: str, *, is_required: bool = False) -> bool | None:
        """Return true or false, None where it is absent."""
        value = self.value.get(name)
        if value is None and is_required:
            self.wrong(name, "is missing", "give true or false")
        if value is not None and not isinstance(value, bool):
            self.wrong(name, f"{value!r} is neither true nor false", "give true or false")
            return None
        return value

    def day(self, name: str) -> date | None:
        """Return a day such as 2026-01-31, None where it is absent."""
        value = self.text(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(name, f"{value!r} is not a day that exists", "give a day as 2026-01-31")
            return None

    def moment(self, name: str) -> str:
        """Return a day, or an instant with its offset, as written."""
        value = self.text(name, is_required=True)
        if value and not _is_moment(value):
            self.wrong(name, f"{value!r} is neither a day nor an instant", "give e.g. 2026-01-31")
        return value

    def birth(self, name: str) -> str:
        """Return a date as far as it is known: a year, a month or a day."""
        value = self.text(name)
        if value and not (_MONTH.fullmatch(value) or _is_day(value)):
            self.wrong(name, f"{value!r} is no date", "give YYYY, YYYY-MM or YYYY-MM-DD")
        return value

    def percent(self, name: str) -> Fraction | None:
        """Return a percentage from 0 to 100, None where it is absent."""
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(name, f"{value!r} is no number", "give a percentage, e.g. 25")
            return None
        share = Fraction(value)
        if not 0 <= share <= _MOST_PERCENT:
            self.wrong(name, f"{value} is not from 0 to 100", "give a percentage, e.g. 25")
            return None
        return share

    def inside(self, name: str) -> Place | None:
        """Return a part that is an object, None where it is absent."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong(name, "is no JSON object", "give an object")
            return None
        return Place(value, f"{self.path}{name}.", self.faults)

    def each(self, name: str) -> list[Place]:
        """Return the objects of a list; what is none is a fault."""
        found = []
        for number, one in enumerate(self.listed(name)):
            if isinstance(one, Mapping):
                found.append(Place(one, f"{self.path}{name}[{number}].", self.faults))
            else:
                self.wrong(f"{name}[{number}]", "is no JSON object", "give an object")
        return found

    def listed(self, name: str) -> Sequence[Any]:
        """Return a list, empty where it is absent."""
        value = self.value.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(name, "is no list", "give a list")
            return ()
        return value

    def unspecified(self, name: str) -> Unspecified | None:
        """Return why somebody is not named, None where that is not said."""
        part = self.inside(name)
        if part is None:
            return None
        reason = part.code("reason", REASONS, is_required=True)
        return Unspecified(reason, part.text("description"))

    def rest(self, *read: str) -> dict[str, Any]:
        """Return the fields that are none of those named."""
        return {key: value for key, value in self.value.items() if key not in read}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    if _is_day(text):
        return True
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _named(codes: Collection[str]) -> str:
    return ", ".join(codes if isinstance(codes, tuple) else sorted(codes))
