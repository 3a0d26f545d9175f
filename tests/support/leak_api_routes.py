"""How every route of the API is called, what it needs, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from leak_consultation_routes import API_CONSULTATIONS
from leak_hows import How
from served_api import PUBLIC
from sluicegate.services.access.actions import Action

A = Action

FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
_DAY = {"as_of": "2025-09-01"}
QUESTION = {"question": "=eu_systemic_risk"}
COMMENT = {"act": "comment", "text": "a word"}
_CHECK = {"act": "check", "proposal_id": "{proposal}", "is_approved": True, "reason": "seen"}
_NDJSON = {"Content-Type": "application/x-ndjson"}
CASE = {"title": "A new case", "reason": "asked by phone"}
ABOUT = {
    "subject_kind": "customer",
    "subject_id": "c-small-1",
    "subject_name": "Pell Weather",
    "group": "suspicion",
    "reason": "odd payments",
}
_TOKEN = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": "none",
}
_FILE = {"attachment": "attachment"}

API: Mapping[str, How] = {
    "GET /health/live": How(is_open=True),
    "GET /health/ready": How(is_open=True),
    "GET /v1/openapi.json": How(is_open=True),
    "GET /problems/{kind}": How(is_open=True, path={"kind": "=not-found"}),
    "POST /oauth/token": How(is_open=True, good=(401,), form=_TOKEN),
    "GET /metrics": How(A.METRICS_READ),
    "GET /v1/me": How(),
    "GET /v1/access/why": How(query={"action": "case:read", "jurisdiction": "US"}),
    "GET /v1/questions": How(A.QUESTION_ASK),
    "GET /v1/questions/{question}": How(A.QUESTION_ASK, path=QUESTION),
    "POST /v1/ask/{question}": How(A.QUESTION_ASK, path=QUESTION, json={"facts": FACTS, **_DAY}),
    "POST /v1/ask/{question}/many": How(
        A.QUESTION_ASK, path=QUESTION, query=_DAY, content=b"{}\n", headers=_NDJSON
    ),
    "GET /v1/rules": How(A.RULES_READ),
    "GET /v1/rules/diff": How(A.RULES_READ, query={"earlier": "2025-08-01", "later": "2025-08-02"}),
    "GET /v1/rules/timeline/{rule}": How(A.RULES_READ, path={"rule": "=eu.ai_act"}),
    "GET /v1/rules/{rule}": How(A.RULES_READ, path={"rule": "=eu.ai_act"}),
    "POST /v1/regimes/compare": How(
        A.QUESTION_ASK, json={"facts": {"training_compute": "1e26"}, "subject": "run", **_DAY}
    ),
    **API_CONSULTATIONS,
    "GET /v1/findings": How(A.FINDING_READ, query={"limit": "500"}),
    "GET /v1/findings/counts": How(A.FINDING_READ),
    "GET /v1/findings/changes": How(A.FINDING_READ),
    "GET /v1/passes": How(A.FINDING_READ),
    "GET /v1/findings/{finding}": How(A.FINDING_READ, on="finding"),
    "GET /v1/findings/{finding}/explain": How(A.FINDING_READ, on="finding"),
    "GET /v1/obligations": How(A.FINDING_READ),
    "GET /v1/customers": How(A.CUSTOMER_READ),
    "GET /v1/groups": How(A.CUSTOMER_READ),
    "GET /v1/runs": How(A.RUN_READ),
    "GET /v1/search": How(A.RUN_READ, query={"text": "c-"}),
    "GET /v1/customers/{customer}": How(A.CUSTOMER_READ, on="customer"),
    "GET /v1/groups/{group}": How(A.CUSTOMER_READ, on="group"),
    "GET /v1/runs/{run:path}": How(A.RUN_READ, on="run"),
    "GET /v1/sources": How(A.SOURCE_READ),
    "GET /v1/sources/files": How(A.SOURCE_READ),
    "GET /v1/reports": How(A.REPORT_READ, is_whole=True),
    "POST /v1/reports": How(A.ASSESS_RUN, good=(202,), json={"as_of": "2026-06-30"}),
    "GET /v1/reports/{report}/{file}": How(
        A.REPORT_READ, on="report", path={"file": "=report.html"}, is_whole=True
    ),
    "GET /v1/cases": How(A.CASE_READ, query={"state": "all", "limit": "500"}),
    "POST /v1/cases": How(A.CASE_OPEN, good=(201,), json=CASE),
    "GET /v1/cases/counts": How(A.CASE_READ, query={"state": "all"}),
    "GET /v1/cases/next": How(A.CASE_READ),
    "GET /v1/cases/{case}": How(A.CASE_READ, on="case"),
    "POST /v1/cases/sealed": How(A.SEALED_OPEN, good=(201,), json=ABOUT, is_sealing=True),
    "POST /v1/cases/acts": How(json={"cases": ["c-0123456789abcdef"], "act": COMMENT}),
    "POST /v1/cases/{case}/acts": How(A.CASE_WORK, on="case", json=COMMENT),
    "POST /v1/cases/{case}/acts: check": How(A.CASE_CHECK, on="proposal", json=_CHECK),
    "POST /v1/cases/{case}/attachments": How(
        A.CASE_WORK, on="case", good=(201,), query={"name": "a.txt"}, content=b"a"
    ),
    "GET /v1/cases/{case}/attachments/{attachment}": How(A.CASE_READ, on="attachment"),
    "POST /v1/cases/{case}/attachments/{attachment}/erase": How(
        A.CASE_OVERRIDE, on="attachment", json={"reason": "asked for"}
    ),
    "GET /v1/filings": How(A.FILING_READ),
    "GET /v1/cases/{case}/filings": How(A.FILING_READ, on="case"),
    "POST /v1/cases/{case}/filings": How(
        A.FILING_DRAFT, on="case", good=(201,), json={"form": "training_report"}
    ),
    "GET /v1/filings/{filing}": How(A.FILING_READ, on="filing"),
    "POST /v1/filings/{filing}/values": How(A.FILING_DRAFT, on="filing", json={"values": {}}),
    "POST /v1/filings/{filing}/withdraw": How(
        A.FILING_DRAFT, on="filing", json={"reason": "not needed"}
    ),
    "GET /v1/meter": How(A.USAGE_READ, query={"by": "customer,cluster"}),
    "GET /v1/audit": How(A.AUDIT_READ, query={"limit": "500"}),
    "GET /v1/jobs": How(A.JOB_READ),
    "GET /v1/jobs/{job}": How(A.JOB_READ, on="job"),
    "GET /v1/jobs/{job}/results/{name}": How(
        A.JOB_READ,
        on="job",
        then=(A.SOURCE_READ,),
        path={"name": "=rejects.csv"},
        good=(404,),
    ),
    "POST /v1/jobs/{job}/cancel": How(A.JOB_CANCEL, on="job", good=(202,)),
    "POST /v1/assess": How(A.ASSESS_RUN, good=(202,), json={"as_of": "2026-06-30"}),
    "POST /v1/intake": How(
        A.INTAKE_WRITE, good=(202,), query={"name": "u.csv"}, content=b"source,record_id\n"
    ),
    "GET /v1/webhooks": How(A.WEBHOOK_READ),
    "POST /v1/webhooks": How(
        A.WEBHOOK_MANAGE,
        good=(201,),
        json={"url": f"https://{PUBLIC}/new", "jurisdictions": ["EU"]},
    ),
    "GET /v1/webhooks/{webhook}": How(A.WEBHOOK_READ, on="webhook"),
    "GET /v1/webhooks/{webhook}/deliveries": How(A.WEBHOOK_READ, on="webhook"),
    "GET /v1/webhooks/{webhook}/deliveries/{delivery}": How(A.WEBHOOK_READ, on="webhook"),
    "POST /v1/webhooks/{webhook}/remove": How(A.WEBHOOK_MANAGE, on="webhook"),
    "POST /v1/webhooks/{webhook}/enable": How(A.WEBHOOK_MANAGE, on="webhook"),
    "POST /v1/webhooks/{webhook}/rotate": How(A.WEBHOOK_MANAGE, on="webhook", good=(201,), json={}),
    "POST /v1/webhooks/{webhook}/test": How(A.WEBHOOK_MANAGE, on="webhook"),
    "POST /v1/webhooks/{webhook}/replay": How(A.WEBHOOK_MANAGE, on="webhook", json={}),
}
"""Method and path of a route of the API → how it is called; a word after a colon is a variant."""

_CASES = "cases:\n  - {id: a, question: eu_systemic_risk, as_of: 2025-09-01, facts: {}}\n"
_USER = {"user": "account"}
_PUBLIC_KEY = '{"kty": "OKP", "crv": "Ed25519", "x": "r3H3EuAm0EkyOGuAsikL56Vf7hs_0wOdm6h-8ehuBP8"}'
_ANALYST = {"roles": ["analyst"], "jurisdictions": ["EU"]}
_BULK = {"cases": ["c-0123456789abcdef"], "act": COMMENT}

API_OF_SETTINGS: Mapping[str, How] = {
    "GET /v1/access/roles": How(),
    "GET /v1/settings": How(A.SETTINGS_READ),
    "GET /v1/users": How(A.USER_READ),
    "POST /v1/users": How(
        A.USER_MANAGE, good=(201,), json={"login": "a.new", "name": "A New", "rights": _ANALYST}
    ),
    "GET /v1/users/{user}": How(A.USER_READ, on="account", path=_USER),
    "GET /v1/users/{user}/sessions": How(A.USER_READ, on="account", path=_USER),
    "POST /v1/users/{user}/rights": How(
        A.USER_MANAGE, on="account", path=_USER, json={"roles": ["reviewer"]}
    ),
    "POST /v1/users/{user}/disable": How(A.USER_MANAGE, on="account", path=_USER),
    "POST /v1/users/{user}/enable": How(A.USER_MANAGE, on="account", path=_USER),
    "POST /v1/users/{user}/reset": How(
        A.USER_MANAGE, on="account", path=_USER, json={"second_factor": True}, good=(201,)
    ),
    "POST /v1/users/{user}/sessions/end": How(A.USER_MANAGE, on="account", path=_USER),
    "GET /v1/clients": How(A.CLIENT_MANAGE),
    "POST /v1/clients": How(
        A.CLIENT_MANAGE,
        good=(201,),
        json={"name": "scheduler", "keys": _PUBLIC_KEY, "rights": _ANALYST},
    ),
    "POST /v1/clients/{client}/revoke": How(A.CLIENT_MANAGE, on="client"),
    "POST /v1/clients/{client}/rotate": How(
        A.CLIENT_MANAGE, on="client", json={"keys": _PUBLIC_KEY}
    ),
}
"""Routes of the API about people, machines and the node itself."""

API_OF_RULES: Mapping[str, How] = {
    "POST /v1/rules/check": How(A.RULES_READ, json={"files": {"a.yaml": "instrument: {id: x}\n"}}),
    "POST /v1/rules/test": How(A.QUESTION_ASK, json={"cases": _CASES}, good=(200, 422)),
    "POST /v1/rules/coverage": How(A.QUESTION_ASK, json={"cases": _CASES}, good=(200, 422)),
    "POST /v1/rules/draft": How(
        A.RULES_READ, json={"id": "local.harbour", "title": {"en": "Harbour Act", "zh": "港口法"}}
    ),
    "POST /v1/rules/diff": How(
        A.QUESTION_ASK,
        json={
            "earlier": "2025-08-01",
            "later": "2025-09-01",
            "question": "eu_systemic_risk",
            "subjects": [{"id": "m-1", "facts": FACTS}],
        },
    ),
    "POST /v1/meter/estimate": How(
        A.QUESTION_ASK, json={"rows": [{"id": "a", "parameters": "70e9", "tokens": "15e12"}]}
    ),
    "POST /v1/ask/{question}/jobs": How(
        A.QUESTION_ASK,
        path=QUESTION,
        query={"name": "runs.csv", **_DAY},
        content=b"id,training_compute\nm-1,1.2e25\n",
        good=(202,),
    ),
}
"""Routes of the API about rules and questions that came later."""

API_OF_CASES: Mapping[str, How] = {
    "GET /v1/findings/export": How(A.FINDING_READ, query={"format": "csv"}),
    "GET /v1/obligations/export": How(A.FINDING_READ, query={"format": "csv"}),
    "GET /v1/cases/export": How(A.CASE_EXPORT, query={"format": "csv", "state": "all"}),
    "GET /v1/cases/{case}/export": How(A.CASE_EXPORT, on="case", then=(A.CASE_READ,)),
    "GET /v1/calendar.ics": How(A.CASE_READ, query={"scope": "all"}),
    "GET /v1/views": How(A.CASE_READ),
    "POST /v1/views": How(A.CASE_READ, json={"name": "mine", "query": {"priority": "urgent"}}),
    "POST /v1/views/remove": How(A.CASE_READ, good=(404,), json={"name": "none"}),
    "POST /v1/cases/acts/jobs": How(A.CASE_READ, good=(202,), json=_BULK),
    "GET /v1/forms": How(A.FILING_READ),
    "GET /v1/forms/{form}": How(A.FILING_READ, path={"form": "=training_report"}),
    "GET /v1/cases/{case}/forms": How(A.FILING_READ, on="case"),
    "GET /v1/filings/{filing}/versions": How(A.FILING_READ, on="filing"),
    "GET /v1/filings/{filing}/document": How(A.FILING_READ, on="filing", query={"format": "html"}),
    "POST /v1/filings/{filing}/propose": How(
        A.CASE_PROPOSE, on="filing", good=(409,), json={"reason": "it passed it"}
    ),
    "GET /v1/intake/columns/{kind}": How(A.SOURCE_READ, path={"kind": "=usage"}),
}
"""Routes of the API about cases, filings and exports that came later."""
