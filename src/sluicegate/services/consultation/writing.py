"""Writing what happened in a consultation with its act, and reading how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sluicegate.core.calendars import legal_day
from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.consultation import Consultation, Event, Happening, fold
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.present.keys import is_storable

CONSULTATION = "consultation"
MOST_WORDS = 20_000
"""Signs of a comment, a reply or a reason at most."""
MOST_LINE = 300
CONTACT = "contact"
_NAMED = ("version", "comment", "outcome", "file")
"""Parts of an event that its act names: ids, numbers and codes."""


class ConsultationError(ValueError):
    """Something that cannot be done in a consultation as it stands; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class BadEntryError(ConsultationError):
    """Something given that cannot be used, whatever the consultation stands like."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an event says: what stands in its own row, and what is kept apart."""

    happening: Happening
    data: Mapping[str, Any] = field(default_factory=dict)
    apart: Mapping[str, Any] | None = None


def today(desk: Desk) -> date:
    """Return the legal day of the present instant."""
    return legal_day(desk.now())


def resource_of(desk: Desk, consultation: str, *, maker: str | None = None) -> Resource:
    """Return a consultation as policies know it."""
    return Resource(CONSULTATION, desk.principal.tenant, consultation, maker=maker)


def held(desk: Desk, consultation: str) -> Consultation:
    """Return how a consultation stands, for use cases that have asked for leave.

    What is said in confidence is read only for who works on consultations.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = None
    if is_storable(consultation):
        with_apart = desk.may(Action.CONSULTATION_WORK).is_allowed
        found = fold(desk.store.consultations.events(consultation, with_apart=with_apart))
    if found is None:
        raise NotFoundError(CONSULTATION, consultation if is_storable(consultation) else "")
    return found


def need(why_not: Sentence | None) -> None:
    """Go on only when nothing is said against it.

    Raises:
        ConsultationError: with what is said.
    """
    if why_not is not None:
        raise ConsultationError(why_not)


def write(desk: Desk, consultation: str, number: int, said: Said) -> Event:
    """Write an event with its act, in one transaction.

    The act holds ids and digests, no word of what was said; the digest leaves out who
    may be asked. Of what is kept apart the act holds nothing, as a digest of a few
    words can be guessed.

    Raises:
        ConsultationChangedError: somebody else wrote meanwhile.
    """
    at = desk.now()
    by = desk.principal.id
    event = Event(consultation, number, said.happening, said.data, at, by, said.apart)
    name = said.happening.code
    record: dict[str, Any] = {"consultation": consultation, "event": number}
    if said.apart is None:
        record["digest"] = digest({k: v for k, v in said.data.items() if k != CONTACT})
    record |= {part: said.data[part] for part in _NAMED if part in said.data}
    with desk.store.transaction():
        desk.store.consultations.add(event)
        desk.store.act(name, record, at=at, by=by, reason=name)
    return event


def need_words(name: Sentence, text: str, most: int = MOST_WORDS) -> str:
    """Return a text that is needed, without spaces around it.

    Raises:
        BadEntryError: it is empty, too long, or cannot be kept.
    """
    plain = kept_words(name, text, most)
    if not plain:
        raise BadEntryError(say("{name} is missing; give it.", name=name))
    return plain


def kept_words(name: Sentence, text: str, most: int = MOST_WORDS) -> str:
    """Return a text that may be empty, without spaces around it.

    Raises:
        BadEntryError: it is too long, or cannot be kept.
    """
    plain = text.strip()
    if len(plain) > most:
        raise BadEntryError(
            say("{name} is longer than {most} signs; shorten it.", name=name, most=most)
        )
    if not is_storable(plain):
        raise BadEntryError(say("{name} holds signs that cannot be kept.", name=name))
    return plain
