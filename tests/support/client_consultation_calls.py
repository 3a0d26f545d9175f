"""How the operations about consultations are called through the client, and why some are not."""

from __future__ import annotations

from collections.abc import Mapping

from client_call import Call
from tiny_world import AS_OF

_OPEN = "{open_consultation}"
_RUN = "people run a consultation, and a second person issues; a program reads, and enters comments"

CONSULTATIONS: Mapping[str, Call] = {
    "list_consultations": Call("consultations", (), {"stage": ["open"], "about": "guidance"}),
    "get_consultation": Call("consultation", (_OPEN,)),
    "compare_consultation_versions": Call("consultation_changes", (_OPEN,)),
    "add_consultation_comment": Call(
        "comment_on", (_OPEN, "Example Labs", "developer", "It is unclear."), {"passage": 1}
    ),
    "publish_consultation": Call("published_consultation", (_OPEN,)),
    "get_consultation_file": Call("consultation_file", (_OPEN, "{consultation_file}")),
    "get_consultation_rule": Call("consultation_rule", ("{issued_threshold}",)),
    "list_thresholds": Call("threshold_register", (), {"as_of": AS_OF, "due": True}),
}
"""Operation → how the client calls it."""

WITHOUT_CONSULTATIONS: Mapping[str, str] = dict.fromkeys(
    (
        *("draft_consultation", "revise_consultation", "open_consultation"),
        *("extend_consultation", "reply_to_consultation_comment", "plan_consultation_step"),
        *("attach_to_consultation", "close_consultation", "issue_consultation"),
        *("withdraw_consultation", "set_review_period", "record_threshold_review"),
    ),
    _RUN,
)
"""Operation → why the client has no method for it."""
