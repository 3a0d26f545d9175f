"""How the operations about lists, screening and due diligence are called through the client."""

from __future__ import annotations

from collections.abc import Mapping

from client_call import Call
from tiny_world import AS_OF

_CSV = b"id,name\n1,Example Shipping\n"
_NONE = "conflict"
_GONE = "not-found"
_LOADER = "engineer"

LISTS: Mapping[str, Call] = {
    "list_lists": Call("lists"),
    "list_list_versions": Call("list_versions", ("{list}",)),
    "list_list_changes": Call("list_changes", ("{list}",)),
    "get_listed_party": Call("listed_party", ("{listed}",)),
    "join_listed_parties": Call("join_listed_parties", ("lp-1", "lp-2", "one"), refused=_GONE),
    "split_listed_party": Call("split_listed_party", ("lp-1", ["x:1"], "two"), refused=_GONE),
    "list_designations": Call("designations"),
    "add_designation": Call(
        "add_designation",
        (["Ferrand Oake"],),
        {"expected": "us_sdn", "document": "G 13", "dated": AS_OF, "schema": "Person"},
    ),
    "withdraw_designation": Call("withdraw_designation", ("none", "misread"), refused=_GONE),
    "import_list": Call(
        "import_list", ("own.csv", _CSV), {"list_id": "own_two", "published": AS_OF}, _LOADER
    ),
    "fetch_lists": Call("fetch_lists", (["us_csl"],), role=_LOADER),
}

SCREENING: Mapping[str, Call] = {
    "screen_names": Call("screen_names", ([{"name": "{listed_name}"}],), {"allow_stale": True}),
    "list_matches": Call("matches", (), {"state": ["open", "cleared"], "order": "name"}),
    "get_match": Call("match", ("{match}",)),
    "get_screening_status": Call("screening_status"),
    "list_screening_runs": Call("screening_runs", (), {"limit": 3}),
    "get_screening_run": Call("screening_run", ("{screening_run}",)),
    "run_screening": Call("run_screening", (), {"full": True}),
    "list_allowances": Call("allowances"),
    "add_allowance": Call("add_allowance", ("m-0", "another person"), refused=_GONE),
    "revoke_allowance": Call("revoke_allowance", ("a-0", "false papers"), refused=_GONE),
}

OWNERSHIP: Mapping[str, Call] = {
    "get_ownership": Call("ownership", ("c-sub",), {"as_of": AS_OF}),
    "get_ownership_picture": Call("ownership_picture", ("c-sub",)),
    "get_owners": Call("owners", ("c-sub",)),
    "fifty_percent": Call(
        "fifty_percent", ("c-shell-1",), {"listed": {"p-sandling": "sdn"}, "regime": "ofac"}
    ),
    "export_ownership": Call("export_ownership", (), {"to": "ftm", "party": "c-sub"}),
    "import_ownership": Call(
        "import_ownership", ("a.json", b"[]"), {"same": {"r": "c-sub"}}, _LOADER
    ),
    "list_ownership_records": Call("ownership_records", (), {"state": "open"}),
    "get_ownership_record": Call("ownership_record", ("{ownership_record}",)),
    "note_ownership_record": Call(
        "note_ownership_record", ("{ownership_record}",), {"searched": "a register"}
    ),
    "close_ownership_record": Call("close_ownership_record", ("d-0", "known"), refused=_GONE),
}

LINKS: Mapping[str, Call] = {
    "list_linked_groups": Call("linked_groups"),
    "get_linked_group": Call("linked_group", ("{linked_group}",)),
    "list_link_decisions": Call("link_decisions"),
    "list_links_not_used": Call("links_not_used", ("c-lab",), {"limit": 5}),
    "list_suggested_links": Call("suggested_links"),
    "find_links": Call("find_links", (), {"as_of": AS_OF}),
    "cut_link": Call("cut_link", ("c-no", "c-none", "neighbours"), refused=_NONE),
    "restore_link": Call("restore_link", ("c-no", "c-none", "after all"), refused=_NONE),
    "accept_link": Call("accept_link", ("c-no", "c-none", "one firm"), refused=_NONE),
}

DILIGENCE: Mapping[str, Call] = {
    "list_reviews_due": Call("reviews_due", (), {"by": AS_OF}),
    "get_diligence": Call("diligence", ("c-lab",)),
    "collect_item": Call("collect_item", ("c-lab", "telephone", "+1 555 0100")),
    "drop_item": Call("drop_item", ("c-lab", "address", "of another"), refused=_NONE),
    "verify_identity": Call(
        "verify", ("c-lab", "documentary", "incorporation", b"a scan"), {"checked_on": AS_OF}
    ),
    "get_evidence": Call("evidence", ("c-small-2", "{verification}")),
    "enter_contract": Call("enter_contract", ("c-lab", "5e24")),
    "state_purpose": Call("state_purpose", ("c-lab", "training")),
    "rate_customer": Call("rate", ("c-shell-3",)),
    "review_customer": Call("review", ("c-shell-1", "nothing new"), refused=_NONE),
    "decide_customer": Call("decide", ("c-shell-3", "restrict", "order", "an order")),
    "take_back_customer_decision": Call("take_back_decision", ("c-lab", "none"), refused=_GONE),
    "record_served": Call(
        "record_served", ("c-shell-3", "3e26", "order 17"), {"was_provided": True}
    ),
}

KEEPING: Mapping[str, Call] = {
    "get_retention": Call("retention", ("c-lab",)),
    "plan_disposal": Call("plan_disposal", ("c-lab",), role="officer"),
    "dispose": Call("dispose", ("c-lab", "over"), role="officer", refused=_NONE),
    "prove_disposals": Call("prove_disposals", ("c-lab",)),
    "list_holds": Call("holds"),
    "add_hold": Call("add_hold", ("M-3", "an order"), {"customers": ["c-sub"]}, "officer"),
    "release_hold": Call("release_hold", ("h-0", "over"), role="officer", refused=_GONE),
    "list_productions": Call("productions"),
    "request_production": Call(
        "request_production",
        ("An authority", "a letter", ["c-sub"]),
        {"parts": ["identity"], "due": AS_OF},
    ),
    "preview_production": Call("preview_production", ("{production}",)),
    "withdraw_production": Call("withdraw_production", ("p-0", "not asked"), refused=_GONE),
}

KYC: Mapping[str, Call] = {**LISTS, **SCREENING, **OWNERSHIP, **LINKS, **DILIGENCE, **KEEPING}
"""Operation → how the client calls it."""
