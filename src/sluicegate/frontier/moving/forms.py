"""The value of a moving rule on a day, by its form, before its floor and its cap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.moving.asking import Asked
from sluicegate.frontier.moving.measures import (
    Level,
    by_developers,
    by_rank,
    considered,
)
from sluicegate.frontier.moving.powers import divided
from sluicegate.frontier.moving.values import Interval, MovingValue
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.moving import MovingForm, Role, Sense
from sluicegate.rules.showing import spoken


def _dated(asked: Asked) -> MovingValue:
    """Return a fixed limit, or that of a schedule; what was announced by then is told."""
    value = asked.figure(Role.VALUE)
    if value is None:
        return asked.nothing_holds()
    now, unit = asked.used[Role.VALUE], asked.moving.rule.unit
    notes = [
        say(
            "From {start} on it is {value}, as announced ({reference}).",
            start=later.start,
            value=spoken(later.value, unit),
            reference=later.reference,
        )
        for later in now.parameter.known(asked.known_on)
        if later.start is not None and later.start > asked.day
    ]
    if now.unsettled is not None:
        notes.append(
            say(
                "{value} may hold already: the day of the change is not known ({reference}).",
                value=spoken(now.unsettled.value, unit),
                reference=now.unsettled.reference,
            )
        )
    why = say(
        "The limit is {value} ({reference}).",
        value=spoken(value, unit),
        reference=now.dated.reference,
    )
    return asked.answer(Interval.exactly(value), why, *notes)


def _progress(asked: Asked) -> MovingValue:
    """Return the base halved for every halving time that has passed; before its day, none."""
    base, start = asked.figure(Role.BASE), asked.named_day(Role.BASE_DAY)
    low, middle, high = map(asked.halving_days, (Role.HALVING_LOW, Role.HALVING, Role.HALVING_HIGH))
    if base is None or start is None or low is None or middle is None or high is None:
        return asked.nothing_holds()
    if asked.day < start:
        why = say("The level begins on {start}; it has no value before.", start=start)
        return asked.answer(None, why)
    days, up = (asked.day - start).days, asked.moving.rule.comparator.rounds_up

    def after(halving: Fraction) -> int:
        return divided(base, 2, days / halving, up=up)

    value, bounds = after(middle), sorted((after(low), after(high)))
    why = say(
        "From {base} on {start}, halved every {halving}, it has fallen to {value} after"
        " {days} days.",
        base=spoken(base, asked.moving.rule.unit),
        start=start,
        halving=asked.used[Role.HALVING].dated.value,
        value=_sci(value, asked.moving.rule.unit),
        days=days,
    )
    least, most = min(bounds[0], value), max(bounds[1], value)
    return asked.answer(Interval(value, least, most, most), why)


def _rank(asked: Asked) -> MovingValue:
    """Return the compute of the model in the rule's place from the largest."""
    rank = asked.figure(Role.RANK)
    if rank is None:
        return asked.nothing_holds()
    snapshot = _snapshot(asked)
    if snapshot is None:
        return asked.no_snapshot()
    level = by_rank(_models(asked, snapshot), int(rank))
    if level.interval is None:
        return asked.of_level(snapshot, level, _too_few(asked, level))
    why = say(
        "It is the compute of number {rank} of {count} models that state compute: {model}.",
        rank=rank,
        count=level.considered - level.undisclosed,
        model=level.models[-1].model.name,
    )
    return asked.of_level(snapshot, level, why, *_ties(level))


def _relative(asked: Asked) -> MovingValue:
    """Return what lies a number of orders of magnitude below the largest model."""
    orders = asked.figure(Role.ORDERS)
    if orders is None:
        return asked.nothing_holds()
    snapshot = _snapshot(asked)
    if snapshot is None:
        return asked.no_snapshot()
    level = by_rank(_models(asked, snapshot), 1)
    if level.interval is None:
        return asked.of_level(snapshot, level, _too_few(asked, level))
    up = asked.moving.rule.comparator.rounds_up
    lower = _each(level.interval, lambda figure: divided(figure, 10, orders, up=up))
    why = say(
        "It is the compute of the largest model, {model}, of {compute:sci} FLOP, divided by 10 to"
        " the power of {orders}.",
        orders=orders,
        model=level.models[0].model.name,
        compute=level.interval.value,
    )
    return asked.of_level(snapshot, replace(level, interval=lower), why, *_ties(level))


