"""A threshold rule as a question of its own, named by the rule's id.

The measured amount is its fact; its answer says how the amount stands to the
limit in force on the day, whether a text asks for anything because of it, and
by when. `Gauge` compares, as it does for a pass over many subjects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.book import RuleBook
from sluicegate.rules.conditions import applies, condition_facts, holds, wanted_by
from sluicegate.rules.deadlines import BEFORE_CROSSING, CONTINUOUS, end_of, start_of
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import FieldSpec, Shape
from sluicegate.rules.instruments import (
    Condition,
    Instrument,
    Limit,
    ObligationTemplate,
    Relation,
    Status,
    ThresholdRule,
    Title,
)
from sluicegate.rules.law import Law, comparison
from sluicegate.rules.questions import Question
from sluicegate.rules.specifications import Outcome, Spec
from sluicegate.rules.standing import asks, is_enforced
from sluicegate.rules.threshold_blocks import LIFETIME, PASSED_ON
from sluicegate.rules.thresholds import UNIT_OF, Gauge, Level

AREA = "threshold_rules"
"""The area of these questions; it has no question file."""

_MEASURED = {
    "training_compute": "Training compute",
    "compute_used": "Compute used",
    "peak_rate": "Peak rate",
}
_MEANINGS = {
    "training_compute": "Operations that the training run took",
    "compute_used": "Operations that the customer or group used",
    "peak_rate": "Highest dense rate of the cluster",
}


def threshold_question(rule: ThresholdRule, book: RuleBook) -> Question:
    """Return a threshold rule of a book as a question."""

    def decide(facts: Facts, law: Law) -> Answer:
        return _decide(rule, facts, law)

    return Question(_spec(rule, book), decide)


def _spec(rule: ThresholdRule, book: RuleBook) -> Spec:
    return Spec(
        name=rule.id,
        area=AREA,
        title=rule.title,
        citations=(book.instrument(rule.instrument).citation,),
        instruments=(rule.instrument,),
        source_status="",
        first_recorded=None,
        notes=f"Threshold rule {rule.id}, asked as it stands in its rule file.",
        readings=(),
        facts=_facts(rule),
        answer=_answer(rule, book),
        bad_input=(),
        outcomes=_outcomes(UNIT_OF[rule.measure]),
    )


def _kind(rule: ThresholdRule) -> str:
    return "flop" if UNIT_OF[rule.measure] == "FLOP" else "flop_per_second"


def _facts(rule: ThresholdRule) -> tuple[FieldSpec, ...]:
    stretch = "" if rule.window == LIFETIME else f" within {rule.window}"
    amount = FieldSpec(
        name=rule.measure,
        shape=Shape.parse(_kind(rule)),
        meaning=_MEANINGS[rule.measure] + stretch,
        unit=UNIT_OF[rule.measure],
        required=True,
    )
    day = FieldSpec(
        name=PASSED_ON,
        shape=Shape.parse("date"),
        meaning="Day on which the threshold was passed; deadlines count from it",
        nullable=True,
    )
    return (amount, day, *condition_facts(rule.conditions))


def _answer(rule: ThresholdRule, book: RuleBook) -> tuple[FieldSpec, ...]:
    def part(name: str, kind: str, meaning: str, **more: Any) -> FieldSpec:
        return FieldSpec(name=name, shape=Shape.parse(kind), meaning=meaning, **more)

    levels = tuple(level.value for level in Level)
    duties = {
        _short(duty, rule.instrument): _quoted(book.obligations[duty].duty)
        for duty in rule.obligations
    }
    due = (
        part(
            "duty", "enum", "Id of the duty in the rule file", values=tuple(duties), titles=duties
        ),
        part("due", "date", "Last day for it; null while it cannot be dated", nullable=True),
    )
    return (
        part("level", "enum", "How the amount stands to the limit", values=levels),
        part(
            "applies",
            "boolean",
            "All conditions of the rule hold; null when a fact they need is not known",
            nullable=True,
        ),
        part("passed", "boolean", "The amount passes the limit, and no condition fails"),
        part("limit", _kind(rule), "Limit in force on the day", unit=UNIT_OF[rule.measure]),
        part(
            "approach_level",
            _kind(rule),
            "Amount from which one approaches the limit",
            unit=UNIT_OF[rule.measure],
            nullable=True,
        ),
        part("as_written", "boolean", "Passed, and a text on the day asks for what follows"),
        part("as_enforced", "boolean", "As written, and the text is in force and enforced"),
        part("due", "list[record]", "What is owed, each with its last day", fields=due),
    )


def _short(identifier: str, instrument: str) -> str:
    """Return an id as its rule file writes it.

    >>> _short("local.harbour.report.first", "local.harbour")
    'report.first'
    """
    return identifier.removeprefix(f"{instrument}.")


_OUTCOMES: tuple[tuple[Mapping[str, Any], str, str], ...] = (
    ({"applies": False}, "The rule does not apply.", "该规则不适用。"),
    (
        {"passed": True, "applies": None},
        "The limit of {limit} UNIT is passed; whether the rule applies is not known.",
        "已超过{limit} UNIT的阈值；规则是否适用尚不清楚。",
    ),
    (
        {"as_enforced": True},
        "The limit of {limit} UNIT is passed; the text is in force and enforced.",
        "已超过{limit} UNIT的阈值；文本现行有效并付诸执行。",
    ),
    (
        {"as_written": True},
        "The limit of {limit} UNIT is passed as the text stands; it is not enforced.",
        "按文本已超过{limit} UNIT的阈值；该文本未付诸执行。",
    ),
    (
        {"passed": True},
        "The limit of {limit} UNIT is passed, but no text asks for anything on the day.",
        "已超过{limit} UNIT的阈值，但当日没有文本据此提出要求。",
    ),
    (
        {"level": Level.APPROACHING.value},
        "The limit of {limit} UNIT is not passed, but approached.",
        "尚未超过{limit} UNIT的阈值，但已接近。",
    ),
    ({}, "The limit of {limit} UNIT is not passed.", "未超过{limit} UNIT的阈值。"),
)
"""What is said of an answer, the first that fits; UNIT is that of the rule's measure."""


