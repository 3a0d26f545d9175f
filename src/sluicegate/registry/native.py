"""The eight native kinds of file: their columns, and how the text of a row is checked.

The columns stand in `data/native.yaml`. Checking a row finds every fault in
it; a row with a fault is rejected whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from sluicegate.core.calendars import legal_day, parse_day, parse_instant
from sluicegate.core.exact import load_yaml
from sluicegate.core.quantities import flop_text, parse_decimal
from sluicegate.registry.kinds import KINDS, RecordError
from sluicegate.rules.countries import is_country


class ColumnType(Enum):
    """How the text of a column is read."""

    TEXT = "text"
    COUNTRY = "country"
    PARTY_KIND = "party_kind"
    DAY = "day"
    INSTANT = "instant"
    FIGURE = "figure"
    SHARE = "share"
    COUNT = "count"
    TRUTH = "truth"
    LIST = "list"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `minimum` and `maximum` are inclusive."""

    name: str
    type: ColumnType
    required: bool
    values: tuple[str, ...]
    minimum: Fraction | None
    maximum: Fraction | None
    meaning: str


@dataclass(frozen=True, slots=True)
class NativeKind:
    """A kind of native file; the key begins with the source."""

    kind: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns a file must have; `source` may be missing."""
        return tuple(c.name for c in self.columns if c.required and c.name != "source")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one field of a row, and what to do."""

    field: str
    problem: str
    way_out: str


@cache
def native_kinds() -> Mapping[str, NativeKind]:
    """Return the eight kinds by name, in the order of their use.

    >>> list(native_kinds())[:2], list(native_kinds())[-2:]
    (['customers', 'ownership'], ['account_map', 'account_signals'])
    """
    text = (resources.files("sluicegate.data") / "native.yaml").read_text(encoding="utf-8")
    return {entry["kind"]: _kind(entry) for entry in load_yaml(text)["kinds"]}


def _kind(entry: Mapping[str, Any]) -> NativeKind:
    columns = tuple(_column(column) for column in entry["columns"])
    return NativeKind(entry["kind"], entry["title"], tuple(entry["key"]), columns)


def _column(entry: Mapping[str, Any]) -> Column:
    return Column(
        entry["name"],
        ColumnType(entry["type"]),
        entry.get("required", False),
        tuple(entry.get("values", ())),
        _bound(entry.get("minimum")),
        _bound(entry.get("maximum")),
        entry["meaning"],
    )


def _bound(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def schema_of(kind: str) -> dict[str, Any]:
    """Return a kind as a JSON document: key, and each column with what may stand in it.

    >>> schema_of("account_map")["key"]
    ['source', 'account']
    """
    native = native_kinds()[kind]
    columns = []
    for column in native.columns:
        entry: dict[str, Any] = {
            "name": column.name,
            "type": column.type.value,
            "required": column.required and column.name != "source",
            "meaning": column.meaning,
        }
        if column.values:
            entry["values"] = list(column.values)
        for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
            if bound is not None:
                entry[name] = flop_text(bound)
        columns.append(entry)
    return {"kind": kind, "title": native.title, "key": list(native.key), "columns": columns}


def check_row(kind: str, row: Mapping[str, str]) -> list[Fault]:
    """Return every fault of a row of a registry kind; an empty text is an absent value.

    >>> row = {"source": "crm", "account": "", "customer_id": "c-1", "valid_from": "1 May"}
    >>> [fault.field for fault in check_row("account_map", row)]
    ['account', 'valid_from']
    """
    faults = list(_column_faults(native_kinds()[kind], row))
    if not faults:
        try:
            KINDS[kind].read(row)
        except RecordError as error:
            faults.append(Fault(error.field, error.problem, error.way_out))
    return faults


def _column_faults(native: NativeKind, row: Mapping[str, str]) -> Iterator[Fault]:
    for column in native.columns:
        text = row.get(column.name, "").strip()
        if not text:
            if column.required:
                yield Fault(column.name, "is empty", f"give {_lower_first(column.meaning)}")
            continue
        fault = column_fault(column, text)
        if fault is not None:
            yield fault


def column_fault(column: Column, text: str) -> Fault | None:
    """Return what is wrong with the text of one column, or None."""
    try:
        read_value(column, text)
    except ValueError as error:
        return Fault(column.name, str(error), _WAY_OUT[column.type])
    return None


def read_value(column: Column, text: str) -> object:
    """Return the value that a text stands for in a column; raise ValueError with the problem."""
    value = _READ[column.type](text)
    if column.values and text.lower() not in column.values:
        raise ValueError(f"{text!r} is none of {', '.join(column.values)}")
    if isinstance(value, Fraction):
        if column.minimum is not None and value < column.minimum:
            raise ValueError(f"{text} is below {column.minimum}")
        if column.maximum is not None and value > column.maximum:
            raise ValueError(f"{text} is above {column.maximum}")
    return value


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def read_day(text: str) -> date:
    """Read a day; of an instant with an offset, its day at that offset."""
    return legal_day(parse_instant(text)) if len(text) > 10 else parse_day(text)


def read_figure(text: str) -> Fraction:
    """Read an exact figure: decimal text, or a quotient such as 1/7.

    >>> read_figure("1/7"), read_figure("2.50")
    (Fraction(1, 7), Fraction(5, 2))
    """
    above, slash, below = text.partition("/")
    figure = Fraction(parse_decimal(above))
    if not slash:
        return figure
    divisor = parse_decimal(below)
    if divisor == 0:
        raise ValueError(f"{text!r} divides by zero")
    return figure / divisor


def _country(text: str) -> str:
    if not is_country(text):
        raise ValueError(f"{text!r} is no ISO 3166-1 alpha-2 code")
    return text


def _count(text: str) -> Fraction:
    figure = read_figure(text)
    if figure.denominator != 1:
        raise ValueError(f"{text} is not a whole number")
    return figure


def _not_negative(read: Callable[[str], Fraction]) -> Callable[[str], Fraction]:
    def reader(text: str) -> Fraction:
        figure = read(text)
        if figure < 0:
            raise ValueError(f"{text} is negative")
        return figure

    return reader


def _truth(text: str) -> str:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text


_READ: Mapping[ColumnType, Callable[[str], object]] = {
    ColumnType.TEXT: str,
    ColumnType.COUNTRY: _country,
    ColumnType.PARTY_KIND: str,
    ColumnType.DAY: read_day,
    ColumnType.INSTANT: parse_instant,
    ColumnType.FIGURE: _not_negative(read_figure),
    ColumnType.SHARE: _not_negative(read_figure),
    ColumnType.COUNT: _not_negative(_count),
    ColumnType.TRUTH: _truth,
    ColumnType.LIST: str,
    ColumnType.NAME: str,
}

_WAY_OUT: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "give one of these words",
    ColumnType.COUNTRY: "give two capital letters, e.g. DE",
    ColumnType.PARTY_KIND: "give individual or entity",
    ColumnType.DAY: "give a day such as 2026-01-31",
    ColumnType.INSTANT: "give an instant with its offset, e.g. 2026-01-31T08:00:00+01:00",
    ColumnType.FIGURE: "give decimal text such as 12.5",
    ColumnType.SHARE: "give a fraction, e.g. 0.40",
    ColumnType.COUNT: "give a whole number, e.g. 1024 or 1.5e12",
    ColumnType.TRUTH: "give true or false",
    ColumnType.LIST: "give text with ; between its parts",
    ColumnType.NAME: "give a name of the catalogue",
}
