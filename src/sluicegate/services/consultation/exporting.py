"""What an outsider may see of a consultation, and can check: one document.

It holds drafts with their digests, comments that are not confidential with their
replies, what changed and why, and the roadmap. Of what was said in confidence it
holds the number of comments, and nothing else. Contact persons and ids of customers
and of staff stay on the node.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import Comment, Consultation, Stage, fold
from sluicegate.frontier.drafts import Draft, compare
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.consultation.showing import (
    at_text,
    comment_json,
    consultation_json,
    difference_json,
    version_json,
)
from sluicegate.services.consultation.writing import (
    CONSULTATION,
    ConsultationError,
    held,
    resource_of,
)
from sluicegate.services.desk import Desk

FORMAT = "sluicegate-consultation-1"
EXPORTED = "consultation.exported"
_INSIDE = ("by", "issued_by", "ended_by", "replied_by", "contact", "customer", "is_withheld")
"""Fields that name people of the node or persons who may be asked; they stay inside."""


@dataclass(frozen=True, slots=True)
class Published:
    """The public document of a consultation, its digest, and the pages it makes."""

    document: dict[str, Any]
    digest: str


PageOf = Callable[[Published], str]
"""Makes a page that stands alone of what is published."""


def publish(desk: Desk, consultation: str) -> Published:
    """Return what an outsider may see of a consultation, and write that it was given out.

    Raises:
        RefusedError: consultations may not be read.
        NotFoundError: there is none of this id.
        ConsultationError: it was never opened; a draft is not for outsiders.
    """
    desk.must(Action.CONSULTATION_READ, resource_of(desk, consultation))
    held(desk, consultation)
    one = fold(desk.store.consultations.events(consultation))
    if one is None:
        raise NotFoundError(CONSULTATION, consultation)
    if one.opens is None:
        raise ConsultationError(
            say("{consultation}: was never opened; it is not public.", consultation=consultation)
        )
    document = public_document(one)
    made = Published(document, digest(document))
    record = {"consultation": consultation, "digest": made.digest, "events": one.events}
    desk.store.act(EXPORTED, record, at=desk.now(), by=desk.principal.id, reason=EXPORTED)
    return made


def public_document(one: Consultation) -> dict[str, Any]:
    """Return the public document of a consultation; confidential comments are only counted."""
    open_ones = tuple(each for each in one.comments if not each.is_confidential)
    known = {each.comment_id for each in open_ones}
    drafts = tuple(_public_draft(each, known) for each in one.drafts)
    shown = replace(one, comments=open_ones, drafts=drafts)
    document = consultation_json(shown)
    document |= {
        "format": FORMAT,
        "title": {"en": one.draft.title.en, "zh": one.draft.title.zh},
        "confidential_comments": len(one.comments) - len(open_ones),
        "superseded_by": one.ended_by if one.stage is Stage.SUPERSEDED else None,
        "changes": [difference_json(compare(*pair)) for pair in pairwise(drafts)],
        "versions": [
            {**version_json(each), "led_by_confidential": hidden}
            for each, hidden in zip(drafts, _hidden(one, known), strict=True)
        ],
        "comment_list": [_public_comment(each) for each in open_ones],
    }
    found: dict[str, Any] = _outside(document)
    return found


def _hidden(one: Consultation, known: set[str]) -> list[int]:
    """Return how many confidential comments led to each version."""
    return [sum(name not in known for name in each.led_by) for each in one.drafts]


def _public_draft(draft: Draft, known: set[str]) -> Draft:
    return replace(draft, led_by=tuple(name for name in draft.led_by if name in known))


def _public_comment(one: Comment) -> dict[str, Any]:
    return {**comment_json(one), "entered_at": at_text(one.at)}


def _outside(value: Any) -> Any:
    """Return a document without the fields that stay inside."""
    if isinstance(value, dict):
        return {name: _outside(one) for name, one in value.items() if name not in _INSIDE}
    return [_outside(one) for one in value] if isinstance(value, list) else value
