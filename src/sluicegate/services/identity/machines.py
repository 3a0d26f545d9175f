"""Machines: their keys, and the short tokens that they get for a signed assertion.

An assertion is a JWT that the machine signs with its own key (RFC 7523,
private_key_jwt); the node keeps the public keys only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.desk import Desk
from sluicegate.services.identity.errors import AccountError, TokenRefusedError
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.people import check_rights, rights_record
from sluicegate.services.identity.values import value_digest
from sluicegate.services.ports.identity import Client, Rights, UnsoundTokenError

CLIENT = "client"
"""The kind of resource that a machine is to the policies."""

TOKEN_PATH = "/oauth/token"
"""Where machines exchange assertions, below the node's address."""

AUDIENCE_PATH = "/v1"
"""What the node's tokens are for, below the node's address."""

FARTHEST_END = timedelta(minutes=5)
"""How far ahead an assertion may expire."""

SKEW = timedelta(minutes=1)
"""How far a machine's clock may be ahead."""

_JTI_SIGNS = 200
_NAME_SIGNS = 200
_MOST_KEYS = 8


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token for a machine; `expires_in` is in seconds."""

    token: str = field(repr=False)
    expires_in: int
    token_type: str = "Bearer"


def add_client(parts: IdentityParts, desk: Desk, name: str, keys: str, rights: Rights) -> Client:
    """Make a machine known by its public keys (PEM, JWK or JWKS text).

    Raises:
        RefusedError: the principal may not.
        AccountError: a key is private, weak or unreadable, or a right is unknown.
    """
    desk.must(Action.CLIENT_MANAGE)
    check_rights(parts, rights)
    if rights.sealed_groups:
        raise AccountError(say("A machine sees no sealed file; leave the sealed groups out."))
    plain = " ".join(name.split())[:_NAME_SIGNS]
    if not plain:
        raise AccountError(say("The machine has no name; give one, e.g. cluster scheduler."))
    now = parts.now()
    client = Client(
        id=parts.new_id(),
        tenant=parts.tenant,
        name=plain,
        keys=_public_keys(parts, keys),
        rights=rights,
        created_at=now,
        tokens_from=now,
    )
    with parts.store.transaction():
        parts.store.clients.add(client)
        _act(parts, desk, "client.added", client, **rights_record(rights))
    return client


def clients(parts: IdentityParts, desk: Desk) -> Sequence[Client]:
    """Return every machine, revoked ones too, oldest first. Raises RefusedError."""
    desk.must(Action.CLIENT_MANAGE)
    return parts.store.clients.all()


def revoke_client(parts: IdentityParts, desk: Desk, client_id: str) -> Client:
    """Accept no assertion and no token of a machine any more.

    Raises:
        RefusedError: the principal may not.
        NotFoundError: no such machine.
    """
    client = _managed(parts, desk, client_id)
    if client.revoked_at is not None:
        return client
    revoked = replace(client, revoked_at=parts.now())
    with parts.store.transaction():
        parts.store.clients.save(revoked)
        _act(parts, desk, "client.revoked", revoked)
    return revoked


def rotate_client(
    parts: IdentityParts, desk: Desk, client_id: str, keys: str, *, keep_old: bool = False
) -> Client:
    """Give a machine new public keys.

    Without `keep_old` the older keys and every token of the machine end at
    once; with it both count until the next rotation.

    Raises:
        RefusedError: the principal may not.
        NotFoundError: no such machine.
        AccountError: it is revoked, or a key cannot be used.
    """
    client = _managed(parts, desk, client_id)
    if client.revoked_at is not None:
        raise AccountError(say("This machine is revoked; add it anew."))
    new = _public_keys(parts, keys)
    if keep_old:
        ids = {key["kid"] for key in new}
        new = (*new, *(key for key in client.keys if key["kid"] not in ids))[:_MOST_KEYS]
    tokens_from = client.tokens_from if keep_old else parts.now()
    changed = replace(client, keys=new, tokens_from=tokens_from)
    with parts.store.transaction():
        parts.store.clients.save(changed)
        _act(parts, desk, "client.rotated", changed, kept_old=keep_old)
    return changed


def exchange(parts: IdentityParts, assertion: str) -> AccessToken:
    """Give a machine a token for an assertion that it has signed (RFC 7523, 3).

    `iss` and `sub` are the machine's id, `aud` the address of the token
    endpoint or of the node, `exp` at most five minutes ahead, `jti` used once.

    Raises:
        TokenRefusedError: the assertion does not hold.
    """
    now = parts.now()
    client = _client_of(parts, assertion)
    if client is None:
        raise TokenRefusedError(
            say("The assertion's issuer is no machine of this node; check iss.")
        )
    try:
        claims = parts.signatures.verified(assertion, client.keys).claims
    except UnsoundTokenError as error:
        raise TokenRefusedError(
            say("The assertion does not hold: {problem}.", problem=str(error))
        ) from error
    ends_at = _check_assertion(parts, claims, client, now)
    identifier = claims.get("jti")
    if not isinstance(identifier, str) or not 1 <= len(identifier) <= _JTI_SIGNS:
        raise TokenRefusedError(say("The assertion has no jti; give a new random one each time."))
    if not parts.store.clients.use_assertion(
        client.id, value_digest(identifier), ends_at=ends_at, at=now
    ):
        raise TokenRefusedError(say("The assertion was used before; sign a new one."))
    return _token_for(parts, client, now)


def principal_of_token(parts: IdentityParts, token: str) -> Principal:
    """Return the machine that a token of this node was given to.

    The store is read once: for a machine that was revoked meanwhile, and for
    its rights of today.

    Raises:
        TokenRefusedError: not a token of this node, or it has ended.
    """
    now = parts.now()
    try:
        claims = parts.token_keys.verified(token, at=now).claims
    except UnsoundTokenError as error:
        raise TokenRefusedError(_not_ours(), "invalid_token") from error
    ends_at, made_ms = _instant(claims.get("exp")), claims.get("iat_ms")
    holds = (
        claims.get("iss") == parts.base_url
        and claims.get("aud") == parts.base_url + AUDIENCE_PATH
        and claims.get("tenant") == parts.tenant
        and isinstance(claims.get("sub"), str)
        and isinstance(made_ms, int)
    )
    if not holds or ends_at is None or not isinstance(made_ms, int):
        raise TokenRefusedError(_not_ours(), "invalid_token")
    if now >= ends_at:
        raise TokenRefusedError(say("The token has ended; get a new one."), "invalid_token")
    client = parts.store.clients.client(claims["sub"])
    if client is None or client.revoked_at is not None or made_ms < _ms(client.tokens_from):
        raise TokenRefusedError(say("The token no longer counts; get a new one."), "invalid_token")
    return Principal(
        id=f"client:{client.id}",
        kind=PrincipalKind.MACHINE,
        tenant=client.tenant,
        name=client.name,
        roles=client.rights.roles,
        jurisdictions=client.rights.jurisdictions,
    )


def issuer_of(parts: IdentityParts, assertion: str) -> bool:
    """Say whether an assertion names a machine of this tenant; nothing else is looked at."""
    return _client_of(parts, assertion) is not None


def tenant_of_token(parts: IdentityParts, token: str) -> str | None:
    """Return the tenant that a token claims, before anything is verified."""
    try:
        claimed = parts.signatures.unverified(token).get("tenant")
    except UnsoundTokenError:
        return None  # whoever looks at it next refuses it
    return claimed if isinstance(claimed, str) else None


def _client_of(parts: IdentityParts, assertion: str) -> Client | None:
    try:
        issuer = parts.signatures.unverified(assertion).get("iss")
    except UnsoundTokenError as error:
        raise TokenRefusedError(
            say("The assertion does not hold: {problem}.", problem=str(error)), "invalid_request"
        ) from error
    client = parts.store.clients.client(issuer) if isinstance(issuer, str) else None
    return None if client is None or client.revoked_at is not None else client


def _check_assertion(
    parts: IdentityParts, claims: Mapping[str, Any], client: Client, now: datetime
) -> datetime:
    """Return when an assertion expires; raise TokenRefusedError for a claim that does not hold."""
    if claims.get("iss") != client.id or claims.get("sub") != client.id:
        raise TokenRefusedError(say("The assertion's iss and sub are not both the machine's id."))
    accepted = {parts.base_url + TOKEN_PATH, parts.base_url}
    given = claims.get("aud")
    audiences = given if isinstance(given, list) else [given]
    if not any(isinstance(one, str) and one in accepted for one in audiences):
        raise TokenRefusedError(
            say(
                "The assertion's aud is not this node; give {audience}.",
                audience=parts.base_url + TOKEN_PATH,
            )
        )
    ends_at = _instant(claims.get("exp"))
    if ends_at is None or now >= ends_at:
        raise TokenRefusedError(say("The assertion has expired, or has no exp; sign a new one."))
    if ends_at - now > FARTHEST_END:
        raise TokenRefusedError(
            say(
                "The assertion expires more than {minutes} minutes ahead; give an earlier exp.",
                minutes=FARTHEST_END // timedelta(minutes=1),
            )
        )
    for name in ("iat", "nbf"):
        begins_at = _instant(claims.get(name))
        if name in claims and (begins_at is None or begins_at - now > SKEW):
            raise TokenRefusedError(
                say("The assertion's {claim} lies ahead; set the machine's clock.", claim=name)
            )
    return ends_at


def _token_for(parts: IdentityParts, client: Client, now: datetime) -> AccessToken:
    life = timedelta(minutes=parts.settings.token_minutes)
    seconds = life // timedelta(seconds=1)
    made_ms = _ms(now)
    claims = {
        "iss": parts.base_url,
        "aud": parts.base_url + AUDIENCE_PATH,
        "sub": client.id,
        "tenant": parts.tenant,
        "iat": made_ms // 1000,
        "iat_ms": made_ms,
        "exp": made_ms // 1000 + seconds,
        "jti": parts.new_id(),
    }
    return AccessToken(parts.token_keys.sign(claims, at=now), seconds)


def _public_keys(parts: IdentityParts, text: str) -> tuple[Mapping[str, Any], ...]:
    try:
        keys = parts.signatures.public_keys(text)
    except UnsoundTokenError as error:
        raise AccountError(say("The key cannot be used: {problem}.", problem=str(error))) from error
    if len(keys) > _MOST_KEYS:
        raise AccountError(say("There are more than {most} keys; give fewer.", most=_MOST_KEYS))
    return keys


def _managed(parts: IdentityParts, desk: Desk, client_id: str) -> Client:
    desk.must(Action.CLIENT_MANAGE, Resource(CLIENT, parts.tenant, client_id))
    client = parts.store.clients.client(client_id)
    if client is None:
        raise NotFoundError(CLIENT, client_id)
    return client


def _act(parts: IdentityParts, desk: Desk, name: str, client: Client, **more: object) -> None:
    parts.store.act(
        name,
        {"client": client.id, "keys": [key["kid"] for key in client.keys], **more},
        at=parts.now(),
        by=desk.principal.id,
        reason=Action.CLIENT_MANAGE.value,
    )


def _instant(value: Any) -> datetime | None:
    """Return a NumericDate (RFC 7519, 2) as an instant; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**33:
        return None
    return datetime.fromtimestamp(value, UTC)


def _ms(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _not_ours() -> Sentence:
    return say("This is no token of this node.")
