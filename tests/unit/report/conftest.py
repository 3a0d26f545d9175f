"""A report about invented firms and laws, of every sort of finding."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from sluicegate.core.estimates import Convention, Estimate, Method
from sluicegate.core.identifiers import FindingId, RuleId
from sluicegate.core.problems import Problem
from sluicegate.core.quantities import flop_text
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Comparator, Title
from sluicegate.rules.thresholds import Level
from sluicegate.services.findings import (
    Assessment,
    Certainty,
    ChangeKind,
    Crossing,
    Finding,
    FindingChange,
    ObligationDue,
    Subject,
    SubjectKind,
    ThresholdInForce,
)
from sluicegate.services.report import (
    Coverage,
    DayPoint,
    HoldingEdge,
    Member,
    Ownership,
    PartyNode,
    RejectedFile,
    Report,
    ReportHeading,
    ReportInputs,
    SourceCoverage,
    StepState,
    SubjectFacts,
    SubjectTotal,
    ThresholdLine,
    ThresholdStep,
    UnknownAccelerator,
    UnmappedAccount,
    build_report,
)

AS_OF = date(2026, 11, 20)
FIRST_DAY = date(2025, 12, 1)

NORTHLAND = Title("Northland Compute Act", "北国算力法")
EASTMARK = Title("Eastmark frontier bill", "东岭前沿模型法案")
SETTINGS = Title("Settings of the pass", "评估流程设定")

LARGE_RUN = ThresholdLine(
    "northland.act.large_run",
    Title("Large training, notice", "大规模训练告知"),
    NORTHLAND,
    Comparator.GREATER_THAN,
    (ThresholdStep(date(2026, 2, 1), None, 10**25, StepState.IN_FORCE, "s. 4(1)"),),
)
FRONTIER = ThresholdLine(
    "eastmark.bill.frontier",
    Title("Frontier developer duties", "前沿开发者义务"),
    EASTMARK,
    Comparator.AT_LEAST,
    (
        ThresholdStep(None, date(2026, 7, 1), 10**26, StepState.NOT_LAW, "cl. 2"),
        ThresholdStep(date(2026, 7, 1), None, 3 * 10**25, StepState.NOT_LAW, "cl. 2, amended"),
    ),
)
OLD_ORDER = ThresholdLine(
    "westmere.order.report",
    Title("Report of very large models", "超大模型报告"),
    Title("Westmere emergency order", "西湖紧急令"),
    Comparator.GREATER_THAN,
    (
        ThresholdStep(FIRST_DAY, date(2026, 3, 1), 10**26, StepState.IN_FORCE, "s. 1"),
        ThresholdStep(date(2026, 3, 1), date(2026, 8, 1), 10**26, StepState.NOT_ENFORCED, "s. 1"),
    ),
)
LINES = (FRONTIER, OLD_ORDER, LARGE_RUN)

AURORA = Subject.of(SubjectKind.CUSTOMER, "c-0001", "Aurora Model Works", "c-0001")
HARBOUR = Subject.of(SubjectKind.GROUP, "g-17", "Harbour & Sons <Holdings> group", "")
RUN = Subject.of(SubjectKind.RUN, "run-2026-04-aurora-large-v2", "", "c-0001")
LANTERN = Subject.of(SubjectKind.CUSTOMER, "c-0420", "灯塔智能计算科技（北国）有限公司", "c-0420")
SMALL = Subject.of(SubjectKind.CUSTOMER, "c-1999", "Small Honest Weather Bureau", "c-1999")


def estimate(central: int, method: Method = Method.HARDWARE) -> Estimate:
    """Return an estimate with the usual width around a central amount, in FLOP."""
    low, high, ceiling = (central * share // 33 for share in (19, 52, 100))
    return Estimate(low, central, high, ceiling, method, Convention.HARDWARE_FLOP, "usage files")


def series(last: int, days: int = 355, start: int = 0) -> tuple[DayPoint, ...]:
    """Return growing use that begins on a day and ends at a cumulative amount."""
    points = []
    for number in range(days):
        worked = max(number - start + 1, 0)
        of = estimate(last * worked * worked // (days - start) ** 2)
        day = FIRST_DAY + timedelta(days=number)
        points.append(DayPoint(day, of.low, of.central, of.high, of.ceiling))
    return tuple(points)


def crossing(points: tuple[DayPoint, ...], line: ThresholdLine) -> Crossing:
    """Return the first day on which each bound is past the line as it stands on that day."""

    def first(bound: str) -> date | None:
        for point in points:
            for step in line.steps:
                stands = (not step.start or step.start <= point.day) and (
                    not step.end or point.day < step.end
                )
                if stands and line.comparator.holds(getattr(point, bound), step.value):
                    return point.day
        return None

    return Crossing(first("high"), first("central"), first("low"))


def trace(amount: Estimate, limit: int) -> Figure:
    """Return a tree of three floors."""
    record = Figure("record u-88123", "1.2e21", "FLOP", "peak × time × 0.33", "usage.csv:88123")
    return Figure(
        "compute used",
        flop_text(amount.central),
        "FLOP",
        "sum over days",
        None,
        (
            Figure("2026-04-03", "4.1e23", "FLOP", "sum over records", None, (record,) * 3),
            Figure("threshold", str(limit), "FLOP", None, "Northland Compute Act, s. 4(1)"),
        ),
    )


def finding(
    name: str,
    subject: Subject,
    line: ThresholdLine | None,
    certainty: Certainty,
    amount: Estimate | None = None,
    crossing: Crossing | None = None,
    **more: Any,
) -> Finding:
    """Return a finding; without a line it is one that no threshold is part of."""
    limit = None if line is None else line.steps[-1].value
    rule = "sluicegate.split_accounts" if line is None else line.rule
    fields: dict[str, Any] = {
        "id": FindingId(f"f-{name}"),
        "subject": subject,
        "rule": RuleId(rule),
        "rule_title": Title("Split over accounts", "账户拆分") if line is None else line.title,
        "instrument": rule.rpartition(".")[0],
        "instrument_title": SETTINGS if line is None else line.instrument_title,
        "legal_status": "law: in_force, enforced"
        if line is LARGE_RUN
        else "bill: proposed, not_binding"
        if line
        else "configuration: in_force, enforced",
        "question": "reporting_duty",
        "as_of": AS_OF,
        "facts": {"compute_used": None if amount is None else flop_text(amount.central)},
        "facts_by_bound": {},
        "readings": {"counting": "all_accounts"},
        "answer": {"must_report": certainty is Certainty.CERTAIN},
        "assumptions": ("Every record without a measured utilisation uses the prior.",),
        "level": Level.PASSED,
        "certainty": certainty,
        "as_written": certainty is not Certainty.CLEARED,
        "as_enforced": line is LARGE_RUN,
        "reasons": ("The compute used is above the threshold in force on 2026-11-20.",),
        "citations": ({"text": "Northland Compute Act, s. 4(1)", "mark": "found"},),
        "parameters": ({"id": f"{rule}.limit", "value": "1e25", "from": "2026-02-01"},),
        "trace": Figure("shared owner", "2") if amount is None else trace(amount, int(limit or 0)),
        "rules_digest": "ab" * 32,
        "estimate": amount,
        "threshold": None
        if line is None or limit is None
        else ThresholdInForce(
            f"{line.rule}.limit", limit, "FLOP", line.comparator.value, line.steps[-1].reference
        ),
        "probability": None if amount is None or limit is None else amount.probability_above(limit),
        "crossing": crossing or Crossing(),
    }
    return Finding(**{**fields, **more})


def _findings() -> tuple[Finding, ...]:
    return (
        finding(
            "small",
            SMALL,
            LARGE_RUN,
            Certainty.CLEARED,
            estimate(6 * 10**24),
            Crossing(projected=date(2027, 2, 3)),
            level=Level.APPROACHING,
            monthly_growth="0.18",
        ),
        finding(
            "aurora-1",
            AURORA,
            LARGE_RUN,
            Certainty.CERTAIN,
            estimate(12 * 10**25),
            crossing(series(12 * 10**25, start=20), LARGE_RUN),
        ),
        finding(
            "aurora-2",
            AURORA,
            FRONTIER,
            Certainty.CERTAIN,
            estimate(12 * 10**25),
            crossing(series(12 * 10**25, start=20), FRONTIER),
        ),
        finding(
            "run",
            RUN,
            LARGE_RUN,
            Certainty.LIKELY,
            estimate(14 * 10**24, Method.DECLARED),
            crossing(series(14 * 10**24, 140, 95), LARGE_RUN),
        ),
        finding(
            "harbour",
            HARBOUR,
            LARGE_RUN,
            Certainty.POSSIBLE,
            estimate(8 * 10**24),
            crossing(series(8 * 10**24), LARGE_RUN),
        ),
        finding(
            "split",
            HARBOUR,
            None,
            Certainty.LIKELY,
            None,
            reasons=(
                "Five accounts pay with one card and rent the same cluster at the same hours.",
            ),
        ),
        finding(
            "lantern",
            LANTERN,
            LARGE_RUN,
            Certainty.CLEARED,
            estimate(4 * 10**24),
            level=Level.BELOW,
        ),
    )


def _obligation(number: int, of: Finding, due: date | None, **more: Any) -> ObligationDue:
    fields: dict[str, Any] = {
        "id": f"o-{number}",
        "duty": Title("Notify the Compute Office", "告知算力办公室"),
        "who": "provider",
        "to": Title("Northland Compute Office", "北国算力办公室"),
        "due": due,
        "calculation": "15 days after 2026-04-09, the day on which the condition was met",
        "finding": of.id,
        "subject": of.subject,
        "binding": True,
        "reference": "s. 5(2)",
    }
    return ObligationDue(**{**fields, **more})


OWNERSHIP = Ownership(
    (
        PartyNode("p-1", "Wilhelmina Harbour-Oldenburg", True, "NL"),
        PartyNode("p-2", "东岭主权投资基金管理有限责任公司", False, "EM"),
        PartyNode("h-0", "Harbour & Sons <Holdings>", False, "NL", True),
        PartyNode("s-1", "Quayside Rentals", False, "WM"),
        PartyNode("s-2", "Pierhead Analytics", False, "NL"),
        PartyNode("s-3", "Shell Number Three of a Very Long Name Indeed", False, "XX"),
        *(PartyNode(f"t-{n}", f"Quayside Unit {n}", False, "WM") for n in range(9)),
    ),
    (
        HoldingEdge("p-1", "h-0", Fraction(51, 100)),
        HoldingEdge("p-2", "h-0", Fraction(49, 100)),
        HoldingEdge("h-0", "s-1", Fraction(1)),
        HoldingEdge("h-0", "s-2", Fraction(2, 3)),
        HoldingEdge("p-2", "s-3", None, True),
        HoldingEdge("s-1", "h-0", Fraction(2, 100)),
        *(HoldingEdge("s-1", f"t-{n}", Fraction(1)) for n in range(9)),
    ),
)


def report_inputs() -> ReportInputs:
    """Return everything the sample report is built from."""
    found = _findings()
    by_name = {one.id: one for one in found}
    aurora, run = by_name[FindingId("f-aurora-1")], by_name[FindingId("f-run")]
    return ReportInputs(
        ReportHeading(
            Title("Compute assessment", "算力评估报告"),
            "Fjordlight Cloud",
            ("provider",),
            datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
            "3f" * 32,
            "0.1.0",
        ),
        Assessment(
            AS_OF,
            found,
            (
                _obligation(1, run, None, calculation="15 days after the run is known to be above"),
                _obligation(2, aurora, date(2026, 12, 24)),
                _obligation(
                    3,
                    by_name[FindingId("f-aurora-2")],
                    date(2026, 12, 1),
                    binding=False,
                    duty=Title("Publish a safety framework", "公布安全框架"),
                    to=Title("Eastmark Attorney", "东岭检察官"),
                    who="developer",
                ),
                _obligation(4, aurora, date(2026, 4, 24)),
            ),
            (
                FindingChange(
                    ChangeKind.CHANGED, aurora.id, str(AURORA), aurora.rule, "likely", "certain"
                ),
                FindingChange(ChangeKind.NEW, run.id, str(RUN), run.rule, "", "likely"),
            ),
            {"customer": 2000, "group": 1950, "run": 312, "cluster": 24},
            "p-01",
        ),
        estimate(31 * 10**25, Method.MIXED),
        (
            SubjectFacts(AURORA, estimate(12 * 10**25), series(12 * 10**25, start=20), LINES),
            SubjectFacts(
                HARBOUR,
                estimate(8 * 10**24),
                series(8 * 10**24),
                LINES,
                (
                    Member("c-0100", "Quayside Rentals", estimate(5 * 10**24), "owned 100 %"),
                    Member("c-0101", "Pierhead Analytics", estimate(3 * 10**24), "owned 66.7 %"),
                ),
                OWNERSHIP,
            ),
            SubjectFacts(RUN, estimate(14 * 10**24), series(14 * 10**24, 140, 95), (LARGE_RUN,)),
            SubjectFacts(SMALL, estimate(6 * 10**24), series(6 * 10**24), (LARGE_RUN,)),
            SubjectFacts(LANTERN, estimate(4 * 10**24), (), (LARGE_RUN,)),
        ),
        (
            SubjectTotal(SMALL, estimate(6 * 10**24)),
            SubjectTotal(AURORA, estimate(12 * 10**25)),
            SubjectTotal(LANTERN, estimate(4 * 10**24)),
            *(
                SubjectTotal(
                    Subject.of(SubjectKind.CUSTOMER, f"c-{n}", f"Customer number {n}"),
                    estimate(4 * 10**24 // n),
                )
                for n in range(1, 9)
            ),
        ),
        Coverage(
            (
                SourceCoverage("billing", "usage", 181_223, FIRST_DAY, AS_OF),
                SourceCoverage("crm", "customers", 2000),
            ),
            (UnmappedAccount("billing", "proj-lost-77", estimate(4 * 10**22)),),
            (UnknownAccelerator("NX-9", 12, Estimate(0, 10**21, 10**23, 10**23, Method.MIXED)),),
            (
                RejectedFile(
                    "usage-2026-03.csv",
                    181_223,
                    3,
                    (
                        Problem(
                            "usage-2026-03.csv",
                            17,
                            "end",
                            "2026-03-01T00:00Z is before start",
                            "swap start and end",
                        ),
                    ),
                ),
            ),
        ),
        (Title("Usage of November is complete to the 20th.", "十一月的用量数据完整至 20 日。"),),
    )


@pytest.fixture
def report() -> Report:
    """A report with every sort of finding, chart and gap."""
    return build_report(report_inputs())
