"""Shapes of lineages: what is kept, what a target comes to under a rule, what is not known."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Day, Reason, Shape
from sluicegate.services.ports.lineage import StatementKind


class LineageRow(Shape):
    """A version of a lineage; `undisclosed` counts nodes whose compute nobody told."""

    id: str
    source: str
    lineage: str
    version: int
    nodes: int
    edges: int
    models: int
    outputs: int
    undisclosed: int
    statements: int
    format: str
    recorded: str
    by: str
    reason: str | None
    digest: str
    checksum: str | None
    version_id: str
    supersedes: str | None


class LineageList(Shape):
    """The lineages that a node keeps, each at its last version."""

    items: list[LineageRow]


class LineageStatement(Shape):
    """What a person stated of a cause and a target, with reason and evidence."""

    statement: str
    cause: str
    target: str
    reason: str
    evidence: str
    on: str | None
    by: str
    at: str


class LineageShown(LineageRow):
    """A version with what people stated of it, and all versions, the oldest first.

    Here `stated` are the statements; `statements` counts them.
    """

    stated: list[LineageStatement]
    versions: list[LineageRow]


class LineageDocument(Shape):
    """A lineage as lineage.json states it: nodes, edges, statements of independence."""

    name: str
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    independence: list[dict[str, Any]]


class LineageShare(Shape):
    """A part of a total: FLOP, how many nodes, and whether all of it is disclosed."""

    flop: str
    nodes: int
    complete: bool


class LineageDistance(Shape):
    """A threshold beside an amount; `left` is what is missing to it, below 0 once exceeded."""

    parameter: str
    comparator: str
    threshold: str
    left: str
    passed: str


class LineageApproximation(Shape):
    """A short sum of the scheme beside the graph; `gap` is how much more the graph gives."""

    method: str
    amount: str
    gap: str


class LineageAccountRow(Shape):
    """What a target comes to under a counting rule; `high` null is without bound.

    `flop` is null for a rate, `flop_per_second` for all else.
    """

    target: str | list[str]
    quantity: str
    counting_rule: str
    flop: str | None
    flop_per_second: str | None
    low: str
    high: str | None
    complete: bool
    excluded_nodes: list[str]
    presumption: str
    threshold: str | None
    over_threshold: str | None
    counted_nodes: int
    explicit: LineageShare
    presumed: LineageShare
    excluded: LineageShare
    unaddressed: LineageShare
    independent: LineageShare
    approximations: list[LineageApproximation]
    reasons: list[str]
    warnings: list[str]
    distances: list[LineageDistance]


class LineageAccounts(Shape):
    """Answers in order: of what was asked, or of the models and outputs; `asked` counts all."""

    asked: int
    items: list[LineageAccountRow]


class LineageUnknown(Shape):
    """A node whose figure is not known exactly, and the total with it at its ends."""

    node: str
    knowledge: str
    low: str
    high: str | None
    effect: str | None
    source: str


class LineageUnknowns(Shape):
    """What is not known of a total, the largest effect first."""

    items: list[LineageUnknown]


class LineageRoleSum(Shape):
    """Nodes of one role that a rule treats alike; `role` null: without one."""

    role: str | None
    flop: str
    nodes: list[str]


class LineageRuleRow(LineageAccountRow):
    """A target under one rule, with the sums by role and treatment."""

    counts: list[LineageRoleSum]
    leaves_out: list[LineageRoleSum]
    does_not_address: list[LineageRoleSum]


class LineageModification(Shape):
    """What a developer added to models of others, against the share of the EU's guidelines."""

    developer: str
    originals: list[str]
    original: str | None
    modification: str
    limit_share: str
    above_share: str
    reasons: list[str]


class LineageComparison(Shape):
    """A target under every rule; `questions` are facts for questions of the rule book."""

    target: str
    rules: list[LineageRuleRow]
    modification: LineageModification | None
    questions: dict[str, Any]
    warnings: list[str]


class LineageNode(Shape):
    """A drawn node; `hidden_...` are causes of it that are folded away."""

    id: str
    label: str
    kind: str
    standing: str
    role: str | None
    discarded_by: str | None
    flop: str | None
    undisclosed: bool
    cumulative: str | None
    cumulative_complete: bool
    is_target: bool
    hidden_nodes: int
    hidden_flop: str | None
    hidden_undisclosed: int


class LineageEdge(Shape):
    """A drawn tie: stated, presumed or cut."""

    cause: str
    target: str
    tie: str
    evidence: str


class LineageDrawing(Shape):
    """What a picture shows, as data."""

    nodes_in_all: int
    flop: str
    undisclosed: int
    nodes: list[LineageNode]
    edges: list[LineageEdge]


class LineageChange(Shape):
    """A total as it stands and as it would be; `less` is by how much it falls."""

    what: str
    less: str
    as_it_stands: LineageAccountRow
    if_so: LineageAccountRow


class LineageChanges(Shape):
    """What a total would be without nodes, or with causes cut."""

    target: str
    changes: list[LineageChange]


class LineageStatementBody(Shape):
    """A statement to be made: independence, or a human's change of a stated cause."""

    statement: StatementKind
    cause: str = Field(min_length=1, max_length=1_000)
    target: str = Field(
        min_length=1, max_length=1_000, description="Of an independence also *, for all later."
    )
    reason: Reason
    evidence: Reason
    on: Day | None = None


class LineageWithdrawBody(Shape):
    """A statement to be taken back, with the reason."""

    statement: StatementKind
    cause: str = Field(min_length=1, max_length=1_000)
    target: str = Field(min_length=1, max_length=1_000)
    reason: Reason
