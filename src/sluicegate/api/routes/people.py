"""Accounts of people, and machines: who may sign in or get tokens, and what they may do."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from sluicegate.api.instants import instant_text, written
from sluicegate.api.models.people import (
    ClientList,
    ClientShown,
    EndedSessions,
    IssuedUser,
    NewClientBody,
    NewUserBody,
    ResetBody,
    RightsBody,
    RotateBody,
    SessionList,
    UserList,
    UserShown,
)
from sluicegate.api.parts import DeskOf, Parts, PartsOf
from sluicegate.api.rendering import single, told, told_once
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.core.phrases import Language
from sluicegate.services.desk import Desk
from sluicegate.services.identity import (
    Account,
    Client,
    Identity,
    NewPerson,
    Rights,
    SessionRecord,
)
from sluicegate.wiring import NodeError

reading = APIRouter(prefix="/v1", tags=["people and machines"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["people and machines"], route_class=ChangingRoute)

UserId = Annotated[str, Path(max_length=100, description="Id of an account.")]
ClientId = Annotated[str, Path(max_length=100, description="Id of a machine.")]


def _identity(parts: Parts, desk: Desk) -> Identity:
    found = parts.served.identities.of(desk.principal.tenant)
    if found is None:
        raise NodeError(f"tenant {desk.principal.tenant}: is not served here")
    return found


def _rights(body: RightsBody) -> Rights:
    places = body.jurisdictions
    return Rights(
        frozenset(body.roles),
        None if places is None else frozenset(places),
        frozenset(body.sealed_groups),
    )


def _rights_document(rights: Rights) -> dict[str, Any]:
    places = rights.jurisdictions
    return {
        "roles": sorted(rights.roles),
        "jurisdictions": None if places is None else sorted(places),
        "sealed_groups": sorted(rights.sealed_groups),
    }


def _user(one: Account) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": one.login,
        "name": one.name,
        "language": None if one.language is None else one.language.value,
        "source": one.source.value,
        "rights": _rights_document(one.rights),
        "is_disabled": one.is_disabled,
        "must_change_password": one.must_change,
        "has_second_factor": one.has_second_factor,
        "created_at": written(one.created_at),
    }


def _session(one: SessionRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "stage": one.stage.value,
        "started_at": written(one.started_at),
        "seen_at": written(one.seen_at),
        "ends_at": written(one.ends_at),
        "agent": one.agent,
    }


def _client(one: Client) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "keys": [str(key["kid"]) for key in one.keys],
        "rights": _rights_document(one.rights),
        "created_at": written(one.created_at),
        "tokens_from": written(one.tokens_from),
        "revoked_at": instant_text(one.revoked_at),
    }


@reading.get("/users", response_model=UserList, operation_id="list_users")
def list_users(desk: DeskOf, parts: PartsOf) -> Response:
    """List the accounts of people, by login."""
    return told({"items": [_user(one) for one in _identity(parts, desk).people(desk)]})


@changing.post("/users", response_model=IssuedUser, operation_id="add_user", status_code=201)
def add_user(body: NewUserBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Make an account; its password is shown this once and changed at the first sign-in."""
    language = None if body.language is None else Language(body.language)
    person = NewPerson(body.login, body.name, _rights(body.rights), language)
    issued = _identity(parts, desk).add_person(desk, person)
    document = {"user": _user(issued.account), "password": issued.password}
    return told_once(document, "password", f"/v1/users/{issued.account.id}")


@reading.get("/users/{user}", response_model=UserShown, operation_id="get_user")
def get_user(user: UserId, request: Request, desk: DeskOf, parts: PartsOf) -> Response:
    """Show an account; the reading is an act."""
    return single(request, _user(_identity(parts, desk).person(desk, user)))


@changing.post("/users/{user}/rights", response_model=UserShown, operation_id="set_user_rights")
def set_rights(user: UserId, body: RightsBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Set what an account may do, from its next request on; nobody sets their own."""
    return told(_user(_identity(parts, desk).set_rights(desk, user, _rights(body))))


@changing.post("/users/{user}/disable", response_model=UserShown, operation_id="disable_user")
def disable_user(user: UserId, desk: DeskOf, parts: PartsOf) -> Response:
    """Let an account sign in no more; its sessions end at once."""
    return told(_user(_identity(parts, desk).disable(desk, user)))


@changing.post("/users/{user}/enable", response_model=UserShown, operation_id="enable_user")
def enable_user(user: UserId, desk: DeskOf, parts: PartsOf) -> Response:
    """Let a disabled account sign in again."""
    return told(_user(_identity(parts, desk).enable(desk, user)))


@changing.post(
    "/users/{user}/reset", response_model=IssuedUser, operation_id="reset_user", status_code=201
)
def reset_user(user: UserId, body: ResetBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Give an account a new password, shown this once; its sessions end at once."""
    issued = _identity(parts, desk).reset(desk, user, second_factor=body.second_factor)
    document = {"user": _user(issued.account), "password": issued.password}
    return told_once(document, "password", f"/v1/users/{user}")


@reading.get("/users/{user}/sessions", response_model=SessionList, operation_id="list_sessions")
def list_sessions(user: UserId, desk: DeskOf, parts: PartsOf) -> Response:
    """List the sign-ins of an account that still count; the reading is an act."""
    found = _identity(parts, desk).sessions_of(desk, user)
    return told({"items": [_session(one) for one in found]})


@changing.post(
    "/users/{user}/sessions/end", response_model=EndedSessions, operation_id="end_sessions"
)
def end_sessions(user: UserId, desk: DeskOf, parts: PartsOf) -> Response:
    """End all sign-ins of an account."""
    return told({"ended": _identity(parts, desk).end_sessions_of(desk, user)})


@reading.get("/clients", response_model=ClientList, operation_id="list_clients")
def list_clients(desk: DeskOf, parts: PartsOf) -> Response:
    """List the machines, revoked ones too, the oldest first."""
    return told({"items": [_client(one) for one in _identity(parts, desk).clients(desk)]})


@changing.post("/clients", response_model=ClientShown, operation_id="add_client", status_code=201)
def add_client(body: NewClientBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Make a machine known by its public keys; a private key is refused."""
    identity = _identity(parts, desk)
    made = identity.add_client(desk, body.name, body.keys, _rights(body.rights))
    return told(_client(made), 201)


@changing.post("/clients/{client}/revoke", response_model=ClientShown, operation_id="revoke_client")
def revoke_client(client: ClientId, desk: DeskOf, parts: PartsOf) -> Response:
    """Accept no assertion and no token of a machine any more."""
    return told(_client(_identity(parts, desk).revoke_client(desk, client)))


@changing.post("/clients/{client}/rotate", response_model=ClientShown, operation_id="rotate_client")
def rotate_client(client: ClientId, body: RotateBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Give a machine new public keys; the older ones and its tokens end unless they are kept."""
    identity = _identity(parts, desk)
    return told(_client(identity.rotate_client(desk, client, body.keys, keep_old=body.keep_old)))
