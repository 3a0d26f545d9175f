"""Identity of one tenant, everything joined: what the console, the API and the commands call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.identity import machines, people, provider, sessions, signing_in
from sluicegate.services.identity.machines import AccessToken
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.people import Issued, NewPerson
from sluicegate.services.identity.provider import Returned, SentOut
from sluicegate.services.identity.sessions import SessionShown, SignedIn, Started
from sluicegate.services.identity.signing_in import Enrolled, Enrolment
from sluicegate.services.identity.values import tenant_of_session
from sluicegate.services.ports.identity import Account, Client, Rights, SessionRecord


@dataclass(frozen=True)
class Identity:
    """Who people and machines of one tenant are.

    What people do with their own account takes the session's value (the cookie)
    as `token`, and gives a new one wherever a step succeeds. What an
    administrator does takes a `Desk`. Each method is the function of its name in
    `services.identity`; errors are documented there.
    """

    parts: IdentityParts

    @property
    def tenant(self) -> TenantId:
        """The tenant."""
        return self.parts.tenant

    @property
    def has_provider(self) -> bool:
        """Whether people can sign in with the organisation's provider."""
        return self.parts.provider is not None

    def sign_in(self, login: str, password: str, *, agent: str = "") -> Started:
        """Take a login and a password; the stage says what is asked for next."""
        return signing_in.sign_in(self.parts, login, password, agent=agent)

    def second_factor(self, token: str, code: str) -> Started:
        """Take a code of the authenticator app, or a recovery code."""
        return signing_in.second_factor(self.parts, token, code)

    def begin_enrolment(self, token: str, *, password: str | None = None) -> Enrolment:
        """Make a secret for an authenticator app."""
        return signing_in.begin_enrolment(self.parts, token, password=password)

    def confirm_enrolment(self, token: str, code: str) -> Enrolled:
        """Take the first code of a new authenticator app."""
        return signing_in.confirm_enrolment(self.parts, token, code)

    def change_password(self, token: str, new: str, *, old: str = "") -> Started:
        """Change the own password; other sessions end."""
        return signing_in.change_password(self.parts, token, new, old=old)

    def new_recovery(self, token: str, password: str) -> tuple[str, ...]:
        """Return new recovery codes."""
        return signing_in.new_recovery(self.parts, token, password)

    def recovery_codes_left(self, who: SignedIn) -> int:
        """Return how many recovery codes a person has not used yet."""
        return self.parts.store.accounts.recovery_codes_left(who.account_id)

    def set_language(self, who: SignedIn, language: Language) -> None:
        """Set the own language."""
        signing_in.set_language(self.parts, who, language)

    def session(self, token: str) -> SignedIn | None:
        """Return who a session's value belongs to, or None."""
        return sessions.session(self.parts, token)

    def principal(self, token: str) -> Principal | None:
        """Return who acts by a session's value; None unless the sign-in is complete."""
        return sessions.principal(self.parts, token)

    def sign_out(self, token: str) -> str | None:
        """End the session; return where to sign out at the provider, if anywhere."""
        return sessions.sign_out(self.parts, token, return_to=self.parts.base_url + "/")

    def own_sessions(self, who: SignedIn) -> Sequence[SessionShown]:
        """Return the own sessions, newest first."""
        return sessions.own_sessions(self.parts, who)

    def end_own_session(self, who: SignedIn, session_id: str) -> bool:
        """End one of the own sessions."""
        return sessions.end_own_session(self.parts, who, session_id)

    def send_out(self, *, path: str = "/", language: Language = Language.EN) -> SentOut:
        """Start a sign-in at the organisation's provider."""
        return provider.send_out(self.parts, path=path, language=language)

    def take_back(self, answer: Mapping[str, str], keep: str, *, agent: str = "") -> Returned:
        """Finish a sign-in from the provider's answer and what the browser kept."""
        return provider.take_back(self.parts, answer, keep, agent=agent)

    def add_person(self, desk: Desk, person: NewPerson) -> Issued:
        """Make a local account."""
        return people.add_person(self.parts, desk, person)

    def people(self, desk: Desk) -> Sequence[Account]:
        """Return every account, by login."""
        return people.people(self.parts, desk)

    def person(self, desk: Desk, account_id: str) -> Account:
        """Return an account; the reading is an act."""
        return people.person(self.parts, desk, account_id)

    def by_login(self, desk: Desk, login: str) -> Account:
        """Return an account by its login."""
        return people.by_login(self.parts, desk, login)

    def disable(self, desk: Desk, account_id: str) -> Account:
        """Let an account sign in no more."""
        return people.disable(self.parts, desk, account_id)

    def enable(self, desk: Desk, account_id: str) -> Account:
        """Let a disabled account sign in again."""
        return people.enable(self.parts, desk, account_id)

    def set_rights(self, desk: Desk, account_id: str, rights: Rights) -> Account:
        """Set what an account may do."""
        return people.set_rights(self.parts, desk, account_id, rights)

    def reset(self, desk: Desk, account_id: str, *, second_factor: bool = False) -> Issued:
        """Give a local account a password that must be changed."""
        return people.reset(self.parts, desk, account_id, second_factor=second_factor)

    def sessions_of(self, desk: Desk, account_id: str) -> Sequence[SessionRecord]:
        """Return an account's sessions, newest first; the reading is an act."""
        return people.sessions_of(self.parts, desk, account_id)

    def end_sessions_of(self, desk: Desk, account_id: str) -> int:
        """End all sessions of an account."""
        return people.end_sessions_of(self.parts, desk, account_id)

    def add_client(self, desk: Desk, name: str, keys: str, rights: Rights) -> Client:
        """Make a machine known by its public keys."""
        return machines.add_client(self.parts, desk, name, keys, rights)

    def clients(self, desk: Desk) -> Sequence[Client]:
        """Return every machine."""
        return machines.clients(self.parts, desk)

    def revoke_client(self, desk: Desk, client_id: str) -> Client:
        """Accept a machine no more."""
        return machines.revoke_client(self.parts, desk, client_id)

    def rotate_client(
        self, desk: Desk, client_id: str, keys: str, *, keep_old: bool = False
    ) -> Client:
        """Give a machine new public keys."""
        return machines.rotate_client(self.parts, desk, client_id, keys, keep_old=keep_old)

    def exchange(self, assertion: str) -> AccessToken:
        """Give a machine a token for an assertion that it has signed."""
        return machines.exchange(self.parts, assertion)

    def principal_of_token(self, token: str) -> Principal:
        """Return the machine that a token was given to."""
        return machines.principal_of_token(self.parts, token)


