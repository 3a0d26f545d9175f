"""Allowances that a person enters by hand: made, checked by another where needed, revoked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sluicegate.cases.case import DecisionKind
from sluicegate.cases.rules import CaseRules, is_kind
from sluicegate.core.calendars import legal_day
from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import Allowance, AllowanceState, Match, MatchState
from sluicegate.services.screening.running import ALLOWANCE_LASTS

ALLOWED, CHECKED, REVOKED = "match allowed", "allowance checked", "allowance revoked"
"""The acts of entering, checking and revoking an allowance."""

_CONFIRMED_KIND = "passed/certain/enforced"
_OPEN_KIND = "passed/likely/enforced"


class AllowanceRefusedError(ValueError):
    """An allowance that cannot be entered or changed as it stands; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class NewAllowance:
    """What is entered: the match, why the two are not one, and until when.

    Without a day it lasts as long as the clearing of an alert does.
    """

    match_id: str
    reason: str
    expires: date | None = None


def list_allowances(desk: Desk) -> Sequence[Allowance]:
    """Return every allowance as it stands, oldest first."""
    desk.must(Action.CASE_READ)
    return desk.store.matches.allowances()


def needs_second(match: Match, rules: CaseRules) -> bool:
    """Say whether a second person checks the clearing of a match, as in a case."""
    kind = _CONFIRMED_KIND if match.state is MatchState.CONFIRMED else _OPEN_KIND
    return (
        match.state is MatchState.CONFIRMED
        or DecisionKind.CLEAR in rules.second_decisions
        or is_kind(kind, rules.second_clear)
    )


def allow(desk: Desk, new: NewAllowance, book: RuleBook) -> Allowance:
    """Enter that a screened party is not the listed one; the next run of screening acts on it.

    Where the clearing of the alert would need a second person, this does too: it
    waits as proposed.

    Raises:
        NotFoundError: there is no such match.
        RefusedError: the principal may not decide about matches.
        AllowanceRefusedError: no reason, a day that is over or too far, or nothing to allow.
    """
    at = desk.now()
    desk.must(Action.CASE_PROPOSE, _resource(desk))
    with desk.store.transaction():
        match = _match(desk, new.match_id)
        law = Law(book, legal_day(at))
        expires = _expires(new, law)
        _need(bool(new.reason.strip()), say("Say why the two are not one; give a reason."))
        _need(match.state.is_alert, say("The match raises no alert; there is nothing to allow."))
        _need(
            not _standing(desk, match),
            say("An allowance of this match stands or waits already; revoke it first."),
        )
        waits = needs_second(match, CaseRules.of(law))
        made = Allowance(
            allowance_id=f"a-{uuid7(at).hex[-16:]}",
            party_id=match.party_id,
            listed_id=match.listed_id,
            state=AllowanceState.PROPOSED if waits else AllowanceState.STANDING,
            reason=new.reason.strip(),
            expires=expires,
            party_essence=match.party_essence,
            listed_essence=match.listed_essence,
            entries=match.entries,
            score=match.pair.score,
            made_by=desk.principal.id,
            made_at=at,
        )
        _write(desk, made, ALLOWED)
    return made


def check_allowance(
    desk: Desk,
    allowance_id: str,
    *,
    is_approved: bool,
    reason: str = "",
    known_as: Collection[str] = (),
) -> Allowance:
    """Approve or reject what another person entered.

    `known_as` are other ids of the principal in small letters, such as the login
    on this machine: nobody approves what they entered under one of them.

    Raises:
        NotFoundError: there is no such allowance.
        RefusedError: the principal may not check, or entered it.
        AllowanceRefusedError: it does not wait for a check, or is rejected without a reason.
    """
    desk.must(Action.CASE_CHECK, _resource(desk))
    with desk.store.transaction():
        held = _allowance(desk, allowance_id)
        desk.must(Action.CASE_CHECK, _resource(desk, held.made_by))
        _need(
            held.state is AllowanceState.PROPOSED, say("The allowance does not wait for a check.")
        )
        _need(
            not is_approved or held.made_by.casefold() not in known_as,
            say("You proposed this at the command line; another person must check it."),
        )
        _need(is_approved or bool(reason.strip()), say("Say why it is rejected; give a reason."))
        state = AllowanceState.STANDING if is_approved else AllowanceState.REJECTED
        after = replace(held, state=state, checked_by=desk.principal.id)
        _write(desk, after, CHECKED)
    return after


def revoke(desk: Desk, allowance_id: str, reason: str) -> Allowance:
    """End an allowance before its day; the next run of screening opens the match again.

    Raises:
        NotFoundError: there is no such allowance.
        RefusedError: the principal may not decide about matches.
        AllowanceRefusedError: no reason, or it is over already.
    """
    desk.must(Action.CASE_PROPOSE, _resource(desk))
    with desk.store.transaction():
        held = _allowance(desk, allowance_id)
        _need(bool(reason.strip()), say("Say why it is revoked; give a reason."))
        _need(
            held.state in (AllowanceState.STANDING, AllowanceState.PROPOSED),
            say("The allowance is over already: {state:term}.", state=held.state.code),
        )
        after = replace(held, state=AllowanceState.REVOKED, reason=reason.strip())
        _write(desk, after, REVOKED)
    return after


def _expires(new: NewAllowance, law: Law) -> date:
    last = law.period(ALLOWANCE_LASTS).after(law.day)
    expires = new.expires or last
    _need(expires >= law.day, say("The day is over; give one that is still to come."))
    latest = say("An allowance holds until {last} at the latest; give a day.", last=last)
    _need(expires <= last, latest)
    return expires


def _standing(desk: Desk, match: Match) -> bool:
    return any(
        (one.party_id, one.listed_id) == (match.party_id, match.listed_id)
        and one.state in (AllowanceState.STANDING, AllowanceState.PROPOSED)
        for one in desk.store.matches.allowances()
    )


def _match(desk: Desk, match_id: str) -> Match:
    found = desk.store.matches.match(match_id)
    if found is None:
        raise NotFoundError("match", match_id)
    return found


def _allowance(desk: Desk, allowance_id: str) -> Allowance:
    versions = desk.store.matches.allowance_versions(allowance_id)
    if not versions:
        raise NotFoundError("allowance", allowance_id)
    return versions[-1].allowance


def _resource(desk: Desk, maker: str | None = None) -> Resource:
    """Return an allowance as the policies of cases know it: a decision of the node's own rules."""
    return Resource("case", desk.principal.tenant, maker=maker)


def _need(holds: bool, why: Sentence) -> None:
    if not holds:
        raise AllowanceRefusedError(why)


def _write(desk: Desk, one: Allowance, act: str) -> None:
    at, by = desk.now(), desk.principal.id
    desk.store.matches.write_allowances([one], at=at, by=by)
    record = {
        "allowance": one.allowance_id,
        "listed": one.listed_id,
        "state": one.state.value,
        "expires": one.expires.isoformat(),
    }
    desk.store.act(act, record, at=at, by=by, reason=act)
