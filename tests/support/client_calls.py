"""How each operation of the API is called through the client, and why some are not."""

from __future__ import annotations

from collections.abc import Mapping

from client_call import Call
from client_consultation_calls import CONSULTATIONS, WITHOUT_CONSULTATIONS
from client_kyc_calls import KYC
from client_lab_calls import LAB
from client_lineage_calls import LINEAGES
from leak_api_routes import FACTS
from served_api import PUBLIC
from tiny_world import AS_OF

_DAY = {"as_of": AS_OF}
_ASKED = ("eu_systemic_risk", FACTS)
_SUBJECT = {"id": "m-1", "facts": FACTS}
_COMMENT = {"act": "comment", "text": "a word"}
_MANY = (["{case}"], _COMMENT)
_TABLE = b"id,training_compute\nm-1,1.2e25\n"

QUESTIONS: Mapping[str, Call] = {
    "me": Call("me"),
    "list_questions": Call("questions"),
    "get_question": Call("question", ("eu_systemic_risk",)),
    "ask": Call("ask", _ASKED, _DAY),
    "ask_many": Call("ask_many", ("eu_systemic_risk", [_SUBJECT]), _DAY),
    "ask_many_later": Call("ask_many_later", ("eu_systemic_risk", "runs.csv", _TABLE), _DAY),
    "compare_regimes": Call(
        "compare_regimes", ({"training_compute": "1e26"},), {**_DAY, "subject": "run"}
    ),
    "estimate": Call("estimate", ([{"id": "a", "parameters": "70e9", "tokens": "15e12"}],)),
    "list_rules": Call("rules", (), {"jurisdiction": "EU"}),
    "get_rule": Call("rule", ("eu.ai_act",), _DAY),
    "rule_timeline": Call("rule_timeline", ("eu.ai_act",)),
    "diff_rules": Call("law_changes", (AS_OF, AS_OF)),
    "diff_answers": Call(
        "answers_changed", ("eu_systemic_risk", [_SUBJECT]), {"earlier": AS_OF, "later": AS_OF}
    ),
}

FINDINGS: Mapping[str, Call] = {
    "list_findings": Call("findings", (), {"certainty": ["certain", "likely"], "limit": 2}),
    "count_findings": Call("finding_counts", (), {"as_enforced": True}),
    "list_changes": Call("finding_changes"),
    "list_passes": Call("passes"),
    "export_findings": Call("export_findings", (), {"level": "passed"}),
    "get_finding": Call("finding", ("{finding}",)),
    "explain_finding": Call("explain", ("{finding}",), {"records": 3}),
    "list_obligations": Call("obligations", (), {"binding": True, "limit": 2}),
    "export_obligations": Call("export_obligations", (), {"due_by": AS_OF}),
    "meter": Call("meter", ("customer", "cluster"), _DAY),
    "list_acts": Call("acts", (), {"name": "assessed", "limit": 5}, "auditor"),
}

DOSSIERS: Mapping[str, Call] = {
    "list_customers": Call("customers", (), {"order": "name"}),
    "list_groups": Call("groups"),
    "list_runs": Call("runs", (), {"owner": "c-lab"}),
    "search": Call("search", ("c-",)),
    "get_customer": Call("customer", ("c-lab",), _DAY),
    "get_group": Call("group", ("{group}",), _DAY),
    "get_run": Call("run", ("c-lab/r-lab",), _DAY),
    "get_sources": Call("sources"),
    "list_source_files": Call("source_files"),
    "list_reports": Call("reports"),
    "get_report_file": Call("report_file", ("2026-06-30", "report.html")),
    "make_report": Call("make_report", (), _DAY, "engineer"),
}

CASEWORK: Mapping[str, Call] = {
    "list_cases": Call("cases", (), {"state": "all", "escalated": False, "limit": 2}),
    "get_case": Call("case", ("{case}",)),
    "count_cases": Call("case_counts", (), {"state": ["new", "open"]}),
    "next_case": Call("next_case", (), {"to_check": False}),
    "export_cases": Call("export_cases", (), {"state": "all"}),
    "export_case": Call("export_case", ("{case}",)),
    "open_case": Call("open_case", ("A look", "asked"), {"priority": "high"}),
    "act_on_case": Call("act", ("{case}", "comment"), {"text": "a word"}),
    "act_on_cases": Call("act_on_cases", _MANY),
    "act_on_cases_later": Call("act_on_cases_later", _MANY),
    "attach": Call("attach", ("{case}", "memo.txt", b"words")),
    "get_attachment": Call("attachment", ("{case}", "{attachment}")),
    "list_forms": Call("forms"),
    "get_form": Call("form", ("training_report",)),
    "list_forms_of_case": Call("forms_of_case", ("{case}",)),
    "list_filings": Call("filings", (), {"state": "draft"}),
    "list_filings_of_case": Call("filings_of_case", ("{case}",)),
    "get_filing": Call("filing", ("{filing}",)),
    "list_filing_versions": Call("filing_versions", ("{filing}",)),
    "get_filing_document": Call("filing_document", ("{filing}", "json")),
    "draft_filing": Call("draft_filing", ("{case}", "training_report")),
    "set_filing_values": Call("fill_in_filing", ("{filing}", {})),
    "propose_filing": Call("propose_filing", ("{filing}", "passed"), refused="conflict"),
    "withdraw_filing": Call("withdraw_filing", ("{other_filing}", "not needed")),
}

