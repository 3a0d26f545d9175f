"""Registry records: who and what exists, as a source states it.

One frozen dataclass per native kind of intake, usage left out. A record says
what one source states of one thing; `version` says when that was recorded.

Which statement holds. Two sources may describe the same entity, and one source
may describe it for several periods. For one day, of the statements in force on
it (`valid_from` <= day < `valid_to`; an absent day leaves that side open):

1. within one source, the period that began last holds, so a new period ends an
   open one before it;
2. between sources, the statement recorded last holds.

Statements are never added up: two sources that each state a holding of 30 %
speak of the same 30 %. A period that ends on the day it begins is in force on
no day: that is how a source withdraws it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from types import MappingProxyType, NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from sluicegate.core.identifiers import AcceleratorId, ClusterId, CustomerId, PartyId, RunId
from sluicegate.core.quantities import Flop
from sluicegate.registry import columns
from sluicegate.registry.columns import Column, Reader


class CustomerKind(Enum):
    """What a party is in law: a human being, or anything else."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"


class RecordError(ValueError):
    """A row that is no record: which field, what is wrong, what to do."""

    def __init__(self, kind: str, field: str, problem: str, way_out: str) -> None:
        super().__init__(f"{kind}, {field}: {problem}; {way_out}")
        self.field = field
        self.problem = problem
        self.way_out = way_out


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """When a statement was recorded, by whom, and what it replaces.

    `key` is canonical JSON of the statement's ids, with its first day for the
    kinds that have periods; with `source` it names the chain of versions.
    """

    version_id: str
    source: str
    key: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    recorded_by: str
    supersedes: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A party that buys compute, or an account of one (`account_of`)."""

    source: str
    customer_id: CustomerId
    name: str
    customer_kind: CustomerKind
    country: str
    address: str | None = None
    email: str | None = None
    telephone: str | None = None
    registration_number: str | None = None
    lei: str | None = None
    birth_date: date | None = None
    payment_source: str | None = None
    ip_addresses: tuple[str, ...] = ()
    opened: date | None = None
    closed: date | None = None
    stated_purpose: str | None = None
    account_of: CustomerId | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipEdge:
    """A holding or control of one party in another; shares from 0 to 1."""

    source: str
    owner_id: PartyId
    owned_id: PartyId
    owner_name: str
    owner_kind: CustomerKind
    owner_country: str | None = None
    share: Fraction | None = None
    share_low: Fraction | None = None
    share_high: Fraction | None = None
    substantial_control: bool = False
    role: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A data centre; power in megawatts."""

    source: str
    facility_id: str
    name: str
    country: str
    region: str | None = None
    operator: str | None = None
    power_mw: Fraction | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Accelerators of one type that are operated together, with their fabric."""

    source: str
    cluster_id: ClusterId
    facility_id: str
    accelerator: AcceleratorId
    accelerator_count: int
    fabric_id: str | None = None
    fabric_gbit_per_second: Fraction | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRun:
    """A training run as its operator declares it."""

    source: str
    run_id: RunId
    customer_id: CustomerId
    kind: str | None = None
    model_id: str | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    declared_flop: Flop | None = None
    parameters: int | None = None
    active_parameters: int | None = None
    tokens: int | None = None
    hardware: tuple[str, ...] = ()
    site: str | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMapping:
    """Which customer an account or project belonged to, and when."""

    source: str
    account: str
    customer_id: CustomerId
    valid_from: date | None = None
    valid_to: date | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSignal:
    """Something by which an account was known while it was used, such as a device.

    `signal` is a word of `SIGNALS`; `value` names the thing: an address, a
    fingerprint, a domain. A payment instrument is named by its processor's
    fingerprint; the number of a card is refused.
    """

    source: str
    customer_id: CustomerId
    signal: str
    value: str
    first_seen: date | None = None
    last_seen: date | None = None
    version: RecordVersion | None = field(default=None, compare=False, repr=False)


Record = (
    Customer | OwnershipEdge | Facility | Cluster | DeclaredRun | AccountMapping | AccountSignal
)

AnyRecord = TypeVar(
    "AnyRecord",
    Customer,
    OwnershipEdge,
    Facility,
    Cluster,
    DeclaredRun,
    AccountMapping,
    AccountSignal,
    Record,
)

DEVICE = "device"
DOMAIN = "domain"
IP = "ip"
PAYMENT_INSTRUMENT = "payment_instrument"
SIGNALS = (DEVICE, DOMAIN, IP, PAYMENT_INSTRUMENT)
"""What an account may be known by."""

PERSONAL_FIELDS = frozenset(
    {
        "name",
        "owner_name",
        "address",
        "email",
        "telephone",
        "birth_date",
        "payment_source",
        "ip_addresses",
    }
)
"""Columns that may describe a human being; they never enter an act or the log."""


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


def is_in_force(record: Record, day: date) -> bool:
    """Say whether a statement holds on a day; the end is not part of the period."""
    begins: date | None = getattr(record, "valid_from", None)
    ends: date | None = getattr(record, "valid_to", None)
    return (begins is None or begins <= day) and (ends is None or day < ends)


def prevailing(statements: Iterable[AnyRecord]) -> AnyRecord:
    """Return the one statement about an entity that holds, by the rule of this module.

    `statements` are about one entity, all in force on the day asked about, the
    one recorded first in front.
    """
    by_source: dict[str, AnyRecord] = {}
    order: dict[str, int] = {}
    for place, statement in enumerate(statements):
        held = by_source.get(statement.source)
        if held is None or _begins(held) <= _begins(statement):
            by_source[statement.source] = statement
            order[statement.source] = place
    if not by_source:
        raise ValueError("no statement: give at least one")
    return by_source[max(order, key=order.__getitem__)]


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


def _begins(record: Record) -> date:
    begins: date | None = getattr(record, "valid_from", None)
    return date.min if begins is None else begins
