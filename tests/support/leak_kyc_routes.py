"""How the routes of the API about lists, screening and due diligence are called."""

from __future__ import annotations

from collections.abc import Mapping

from leak_hows import How
from sluicegate.services.access.actions import Action

A = Action

_WHY = {"reason": "asked for"}
_PARTY = {"party": "customer"}
_PAIR = {"one": "c-no-one", "other": "c-nobody", "reason": "asked for"}
_PROPOSED = {"customer": "small_customer", "proposal": "customer_proposal"}
_APPROVED = {"is_approved": True}
_CSV = b"id,name\n1,Example Shipping\n"
_OF = "/v1/customers/{customer}/diligence"

LISTS: Mapping[str, How] = {
    "GET /v1/lists": How(A.LIST_READ),
    "GET /v1/lists/designations": How(A.LIST_READ),
    "POST /v1/lists/designations": How(
        A.LIST_DECIDE,
        good=(201,),
        json={"names": ["Brask"], "expected": "us_sdn", "document": "G12", "dated": "2026-06-01"},
    ),
    "POST /v1/lists/designations/{designation}/withdraw": How(
        A.LIST_DECIDE, on="designation", json=_WHY
    ),
    "POST /v1/lists/parties/join": How(
        A.LIST_DECIDE,
        on="listed",
        json={"first": "{listed}", "second": "{other_listed}", **_WHY},
    ),
    "POST /v1/lists/parties/split": How(
        A.LIST_DECIDE,
        on="joined",
        json={"party": "{joined}", "entries": ["{joined_entry}"], **_WHY},
    ),
    "GET /v1/lists/parties/{party:path}": How(A.LIST_READ, on="listed", path={"party": "listed"}),
    "POST /v1/lists/import": How(
        A.LIST_LOAD, good=(202,), query={"name": "own.csv", "list": "own"}, content=_CSV
    ),
    "POST /v1/lists/fetch": How(A.LIST_LOAD, good=(202,), json={"lists": ["us_csl"]}),
    "GET /v1/lists/{list}/versions": How(A.LIST_READ, on="list"),
    "GET /v1/lists/{list}/changes": How(A.LIST_READ, on="list"),
}

SCREENING: Mapping[str, How] = {
    "POST /v1/screening/names": How(A.LIST_READ, json={"names": [{"name": "Example Shipping"}]}),
    "GET /v1/screening/matches": How(A.CASE_READ),
    "GET /v1/screening/matches/{match}": How(A.CASE_READ, on="match"),
    "GET /v1/screening/status": How(A.CASE_READ),
    "GET /v1/screening/runs": How(A.CASE_READ),
    "GET /v1/screening/runs/{run}": How(
        A.CASE_READ, on="screening_run", path={"run": "screening_run"}
    ),
    "POST /v1/screening/runs": How(A.ASSESS_RUN, good=(202,), json={"full": True}),
    "GET /v1/screening/allowances": How(A.CASE_READ),
    "POST /v1/screening/allowances": How(
        A.CASE_PROPOSE, on="match", good=(201,), json={"match": "{match}", **_WHY}
    ),
    "POST /v1/screening/allowances/{allowance}/check": How(
        A.CASE_CHECK, on="allowance", json=_APPROVED
    ),
    "POST /v1/screening/allowances/{allowance}/revoke": How(
        A.CASE_PROPOSE, on="allowance", json=_WHY
    ),
}

VALIDATION: Mapping[str, How] = {
    "GET /v1/screening/samples": How(A.VALIDATION_READ),
    "POST /v1/screening/samples/{sample}/judge": How(
        A.VALIDATION_WORK, on="sample", json={"verdict": "different"}
    ),
    "GET /v1/screening/packs": How(A.VALIDATION_READ),
    "GET /v1/screening/packs/{pack}": How(A.VALIDATION_READ, on="pack"),
    "POST /v1/screening/packs": How(A.VALIDATION_WORK, good=(202,), json={"seed": 7}),
    "GET /v1/screening/changes": How(A.VALIDATION_READ),
    "POST /v1/screening/changes": How(
        A.VALIDATION_WORK, good=(202,), json={"threshold": "0.72", **_WHY}
    ),
    "POST /v1/screening/changes/list": How(
        A.VALIDATION_WORK, good=(202,), query={"name": "own.csv", **_WHY}, content=_CSV
    ),
    "GET /v1/screening/changes/{change}": How(A.VALIDATION_READ, on="change"),
    "POST /v1/screening/changes/{change}/check": How(
        A.VALIDATION_READ, on="change", then=(A.VALIDATION_DECIDE,), json=_APPROVED
    ),
    "POST /v1/screening/changes/{change}/withdraw": How(A.VALIDATION_WORK, on="change", json=_WHY),
}

