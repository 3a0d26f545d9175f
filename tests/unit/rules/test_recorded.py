"""Recorded facts: what a path says holds for every row that agrees with it, and never too much."""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import Exact, whole
from sluicegate.rules.facts import Facts
from sluicegate.rules.fields import FieldSpec, Shape
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.paths import Compared, Fixed, Form, Given, Recording, Relation, Step
from sluicegate.rules.recorded import (
    FIXING,
    FIXING_DAY,
    RecordedAmount,
    RecordedDay,
    RecordedFacts,
    fix_inside,
)

NAMES = ("x", "y", "z")
SPECS = {
    **{name: FieldSpec(name, Shape.parse("number"), "A figure.") for name in NAMES},
    "count": FieldSpec("count", Shape.parse("integer"), "A whole number."),
    "maybe": FieldSpec("maybe", Shape.parse("flop"), "A count.", nullable=True),
    "day": FieldSpec("day", Shape.parse("date"), "A day."),
    "name": FieldSpec("name", Shape.parse("string"), "A name.", nullable=True),
}
ROW: dict[str, Any] = {
    "x": 3,
    "y": Fraction(1, 2),
    "z": 0,
    "count": 4,
    "maybe": None,
    "day": date(2025, 8, 2),
    "name": "Mira",
}


def recorded(**changed: Any) -> tuple[RecordedFacts, Recording]:
    """Return facts that record, and their record."""
    recording = Recording()
    return RecordedFacts(SPECS, {**ROW, **changed}, recording), recording


@dataclass(frozen=True)
class Sum:
    """Factors of the three facts, and a constant."""

    factors: tuple[Exact, Exact, Exact]
    constant: Exact

    def of(self, facts: Facts) -> Any:
        parts = (facts.amount(n) * f for n, f in zip(NAMES, self.factors, strict=True) if f)
        return sum(parts, self.constant)


@dataclass(frozen=True)
class Branch:
    """Compare two sums; go on with one of two branches, or give a leaf."""

    left: Sum
    relation: Callable[[Any, Any], bool]
    right: Sum
    use: Callable[[Any, Any], Any]
    yes: Any
    no: Any

    def decide(self, facts: Facts) -> Any:
        left, right = self.left.of(facts), self.right.of(facts)
        if not self.relation(left, right):
            chosen = self.no
        else:
            chosen = self.yes if not self.use(left, right) else self.no
        if isinstance(chosen, Branch):
            return chosen.decide(facts)
        return chosen.of(facts) if isinstance(chosen, Sum) else chosen


FIGURES: st.SearchStrategy[Exact] = st.integers(-4, 4) | st.builds(
    lambda a, b: whole(Fraction(a, b)), st.integers(-8, 8), st.integers(1, 4)
)
SUMS = st.builds(Sum, st.tuples(FIGURES, FIGURES, FIGURES), FIGURES)
RELATIONS = st.sampled_from(
    [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
)
USES = st.sampled_from(
    [
        lambda _a, _b: False,
        lambda a, _b: round(a) > 1,
        lambda a, b: a * b > 2,
        lambda a, b: b != 0 and a / b > 1,
        lambda a, _b: f"{a}" == "1",
        lambda a, b: len({a, b}) == 1,
        lambda a, b: max(a, b) > 1,
        lambda a, b: math.floor(a) == math.ceil(b),
        lambda a, _b: abs(a) < 2,
        lambda a, b: sorted([a, b, 1])[1] == 1,
        lambda a, _b: bool(a),
        lambda a, b: Fraction(a) + b > 0,
        lambda a, _b: a in (1, 2),
    ]
)
DECISIONS = st.recursive(
    st.sampled_from(["open", "shut", "asked"]) | SUMS,
    lambda below: st.builds(Branch, SUMS, RELATIONS, SUMS, USES, below, below),
    max_leaves=6,
).filter(lambda decision: isinstance(decision, Branch))
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, FIGURES))


def agrees(steps: list[Step], first: Mapping[str, Exact], other: Mapping[str, Exact]) -> bool:
    """Say whether a row agrees with every step of another's path."""
    for step in steps:
        if isinstance(step, Fixed):
            if first[step.fact] != other[step.fact]:
                return False
        elif isinstance(step, Compared) and not step.agrees(other):
            return False
    return True


@given(DECISIONS, ROWS, st.lists(ROWS, min_size=1, max_size=12))
def test_every_row_that_agrees_with_a_path_has_its_answer(
    decision: Branch, row: dict[str, Exact], others: list[dict[str, Exact]]
) -> None:
    facts, recording = recorded(**row)
    answer = decision.decide(facts)
    recording.close()
    steps = list(recording.steps)
    assert answer == decision.decide(Facts(row))
    assert agrees(steps, row, row)
    for other in others:
        if agrees(steps, row, other):
            said = answer.form.value(other) if isinstance(answer, RecordedAmount) else answer
            assert said == decision.decide(Facts(other))
    assert recording.steps == steps, "looking at an answer must not change its path"


