"""Examples of the endpoints about lists, screening, ownership, links and due diligence."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.api.example import Example

REASON = {"reason": "Found while looking over the file"}

LISTS: Mapping[str, Example] = {
    "list_lists": Example(),
    "list_list_versions": Example({"list": "{list}"}),
    "list_list_changes": Example({"list": "{list}", "limit": "20"}),
    "get_listed_party": Example({"party": "{list}:1"}),
    "list_designations": Example(),
    "add_designation": Example(
        body={
            "names": ["Brask Meridian Trading"],
            "expected": "{list}",
            "document": "General notice 12 of 2026",
            "dated": "2026-06-29",
            "schema": "Company",
            "countries": ["NL"],
        },
        status=201,
    ),
    "withdraw_designation": Example({"designation": "{designation}"}, REASON),
    "join_listed_parties": Example(
        body={"first": "{listed}", "second": "{other_listed}", "reason": "The same passport"}
    ),
    "split_listed_party": Example(
        body={"party": "{joined}", "entries": ["{list}:4"], "reason": "Another person"}
    ),
    "import_list": Example(
        {"name": "own.csv", "list": "own_watch", "published": "2026-06-28"},
        "id,name,country\n1,Example Shipping,NO\n",
        "application/octet-stream",
        status=202,
    ),
    "fetch_lists": Example(body={"lists": ["us_csl"]}, status=202),
}

SCREENING: Mapping[str, Example] = {
    "screen_names": Example(
        body={"names": [{"name": "{listed_name}", "country": "NO"}], "limit": 3}
    ),
    "list_matches": Example({"state": "open", "order": "score", "limit": "20"}),
    "get_match": Example({"match": "{match}"}),
    "get_screening_status": Example(),
    "list_screening_runs": Example({"limit": "5"}),
    "get_screening_run": Example({"run": "{screening_run}"}),
    "run_screening": Example(body={"full": False}, status=202),
    "list_allowances": Example(),
    "add_allowance": Example(
        body={"match": "{other_match}", "reason": "Born in another year"}, status=201
    ),
    "check_allowance": Example(
        {"allowance": "{proposed_allowance}"}, {"is_approved": True, "reason": "Seen"}
    ),
    "revoke_allowance": Example({"allowance": "{allowance}"}, REASON),
}

VALIDATION: Mapping[str, Example] = {
    "list_validation_packs": Example(),
    "get_validation_pack": Example({"pack": "{pack}"}),
    "make_validation_pack": Example(body={"seed": 7, "names": 20, "sample": 20}, status=202),
    "list_sampled_pairs": Example(),
    "judge_sampled_pair": Example(
        {"sample": "{sample}"}, {"verdict": "different", "reason": "Another country"}
    ),
    "list_screening_changes": Example(),
    "get_screening_change": Example({"change": "{change}"}),
    "propose_screening_change": Example(
        body={"reason": "Fewer look-alikes", "threshold": "0.72"}, status=202
    ),
    "propose_list_change": Example(
        {"name": "own.csv", "reason": "A new source", "list": "own_watch"},
        "id,name,country\n1,Example Shipping,NO\n",
        "application/octet-stream",
        status=202,
    ),
    "check_screening_change": Example(
        {"change": "{other_change}"}, {"is_approved": False, "reason": "Too many are lost"}
    ),
    "withdraw_screening_change": Example({"change": "{change}"}, REASON),
}

OWNERSHIP: Mapping[str, Example] = {
    "get_ownership": Example({"party": "{firm_sub}"}),
    "get_ownership_picture": Example({"party": "{firm_sub}"}),
    "get_owners": Example({"party": "{firm_sub}", "as_of": "2026-06-30"}),
    "fifty_percent": Example({"party": "{firm_shell_1}", "listed": "{listed_owner}"}),
    "export_ownership": Example({"to": "bods", "party": "{firm_sub}"}),
    "import_ownership": Example(
        {"name": "acme.json", "source": "register"},
        "[]",
        "application/octet-stream",
        status=202,
    ),
    "list_ownership_records": Example({"state": "open"}),
    "get_ownership_record": Example({"record": "{ownership_record}"}),
    "note_ownership_record": Example(
        {"record": "{ownership_record}"},
        {"searched": "The register of the country", "left_open": "Who holds the rest"},
    ),
    "close_ownership_record": Example(
        {"record": "{other_ownership_record}"}, {"reason": "The owner is confirmed"}
    ),
}

LINKS: Mapping[str, Example] = {
    "list_linked_groups": Example({"limit": "20"}),
    "get_linked_group": Example({"group": "{linked_group}"}),
    "list_link_decisions": Example(),
    "list_links_not_used": Example({"limit": "20"}),
    "list_suggested_links": Example(),
    "find_links": Example(body={"suggest": False}),
    "cut_link": Example(
        body={"one": "{firm_base}", "other": "{tied}", "reason": "Neighbours in one office"}
    ),
    "restore_link": Example(
        body={"one": "{firm_grow}", "other": "{parted}", "reason": "The same director after all"}
    ),
    "accept_link": Example(
        body={
            "one": "{firm_small_1}",
            "other": "{firm_small_2}",
            "reason": "One firm, two spellings",
        }
    ),
}

OF = {"customer": "{firm_small_2}"}

DILIGENCE: Mapping[str, Example] = {
    "list_reviews_due": Example({"by": "2026-12-31"}),
    "get_diligence": Example({"customer": "{firm_lab}"}),
    "collect_item": Example(OF, {"item": "telephone", "value": "+31 20 555 0107"}, status=201),
    "drop_item": Example(OF, {"item": "{held_item}", "reason": "Of another customer"}, status=201),
    "verify_identity": Example(
        {**OF, "method": "documentary", "document": "passport"},
        "the bytes of a scan",
        "application/octet-stream",
        status=201,
    ),
    "get_evidence": Example({**OF, "verification": "{verification}"}),
    "enter_contract": Example(OF, {"compute": "5e24", "reason": "Annex 2"}, status=201),
    "state_purpose": Example(OF, {"purpose": "deployment"}, status=201),
    "rate_customer": Example(OF, {}),
    "review_customer": Example({"customer": "{rated}"}, {"reason": "Nothing new"}),
    "decide_customer": Example(
        {"customer": "{firm_small_1}"},
        {"decision": "restrict", "ground": "items_missing", "reason": "No owners named"},
    ),
    "check_customer_decision": Example(
        {"customer": "{firm_grow}", "proposal": "{customer_proposal}"}, {"is_approved": True}
    ),
    "take_back_customer_decision": Example(
        {"customer": "{firm_tuner}", "proposal": "{own_customer_proposal}"}
    ),
    "record_served": Example(
        OF, {"compute": "3e26", "was_provided": False, "reason": "Order 17 was declined"}
    ),
}

KEEPING: Mapping[str, Example] = {
    "get_retention": Example(OF),
    "plan_disposal": Example({"customer": "{firm_small_2}"}),
    "dispose": Example(body={"customer": "{closed_customer}", "reason": "The last day is over"}),
    "prove_disposals": Example({"customer": "{firm_small_2}"}),
    "list_holds": Example(),
    "add_hold": Example(
        body={"matter": "M-17", "ground": "Order of 3 June", "customers": ["{firm_lab}"]},
        status=201,
    ),
    "release_hold": Example({"hold": "{hold}"}, {"reason": "The matter ended"}),
    "list_productions": Example(),
    "request_production": Example(
        body={
            "requester": "An authority",
            "ground": "Letter of 3 June",
            "customers": ["{firm_lab}"],
            "parts": ["identity"],
            "due": "2026-12-01",
        },
        status=201,
    ),
    "preview_production": Example({"production": "{production}"}),
    "release_production": Example({"production": "{asked_production}"}, {"is_approved": True}),
    "withdraw_production": Example({"production": "{other_production}"}, REASON),
    "deliver_production": Example({"production": "{released_production}"}),
}

EXCHANGE: Mapping[str, Example] = {
    "list_comparisons": Example(),
    "propose_comparison": Example(
        body={
            "partner": "Provider B",
            "basis": "Both providers owe the report",
            "reference": "Example Act, section 4",
            "elements": 64,
        },
        status=201,
    ),
    "get_comparison": Example({"session": "{comparison}"}),
    "receive_offer": Example(
        {"basis": "Both providers owe the report", "reference": "Example Act, section 4"},
        "{offer_of_b}",
        "application/octet-stream",
        status=201,
    ),
    "approve_comparison": Example({"session": "{proposed_comparison}"}),
    "finish_comparison": Example(body="{answer_of_c}", media_type="application/octet-stream"),
    "withdraw_comparison": Example({"session": "{comparison}"}, REASON),
}

KYC: Mapping[str, Example] = {
    **LISTS,
    **SCREENING,
    **VALIDATION,
    **OWNERSHIP,
    **LINKS,
    **DILIGENCE,
    **KEEPING,
    **EXCHANGE,
}
"""Operation → what to send; `{match}` and the like stand for an id of the node's own."""
