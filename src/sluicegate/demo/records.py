"""The raw records of the synthetic world, before they are written in a file format."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sluicegate.demo.chips import Chip, flop_used

SOURCE = "synthetic-demo"


class Channel(Enum):
    """The file in which a cluster's usage arrives."""

    NATIVE = "usage-native.csv"
    FOCUS = "focus.csv"
    SLURM = "slurm.txt"


class PartyKind(Enum):
    """A person or an organisation."""

    INDIVIDUAL = "individual"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of customers.csv; empty text where a value is not known."""

    customer_id: str
    name: str
    customer_kind: str
    country: str
    address: str
    email: str
    telephone: str
    registration_number: str
    lei: str
    birth_date: str
    payment_source: str
    ip_addresses: str
    opened: str
    closed: str
    stated_purpose: str
    account_of: str


@dataclass(frozen=True, slots=True)
class Ownership:
    """One row of ownership.csv."""

    owner_id: str
    owned_id: str
    owner_name: str
    owner_kind: str
    owner_country: str
    share: str
    share_low: str
    share_high: str
    substantial_control: str
    role: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Facility:
    """One row of facilities.csv, with the offset of its clocks in minutes."""

    facility_id: str
    name: str
    country: str
    region: str
    operator: str
    power_mw: str
    offset_minutes: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster; without a planned count it is sized by its greatest use at one time."""

    cluster_id: str
    facility_id: str
    chip: Chip
    channel: Channel
    offset_minutes: int
    fabric_id: str
    fabric_gbit_per_second: str
    planned_count: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """One row of runs.csv: what a customer declares."""

    run_id: str
    customer_id: str
    kind: str
    model_id: str
    planned_start: str
    planned_end: str
    declared_flop: str
    parameters: str
    active_parameters: str
    tokens: str
    hardware: str
    site: str


@dataclass(frozen=True, slots=True)
class AccountMapping:
    """One row of account_map.csv."""

    account: str
    customer_id: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One row of account_signals.csv: what a customer's account was seen with."""

    customer_id: str
    signal: str
    value: str
    first_seen: str
    last_seen: str


class ListedKind(Enum):
    """What a listed party is, as a list of one's own writes it."""

    PERSON = "Person"
    FIRM = "Company"


@dataclass(frozen=True, slots=True)
class Lineage:
    """What its maker states of a model: `document` has the form of lineage.json."""

    name: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A party of an invented list. Several names are separated by semicolons.

    `since` is the day of its entry and `until` the day on which it left the list,
    empty while it stands; days are ISO text.
    """

    list_id: str
    entry_id: str
    name: str
    kind: ListedKind
    country: str
    aliases: str = ""
    weak_names: str = ""
    former_names: str = ""
    birth_date: str = ""
    identifiers: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Share of the peak that is used, in basis points, and whether the records report it."""

    basis_points: int
    reported: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """How a usage row names its hardware: one of the two is empty."""

    accelerator: str
    instance_type: str


@dataclass(frozen=True, slots=True)
class Usage:
    """One record of use: `millionths` of accelerators for `seconds` from `start`.

    `customer_id` is the true customer (empty for an account that nobody has mapped);
    `account` is what a foreign format carries instead; `utilisation_bp` is always the true
    share, written only when `reported`.
    """

    record_id: str
    customer_id: str
    account: str
    cluster: Cluster
    wording: Wording
    millionths: int
    start: int
    seconds: int
    utilisation_bp: int
    reported: bool
    run_id: str
    team: str
    state: str

    @property
    def flop(self) -> int:
        """True FLOP; none is counted for hardware whose peak nobody knows."""
        chip = self.cluster.chip
        if self.wording.accelerator and self.wording.accelerator not in chip.names:
            return 0
        return flop_used(
            chip,
            millionths=self.millionths,
            seconds=self.seconds,
            utilisation_bp=self.utilisation_bp,
        )