@given(ROWS, SUMS, RELATIONS, SUMS)
def test_a_comparison_of_sums_is_one_step_and_nothing_is_fixed(
    row: dict[str, Exact], left: Sum, relation: Callable[[Any, Any], bool], right: Sum
) -> None:
    facts, recording = recorded(**row)
    first = relation(left.of(facts), right.of(facts))
    assert relation(left.of(facts), right.of(facts)) is first
    assert len(recording.steps) <= 1
    assert all(isinstance(step, Compared) and step.terms[0][1] == 1 for step in recording.steps)


@given(st.lists(st.tuples(RELATIONS, st.integers(-3, 3)), min_size=1, max_size=9), FIGURES)
def test_what_a_path_knows_of_a_figure_is_asked_only_once(
    compared: list[tuple[Callable[[Any, Any], bool], int]], value: Exact
) -> None:
    """A path over one figure has at most two steps per level that it met."""
    facts, recording = recorded(x=value)
    for relation, level in compared * 2:
        assert relation(facts.amount("x"), level) is relation(value, level)
    assert len(recording.steps) <= 2 * len({level for _, level in compared})
    assert len(set(recording.steps)) == len(recording.steps)


def test_a_threshold_is_one_step_and_the_figure_may_be_given_back() -> None:
    facts, recording = recorded(x=10**25)
    compute = facts.amount("x")
    assert not Comparator.GREATER_THAN.holds(compute, 10**25)
    assert Comparator.AT_LEAST.holds(compute, 10**24)
    assert whole(compute) is compute
    recording.close()
    assert recording.steps == [
        Compared((("x", 1),), Relation.AT_MOST, 10**25, True),
        Compared((("x", 1),), Relation.BELOW, 10**24, False),
    ]
    assert isinstance(compute, RecordedAmount)
    assert compute.form == Form((("x", 1),))
    assert not recording.is_fixed(compute.form)


def test_every_thing_a_figure_can_do_records_or_fixes() -> None:
    made = {"__new__", "__slots__", "__init__", "__doc__", "__module__", "__abstractmethods__"}
    own = set(vars(RecordedAmount)) - set(FIXING)
    taken = {name for name in dir(Fraction) if getattr(Fraction, name) is not None}
    plain = set(dir(object)) - {"__str__", "__repr__", "__format__", "__hash__"}
    factories = {"from_decimal", "from_float", "from_number", "__class_getitem__"}
    left = taken - own - set(FIXING) - plain - made - factories
    assert {name for name in left if not name.startswith("_") or name.endswith("__")} == set()


def test_every_thing_a_day_can_do_records_or_fixes() -> None:
    own = set(vars(RecordedDay))
    plain = set(dir(object)) - {"__str__", "__repr__", "__format__", "__hash__", "__eq__"}
    factories = {"fromisocalendar", "fromisoformat", "fromordinal", "fromtimestamp", "today"}
    constants = {"min", "max", "resolution", "strptime"}
    assert set(dir(date)) - own - plain - factories - constants == set()
    assert set(FIXING_DAY) <= own


@pytest.mark.parametrize(
    "use",
    [
        str,
        repr,
        hash,
        int,
        float,
        round,
        math.floor,
        math.ceil,
        math.trunc,
        Fraction,
        complex,
        lambda x: f"{x}",
        lambda x: x // 2,
        lambda x: 7 // x,
        lambda x: x % 2,
        lambda x: 7 % x,
        lambda x: divmod(x, 2),
        lambda x: divmod(7, x),
        lambda x: x**2,
        lambda x: 2**x,
        lambda x: x.numerator,
        lambda x: x.denominator,
        lambda x: x.real,
        lambda x: x.conjugate(),
        lambda x: x.as_integer_ratio(),
        lambda x: list(range(x)),
        lambda x: x == 3.0,
        lambda x: x * x,
        lambda x: x / x,
        lambda x: {x: 1},
    ],
)
def test_a_use_that_is_no_comparison_fixes_the_fact(use: Callable[[Any], Any]) -> None:
    facts, recording = recorded(x=3)
    assert use(facts.amount("x")) == use(3)
    assert recording.steps == [Fixed("x")]
    assert facts.amount("x") > 1
    assert recording.steps == [Fixed("x")], "after that, comparisons say nothing new"


@pytest.mark.parametrize(
    "use", [lambda x: x == "3", lambda x: x is None, copy.copy, copy.deepcopy, lambda x: +x]
)
def test_a_use_that_looks_at_no_value_records_nothing(use: Callable[[Any], Any]) -> None:
    facts, recording = recorded(x=3)
    x: Any = facts.amount("x")
    use(x)
    assert recording.steps == []
    for wrong in (operator.lt, operator.add, operator.truediv, operator.sub):
        for pair in ((x, "3"), ("3", x)):
            with pytest.raises(TypeError):
                wrong(*pair)


