"""Rules that can never come to anything, and parts of rule files that nothing uses."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from sluicegate.rules.book import RuleBook
from sluicegate.rules.conditions import wanted_by
from sluicegate.rules.deadlines import DATED, FINDING
from sluicegate.rules.instruments import (
    Comparator,
    Condition,
    FactType,
    Instrument,
    Kind,
    Parameter,
    Relation,
    Severity,
    ThresholdRule,
)
from sluicegate.rules.law import Law
from sluicegate.rules.places import Spot, Spotted
from sluicegate.rules.specifications import specifications
from sluicegate.rules.standing import DEAD, asks
from sluicegate.rules.thresholds import REVIEW_PERIOD, SQL_DIGITS

MISTAKE, NOTICE = Severity.MISTAKE, Severity.NOTICE
UPWARD = frozenset({Comparator.GREATER_THAN, Comparator.AT_LEAST})
MEASURED: Mapping[str, frozenset[str]] = {
    "run": frozenset({"training_compute", "compute_used"}),
    "customer": frozenset({"training_compute", "compute_used"}),
    "group": frozenset({"training_compute", "compute_used"}),
    "cluster": frozenset({"peak_rate"}),
}
"""What is measured of each kind of subject."""


def reach_problems(book: RuleBook, home: Instrument, *, own: bool) -> Iterator[Spotted]:
    """Yield what of an instrument is never reached; `own` says that only rule files use it."""
    yield from _of_text(home)
    for rule in home.thresholds:
        parameter = book.parameters[rule.parameter]
        yield from _of_limit(home, rule, parameter)
        yield from _of_approach(book, home, rule, parameter)
        yield from _of_conditions(book, home, rule)
        if rule.measure not in MEASURED.get(rule.subject, frozenset()):
            problem = f"{rule.measure} is never measured of a {rule.subject}"
            way_out = f"give {' or '.join(sorted(MEASURED[rule.subject]))}, or another subject"
            yield Spotted(
                Spot(home, "thresholds", rule.id, ("measure",)), MISTAKE, problem, way_out
            )
    yield from _of_obligations(home)
    if own:
        yield from _unused(book, home)


def _of_text(home: Instrument) -> Iterator[Spotted]:
    spot = Spot(home, "instrument", "instrument", ("status",))
    if not home.statuses:
        problem = "has no status: the text is never published, proposed or in force"
        yield Spotted(spot, MISTAKE, problem, "give the day from which it stands, or `undated`")
    elif not home.thresholds:
        return
    elif all(status.text in DEAD for status in home.statuses):
        problem = "is revoked or never in force from its first day: its rules find nothing"
        yield Spotted(spot, MISTAKE, problem, "add the state that came before, or remove the rules")
    elif home.kind is Kind.LAW and not any(asks(home, status) for status in home.statuses):
        problem = "is a law that is never in force: nothing is ever asked as written"
        yield Spotted(spot, NOTICE, problem, "add the day, or call it a bill or proposal")


def _of_limit(home: Instrument, rule: ThresholdRule, parameter: Parameter) -> Iterator[Spotted]:
    upward = parameter.comparator in UPWARD
    for number, dated in enumerate(parameter.values):
        spot = Spot(home, "parameters", parameter.id, ("values", number, "value"))
        if not isinstance(dated.value, int | Fraction):
            continue
        if dated.value == 0:
            problem = f"is 0, so that {'everything' if upward else 'nothing'} passes {rule.id}"
            yield Spotted(spot, MISTAKE, problem, "correct the value")
        elif len(str(int(dated.value) + 1)) > SQL_DIGITS:
            problem = f"has more than {SQL_DIGITS} digits, so that {rule.id} cannot be measured"
            yield Spotted(spot, MISTAKE, problem, "correct the value")
    if not upward:
        spot = Spot(home, "thresholds", rule.id, ("parameter",))
        problem = "is passed by less, and a pass looks only at amounts from the limit up"
        way_out = "ask it by its id; write a rule passed by more to have it assessed"
        yield Spotted(spot, NOTICE, problem, way_out)


def _of_approach(
    book: RuleBook, home: Instrument, rule: ThresholdRule, limit: Parameter
) -> Iterator[Spotted]:
    if rule.approach is None:
        return
    spot = Spot(home, "thresholds", rule.id, ("approach",))
    if limit.comparator not in UPWARD:
        problem = "is the share of a limit that is passed by less: more never approaches it"
        yield Spotted(spot, MISTAKE, problem, "leave approach out")
    for dated in book.parameters[rule.approach].values:
        if not isinstance(dated.value, int | Fraction):
            continue
        if dated.value >= 1:
            problem = f"{rule.approach} is {dated.value}, so that nothing ever approaches"
            yield Spotted(spot, MISTAKE, problem, "give a share below 1, or leave approach out")
        elif dated.value == 0:
            problem = f"{rule.approach} is 0, so that everything approaches"
            yield Spotted(spot, MISTAKE, problem, "give a share above 0, or leave approach out")


def _of_conditions(book: RuleBook, home: Instrument, rule: ThresholdRule) -> Iterator[Spotted]:
    """Yield conditions on one fact that no value meets, on every day or from some day on."""
    for fact in dict.fromkeys(one.fact for one in rule.conditions):
        numbers = [n for n, one in enumerate(rule.conditions) if one.fact == fact]
        asked = [rule.conditions[number] for number in numbers]
        starts = _starts(book, asked)
        empty = [day for day in starts if not _can_hold(asked, Law(book, day or date.min))]
        if not empty:
            continue
        spot = Spot(home, "thresholds", rule.id, ("conditions", numbers[-1]))
        if len(empty) == len(starts):
            problem = f"no value of {fact} meets the conditions: the rule never applies"
            yield Spotted(spot, MISTAKE, problem, "correct what they name")
        else:
            since = empty[0] or "the first value"
            problem = f"no value of {fact} meets the conditions from {since}"
            yield Spotted(spot, NOTICE, problem, "see the lists that they name")


def _starts(book: RuleBook, asked: list[Condition]) -> list[date | None]:
    """Return the days on which what conditions name may change."""
    days = {
        dated.start
        for one in asked
        if one.parameter is not None
        for dated in book.parameters[one.parameter].values
    }
    return sorted(days or {None}, key=lambda day: day or date.min)


def _can_hold(asked: list[Condition], law: Law) -> bool:
    """Say whether some value meets all conditions on one fact."""
    needed = [set(wanted_by(c, law)) for c in asked if c.relation is not Relation.NOT_IN]
    barred = {value for c in asked if c.relation is Relation.NOT_IN for value in wanted_by(c, law)}
    if needed:
        return bool(set.intersection(*needed) - barred)
    closed: Mapping[FactType, set[str | bool]] = {
        FactType.ENUM: set(asked[0].choices),
        FactType.BOOLEAN: {True, False},
    }
    return asked[0].type not in closed or bool(closed[asked[0].type] - barred)


def _of_obligations(home: Instrument) -> Iterator[Spotted]:
    named = {duty for rule in home.thresholds for duty in rule.obligations}
    named |= {duty for provision in home.provisions for duty in provision.obligations}
    asked = {name for spec in specifications().values() for name in spec.instruments}
    for duty in home.obligations:
        spot = Spot(home, "obligations", duty.id)
        if duty.id not in named and home.id not in asked:
            problem = "no threshold or question names it: nobody ever owes it"
            yield Spotted(
                spot, NOTICE, problem, "name it in the obligations of a threshold or provision"
            )
        if duty.counted_from == FINDING:
            problem = "has no deadline: neither a period nor an event that it waits for"
            if duty.period is not None:
                problem = "counts its period from no event that anyone could date"
            way_out = "give counted_from (crossing, continuous, another event), and a period if any"
            yield Spotted(spot, NOTICE, problem, way_out)
        near = difflib.get_close_matches(duty.counted_from, DATED, n=1, cutoff=0.85)
        if near and duty.counted_from not in DATED:
            place = Spot(home, "obligations", duty.id, ("counted_from",))
            problem = f"waits for {duty.counted_from}, an event that no pass sees"
            yield Spotted(place, NOTICE, problem, f"is {near[0]} meant?")


def _unused(book: RuleBook, home: Instrument) -> Iterator[Spotted]:
    rules, duties = book.thresholds.values(), book.obligations.values()
    used = {rule.parameter for rule in rules} | {rule.approach for rule in rules}
    used |= {one.parameter for rule in rules for one in rule.conditions}
    used |= {duty.period for duty in duties}
    compared = (one.id for one in home.parameters if one.comparator is not None)
    used |= {f"{name}.{REVIEW_PERIOD}" for name in compared}
    for one in book.provisions.values():
        used |= {identifier for _, identifier in one.from_parameter}
        used |= {one.trigger.parameter} if one.trigger is not None else set()
    for tied in book.moving.values():
        used |= set(tied.parameters.values())
    for parameter in home.parameters:
        if parameter.id not in used:
            way_out = "name it where it is used, or make it a note"
            spot = Spot(home, "parameters", parameter.id)
            yield Spotted(spot, NOTICE, "no threshold, obligation or provision uses it", way_out)
