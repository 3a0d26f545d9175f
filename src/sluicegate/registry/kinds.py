"""The native kinds of the registry: their columns, how a row is read, what a record says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from fractions import Fraction
from types import MappingProxyType, NoneType
from typing import Any, get_args, get_type_hints

from sluicegate.registry import columns
from sluicegate.registry.columns import Column, Reader
from sluicegate.registry.records import (
    PAYMENT_INSTRUMENT,
    SIGNALS,
    AccountMapping,
    AccountSignal,
    AnyRecord,
    Cluster,
    Customer,
    CustomerKind,
    DeclaredRun,
    Facility,
    OwnershipEdge,
    Record,
    is_in_force,
    prevailing,
)


class RecordError(ValueError):
    """A row that is no record: which field, what is wrong, what to do."""

    def __init__(self, kind: str, field: str, problem: str, way_out: str) -> None:
        super().__init__(f"{kind}, {field}: {problem}; {way_out}")
        self.field = field
        self.problem = problem
        self.way_out = way_out


def _party_kind(value: Any) -> CustomerKind:
    if isinstance(value, CustomerKind):
        return value
    try:
        return CustomerKind(columns.read_text(value).lower())
    except ValueError as error:
        raise ValueError(f"{value!r} is not a kind of party") from error


_READERS: Mapping[Any, Reader] = {
    str: Reader(columns.read_text, "give text"),
    date: Reader(columns.read_day, "give a day such as 2026-01-31"),
    Fraction: Reader(columns.read_figure, "give decimal text such as 12.5"),
    int: Reader(columns.read_count, "give a whole number, e.g. 1024 or 1.5e12"),
    bool: Reader(columns.read_truth, "give true or false"),
    CustomerKind: Reader(_party_kind, "give individual or entity"),
    tuple[str, ...]: Reader(columns.read_texts, "give a list, or text with ; between its parts"),
}


def _signal(value: Any) -> str:
    found = columns.read_text(value).lower()
    if found not in SIGNALS:
        raise ValueError(f"{value!r} is not a kind of signal")
    return found


_SHARE = Reader(columns.read_share, "give a share from 0 to 1, e.g. 0.25")
_READERS_BY_NAME: Mapping[str, Reader] = {
    "share": _SHARE,
    "share_low": _SHARE,
    "share_high": _SHARE,
    "ip_addresses": Reader(
        columns.read_addresses, "give a list, or text with ; between the addresses"
    ),
    "signal": Reader(_signal, f"give one of {', '.join(SIGNALS)}"),
}
_ORDERED_DAYS = (
    ("valid_from", "valid_to"),
    ("planned_start", "planned_end"),
    ("first_seen", "last_seen"),
)
_CARD_DIGITS = range(13, 20)
"""How long the number of a payment card is (ISO/IEC 7812-1)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A native kind: its record, its columns and what identifies an entity.

    `key` is the key of the native file, source first; `ids` is the same without
    the source. `is_dated` says that a statement has its own valid period.
    """

    name: str
    record: type[Record]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_dated: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns that name the entity, whatever the source."""
        return self.key[1:]

    def read(self, row: Mapping[str, Any]) -> Record:
        """Return the record of a row of text or typed values; other columns are not read.

        >>> row = {"source": "crm", "account": "a-1", "customer_id": "c-1", "valid_to": ""}
        >>> KINDS["account_map"].read(row) == AccountMapping(
        ...     source="crm", account="a-1", customer_id="c-1")
        True

        Raises:
            RecordError: a required value is absent or a value cannot be read.
        """
        values: dict[str, Any] = {}
        for column in self.columns:
            value = row.get(column.name)
            if value is None or value == "":
                if column.is_required:
                    raise RecordError(
                        self.name, column.name, "is empty", "every record needs a value here"
                    )
                continue
            try:
                read = column.reader.read(value)
            except (ValueError, TypeError) as error:
                raise RecordError(
                    self.name, column.name, str(error), column.reader.way_out
                ) from error
            if read == "" and column.is_required:
                raise RecordError(self.name, column.name, "is blank", "give a value")
            values[column.name] = None if read == "" else read
        self._check(values)
        return self.record(**values)

    def content(self, record: Record) -> dict[str, Any]:
        """Return what a record says as JSON values: absent parts left out, figures as text.

        A digest of this stays the same when a later version adds a column.
        """
        content = {}
        for column in self.columns:
            value = getattr(record, column.name)
            if value is None or value is False or value == ():
                continue
            content[column.name] = columns.plain(value)
        return content

    def entity(self, record: Record) -> tuple[str, ...]:
        """Return the ids of the entity that a record describes."""
        return tuple(getattr(record, name) for name in self.ids)

    def _check(self, values: Mapping[str, Any]) -> None:
        for first, last in _ORDERED_DAYS:
            begins, ends = values.get(first), values.get(last)
            if begins is not None and ends is not None and ends < begins:
                raise RecordError(
                    self.name, last, f"{ends} is before {first} {begins}", "swap or correct them"
                )
        low, high = values.get("share_low"), values.get("share_high")
        share = values.get("share")
        bounds = [bound for bound in (low, share, high) if bound is not None]
        if bounds != sorted(bounds):
            raise RecordError(
                self.name,
                "share_low" if share is None else "share",
                "the shares are out of order",
                "share_low must not be above share, nor share above share_high",
            )
        if values.get("signal") == PAYMENT_INSTRUMENT and _is_card_number(values["value"]):
            raise RecordError(
                self.name,
                "value",
                "is the number of a payment card",
                "give the fingerprint or token by which the processor knows the card",
            )


def _kind(name: str, record: type[Record], *ids: str) -> Kind:
    hints = get_type_hints(record)
    found = []
    for part in fields(record):
        if part.name == "version":
            continue
        hint = hints[part.name]
        options = [option for option in get_args(hint) if option is not NoneType]
        if NoneType in get_args(hint):
            hint = options[0]
        hint = getattr(hint, "__supertype__", hint)
        reader = _READERS_BY_NAME.get(part.name, _READERS[hint])
        is_required = part.default is MISSING
        found.append(Column(part.name, reader, is_required))
    is_dated = any(column.name == "valid_from" for column in found)
    return Kind(name, record, ("source", *ids), tuple(found), is_dated)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            _kind("customers", Customer, "customer_id"),
            _kind("ownership", OwnershipEdge, "owner_id", "owned_id"),
            _kind("facilities", Facility, "facility_id"),
            _kind("clusters", Cluster, "cluster_id"),
            _kind("runs", DeclaredRun, "run_id"),
            _kind("account_map", AccountMapping, "account"),
            _kind("account_signals", AccountSignal, "customer_id", "signal", "value"),
        )
    }
)
"""Every native kind of the registry by its name."""


def _is_card_number(text: str) -> bool:
    """Say whether a text is the whole number of a card: its length and check digit (Luhn) fit."""
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in _CARD_DIGITS):
        return False
    doubled = (int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits)))
    return sum(sum(divmod(one, 10)) for one in doubled) % 10 == 0


def in_force(kind: Kind, statements: Iterable[AnyRecord], day: date) -> Iterator[AnyRecord]:
    """Yield what holds of each entity on a day, in order of the entities' ids.

    `statements` come with the one recorded first in front.
    """
    about: dict[tuple[str, ...], list[AnyRecord]] = {}
    for statement in statements:
        if is_in_force(statement, day):
            about.setdefault(kind.entity(statement), []).append(statement)
    for entity in sorted(about):
        yield prevailing(about[entity])