def test_quotients_by_a_figure_stay_exact() -> None:
    facts, recording = recorded(x=3)
    x: Any = facts.amount("x")
    assert (1 / x, x / 2, (x / 2).limit_denominator(1)) == (Fraction(1, 3), Fraction(3, 2), 1)
    assert recording.steps == [Fixed("x")]


def test_a_product_of_facts_fixes_one_of_them() -> None:
    facts, recording = recorded(x=3, y=4)
    assert facts.amount("x") * facts.amount("y") >= 12
    assert recording.steps == [
        Fixed("y"),
        Compared((("x", 1),), Relation.BELOW, 3, False),
    ]


def test_facts_of_other_types_are_fixed_when_they_are_read() -> None:
    facts, recording = recorded()
    assert facts.has("name")
    assert recording.steps == [Given("name", True)]
    assert facts.text("name") == "Mira"
    assert facts.whole("count") == 4
    assert recording.steps[1:] == [Fixed("name"), Fixed("count")]
    assert dict(recorded()[0]["x"].form.terms) == {"x": 1}


def test_a_whole_number_that_is_compared_as_a_figure_is_not_fixed() -> None:
    facts, recording = recorded()
    assert facts.amount("count") > 3
    assert recording.steps == [Compared((("count", 1),), Relation.AT_MOST, 3, False)]
    with pytest.raises(TypeError):
        facts.amount("name")


def test_a_figure_that_was_not_given_is_a_step() -> None:
    facts, recording = recorded()
    assert facts.maybe_amount("maybe") is None
    assert recording.steps == [Given("maybe", False)]
    facts, recording = recorded(maybe=5)
    assert facts.maybe_amount("maybe") == 5
    assert recording.steps[0] == Given("maybe", True)


DAYS = st.dates(date(2024, 1, 1), date(2027, 1, 1))


@given(DAYS, DAYS, DAYS, RELATIONS)
def test_days_are_compared_by_the_calendar(
    day: date, other: date, third: date, relation: Callable[[Any, Any], bool]
) -> None:
    def both(one: date) -> tuple[bool, bool]:
        return relation(one, other), relation(other, one)

    facts, recording = recorded(day=day)
    assert both(facts.day("day")) == both(day)
    agreed = agrees(recording.steps, {}, {"day": third.toordinal()})
    assert agreed is (both(third) == both(day))


@pytest.mark.parametrize(
    "use",
    [
        str,
        repr,
        hash,
        lambda d: d.isoformat(),
        lambda d: f"{d:%Y}",
        lambda d: d.year,
        lambda d: d.month,
        lambda d: d.day,
        lambda d: d + timedelta(days=1),
        lambda d: timedelta(days=1) + d,
        lambda d: d - date(2025, 1, 1),
        lambda d: date(2026, 1, 1) - d,
        lambda d: d.replace(day=1),
        lambda d: d.weekday(),
        lambda d: d.isocalendar(),
        lambda d: d.strftime("%d"),
        lambda d: d.timetuple(),
        lambda d: d.toordinal(),
    ],
)
def test_a_use_of_a_day_that_is_no_comparison_fixes_it(use: Callable[[Any], Any]) -> None:
    facts, recording = recorded()
    expected = use(ROW["day"])
    assert use(facts.day("day")) == expected
    assert recording.steps == [Fixed("day")]


def test_the_earlier_of_two_days_is_one_step() -> None:
    recording = Recording()
    specs = {name: FieldSpec(name, Shape.parse("date"), "A day.") for name in ("a", "b")}
    days = {"a": date(2025, 8, 2), "b": date(2025, 9, 2)}
    facts = RecordedFacts(specs, days, recording)
    for _ in range(2):
        earlier: Any = min(facts.day("a"), facts.day("b"))
        assert earlier.form == Form((("a", 1),))
    assert recording.steps == [Compared((("a", 1), ("b", -1)), Relation.AT_MOST, 0, True)]


def test_a_day_is_no_instant_and_no_text() -> None:
    facts, recording = recorded()
    day: Any = facts.day("day")
    assert day != "2025-08-02"
    with pytest.raises(TypeError):
        assert day < 3
    assert recording.steps == []


def test_the_facts_inside_lists_and_maps_are_fixed_and_those_beside_are_not() -> None:
    facts, recording = recorded()
    fix_inside([facts.amount("x"), facts.day("day"), "text"])
    assert recording.steps == []
    fix_inside([[facts.amount("x")], {"a": {"b": (facts.amount("y"), facts.day("day"))}}])
    assert recording.steps == [Fixed("x"), Fixed("y"), Fixed("day")]


def test_all_facts_at_once_fix_what_is_not_recorded() -> None:
    facts, recording = recorded()
    assert facts == Facts(ROW)
    assert Fixed("name") in recording.steps
    assert len(list(facts._parts)) == len(SPECS)