OWNERSHIP: Mapping[str, How] = {
    "GET /v1/ownership/{party}": How(A.CUSTOMER_READ, on="customer", path=_PARTY),
    "GET /v1/ownership/{party}/picture": How(A.CUSTOMER_READ, on="customer", path=_PARTY),
    "GET /v1/ownership/{party}/owners": How(A.CUSTOMER_READ, on="customer", path=_PARTY),
    "GET /v1/ownership/fifty-percent": How(A.FINDING_READ),
    "GET /v1/ownership/export": How(A.CUSTOMER_READ),
    "POST /v1/ownership/import": How(
        A.INTAKE_WRITE, good=(202,), query={"name": "a.json"}, content=b"[]"
    ),
    "GET /v1/ownership/diligence": How(A.DILIGENCE_READ),
    "GET /v1/ownership/diligence/{record}": How(A.DILIGENCE_READ, on="record"),
    "POST /v1/ownership/diligence/{record}/note": How(
        A.DILIGENCE_WORK, on="record", json={"searched": "a register"}
    ),
    "POST /v1/ownership/diligence/{record}/close": How(A.DILIGENCE_WORK, on="record", json=_WHY),
}

LINKS: Mapping[str, How] = {
    "GET /v1/links/groups": How(A.LINK_READ),
    "GET /v1/links/groups/{group:path}": How(
        A.LINK_READ, on="linked_group", path={"group": "linked_group"}
    ),
    "GET /v1/links/decisions": How(A.LINK_READ),
    "GET /v1/links/unused": How(A.LINK_READ),
    "GET /v1/links/suggestions": How(A.LINK_READ),
    "POST /v1/links/find": How(A.ASSESS_RUN, good=(202,), json={"as_of": "2026-06-30"}),
    "POST /v1/links/cut": How(A.LINK_DECIDE, good=(409,), json=_PAIR),
    "POST /v1/links/restore": How(A.LINK_DECIDE, good=(409,), json=_PAIR),
    "POST /v1/links/accept": How(A.LINK_DECIDE, good=(409,), json=_PAIR),
}

DILIGENCE: Mapping[str, How] = {
    "GET /v1/diligence/reviews": How(A.DILIGENCE_READ),
    f"GET {_OF}": How(A.DILIGENCE_READ, on="customer"),
    f"POST {_OF}/items": How(
        A.DILIGENCE_WORK, on="customer", good=(201,), json={"item": "telephone", "value": "+1 555"}
    ),
    f"POST {_OF}/items/drop": How(
        A.DILIGENCE_WORK, on="customer", good=(409,), json={"item": "telephone", **_WHY}
    ),
    f"POST {_OF}/verifications": How(
        A.DILIGENCE_WORK,
        on="customer",
        good=(201,),
        query={"method": "documentary", "document": "passport"},
        content=b"a scan",
    ),
    f"GET {_OF}/verifications/{{verification}}/document": How(A.DILIGENCE_READ, on="verification"),
    f"POST {_OF}/contract": How(
        A.DILIGENCE_WORK, on="customer", good=(201,), json={"compute": "5e24"}
    ),
    f"POST {_OF}/purpose": How(
        A.DILIGENCE_WORK, on="customer", good=(201,), json={"purpose": "deployment"}
    ),
    f"POST {_OF}/rating": How(A.DILIGENCE_WORK, on="customer", json={}),
    f"POST {_OF}/reviews": How(A.DILIGENCE_WORK, on="customer", good=(409,), json=_WHY),
    f"POST {_OF}/decisions": How(
        A.DILIGENCE_DECIDE,
        on="customer",
        json={"decision": "restrict", "ground": "order", **_WHY},
    ),
    f"POST {_OF}/proposals/{{proposal}}/check": How(
        A.DILIGENCE_READ,
        on="customer_proposal",
        then=(A.DILIGENCE_CHECK,),
        path=_PROPOSED,
        json=_APPROVED,
    ),
    f"POST {_OF}/proposals/{{proposal}}/take-back": How(
        A.DILIGENCE_READ,
        on="customer_proposal",
        then=(A.DILIGENCE_DECIDE,),
        path=_PROPOSED,
        good=(200, 409),
    ),
    f"POST {_OF}/served": How(
        A.DILIGENCE_DECIDE,
        on="customer",
        json={"compute": "3e26", "was_provided": False, **_WHY},
    ),
}

