"""Issuing what was consulted on, by a second person, and withdrawing it."""

from __future__ import annotations

from datetime import timedelta

from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import Consultation, Happening, Stage
from sluicegate.frontier.consultation_steps import not_to_issue, not_to_withdraw
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.consultation.writing import (
    ConsultationError,
    Said,
    held,
    need,
    need_words,
    resource_of,
    today,
    write,
)
from sluicegate.services.desk import Desk


def issue(desk: Desk, consultation: str) -> Consultation:
    """Issue the last version of a closed consultation; who drafted any version may not.

    What it supersedes ends the day before this one begins.

    Raises:
        NotFoundError: there is no such consultation.
        RefusedError: the principal may not issue, wrote the last version, or did not sign in.
        ConsultationError: it is open, a comment has no reply, or its first day is past.
        ConsultationChangedError: somebody else wrote meanwhile.
    """
    desk.must(Action.CONSULTATION_ISSUE, resource_of(desk, consultation))
    one = held(desk, consultation)
    draft = one.draft
    desk.must(Action.CONSULTATION_ISSUE, resource_of(desk, consultation, maker=draft.by))
    mine = acting_names(desk)
    if any(each.by.casefold() in mine for each in one.drafts):
        raise ConsultationError(
            say("You wrote a version of this draft; another person must issue it.")
        )
    now = today(desk)
    need(not_to_issue(one, now))
    first = draft.starts or now
    data = {
        "version": draft.version,
        "on": now.isoformat(),
        "first_day": first.isoformat(),
        "said": draft.digest,
    }
    with desk.store.transaction():
        write(desk, consultation, one.events + 1, Said(Happening.ISSUED, data))
        if one.supersedes:
            older = held(desk, one.supersedes)
            if older.stage is not Stage.ISSUED:
                raise ConsultationError(
                    say(
                        "{consultation}: is no longer in force; nothing takes its place.",
                        consultation=one.supersedes,
                    )
                )
            ended = {
                "on": first.isoformat(),
                "known_on": now.isoformat(),
                "by": consultation,
            }
            write(desk, one.supersedes, older.events + 1, Said(Happening.SUPERSEDED, ended))
        return held(desk, consultation)


def withdraw(desk: Desk, consultation: str, reason: str) -> Consultation:
    """Withdraw a consultation, or what it issued: that ends with today.

    A draft that was never open is withdrawn by who may draft; everything else by who
    may issue, signed in.

    Raises:
        NotFoundError: there is no such consultation.
        RefusedError: the principal may not withdraw it.
        ConsultationError: it has ended already, or the reason is missing.
        ConsultationChangedError: somebody else wrote meanwhile.
    """
    desk.must(Action.CONSULTATION_READ, resource_of(desk, consultation))
    one = held(desk, consultation)
    is_draft = one.stage is Stage.DRAFTED
    action = Action.CONSULTATION_WORK if is_draft else Action.CONSULTATION_ISSUE
    desk.must(action, resource_of(desk, consultation))
    need(not_to_withdraw(one))
    now = today(desk)
    ends = now + timedelta(days=1) if one.stage is Stage.ISSUED else now
    data = {
        "on": ends.isoformat(),
        "known_on": now.isoformat(),
        "reason": need_words(say("The reason"), reason),
    }
    write(desk, consultation, one.events + 1, Said(Happening.WITHDRAWN, data))
    return held(desk, consultation)
