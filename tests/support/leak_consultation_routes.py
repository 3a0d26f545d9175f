"""How the routes about consultations and the register of thresholds are called, and need."""

from __future__ import annotations

from collections.abc import Mapping

from leak_hows import How
from sluicegate.services.access.actions import Action

A = Action

_OF = "/v1/consultations/{consultation}"
_PAGE = "/consultations/{consultation}"
_WHY = {"reason": "asked for"}
_NOTE = {
    "subject": "guidance",
    "title": "A note",
    "text": "Compute counts from the first step.",
    "explains": ["eu.ai_act"],
}
_COMMENT = {"organisation": "Example Labs", "party": "developer", "text": "A word."}
_REPLY = {"outcome": "declined", "reasons": "As intended."}
_PARAMETER = "eu.ai_act.systemic_risk.training_compute"
_AGAIN = (200, 409)
_DUE = {"consultation": "consultation_due"}


def _read(**more: object) -> How:
    return How(A.CONSULTATION_READ, on="consultation", **more)  # type: ignore[arg-type]


def _work(**more: object) -> How:
    return How(A.CONSULTATION_WORK, on="consultation", **more)  # type: ignore[arg-type]


API_CONSULTATIONS: Mapping[str, How] = {
    "GET /v1/consultations": How(A.CONSULTATION_READ),
    "POST /v1/consultations": How(A.CONSULTATION_WORK, good=(201,), json=_NOTE),
    f"GET {_OF}": _read(),
    f"POST {_OF}/revise": _work(good=_AGAIN, json={"draft": _NOTE, "change": "shorter"}),
    f"GET {_OF}/diff": _read(),
    f"POST {_OF}/open": _work(good=(409,), json={"days": 30}),
    f"POST {_OF}/extend": _work(good=_AGAIN, json={"closes": "2031-01-01", **_WHY}),
    f"POST {_OF}/comments": _work(good=(201,), json=_COMMENT),
    f"POST {_OF}/comments/{{comment}}/reply": _work(path={"comment": "=1"}, json=_REPLY),
    f"POST {_OF}/milestones": _work(json={"name": "Final text", "planned": "2027-01-31"}),
    f"POST {_OF}/files": _work(good=(201, 409, 422), query={"name": "a.txt"}, content=b"a"),
    f"GET {_OF}/files/{{digest}}": _read(path={"digest": "consultation_file"}),
    f"POST {_OF}/close": _work(good=(409,)),
    f"POST {_OF}/issue": How(
        A.CONSULTATION_READ,
        on="consultation_due",
        then=(A.CONSULTATION_ISSUE,),
        good=(409,),
        path=_DUE,
    ),
    f"POST {_OF}/withdraw": _read(then=(A.CONSULTATION_ISSUE,), good=(422,), json={"reason": " "}),
    f"GET {_OF}/published": _read(),
    f"GET {_OF}/rule": _read(good=(409,)),
    "GET /v1/thresholds/register": How(A.CONSULTATION_READ),
    "POST /v1/thresholds/review-period": How(
        A.CONSULTATION_WORK, json={"parameter": _PARAMETER, "months": 12}
    ),
    "POST /v1/thresholds/reviewed": How(
        A.CONSULTATION_WORK, json={"parameter": _PARAMETER, "outcome": "It stays."}
    ),
}

_FORM = {"subject": "guidance", "title": "A note", "text": "Words.", "explains": "eu.ai_act"}

CONSOLE_CONSULTATIONS: Mapping[str, How] = {
    "GET /consultations": How(A.CONSULTATION_READ),
    "GET /consultations/new": How(A.CONSULTATION_WORK),
    "POST /consultations/new": How(A.CONSULTATION_WORK, good=(303,), form=_FORM),
    f"GET {_PAGE}/revise": _work(),
    f"POST {_PAGE}/revise": _work(good=(422,), form={"subject": "guidance"}),
    f"GET {_PAGE}": _read(),
    f"POST {_PAGE}": _read(
        then=(A.CONSULTATION_WORK,), good=(303,), form={"act": "comment", **_COMMENT}
    ),
    f"GET {_PAGE}/changes": _read(),
    f"GET {_PAGE}/published.html": _read(),
    f"GET {_PAGE}/published.json": _read(),
    f"GET {_PAGE}/rule.yaml": _read(good=(422,)),
    f"GET {_PAGE}/files/{{digest}}": _read(path={"digest": "consultation_file"}),
    "GET /thresholds": How(A.CONSULTATION_READ),
    "POST /thresholds": How(
        A.CONSULTATION_WORK, good=(303,), form={"parameter": _PARAMETER, "months": "6"}
    ),
}
