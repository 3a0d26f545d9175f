"""Accounts of people, as an administrator or the operator keeps them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.jurisdictions import is_jurisdiction, jurisdictions
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.identity.errors import AccountError
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.passwords import normal
from sluicegate.services.identity.sessions import act, live_sessions
from sluicegate.services.identity.values import new_password
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    LoginTakenError,
    Rights,
    SessionRecord,
)

USER = "user"
"""The kind of resource that an account is to the policies."""

_LOGIN = re.compile(r"[^\W_][\w.@+-]{1,99}")
_GROUP = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_NAME_SIGNS = 200


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An account to be made."""

    login: str
    name: str
    rights: Rights
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """An account with a password that is shown this once, and has to be changed."""

    account: Account
    password: str = field(repr=False)


def add_person(parts: IdentityParts, desk: Desk, person: NewPerson) -> Issued:
    """Make a local account; its password must be changed at the first sign-in.

    Raises:
        RefusedError: the principal may not.
        AccountError: the login is taken or unreadable, or a right is unknown.
    """
    desk.must(Action.USER_MANAGE)
    login = normal(person.login.strip())
    if not _LOGIN.fullmatch(login):
        raise AccountError(
            say(
                "The login {login} is not 2 to 100 letters, figures or signs of . _ @ + -; "
                "give e.g. mira.okonwo.",
                login=person.login[:100],
            )
        )
    check_rights(parts, person.rights)
    password = new_password()
    account = Account(
        id=parts.new_id(),
        tenant=parts.tenant,
        login=login,
        name=_name(person.name) or login,
        language=person.language,
        source=AccountSource.LOCAL,
        rights=person.rights,
        created_at=parts.now(),
        password_hash=parts.hashes.hashed(password),
        must_change=True,
    )
    try:
        with parts.store.transaction():
            parts.store.accounts.add(account)
            record = rights_record(person.rights)
            _act(parts, desk, "account.added", account, source=account.source.value, **record)
    except LoginTakenError as error:
        raise AccountError(
            say("The login {login} is taken; give another one.", login=login)
        ) from error
    return Issued(account, password)


def people(parts: IdentityParts, desk: Desk) -> Sequence[Account]:
    """Return every account, by login. Raises RefusedError."""
    desk.must(Action.USER_READ)
    return parts.store.accounts.all()


def person(parts: IdentityParts, desk: Desk, account_id: str) -> Account:
    """Return an account; the reading is an act. Raises RefusedError, NotFoundError."""
    account = _known(parts, account_id)
    desk.read(Action.USER_READ, _resource(account))
    return account


def by_login(parts: IdentityParts, desk: Desk, login: str) -> Account:
    """Return an account by its login. Raises RefusedError, NotFoundError."""
    desk.must(Action.USER_READ)
    account = parts.store.accounts.by_login(login)
    if account is None:
        raise NotFoundError(USER, login)
    return account


def disable(parts: IdentityParts, desk: Desk, account_id: str) -> Account:
    """Let an account sign in no more; its sessions end at once."""
    account = _managed(parts, desk, account_id)
    if account.is_disabled:
        return account
    changed = replace(account, is_disabled=True)
    with parts.store.transaction():
        parts.store.accounts.save(changed, "is_disabled")
        _end_all(parts, desk, account)
        _act(parts, desk, "account.disabled", account)
    return changed


def enable(parts: IdentityParts, desk: Desk, account_id: str) -> Account:
    """Let a disabled account sign in again."""
    account = _managed(parts, desk, account_id)
    if not account.is_disabled:
        return account
    changed = replace(account, is_disabled=False)
    with parts.store.transaction():
        parts.store.accounts.save(changed, "is_disabled")
        _act(parts, desk, "account.enabled", account)
    return changed


def set_rights(parts: IdentityParts, desk: Desk, account_id: str, rights: Rights) -> Account:
    """Set what an account may do; it counts from its next request on.

    Nobody sets their own rights. Those of an account of the provider follow
    its groups at each sign-in.

    Raises:
        AccountError: a right is unknown, or the account is the principal's own.
    """
    account = _managed(parts, desk, account_id)
    check_rights(parts, rights)
    changed = replace(account, rights=rights)
    with parts.store.transaction():
        parts.store.accounts.save(changed, "rights")
        before = rights_record(account.rights)
        _act(parts, desk, "account.rights_set", account, before=before, **rights_record(rights))
    return changed