KEEPING: Mapping[str, How] = {
    f"GET {_OF}/retention": How(A.DILIGENCE_READ, on="customer"),
    "GET /v1/disposals/plan": How(A.DISPOSAL_RUN),
    "POST /v1/disposals": How(
        A.DILIGENCE_READ,
        on="customer",
        then=(A.DISPOSAL_RUN,),
        good=(409,),
        json={"customer": "{customer}", **_WHY},
    ),
    f"GET {_OF}/disposals": How(A.DILIGENCE_READ, on="customer"),
    "GET /v1/holds": How(A.DILIGENCE_READ),
    "POST /v1/holds": How(A.HOLD_MANAGE, good=(201,), json={"matter": "M-1", "ground": "an order"}),
    "POST /v1/holds/{hold}/release": How(A.HOLD_MANAGE, on="hold", json=_WHY),
    "GET /v1/productions": How(A.DILIGENCE_READ),
    "POST /v1/productions": How(
        A.PRODUCTION_REQUEST,
        on="customer",
        good=(201,),
        json={
            "requester": "An authority",
            "ground": "a letter",
            "customers": ["{customer}"],
            "due": "2026-12-01",
        },
    ),
    "GET /v1/productions/{production}/files": How(A.DILIGENCE_READ, on="production"),
    "POST /v1/productions/{production}/release": How(
        A.DILIGENCE_READ,
        on="production",
        then=(A.PRODUCTION_RELEASE,),
        json={"is_approved": False, "reason": "not asked for"},
    ),
    "POST /v1/productions/{production}/withdraw": How(
        A.DILIGENCE_READ, on="production", then=(A.PRODUCTION_REQUEST,), json=_WHY
    ),
    "POST /v1/productions/{production}/deliver": How(
        A.DILIGENCE_READ, on="production", then=(A.PRODUCTION_REQUEST,), good=(409,)
    ),
}

_BODY = {"partner": "Provider B", "basis": "an agreement", "reference": "Act, section 4"}

EXCHANGE: Mapping[str, How] = {
    "GET /v1/exchange": How(A.EXCHANGE_READ),
    "POST /v1/exchange": How(A.EXCHANGE_PROPOSE, good=(201,), json=_BODY),
    "POST /v1/exchange/offers": How(
        A.EXCHANGE_PROPOSE,
        good=(422,),
        query={"basis": "an agreement", "reference": "Act, section 4"},
        content=b"{}",
    ),
    "POST /v1/exchange/answers": How(A.EXCHANGE_PROPOSE, good=(422,), content=b"{}"),
    "GET /v1/exchange/{session}": How(
        A.EXCHANGE_READ, on="comparison", path={"session": "comparison"}
    ),
    "POST /v1/exchange/{session}/approve": How(
        A.EXCHANGE_READ,
        on="comparison",
        then=(A.EXCHANGE_APPROVE,),
        path={"session": "comparison"},
        is_slow=True,
    ),
    "POST /v1/exchange/{session}/withdraw": How(
        A.EXCHANGE_PROPOSE, on="comparison", path={"session": "comparison"}, json=_WHY
    ),
}

API_OF_KYC: Mapping[str, How] = {
    **LISTS,
    **SCREENING,
    **VALIDATION,
    **OWNERSHIP,
    **LINKS,
    **DILIGENCE,
    **KEEPING,
    **EXCHANGE,
}
"""Routes of the API about lists, screening, ownership, links, due diligence and comparisons."""
