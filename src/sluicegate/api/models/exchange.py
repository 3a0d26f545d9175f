"""Shapes of comparisons with other providers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Day, Exact, Identifier, Reason, Shape
from sluicegate.services.exchange.sessions import ELEMENTS, LEVELS


class ComparisonRow(Shape):
    """A comparison as it stands: who asks whom, up to which day, by whom proposed and approved."""

    session: str
    side: str
    state: str
    partner: str
    as_of: str
    proposed_by: str
    approved_by: str
    reason: str
    at: str


class ComparisonList(Shape):
    """Comparisons, the newest first."""

    items: list[ComparisonRow]


class JointParty(Shape):
    """A party that crosses the threshold together with the partner."""

    party: str
    partner: str
    own_flop: Exact
    other_flop_at_least: Exact
    session: str


class ComparisonShown(ComparisonRow):
    """A comparison with its terms, its legal basis, its history and what it found."""

    terms: dict[str, Any]
    basis: str
    reference: str
    history: list[ComparisonRow]
    found: list[JointParty]


class ComparisonBody(Shape):
    """Whom to ask, and the law on which customers may be compared, in words and by citation."""

    partner: Identifier
    basis: Reason
    reference: Reason
    as_of: Day | None = None
    levels: int = Field(LEVELS, ge=1, le=1_000_000)
    elements: int = Field(ELEMENTS, ge=1, le=10_000_000)


class MessageShown(Shape):
    """The offer or the answer, as a document to be sent to the partner as it is."""

    kind: str
    document: dict[str, Any]
