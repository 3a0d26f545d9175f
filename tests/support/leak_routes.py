"""How every route of the API and the console is called, what it needs, and what it is about.

Routes are walked from the applications; this table only says how each is called.
A route that it does not know fails the matrix with the words to add it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from starlette.routing import Route

from served_api import PUBLIC
from sluicegate.api.application import make_routes
from sluicegate.services.access.actions import Action
from sluicegate.web.pages import PAGES

A = Action


class Face(Enum):
    """Which application answers."""

    API = "API"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True, order=True)
class RouteId:
    """A route: the face, the method and the path as it is declared."""

    face: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.face} {self.method} {self.path}"


@dataclass(frozen=True)
class How:
    """How a route is called, and what it takes to be answered.

    `action` is what must be permitted (None: being signed in is enough), on a
    thing of the kind `on` or on the kind as a whole. `then` is asked of the same
    thing as well. `good` are the statuses of an answer to someone who may.
    `path` maps a part of the path to the kind of thing, or to "=TEXT".
    `is_open` is for everyone, `is_step` for who is half-way through signing in.
    `is_hidden` answers who may not as if it were not there; `is_sealing` needs the
    group of the sealed files; `is_whole` needs
    every jurisdiction; `is_unbounded` hides a thing from callers of
    some jurisdictions. `is_slow` is called less often in the short run.
    """

    action: Action | None = None
    on: str | None = None
    good: tuple[int, ...] = (200,)
    then: tuple[Action, ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    is_step: bool = False
    is_hidden: bool = False
    is_sealing: bool = False
    is_slow: bool = False
    is_whole: bool = False
    is_unbounded: bool = False


def walked() -> Iterator[RouteId]:
    """Yield every route of both applications, found by walking their routers."""
    for path, methods in _api(make_routes().routes):
        for method in methods:
            yield RouteId("API", method, path)
    for page in PAGES:
        yield RouteId("console", "POST" if page.is_post else "GET", page.path)
    yield RouteId("console", "GET", "/static/{name}")


def _api(routes: Any) -> Iterator[tuple[str, list[str]]]:
    for one in routes:
        inner = getattr(one, "original_router", None) or (
            one if getattr(one, "routes", None) and not isinstance(one, Route) else None
        )
        if inner is not None:
            yield from _api(inner.routes)
        else:
            yield one.path, sorted(set(one.methods or ()) - {"HEAD"})


FACTS = {"training_compute": "1.2e25", "condition_met_on": "2025-09-01"}
_DAY = {"as_of": "2025-09-01"}
_QUESTION = {"question": "=eu_systemic_risk"}
_COMMENT = {"act": "comment", "text": "a word"}
_CHECK = {"act": "check", "proposal_id": "{proposal}", "is_approved": True, "reason": "seen"}
_NDJSON = {"Content-Type": "application/x-ndjson"}
_CASE = {"title": "A new case", "reason": "asked by phone"}
_ABOUT = {
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
    "GET /v1/questions/{question}": How(A.QUESTION_ASK, path=_QUESTION),
    "POST /v1/ask/{question}": How(A.QUESTION_ASK, path=_QUESTION, json={"facts": FACTS, **_DAY}),
    "POST /v1/ask/{question}/many": How(
        A.QUESTION_ASK, path=_QUESTION, query=_DAY, content=b"{}\n", headers=_NDJSON
    ),
    "GET /v1/rules": How(A.RULES_READ),
    "GET /v1/rules/diff": How(A.RULES_READ, query={"earlier": "2025-08-01", "later": "2025-08-02"}),
    "GET /v1/rules/timeline/{rule}": How(A.RULES_READ, path={"rule": "=eu.ai_act"}),
    "GET /v1/rules/{rule}": How(A.RULES_READ, path={"rule": "=eu.ai_act"}),
    "POST /v1/regimes/compare": How(
        A.QUESTION_ASK, json={"facts": {"training_compute": "1e26"}, "subject": "run", **_DAY}
    ),
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
    "POST /v1/cases": How(A.CASE_OPEN, good=(201,), json=_CASE),
    "GET /v1/cases/counts": How(A.CASE_READ, query={"state": "all"}),
    "GET /v1/cases/next": How(A.CASE_READ),
    "GET /v1/cases/{case}": How(A.CASE_READ, on="case"),
    "POST /v1/cases/sealed": How(A.SEALED_OPEN, good=(201,), json=_ABOUT, is_sealing=True),
    "POST /v1/cases/acts": How(json={"cases": ["c-0123456789abcdef"], "act": _COMMENT}),
    "POST /v1/cases/{case}/acts": How(A.CASE_WORK, on="case", json=_COMMENT),
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
        A.JOB_READ, on="job", path={"name": "=rejects.csv"}, good=(404,)
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
    "POST /v1/webhooks/{webhook}/test": How(A.WEBHOOK_MANAGE, on="webhook"),
    "POST /v1/webhooks/{webhook}/replay": How(A.WEBHOOK_MANAGE, on="webhook", json={}),
}
"""Method and path of a route of the API → how it is called; a word after a colon is a variant."""

_CASES = "cases:\n  - {id: a, question: eu_systemic_risk, as_of: 2025-09-01, facts: {}}\n"
_USER = {"user": "account"}
_PUBLIC_KEY = '{"kty": "OKP", "crv": "Ed25519", "x": "r3H3EuAm0EkyOGuAsikL56Vf7hs_0wOdm6h-8ehuBP8"}'
_ANALYST = {"roles": ["analyst"], "jurisdictions": ["EU"]}
_BULK = {"cases": ["c-0123456789abcdef"], "act": _COMMENT}

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
        path=_QUESTION,
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

_KEYS = "no key"
_RIGHTS = {"roles": "viewer", "scope": "all"}
_OPEN = How(is_open=True, good=(200, 303, 403, 404, 422))
_STEP = How(is_step=True, good=(303,))

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
    "POST /cases/new": How(A.CASE_OPEN, good=(303,), form=_CASE),
    "GET /cases/sealed": How(A.CASE_READ, then=(A.SEALED_OPEN,), is_hidden=True),
    "POST /cases/sealed": How(
        A.CASE_READ,
        then=(A.SEALED_OPEN,),
        good=(303,),
        form=_ABOUT,
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
    "POST /cases/{case}/acts": How(
        A.CASE_READ, on="case", then=(A.CASE_WORK,), good=(303,), form=_COMMENT
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
    "GET /runs": How(A.RUN_READ),
    "GET /runs/{run:path}": How(A.RUN_READ, on="run"),
    "GET /search": How(A.RUN_READ, query={"text": "c-"}),
    "GET /jobs": How(A.JOB_READ),
    "GET /jobs/{job}": How(A.JOB_READ, on="job"),
    "POST /jobs/{job}/cancel": How(
        A.JOB_READ, on="job", then=(A.JOB_CANCEL,), good=(303,), form={}
    ),
    "GET /jobs/{job}/results/{file}": How(
        A.JOB_READ, on="job", path={"file": "=rejects.csv"}, good=(404,)
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
    "GET /rules": How(A.RULES_READ),
    "GET /rules/changes": How(A.RULES_READ),
    "GET /rules/{instrument}": How(A.RULES_READ, path={"instrument": "=eu.ai_act"}),
    "GET /questions": How(A.QUESTION_ASK),
    "GET /questions/{question}": How(A.QUESTION_ASK, path=_QUESTION),
    "POST /questions/{question}": How(A.QUESTION_ASK, path=_QUESTION, good=(303,), form={}),
    "GET /questions/{question}/answer": How(
        A.QUESTION_ASK, path=_QUESTION, query={"f.training_compute": "1.2e25"}, good=(200, 422)
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
}
"""Method and path of a page of the console → how it is called."""


EVERY: Mapping[str, Mapping[str, How]] = {
    "API": {**API, **API_OF_SETTINGS, **API_OF_RULES, **API_OF_CASES},
    "console": CONSOLE,
}
"""Face → all entries."""


def entries(route: RouteId) -> Mapping[str, How]:
    """Return the entries of a route by their whole names: its own, and its variants."""
    table = EVERY[route.face]
    name = f"{route.method} {route.path}"
    return {key: how for key, how in table.items() if key == name or key.startswith(f"{name}: ")}
