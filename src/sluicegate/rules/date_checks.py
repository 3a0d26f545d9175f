"""Dates in rule files that overlap, leave gaps or can never count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from sluicegate.rules.instruments import (
    DatedValue,
    Enforcement,
    Instrument,
    Parameter,
    Severity,
    Status,
    TextState,
)
from sluicegate.rules.places import Spot, Spotted
from sluicegate.rules.standing import DEAD, asks

MISTAKE, NOTICE = Severity.MISTAKE, Severity.NOTICE


def date_problems(home: Instrument) -> Iterator[Spotted]:
    """Yield what is wrong with the days of an instrument's statuses and values."""
    yield from _of_statuses(home)
    limits = {rule.parameter: rule.id for rule in home.thresholds}
    for parameter in home.parameters:
        yield from _of_values(home, parameter)
        if parameter.id in limits:
            yield from _of_gap(home, parameter, limits[parameter.id])


def _of_statuses(home: Instrument) -> Iterator[Spotted]:
    def spot(number: int, field: str) -> Spot:
        return Spot(home, "instrument", "instrument", ("status", number, field))

    for number, (before, after) in enumerate(pairwise(home.statuses), 1):
        if (before.text, before.enforcement) == (after.text, after.enforcement):
            problem = f"says {after.text.value}, {after.enforcement.value} like the one before"
            yield Spotted(spot(number, "from"), NOTICE, problem, "keep one of them")
        yield from _late(spot(number - 1, "known_from"), before, after)
    for number, status in enumerate(home.statuses):
        enforced = status.enforcement is Enforcement.ENFORCED
        if enforced and status.text is not TextState.IN_FORCE:
            problem = f"a text that is {status.text.value} is not enforced"
            way_out = "give not_yet_due, suspended or not_binding, or correct the text's state"
            yield Spotted(spot(number, "enforcement"), NOTICE, problem, way_out)


def _of_values(home: Instrument, parameter: Parameter) -> Iterator[Spotted]:
    def spot(number: int, field: str) -> Spot:
        return Spot(home, "parameters", parameter.id, ("values", number, field))

    for number, dated in enumerate(parameter.values):
        before = parameter.values[number - 1] if number else None
        problem = _not_before(dated, before)
        if problem:
            way_out = "give the last day on which the earlier value is recorded, or remove it"
            yield Spotted(spot(number, "not_before"), MISTAKE, problem, way_out)
    for number, (before, after) in enumerate(pairwise(parameter.values), 1):
        if (before.value, before.reference) == (after.value, after.reference):
            problem = "is the value before it once more, from the same place"
            yield Spotted(spot(number, "value"), NOTICE, problem, "correct it, or keep one")
        yield from _late(spot(number - 1, "known_from"), before, after)
    end = _end_of(home)
    for number, dated in enumerate(parameter.values):
        if end is not None and dated.start is not None and dated.start >= end:
            problem = f"begins when the text has ended ({end}), so that it never counts"
            yield Spotted(spot(number, "from"), NOTICE, problem, "correct the day, or remove it")


def _not_before(dated: DatedValue, before: DatedValue | None) -> str:
    """Say what is wrong with the earliest day of a change whose day is not known."""
    after = dated.not_before
    if after is None:
        return ""
    if dated.start is None:
        return "stands beside a value that has no day"
    if after >= dated.start:
        return f"{after} does not lie before {dated.start}, the day of the value"
    if before is not None and before.start is not None and after < before.start:
        return f"{after} lies before {before.start}, when the earlier value began"
    return ""


def _late(spot: Spot, before: DatedValue | Status, after: DatedValue | Status) -> Iterator[Spotted]:
    """Yield what became known only when the next one held already."""
    known, start = before.known_from, after.start
    if known is not None and start is not None and known > start:
        problem = f"known only from {known}, when the next one held already ({start})"
        yield Spotted(spot, NOTICE, problem, "correct known_from, or the day of the next one")


def _of_gap(home: Instrument, parameter: Parameter, rule: str) -> Iterator[Spotted]:
    """Yield a limit that begins after its text asks for it: no figure holds in between."""
    first = next((one for one in home.statuses if asks(home, one)), None)
    start = parameter.first().start
    if first is None or first.start is None or start is None or start <= first.start:
        return
    spot = Spot(home, "parameters", parameter.id, ("values", 0, "from"))
    problem = f"begins on {start}, and the text asks from {first.start}: {rule} has no limit before"
    way_out = "let the value or the status begin earlier or later, so that both fit"
    yield Spotted(spot, MISTAKE, problem, way_out)


def _end_of(home: Instrument) -> date | None:
    """Return the day from which a text is dead for good, or None."""
    end = None
    for status in reversed(home.statuses):
        if status.text not in DEAD:
            break
        end = status.start
    return end
