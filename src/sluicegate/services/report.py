"""The report document: what a pass found, with its figures over time and its data quality.

Nothing is decided here. What a pass, the meter and the registry give is put in
the order in which people read it; `adapters.report` writes it as HTML, JSON
and CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from sluicegate.core.estimates import Estimate
from sluicegate.core.problems import Problem
from sluicegate.core.quantities import Exact
from sluicegate.rules.instruments import (
    Comparator,
    Title,
)
from sluicegate.rules.thresholds import Level
from sluicegate.services.findings import (
    Assessment,
    Certainty,
    ChangeKind,
    Finding,
    FindingChange,
    ObligationDue,
    Subject,
    SubjectKind,
)

FLOP_UNIT = "FLOP"


class StepState(Enum):
    """How a threshold stands while a step of it lasts."""

    IN_FORCE = "in_force"
    NOT_ENFORCED = "not_enforced"
    NOT_LAW = "not_law"


class Bound(Enum):
    """The bounds of an estimate that can pass a threshold, the first to pass first."""

    HIGH = "high"
    CENTRAL = "central"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class DayPoint:
    """Compute from the first day of a series up to the end of a legal day, in FLOP."""

    day: date
    low: Exact
    central: Exact
    high: Exact
    ceiling: Exact | None = None


@dataclass(frozen=True, slots=True)
class ThresholdStep:
    """A threshold's value from a day on, up to (not including) another; None is open."""

    start: date | None
    end: date | None
    value: Exact
    state: StepState
    reference: str


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A threshold over time, in FLOP, only on the days on which it stands."""

    rule: str
    title: Title
    instrument_title: Title
    comparator: Comparator
    steps: tuple[ThresholdStep, ...]


@dataclass(frozen=True, slots=True)
class PartyNode:
    """A party in an ownership picture; `is_subject` marks the one the report is about."""

    id: str
    name: str
    is_individual: bool = False
    country: str = ""
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class HoldingEdge:
    """Who holds whom: a share from 0 to 1 where it is known, and control without shares.

    Of a range `share` is the low end and `high` the high one. `is_open` says
    that there are shares and nobody states how many, `is_nominee` that they are
    held for another, `is_nominator` that a nominee holds for the owner.
    """

    owner: str
    owned: str
    share: Fraction | None = None
    is_control: bool = False
    high: Fraction | None = None
    is_open: bool = False
    is_nominee: bool = False
    is_nominator: bool = False


@dataclass(frozen=True, slots=True)
class Ownership:
    """The parties around a subject and what they hold of one another."""

    nodes: tuple[PartyNode, ...]
    edges: tuple[HoldingEdge, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an affiliate group, with its own compute and why it belongs."""

    id: str
    name: str
    estimate: Estimate | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SubjectTotal:
    """A subject with its compute."""

    subject: Subject
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What the meter and the registry know of a subject with findings.

    `series` is cumulative and in order of day; `thresholds` are those to show
    on its axis (see `threshold_lines`).
    """

    subject: Subject
    estimate: Estimate
    series: tuple[DayPoint, ...] = ()
    thresholds: tuple[ThresholdLine, ...] = ()
    members: tuple[Member, ...] = ()
    ownership: Ownership | None = None


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """A subject with its compute over time and what was found about it."""

    facts: SubjectFacts
    findings: tuple[Finding, ...]

    @property
    def subject(self) -> Subject:
        """Who or what it is."""
        return self.facts.subject


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """What one source gave: rows, and the legal days they speak of."""

    source: str
    kind: str
    rows: int
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class UnmappedAccount:
    """Usage of an account that no customer is known for; counted, but nobody's."""

    source: str
    account: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class UnknownAccelerator:
    """Usage of an accelerator that the catalogue does not hold, within bounds."""

    name: str
    records: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file with rows that could not be used; `problems` holds the first of them."""

    file: str
    accepted: int
    rejected: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the figures rest on, and what is missing from them."""

    sources: tuple[SourceCoverage, ...] = ()
    unmapped: tuple[UnmappedAccount, ...] = ()
    unknown_accelerators: tuple[UnknownAccelerator, ...] = ()
    rejected: tuple[RejectedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportHeading:
    """Whose report it is, made when and with what; `made_at` carries an offset."""

    title: Title
    node: str
    roles: tuple[str, ...]
    made_at: datetime
    rules_digest: str
    product_version: str


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """Everything a report is built from.

    `total` is the compute of the whole node; `largest` the customers or groups
    to compare with one another; `notes` say what is special about this report.
    """

    heading: ReportHeading
    assessment: Assessment
    total: Estimate
    subjects: Sequence[SubjectFacts] = ()
    largest: Sequence[SubjectTotal] = ()
    coverage: Coverage = field(default_factory=Coverage)
    notes: tuple[Title, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The report document, in the order in which people read it."""

    heading: ReportHeading
    as_of: date
    pass_id: str | None
    subjects_counted: tuple[tuple[str, int], ...]
    total: Estimate
    findings: tuple[Finding, ...]
    obligations: tuple[ObligationDue, ...]
    changes: tuple[FindingChange, ...]
    subjects: tuple[SubjectReport, ...]
    largest: tuple[SubjectTotal, ...]
    coverage: Coverage
    notes: tuple[Title, ...]

    @property
    def is_first_pass(self) -> bool:
        """Whether nothing was there before: every finding is new."""
        new = sum(change.kind is ChangeKind.NEW for change in self.changes)
        return bool(new) and new == len(self.changes) == len(self.findings)

    def of_certainty(self, certainty: Certainty) -> tuple[Finding, ...]:
        """Return the findings of one certainty, in order."""
        return tuple(finding for finding in self.findings if finding.certainty is certainty)


_GRAVEST_FIRST = (Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE, Certainty.CLEARED)


def build_report(inputs: ReportInputs) -> Report:
    """Put what is known in order: the gravest finding, the nearest day and the most compute first.

    A subject's page follows the gravest finding about it; a subject without
    findings gets none.
    """
    assessment = inputs.assessment
    findings = tuple(sorted(assessment.findings, key=_gravity))
    return Report(
        heading=inputs.heading,
        as_of=assessment.as_of,
        pass_id=assessment.pass_id,
        subjects_counted=tuple(sorted(assessment.subjects.items(), key=_kind_order)),
        total=inputs.total,
        findings=findings,
        obligations=tuple(sorted(assessment.obligations, key=_urgency)),
        changes=assessment.changes,
        subjects=_subject_reports(findings, inputs.subjects),
        largest=tuple(sorted(inputs.largest, key=lambda one: -Fraction(one.estimate.central))),
        coverage=inputs.coverage,
        notes=inputs.notes,
    )


def _kind_order(counted: tuple[str, int]) -> tuple[int, str]:
    kinds = [kind.value for kind in SubjectKind]
    name = counted[0].removesuffix("s")
    return (kinds.index(name) if name in kinds else len(kinds), name)


def _gravity(finding: Finding) -> tuple[int, bool, bool, Fraction, str, str]:
    estimate = Fraction(0) if finding.estimate is None else Fraction(finding.estimate.central)
    return (
        _GRAVEST_FIRST.index(finding.certainty),
        finding.level is Level.BELOW,
        not finding.as_enforced,
        -estimate,
        str(finding.subject),
        finding.rule,
    )


def _urgency(obligation: ObligationDue) -> tuple[date, bool, str]:
    return (obligation.due or date.max, not obligation.binding, obligation.id)


def _subject_reports(
    findings: Sequence[Finding], subjects: Iterable[SubjectFacts]
) -> tuple[SubjectReport, ...]:
    by_subject: dict[str, list[Finding]] = {}
    for finding in findings:
        by_subject.setdefault(str(finding.subject), []).append(finding)
    known = {str(facts.subject): facts for facts in subjects}
    return tuple(
        SubjectReport(known[key], tuple(found)) for key, found in by_subject.items() if key in known
    )