WORK: Mapping[str, Call] = {
    "intake_columns": Call("intake_columns", ("usage",)),
    "intake": Call("intake", ("u.csv", b"source,record_id\n"), {"kind": "usage"}, "engineer"),
    "assess": Call("assess", (), _DAY, "engineer"),
    "list_jobs": Call("jobs", (), {"kind": "assess", "limit": 2}, "engineer"),
    "get_job": Call("job", ("{job}",), role="engineer"),
    "get_job_result": Call(
        "job_result", ("{job}", "answers.csv"), role="engineer", refused="not-found"
    ),
    "cancel_job": Call("cancel_job", ("{other_job}",), role="engineer"),
    "list_webhooks": Call("webhooks", role="administrator"),
    "get_webhook": Call("webhook", ("{webhook}",), role="administrator"),
    "add_webhook": Call(
        "add_webhook",
        (f"https://{PUBLIC}/another",),
        {"events": ["finding.new"], "jurisdictions": ["EU"]},
        "administrator",
    ),
    "remove_webhook": Call("remove_webhook", ("{other_webhook}",), role="administrator"),
    "enable_webhook": Call("enable_webhook", ("{webhook}",), role="administrator"),
    "rotate_webhook_secret": Call(
        "rotate_webhook_secret", ("{webhook}",), {"keep_old_hours": 1}, "administrator"
    ),
    "test_webhook": Call("test_webhook", ("{webhook}",), role="administrator"),
    "replay_webhook": Call("replay_webhook", ("{webhook}",), role="administrator"),
    "list_deliveries": Call("deliveries", ("{webhook}",), {"limit": 2}, "administrator"),
    "list_attempts": Call("delivery_attempts", ("{webhook}", "{delivery}"), role="administrator"),
}

CALLS: Mapping[str, Call] = {
    **QUESTIONS,
    **FINDINGS,
    **DOSSIERS,
    **CASEWORK,
    **WORK,
    **KYC,
    **LAB,
    **CONSULTATIONS,
    **LINEAGES,
}
"""Operation → how the client calls it."""

_CHECK = "a person checks what another proposed; no machine does"
_VALIDATED = "people validate screening: its numbers are for an independent reader"
_GIVEN = "a person carries what is handed over out of the house"
_COMPARED = "two officers compare with another provider, in the console or at the node's machine"
_PROBE = "what watches over the machine reads it, not a program at work"
_OWN = "the queue of a person: a program keeps its filters itself"
_ADMIN = "accounts are made by people, in the console or at the node's own machine"
_AUTHOR = "rules are written at a desk: `sluicegate rules` does it without a node"
_SEALED = "no machine sees a sealed file"

WITHOUT: Mapping[str, str] = {
    **dict.fromkeys(("health_live", "health_ready", "metrics"), _PROBE),
    **dict.fromkeys(("list_views", "save_view", "remove_view"), _OWN),
    **dict.fromkeys(("check_rules", "test_rules", "cover_rules", "draft_rule"), _AUTHOR),
    **dict.fromkeys(
        (
            *("list_users", "add_user", "get_user", "list_sessions", "set_user_rights"),
            *("disable_user", "enable_user", "reset_user", "end_sessions"),
            *("list_clients", "add_client", "revoke_client", "rotate_client"),
        ),
        _ADMIN,
    ),
    **dict.fromkeys(
        (
            *("check_allowance", "check_customer_decision", "release_production"),
            "check_screening_change",
        ),
        _CHECK,
    ),
    **dict.fromkeys(
        (
            *("list_sampled_pairs", "judge_sampled_pair", "list_screening_changes"),
            *("get_screening_change", "withdraw_screening_change", "propose_screening_change"),
            *("propose_list_change", "list_validation_packs", "get_validation_pack"),
            "make_validation_pack",
        ),
        _VALIDATED,
    ),
    **WITHOUT_CONSULTATIONS,
    "deliver_production": _GIVEN,
    **dict.fromkeys(
        (
            *("list_comparisons", "propose_comparison", "get_comparison", "receive_offer"),
            *("approve_comparison", "finish_comparison", "withdraw_comparison"),
        ),
        _COMPARED,
    ),
    "open_sealed_case": _SEALED,
    "erase_attachment": "erasing is an officer's own act",
    "token": "MachineKey gets tokens by itself",
    "get_problem": "for people: the kind of a problem is in the error itself",
    "access_roles": "for people: `me` lists what the token may do",
    "access_why": "for people: a refusal says its reasons itself",
    "list_settings": "for people: a program needs none of them",
    "calendar": "a program for calendars reads it by its own address",
}
"""Operation → why the client has no method for it."""
