"""Sessions: who is signed in, how far, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.identity.errors import SignInRefusedError
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.values import csrf_secret, new_session_value, value_digest
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    Rights,
    SecretError,
    SessionRecord,
    SessionStage,
)

HALF_WAY = timedelta(minutes=10)
"""How long a sign-in may take between its steps."""

_FORGET_AFTER = timedelta(days=1)
"""How long ended sessions and failed attempts stay in the store; the acts tell what was."""

_SEEN_EVERY = timedelta(minutes=1)
_AGENT_SIGNS = 200
_NO_RIGHTS = Rights(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person's session. The principal has no rights until the stage is complete.

    `csrf_secret` belongs into every form of the session. `ends_at` is when the
    session ends in any case.
    """

    principal: Principal
    stage: SessionStage
    csrf_secret: str = field(repr=False)
    language: Language | None
    session_id: str
    account_id: str
    login: str
    source: AccountSource
    has_second_factor: bool
    ends_at: datetime

    @property
    def is_complete(self) -> bool:
        """Whether the sign-in is complete."""
        return self.stage is SessionStage.COMPLETE


@dataclass(frozen=True, slots=True)
class Started:
    """A session that began: its new value, for a cookie, and who it is."""

    token: str = field(repr=False)
    signed_in: SignedIn


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session as its owner sees it."""

    id: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    agent: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A session in the store with its account."""

    record: SessionRecord
    account: Account


def principal_of(account: Account, rights: Rights) -> Principal:
    """Return an account as one who acts, with rights."""
    return Principal(
        id=f"user:{account.id}",
        kind=PrincipalKind.PERSON,
        tenant=account.tenant,
        name=account.name,
        roles=rights.roles,
        jurisdictions=rights.jurisdictions,
        sealed_groups=rights.sealed_groups,
    )


def start(
    parts: IdentityParts,
    account: Account,
    stage: SessionStage,
    *,
    agent: str = "",
    id_token: str | None = None,
) -> Started:
    """Start a session; a complete one is written as an act."""
    now = parts.now()
    token = new_session_value(parts.tenant)
    identifier = parts.new_id()
    sealed = None
    if id_token is not None:
        sealed = parts.box.seal(id_token, parts.context_of("session", identifier))
    complete = stage is SessionStage.COMPLETE
    record = SessionRecord(
        id=identifier,
        digest=value_digest(token),
        account_id=account.id,
        stage=stage,
        started_at=now,
        seen_at=now,
        ends_at=now + (parts.longest if complete else HALF_WAY),
        agent=agent[:_AGENT_SIGNS],
        provider_token=sealed,
    )
    with parts.store.transaction():
        parts.store.accounts.start_session(record)
        if complete:
            parts.store.accounts.forget_ended(before=now - _FORGET_AFTER)
            act(parts, "session.started", account.id, "signed in", session=identifier)
    return Started(token, _signed_in(token, Open(record, account)))


def advance(parts: IdentityParts, found: Open, account: Account, stage: SessionStage) -> Started:
    """Put a new session, with a new value, in the place of one that came a step further."""
    with parts.store.transaction():
        parts.store.accounts.end_session(found.record.id, at=parts.now())
        return start(parts, account, stage, agent=found.record.agent)


def find(parts: IdentityParts, token: str) -> Open | None:
    """Return a session that is still open by its value; None when it ended or never was."""
    found = parts.store.accounts.session(value_digest(token))
    if found is None:
        return None
    record, account = found
    now = parts.now()
    if account.is_disabled or now >= record.ends_at or now - record.seen_at > parts.idle:
        parts.store.accounts.end_session(record.id, at=now)
        return None
    if now - record.seen_at >= _SEEN_EVERY:
        parts.store.accounts.touch(record.id, at=now)
        record = replace(record, seen_at=now)
    return Open(record, account)


def must_find(parts: IdentityParts, token: str, *stages: SessionStage) -> Open:
    """Return an open session at one of some stages, or refuse."""
    found = find(parts, token)
    if found is None or found.record.stage not in stages:
        raise SignInRefusedError(say("This sign-in has ended; begin again."))
    return found


def session(parts: IdentityParts, token: str) -> SignedIn | None:
    """Return who a session's value belongs to, or None."""
    found = find(parts, token)
    return None if found is None else _signed_in(token, found)


def principal(parts: IdentityParts, token: str) -> Principal | None:
    """Return who acts by a session's value; None unless the sign-in is complete."""
    found = session(parts, token)
    return found.principal if found is not None and found.is_complete else None


def sign_out(parts: IdentityParts, token: str, *, return_to: str) -> str | None:
    """End a session; return where to sign out at the provider, when there is such a place."""
    found = find(parts, token)
    if found is None:
        return None
    record = found.record
    with parts.store.transaction():
        parts.store.accounts.end_session(record.id, at=parts.now())
        act(parts, "session.ended", found.account.id, "signed out", session=record.id)
    if record.provider_token is None or parts.provider is None:
        return None
    try:
        id_token = parts.box.open(record.provider_token, parts.context_of("session", record.id))
    except SecretError:  # the node's key was replaced meanwhile; the session here has ended
        return None
    return parts.provider.sign_out(id_token, return_to)


def own_sessions(parts: IdentityParts, who: SignedIn) -> Sequence[SessionShown]:
    """Return a person's own sessions, newest first; those that ran out are left out."""
    return tuple(
        SessionShown(
            id=one.id,
            started_at=one.started_at,
            seen_at=one.seen_at,
            ends_at=one.ends_at,
            agent=one.agent,
            is_this=one.id == who.session_id,
        )
        for one in live_sessions(parts, who.account_id)
    )


def live_sessions(parts: IdentityParts, account_id: str) -> Sequence[SessionRecord]:
    """Return an account's sessions that still count, newest first."""
    now = parts.now()
    return [
        one
        for one in parts.store.accounts.sessions(account_id)
        if one.stage is SessionStage.COMPLETE
        and now < one.ends_at
        and now - one.seen_at <= parts.idle
    ]


def end_own_session(parts: IdentityParts, who: SignedIn, session_id: str) -> bool:
    """End one of a person's own sessions; False when it is none of theirs, or had ended."""
    accounts = parts.store.accounts
    with parts.store.transaction():
        if session_id not in {one.id for one in accounts.sessions(who.account_id)}:
            return False
        ended = accounts.end_session(session_id, at=parts.now())
        act(parts, "session.ended", who.account_id, "ended by its owner", session=session_id)
    return ended


def act(
    parts: IdentityParts,
    name: str,
    account_id: str,
    reason: str,
    *,
    by: str | None = None,
    **record: object,
) -> None:
    """Write a change of an account as an act, by the account's own person unless told."""
    parts.store.act(
        name,
        {"account": account_id, **record},
        at=parts.now(),
        by=by or f"user:{account_id}",
        reason=reason,
    )


def _signed_in(token: str, found: Open) -> SignedIn:
    record, account = found.record, found.account
    complete = record.stage is SessionStage.COMPLETE
    return SignedIn(
        principal=principal_of(account, account.rights if complete else _NO_RIGHTS),
        stage=record.stage,
        csrf_secret=csrf_secret(token),
        language=account.language,
        session_id=record.id,
        account_id=account.id,
        login=account.login,
        source=account.source,
        has_second_factor=account.has_second_factor,
        ends_at=record.ends_at,
    )
