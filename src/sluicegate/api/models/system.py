"""Shapes of who asks, tokens, health, acts and the meter."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Day, Exact, Identifier, Line, Shape, Sparse


class Health(Shape):
    """Whether the node answers."""

    status: str = Field(examples=["ok"])


class Me(Shape):
    """Who asks, and what they may do and see."""

    id: str
    kind: str
    tenant: str
    name: str
    roles: list[str]
    jurisdictions: list[str] | None
    actions: list[str]


class Why(Shape):
    """Whether something may be done, and why not."""

    action: str
    is_allowed: bool
    reasons: list[str]
    policies: list[str]
    permitted_roles: list[str]


class Token(Shape):
    """A short token (RFC 6749, 5.1)."""

    access_token: str
    token_type: str
    expires_in: int


class TokenProblem(Shape):
    """Why no token is given (RFC 6749, 5.2)."""

    error: str
    error_description: str


class ActShown(Shape):
    """An act: what was done, by whom, when and why; ids, digests and counts only."""

    id: str
    name: str
    at: str
    by: str
    reason: str
    digest: str
    record: dict[str, Any]


class ActPage(Shape):
    """A page of acts, the newest first."""

    items: list[ActShown]
    next: str | None


class MeterRow(Sparse):
    """Compute of one combination of dimensions in one window of legal days."""

    customer: str | None = None
    group: str | None = None
    run: str | None = None
    cluster: str | None = None
    region: str | None = None
    accelerator: str | None = None
    team: str | None = None
    account: str | None = None
    start: str
    end: str = Field(description="The first day after the window.")
    low: Exact
    central: Exact
    high: Exact
    ceiling: Exact
    method: str
    convention: str
    record_days: int


class MeterRows(Shape):
    """Totals by dimension and window."""

    items: list[MeterRow]


class EstimateRow(Shape):
    """A run or workload: hardware and hours, or parameters and tokens; figures are text."""

    id: Identifier
    accelerator: Line | None = None
    accelerator_hours: Line | None = None
    accelerator_count: Line | None = None
    started: Line | None = None
    kind: Line | None = None
    parameters: Line | None = None
    active_parameters: Line | None = None
    tokens: Line | None = None


class EstimateBody(Shape):
    """Rows to be estimated, with the hardware and priors of a day."""

    rows: list[EstimateRow] = Field(min_length=1, max_length=10_000)
    as_of: Day | None = None


class EstimateOfRow(Shape):
    """An estimate of one row, in FLOP."""

    id: str
    low: Exact
    central: Exact
    high: Exact
    ceiling: Exact | None
    method: str
    convention: str
    note: str


class EstimateFault(Shape):
    """A row that cannot be estimated, and why."""

    row: int
    id: str
    problem: str


class Estimates(Shape):
    """What could be estimated, and what could not."""

    items: list[EstimateOfRow]
    faults: list[EstimateFault]


class RoleRow(Shape):
    """An action, and the roles that permit it."""

    action: str
    meaning: str
    roles: list[str]


class RoleTable(Shape):
    """What can be done, and by whom, as the policies of the node say."""

    roles: list[str]
    items: list[RoleRow]


class SettingRow(Shape):
    """A setting: its value, and where it comes from; a secret is masked."""

    name: str
    value: str
    source: str


class SettingList(Shape):
    """The settings of the node."""

    items: list[SettingRow]


class ProblemShown(Shape):
    """What a type of problem means."""

    type: str
    title: str
    status: int