def _outcomes(unit: str) -> tuple[Outcome, ...]:
    return tuple(
        Outcome.parse(
            {"when": when, "en": en.replace("UNIT", unit), "zh": zh.replace("UNIT", unit)}
        )
        for when, en, zh in _OUTCOMES
    )


def _decide(rule: ThresholdRule, facts: Facts, law: Law) -> Answer:
    """Say how an amount stands to a rule on the law's day.

    `passed` holds unless a condition is known to fail; `applies` is None while
    one is not known. Before the first value of the limit nothing is asked,
    whatever the status of the text.
    """
    gauge = Gauge.of(rule, law)
    limit = law.limit(rule.parameter)
    amount: Exact = facts.amount(rule.measure)
    level = gauge.level(amount)
    given = {one.fact: facts[one.fact] for one in rule.conditions}
    relevant = applies(rule.conditions, given, law)
    passed = level is Level.PASSED and relevant is not False
    instrument = law.book.instrument(rule.instrument)
    status = law.status(rule.instrument)
    asked = asks(instrument, status) and not limit.in_force.early
    owed = list(_owed(rule, level, law)) if asked and relevant is not False else []
    passed_on = facts.maybe_day(PASSED_ON)
    return Answer(
        {
            "level": level.value,
            "applies": relevant,
            "passed": passed,
            "limit": gauge.limit,
            "approach_level": gauge.approach,
            "as_written": passed and asked,
            "as_enforced": passed and asked and is_enforced(status),
            "due": [
                {"duty": _short(duty.id, duty.instrument), "due": _due(duty, passed_on, law)}
                for duty in owed
            ],
        },
        [
            comparison(_MEASURED[rule.measure], amount, limit),
            *_said_of_approach(rule, gauge, level, law),
            *(_said_of_condition(one, given[one.fact], law) for one in rule.conditions),
            *_said_of_text(instrument, status, limit, law),
            *(_said_of_duty(duty, passed_on, law) for duty in owed),
        ],
    )


def _owed(rule: ThresholdRule, level: Level, law: Law) -> Iterator[ObligationTemplate]:
    """Yield what a subject at a level owes; one that approaches, only what comes before."""
    for identifier in rule.obligations:
        duty = law.book.obligations[identifier]
        before = duty.counted_from == BEFORE_CROSSING
        if level is Level.PASSED or (level is Level.APPROACHING and before):
            yield duty


