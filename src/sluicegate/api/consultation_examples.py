"""Examples of the endpoints about consultations and the register of thresholds."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.api.example import Example

_THRESHOLD = {
    "subject": "threshold",
    "title": "Draft threshold for large runs",
    "title_zh": "大型训练运行阈值草案",
    "text": "A run is large when its training compute is above the threshold.",
    "starts": "2027-03-01",
    "rule": "local.harrow_basin",
    "comparator": "greater_than",
    "value": "7e25",
    "is_binding": True,
    "applies_to": "run",
    "measure": "training_compute",
    "review_months": 12,
    "issuer": "Harrow Basin Compute Office",
}
_OPEN = {"consultation": "{open_consultation}"}

CONSULTATIONS: Mapping[str, Example] = {
    "list_consultations": Example({"stage": "open"}),
    "draft_consultation": Example(body=_THRESHOLD, status=201),
    "get_consultation": Example(_OPEN),
    "revise_consultation": Example(
        _OPEN,
        {
            "draft": {
                "subject": "guidance",
                "title": "Note on counting compute",
                "text": "Compute is counted from the first step.\n\nPauses do not end a run.",
                "explains": ["eu.ai_act"],
            },
            "change": "A second passage on pauses",
            "led_by": ["1"],
        },
    ),
    "compare_consultation_versions": Example(_OPEN),
    "open_consultation": Example({"consultation": "{drafted_consultation}"}, {"days": 30}),
    "extend_consultation": Example(
        _OPEN, {"closes": "2027-06-30", "reason": "Three parties asked for more time"}
    ),
    "add_consultation_comment": Example(
        _OPEN,
        {
            "organisation": "Example Labs",
            "party": "developer",
            "text": "It is unclear whether pauses end a run.",
            "passage": 1,
        },
        status=201,
    ),
    "reply_to_consultation_comment": Example(
        {**_OPEN, "comment": "1"},
        {"outcome": "accepted_in_part", "reasons": "A second passage says so."},
    ),
    "plan_consultation_step": Example(_OPEN, {"name": "Final text", "planned": "2027-01-31"}),
    "attach_to_consultation": Example(
        {**_OPEN, "name": "comparison.json"},
        '{"options": []}',
        "application/octet-stream",
        status=201,
    ),
    "get_consultation_file": Example({**_OPEN, "digest": "{consultation_file}"}),
    "close_consultation": Example({"consultation": "{answered_consultation}"}),
    "issue_consultation": Example({"consultation": "{closed_consultation}"}),
    "withdraw_consultation": Example(
        {"consultation": "{withdrawn_draft}"}, {"reason": "Drawn up twice"}
    ),
    "publish_consultation": Example(_OPEN),
    "get_consultation_rule": Example({"consultation": "{issued_threshold}"}),
    "list_thresholds": Example({"as_of": "2026-06-30"}),
    "set_review_period": Example(
        body={"parameter": "eu.ai_act.systemic_risk.training_compute", "months": 12}
    ),
    "record_threshold_review": Example(
        body={
            "parameter": "eu.ai_act.systemic_risk.training_compute",
            "outcome": "It stays as it is.",
        }
    ),
}
"""Operation → what to send."""
