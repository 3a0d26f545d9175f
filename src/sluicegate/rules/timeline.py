"""What happens to an instrument over time: every dated status and value, in order of day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.reasons import Mark, say
from sluicegate.rules.instruments import DatedValue, Instrument, Parameter, Status
from sluicegate.rules.showing import limit_words, titled

Dated = TypeVar("Dated", DatedValue, Status)


class EventKind(Enum):
    """What happens on a day."""

    PUBLISHED = "published"
    KNOWN = "known"
    STATUS = "status"
    VALUE = "value"


_ORDER = list(EventKind)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to an instrument, or to a parameter of it.

    `day` None stands for every day. With `not_before` the day is not known: it
    lies after that day and no later than `day`. `until` is the first day on
    which the next status or value holds. A status or value that could be known
    on another day than it begins has an event of its own on that day, `KNOWN`.
    """

    instrument: Instrument
    kind: EventKind
    day: date | None
    reference: str
    mark: Mark
    parameter: Parameter | None = None
    after: DatedValue | Status | None = None
    before: DatedValue | Status | None = None
    not_before: date | None = None
    until: date | None = None
    known_from: date | None = None

    @property
    def subject(self) -> str:
        """The id of the parameter, or of the instrument."""
        return self.instrument.id if self.parameter is None else self.parameter.id

    def title(self, language: Language) -> str:
        """Return what the event is about."""
        one = self.instrument if self.parameter is None else self.parameter
        return titled(one.title, language)

    def words(self, language: Language) -> str:
        """Return the status or value from this day on."""
        if self.kind is EventKind.PUBLISHED:
            return phrase("published", language)
        words = self.state_words(self.after, language)
        if self.kind is not EventKind.KNOWN:
            return words
        start = None if self.after is None else self.after.start
        return say("known, for days from {day} on: {words}", day=start, words=words).text(language)

    def state_words(self, state: DatedValue | Status | None, language: Language) -> str:
        """Write a status, or a value with unit and comparator."""
        if isinstance(state, Status):
            parts = (state.text, state.enforcement)
            comma = "，" if language is Language.ZH else ", "
            return comma.join(term(part.value, language) for part in parts)
        if state is None or self.parameter is None:
            return ""
        return limit_words(self.parameter, state.value, language)

    def row(self, language: Language) -> dict[str, Any]:
        """Return the event as a row of a table."""
        return {
            "from": "" if self.day is None else self.day.isoformat(),
            "not_before": _text(self.not_before),
            "until": _text(self.until),
            "kind": self.kind.value,
            "id": self.subject,
            "title": self.title(language),
            "what": self.words(language),
            "known_from": _text(self.known_from),
            "reference": self.reference,
            "mark": self.mark.value,
        }


ROW = (
    *("from", "not_before", "until", "kind", "id"),
    *("title", "what", "known_from", "reference", "mark"),
)
"""The columns of a row, in order."""


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def events(instrument: Instrument, known_on: date | None = None) -> tuple[Event, ...]:
    """Return everything that happens to an instrument, as known on a day, in order of day."""
    found = [
        *_published(instrument, known_on),
        *_statuses(instrument, known_on),
        *(event for one in instrument.parameters for event in _values(instrument, one, known_on)),
    ]
    return tuple(sorted(found, key=_place))


def _place(event: Event) -> tuple[date, int, str]:
    return event.day or date.min, _ORDER.index(event.kind), event.subject


def _published(one: Instrument, known_on: date | None) -> Iterator[Event]:
    if one.published is not None and (known_on is None or one.published <= known_on):
        yield Event(one, EventKind.PUBLISHED, one.published, one.citation, Mark.FOUND)


def _statuses(one: Instrument, known_on: date | None) -> Iterator[Event]:
    known = _known(one.statuses, known_on)
    for before, status, until in _steps(known):
        yield Event(
            one,
            EventKind.STATUS,
            status.start,
            status.reference,
            status.mark,
            after=status,
            before=before,
            until=until,
            known_from=status.known_from,
        )
        yield from _became_known(one, None, status)


def _values(one: Instrument, parameter: Parameter, known_on: date | None) -> Iterator[Event]:
    known = _known(parameter.values, known_on)
    for before, dated, until in _steps(known):
        yield Event(
            one,
            EventKind.VALUE,
            dated.start,
            dated.reference,
            dated.mark,
            parameter,
            dated,
            before,
            dated.not_before,
            until,
            dated.known_from,
        )
        yield from _became_known(one, parameter, dated)


def _became_known(
    one: Instrument, parameter: Parameter | None, state: DatedValue | Status
) -> Iterator[Event]:
    """Yield the day on which something became known, where no other event says it."""
    known = state.known_from
    if known is not None and known not in (state.start, one.published):
        yield Event(one, EventKind.KNOWN, known, state.reference, state.mark, parameter, state)


def _known(states: Sequence[Dated], known_on: date | None) -> list[Dated]:
    return [
        one
        for one in states
        if known_on is None or one.known_from is None or one.known_from <= known_on
    ]


def _steps(states: Sequence[Dated]) -> Iterator[tuple[Dated | None, Dated, date | None]]:
    """Yield each state with the one before it and the first day of the next."""
    for place, state in enumerate(states):
        before = states[place - 1] if place else None
        yield before, state, states[place + 1].start if place + 1 < len(states) else None
