"""How consultations stand, as documents that every face shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import Comment, Consultation, Stage, Subject, fold
from sluicegate.frontier.drafts import Difference, Draft, compare, said
from sluicegate.rules.instruments import Title
from sluicegate.services.access.actions import Action
from sluicegate.services.consultation.writing import (
    CONSULTATION,
    ConsultationError,
    held,
    resource_of,
)
from sluicegate.services.desk import Desk


def list_consultations(
    desk: Desk, *, stages: Sequence[Stage] = (), subject: Subject | None = None
) -> Sequence[Consultation]:
    """Return consultations, the last one drafted first.

    Raises:
        RefusedError: consultations may not be read.
    """
    desk.must(Action.CONSULTATION_READ, desk.of(CONSULTATION))
    with_apart = desk.may(Action.CONSULTATION_WORK).is_allowed
    every = desk.store.consultations.every(with_apart=with_apart)
    found = [one for events in every.values() if (one := fold(events)) is not None]
    return tuple(
        one
        for one in reversed(found)
        if (not stages or one.stage in stages) and subject in (None, one.subject)
    )


def read_consultation(desk: Desk, consultation: str) -> Consultation:
    """Return a consultation; what is said in confidence only to who works on it.

    Raises:
        RefusedError: consultations may not be read.
        NotFoundError: there is none of this id.
    """
    desk.must(Action.CONSULTATION_READ, resource_of(desk, consultation))
    return held(desk, consultation)


def read_difference(
    desk: Desk, consultation: str, earlier: int | None = None, later: int | None = None
) -> Difference:
    """Return what differs between two versions; the last one and the one before it else.

    Raises:
        RefusedError: consultations may not be read.
        NotFoundError: there is none of this id.
        ConsultationError: there is no such version.
    """
    one = read_consultation(desk, consultation)
    after = _version(one, len(one.drafts) if later is None else later)
    before = _version(one, max(after.version - 1, 1) if earlier is None else earlier)
    return compare(before, after)


def _version(one: Consultation, number: int) -> Draft:
    found = one.version(number)
    if found is None:
        raise ConsultationError(
            say(
                "{consultation}: there is no version {version}; the last one is {last}.",
                consultation=one.consultation_id,
                version=number,
                last=len(one.drafts),
            )
        )
    return found


def row_json(one: Consultation, language: Language = Language.EN) -> dict[str, Any]:
    """Return a consultation as a row of a list."""
    issued = one.issued
    return {
        "id": one.consultation_id,
        "subject": one.subject.value,
        "stage": one.stage.value,
        "title": in_language(one.draft.title, language),
        "version": one.draft.version,
        "opens": day_text(one.opens),
        "closes": day_text(one.closes),
        "comments": len(one.comments),
        "unanswered": len(one.unanswered),
        "late": sum(each.is_late for each in one.comments),
        "issued_on": day_text(None if issued is None else issued.on),
        "first_day": day_text(None if issued is None else issued.first_day),
    }


def consultation_json(one: Consultation, language: Language = Language.EN) -> dict[str, Any]:
    """Return everything of a consultation that its reader may see."""
    issued = one.issued
    return {
        **row_json(one, language),
        "supersedes": one.supersedes or None,
        "extended_from": [day.isoformat() for day in one.extended],
        "closed_on": day_text(one.closed_on),
        "issued_version": None if issued is None else issued.version,
        "issued_by": None if issued is None else issued.by,
        "ended_on": day_text(one.ended_on),
        "ended_by": one.ended_by or None,
        "why_ended": one.why_ended or None,
        "versions": [version_json(each) for each in one.drafts],
        "comment_list": [comment_json(each) for each in one.comments],
        "accepted_without_change": [each.comment_id for each in one.accepted_without_change],
        "milestones": [
            {
                "name": each.name,
                "planned": day_text(each.planned),
                "reached": day_text(each.reached),
            }
            for each in one.milestones
        ],
        "attachments": [
            {
                "digest": each.digest,
                "name": each.name,
                "size": each.size,
                "at": at_text(each.at),
                "by": each.by,
            }
            for each in one.attachments
        ],
    }


def version_json(draft: Draft) -> dict[str, Any]:
    """Return a version of a draft, with the digest of all that it says."""
    return {
        "version": draft.version,
        **said(draft),
        "passages": list(draft.passages),
        "change": draft.change,
        "led_by": list(draft.led_by),
        "digest": draft.digest,
        "at": at_text(draft.at),
        "by": draft.by,
    }


def comment_json(one: Comment) -> dict[str, Any]:
    """Return a comment with its reply; words that are withheld are empty."""
    answer = one.reply
    return {
        "comment": one.comment_id,
        "version": one.version,
        "passage": one.passage,
        "organisation": one.organisation,
        "party": None if one.party is None else one.party.value,
        "contact": one.contact,
        "customer": one.customer,
        "text": one.text,
        "received_on": one.received_on.isoformat(),
        "is_late": one.is_late,
        "is_confidential": one.is_confidential,
        "is_withheld": one.is_withheld,
        "at": at_text(one.at),
        "outcome": None if answer is None else answer.outcome.value,
        "reasons": "" if answer is None else answer.reasons,
        "replied_at": None if answer is None else at_text(answer.at),
        "replied_by": None if answer is None else answer.by,
    }


def difference_json(found: Difference) -> dict[str, Any]:
    """Return what differs between two versions."""
    return {
        "earlier": found.earlier,
        "later": found.later,
        "fields": [
            {"name": one.name, "before": one.before, "after": one.after} for one in found.fields
        ],
        "passages": [
            {"side": one.side.value, "before": one.before, "after": one.after, "text": one.text}
            for one in found.lines
        ],
    }


def in_language(title: Title, language: Language) -> str:
    """Return a title in a language."""
    return title.zh if language is Language.ZH else title.en


def day_text(day: date | None) -> str | None:
    """Return a day as ISO text."""
    return None if day is None else day.isoformat()


def at_text(at: datetime) -> str:
    """Return an instant as ISO text, in the offset it came with."""
    return at.isoformat()
