"""Columns of the native kinds: from text to typed values and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import legal_day, parse_day
from sluicegate.core.quantities import exact, flop_text


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a value, text or already typed; says what to give when it cannot."""

    read: Callable[[Any], Any]
    way_out: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a native kind and how its value is read."""

    name: str
    reader: Reader
    is_required: bool


def read_text(value: Any) -> str:
    """Return text without blanks around it."""
    return (value if isinstance(value, str) else str(value)).strip()


def read_day(value: Any) -> date:
    """Return a day; an instant gives its legal day."""
    if isinstance(value, datetime):
        return legal_day(value)
    return value if isinstance(value, date) else parse_day(read_text(value))


def read_figure(value: Any) -> Fraction:
    """Return an exact figure that is not negative; a binary float is refused."""
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a binary float, which is not exact")
    if isinstance(value, int | Decimal | Fraction):
        figure = Fraction(value)
    else:
        figure = Fraction(exact(read_text(value)))
    if figure < 0:
        raise ValueError(f"{value} is negative")
    return figure


def read_share(value: Any) -> Fraction:
    """Return a share from 0 to 1."""
    share = read_figure(value)
    if share > 1:
        raise ValueError(f"{value} is above 1")
    return share


def read_count(value: Any) -> int:
    """Return a whole number that is not negative."""
    figure = read_figure(value)
    if figure.denominator != 1:
        raise ValueError(f"{value} is not a whole number")
    return figure.numerator


def read_truth(value: Any) -> bool:
    """Return a boolean from true, false, yes, no, 1 or 0."""
    if isinstance(value, bool):
        return value
    match read_text(value).lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
    raise ValueError(f"{value!r} is neither true nor false")


def read_texts(value: Any) -> tuple[str, ...]:
    """Return the parts of a list, or of text between semicolons."""
    parts = re.split(r"[;|]", value) if isinstance(value, str) else value
    return tuple(part for part in map(read_text, parts) if part)


def read_addresses(value: Any) -> tuple[str, ...]:
    """Return network addresses from a list, or from text between separators or blanks."""
    parts = re.split(r"[;|,\s]+", value) if isinstance(value, str) else value
    return tuple(part for part in map(read_text, parts) if part)


def plain(value: Any) -> Any:
    """Return a typed value as a JSON value, figures as exact text."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return figure_text(value) if isinstance(value, int | Fraction) else value.isoformat()


def figure_text(value: int | Fraction) -> str:
    """Write a figure as text that reads back as the same figure.

    >>> figure_text(Fraction(1, 4)), figure_text(Fraction(1, 3)), figure_text(10**26)
    ('0.25', '1/3', '100000000000000000000000000')
    """
    text = flop_text(value)
    return text if Fraction(text) == value else str(value)
