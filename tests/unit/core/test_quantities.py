"""Counts, rates and shares stay exact, and what people read never misleads."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import (
    FlopPerSecond,
    NumericFormat,
    Tpp,
    exact,
    flop_text,
    parse_decimal,
    parse_flop,
    percent,
    scientific,
    whole,
)

COUNTS = st.integers(0, 10**40) | st.integers(0, 40).map(lambda power: 10**power)


@given(count=COUNTS)
def test_a_count_is_read_back_as_it_was_written(count: int) -> None:
    assert parse_flop(flop_text(count)) == count
    assert parse_flop(count) == count


@given(count=COUNTS, places=st.integers(0, 12))
def test_scientific_text_of_a_whole_count_is_read_without_rounding(count: int, places: int) -> None:
    digits = str(count)
    text = f"{digits[0]}.{digits[1:] or 0}e{len(digits) - 1}"
    read = parse_flop(text)
    assert type(read) is int
    assert read == count
    assert parse_decimal(f"{count}e{places}") == count * 10**places


@given(numerator=st.integers(-(10**20), 10**20), places=st.integers(0, 20))
def test_a_decimal_is_int_when_whole_and_a_fraction_otherwise(numerator: int, places: int) -> None:
    value = exact(Decimal(numerator).scaleb(-places))
    assert value == Fraction(numerator, 10**places)
    assert isinstance(value, int) == (numerator % 10**places == 0)
    assert not isinstance(value, float)


def test_one_past_a_limit_is_seen_where_a_float_is_blind() -> None:
    assert float(10**25) == float(10**25 + 1)
    assert parse_flop("10000000000000000000000001") > parse_flop("1e25")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1,5",
        "1.",
        ".5",
        "1e",
        "e5",
        "0x10",
        "1_000",
        "nan",
        "inf",
        "1/2",
        "١",
        "1e9999",
        "1" * 2000,
        "--1",
        "1e1.5",
        "1\n",
    ],
)
def test_text_that_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"decimal text|too long"):
        parse_decimal(text)


@pytest.mark.parametrize("value", ["1.5", "-1", -1, "1e-1"])
def test_a_count_is_whole_and_not_negative(value: str | int) -> None:
    with pytest.raises(ValueError, match=r"whole number|negative"):
        parse_flop(value)


@pytest.mark.parametrize("value", [True, 1e25, 1.5])
def test_a_count_is_never_a_float_or_a_boolean(value: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        parse_flop(value)


@pytest.mark.parametrize("value", [0.5, None, b"1", [1]])
def test_what_is_no_exact_figure_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="exact figure"):
        exact(value)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999999999", "1e-999999999"])
def test_a_decimal_far_from_one_is_refused_before_it_fills_the_memory(text: str) -> None:
    with pytest.raises(ValueError, match="too far"):
        exact(Decimal(text))
    assert exact(Decimal("0e999999999")) == 0


@given(value=st.fractions() | st.integers())
def test_whole_changes_the_type_and_never_the_value(value: Fraction | int) -> None:
    assert whole(value) == value
    assert isinstance(whole(value), int) == (Fraction(value).denominator == 1)


@given(value=st.integers(10**6, 10**40), digits=st.integers(1, 6))
def test_scientific_is_within_half_a_unit_of_its_last_digit(value: int, digits: int) -> None:
    shown = scientific(value, digits)
    mantissa, power = shown.split("e")
    assert 1 <= Fraction(mantissa) < 10
    assert len(mantissa.replace(".", "")) <= max(digits, 1)
    unit = Fraction(10) ** (int(power) - digits + 1)
    assert abs(Fraction(parse_decimal(shown)) - value) <= unit / 2


@given(value=st.integers(10**6, 10**40))
def test_a_minus_sign_changes_nothing_else_in_scientific_text(value: int) -> None:
    assert scientific(-value) == "-" + scientific(value)


@given(value=st.integers(-(10**6) + 1, 10**6 - 1))
def test_a_small_whole_figure_is_shown_in_full(value: int) -> None:
    assert scientific(value) == str(value)


def test_a_figure_that_rounds_up_to_the_next_power_says_so() -> None:
    assert scientific(9_999_999) == "1e7"
    assert scientific(99_949_999) == "9.99e7"


@given(share=st.fractions(0, 1))
def test_a_share_is_shown_within_half_a_tenth_of_a_percent(share: Fraction) -> None:
    number, unit = percent(share).split(" ")
    assert unit == "%"
    assert abs(Fraction(number) - share * 100) <= Fraction(1, 20)


@given(value=st.integers(0, 10**16), milliseconds=st.integers(0, 10**12))
def test_a_rate_over_a_time_is_exact(value: int, milliseconds: int) -> None:
    done = FlopPerSecond(value, NumericFormat.BF16).over(milliseconds)
    assert done * 1000 == value * milliseconds


@pytest.mark.parametrize(
    ("numeric_format", "bits"),
    [
        (NumericFormat.FP64_TENSOR, 64),
        (NumericFormat.FP32, 32),
        (NumericFormat.TF32, 19),
        (NumericFormat.BF16, 16),
        (NumericFormat.FP8, 8),
        (NumericFormat.INT4, 4),
    ],
)
def test_a_format_has_the_bits_of_its_multiply(numeric_format: NumericFormat, bits: int) -> None:
    assert numeric_format.bits == bits


@given(rates=st.lists(st.tuples(st.integers(0, 10**16), st.sampled_from(NumericFormat))))
def test_tpp_is_the_highest_product_in_any_order(rates: list[tuple[int, NumericFormat]]) -> None:
    made = [FlopPerSecond(value, form) for value, form in rates]
    highest = Tpp.of(made).value
    assert highest == Tpp.of(made[::-1]).value
    products = [Fraction(v) * f.bits / 10**12 for v, f in rates]
    assert all(highest >= product for product in products)
    assert highest == 0 or highest in products
