"""Signing in with the organisation's own provider (OpenID Connect)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.identity.errors import SignInRefusedError
from sluicegate.services.identity.parts import NODE, IdentityParts
from sluicegate.services.identity.people import rights_record
from sluicegate.services.identity.sessions import Started, act, start
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    LoginTakenError,
    Provider,
    ProviderPerson,
    ProviderSignIn,
    Rights,
    SecretError,
    SessionStage,
)
from sluicegate.services.setting_values import GroupGrant

CALLBACK = "/sign-in/callback"
"""Where the provider sends people back to, below the node's address."""

_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SentOut:
    """A person sent to the provider: where to, and what their browser keeps until they return.

    `keep` belongs into a short-lived HttpOnly cookie; it is encrypted.
    """

    address: str
    keep: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """A person who came back from the provider, and the page that they had asked for."""

    started: Started
    path: str


def send_out(parts: IdentityParts, *, path: str = "/", language: Language = Language.EN) -> SentOut:
    """Start a sign-in at the provider.

    Raises:
        SignInRefusedError: no provider is set.
        ProviderError: it cannot be reached.
    """
    provider = _provider(parts)
    begun = provider.begin(parts.base_url + CALLBACK)
    kept = {
        "address": begun.address,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "path": local_path(path),
        "language": language.value,
        "at": parts.now().isoformat(),
    }
    return SentOut(begun.address, parts.box.seal(json.dumps(kept), _context(parts)))


def take_back(
    parts: IdentityParts, answer: Mapping[str, str], keep: str, *, agent: str = ""
) -> Returned:
    """Finish a sign-in from the provider's answer and what the browser kept.

    The account is made at the first sign-in; its rights follow the groups each
    time.

    Raises:
        SignInRefusedError: this browser began no such sign-in, it took too long, or the
            person has no group with a role here.
        ProviderError: the provider's answer does not hold.
    """
    provider = _provider(parts)
    kept = _kept(parts, keep)
    state = answer.get("state", "")
    if not hmac.compare_digest(state.encode(), kept["state"].encode()):
        raise _begin_again()
    if parts.now() - datetime.fromisoformat(kept["at"]) > _TIME:
        raise _begin_again()
    begun = ProviderSignIn(kept["address"], kept["state"], kept["nonce"], kept["verifier"])
    found = provider.finish(answer, begun, parts.base_url + CALLBACK)
    rights = rights_of_groups(parts.settings.groups, found.groups)
    with parts.store.transaction():
        account = _account_of(parts, found, rights, Language(kept["language"]))
        if account is not None:
            complete = SessionStage.COMPLETE
            started = start(parts, account, complete, agent=agent, id_token=found.id_token)
            return Returned(started, kept["path"])
    raise SignInRefusedError(
        say(
            "Your organisation's provider knows you, but none of your groups has a role here, "
            "or your account is disabled; ask an administrator."
        )
    )


def rights_of_groups(grants: Mapping[str, GroupGrant], groups: Iterable[str]) -> Rights | None:
    """Return what the groups of a person permit together, or None when they permit nothing.

    >>> rights_of_groups({"desk": GroupGrant(frozenset({"analyst"}))}, ["desk"]).jurisdictions
    >>> rights_of_groups({"desk": GroupGrant(frozenset({"analyst"}))}, ["guests"]) is None
    True
    """
    found = [grants[group] for group in sorted(set(groups)) if group in grants]
    if not found:
        return None
    places: frozenset[str] | None = frozenset()
    for grant in found:
        if places is None or grant.jurisdictions is None:
            places = None
        else:
            places |= grant.jurisdictions
    return Rights(
        frozenset().union(*(grant.roles for grant in found)),
        places,
        frozenset().union(*(grant.sealed_groups for grant in found)),
    )


def local_path(path: str) -> str:
    """Return a path on this node, or the first page for anything that leads elsewhere.

    >>> local_path("/cases?state=open"), local_path("//elsewhere.example")
    ('/cases?state=open', '/')
    >>> local_path("https://elsewhere.example")
    '/'
    """
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() and "\\" not in path else "/"


def _account_of(
    parts: IdentityParts, found: ProviderPerson, rights: Rights | None, language: Language
) -> Account | None:
    """Return the account of a person of the provider, made or brought up to date."""
    accounts = parts.store.accounts
    account = accounts.by_subject(found.issuer, found.subject)
    if account is None:
        return None if rights is None else _add(parts, found, rights, language)
    if rights is None:
        # Who lost every group loses the sessions that are still open.
        ended = accounts.end_sessions(account.id, at=parts.now())
        if ended:
            _act(parts, "session.ended", account, sessions=list(ended))
        return None
    changed = replace(account, rights=rights, name=found.name or account.name)
    if changed.rights != account.rights:
        accounts.save(changed, "rights")
        before = rights_record(account.rights)
        _act(parts, "account.rights_set", account, before=before, **rights_record(rights))
    if changed.name != account.name:
        accounts.save(changed, "name")
        _act(parts, "account.renamed", account)
    return None if account.is_disabled else changed


def _add(
    parts: IdentityParts, found: ProviderPerson, rights: Rights, language: Language
) -> Account:
    """Make the account; a login that a local account has is never taken over."""
    account = Account(
        id=parts.new_id(),
        tenant=parts.tenant,
        login=found.login,
        name=found.name or found.login,
        language=language,
        source=AccountSource.OIDC,
        rights=rights,
        created_at=parts.now(),
        issuer=found.issuer,
        subject=found.subject,
    )
    if parts.store.accounts.by_login(found.login) is not None:
        account = replace(account, login=f"{found.login} ({account.id[-8:]})")
    try:
        parts.store.accounts.add(account)
    except LoginTakenError as error:  # the same person came back twice at the same moment
        raise _begin_again() from error
    source = account.source.value
    _act(parts, "account.added", account, source=source, **rights_record(rights))
    return account


def _kept(parts: IdentityParts, keep: str) -> Mapping[str, str]:
    try:
        kept: Mapping[str, str] = json.loads(parts.box.open(keep, _context(parts)))
    except SecretError as error:
        raise _begin_again() from error
    return kept


def _provider(parts: IdentityParts) -> Provider:
    if parts.provider is None:
        raise SignInRefusedError(
            say("This node has no provider of the organisation; sign in with a local account.")
        )
    return parts.provider


def _context(parts: IdentityParts) -> str:
    return parts.context_of("provider", "sign-in")


def _begin_again() -> SignInRefusedError:
    return SignInRefusedError(
        say("This sign-in was begun elsewhere or took too long; begin again.")
    )


def _act(parts: IdentityParts, name: str, account: Account, **record: object) -> None:
    act(parts, name, account.id, "said by the provider", by=NODE, **record)
