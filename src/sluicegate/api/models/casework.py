"""Shapes of cases: rows, a case as people read it, and what is done to it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.commands import CaseAct
from sluicegate.api.models.common import Identifier, Line, Shape, Text
from sluicegate.api.models.shapes import Shaped, shape_of
from sluicegate.cases.case import Case
from sluicegate.services.casework.reading import Ability, ClockShown
from sluicegate.services.ports.casework import BlockStanding, CaseRow, Facets

CASE: Shaped = shape_of(Case, "CaseStanding", rename={"case_id": "id"})
CASE_ROW: Shaped = shape_of(CaseRow, "CaseRow", rename={"case_id": "id"})
FACETS: Shaped = shape_of(Facets, "CaseCounts")
ABILITY: Shaped = shape_of(Ability)
CLOCK: Shaped = shape_of(ClockShown)
BLOCK: Shaped = shape_of(BlockStanding, "BlockStanding")

CaseStanding: Any = CASE.model
CaseRowShown: Any = CASE_ROW.model
CaseCounts: Any = FACETS.model


class CasePage(Shape):
    """A page of the queue: by priority, then due day."""

    items: list[CaseRowShown]
    next: str | None


class TimelineEntry(Shape):
    """Something that happened in a case."""

    id: str
    kind: str
    at: str
    by: str
    reason: str
    data: dict[str, Any]


class CaseShown(Shape):
    """A case with its timeline, findings, obligations, and what may be done now."""

    case: CaseStanding
    timeline: list[TimelineEntry]
    clocks: list[CLOCK.model]  # type: ignore[name-defined]
    findings: dict[str, dict[str, Any]]
    obligations: dict[str, dict[str, Any]]
    related: list[CaseRowShown]
    abilities: list[ABILITY.model]  # type: ignore[name-defined]


class NewCaseBody(Shape):
    """A case to be opened by hand.

    With `finding` the case is about that finding, which gives the subject, the
    jurisdiction and, unless they are given, the title and the priority.
    """

    title: Line = ""
    reason: Text
    finding: Line = ""
    subject_kind: Line = ""
    subject_id: Line = ""
    subject_name: Line = ""
    customer_id: Line = ""
    jurisdiction: Line = ""
    priority: str | None = Field(None, pattern="^(urgent|high|normal|low)$")


class SealedBody(Shape):
    """A sealed file to be opened, from a case or about a subject."""

    group: Identifier
    reason: Text
    case: Identifier | None = None
    subject_kind: Line = ""
    subject_id: Line = ""
    subject_name: Line = ""
    customer_id: Line = ""
    jurisdiction: Line = ""


class BulkBody(Shape):
    """One act on many cases; a reason here stands for the act's own."""

    cases: list[Identifier] = Field(min_length=1, max_length=1000)
    act: CaseAct
    reason: Text = ""


class LargeBulkBody(Shape):
    """One act on very many cases, done as long work; a reason here stands for the act's own."""

    cases: list[Identifier] = Field(min_length=1, max_length=100_000)
    act: CaseAct
    reason: Text = ""


class BulkRefused(Shape):
    """A case to which it was not done, and why."""

    case: str
    reason: str


class BulkDone(Shape):
    """What an act on many cases did; each case whole or not at all.

    `proposed` are those of `done` in which it waits for a second person.
    """

    done: list[str]
    refused: list[BulkRefused]
    proposed: list[str]


class EraseBody(Shape):
    """Why the content of a file is erased."""

    reason: Text


class NextCase(Shape):
    """The case that follows in the queue, null at its end."""

    case: str | None
