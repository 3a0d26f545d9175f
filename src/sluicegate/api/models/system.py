"""Shapes of who asks, tokens, health, acts and the meter."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Exact, Shape, Sparse


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


class ProblemShown(Shape):
    """What a type of problem means."""

    type: str
    title: str
    status: int
