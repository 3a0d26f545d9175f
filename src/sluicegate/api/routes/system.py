"""Who asks, tokens, health, metrics and the kinds of problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Identifier, Line
from sluicegate.api.models.system import (
    Health,
    Me,
    ProblemShown,
    RoleTable,
    SettingList,
    Token,
    TokenProblem,
    Why,
)
from sluicegate.api.parts import (
    DeskOf,
    LanguageOf,
    Parts,
    PartsOf,
    principal_of,
)
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import told
from sluicegate.api.routing import ExactRoute
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import term
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.jurisdictions import is_jurisdiction, jurisdictions
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.access.roles import grants, holder_of
from sluicegate.services.desk import Desk
from sluicegate.services.identity import TokenRefusedError
from sluicegate.services.work.metrics import work_metrics
from sluicegate.wiring.http import METRICS_MEDIA_TYPE, ProblemKind

router = APIRouter(tags=["system"], route_class=ExactRoute)

GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_LOOPBACK_NAMES = _LOOPBACK | {"localhost"}
"""Hosts by which this machine calls itself; another name may be a page that points it here."""


@router.get("/health/live", response_model=Health, operation_id="health_live")
async def health_live() -> Response:
    """Say that the process answers; nothing behind it is looked at."""
    return told({"status": "ok"})


@router.get("/health/ready", response_model=Health, operation_id="health_ready")
def health_ready(parts: PartsOf) -> Response:
    """Say that the node can work: its store answers."""
    parts.served.store_of(parts.served.tenant).usage_batches()
    return told({"status": "ok"})


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request, parts: PartsOf) -> Response:
    """Give numbers about requests and work to Prometheus; needs the right or this machine.

    Who shows a token gets the work of their own tenant, this machine that of all.
    """
    tenants = parts.served.settings.served_tenants
    if not _is_trusted(request, parts):
        desk = parts.served.desk(await principal_of(request))
        desk.must(Action.METRICS_READ)
        tenants = (desk.principal.tenant,)
    text = await run_in_threadpool(_numbers, parts, tenants)
    return Response(text, headers={"Content-Type": METRICS_MEDIA_TYPE})


def _numbers(parts: Parts, tenants: Sequence[TenantId]) -> bytes:
    return parts.metrics.text(work_metrics(parts.served.store_of(tenant)) for tenant in tenants)


def _is_trusted(request: Request, parts: Parts) -> bool:
    if request.scope.get("state", {}).get("principal") is not None:
        return False
    client, host = request.client, request.url.hostname
    is_here = client is not None and client.host in _LOOPBACK and host in _LOOPBACK_NAMES
    return parts.is_loopback_trusted and is_here


@router.get("/v1/me", response_model=Me, operation_id="me")
def me(desk: DeskOf) -> Response:
    """Say who asks, in which roles, and what they may do at all."""
    one = desk.principal
    places = one.jurisdictions
    return told(
        {
            "id": one.id,
            "kind": one.kind.value,
            "tenant": one.tenant,
            "name": one.name,
            "roles": sorted(one.roles),
            "jurisdictions": None if places is None else sorted(places),
            "actions": [action.value for action in Action if desk.may(action).is_allowed],
        }
    )


@router.get("/v1/access/roles", response_model=RoleTable, operation_id="access_roles")
def access_roles(desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """List what can be done and the roles that permit it, by asking the policies."""
    roles = parts.served.roles
    granted = grants(desk.authority, roles)
    rows = [
        {
            "action": action.value,
            "meaning": term(action.value, language),
            "roles": [role for role in roles if role in granted[action]],
        }
        for action in Action
    ]
    return told({"roles": list(roles), "items": rows})


@router.get("/v1/access/why", response_model=Why, operation_id="access_why")
def access_why(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    action: Annotated[Line, Query(description="An action.", examples=["case:check"])],
    jurisdiction: Annotated[Line | None, Query(description="Of what belongs there.")] = None,
    role: Annotated[
        list[Line] | None, Query(max_length=50, description="Of who has these roles; else you.")
    ] = None,
    within: Annotated[
        list[Line] | None, Query(max_length=200, description="Jurisdictions of those roles.")
    ] = None,
    own: Annotated[bool, Query(description="The proposal that is checked is one's own.")] = False,
    machine: Annotated[bool, Query(description="A machine asks; with roles only.")] = False,
) -> Response:
    """Say whether the caller, or who has some roles, may do something, and if not, why."""
    known = {one.value: one for one in Action}
    if action not in known:
        raise bad_field("action", f"is none of {', '.join(known)}")
    _require(jurisdiction, "jurisdiction")
    for code in within or ():
        _require(code, "within")
    wanted = known[action]
    asker = desk.principal if role is None else _holder(desk, parts, role, within, machine=machine)
    resource = Resource(
        wanted.noun,
        desk.principal.tenant,
        jurisdiction=jurisdiction,
        maker=asker.id if own else None,
    )
    verdict = desk.authority.decide(asker, wanted, resource)
    return told(
        {
            "action": action,
            "is_allowed": verdict.is_allowed,
            "reasons": [one.text(language) for one in verdict.reasons],
            "policies": list(verdict.policies),
            "permitted_roles": [
                one
                for one in parts.served.roles
                if desk.authority.decide(
                    holder_of(one, desk.principal.tenant), wanted, resource
                ).is_allowed
            ],
        }
    )


def _require(code: str | None, field: str) -> None:
    if code is not None and not is_jurisdiction(code):
        raise bad_field(field, f"is no jurisdiction; give one such as {', '.join(jurisdictions())}")


def _holder(
    desk: Desk, parts: Parts, roles: list[str], within: list[str] | None, *, machine: bool
) -> Principal:
    """Return who has some roles, in no group of sealed files, in the caller's own tenant."""
    unknown = sorted(set(roles) - set(parts.served.roles))
    if unknown:
        raise bad_field("role", f"is none of {', '.join(parts.served.roles)}")
    return Principal(
        "user:somebody",
        PrincipalKind.MACHINE if machine else PrincipalKind.PERSON,
        desk.principal.tenant,
        "",
        frozenset(roles),
        frozenset(within) if within else None,
    )


