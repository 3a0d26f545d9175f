"""One threshold rule, two interpreters: scalar and SQL agree on every amount."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_text import RULE
from sluicegate.core.quantities import Exact, whole
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law
from sluicegate.rules.loading import read_book, shipped_book
from sluicegate.rules.thresholds import Gauge, Level, lowest_level, sql_compare

HARBOUR = read_book([("harbour.yaml", RULE)])
RULE_OF_RUN = HARBOUR.thresholds["local.harbour.run"]
ENGINE = duckdb.connect()

LIMITS = (
    st.integers(0, 10**37)
    | st.integers(0, 37).map(lambda power: 10**power)
    | st.builds(Fraction, st.integers(0, 10**30), st.integers(1, 10**6))
    | st.fractions(0, 100)
)
SHARES = st.fractions(0, 1) | st.sampled_from([Fraction(4, 5), Fraction(1, 3), Fraction(1)])
COMPARATORS = st.sampled_from(Comparator)


@st.composite
def gauges(draw: st.DrawFn) -> Gauge:
    limit = whole(draw(LIMITS))
    approach = draw(st.none() | SHARES.map(lambda share: whole(Fraction(limit) * share)))
    return Gauge(RULE_OF_RUN, limit, draw(COMPARATORS), approach)


def around(level: Exact) -> Iterator[int]:
    """Yield the whole amounts next to a level and at it."""
    floor = Fraction(level).__floor__()
    yield from (max(amount, 0) for amount in range(floor - 2, floor + 4))


def in_sql(gauge: Gauge, amounts: list[int]) -> list[str]:
    """Return the level that DuckDB gives each amount."""
    rows = ", ".join(f"({number}, CAST({a} AS DECIMAL(38, 0)))" for number, a in enumerate(amounts))
    statement = (
        f"SELECT {gauge.sql_level('flop')} FROM (VALUES {rows}) AS used(row_number, flop)"
        " ORDER BY row_number"
    )
    return [level for (level,) in ENGINE.execute(statement).fetchall()]


@given(gauge=gauges(), amounts=st.lists(st.integers(0, 10**37), max_size=5))
def test_sql_and_scalar_give_every_amount_the_same_level(gauge: Gauge, amounts: list[int]) -> None:
    tried = [*amounts, 0, *around(gauge.limit), *around(gauge.approach or 0)]
    assert in_sql(gauge, tried) == [gauge.level(amount).value for amount in tried]


@given(amount=st.integers(0, 50), level=st.fractions(0, 50), comparator=COMPARATORS)
def test_a_comparison_in_sql_is_exact_for_a_level_between_two_counts(
    amount: int, level: Fraction, comparator: Comparator
) -> None:
    column = f"CAST({amount} AS DECIMAL(38, 0))"
    (said,) = ENGINE.execute(f"SELECT {sql_compare(column, comparator, level)}").fetchone() or ()
    assert said == comparator.holds(amount, level)


def test_a_level_too_long_for_the_engine_is_refused_and_not_cut() -> None:
    with pytest.raises(ValueError, match="38 digits"):
        sql_compare("flop", Comparator.AT_LEAST, 10**38)
    assert "9" * 38 in sql_compare("flop", Comparator.AT_LEAST, 10**38 - 1)


@given(gauge=gauges(), amount=st.integers(0, 10**37), more=st.integers(0, 10**37))
def test_more_never_lowers_the_level_of_a_limit_from_above(
    gauge: Gauge, amount: int, more: int
) -> None:
    if gauge.comparator in (Comparator.GREATER_THAN, Comparator.AT_LEAST):
        order = list(Level)
        before, after = gauge.level(amount), gauge.level(amount + more)
        assert order.index(after) >= order.index(before)


@given(gauge=gauges(), amount=st.integers(0, 10**37))
def test_below_the_lowest_level_there_is_nothing_to_say(gauge: Gauge, amount: int) -> None:
    upward = gauge.comparator in (Comparator.GREATER_THAN, Comparator.AT_LEAST)
    if upward and amount < gauge.lowest:
        assert gauge.level(amount) is Level.BELOW
    if gauge.approach is not None:
        assert gauge.lowest <= gauge.approach


def test_a_gauge_takes_the_figures_of_its_day() -> None:
    before, after = (
        Gauge.of(RULE_OF_RUN, Law(HARBOUR, day)) for day in (date(2026, 6, 30), date(2026, 7, 1))
    )
    assert (before.limit, before.approach) == (10**24, 8 * 10**23)
    assert (after.limit, after.approach) == (5 * 10**23, 4 * 10**23)
    assert before.level(8 * 10**23) is Level.APPROACHING
    assert before.level(8 * 10**23 - 1) is Level.BELOW
    assert before.level(10**24) is Level.APPROACHING
    assert before.level(10**24 + 1) is Level.PASSED
    assert lowest_level([before, after]) == 4 * 10**23
    assert lowest_level([]) is None


@pytest.mark.parametrize("identifier", sorted(shipped_book().thresholds))
def test_every_shipped_threshold_reads_the_same_in_both(identifier: str) -> None:
    book = shipped_book()
    gauge = Gauge.of(book.thresholds[identifier], Law(book, date(2026, 11, 21)))
    tried = [*around(gauge.limit), *around(gauge.approach or 0), 0, 10**37]
    assert in_sql(gauge, tried) == [gauge.level(amount).value for amount in tried]
    assert {Level.BELOW.value, Level.PASSED.value} <= set(in_sql(gauge, tried))
