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

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from sluicegate.core.identifiers import AcceleratorId, ClusterId, CustomerId, PartyId, RunId
from sluicegate.core.quantities import Flop


class CustomerKind(Enum):
    """What a party is in law: a human being, or anything else."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"


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


def _begins(record: Record) -> date:
    begins: date | None = getattr(record, "valid_from", None)
    return date.min if begins is None else begins
