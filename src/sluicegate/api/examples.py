"""One example for each endpoint; the tests send every one and check what comes back."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.api.consultation_examples import CONSULTATIONS
from sluicegate.api.example import Example
from sluicegate.api.kyc_examples import KYC
from sluicegate.api.lab_examples import LAB
from sluicegate.api.lineage_examples import LINEAGES

FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}

WORKED_CASES = """\
- id: at-the-threshold
  question: eu_systemic_risk
  as_of: 2025-09-01
  facts: {training_compute: "1e25"}
  expected: {presumed_systemic: false}
"""

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
    "check_rules": Example(body={"files": {"harbour.yaml": "instrument: {id: local.harbour}\n"}}),
    "test_rules": Example(body={"cases": WORKED_CASES}),
    "cover_rules": Example(body={"cases": WORKED_CASES}),
    "draft_rule": Example(
        body={"id": "local.harbour_act", "title": {"en": "Harbour Act", "zh": "港口法"}}
    ),
    "diff_answers": Example(
        body={
            "earlier": "2025-08-01",
            "later": "2025-09-01",
            "question": "eu_systemic_risk",
            "subjects": [{"id": "m-1", "facts": FACTS}],
        }
    ),
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
    "access_roles": Example(),
    "access_why": Example({"action": "case:check", "role": "analyst"}),
    "list_settings": Example(),
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
    "export_findings": Example({"certainty": "certain", "format": "csv"}),
    "get_finding": Example({"finding": "{finding}"}),
    "explain_finding": Example({"finding": "{finding}", "records": "5"}),
    "list_changes": Example({"limit": "20"}),
    "list_passes": Example({"limit": "5"}),
    "list_obligations": Example({"binding": "true", "due_by": "2026-12-31"}),
    "export_obligations": Example({"binding": "true", "format": "ndjson"}),
    "estimate": Example(body={"rows": [{"id": "run-1", "parameters": "70e9", "tokens": "15e12"}]}),
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
    "list_views": Example(),
    "save_view": Example(body={"name": "Urgent, mine", "query": {"priority": "urgent"}}),
    "remove_view": Example(body={"name": "{view}"}),
    "export_cases": Example({"format": "csv"}),
    "export_case": Example({"case": "{case}"}),
    "calendar": Example({"scope": "all"}),
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
    "act_on_cases_later": Example(
        body={"cases": ["{case}"], "act": {"act": "assign", "to": "user:analyst"}}, status=202
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
    "list_forms": Example(),
    "get_form": Example({"form": "training_report"}),
    "list_forms_of_case": Example({"case": "{case}"}),
    "list_filing_versions": Example({"filing": "{filing}"}),
    "get_filing_document": Example({"filing": "{filing}", "format": "html"}),
    "propose_filing": Example({"filing": "{full_filing}"}, {"reason": "The run passed it"}),
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
    "intake_columns": Example({"kind": "usage"}),
    "ask_many_later": Example(
        {"question": "eu_systemic_risk", "name": "runs.csv", "as_of": "2025-09-01"},
        "id,training_compute\nm-1,1.2e25\n",
        "application/octet-stream",
        status=202,
    ),
    "list_webhooks": Example(),
    "add_webhook": Example(
        body={"url": "https://receiver.example/hook", "events": ["case.opened"]}, status=201
    ),
    "get_webhook": Example({"webhook": "{webhook}"}),
    "rotate_webhook_secret": Example({"webhook": "{webhook}"}, {"keep_old_hours": 24}, status=201),
    "enable_webhook": Example({"webhook": "{webhook}"}),
    "test_webhook": Example({"webhook": "{webhook}"}),
    "list_deliveries": Example({"webhook": "{webhook}"}),
    "list_attempts": Example({"webhook": "{webhook}", "delivery": "{delivery}"}),
    "replay_webhook": Example({"webhook": "{webhook}"}, {"since": "2026-06-30T00:00:00+00:00"}),
    "remove_webhook": Example({"webhook": "{other_webhook}"}),
}

PUBLIC_KEY = '{"kty": "OKP", "crv": "Ed25519", "x": "r3H3EuAm0EkyOGuAsikL56Vf7hs_0wOdm6h-8ehuBP8"}'
OTHER_KEY = '{"kty": "OKP", "crv": "Ed25519", "x": "PI12e_40c9X5Crh0US5pI9lK6xWRicAtEO9py5PG9Fc"}'
RIGHTS = {"roles": ["analyst"], "jurisdictions": ["EU"]}

PEOPLE: Mapping[str, Example] = {
    "list_users": Example(),
    "add_user": Example(
        body={"login": "mira.okonwo", "name": "Mira Okonwo", "rights": RIGHTS}, status=201
    ),
    "get_user": Example({"user": "{user}"}),
    "set_user_rights": Example({"user": "{user}"}, {"roles": ["reviewer"]}),
    "disable_user": Example({"user": "{other_user}"}),
    "enable_user": Example({"user": "{other_user}"}),
    "reset_user": Example({"user": "{other_user}"}, {"second_factor": True}, status=201),
    "list_sessions": Example({"user": "{user}"}),
    "end_sessions": Example({"user": "{user}"}),
    "list_clients": Example(),
    "add_client": Example(
        body={"name": "cluster scheduler", "keys": PUBLIC_KEY, "rights": RIGHTS}, status=201
    ),
    "revoke_client": Example({"client": "{other_client}"}),
    "rotate_client": Example({"client": "{client}"}, {"keys": OTHER_KEY, "keep_old": True}),
}

EXAMPLES: Mapping[str, Example] = {
    **SYSTEM,
    **LAW,
    **FINDINGS,
    **DOSSIERS,
    **CASES,
    **FILINGS,
    **WORK,
    **PEOPLE,
    **KYC,
    **LINEAGES,
    **LAB,
    **CONSULTATIONS,
}
"""Operation → what to send; `{case}` and the like stand for an id of the node's own."""
