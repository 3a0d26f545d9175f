"""Whatever a command does a machine can do over HTTP, or there is a reason why not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import write_command_pages
from sluicegate.api import openapi_document

ENDPOINTS: Mapping[str, tuple[str, ...]] = {
    "access roles": ("access_roles",),
    "access why": ("access_why",),
    "ask": ("ask", "ask_many", "ask_many_later"),
    "assess": ("assess", "list_findings", "list_obligations", "list_changes"),
    "cases act": ("act_on_case",),
    "cases bulk": ("act_on_cases", "act_on_cases_later"),
    "cases list": ("list_cases", "export_cases"),
    "cases open": ("open_case",),
    "cases show": ("get_case", "export_case"),
    "clients add": ("add_client",),
    "clients list": ("list_clients",),
    "clients revoke": ("revoke_client",),
    "clients rotate": ("rotate_client",),
    "config show": ("list_settings",),
    **dict.fromkeys(
        (
            *("diligence refuse", "diligence reconsider", "diligence restrict"),
            *("diligence lift", "diligence close", "diligence reopen"),
        ),
        ("decide_customer", "check_customer_decision"),
    ),
    "diligence collect": ("collect_item",),
    "diligence contract": ("enter_contract",),
    "diligence deny": ("record_served",),
    "diligence dispose": ("plan_disposal", "dispose"),
    "diligence drop": ("drop_item",),
    "diligence due": ("list_reviews_due",),
    "diligence evidence": ("get_evidence",),
    "diligence hold add": ("add_hold",),
    "diligence hold list": ("list_holds",),
    "diligence hold release": ("release_hold",),
    "diligence produce bundle": ("deliver_production",),
    "diligence produce list": ("list_productions",),
    "diligence produce preview": ("preview_production", "release_production"),
    "diligence produce request": ("request_production",),
    "diligence produce withdraw": ("withdraw_production",),
    "diligence proof": ("prove_disposals",),
    "diligence provide": ("record_served",),
    "diligence purpose": ("state_purpose",),
    "diligence rate": ("rate_customer",),
    "diligence retention": ("get_retention",),
    "diligence review": ("review_customer",),
    "diligence status": ("get_diligence",),
    "diligence take-back": ("take_back_customer_decision",),
    "diligence verify": ("verify_identity",),
    "exchange finish": ("finish_comparison",),
    "exchange list": ("list_comparisons",),
    "exchange propose": ("propose_comparison", "approve_comparison"),
    "exchange receive": ("receive_offer", "approve_comparison"),
    "exchange show": ("get_comparison",),
    "exchange withdraw": ("withdraw_comparison",),
    "explain": ("explain_finding",),
    "filings check": ("get_filing",),
    "filings draft": ("draft_filing",),
    "filings export": ("get_filing_document",),
    "filings forms": ("list_forms", "get_form", "list_forms_of_case"),
    "filings list": ("list_filings",),
    "filings propose": ("propose_filing",),
    "filings schema": ("get_form",),
    "filings set": ("set_filing_values",),
    "filings show": ("get_filing", "list_filing_versions"),
    "filings withdraw": ("withdraw_filing",),
    "intake": ("intake", "intake_columns"),
    "jobs cancel": ("cancel_job",),
    "jobs list": ("list_jobs",),
    "jobs show": ("get_job", "get_job_result"),
    "lab data import": ("import_dataset",),
    "lab data list": ("list_datasets",),
    "lab data show": ("get_dataset",),
    "lab forecast": ("forecast_models", "get_forecast_picture", "list_forecast_scenarios"),
    "lab moving list": ("list_moving",),
    "lab moving series": ("get_moving_series",),
    "lab moving show": ("get_moving",),
    "lab moving value": ("get_moving_value",),
    "lab threshold": ("try_thresholds", "get_thresholds_picture"),
    "links accept": ("accept_link",),
    "links cut": ("cut_link",),
    "links list": ("list_linked_groups", "list_link_decisions"),
    "links find": ("find_links",),
    "links restore": ("restore_link",),
    "links show": ("get_linked_group",),
    "links suggest": ("find_links", "list_suggested_links"),
    "links unused": ("list_links_not_used",),
    "lists designate": ("add_designation",),
    "lists diff": ("list_list_changes",),
    "lists fetch": ("fetch_lists",),
    "lists import": ("import_list",),
    "lists join": ("join_listed_parties",),
    "lists list": ("list_lists", "list_designations"),
    "lists show": ("list_list_versions", "get_listed_party"),
    "lists split": ("split_listed_party",),
    "lists withdraw": ("withdraw_designation",),
    "meter": ("meter",),
    "meter estimate": ("estimate",),
    "ownership diligence close": ("close_ownership_record",),
    "ownership diligence list": ("list_ownership_records",),
    "ownership diligence note": ("note_ownership_record",),
    "ownership diligence show": ("get_ownership_record",),
    "ownership export": ("export_ownership",),
    "ownership fifty-percent": ("fifty_percent",),
    "ownership import": ("import_ownership",),
    "ownership owners": ("get_owners",),
    "ownership show": ("get_ownership", "get_ownership_picture"),
    "regimes compare": ("compare_regimes",),
    "report": ("make_report", "list_reports", "get_report_file"),
    "rules check": ("check_rules",),
    "rules coverage": ("cover_rules",),
    "rules diff": ("diff_rules", "diff_answers"),
    "rules list": ("list_rules",),
    "rules new": ("draft_rule",),
    "rules questions": ("list_questions",),
    "rules schema": ("get_question",),
    "rules show": ("get_rule",),
    "rules test": ("test_rules",),
    "rules timeline": ("rule_timeline",),
    "screen": ("screen_names",),
    "screening allow add": ("add_allowance", "check_allowance"),
    "screening allow list": ("list_allowances",),
    "screening allow revoke": ("revoke_allowance",),
    "screening changes propose": ("propose_screening_change", "propose_list_change"),
    "screening changes list": ("list_screening_changes",),
    "screening changes show": ("get_screening_change", "check_screening_change"),
    "screening changes withdraw": ("withdraw_screening_change",),
    "screening matches list": ("list_matches",),
    "screening matches show": ("get_match",),
    "screening run": ("run_screening", "list_screening_runs", "get_screening_run"),
    "screening sample judge": ("judge_sampled_pair",),
    "screening sample list": ("list_sampled_pairs",),
    "screening status": ("get_screening_status",),
    "screening validate": (
        *("make_validation_pack", "list_validation_packs", "get_validation_pack"),
    ),
    "users add": ("add_user",),
    "users disable": ("disable_user",),
    "users enable": ("enable_user",),
    "users list": ("list_users", "get_user"),
    "users reset": ("reset_user",),
    "users roles": ("set_user_rights",),
    "webhooks add": ("add_webhook",),
    "webhooks deliveries": ("list_deliveries", "list_attempts"),
    "webhooks list": ("list_webhooks", "get_webhook"),
    "webhooks remove": ("remove_webhook",),
    "webhooks replay": ("replay_webhook",),
    "webhooks rotate": ("rotate_webhook_secret",),
    "webhooks test": ("test_webhook",),
}
"""Command → the operations that do the same."""

LOCAL: Mapping[str, str] = {
    "backup": "copies the node's own keys, which never leave its machine over HTTP",
    "demo": "makes a node of its own",
    "doctor": "reads the folder of the node, below what HTTP shows; /health/ready says if it works",
    "init": "makes the folder that a node is served from",
    "jobs work": "is the worker itself; it serves no one",
    "openapi": "the node gives the same document at /v1/openapi.json, outside its own description",
    "restore": "makes a node from a backup, while none is served",
    "screening beside": "compares a file of results and keeps nothing; the console does it too",
    "serve": "is what answers HTTP",
}
"""Command → why it is for the node's own machine alone."""

COMMANDS = frozenset(
    name.removeprefix("sluicegate ") for name, _ in write_command_pages.all_commands()
)
OPERATIONS = frozenset(
    operation["operationId"]
    for operations in openapi_document()["paths"].values()
    for operation in operations.values()
)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_has_an_endpoint_or_a_reason(command: str) -> None:
    assert (command in ENDPOINTS) != (command in LOCAL), f"{command}: name its endpoint or a reason"
    assert frozenset(ENDPOINTS.get(command, ())) <= OPERATIONS


def test_no_row_is_left_of_a_command_that_is_gone() -> None:
    assert set(ENDPOINTS) | set(LOCAL) == COMMANDS
    assert all(reason.strip() for reason in LOCAL.values())
