"""Properties of every threshold rule of the shipped book, made from the rule itself.

For each rule and each day on which its limit or its text changes, and the day
before: the level lies exactly at the limit by the text's comparator, it begins
to be approached exactly at that share, more never lowers it, SQL says the same,
and what is owed follows from it.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.rules.answers import Asked
from sluicegate.rules.deadlines import BEFORE_CROSSING
from sluicegate.rules.instruments import Comparator, Limit, ThresholdRule
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.thresholds import Gauge, Level
from sluicegate.services.asking import ask_question

BOOK = shipped_book()
RULES = sorted(BOOK.thresholds.values(), key=lambda rule: rule.id)
LEVELS = [level.value for level in Level]
ENGINE = duckdb.connect()
CROSSED = "2028-02-29"
FAR = date(2030, 1, 1)


def days(rule: ThresholdRule) -> list[date]:
    """Return each day on which the rule's limit, approach or text changes, and the day before."""
    names = [rule.parameter, *([rule.approach] if rule.approach else [])]
    starts = {dated.start for name in names for dated in BOOK.parameters[name].values}
    starts |= {status.start for status in BOOK.instruments[rule.instrument].statuses}
    near = {day + timedelta(days=step) for day in starts if day for step in (-1, 0)}
    return sorted({*near, FAR})


def edges() -> list[tuple[ThresholdRule, date]]:
    return [(rule, day) for rule in RULES for day in days(rule)]


def asked(rule: ThresholdRule, amount: Exact, day: date, passed_on: str | None = None) -> Asked:
    facts = {rule.measure: flop_text(amount), "passed_on": passed_on}
    return ask_question(rule.id, facts, as_of=day, book=BOOK)


def limit_of(rule: ThresholdRule, day: date) -> Limit:
    return Law(BOOK, day).limit(rule.parameter)


def in_sql(rule: ThresholdRule, amounts: list[int], day: date) -> list[str]:
    gauge = Gauge.of(rule, Law(BOOK, day))
    rows = ", ".join(f"({n}, CAST({a} AS DECIMAL(38, 0)))" for n, a in enumerate(amounts))
    statement = (
        f"SELECT {gauge.sql_level('amount')} FROM (VALUES {rows}) AS used(number, amount)"
        " ORDER BY number"
    )
    return [level for (level,) in ENGINE.execute(statement).fetchall()]


EACH = pytest.mark.parametrize(
    ("rule", "day"), edges(), ids=lambda one: one.id if isinstance(one, ThresholdRule) else str(one)
)


@EACH
def test_the_edge_lies_at_the_limit_by_the_comparator_of_the_text(
    rule: ThresholdRule, day: date
) -> None:
    limit = limit_of(rule, day)
    below, at, above = (asked(rule, limit.value + step, day).answer for step in (-1, 0, 1))
    reached = limit.comparator is Comparator.AT_LEAST
    assert limit.comparator in (Comparator.AT_LEAST, Comparator.GREATER_THAN)
    assert [one["passed"] for one in (below, at, above)] == [False, reached, True]
    assert all(one["limit"] == limit.value for one in (below, at, above))


@EACH
def test_a_limit_is_approached_from_exactly_its_share(rule: ThresholdRule, day: date) -> None:
    assert rule.approach is not None, "a rule without an approach needs a test of its own"
    limit = limit_of(rule, day)
    near = Fraction(limit.value) * Law(BOOK, day).share(rule.approach)
    first = -(-near.numerator // near.denominator)
    levels = [asked(rule, first + step, day).answer["level"] for step in (-1, 0)]
    assert levels == [Level.BELOW.value, Level.APPROACHING.value]
    assert asked(rule, first, day).answer["approach_level"] == near


@EACH
def test_sql_the_gauge_and_the_question_give_the_same_level(rule: ThresholdRule, day: date) -> None:
    limit = int(limit_of(rule, day).value)
    steps = (-(10**9), -2, -1, 0, 1, 2, 10**9)
    near = [limit * part // 100 + step for part in (1, 79, 80, 81, 99, 100) for step in steps]
    amounts = sorted({amount for amount in (0, 1, *near, 10**37) if amount >= 0})
    gauge = Gauge.of(rule, Law(BOOK, day))
    told = [asked(rule, amount, day).answer["level"] for amount in amounts]
    assert in_sql(rule, amounts, day) == told == [gauge.level(a).value for a in amounts]


@given(
    edge=st.sampled_from(edges()),
    parts=st.lists(st.fractions(0, 2) | st.sampled_from([Fraction(4, 5), Fraction(1)]), min_size=2),
    step=st.integers(-2, 2),
)
@settings(max_examples=3 * settings().max_examples)
def test_more_never_lowers_the_level_nor_takes_a_duty_away(
    edge: tuple[ThresholdRule, date], parts: list[Fraction], step: int
) -> None:
    rule, day = edge
    limit = limit_of(rule, day).value
    amounts = sorted(max(0, int(limit * part) + step) for part in parts)
    answers = [asked(rule, amount, day).answer for amount in amounts]
    places = [LEVELS.index(answer["level"]) for answer in answers]
    assert places == sorted(places)
    for name in ("passed", "as_written", "as_enforced"):
        assert [one[name] for one in answers] == sorted(one[name] for one in answers)
    owed = [{one["duty"] for one in answer["due"]} for answer in answers]
    assert all(before <= after for before, after in pairwise(owed))


@EACH
def test_what_is_owed_follows_from_the_level_and_the_text(rule: ThresholdRule, day: date) -> None:
    limit = limit_of(rule, day).value
    duties = [BOOK.obligations[name] for name in rule.obligations]
    before = {duty.id for duty in duties if duty.counted_from == BEFORE_CROSSING}
    for amount, wanted in ((limit * 2, {duty.id for duty in duties}), (limit - 1, before)):
        answer = asked(rule, amount, day, CROSSED).answer
        assert answer["as_enforced"] <= answer["as_written"] <= answer["passed"]
        owed = {f"{rule.instrument}.{one['duty']}" for one in answer["due"]}
        text_asks = asked(rule, limit * 2, day).answer["as_written"]
        assert owed == (wanted if text_asks else set())
        assert all(one["due"] is None or one["due"] >= date(2028, 2, 29) for one in answer["due"])
