"""What is true in a synthetic world: the file against which the demo's findings are checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Pattern(Enum):
    """What a customer, run, group or cluster of the world is an example of."""

    RUN_ABOVE_1E25 = "run_above_1e25"
    RUN_ABOVE_1E26 = "run_above_1e26"
    SPLIT_CUSTOMER = "split_customer"
    SPLIT_ACCOUNTS = "split_accounts"
    LINKED_CUSTOMERS = "linked_customers"
    FOREIGN_OWNER = "foreign_owner"
    LISTED_PARTY = "listed_party"
    OWNED_BY_BLOCKED = "owned_by_blocked"
    OWNED_BY_ENTITY_LISTED = "owned_by_entity_listed"
    FINE_TUNER = "fine_tuner"
    FAST_GROWTH = "fast_growth"
    RUN_IN_PIECES = "run_in_pieces"
    FAST_USE = "fast_use"
    HIGH_RISK = "high_risk"
    CLUSTER_ABOVE_1E18 = "cluster_above_1e18"
    CLUSTER_ABOVE_1E20 = "cluster_above_1e20"
    JOINED_CLUSTERS = "joined_clusters"
    MODEL_WITH_CAUSES = "model_with_causes"
    DISTILLED_MODEL = "distilled_model"
    FAST_OUTPUT = "fast_output"
    HONEST = "honest"


class SubjectKind(Enum):
    """What a pattern is about."""

    RUN = "run"
    CUSTOMER = "customer"
    GROUP = "group"
    CLUSTER = "cluster"
    MODEL = "model"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a pattern.

    A group has its customers in `members`; so have a customer with several accounts (the
    account rows or account names) and a pair of clusters. A run that nobody declared has no
    id: its customer, cluster and start name it.
    """

    kind: SubjectKind
    id: str | None = None
    members: tuple[str, ...] = ()
    customer_id: str | None = None
    cluster_id: str | None = None
    start: str | None = None

    def to_json(self) -> dict[str, object]:
        """The subject without the fields that do not apply; `id` always stands."""
        data: dict[str, object] = {"kind": self.kind.value, "id": self.id}
        if self.members:
            data["members"] = list(self.members)
        named = {
            "customer_id": self.customer_id,
            "cluster_id": self.cluster_id,
            "start": self.start,
        }
        return data | {key: value for key, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class CustomerTruth:
    """A customer's true lifetime use and who controls it.

    `flop` is the use recorded for this customer id or for accounts mapped to it; rows of
    customers that say `account_of` keep their own. `utilisation_bp` belongs to the records
    that neither report a utilisation nor belong to a run of the truth; null without such.
    Use of unknown accelerators is not in `flop`.
    """

    customer_id: str
    controller: str
    account_of: str | None
    pattern: Pattern
    flop: int
    utilisation_bp: int | None

    def to_json(self) -> dict[str, object]:
        """The fields, FLOP as decimal text."""
        return {
            "customer_id": self.customer_id,
            "controller": self.controller,
            "account_of": self.account_of,
            "pattern": self.pattern.value,
            "flop": str(self.flop),
            "utilisation_bp": self.utilisation_bp,
        }


@dataclass(frozen=True, slots=True)
class RunTruth:
    """A run or job as it was: whole, whether declared or not.

    `utilisation_bp` is that of its records, or null when the records report their own.
    """

    run_id: str | None
    customer_id: str
    cluster_id: str
    start: str
    end: str
    flop: int
    kind: str | None
    model_id: str | None
    declared_flop: str | None
    utilisation_bp: int | None

    def to_json(self) -> dict[str, object]:
        """The fields, FLOP as decimal text."""
        return {
            "run_id": self.run_id,
            "customer_id": self.customer_id,
            "cluster_id": self.cluster_id,
            "start": self.start,
            "end": self.end,
            "flop": str(self.flop),
            "kind": self.kind,
            "model_id": self.model_id,
            "declared_flop": self.declared_flop,
            "utilisation_bp": self.utilisation_bp,
        }


@dataclass(frozen=True, slots=True)
class PatternTruth:
    """One example of a pattern, or a near-miss: the same look without the substance."""

    pattern: Pattern
    near_miss: bool
    subject: Subject
    flop: int | None
    detail: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """The fields, FLOP as decimal text where the pattern has a size."""
        data: dict[str, object] = {
            "pattern": self.pattern.value,
            "near_miss": self.near_miss,
            "subject": self.subject.to_json(),
            "detail": dict(self.detail),
        }
        return data if self.flop is None else data | {"flop": str(self.flop)}


@dataclass(frozen=True, slots=True)
class ClusterTruth:
    """A cluster's peak: accelerators x dense BF16 FLOP per second."""

    cluster_id: str
    facility_id: str
    accelerator: str
    accelerator_count: int
    peak_flop_per_second: int
    fabric_id: str | None
    fabric_gbit_per_second: str | None

    def to_json(self) -> dict[str, object]:
        """The fields, the rate as decimal text."""
        return {
            "cluster_id": self.cluster_id,
            "facility_id": self.facility_id,
            "accelerator": self.accelerator,
            "accelerator_count": self.accelerator_count,
            "peak_flop_per_second": str(self.peak_flop_per_second),
            "fabric_id": self.fabric_id,
            "fabric_gbit_per_second": self.fabric_gbit_per_second,
        }


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that a reader has to reject; the header is line 1."""

    file: str
    line: int
    why: str

    def to_json(self) -> dict[str, object]:
        """The fields."""
        return {"file": self.file, "line": self.line, "why": self.why}


@dataclass(frozen=True, slots=True)
class UnmappedAccount:
    """An account with usage that account_map.csv does not name."""

    account: str
    file: str
    flop: int
    utilisation_bp: int

    def to_json(self) -> dict[str, object]:
        """The fields, FLOP as decimal text."""
        return {
            "account": self.account,
            "file": self.file,
            "flop": str(self.flop),
            "utilisation_bp": self.utilisation_bp,
        }


@dataclass(frozen=True, slots=True)
class UnknownAccelerator:
    """An invented accelerator name, whose peak nobody can know, and the records with it."""

    accelerator: str
    customer_id: str
    record_ids: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The fields."""
        return {
            "accelerator": self.accelerator,
            "customer_id": self.customer_id,
            "record_ids": list(self.record_ids),
        }


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything true in a world; `truth.json` holds the same."""

    seed: int
    as_of: date
    customers: tuple[CustomerTruth, ...]
    runs: tuple[RunTruth, ...]
    patterns: tuple[PatternTruth, ...]
    clusters: tuple[ClusterTruth, ...]
    broken_lines: tuple[BrokenLine, ...]
    unmapped_accounts: tuple[UnmappedAccount, ...]
    unknown_accelerators: tuple[UnknownAccelerator, ...]

    def to_json(self) -> dict[str, object]:
        """The tree of truth.json: counts of FLOP as decimal text, days as ISO text."""
        return {
            "synthetic": True,
            "seed": self.seed,
            "as_of": self.as_of.isoformat(),
            "customers": [item.to_json() for item in self.customers],
            "runs": [item.to_json() for item in self.runs],
            "patterns": [item.to_json() for item in self.patterns],
            "clusters": [item.to_json() for item in self.clusters],
            "broken_lines": [item.to_json() for item in self.broken_lines],
            "unmapped_accounts": [item.to_json() for item in self.unmapped_accounts],
            "unknown_accelerators": [item.to_json() for item in self.unknown_accelerators],
        }
