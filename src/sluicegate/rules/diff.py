"""What a change of law changed between two days, each change on its own day, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.rules.answers import value_text
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    DatedValue,
    Instrument,
    Parameter,
    Status,
    TextState,
)
from sluicegate.rules.showing import exact_words, member, spoken, unit_words
from sluicegate.rules.timeline import Event, EventKind, events

ENDED = frozenset({TextState.REVOKED, TextState.NEVER_IN_FORCE})


@dataclass(frozen=True, slots=True)
class Change:
    """One status or value that begins after one day and no later than another."""

    event: Event

    @property
    def instrument(self) -> Instrument:
        """The instrument that changed."""
        return self.event.instrument

    def sentence(self) -> Sentence:
        """Say the change in a sentence."""
        event = self.event
        if isinstance(event.after, Status):
            return _status_sentence(event, event.after)
        if event.after is None or event.parameter is None:
            return say(
                "On {day} the text is published ({reference}).",
                day=event.day,
                reference=event.reference,
            )
        before = event.before if isinstance(event.before, DatedValue) else None
        return _value_sentence(event, event.parameter, before, event.after)

    def row(self, language: Language) -> dict[str, Any]:
        """Return the change as a row; `before` and `after` are exact."""
        event = self.event
        return {
            "instrument": event.instrument.id,
            "id": event.subject,
            "title": event.title(language),
            "what": event.kind.value,
            "before": _state_text(event.parameter, event.before),
            "after": _state_text(event.parameter, event.after),
            "since": "" if event.day is None else event.day.isoformat(),
            "not_before": "" if event.not_before is None else event.not_before.isoformat(),
            "reference": event.reference,
            "mark": event.mark.value,
            "sentence": self.sentence().text(language),
        }


COLUMNS = (
    *("instrument", "id", "title", "what", "before", "after"),
    *("since", "not_before", "reference", "mark", "sentence"),
)
"""The columns of a row, in order."""


def differences(
    book: RuleBook, earlier: date, later: date, known_on: date | None = None
) -> Iterator[Change]:
    """Yield what changed after one day and no later than another, as known on a third.

    Instruments come in the order in which they first change, each with its
    changes in order of day.
    """
    changed = []
    for instrument in book.instruments.values():
        found = [
            Change(event)
            for event in events(instrument, known_on)
            if event.day is not None and earlier < event.day <= later and _changes(event)
        ]
        if found:
            changed.append((found[0].event.day, instrument.id, found))
    for _, _, found in sorted(changed, key=lambda one: one[:2]):
        yield from found


def _changes(event: Event) -> bool:
    """Say whether something holds that did not before; a new source for the same does not."""
    if event.kind is EventKind.KNOWN:
        return False
    before, after = event.before, event.after
    if isinstance(before, Status) and isinstance(after, Status):
        return (before.text, before.enforcement) != (after.text, after.enforcement)
    if isinstance(before, DatedValue) and isinstance(after, DatedValue):
        if isinstance(before.value, tuple) and isinstance(after.value, tuple):
            return set(before.value) != set(after.value)
        return before.value != after.value
    return True


def _state_text(parameter: Parameter | None, state: DatedValue | Status | None) -> str:
    if isinstance(state, Status):
        return f"{state.text.value}, {state.enforcement.value}"
    if state is None or parameter is None:
        return "none"
    shown = value_text(state.value, parameter.unit)
    text = ", ".join(shown) if isinstance(shown, list) else shown
    return f"{text} {parameter.unit}"


def _when(event: Event) -> Sentence:
    if event.not_before is None:
        return say("From {day} on", day=event.day)
    return say(
        "From a day after {after} and no later than {latest} on",
        after=event.not_before,
        latest=event.day,
    )


def _status_sentence(event: Event, now: Status) -> Sentence:
    was = event.before if isinstance(event.before, Status) else None
    values: dict[str, Any] = {
        "when": _when(event),
        "text": now.text.value,
        "enforcement": now.enforcement.value,
        "reference": event.reference,
        "mark": event.mark.value,
    }
    if was is None:
        return say(
            "{when}: the text is {text:term}, {enforcement:term} ({reference}, {mark:term}).",
            **values,
        )
    values |= {"old_text": was.text.value, "old_enforcement": was.enforcement.value}
    if now.text in ENDED:
        return say(
            "{when}: the text has ended: {text:term}, {enforcement:term}; before: {old_text:term},"
            " {old_enforcement:term} ({reference}, {mark:term}).",
            **values,
        )
    return say(
        "{when}: the text is {text:term}, {enforcement:term}; before: {old_text:term},"
        " {old_enforcement:term} ({reference}, {mark:term}).",
        **values,
    )


def _value_sentence(
    event: Event, parameter: Parameter, was: DatedValue | None, now: DatedValue
) -> Sentence:
    values: dict[str, Any] = {
        "when": _when(event),
        "title": Term(parameter.title),
        "after": spoken(now.value, parameter.unit),
        "reference": event.reference,
        "mark": event.mark.value,
    }
    if was is None:
        return _first_value(parameter, values)
    values["before"] = spoken(was.value, parameter.unit)
    if isinstance(was.value, tuple) and isinstance(now.value, tuple):
        return _list_sentence(was.value, now.value, values)
    if isinstance(was.value, int | Fraction) and isinstance(now.value, int | Fraction):
        return _figure_sentence(parameter, Fraction(was.value), Fraction(now.value), values)
    if isinstance(was.value, date) and isinstance(now.value, date):
        return _day_sentence(was.value, now.value, values)
    return say("{when}: {title} is {after}; before: {before} ({reference}, {mark:term}).", **values)


def _first_value(parameter: Parameter, values: dict[str, Any]) -> Sentence:
    if parameter.comparator is None:
        return say("{when}: {title}: {after} ({reference}, {mark:term}).", **values)
    return say(
        "{when}: {title}: {comparator:term} {after} ({reference}, {mark:term}).",
        comparator=parameter.comparator.value,
        **values,
    )


def _list_sentence(was: tuple[str, ...], now: tuple[str, ...], values: dict[str, Any]) -> Sentence:
    added = [member(one) for one in now if one not in was]
    removed = [member(one) for one in was if one not in now]
    if added and removed:
        return say(
            "{when}: {title} gains {added} and loses {removed} ({reference}, {mark:term}).",
            added=added,
            removed=removed,
            **values,
        )
    if added:
        return say(
            "{when}: {title} gains {added} ({reference}, {mark:term}).", added=added, **values
        )
    return say(
        "{when}: {title} loses {removed} ({reference}, {mark:term}).", removed=removed, **values
    )


def _figure_sentence(
    parameter: Parameter, was: Fraction, now: Fraction, values: dict[str, Any]
) -> Sentence:
    step = abs(now - was)
    if parameter.unit == "share":
        values["step"] = exact_words(step * 100)
        if now > was:
            return say(
                "{when}: {title} rises from {before} to {after}, by {step} percentage points"
                " ({reference}, {mark:term}).",
                **values,
            )
        return say(
            "{when}: {title} falls from {before} to {after}, by {step} percentage points"
            " ({reference}, {mark:term}).",
            **values,
        )
    values["step"] = f"{exact_words(step)} {unit_words(parameter.unit)}".rstrip()
    if was:
        values["step"] = say("{step} ({part:percent})", step=values["step"], part=step / was)
    if now > was:
        return say(
            "{when}: {title} rises from {before} to {after}, by {step} ({reference}, {mark:term}).",
            **values,
        )
    return say(
        "{when}: {title} falls from {before} to {after}, by {step} ({reference}, {mark:term}).",
        **values,
    )


def _day_sentence(was: date, now: date, values: dict[str, Any]) -> Sentence:
    if now > was:
        return say(
            "{when}: {title} is {after} instead of {before}, {days} days later"
            " ({reference}, {mark:term}).",
            days=(now - was).days,
            **values,
        )
    return say(
        "{when}: {title} is {after} instead of {before}, {days} days earlier"
        " ({reference}, {mark:term}).",
        days=(was - now).days,
        **values,
    )
