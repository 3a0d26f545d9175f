"""What a moving threshold names must exist and fit: parameters, their units, and its parts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter

from sluicegate.core.calendars import Period
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    FIGURE_UNITS,
    PERIOD_UNITS,
    Instrument,
    Parameter,
    Severity,
)
from sluicegate.rules.moving import DAYS_OF, OF_MODELS, MovingForm, MovingRule, Role
from sluicegate.rules.places import Spot, Spotted

Problem = tuple[Spot, str, str]
"""Where, what is wrong, and the way out; each is a mistake."""

SECTION = "moving"
_HALVINGS = (Role.HALVING_LOW, Role.HALVING, Role.HALVING_HIGH)
_DAYS_AND_LONGER = PERIOD_UNITS - {"hour"}
_UNITS: Mapping[Role, frozenset[str]] = {
    Role.BASE_DAY: frozenset({"date"}),
    **dict.fromkeys(_HALVINGS, PERIOD_UNITS),
    Role.WINDOW: _DAYS_AND_LONGER,
    Role.RANK: frozenset({"count"}),
    Role.FACTOR: frozenset({"count", "share"}),
    Role.SHARE: frozenset({"share"}),
    Role.ORDERS: frozenset({"count"}),
}
"""The units that a role's parameter may have; the others have the unit of the rule."""


def wrong_in_moving(book: RuleBook, home: Instrument, rule: MovingRule) -> Iterator[Problem]:
    """Yield every mistake in what a moving threshold names."""

    def spot(*below: str | int) -> Spot:
        return Spot(home, SECTION, rule.id, below)

    if rule.id in book.parameters or rule.id in book.thresholds:
        yield spot(), "has the id of a parameter or a threshold", "choose another id"
    allowed = {"FLOP"} if rule.form in OF_MODELS else FIGURE_UNITS
    if rule.unit not in allowed:
        yield spot("unit"), f"{rule.unit} is no unit of its form", f"give {_listed(allowed)}"
    for role, identifier in rule.parameters.items():
        parameter = book.parameters.get(identifier)
        if parameter is None:
            yield spot(role.value), *_unknown(identifier, book.parameters)
        else:
            for problem, way_out in _of_parameter(rule, role, parameter):
                yield spot(role.value), problem, way_out
    for number, part in enumerate(rule.parts):
        for problem, way_out in _of_part(book, rule, part):
            yield spot("of", number), problem, way_out
    yield from _in_disorder(book, home, rule)


def moving_notices(book: RuleBook, home: Instrument) -> Iterator[Spotted]:
    """Yield what of an instrument's moving thresholds is worth a look."""
    for rule in home.moving:
        spot = Spot(home, SECTION, rule.id, ("form",))
        held = len(book.parameters[rule.parameters[Role.VALUE]].values) if _is_dated(rule) else 0
        if rule.form is MovingForm.FIXED and held > 1:
            problem = f"is fixed, and its parameter has {held} dated values"
            yield Spotted(
                spot, Severity.NOTICE, problem, "call it scheduled if they were announced"
            )
        if rule.form is MovingForm.SCHEDULED and held == 1:
            problem = "is scheduled, and its parameter has one dated value"
            yield Spotted(
                spot, Severity.NOTICE, problem, "add the announced values, or call it fixed"
            )
        for number, part in enumerate(rule.parts):
            other = book.moving[part].comparator
            if other is not rule.comparator:
                place = Spot(home, SECTION, rule.id, ("of", number))
                problem = f"compares by {other.value}, and the whole by {rule.comparator.value}"
                yield Spotted(place, Severity.NOTICE, problem, "see whether the text means that")


def cycle_of(book: RuleBook) -> tuple[str, ...]:
    """Return moving thresholds that are combined from one another in a ring, each once."""
    known = {name: [p for p in one.parts if p in book.moving] for name, one in book.moving.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        return tuple(ring[:-1])
    return ()


def _is_dated(rule: MovingRule) -> bool:
    return rule.form in (MovingForm.FIXED, MovingForm.SCHEDULED)


def _unknown(identifier: str, known: Mapping[str, object]) -> tuple[str, str]:
    near = difflib.get_close_matches(identifier, known, n=1)
    way_out = f"correct the id; did you mean {near[0]}?" if near else "correct the id"
    return f"names {identifier}, which no rule file holds", way_out


def _of_parameter(rule: MovingRule, role: Role, parameter: Parameter) -> Iterator[tuple[str, str]]:
    units = _UNITS.get(role, frozenset({rule.unit}))
    if parameter.unit not in units:
        problem = f"{parameter.id} is in {parameter.unit}"
        yield problem, f"name a parameter in {_listed(units)}"
        return
    if role is Role.VALUE and parameter.comparator not in (None, rule.comparator):
        yield f"{parameter.id} is compared otherwise", "copy the comparator from the text"
    for dated in parameter.values:
        value = dated.value
        amount = value.amount if isinstance(value, Period) else value
        if role is Role.RANK and not isinstance(value, int):
            yield f"{parameter.id} is {value}, which is no place", "give a whole number from 1 up"
        elif amount == 0 and role not in (Role.SHARE, Role.ORDERS, Role.FLOOR):
            yield f"{parameter.id} is 0", "give more than nothing"


def _of_part(book: RuleBook, rule: MovingRule, part: str) -> Iterator[tuple[str, str]]:
    other = book.moving.get(part)
    if other is None:
        yield _unknown(part, book.moving)
    elif other.unit != rule.unit:
        yield f"{part} is in {other.unit}, the whole in {rule.unit}", "combine limits of one unit"


def _in_disorder(book: RuleBook, home: Instrument, rule: MovingRule) -> Iterator[Problem]:
    """Yield bounds that stand in the wrong order on some day: of halving, floor and cap."""
    for below, above in ((Role.HALVING_LOW, Role.HALVING), (Role.HALVING, Role.HALVING_HIGH)):
        yield from _crossed(book, home, rule, below, above)
    yield from _crossed(book, home, rule, Role.FLOOR, Role.CAP)


def _crossed(
    book: RuleBook, home: Instrument, rule: MovingRule, below: Role, above: Role
) -> Iterator[Problem]:
    low = book.parameters.get(rule.parameters.get(below, ""))
    high = book.parameters.get(rule.parameters.get(above, ""))
    if low is None or high is None:
        return
    for start in sorted({one.start or date.min for one in (*low.values, *high.values)}):
        first, last = _size(low, start), _size(high, start)
        if first is not None and last is not None and first > last:
            since = "" if start == date.min else f" from {start}"
            spot = Spot(home, SECTION, rule.id, (below.value,))
            yield spot, f"is more than {above.value}{since}", "correct one of the two"
            return


def _size(parameter: Parameter, day: date) -> Fraction | None:
    """Return a figure, or the days of a period, that holds on a day."""
    dated = parameter.on(day)
    if dated is None:
        return None
    if isinstance(dated.value, Period):
        return dated.value.amount * DAYS_OF[dated.value.unit]
    return Fraction(dated.value) if isinstance(dated.value, int | Fraction) else None


def _listed(words: frozenset[str] | set[str]) -> str:
    return " or ".join(sorted(words)) if len(words) < 4 else f"one of {', '.join(sorted(words))}"
