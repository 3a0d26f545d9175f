"""Shapes of findings, obligations and what is behind them."""

from __future__ import annotations

from pydantic import Field

from sluicegate.api.models.common import Day, Exact, Open, Shape, Sparse


class FindingRow(Shape):
    """An open finding in a list."""

    id: str
    subject: str
    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: str
    rule: str
    instrument: str
    jurisdiction: str
    question: str
    certainty: str
    level: str
    as_written: bool
    as_enforced: bool
    amount: Exact | None
    threshold: Exact | None
    threshold_unit: str | None
    share_of_threshold: str | None
    due: Day | None
    as_of: Day | None
    opened_at: str
    changed_at: str


class FindingPage(Shape):
    """A page of findings."""

    items: list[FindingRow]
    next: str | None


class FindingShown(Open):
    """A finding as the last pass wrote it, with facts, answer, reasons and citations."""

    id: str
    subject: str
    rule: str
    certainty: str
    as_written: bool
    as_enforced: bool


class FigureShown(Sparse):
    """One node of a trace; its children are the figures it was made from."""

    label: str
    name: str | None = None
    value: str | None = None
    unit: str | None = None
    method: str | None = None
    reference: str | None = None
    children: list[FigureShown] = Field(default_factory=list)


class Trace(Shape):
    """The tree of figures behind a finding, down to usage records."""

    trace_version: int
    root: FigureShown


class ObligationRow(Shape):
    """What is owed to whom by when, because of a finding."""

    id: str
    finding: str
    customer_id: str
    jurisdiction: str
    duty: str
    duty_zh: str
    who: str
    to: str
    to_zh: str
    due: Day | None
    calculation: str
    subject: str
    subject_name: str
    binding: bool
    reference: str


class ObligationPage(Shape):
    """A page of obligations, by due day."""

    items: list[ObligationRow]
    next: str | None


FigureShown.model_rebuild()
