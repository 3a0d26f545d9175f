"""How the operations about lineages are called through the client."""

from __future__ import annotations

from collections.abc import Mapping

from client_call import Call
from kept_lineages import TARGET, lineage_json, student
from tiny_world import AS_OF

_OF = "{lineage}"

LINEAGES: Mapping[str, Call] = {
    "list_lineages": Call("lineages", (), {"known_on": AS_OF}),
    "import_lineage": Call(
        "import_lineage", ("student.json", lineage_json(student())), {"source": "register"}
    ),
    "account_for_lineage": Call(
        "account_for_lineage", (lineage_json(student()), [TARGET]), {"rule": "eu_ai_act"}
    ),
    "get_lineage": Call("lineage", (_OF,), {"version": 1}),
    "get_lineage_document": Call("lineage_document", (_OF,)),
    "account_lineage": Call("account_lineage", (_OF,), {"rule": "sb53", "presume": False}),
    "compare_counting_rules": Call("compare_counting_rules", (_OF, TARGET)),
    "list_unknowns": Call("lineage_unknowns", (_OF, TARGET)),
    "ask_what_if": Call("what_if", (_OF, TARGET), {"without": ["answers_1"]}),
    "get_lineage_picture": Call("lineage_picture", (_OF, TARGET)),
    "get_lineage_tree": Call("lineage_tree", (_OF, TARGET), {"human_change": "kthf_only"}),
    "state_of_lineage": Call(
        "state_of_lineage",
        ("{stated_lineage}", "human_change", "teacher_1", "answers_1"),
        {"reason": "rewritten", "evidence": "a log", "on": AS_OF},
    ),
    "withdraw_lineage_statement": Call(
        "withdraw_lineage_statement",
        (_OF, "independence", "draft_run_1", "*", "another cluster"),
        refused="conflict",
    ),
}
