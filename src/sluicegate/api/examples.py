"""One example for each endpoint; the tests send every one and check what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """What is sent: values of the address and the query, headers, and a body.

    `body` is a document, or text of another media type.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}

LAW: Mapping[str, Example] = {
    "list_questions": Example(),
    "get_question": Example({"question": "eu_systemic_risk"}),
    "ask": Example({"question": "eu_systemic_risk"}, {"facts": FACTS, "as_of": "2025-09-01"}),
    "ask_many": Example(
        {"question": "eu_systemic_risk", "as_of": "2025-09-01"},
        '{"id": "m-1", "facts": {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}}\n'
        '{"id": "m-2", "facts": {"training_compute": "9e24"}}\n',
        "application/x-ndjson",
    ),
    "list_rules": Example({"as_of": "2026-06-30", "jurisdiction": "EU"}),
    "get_rule": Example({"rule": "eu.ai_act", "as_of": "2026-06-30"}),
    "diff_rules": Example({"earlier": "2025-01-01", "later": "2026-06-30"}),
    "rule_timeline": Example({"rule": "eu.ai_act"}),
    "compare_regimes": Example(
        body={"facts": {"training_compute": "1.2e26"}, "as_of": "2026-06-30", "subject": "run"}
    ),
}

SYSTEM: Mapping[str, Example] = {
    "health_live": Example(),
    "health_ready": Example(),
    "metrics": Example(),
    "me": Example(),
    "access_why": Example({"action": "case:check"}),
    "get_problem": Example({"kind": "not-found"}),
    "token": Example(
        body="grant_type=client_credentials"
        "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        "&client_assertion=JWT",
        media_type="application/x-www-form-urlencoded",
    ),
}

FINDINGS: Mapping[str, Example] = {
    "list_findings": Example({"certainty": "certain", "limit": "20"}),
    "count_findings": Example({"jurisdiction": "EU"}),
    "get_finding": Example({"finding": "{finding}"}),
    "explain_finding": Example({"finding": "{finding}", "records": "5"}),
    "list_changes": Example({"limit": "20"}),
    "list_passes": Example({"limit": "5"}),
    "list_obligations": Example({"binding": "true", "due_by": "2026-12-31"}),
    "meter": Example({"by": "cluster", "window": "month"}),
    "list_acts": Example({"name": "assessed", "limit": "20"}),
}

DOSSIERS: Mapping[str, Example] = {
    "list_customers": Example({"order": "amount", "limit": "20"}),
    "list_groups": Example({"limit": "20"}),
    "list_runs": Example({"limit": "20"}),
    "search": Example({"text": "c-"}),
    "get_customer": Example({"customer": "{customer}"}),
    "get_group": Example({"group": "{group}"}),
    "get_run": Example({"run": "{run}"}),
    "get_sources": Example(),
    "list_source_files": Example({"limit": "20"}),
    "list_reports": Example(),
    "get_report_file": Example({"report": "{report}", "file": "report.json"}),
}

CASES: Mapping[str, Example] = {
    "list_cases": Example({"priority": "urgent", "assignee": "nobody"}),
    "count_cases": Example({"state": "all"}),
    "next_case": Example(),
    "open_case": Example(
        body={"title": "Call about an invoice", "reason": "A clerk asked", "jurisdiction": "US"},
        status=201,
    ),
    "open_sealed_case": Example(
        body={
            "group": "suspicion",
            "reason": "Payments do not fit the stated purpose",
            "subject_kind": "customer",
            "subject_id": "c-1",
            "subject_name": "Example Labs",
        },
        status=201,
    ),
    "get_case": Example({"case": "{case}"}),
    "act_on_case": Example({"case": "{case}"}, {"act": "comment", "text": "Called them back."}),
    "act_on_cases": Example(
        body={"cases": ["{case}"], "act": {"act": "assign", "to": "user:analyst"}}
    ),
    "attach": Example(
        {"case": "{case}", "name": "memo.txt"}, "What was said.", "application/octet-stream"
    ),
    "get_attachment": Example({"case": "{case}", "attachment": "{attachment}"}),
    "erase_attachment": Example(
        {"case": "{case}", "attachment": "{other_attachment}"}, {"reason": "Names a bystander"}
    ),
}

FILINGS: Mapping[str, Example] = {
    "list_filings": Example({"state": "draft"}),
    "list_filings_of_case": Example({"case": "{case}"}),
    "draft_filing": Example({"case": "{case}"}, {"form": "notification"}, status=201),
    "get_filing": Example({"filing": "{filing}"}),
    "set_filing_values": Example({"filing": "{filing}"}, {"values": {}}),
    "withdraw_filing": Example({"filing": "{other_filing}"}, {"reason": "Drafted by mistake"}),
}

WORK: Mapping[str, Example] = {
    "list_jobs": Example({"state": "waiting"}),
    "get_job": Example({"job": "{job}"}),
    "get_job_result": Example({"job": "{job}", "name": "answers.csv"}),
    "cancel_job": Example({"job": "{job}"}, status=202),
    "assess": Example(body={"as_of": "2026-06-30"}, status=202),
    "make_report": Example(body={"as_of": "2026-06-30"}, status=202),
    "intake": Example(
        {"name": "usage.csv", "source": "meter"},
        "source,record_id\n",
        "application/octet-stream",
        status=202,
    ),
    "list_webhooks": Example(),
    "add_webhook": Example(
        body={"url": "https://receiver.example/hook", "events": ["case.opened"]}, status=201
    ),
    "get_webhook": Example({"webhook": "{webhook}"}),
    "enable_webhook": Example({"webhook": "{webhook}"}),
    "test_webhook": Example({"webhook": "{webhook}"}),
    "list_deliveries": Example({"webhook": "{webhook}"}),
    "list_attempts": Example({"webhook": "{webhook}", "delivery": "{delivery}"}),
    "replay_webhook": Example({"webhook": "{webhook}"}, {"since": "2026-06-30T00:00:00+00:00"}),
    "remove_webhook": Example({"webhook": "{other_webhook}"}),
}

EXAMPLES: Mapping[str, Example] = {
    **SYSTEM,
    **LAW,
    **FINDINGS,
    **DOSSIERS,
    **CASES,
    **FILINGS,
    **WORK,
}
"""Operation → what to send; `{case}` and the like stand for an id of the node's own."""