def reset(
    parts: IdentityParts, desk: Desk, account_id: str, *, second_factor: bool = False
) -> Issued:
    """Give a local account a password that must be changed; its sessions end at once.

    With `second_factor` the authenticator app and the recovery codes are
    forgotten too, for a person who has lost them.

    Raises:
        AccountError: the account is the provider's, or the principal's own.
    """
    account = _managed(parts, desk, account_id)
    if account.source is not AccountSource.LOCAL:
        raise AccountError(
            say("The organisation's provider keeps this account's password; reset it there.")
        )
    password = new_password()
    changed = replace(account, password_hash=parts.hashes.hashed(password), must_change=True)
    names = ["password_hash", "must_change"]
    if second_factor:
        changed = replace(changed, totp_secret=None, totp_pending=None)
        names += ["totp_secret", "totp_pending"]
    with parts.store.transaction():
        parts.store.accounts.save(changed, *names)
        if second_factor:
            parts.store.accounts.set_recovery_codes(account.id, [], at=parts.now())
        _end_all(parts, desk, account)
        _act(parts, desk, "account.reset", account, second_factor=second_factor)
    return Issued(changed, password)


def sessions_of(parts: IdentityParts, desk: Desk, account_id: str) -> Sequence[SessionRecord]:
    """Return an account's sessions that still count, newest first; the reading is an act."""
    account = _known(parts, account_id)
    desk.read(Action.USER_READ, _resource(account))
    return live_sessions(parts, account.id)


def end_sessions_of(parts: IdentityParts, desk: Desk, account_id: str) -> int:
    """End all sessions of an account; return how many there were."""
    account = _known(parts, account_id)
    desk.must(Action.USER_MANAGE, _resource(account))
    with parts.store.transaction():
        return _end_all(parts, desk, account)


def check_rights(parts: IdentityParts, rights: Rights) -> None:
    """Go on only when every role, jurisdiction and group can be.

    Raises:
        AccountError: one is unknown or unreadable, or there is no role.
    """
    known = sorted(parts.known_roles)
    unknown = sorted(rights.roles - parts.known_roles)
    if unknown or not rights.roles:
        raise AccountError(
            say(
                "These are no roles: {unknown}; give one or more of {known}.",
                unknown=unknown,
                known=known,
            )
        )
    strange = sorted(one for one in rights.jurisdictions or () if not is_jurisdiction(one))
    if strange:
        raise AccountError(
            say(
                "These are no jurisdictions: {unknown}; give codes such as {known}.",
                unknown=strange,
                known=list(jurisdictions()),
            )
        )
    odd = sorted(one for one in rights.sealed_groups if not _GROUP.fullmatch(one))
    if odd:
        raise AccountError(
            say(
                "These are no names of groups: {unknown}; give small letters, "
                "figures, - and _, e.g. suspicion.",
                unknown=odd,
            )
        )


def rights_record(rights: Rights) -> dict[str, object]:
    """Return rights as an act holds them."""
    places = rights.jurisdictions
    return {
        "roles": sorted(rights.roles),
        "jurisdictions": None if places is None else sorted(places),
        "sealed_groups": sorted(rights.sealed_groups),
    }


def _managed(parts: IdentityParts, desk: Desk, account_id: str) -> Account:
    """Return an account that the principal may manage: never the own one."""
    account = _known(parts, account_id)
    desk.must(Action.USER_MANAGE, _resource(account))
    if desk.principal.id == f"user:{account.id}":
        raise AccountError(say("This is your own account; ask another administrator to change it."))
    return account


def _known(parts: IdentityParts, account_id: str) -> Account:
    account = parts.store.accounts.account(account_id)
    if account is None:
        raise NotFoundError(USER, account_id)
    return account


def _resource(account: Account) -> Resource:
    return Resource(USER, account.tenant, account.id)


def _end_all(parts: IdentityParts, desk: Desk, account: Account) -> int:
    ended = parts.store.accounts.end_sessions(account.id, at=parts.now())
    if ended:
        _act(parts, desk, "session.ended", account, sessions=list(ended))
    return len(ended)


def _act(parts: IdentityParts, desk: Desk, act_name: str, account: Account, **more: object) -> None:
    reason = Action.USER_MANAGE.value
    act(parts, act_name, account.id, reason, by=desk.principal.id, **more)


def _name(text: str) -> str:
    return " ".join(text.split())[:_NAME_SIGNS]
