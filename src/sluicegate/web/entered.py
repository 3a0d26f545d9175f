"""What a form gave, read field by field; what cannot be read is a fault of its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

from sluicegate.core.calendars import parse_day
from sluicegate.core.quantities import Flop, parse_flop
from sluicegate.web.visit import Visit

Code = TypeVar("Code", bound=Enum)


class FaultsError(ValueError):
    """Fields of a form that cannot be used: field → what is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


def needed(visit: Visit, name: str) -> str:
    """Return a text that has to be given. Raises FaultsError."""
    text = visit.text(name)
    if not text:
        raise FaultsError({name: visit._("This is needed.")})
    return text


def all_needed(visit: Visit, *names: str) -> None:
    """Go on only when every one of these fields is given. Raises FaultsError, naming all."""
    missing = {name: visit._("This is needed.") for name in names if not visit.text(name)}
    if missing:
        raise FaultsError(missing)


def code(visit: Visit, name: str, codes: type[Code]) -> Code:
    """Return one of a closed set. Raises FaultsError."""
    found = next((one for one in codes if one.value == visit.text(name)), None)
    if found is None:
        raise FaultsError({name: visit._("Choose one.")})
    return found


def day(visit: Visit, name: str) -> date | None:
    """Return a day, None where none is given. Raises FaultsError."""
    text = visit.text(name)
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise FaultsError({name: visit._("This is no day; write e.g. 2026-01-31.")}) from error


def flop(visit: Visit, name: str) -> Flop:
    """Return a count of FLOP. Raises FaultsError."""
    text = needed(visit, name)
    try:
        return parse_flop(text)
    except ValueError as error:
        said = visit._("This is no count of FLOP; write e.g. 3e26.")
        raise FaultsError({name: said}) from error
