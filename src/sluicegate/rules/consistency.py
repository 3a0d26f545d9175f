"""What the rules of a book name must exist and fit: ids, units, questions, facts and answers."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sluicegate.rules.book import RuleBook
from sluicegate.rules.conditions import LIST, TEXT
from sluicegate.rules.instruments import (
    PERIOD_UNITS,
    Instrument,
    ObligationTemplate,
    Relation,
    RuleFault,
    Severity,
    ThresholdRule,
)
from sluicegate.rules.moving_checks import cycle_of, wrong_in_moving
from sluicegate.rules.places import Places, Spot, Spotted
from sluicegate.rules.provision_checks import wrong_in_provision
from sluicegate.rules.specifications import specifications
from sluicegate.rules.thresholds import UNIT_OF

SECTIONS = ("parameters", "obligations", "thresholds", "notes", "provisions", "moving")
Problem = tuple[Spot, str, str]
"""Where, what is wrong, and the way out; each is a mistake."""


def inconsistencies(book: RuleBook, texts: Mapping[str, str]) -> list[RuleFault]:
    """Return a fault for everything that one rule names and nothing holds, or that does not fit.

    `texts` gives the text of each file by name, to find the line.
    """
    places = {name: Places(text) for name, text in texts.items()}
    return [
        Spotted(spot, Severity.MISTAKE, problem, way_out).fault(places.get(spot.instrument.file))
        for spot, problem, way_out in _problems(book)
    ]


def _problems(book: RuleBook) -> Iterator[Problem]:
    counts = Counter(
        (section, item.id)
        for home in book.instruments.values()
        for section in SECTIONS
        for item in getattr(home, section)
    )
    for home in book.instruments.values():
        for section in SECTIONS:
            for one in dict.fromkeys(item.id for item in getattr(home, section)):
                if counts[section, one] > 1:
                    yield Spot(home, section, one), "stands twice", "keep one of them"
        for duty in home.obligations:
            yield from _of_duty(book, home, duty)
        for rule in home.thresholds:
            yield from _of_rule(book, home, rule)
        for provision in home.provisions:
            yield from wrong_in_provision(book, home, provision)
        for moving in home.moving:
            yield from wrong_in_moving(book, home, moving)
    yield from _in_a_ring(book)


def _in_a_ring(book: RuleBook) -> Iterator[Problem]:
    """Yield moving thresholds that are combined from one another, at the first of them."""
    ring = cycle_of(book)
    if ring:
        first = min(ring)
        home = book.instrument_of(first)
        problem = f"is combined from itself: {', '.join(ring)}"
        yield Spot(home, "moving", first, ("of",)), problem, "take one of them out"


def _unknown(spot: Spot, name: str, known: Mapping[str, Any]) -> Iterator[Problem]:
    if name not in known:
        own = f"{spot.instrument.id}.{name}"
        near = [own] if own in known else difflib.get_close_matches(name, known, n=1)
        way_out = f"correct the id; did you mean {near[0]}?" if near else "correct the id"
        yield spot, f"names {name}, which no rule file holds", way_out


def _of_duty(book: RuleBook, home: Instrument, duty: ObligationTemplate) -> Iterator[Problem]:
    if duty.rests_on is not None:
        rests = Spot(home, "obligations", duty.id, ("rests_on",))
        yield from _unknown(rests, duty.rests_on, book.instruments)
    if duty.period is None:
        return
    spot = Spot(home, "obligations", duty.id, ("period",))
    yield from _unknown(spot, duty.period, book.parameters)
    unit = book.parameters[duty.period].unit if duty.period in book.parameters else "day"
    if unit not in PERIOD_UNITS:
        way_out = f"name a parameter in {', '.join(sorted(PERIOD_UNITS))}"
        yield spot, f"parameter {duty.period} in {unit} is no period", way_out


def _of_rule(book: RuleBook, home: Instrument, rule: ThresholdRule) -> Iterator[Problem]:
    spot = Spot(home, "thresholds", rule.id)
    for number, duty in enumerate(rule.obligations):
        yield from _unknown(spot.at("obligations", number), duty, book.obligations)
    yield from _of_limit(book, spot.at("parameter"), rule)
    yield from _of_approach(book, spot.at("approach"), rule)
    yield from _of_conditions(book, spot, rule)
    yield from _unanswered(spot, rule)


def _of_limit(book: RuleBook, spot: Spot, rule: ThresholdRule) -> Iterator[Problem]:
    yield from _unknown(spot, rule.parameter, book.parameters)
    parameter = book.parameters.get(rule.parameter)
    if parameter is None:
        return
    if parameter.comparator is None:
        yield spot, f"parameter {parameter.id} has no comparator", "copy it from the text"
    unit = UNIT_OF.get(rule.measure, parameter.unit)
    if parameter.unit != unit:
        problem = f"{rule.measure} is measured in {unit}, and {parameter.id} is in {parameter.unit}"
        yield spot, problem, f"name a parameter in {unit}, or correct its unit"


def _of_approach(book: RuleBook, spot: Spot, rule: ThresholdRule) -> Iterator[Problem]:
    if rule.approach is None:
        return
    yield from _unknown(spot, rule.approach, book.parameters)
    parameter = book.parameters.get(rule.approach)
    if parameter is not None and parameter.unit != "share":
        problem = f"approach {parameter.id} is in {parameter.unit}"
        yield spot, problem, "name a parameter of unit share, e.g. 0.75"


def _of_conditions(book: RuleBook, spot: Spot, rule: ThresholdRule) -> Iterator[Problem]:
    for number, one in enumerate(rule.conditions):
        if one.parameter is None:
            continue
        place = spot.at("conditions", number, one.relation.value)
        yield from _unknown(place, one.parameter, book.parameters)
        wanted = TEXT if one.relation is Relation.IS else LIST
        unit = book.parameters[one.parameter].unit if one.parameter in book.parameters else wanted
        if unit != wanted:
            problem = f"{one.relation.value} compares with a {wanted}, not with a {unit}"
            yield place, problem, f"name a parameter of unit {wanted}"


def _unanswered(spot: Spot, rule: ThresholdRule) -> Iterator[Problem]:
    """Yield what is wrong when the rule's question, fact or answer field does not exist."""
    if rule.asks_itself:
        return
    spec = specifications().get(rule.question)
    if spec is None:
        way_out = "leave question, fact and passed out, or see `sluicegate rules questions`"
        yield spot.at("question"), f"names question {rule.question}, which does not exist", way_out
        return
    facts = {field.name for field in spec.facts}
    answers = {field.name for field in spec.answer}
    way_out = "`sluicegate rules schema` shows a question's fields"
    if rule.fact not in facts:
        yield spot.at("fact"), f"{rule.fact} is no fact of {spec.name}", way_out
    for name, _ in rule.passed:
        if name not in answers:
            yield spot.at("passed", name), f"{name} is no answer field of {spec.name}", way_out
