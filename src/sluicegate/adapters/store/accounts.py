"""Accounts of people, their sessions and their failed attempts, of one tenant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, insert, or_, update
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    Attempts,
    LoginTakenError,
    Rights,
    SessionRecord,
    SessionStage,
)


def login_key(login: str) -> str:
    """Return a login without regard to case and to the ways of writing one sign.

    >>> login_key("Mira.Okonwo") == login_key("mira.okonwo")
    True
    """
    return unicodedata.normalize("NFKC", login.strip()).casefold()


def rights_columns(rights: Rights) -> dict[str, Any]:
    """Return rights as columns of a row."""
    return {
        "roles": tuple(sorted(rights.roles)),
        "all_jurisdictions": rights.jurisdictions is None,
        "jurisdictions": tuple(sorted(rights.jurisdictions or ())),
        "sealed_groups": tuple(sorted(rights.sealed_groups)),
    }


def rights_of(row: Row[Any]) -> Rights:
    """Return the rights of a row."""
    return Rights(
        frozenset(row.roles),
        None if row.all_jurisdictions else frozenset(row.jurisdictions),
        frozenset(row.sealed_groups),
    )


class Accounts:
    """Implements `services.ports.identity.Accounts`."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, account: Account) -> None:
        """Write a new account. Raises LoginTakenError when its login is taken."""
        row = {**self._unit.stamp(account.created_at), **_account_columns(account)}
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("accounts")), [row])
        except IntegrityError as error:
            raise LoginTakenError(
                f"account {account.login}: the login is taken; give another one"
            ) from error

    def save(self, account: Account, *names: str) -> None:
        """Write the named values of an account, such as `rights`; all others stay as they are.

        So a change does not undo another one that was made at the same moment.
        """
        columns = _account_columns(account)
        values: dict[str, Any] = {}
        for name in names:
            if name == "rights":
                values.update(rights_columns(account.rights))
            else:
                values[name] = columns[name]
        self._change(table("accounts"), "account_id", account.id, values)

    def account(self, account_id: str) -> Account | None:
        """Return an account by its id."""
        return self._one("account_id", account_id)

    def by_login(self, login: str) -> Account | None:
        """Return an account by its login, whatever its case."""
        return self._one("login_key", login_key(login))

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """Return the account of a person of the provider."""
        accounts = table("accounts")
        query = self._unit.rows(accounts).where(
            accounts.c.issuer == issuer, accounts.c.subject == subject
        )
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _account(row)

    def all(self) -> Sequence[Account]:
        """Return every account, by login."""
        accounts = table("accounts")
        with self._unit.reading() as connection:
            rows = connection.execute(
                self._unit.rows(accounts).order_by(accounts.c.login_key)
            ).all()
        return tuple(map(_account, rows))

    def use_step(self, account_id: str, step: int) -> bool:
        """Mark a half minute as used; False when it, or a later one, was used before."""
        accounts = table("accounts")
        unused = or_(accounts.c.totp_step.is_(None), accounts.c.totp_step < step)
        change = (
            update(accounts)
            .where(self._mine(accounts), accounts.c.account_id == account_id, unused)
            .values(totp_step=step)
        )
        with self._unit.writing() as connection:
            return connection.execute(change).rowcount == 1

    def set_recovery_codes(self, account_id: str, digests: Sequence[str], *, at: datetime) -> None:
        """Replace an account's recovery codes by new ones."""
        codes = table("recovery_codes")
        stamp = {**self._unit.stamp(at), "account_id": account_id, "used_at": None}
        with self._unit.writing() as connection:
            connection.execute(
                delete(codes).where(self._mine(codes), codes.c.account_id == account_id)
            )
            if digests:
                connection.execute(insert(codes), [{**stamp, "digest": one} for one in digests])

    def use_recovery_code(self, account_id: str, digest: str, *, at: datetime) -> bool:
        """Use a recovery code up; False when there is none such, or it was used."""
        codes = table("recovery_codes")
        change = (
            update(codes)
            .where(
                self._mine(codes),
                codes.c.account_id == account_id,
                codes.c.digest == digest,
                codes.c.used_at.is_(None),
            )
            .values(used_at=at)
        )
        with self._unit.writing() as connection:
            return connection.execute(change).rowcount == 1

    def recovery_codes_left(self, account_id: str) -> int:
        """Return how many recovery codes were not used yet."""
        codes = table("recovery_codes")
        query = self._unit.rows(codes, codes.c.digest).where(
            codes.c.account_id == account_id, codes.c.used_at.is_(None)
        )
        with self._unit.reading() as connection:
            return len(connection.execute(query).all())

    def attempts(self, key: str) -> Attempts:
        """Return the failed attempts under a key (a digest)."""
        attempts = table("sign_in_attempts")
        query = self._unit.rows(attempts).where(attempts.c.key == key)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Attempts() if row is None else Attempts(row.failed, row.blocked_until)

    def count_failure(self, key: str, *, at: datetime) -> int | None:
        """Count one more failed attempt under a key; return how many there are, None if blocked.

        One statement looks at the block and raises the count, so that attempts
        made at the same time are all counted, and none slips past a block.
        """
        attempts = table("sign_in_attempts")
        is_open = or_(attempts.c.blocked_until.is_(None), attempts.c.blocked_until <= at)
        more = (
            update(attempts)
            .where(self._mine(attempts), attempts.c.key == key, is_open)
            .values(failed=attempts.c.failed + 1, recorded_at=at)
        )
        row = {**self._unit.stamp(at), "key": key, "failed": 1, "blocked_until": None}
        with self._unit.writing() as connection:
            if connection.execute(more).rowcount == 1:
                return self.attempts(key).failed
            if self.attempts(key).failed:
                return None
            try:
                with connection.begin_nested():
                    connection.execute(insert(attempts), [row])
            except IntegrityError:  # another connection was first to write this key
                return self.attempts(key).failed if connection.execute(more).rowcount else None
        return 1

    def block(self, key: str, *, until: datetime) -> None:
        """Listen to no attempt under a key until an instant."""
        self._change(table("sign_in_attempts"), "key", key, {"blocked_until": until})

    def forget_attempts(self, key: str) -> None:
        """Begin to count from nought."""
        attempts = table("sign_in_attempts")
        with self._unit.writing() as connection:
            connection.execute(delete(attempts).where(self._mine(attempts), attempts.c.key == key))

    def start_session(self, session: SessionRecord) -> None:
        """Write a new session."""
        row = {
            **self._unit.stamp(session.started_at),
            "session_id": session.id,
            "digest": session.digest,
            "account_id": session.account_id,
            "stage": session.stage.value,
            "seen_at": session.seen_at,
            "ends_at": session.ends_at,
            "ended_at": None,
            "agent": session.agent,
            "provider_token": session.provider_token,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("sessions")), [row])

    def session(self, digest: str) -> tuple[SessionRecord, Account] | None:
        """Return a session that was not ended, with its account, by its value's digest."""
        sessions = table("sessions")
        query = self._unit.rows(sessions).where(
            sessions.c.digest == digest, sessions.c.ended_at.is_(None)
        )
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        account = None if row is None else self.account(row.account_id)
        return None if row is None or account is None else (_session(row), account)

    def touch(self, session_id: str, *, at: datetime) -> None:
        """Write when a session was last used."""
        self._change(table("sessions"), "session_id", session_id, {"seen_at": at})

    def end_session(self, session_id: str, *, at: datetime) -> bool:
        """End a session; False when it had ended."""
        sessions = table("sessions")
        change = (
            update(sessions)
            .where(
                self._mine(sessions),
                sessions.c.session_id == session_id,
                sessions.c.ended_at.is_(None),
            )
            .values(ended_at=at, provider_token=None)
        )
        with self._unit.writing() as connection:
            return connection.execute(change).rowcount == 1

    def sessions(self, account_id: str) -> Sequence[SessionRecord]:
        """Return an account's sessions that were not ended, newest first."""
        sessions = table("sessions")
        query = (
            self._unit.rows(sessions)
            .where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None))
            .order_by(sessions.c.sequence.desc())
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(map(_session, rows))

    def end_sessions(
        self, account_id: str, *, at: datetime, but: str | None = None
    ) -> Sequence[str]:
        """End an account's sessions but one; return the ids of those ended."""
        with self._unit.writing():
            ended = [one.id for one in self.sessions(account_id) if one.id != but]
            return tuple(one for one in ended if self.end_session(one, at=at))

    def forget_ended(self, *, before: datetime) -> int:
        """Remove sessions that ended, and attempts that failed, before an instant."""
        sessions, attempts = table("sessions"), table("sign_in_attempts")
        over = or_(sessions.c.ended_at < before, sessions.c.ends_at < before)
        with self._unit.writing() as connection:
            gone = connection.execute(delete(sessions).where(self._mine(sessions), over))
            connection.execute(
                delete(attempts).where(self._mine(attempts), attempts.c.recorded_at < before)
            )
        return gone.rowcount

    def _mine(self, rows: Table) -> Any:
        return rows.c.tenant_id == self._unit.tenant

    def _change(self, rows: Table, column: str, identifier: str, values: dict[str, Any]) -> None:
        change = update(rows).where(self._mine(rows), rows.c[column] == identifier)
        with self._unit.writing() as connection:
            connection.execute(change.values(**values))

    def _one(self, column: str, value: str) -> Account | None:
        accounts = table("accounts")
        query = self._unit.rows(accounts).where(accounts.c[column] == value)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _account(row)


