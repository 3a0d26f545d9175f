"""Examples of the endpoints of lineages."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.api.example import Example

_OF = {"lineage": "{lineage}"}
_TARGET = {**_OF, "target": "student_1"}
_GIVEN = (
    '{"nodes": [{"id": "run-1", "kind": "run", "flop": "2.1e25"},'
    ' {"id": "model-1", "kind": "model"}],'
    ' "edges": [{"from": "run-1", "to": "model-1"}],'
    ' "queries": [{"target": "model-1", "quantity": "training_compute"}]}'
)

LINEAGES: Mapping[str, Example] = {
    "list_lineages": Example(),
    "import_lineage": Example(
        {"name": "model-1.json", "source": "register", "lineage": "model-1"},
        _GIVEN,
        "application/octet-stream",
        status=202,
    ),
    "account_for_lineage": Example(
        {"target": "model-1", "rule": "eu_ai_act"}, _GIVEN, "application/octet-stream"
    ),
    "get_lineage": Example(_OF),
    "get_lineage_document": Example({**_OF, "version": "1"}),
    "account_lineage": Example({**_TARGET, "rule": "us_4e091"}),
    "compare_counting_rules": Example(_TARGET),
    "list_unknowns": Example(_TARGET),
    "ask_what_if": Example({**_TARGET, "cut_off": "teacher_1"}),
    "get_lineage_picture": Example({**_TARGET, "depth": "4"}),
    "get_lineage_tree": Example({**_TARGET, "presume": "false"}),
    "state_of_lineage": Example(
        {"lineage": "{stated_lineage}"},
        {
            "statement": "human_change",
            "cause": "answers_1",
            "target": "student_run_1",
            "reason": "Editors rewrote every answer",
            "evidence": "edit log of 2026-03, SHA-256 in the file",
            "on": "2026-03-14",
        },
    ),
    "withdraw_lineage_statement": Example(
        {"lineage": "{withdrawn_lineage}"},
        {
            "statement": "independence",
            "cause": "draft_run_1",
            "target": "*",
            "reason": "The log is of another cluster",
        },
    ),
}