def _due(duty: ObligationTemplate, passed_on: date | None, law: Law) -> date | None:
    """Return the last day for a duty, counted from the day on which the limit was passed."""
    if passed_on is None or duty.counted_from == BEFORE_CROSSING:
        return passed_on
    start = start_of(duty.counted_from, passed_on)
    if duty.period is None or start is None:
        return None
    return end_of(law.period(duty.period), start)


def _said_of_approach(
    rule: ThresholdRule, gauge: Gauge, level: Level, law: Law
) -> Iterator[Sentence]:
    if level is Level.APPROACHING and rule.approach is not None:
        share = law.parameter(rule.approach)
        yield say(
            "That is at or above {level:sci} {unit}, {share:percent} of the limit, from which a"
            " subject approaches it ({reference}).",
            level=gauge.approach,
            unit=UNIT_OF[rule.measure],
            share=share.dated.value,
            reference=share.dated.reference,
        )


_CONDITIONS: Mapping[tuple[Relation, bool | None], str] = {
    (Relation.IS, True): "The rule asks that {fact:term} is {wanted}, and so it is.",
    (Relation.IS, False): "The rule asks that {fact:term} is {wanted}, but it is {value}; it does"
    " not apply.",
    (Relation.IS, None): "The rule asks that {fact:term} is {wanted}, which is not known.",
    (Relation.IN, True): "The rule asks that {fact:term} is one of {wanted}, and it is {value}.",
    (Relation.IN, False): "The rule asks that {fact:term} is one of {wanted}, but it is {value};"
    " it does not apply.",
    (Relation.IN, None): "The rule asks that {fact:term} is one of {wanted}, which is not known.",
    (Relation.NOT_IN, True): "The rule asks that {fact:term} is none of {wanted}, and it is"
    " {value}.",
    (Relation.NOT_IN, False): "The rule asks that {fact:term} is none of {wanted}, but it is"
    " {value}; it does not apply.",
    (Relation.NOT_IN, None): "The rule asks that {fact:term} is none of {wanted}, which is not"
    " known.",
}
"""What is said of a condition that holds, fails, or rests on a fact that is not known."""


def _said_of_condition(one: Condition, value: Any, law: Law) -> Sentence:
    template = _CONDITIONS[one.relation, holds(one, value, law)]
    return say(template, fact=one.fact, wanted=wanted_by(one, law), value=value)


def _said_of_text(
    instrument: Instrument, status: Status | None, limit: Limit, law: Law
) -> Iterator[Sentence]:
    if status is None:
        title = Term(instrument.title)
        yield say("{title} has no status yet on {day}.", title=title, day=law.day)
    else:
        yield say(
            "{title} ({kind:term}): {text:term}, {enforcement:term} ({reference}).",
            title=Term(instrument.title),
            kind=instrument.kind.value,
            text=status.text.value,
            enforcement=status.enforcement.value,
            reference=status.reference,
        )
    if limit.in_force.early:
        yield say(
            "The limit begins on {start} only, so that nothing is asked on {day}.",
            start=limit.in_force.dated.start,
            day=law.day,
        )


def _said_of_duty(duty: ObligationTemplate, passed_on: date | None, law: Law) -> Sentence:
    due = _due(duty, passed_on, law)
    what = Term(_quoted(duty.duty))
    event = duty.counted_from
    if event == BEFORE_CROSSING:
        return say("Owed before the limit is passed: {duty}.", duty=what)
    if event == CONTINUOUS:
        return say("Owed as long as the limit is passed: {duty}.", duty=what)
    if duty.period is None:
        return say("Owed, with no period set: {duty}.", duty=what)
    period = law.period(duty.period)
    if due is None:
        return say(
            "Owed within {period} from {event:term}, a day that is not given: {duty}.",
            period=period,
            event=event,
            duty=what,
        )
    return say(
        "Owed by {due}, {period} from {event:term}: {duty}.",
        due=due,
        period=period,
        event=event,
        duty=what,
    )


def _quoted(title: Title) -> Title:
    """Return a title as a part of a sentence, without a period of its own."""
    return Title(title.en.rstrip("."), title.zh.rstrip("。"))
