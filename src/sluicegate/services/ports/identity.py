"""Accounts of people, sessions, machines, and what proves who they are, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language


class AccountSource(Enum):
    """Where an account comes from: this node, or the organisation's provider."""

    LOCAL = "local"
    OIDC = "oidc"


class SessionStage(Enum):
    """How far a sign-in has come; only a complete session has any rights."""

    SECOND_FACTOR = "second_factor"
    """The password was right; a code is asked for."""
    CHANGE_PASSWORD = "change_password"
    """The password was given by an administrator; a new one is asked for."""
    ENROL = "enrol"
    """The account has no second factor yet; one has to be set up."""
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account or a machine may do and see; `jurisdictions` None means all of them."""

    roles: frozenset[str]
    jurisdictions: frozenset[str] | None = None
    sealed_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `login` is unique in its tenant, whatever its case.

    `password_hash` is an argon2id hash, None for an account of the provider.
    `totp_secret` and `totp_pending` (an enrolment that waits for its first
    code) are encrypted. `totp_step` is the last half minute whose code was
    accepted. `must_change` asks for a new password at the next sign-in. Without
    a `language` the person reads in the browser's.
    """

    id: str
    tenant: TenantId
    login: str
    name: str
    language: Language | None
    source: AccountSource
    rights: Rights
    created_at: datetime
    is_disabled: bool = False
    password_hash: str | None = None
    must_change: bool = False
    totp_secret: str | None = None
    totp_pending: str | None = None
    totp_step: int | None = None
    issuer: str | None = None
    subject: str | None = None

    def __repr__(self) -> str:
        return f"Account({self.id})"

    @property
    def has_second_factor(self) -> bool:
        """Whether a second factor is set up."""
        return self.totp_secret is not None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as the store keeps it: by the digest of its value, never the value.

    `id` names it to people. `ends_at` is when it ends in any case.
    `provider_token` is the encrypted identity token, for signing out there.
    """

    id: str
    digest: str
    account_id: str
    stage: SessionStage
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    agent: str = ""
    provider_token: str | None = None


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failed attempts in a row, and until when no further one is listened to."""

    failed: int = 0
    blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A machine: its public keys as JWKs, and its rights.

    Tokens given before `tokens_from` are no longer accepted.
    """

    id: str
    tenant: TenantId
    name: str
    keys: tuple[Mapping[str, Any], ...]
    rights: Rights
    created_at: datetime
    tokens_from: datetime
    revoked_at: datetime | None = None


class Accounts(Protocol):
    """Accounts, sessions and failed attempts of one tenant."""

    def add(self, account: Account) -> None:
        """Write a new account. Raises LoginTakenError when its login is taken."""
        ...

    def save(self, account: Account, *names: str) -> None:
        """Write the named values of an account, such as `rights`; all others stay as they are.

        So a change does not undo another one that was made at the same moment.
        """
        ...

    def account(self, account_id: str) -> Account | None:
        """Return an account by its id."""
        ...

    def by_login(self, login: str) -> Account | None:
        """Return an account by its login, whatever its case."""
        ...

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """Return the account of a person of the provider."""
        ...

    def all(self) -> Sequence[Account]:
        """Return every account, by login."""
        ...

    def use_step(self, account_id: str, step: int) -> bool:
        """Mark a half minute as used; False when it, or a later one, was used before."""
        ...

    def set_recovery_codes(self, account_id: str, digests: Sequence[str], *, at: datetime) -> None:
        """Replace an account's recovery codes by new ones."""
        ...

    def use_recovery_code(self, account_id: str, digest: str, *, at: datetime) -> bool:
        """Use a recovery code up; False when there is none such, or it was used."""
        ...

    def recovery_codes_left(self, account_id: str) -> int:
        """Return how many recovery codes were not used yet."""
        ...

    def attempts(self, key: str) -> Attempts:
        """Return the failed attempts under a key (a digest)."""
        ...

    def count_failure(self, key: str, *, at: datetime) -> int | None:
        """Count one more failed attempt under a key; return how many there are, None if blocked.

        Looking at the block and counting are one step: of attempts made at the
        same time none slips past.
        """
        ...

    def block(self, key: str, *, until: datetime) -> None:
        """Listen to no attempt under a key until an instant."""
        ...

    def forget_attempts(self, key: str) -> None:
        """Begin to count from nought."""
        ...

    def start_session(self, session: SessionRecord) -> None:
        """Write a new session."""
        ...

    def session(self, digest: str) -> tuple[SessionRecord, Account] | None:
        """Return a session that was not ended, with its account, by its value's digest."""
        ...

    def touch(self, session_id: str, *, at: datetime) -> None:
        """Write when a session was last used."""
        ...

    def end_session(self, session_id: str, *, at: datetime) -> bool:
        """End a session; False when it had ended."""
        ...

    def sessions(self, account_id: str) -> Sequence[SessionRecord]:
        """Return an account's sessions that were not ended, newest first."""
        ...

    def end_sessions(
        self, account_id: str, *, at: datetime, but: str | None = None
    ) -> Sequence[str]:
        """End an account's sessions but one; return the ids of those ended."""
        ...

    def forget_ended(self, *, before: datetime) -> int:
        """Remove sessions that ended, and attempts that failed, before an instant."""
        ...


