"""The rows of findings and obligations, the same in CSV, JSON and page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sluicegate.core.cells import harmless
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.services.findings import Finding, ObligationDue
from sluicegate.services.report import Report

FINDING_COLUMNS = (
    *("id", "subject_kind", "subject_id", "subject_name", "customer_id"),
    *("rule", "rule_title_en", "rule_title_zh", "instrument", "legal_status"),
    *("as_written", "as_enforced", "certainty", "level", "window", "as_of"),
    *("low", "central", "high", "ceiling", "method", "convention"),
    *("threshold", "comparator", "unit", "threshold_reference", "probability"),
    *("crossing_high", "crossing_central", "crossing_low", "crossing_projected"),
    *("monthly_growth", "reasons", "assumptions", "citations", "rules_digest"),
)

OBLIGATION_COLUMNS = (
    *("id", "duty_en", "duty_zh", "who", "to_en", "to_zh", "due", "binding"),
    *("subject", "subject_name", "finding", "calculation", "reference"),
)


def finding_rows(report: Report) -> list[dict[str, str]]:
    """Return one row per finding, all text; exact figures are decimal text, no value is ""."""
    return [_finding_row(finding) for finding in report.findings]


def _finding_row(finding: Finding) -> dict[str, str]:
    estimate, limit, crossing = finding.estimate, finding.threshold, finding.crossing
    parts: dict[str, str] = {
        "id": finding.id,
        "subject_kind": finding.subject.kind_name,
        "subject_id": finding.subject.id,
        "subject_name": finding.subject.name,
        "customer_id": finding.subject.customer_id,
        "rule": finding.rule,
        "rule_title_en": finding.rule_title.en,
        "rule_title_zh": finding.rule_title.zh,
        "instrument": finding.instrument,
        "legal_status": finding.legal_status,
        "as_written": _truth(finding.as_written),
        "as_enforced": _truth(finding.as_enforced),
        "certainty": finding.certainty.value,
        "level": finding.level.value,
        "window": finding.window,
        "as_of": finding.as_of.isoformat(),
        "probability": finding.as_json()["probability"] or "",
        "crossing_high": _day(crossing.high),
        "crossing_central": _day(crossing.central),
        "crossing_low": _day(crossing.low),
        "crossing_projected": _day(crossing.projected),
        "monthly_growth": finding.monthly_growth or "",
        "reasons": " ".join(finding.reasons),
        "assumptions": " ".join(finding.assumptions),
        "citations": "; ".join(str(citation.get("text", "")) for citation in finding.citations),
        "rules_digest": finding.rules_digest,
    }
    if estimate is not None:
        amounts = (estimate.low, estimate.central, estimate.high, estimate.ceiling)
        parts |= dict(zip(("low", "central", "high", "ceiling"), _digits(amounts), strict=True))
        parts |= {"method": estimate.method.value, "convention": estimate.convention.value}
    if limit is not None:
        parts |= {"threshold": flop_text(limit.value), "comparator": limit.comparator}
        parts |= {"unit": limit.unit, "threshold_reference": limit.reference}
    return {column: parts.get(column, "") for column in FINDING_COLUMNS}


def obligation_rows(report: Report) -> list[dict[str, str]]:
    """Return one row per obligation, all text."""
    return [_obligation_row(obligation) for obligation in report.obligations]


def _obligation_row(obligation: ObligationDue) -> dict[str, str]:
    parts = {
        "id": obligation.id,
        "duty_en": obligation.duty.en,
        "duty_zh": obligation.duty.zh,
        "who": obligation.who,
        "to_en": obligation.to.en,
        "to_zh": obligation.to.zh,
        "due": _day(obligation.due),
        "binding": _truth(obligation.binding),
        "subject": str(obligation.subject),
        "subject_name": obligation.subject.name,
        "finding": obligation.finding,
        "calculation": obligation.calculation,
        "reference": obligation.reference,
    }
    return {column: parts[column] for column in OBLIGATION_COLUMNS}


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return CSV (RFC 4180) of rows.

    A cell that a spreadsheet would run as a formula gets an apostrophe before
    it: names come from customers. `report.json` holds them as they are.

    >>> csv_text(("name",), [{"name": "=1+1"}])
    "name\\r\\n'=1+1\\r\\n"
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(row[column]) for column in columns])
    return sink.getvalue()


def _digits(amounts: Iterable[Exact]) -> list[str]:
    return [flop_text(amount) for amount in amounts]


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _truth(value: bool) -> str:
    return "true" if value else "false"
