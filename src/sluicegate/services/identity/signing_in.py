"""Signing in with a local account: password, second factor, first steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.identity.attempts import Try
from sluicegate.services.identity.errors import PasswordRefusedError, SignInRefusedError
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.passwords import MOST_SIGNS, check_password, normal
from sluicegate.services.identity.sessions import (
    Open,
    SignedIn,
    Started,
    act,
    advance,
    must_find,
    start,
)
from sluicegate.services.identity.values import new_recovery_codes, recovery_digest
from sluicegate.services.ports.identity import Account, AccountSource, SecretError, SessionStage
from sluicegate.services.setting_values import Totp

ISSUER = "Sluicegate"
"""The name that an authenticator app shows beside the login."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor to be set up: the secret for typing, and the same as a QR code (SVG)."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    picture: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A second factor that was set up; the recovery codes are shown this once."""

    started: Started
    recovery_codes: tuple[str, ...] = field(repr=False)


def sign_in(parts: IdentityParts, login: str, password: str, *, agent: str = "") -> Started:
    """Take a login and a password; the session's stage says what is asked for next.

    A login that does not exist costs as much time as a wrong password and is
    answered alike.

    Raises:
        SignInRefusedError: not this login with this password, or not now.
    """
    account = parts.store.accounts.by_login(login)
    attempt = Try.of("password", _plain(login), None if account is None else account.id)
    listened = attempt.is_listened_to(parts)
    is_right = _is_password(parts, account, password)
    if account is None or not listened or not is_right:
        raise SignInRefusedError(
            say(
                "The login or the password is wrong, or there were too many attempts; "
                "try again, after a few minutes if need be."
            )
        )
    attempt.succeeded(parts)
    if account.password_hash is not None and parts.hashes.is_dated(account.password_hash):
        account = replace(account, password_hash=parts.hashes.hashed(normal(password)))
        parts.store.accounts.save(account, "password_hash")
    return start(parts, account, _stage_after(parts, account, second_factor=False), agent=agent)


def second_factor(parts: IdentityParts, token: str, code: str) -> Started:
    """Take a code of the authenticator app, or a recovery code.

    A code is accepted once, in its half minute and the ones beside it.

    Raises:
        SignInRefusedError: not this code, or not now.
    """
    found = must_find(parts, token, SessionStage.SECOND_FACTOR)
    _prove_second_factor(parts, found.account, code)
    stage = _stage_after(parts, found.account, second_factor=True)
    return advance(parts, found, found.account, stage)


def begin_enrolment(parts: IdentityParts, token: str, *, password: str | None = None) -> Enrolment:
    """Make a secret for an authenticator app; it counts from `confirm_enrolment` on.

    Who is signed in already gives the password again.

    Raises:
        SignInRefusedError: the sign-in has ended, or the password is wrong.
    """
    found = must_find(parts, token, SessionStage.ENROL, SessionStage.COMPLETE)
    _must_be_local(found.account)
    if found.record.stage is SessionStage.COMPLETE:
        _prove_password(parts, found.account, password or "")
    secret = parts.codes.new_secret()
    sealed = parts.box.seal(secret, parts.context_of("totp", found.account.id))
    parts.store.accounts.save(replace(found.account, totp_pending=sealed), "totp_pending")
    address = parts.codes.address(secret, login=found.account.login, issuer=ISSUER)
    return Enrolment(secret, address, parts.codes.picture(address))


def confirm_enrolment(parts: IdentityParts, token: str, code: str) -> Enrolled:
    """Take the first code of a new authenticator app; from then on its codes are asked for.

    Other sessions of the account end, and older recovery codes with them.

    Raises:
        SignInRefusedError: the code is wrong, or nothing was begun.
    """
    found = must_find(parts, token, SessionStage.ENROL, SessionStage.COMPLETE)
    account = found.account
    if account.totp_pending is None:
        raise SignInRefusedError(say("No second factor is being set up; begin again."))
    attempt = Try.of("code", account.id, account.id)
    if not attempt.is_listened_to(parts):
        raise _wrong_code()
    secret = _open(parts, account.totp_pending, account)
    step = parts.codes.step_of(secret, code, at=parts.now())
    if step is None:
        raise _wrong_code()
    codes = new_recovery_codes()
    with parts.store.transaction():
        if not parts.store.accounts.use_step(account.id, step):
            raise _wrong_code()
        attempt.succeeded(parts)
        account = replace(account, totp_secret=account.totp_pending, totp_pending=None)
        parts.store.accounts.save(account, "totp_secret", "totp_pending")
        digests = [recovery_digest(one) for one in codes]
        parts.store.accounts.set_recovery_codes(account.id, digests, at=parts.now())
        act(parts, "account.second_factor_set", account.id, "set up by its owner")
        _end_others(parts, found)
        started = advance(parts, found, account, SessionStage.COMPLETE)
    return Enrolled(started, codes)


def change_password(parts: IdentityParts, token: str, new: str, *, old: str = "") -> Started:
    """Change a password; other sessions of the account end.

    Who is signed in already gives the old password; who has just signed in with
    one that an administrator gave does not.

    Raises:
        SignInRefusedError: the sign-in has ended, or the old password is wrong.
        PasswordRefusedError: the new password is too easy to guess, or the old one.
    """
    found = must_find(parts, token, SessionStage.CHANGE_PASSWORD, SessionStage.COMPLETE)
    account = found.account
    _must_be_local(account)
    if found.record.stage is SessionStage.COMPLETE:
        _prove_password(parts, account, old)
    check_password(
        new,
        login=account.login,
        least=parts.settings.password_length,
        common=parts.common_passwords,
    )
    if _is_password(parts, account, new):
        raise PasswordRefusedError(say("The new password is the old one; use another."))
    account = replace(account, password_hash=parts.hashes.hashed(normal(new)), must_change=False)
    with parts.store.transaction():
        parts.store.accounts.save(account, "password_hash", "must_change")
        act(parts, "account.password_changed", account.id, "changed by its owner")
        _end_others(parts, found)
        return advance(parts, found, account, _stage_after(parts, account, second_factor=True))


def new_recovery(parts: IdentityParts, token: str, password: str) -> tuple[str, ...]:
    """Return new recovery codes; the older ones no longer count.

    Raises:
        SignInRefusedError: the sign-in has ended, or the password is wrong.
    """
    found = must_find(parts, token, SessionStage.COMPLETE)
    _must_be_local(found.account)
    _prove_password(parts, found.account, password)
    codes = new_recovery_codes()
    with parts.store.transaction():
        digests = [recovery_digest(one) for one in codes]
        parts.store.accounts.set_recovery_codes(found.account.id, digests, at=parts.now())
        act(parts, "account.recovery_codes_made", found.account.id, "asked for by its owner")
    return codes


def set_language(parts: IdentityParts, who: SignedIn, language: Language) -> None:
    """Set the language in which a person reads."""
    account = parts.store.accounts.account(who.account_id)
    if account is None or account.language is language:
        return
    with parts.store.transaction():
        parts.store.accounts.save(replace(account, language=language), "language")
        act(
            parts,
            "account.language_set",
            account.id,
            "set by its owner",
            language=language.value,
        )


def _stage_after(parts: IdentityParts, account: Account, *, second_factor: bool) -> SessionStage:
    """Say what is asked for next; `second_factor` tells whether it was proved already."""
    if account.has_second_factor and not second_factor:
        return SessionStage.SECOND_FACTOR
    if account.must_change:
        return SessionStage.CHANGE_PASSWORD
    if not account.has_second_factor and parts.settings.totp is Totp.REQUIRED:
        return SessionStage.ENROL
    return SessionStage.COMPLETE


def _is_password(parts: IdentityParts, account: Account | None, password: str) -> bool:
    """Say whether it is an account's password, in the same time whatever the answer."""
    usable = (
        account is not None
        and account.source is AccountSource.LOCAL
        and not account.is_disabled
        and len(password) <= MOST_SIGNS
    )
    hashed = account.password_hash if account is not None and usable else None
    return parts.hashes.matches(hashed, normal(password[:MOST_SIGNS]))