@dataclass(frozen=True)
class Identities:
    """Identity of every tenant of an installation: finds the tenant by what is shown."""

    by_tenant: Mapping[TenantId, Identity]

    def of(self, tenant: TenantId) -> Identity | None:
        """Return a tenant's identity, or None for a tenant that is not served."""
        return self.by_tenant.get(tenant)

    def session(self, token: str) -> SignedIn | None:
        """Return who a session's value belongs to, in whichever tenant it names."""
        identity = self.of_session(token)
        return None if identity is None else identity.session(token)

    def of_session(self, token: str) -> Identity | None:
        """Return the identity of the tenant that a session's value names."""
        tenant = tenant_of_session(token)
        return None if tenant is None else self.of(tenant)

    def exchange(self, assertion: str) -> AccessToken:
        """Give a machine of any tenant a token. Raises TokenRefusedError."""
        return self._of_assertion(assertion).exchange(assertion)

    def principal_of_token(self, token: str) -> Principal:
        """Return the machine, of any tenant, that a token was given to.

        Raises:
            TokenRefusedError: not a token of this node, or it has ended.
        """
        first = next(iter(self.by_tenant.values()))
        claimed = machines.tenant_of_token(first.parts, token)
        identity = first if claimed is None else self.by_tenant.get(TenantId(claimed), first)
        return identity.principal_of_token(token)

    def _of_assertion(self, assertion: str) -> Identity:
        for identity in self.by_tenant.values():
            if machines.issuer_of(identity.parts, assertion):
                return identity
        return next(iter(self.by_tenant.values()))