@router.get("/v1/settings", response_model=SettingList, operation_id="list_settings")
def list_settings(desk: DeskOf, parts: PartsOf) -> Response:
    """List the settings of the node with where each comes from; secrets are masked."""
    desk.must(Action.SETTINGS_READ)
    shown = parts.served.settings.describe()
    rows = [{"name": one.name, "value": one.value, "source": one.source} for one in shown]
    return told({"items": rows})


@router.get("/problems/{kind}", response_model=ProblemShown, operation_id="get_problem")
async def get_problem(
    kind: Annotated[str, InPath(max_length=100, examples=["not-found"])], language: LanguageOf
) -> Response:
    """Say what a type of problem means."""
    known = {one.value: one for one in ProblemKind}
    if kind not in known:
        raise NotFoundError("problem", kind)
    one = known[kind]
    return told({"type": one.type, "title": one.title.text(language), "status": one.status})


@router.post(
    "/oauth/token",
    response_model=Token,
    operation_id="token",
    responses={400: {"model": TokenProblem}, 401: {"model": TokenProblem}},
)
def token(
    parts: PartsOf,
    language: LanguageOf,
    grant_type: Annotated[Identifier, Form(examples=[GRANT])],
    client_assertion_type: Annotated[Identifier, Form(examples=[ASSERTION])],
    client_assertion: Annotated[str, Form(max_length=16_384, description="A JWT (RFC 7523).")],
) -> Response:
    """Exchange a machine's signed assertion for a short token.

    Refusals have the form of RFC 6749, 5.2, which libraries expect here.
    """
    if grant_type != GRANT:
        return _no_token(400, "unsupported_grant_type", f"give {GRANT}")
    if client_assertion_type != ASSERTION:
        return _no_token(400, "invalid_request", f"give client_assertion_type {ASSERTION}")
    try:
        granted = parts.tokens.exchange(client_assertion)
    except TokenRefusedError as error:
        status = 401 if error.code == "invalid_client" else 400
        return _no_token(status, error.code, error.sentence.text(language))
    return told(
        {
            "access_token": granted.token,
            "token_type": granted.token_type,
            "expires_in": granted.expires_in,
        },
        headers={"Pragma": "no-cache"},
    )


def _no_token(status: int, error: str, why: str) -> Response:
    return told({"error": error, "error_description": why}, status)