def _prove_password(parts: IdentityParts, account: Account, password: str) -> None:
    attempt = Try.of("own password", account.id, account.id)
    listened = attempt.is_listened_to(parts)
    if not _is_password(parts, account, password) or not listened:
        raise SignInRefusedError(
            say("The password is wrong, or there were too many attempts; wait and try again.")
        )
    attempt.succeeded(parts)


def _prove_second_factor(parts: IdentityParts, account: Account, code: str) -> None:
    attempt = Try.of("code", account.id, account.id)
    if account.totp_secret is None or not attempt.is_listened_to(parts):
        raise _wrong_code()
    accounts, now = parts.store.accounts, parts.now()
    if re.fullmatch(r"\s*[0-9]{3}\s?[0-9]{3}\s*", code):
        step = parts.codes.step_of(_open(parts, account.totp_secret, account), code, at=now)
        if step is None or not accounts.use_step(account.id, step):
            raise _wrong_code()
    else:
        with parts.store.transaction():
            if not accounts.use_recovery_code(account.id, recovery_digest(code), at=now):
                raise _wrong_code()
            act(parts, "account.recovery_code_used", account.id, "second factor not at hand")
    attempt.succeeded(parts)


def _open(parts: IdentityParts, sealed: str, account: Account) -> str:
    try:
        return parts.box.open(sealed, parts.context_of("totp", account.id))
    except SecretError as error:
        raise SignInRefusedError(
            say(
                "The second factor of this account cannot be read; "
                "ask an administrator to reset it."
            )
        ) from error


def _end_others(parts: IdentityParts, found: Open) -> None:
    ended = parts.store.accounts.end_sessions(found.account.id, at=parts.now(), but=found.record.id)
    if ended:
        reason = "the account's own proof was changed"
        act(parts, "session.ended", found.account.id, reason, sessions=list(ended))


def _must_be_local(account: Account) -> None:
    if account.source is not AccountSource.LOCAL:
        raise SignInRefusedError(
            say("Your organisation's provider keeps this account's password and second factor.")
        )


def _wrong_code() -> SignInRefusedError:
    return SignInRefusedError(
        say(
            "The code is wrong or was used before, or there were too many attempts; "
            "wait for the next code and try again."
        )
    )


def _plain(login: str) -> str:
    return normal(login.strip()).casefold()[:MOST_SIGNS]
