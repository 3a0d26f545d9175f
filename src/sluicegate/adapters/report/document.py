"""The report as one JSON document; FLOP are decimal text with all digits."""

from __future__ import annotations

from typing import Any

from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.adapters.report.words import crossing_sentences
from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import flop_text
from sluicegate.core.trace import TRACE_VERSION
from sluicegate.rules.instruments import Title
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.report import (
    Coverage,
    DayPoint,
    Ownership,
    Report,
    SubjectFacts,
    SubjectReport,
    ThresholdLine,
)

REPORT_VERSION = 1


def report_document(report: Report) -> dict[str, Any]:
    """Return everything that the pages show, and the whole of what they shorten."""
    heading = report.heading
    return {
        "report_version": REPORT_VERSION,
        "trace_version": TRACE_VERSION,
        "title": _title(heading.title),
        "node": heading.node,
        "roles": list(heading.roles),
        "as_of": report.as_of.isoformat(),
        "made_at": heading.made_at.isoformat(),
        "pass": report.pass_id,
        "product_version": heading.product_version,
        "rules_digest": heading.rules_digest,
        "totals": {
            "subjects": dict(report.subjects_counted),
            "flop": _estimate(report.total),
            "findings": {
                certainty.value: len(report.of_certainty(certainty)) for certainty in Certainty
            },
            "obligations": len(report.obligations),
        },
        "findings": [_finding(finding, report) for finding in report.findings],
        "obligations": [obligation.as_json() for obligation in report.obligations],
        "changes": [change.as_json() for change in report.changes],
        "largest": [
            {"subject": str(one.subject), "name": one.subject.name, **_estimate(one.estimate)}
            for one in report.largest
        ],
        "subjects": [_subject(subject) for subject in report.subjects],
        "coverage": _coverage(report.coverage),
        "notes": [_title(note) for note in report.notes],
    }


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    words = {
        language: crossing_sentences(finding, report.as_of, Catalogue(language))
        for language in ("en", "zh")
    }
    return {**finding.as_json(), "crossing_in_words": words}


def _subject(subject: SubjectReport) -> dict[str, Any]:
    facts: SubjectFacts = subject.facts
    return {
        "subject": str(facts.subject),
        "name": facts.subject.name,
        "estimate": _estimate(facts.estimate),
        "findings": [finding.id for finding in subject.findings],
        "series": [_point(point) for point in facts.series],
        "thresholds": [_line(line) for line in facts.thresholds],
        "members": [
            {
                "id": member.id,
                "name": member.name,
                "why": member.why,
                "estimate": None if member.estimate is None else _estimate(member.estimate),
            }
            for member in facts.members
        ],
        "ownership": None if facts.ownership is None else _ownership(facts.ownership),
    }


def _point(point: DayPoint) -> dict[str, str | None]:
    return {
        "day": point.day.isoformat(),
        "low": flop_text(point.low),
        "central": flop_text(point.central),
        "high": flop_text(point.high),
        "ceiling": None if point.ceiling is None else flop_text(point.ceiling),
    }


def _line(line: ThresholdLine) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "title": _title(line.title),
        "instrument_title": _title(line.instrument_title),
        "comparator": line.comparator.value,
        "steps": [
            {
                "from": None if step.start is None else step.start.isoformat(),
                "until": None if step.end is None else step.end.isoformat(),
                "value": flop_text(step.value),
                "state": step.state.value,
                "reference": step.reference,
            }
            for step in line.steps
        ],
    }


def _ownership(ownership: Ownership) -> dict[str, Any]:
    return {
        "parties": [
            {
                "id": node.id,
                "name": node.name,
                "kind": "individual" if node.is_individual else "entity",
                "country": node.country,
            }
            for node in ownership.nodes
        ],
        "holdings": [
            {
                "owner": edge.owner,
                "owned": edge.owned,
                "share": None if edge.share is None else flop_text(edge.share),
                "control": edge.is_control,
            }
            for edge in ownership.edges
        ],
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "sources": [
            {
                "source": one.source,
                "kind": one.kind,
                "rows": one.rows,
                "first_day": None if one.first_day is None else one.first_day.isoformat(),
                "last_day": None if one.last_day is None else one.last_day.isoformat(),
            }
            for one in coverage.sources
        ],
        "unmapped": [
            {"source": one.source, "account": one.account, **_estimate(one.estimate)}
            for one in coverage.unmapped
        ],
        "unknown_accelerators": [
            {"name": one.name, "records": one.records, **_estimate(one.estimate)}
            for one in coverage.unknown_accelerators
        ],
        "rejected": [
            {
                "file": one.file,
                "accepted": one.accepted,
                "rejected": one.rejected,
                "problems": [str(problem) for problem in one.problems],
            }
            for one in coverage.rejected
        ],
    }


def _estimate(estimate: Estimate) -> dict[str, str]:
    return {
        "low": flop_text(estimate.low),
        "central": flop_text(estimate.central),
        "high": flop_text(estimate.high),
        "ceiling": flop_text(estimate.ceiling),
        "method": estimate.method.value,
        "convention": estimate.convention.value,
    }


def _title(title: Title) -> dict[str, str]:
    return {"en": title.en, "zh": title.zh}