class LoginTakenError(ValueError):
    """A login that another account of the tenant has."""


class Clients(Protocol):
    """Machines of one tenant, and the assertions that they have used."""

    def add(self, client: Client) -> None:
        """Write a new machine."""
        ...

    def save(self, client: Client) -> None:
        """Write a machine's keys, rights and ends over the ones that stand."""
        ...

    def client(self, client_id: str) -> Client | None:
        """Return a machine by its id."""
        ...

    def all(self) -> Sequence[Client]:
        """Return every machine, revoked ones too, oldest first."""
        ...

    def use_assertion(
        self, client_id: str, digest: str, *, ends_at: datetime, at: datetime
    ) -> bool:
        """Use an assertion's id up; False when it was used before."""
        ...


class PasswordHashes(Protocol):
    """Hashes passwords slowly, with a salt."""

    def hashed(self, password: str) -> str:
        """Return a hash of a password, with its parameters."""
        ...

    def matches(self, hashed: str | None, password: str) -> bool:
        """Say whether a password has a hash; without one, take as long and say no."""
        ...

    def is_dated(self, hashed: str) -> bool:
        """Say whether a hash was made with other parameters than today's."""
        ...


class OneTimeCodes(Protocol):
    """Codes of an authenticator app (RFC 6238)."""

    def new_secret(self) -> str:
        """Return a new secret, in base 32."""
        ...

    def step_of(self, secret: str, code: str, *, at: datetime) -> int | None:
        """Return the half minute whose code this is, among this one and its neighbours."""
        ...

    def address(self, secret: str, *, login: str, issuer: str) -> str:
        """Return the otpauth address that an app reads."""
        ...

    def picture(self, address: str) -> str:
        """Return an address as a QR code, an SVG picture."""
        ...


class SecretBox(Protocol):
    """Encrypts small secrets with a key of the node."""

    def seal(self, text: str, context: str) -> str:
        """Encrypt a text for a context; it opens only in the same context."""
        ...

    def open(self, sealed: str, context: str) -> str:
        """Decrypt a text. Raises SecretError when it was changed, or is another context's."""
        ...


class SecretError(ValueError):
    """A secret that does not open: changed, of another context, or its key is gone."""


class UnsoundTokenError(ValueError):
    """A signed token that cannot be read, or whose signature does not hold; the text says why."""


@dataclass(frozen=True, slots=True)
class SignedClaims:
    """The header and the claims of a token whose signature holds."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


class Signatures(Protocol):
    """Reads signed tokens and public keys; the list of algorithms is fixed in the adapter."""

    def public_keys(self, text: str) -> tuple[Mapping[str, Any], ...]:
        """Return the public keys in a PEM, JWK or JWKS text, as JWKs with key ids.

        Raises:
            UnsoundTokenError: a private key, one too weak, or of no accepted kind.
        """
        ...

    def unverified(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token before its signature is looked at; trust none of them."""
        ...

    def verified(self, token: str, keys: Sequence[Mapping[str, Any]]) -> SignedClaims:
        """Return a token's claims when one of the keys has signed it.

        Raises:
            UnsoundTokenError: none has, or the algorithm is not accepted.
        """
        ...


class TokenKeys(Protocol):
    """The node's own signing keys: the newest signs, older ones verify until their time ends."""

    def sign(self, claims: Mapping[str, Any], *, at: datetime) -> str:
        """Return claims as a signed token of type at+jwt."""
        ...

    def verified(self, token: str, *, at: datetime) -> SignedClaims:
        """Return the claims of a token of this node. Raises UnsoundTokenError."""
        ...

    def rotate(self, *, at: datetime) -> str:
        """Make a new signing key; return its id."""
        ...

    def public(self) -> tuple[Mapping[str, Any], ...]:
        """Return the public keys, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderSignIn:
    """A sign-in that has been sent to the provider; `address` is where the person goes."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class ProviderPerson:
    """A person as the provider vouches for them; `id_token` is kept for signing out there."""

    issuer: str
    subject: str
    login: str
    name: str
    groups: frozenset[str]
    id_token: str


class ProviderError(RuntimeError):
    """The provider cannot be reached, or what it answers does not hold; the text says why."""


class Provider(Protocol):
    """The organisation's OpenID provider."""

    def begin(self, return_to: str) -> ProviderSignIn:
        """Start a sign-in that comes back to an address. Raises ProviderError."""
        ...

    def finish(
        self, answer: Mapping[str, str], started: ProviderSignIn, return_to: str
    ) -> ProviderPerson:
        """Return the person from the provider's answer (its query). Raises ProviderError."""
        ...

    def sign_out(self, id_token: str, return_to: str) -> str | None:
        """Return where a person signs out at the provider, or None when it offers nothing."""
        ...
