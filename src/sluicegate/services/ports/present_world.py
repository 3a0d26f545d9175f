"""Read models of what the last pass measured: customers, groups and runs, as they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any


class Standing(Enum):
    """Whether anybody says who a customer is.

    UNNAMED is usage with a customer id that no customers file names; UNMAPPED is
    usage of an account that no account map gives to a customer.
    """

    NAMED = "named"
    UNNAMED = "unnamed"
    UNMAPPED = "unmapped"


@dataclass(frozen=True, slots=True)
class WorldRow:
    """A customer, group or run as the last pass measured it.

    `owner` is the group of a customer, the customer of a run, nothing of a
    group. `name` is what is searched: of a run its run id. `document` holds
    exact figures as text (see `services.present.measured`).
    """

    id: str
    name: str
    owner: str | None
    document: Mapping[str, Any]
    amount_key: str
    standing: Standing = Standing.NAMED
    country: str | None = None
    members: int = 0
    started: date | None = None


@dataclass(frozen=True, slots=True)
class WorldMark:
    """What the rows of the world stand for: a legal day, and the usage that was counted.

    `coverage` is batch → what it covers (see `services.present.covered`).
    """

    as_of: date
    measured_at: datetime
    coverage: Mapping[str, Any] = field(default_factory=dict)


class WorldPart(Enum):
    """The parts of the measured world that are kept."""

    CUSTOMERS = "customers"
    GROUPS = "groups"
    RUNS = "runs"


class WorldOrder(Enum):
    """How customers, groups and runs are sorted on pages."""

    AMOUNT = "amount"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class WorldFilter:
    """Which customers, groups or runs are asked for.

    `text` is the beginning of a name (of a run: of its run id), and sorts by
    it; `owner` is a customer's group or a run's customer. `country` is a code;
    it and `has_findings`, which keeps who has an open finding, are of customers.
    """

    text: str = ""
    owner: str | None = None
    standing: Standing | None = None
    order: WorldOrder = WorldOrder.AMOUNT
    country: str | None = None
    has_findings: bool = False

    @property
    def sorted_by(self) -> WorldOrder:
        """How the rows come."""
        return WorldOrder.NAME if self.text else self.order
