"""How every page of the console is called, what it needs, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from leak_api_routes import ABOUT, CASE, COMMENT, QUESTION
from leak_consultation_routes import CONSOLE_CONSULTATIONS
from leak_hows import How
from leak_lab_routes import CONSOLE_OF_LAB
from leak_lineage_routes import CONSOLE_LINEAGES
from served_api import PUBLIC
from sluicegate.services.access.actions import Action

A = Action

_KEYS = "no key"
_RIGHTS = {"roles": "viewer", "scope": "all"}
_OPEN = How(is_open=True, good=(200, 303, 403, 404, 422))
_STEP = How(is_step=True, good=(303,))

_CHANGE = {"proposal": "change"}
_SESSION = {"session": "comparison"}
_REASON = {"reason": "asked for"}
_DESIGNATION = {
    "names": "Brask Optics Works",
    "schema": "Company",
    "expected_list": "us_sdn",
    "document": "Federal Register 91 FR 1",
    "dated": "2026-06-20",
}

CONSOLE: Mapping[str, How] = {
    "GET /static/{name}": How(is_open=True, good=(404,), path={"name": "=none"}),
    "GET /sign-in": _OPEN,
    "POST /sign-in": How(is_open=True, good=(422,), form={"login": "x", "password": "y"}),
    "GET /sign-in/organisation": _OPEN,
    "GET /sign-in/callback": _OPEN,
    "POST /sign-out": How(is_open=True, good=(303,), form={}),
    "GET /sign-in/second-factor": _STEP,
    "POST /sign-in/second-factor": How(is_step=True, good=(303,), form={"code": "1"}),
    "GET /sign-in/password": _STEP,
    "POST /sign-in/password": How(is_step=True, good=(303,), form={"new": "a", "again": "b"}),
    "GET /sign-in/enrol": _STEP,
    "POST /sign-in/enrol": How(is_step=True, good=(303,), form={"code": "1"}),
    "POST /preferences": How(is_open=True, good=(303,), form={"theme": "dark"}),
    "GET /": How(),
    "GET /keys": How(),
    "GET /account": How(),
    "POST /account/password": How(good=(422,), form={"old": "a", "new": "b", "again": "c"}),
    "POST /account/second-factor": How(good=(422,), form={"password": "wrong"}),
    "POST /account/codes": How(good=(422,), form={"password": "wrong"}),
    "POST /account/sessions/end": How(good=(303,), form={"session": "none"}),
    "GET /settings": How(),
    "GET /roles": How(),
    "GET /cases": How(A.CASE_READ, query={"state": "all"}),
    "GET /cases.csv": How(A.CASE_EXPORT, query={"state": "all"}),
    "GET /cases.json": How(A.CASE_EXPORT, query={"state": "all"}),
    "GET /cases/next": How(A.CASE_READ, good=(303,)),
    "POST /cases/take": How(A.CASE_ASSIGN, good=(303,), form={"query": ""}),
    "POST /cases/views": How(A.CASE_READ, good=(303,), form={"name": "mine", "query": ""}),
    "POST /cases/bulk": How(
        A.CASE_READ, form={"case": "c-0123456789abcdef", "act": "comment", "text": "a word"}
    ),
    "GET /cases/new": How(A.CASE_OPEN),
    "POST /cases/new": How(A.CASE_OPEN, good=(303,), form=CASE),
    "GET /cases/sealed": How(A.CASE_READ, then=(A.SEALED_OPEN,), is_hidden=True),
    "POST /cases/sealed": How(
        A.CASE_READ,
        then=(A.SEALED_OPEN,),
        good=(303,),
        form=ABOUT,
        is_hidden=True,
        is_sealing=True,
    ),
    "GET /cases/{case}": How(A.CASE_READ, on="case"),
    "GET /cases/{case}/findings/{finding}": How(
        A.CASE_READ, on="alerted", path={"case": "alerted"}
    ),
    "GET /cases/{case}/files/{file}": How(
        A.CASE_READ, on="attachment", path={"file": "attachment"}
    ),
    "GET /cases/{case}/print": How(A.CASE_EXPORT, on="case", then=(A.CASE_READ,)),
    "GET /cases/{case}/export.json": How(A.CASE_EXPORT, on="case", then=(A.CASE_READ,)),
    "GET /cases/{case}/export.html": How(A.CASE_EXPORT, on="case", then=(A.CASE_READ,)),
    "GET /cases/{case}/export.pdf": How(
        A.CASE_EXPORT, on="case", then=(A.CASE_READ,), is_slow=True
    ),
    "POST /cases/{case}/acts": How(
        A.CASE_READ, on="case", then=(A.CASE_WORK,), good=(303,), form=COMMENT
    ),
    "POST /cases/{case}/acts: check": How(
        A.CASE_READ,
        on="proposal",
        then=(A.CASE_CHECK,),
        good=(303,),
        form={"act": "check", "proposal_id": "{proposal}", "verdict": "approve", "reason": "seen"},
    ),
    "POST /cases/{case}/files": How(A.CASE_WORK, on="case", good=(422,), form={}),
    "POST /cases/{case}/files/{file}/erase": How(
        A.CASE_OVERRIDE,
        on="attachment",
        good=(303,),
        path={"file": "attachment"},
        form={"reason": "asked for"},
    ),
    "GET /filings": How(A.FILING_READ),
    "POST /cases/{case}/filings": How(
        A.FILING_DRAFT, on="case", good=(303,), form={"form": "training_report"}
    ),
    "GET /filings/{filing}": How(A.FILING_READ, on="filing"),
    "POST /filings/{filing}": How(
        A.FILING_READ, on="filing", then=(A.FILING_DRAFT,), good=(303,), form={"act": "save"}
    ),
    "GET /filings/{filing}/preview": How(A.FILING_READ, on="filing"),
    "GET /filings/{filing}/filing.json": How(A.FILING_READ, on="filing"),
    "GET /filings/{filing}/filing.html": How(A.FILING_READ, on="filing"),
    "GET /filings/{filing}/filing.pdf": How(A.FILING_READ, on="filing", is_slow=True),
    "GET /findings": How(A.FINDING_READ),
    "GET /findings.csv": How(A.FINDING_READ),
    "GET /findings.json": How(A.FINDING_READ),
    "GET /findings/changes": How(A.FINDING_READ),
    "GET /findings/{finding}": How(A.FINDING_READ, on="finding"),
    "GET /obligations": How(A.FINDING_READ),
    "GET /obligations.csv": How(A.FINDING_READ),
    "GET /obligations.json": How(A.FINDING_READ),
    "GET /customers": How(A.CUSTOMER_READ),
    "GET /customers/{customer:path}": How(A.CUSTOMER_READ, on="customer"),
    "GET /groups": How(A.CUSTOMER_READ),
    "GET /groups/{group:path}": How(A.CUSTOMER_READ, on="group"),
    "GET /ownership": How(A.CUSTOMER_READ),
    "GET /ownership/records/{record}": How(A.DILIGENCE_READ, on="record"),
    "POST /ownership/records/{record}": How(
        A.DILIGENCE_WORK,
        on="record",
        good=(303,),
        form={"act": "note", "searched": "a register"},
    ),
    "GET /ownership/parties/{party:path}": How(
        A.CUSTOMER_READ, on="customer", path={"party": "customer"}
    ),
    **CONSOLE_LINEAGES,
    **CONSOLE_CONSULTATIONS,
    "GET /links": How(A.LINK_READ),
    "POST /links/find": How(A.ASSESS_RUN, good=(303,), form={"as_of": "2026-06-30"}),
    "GET /links/suggestions": How(A.LINK_READ),
    "GET /links/decide": How(A.LINK_DECIDE),
    "POST /links/decide": How(
        A.LINK_DECIDE,
        then=(A.LINK_READ,),
        good=(422,),
        form={"act": "cut", "one": "none-1", "other": "none-2", "reason": "neighbours"},
    ),
    "GET /links/{group:path}": How(A.LINK_READ, on="linked_group", path={"group": "linked_group"}),
    "GET /diligence": How(A.DILIGENCE_READ),
    "GET /diligence/holds": How(A.DILIGENCE_READ),
    "POST /diligence/holds": How(
        A.HOLD_MANAGE, good=(303,), form={"matter": "a matter", "ground": "an order"}
    ),
    "GET /diligence/disposals": How(A.DILIGENCE_READ),
    "GET /diligence/disposals/{customer:path}": How(A.DILIGENCE_READ, on="customer"),
    "POST /diligence/disposals/{customer:path}": How(
        A.DISPOSAL_RUN,
        on="customer",
        then=(A.DILIGENCE_READ,),
        good=(409,),
        form={"reason": "time is over"},
    ),
    "GET /diligence/productions": How(A.DILIGENCE_READ),
    "POST /diligence/productions": How(
        A.PRODUCTION_REQUEST,
        then=(A.DILIGENCE_READ,),
        good=(422,),
        form={"requester": "An authority"},
    ),
    "GET /diligence/productions/{production}": How(A.DILIGENCE_READ, on="production"),
    "POST /diligence/productions/{production}": How(
        A.DILIGENCE_READ,
        on="production",
        then=(A.PRODUCTION_REQUEST,),
        good=(303,),
        form={"act": "withdraw", "why": "asked otherwise"},
    ),
    "POST /diligence/productions/{production}/zip": How(
        A.PRODUCTION_REQUEST,
        on="production",
        good=(409,),
    ),
    "GET /diligence/evidence/{event}/{customer:path}": How(
        A.DILIGENCE_READ, on="verification", path={"event": "verification"}
    ),
    "GET /diligence/customers/{customer:path}": How(A.DILIGENCE_READ, on="customer"),
    "POST /diligence/customers/{customer:path}": How(
        A.DILIGENCE_READ,
        on="customer",
        then=(A.DILIGENCE_WORK,),
        good=(303,),
        form={"act": "purpose", "purpose": "training"},
    ),
    "GET /exchange": How(A.EXCHANGE_READ),
    "POST /exchange": How(
        A.EXCHANGE_PROPOSE,
        then=(A.EXCHANGE_READ,),
        good=(422,),
        form={"partner": "Provider Z", "basis": "an act", "reference": "section 4"},
    ),
    "POST /exchange/offers": How(A.EXCHANGE_PROPOSE, then=(A.EXCHANGE_READ,), good=(422,), form={}),
    "GET /exchange/{session}": How(A.EXCHANGE_READ, on="comparison", path=_SESSION),
    "POST /exchange/{session}/approve": How(
        A.EXCHANGE_READ,
        on="comparison",
        then=(A.EXCHANGE_APPROVE,),
        good=(303,),
        path=_SESSION,
        form={},
    ),
    "POST /exchange/{session}/finish": How(
        A.EXCHANGE_PROPOSE,
        on="comparison",
        then=(A.EXCHANGE_READ,),
        path=_SESSION,
        good=(422,),
        form={},
    ),
    "POST /exchange/{session}/withdraw": How(
        A.EXCHANGE_PROPOSE,
        on="comparison",
        then=(A.EXCHANGE_READ,),
        path=_SESSION,
        good=(303,),
        form={"reason": "by mistake"},
    ),
    "GET /runs": How(A.RUN_READ),
    "GET /runs/{run:path}": How(A.RUN_READ, on="run"),
    "GET /search": How(A.RUN_READ, query={"text": "c-"}),
    "GET /jobs": How(A.JOB_READ),
    "GET /jobs/{job}": How(A.JOB_READ, on="job"),
    "POST /jobs/{job}/cancel": How(
        A.JOB_READ, on="job", then=(A.JOB_CANCEL,), good=(303,), form={}
    ),
    "GET /jobs/{job}/results/{file}": How(
        A.JOB_READ,
        on="job",
        then=(A.SOURCE_READ,),
        path={"file": "=rejects.csv"},
        good=(404,),
    ),
    "GET /reports": How(A.REPORT_READ, is_whole=True),
    "POST /reports": How(A.ASSESS_RUN, good=(303,), form={"as_of": "2026-06-30"}),
    "GET /reports/{report}/{file}": How(
        A.REPORT_READ, on="report", path={"file": "=report.html"}, is_whole=True
    ),
    "GET /sources": How(A.SOURCE_READ),
    "POST /sources": How(A.INTAKE_WRITE, good=(403, 422), form={}),
    "POST /sources/pass": How(A.ASSESS_RUN, good=(303,), form={"as_of": "2026-06-30"}),
    "GET /account/notices": How(),
    "POST /account/notices": How(good=(303,), form={"days_ahead": "3"}),
    "GET /calendar": How(A.CASE_READ),
    "POST /calendar": How(A.CASE_READ, form={"scope": "all"}),
    "GET /calendar/{token}.ics": How(is_open=True, good=(404,), path={"token": "=none"}),
    "GET /screening": How(A.CASE_READ),
    "POST /screening/runs": How(A.ASSESS_RUN, good=(303,), form={"full": "yes"}),
    "GET /screening/runs/{run}": How(
        A.CASE_READ, on="screening_run", path={"run": "screening_run"}
    ),
    "GET /screening/matches": How(A.CASE_READ, query={"state": "all"}),
    "GET /screening/matches.csv": How(A.CASE_EXPORT, then=(A.CASE_READ,)),
    "GET /screening/matches.json": How(A.CASE_EXPORT, then=(A.CASE_READ,)),
    "GET /screening/matches/{match}": How(A.CASE_READ, on="match"),
    "POST /screening/matches/{match}": How(
        A.CASE_READ,
        on="match",
        then=(A.CASE_PROPOSE,),
        good=(303,),
        form={"act": "allow", "reason": "another person"},
    ),
    "GET /screening/allowances": How(A.CASE_READ),
    "GET /screening/beside": How(A.CASE_READ),
    "POST /screening/beside": How(A.CASE_READ, good=(422,), form={}),
    "GET /screening/names": How(A.LIST_READ),
    "POST /screening/names": How(A.LIST_READ, form={"name": "Brask Optics Works"}),
    "GET /screening/lists": How(A.LIST_READ),
    "POST /screening/lists": How(A.LIST_LOAD, good=(403, 422), form={}),
    "POST /screening/lists/fetch": How(A.LIST_LOAD, good=(303,), form={}),
    "GET /screening/lists/{list}": How(A.LIST_READ, on="list"),
    "GET /screening/lists/{list}/changes": How(A.LIST_READ, on="list"),
    "GET /screening/parties/{party}": How(A.LIST_READ, on="listed", path={"party": "listed"}),
    "GET /screening/parties/{party}/join": How(
        A.LIST_DECIDE, on="listed", path={"party": "listed"}
    ),
    "POST /screening/parties/{party}/join": How(
        A.LIST_DECIDE,
        on="listed",
        path={"party": "listed"},
        good=(303,),
        form={"other": "{other_listed}", **_REASON},
    ),
    "GET /screening/parties/{party}/split": How(
        A.LIST_DECIDE, on="joined", path={"party": "joined"}
    ),
    "POST /screening/parties/{party}/split": How(
        A.LIST_DECIDE,
        on="joined",
        path={"party": "joined"},
        good=(303,),
        form={"entries": "{joined_entry}", **_REASON},
    ),
    "GET /screening/designations/new": How(A.LIST_DECIDE),
    "POST /screening/designations/new": How(A.LIST_DECIDE, good=(303,), form=_DESIGNATION),
    "POST /screening/designations/{designation}/withdraw": How(
        A.LIST_DECIDE, on="designation", good=(303,), form={"reason": "misread"}
    ),
    "GET /screening/validation": How(A.VALIDATION_READ),
    "GET /screening/validation/packs/{pack}": How(A.VALIDATION_READ, on="pack"),
    "POST /screening/validation/packs": How(
        A.VALIDATION_WORK, good=(303,), form={"seed": "1", "names": "1", "sample": "1"}
    ),
    "POST /screening/validation/changes": How(
        A.VALIDATION_WORK, good=(303,), form={"threshold": "0.72", **_REASON}
    ),
    "POST /screening/validation/lists": How(A.VALIDATION_WORK, good=(422,), form=_REASON),
    "GET /screening/validation/sample": How(A.VALIDATION_READ),
    "POST /screening/validation/sample": How(
        A.VALIDATION_WORK,
        on="sample",
        good=(303,),
        form={"sample": "{sample}", "verdict": "different"},
    ),
    "GET /screening/validation/changes/{proposal}": How(
        A.VALIDATION_READ, on="change", path=_CHANGE
    ),
    "POST /screening/validation/changes/{proposal}": How(
        A.VALIDATION_READ,
        on="change",
        then=(A.VALIDATION_WORK,),
        path=_CHANGE,
        good=(303,),
        form={"act": "withdraw", **_REASON},
    ),
    "GET /rules": How(A.RULES_READ),
    "GET /rules/changes": How(A.RULES_READ),
    "GET /rules/{instrument}": How(A.RULES_READ, path={"instrument": "=eu.ai_act"}),
    "GET /questions": How(A.QUESTION_ASK),
    "GET /questions/{question}": How(A.QUESTION_ASK, path=QUESTION),
    "POST /questions/{question}": How(A.QUESTION_ASK, path=QUESTION, good=(303,), form={}),
    "GET /questions/{question}/answer": How(
        A.QUESTION_ASK, path=QUESTION, query={"f.training_compute": "1.2e25"}, good=(200, 422)
    ),
    "GET /regimes": How(A.QUESTION_ASK),
    "POST /regimes": How(A.QUESTION_ASK, good=(303,), form={"subject": "run"}),
    "GET /users": How(A.USER_READ),
    "GET /users/new": How(A.USER_MANAGE),
    "POST /users/new": How(A.USER_MANAGE, form={"login": "a.new", "name": "A New", **_RIGHTS}),
    "GET /users/{account}": How(A.USER_READ, on="account"),
    "POST /users/{account}/rights": How(A.USER_MANAGE, on="account", good=(303,), form=_RIGHTS),
    "POST /users/{account}/state": How(
        A.USER_MANAGE, on="account", good=(303,), form={"state": "disabled"}
    ),
    "POST /users/{account}/reset": How(A.USER_MANAGE, on="account", form={}),
    "GET /machines": How(A.CLIENT_MANAGE),
    "GET /machines/new": How(A.CLIENT_MANAGE),
    "POST /machines/new": How(
        A.CLIENT_MANAGE, good=(422,), form={"name": "m", "keys": _KEYS, **_RIGHTS}
    ),
    "GET /machines/{client}": How(A.CLIENT_MANAGE, on="client"),
    "POST /machines/{client}/keys": How(
        A.CLIENT_MANAGE, on="client", good=(422,), form={"keys": _KEYS}
    ),
    "POST /machines/{client}/revoke": How(A.CLIENT_MANAGE, on="client", good=(303,), form={}),
    "GET /webhooks": How(A.WEBHOOK_READ),
    "POST /webhooks": How(
        A.WEBHOOK_MANAGE,
        form={"url": f"https://{PUBLIC}/new", "scope": "some", "jurisdictions": "EU"},
    ),
    "GET /webhooks/{webhook}": How(A.WEBHOOK_READ, on="webhook"),
    "GET /webhooks/{webhook}/deliveries/{delivery}": How(A.WEBHOOK_READ, on="webhook"),
    "POST /webhooks/{webhook}": How(
        A.WEBHOOK_MANAGE, on="webhook", good=(303,), form={"act": "test"}
    ),
    "GET /audit": How(A.AUDIT_READ),
    "GET /audit.csv": How(A.AUDIT_READ),
    "GET /audit/{act}": How(A.AUDIT_READ, on="act", is_unbounded=True),
    **CONSOLE_OF_LAB,
}
"""Method and path of a page of the console → how it is called."""