def _developer_share(asked: Asked) -> MovingValue:
    """Return the level that at most, or at least, a share of developers exceed."""
    share, rule = asked.figure(Role.SHARE), asked.moving.rule
    if share is None:
        return asked.nothing_holds()
    snapshot = _snapshot(asked)
    if snapshot is None:
        return asked.no_snapshot()
    sense = rule.sense or Sense.AT_MOST
    models = _models(asked, snapshot)
    level = by_developers(models, Fraction(share), sense, rule.comparator)
    if level.interval is None:
        return asked.of_level(snapshot, level, say("No developer states compute by then."))
    values = {"share": share, "count": level.considered - level.undisclosed}
    why = (
        say("At most {share:percent} of {count} developers that state compute exceed it.", **values)
        if sense is Sense.AT_MOST
        else say(
            "At least {share:percent} of {count} developers that state compute exceed it.", **values
        )
    )
    return asked.of_level(snapshot, level, why)


def _open_weight(asked: Asked) -> MovingValue:
    """Return the compute of the best open-weight model, times a factor; it never falls.

    Every snapshot known by then counts: a level that was once reached stays,
    although a later snapshot says less of its model.
    """
    factor = asked.figure(Role.FACTOR)
    if factor is None:
        if Role.FACTOR in asked.moving.rule.parameters:
            return asked.nothing_holds()
        factor = 1
    rule = asked.moving.rule
    snapshots = asked.known.until(rule.data_set or "", asked.known_on)
    if not snapshots:
        return asked.no_snapshot()
    levels = [by_rank(_open(one, asked.day), 1) for one in snapshots]
    reached = [(one, level) for one, level in zip(snapshots, levels, strict=True) if level.interval]
    if not reached:
        return asked.of_level(
            snapshots[-1], levels[-1], say("No open-weight model states compute by then.")
        )
    return _highest(asked, reached, levels[-1], factor)


def _highest(
    asked: Asked, reached: list[tuple[Snapshot, Level]], newest: Level, factor: Exact
) -> MovingValue:
    """Return the highest level of several snapshots, earliest first, times a factor."""
    intervals = [level.interval for _, level in reached if level.interval is not None]
    value = max(one.value for one in intervals)
    highs = [one.high for one in intervals]
    bounded = [one for one in highs if one is not None]
    top = Interval(
        value,
        max(one.low for one in intervals),
        max(bounded) if len(bounded) == len(highs) else None,
        max(one.high_stated for one in intervals),
    )
    snapshot, level = next(
        pair for pair in reversed(reached) if pair[1].interval and pair[1].interval.value == value
    )
    notes = list(_ties(level))
    if newest.interval is None or newest.interval.value < value:
        notes.append(
            say(
                "The snapshot of {day} gave this level; a later one says less, and the level"
                " never falls.",
                day=snapshot.known_on,
            )
        )
    model = level.models[0].model
    values = {"model": model.name, "compute": value, "factor": factor}
    why = (
        say("It is the compute of the best open-weight model, {model}.", **values)
        if factor == 1
        else say(
            "It is {factor} times the compute of the best open-weight model, {model}, of"
            " {compute:sci} FLOP.",
            **values,
        )
    )
    scaled = replace(level, interval=_each(top, lambda figure: whole(figure * factor)))
    return asked.of_level(snapshot, scaled, why, *notes)


def _open(snapshot: Snapshot, day: date) -> Sequence[RecordedModel]:
    return [one for one in snapshot.until(day) if one.is_open]


def _snapshot(asked: Asked) -> Snapshot | None:
    return asked.known.latest(asked.moving.rule.data_set or "", asked.known_on)


def _models(asked: Asked, snapshot: Snapshot) -> Sequence[RecordedModel]:
    return considered(snapshot, asked.day, asked.period(Role.WINDOW))


def _each(interval: Interval, change: Callable[[Exact], Exact]) -> Interval:
    """Return an interval with every figure changed by something that keeps their order."""
    return Interval(
        change(interval.value),
        change(interval.low),
        None if interval.high is None else change(interval.high),
        change(interval.high_stated),
    )


def _too_few(asked: Asked, level: Level) -> Sentence:
    return say(
        "Only {count} models state compute by {day}.",
        count=level.considered - level.undisclosed,
        day=asked.day,
    )


def _ties(level: Level) -> tuple[Sentence, ...]:
    if not level.tied:
        return ()
    return (say("{models} have the same compute.", models=list(level.tied)),)


def _sci(value: Exact, unit: str) -> Sentence:
    return say("{value:sci} {unit}", value=value, unit=unit)


FORMS: Mapping[MovingForm, Callable[[Asked], MovingValue]] = {
    MovingForm.FIXED: _dated,
    MovingForm.SCHEDULED: _dated,
    MovingForm.PROGRESS: _progress,
    MovingForm.RANK: _rank,
    MovingForm.OPEN_WEIGHT: _open_weight,
    MovingForm.DEVELOPER_SHARE: _developer_share,
    MovingForm.RELATIVE: _relative,
}
"""How each form comes to its value; a combination chooses among values of these."""
