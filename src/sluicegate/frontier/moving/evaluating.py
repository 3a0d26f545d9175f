"""The value of a moving threshold on a day, as known on another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from graphlib import TopologicalSorter

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.moving.asking import Asked
from sluicegate.frontier.moving.forms import FORMS
from sluicegate.frontier.moving.values import Interval, Known, Moving, MovingValue
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.moving import MovingForm, Role, Take
from sluicegate.rules.showing import spoken


def value_on(
    moving: Moving, day: date, known_on: date | None, snapshots: Known | Iterable[Snapshot]
) -> MovingValue:
    """Return what a moving threshold comes to on a day, as known on another (None: all).

    Only snapshots and dated values that were known by then are used, so that
    one which comes later never changes the answer. Figures are exact; one that
    is no whole number by its form is rounded as its comparator asks, so that no
    whole amount stands otherwise to it (see `divided`).

    Raises:
        UnknownRuleError: a parameter or a part that no rule file holds.
        WrongRuleError: parameters that cannot give a value.
    """
    known = snapshots if isinstance(snapshots, Known) else Known(snapshots)
    values: dict[str, MovingValue] = {}
    for one in in_order(moving):
        asked = Asked(one, day, known_on, known)
        start = one.rule.start
        if start is not None and day < start:
            why = say("The level begins on {start}; it has no value before.", start=start)
            values[one.rule.id] = asked.answer(None, why)
        elif known_on is not None and one.rule.known_from and one.rule.known_from > known_on:
            since = say("The rule became known on {day} only.", day=one.rule.known_from)
            values[one.rule.id] = asked.answer(None, since)
        elif one.rule.form is MovingForm.COMBINATION:
            values[one.rule.id] = _bounded(asked, _combined(asked, values))
        else:
            values[one.rule.id] = _bounded(asked, FORMS[one.rule.form](asked))
    return values[moving.rule.id]


def in_order(moving: Moving) -> list[Moving]:
    """Return the rule and all it is combined from, parts before wholes."""
    found = {moving.rule.id: moving}
    waiting = [moving]
    while waiting:
        for name in waiting.pop().rule.parts:
            if name not in found:
                found[name] = moving.part(name)
                waiting.append(found[name])
    order = TopologicalSorter({name: one.rule.parts for name, one in found.items()})
    return [found[name] for name in order.static_order()]


def _combined(asked: Asked, values: dict[str, MovingValue]) -> MovingValue:
    """Return the largest or smallest of the parts that have a value."""
    rule = asked.moving.rule
    parts = tuple(values[name] for name in rule.parts)
    having = [(one, one.interval) for one in parts if one.interval is not None]
    notes = [
        say("{rule} has no value and is left out.", rule=one.rule.id)
        for one in parts
        if one.interval is None
    ]
    if not having:
        why = say("None of the limits that it takes one of has a value.")
        return replace(asked.answer(None, why, *notes), parts=parts)
    intervals = [interval for _, interval in having]
    is_largest = rule.take is Take.MAX
    best = max if is_largest else min
    interval = Interval(
        best(one.value for one in intervals),
        best(one.low for one in intervals),
        _high(intervals, is_largest=is_largest),
        best(one.high_stated for one in intervals),
    )
    chosen = next(one for one, own in having if own.value == interval.value)
    why = _chosen_words(chosen.rule.id, len(having), is_largest=is_largest)
    return replace(
        asked.answer(interval, why, *notes),
        parts=parts,
        chosen=chosen.rule.id,
        models=chosen.models,
        considered=chosen.considered,
        undisclosed=chosen.undisclosed,
        snapshots=tuple(dict.fromkeys(used for one in parts for used in one.snapshots)),
    )


def _chosen_words(chosen: str, count: int, *, is_largest: bool) -> Sentence:
    """Say which of the limits that have a value was taken."""
    if count == 1:
        return say("Of the limits only {chosen} has a value.", chosen=chosen)
    if is_largest:
        return say("It is the largest of {count} limits: {chosen}.", count=count, chosen=chosen)
    return say("It is the smallest of {count} limits: {chosen}.", count=count, chosen=chosen)


def _high(intervals: Sequence[Interval], *, is_largest: bool) -> Exact | None:
    """Return the upper bound of the largest or smallest; None where there is none."""
    highs = [one.high for one in intervals if one.high is not None]
    if is_largest:
        return max(highs) if len(highs) == len(intervals) else None
    return min(highs, default=None)


def _bounded(asked: Asked, value: MovingValue) -> MovingValue:
    """Return a value kept between the rule's floor and its cap; the floor goes first."""
    if value.interval is None:
        return value
    interval, notes = value.interval, list(value.notes)
    floor, cap = asked.figure(Role.FLOOR), asked.figure(Role.CAP)
    if cap is not None:
        moved = Interval(
            min(interval.value, cap),
            min(interval.low, cap),
            cap if interval.high is None else min(interval.high, cap),
            min(interval.high_stated, cap),
        )
        if moved.value != interval.value:
            notes.append(_capped(asked, interval.value, cap))
        interval = moved
    if floor is not None:
        moved = Interval(
            max(interval.value, floor),
            max(interval.low, floor),
            None if interval.high is None else max(interval.high, floor),
            max(interval.high_stated, floor),
        )
        if moved.value != interval.value:
            notes.append(_floored(asked, interval.value, floor))
        interval = moved
    used = {**value.parameters, **asked.used}
    return replace(value, interval=interval, notes=tuple(notes), parameters=used)


def _capped(asked: Asked, value: Exact, cap: Exact) -> Sentence:
    return say(
        "By itself it would be {value:sci} {unit}; the cap is {cap}.",
        value=value,
        unit=asked.moving.rule.unit,
        cap=spoken(cap, asked.moving.rule.unit),
    )


def _floored(asked: Asked, value: Exact, floor: Exact) -> Sentence:
    return say(
        "By itself it would be {value:sci} {unit}; the floor is {floor}.",
        value=value,
        unit=asked.moving.rule.unit,
        floor=spoken(floor, asked.moving.rule.unit),
    )