def _account_columns(account: Account) -> dict[str, Any]:
    return {
        **rights_columns(account.rights),
        "account_id": account.id,
        "login": account.login,
        "login_key": login_key(account.login),
        "name": account.name,
        "language": None if account.language is None else account.language.value,
        "source": account.source.value,
        "issuer": account.issuer,
        "subject": account.subject,
        "is_disabled": account.is_disabled,
        "password_hash": account.password_hash,
        "must_change": account.must_change,
        "totp_secret": account.totp_secret,
        "totp_pending": account.totp_pending,
        "totp_step": account.totp_step,
    }


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.account_id,
        tenant=TenantId(row.tenant_id),
        login=row.login,
        name=row.name,
        language=None if row.language is None else Language(row.language),
        source=AccountSource(row.source),
        rights=rights_of(row),
        created_at=row.recorded_at,
        is_disabled=row.is_disabled,
        password_hash=row.password_hash,
        must_change=row.must_change,
        totp_secret=row.totp_secret,
        totp_pending=row.totp_pending,
        totp_step=row.totp_step,
        issuer=row.issuer,
        subject=row.subject,
    )


def _session(row: Row[Any]) -> SessionRecord:
    return SessionRecord(
        id=row.session_id,
        digest=row.digest,
        account_id=row.account_id,
        stage=SessionStage(row.stage),
        started_at=row.recorded_at,
        seen_at=row.seen_at,
        ends_at=row.ends_at,
        agent=row.agent,
        provider_token=row.provider_token,
    )
