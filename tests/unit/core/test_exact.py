"""Text with exact numbers: nothing turns into something else on the way in or out."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.exact import (
    ExactTextError,
    decimal_text,
    dump_json,
    load_json,
    load_yaml,
    parse_integer,
)

PLAIN_TEXTS = ["NO", "no", "yes", "on", "Off", "y", "2025-08-02", "1:30", "12:30:45", "1e25"]
PLAIN_TEXTS += ["1.5e25", "0x10", "0o17", "010", ".nan", "+.inf", "-.inf", "1e400", "="]


@pytest.mark.parametrize("text", PLAIN_TEXTS)
def test_yaml_leaves_what_is_no_plain_decimal_as_text(text: str) -> None:
    assert load_yaml(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-12", -12),
        ("+3", 3),
        ("600_000_000", 600_000_000),
        (".5", Decimal("0.5")),
        ("0.10", Decimal("0.10")),
        ("1.5e+25", Decimal("1.5e25")),
        ("3.", Decimal("3")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_yaml_reads_decimals_booleans_and_null(text: str, value: Any) -> None:
    read = load_yaml(f"a: {text}")["a"]
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: 2\na: 3", 3, "twice"),
        ("outer:\n  1: x\n  1: y", 3, "twice"),
        ("1.0: x\n1: y", 2, "twice"),
        ("a:\n- [1, 2", 3, "did not find"),
        ("x\n--- b", 2, "another document"),
        ("\t- a", 1, "token"),
        ("? [a, b]\n: 1", 1, "plain text"),
        ("- &x [*x]", 1, "holds itself"),
        ("a: b: c", 1, "not allowed"),
    ],
)
def test_yaml_that_is_refused_names_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(ExactTextError, match=problem) as caught:
        load_yaml(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.getcwd []",
        "!!python/name:os.system ''",
        "!!python/tuple [1]",
        "!local b",
        "!!binary aGk=",
        "!!timestamp 2020-01-01",
        "!!set {a, b}",
        "!!omap [a: 1]",
        "!!float x",
        "!!int x",
        "!!bool yes",
        "!!map [a]",
        "!!seq {a: 1}",
        "!!str {a: 1}",
        "a: <<",
        "\x00",
        "9" * 5000,
    ],
)
def test_yaml_with_a_tag_or_a_trap_is_refused(text: str) -> None:
    with pytest.raises(ExactTextError):
        load_yaml(text)


def test_yaml_merges_and_shares_what_an_anchor_names() -> None:
    text = "base: &base {a: 1, b: 2}\nmine: {<<: *base, b: 3}\nlist: &l [1]\nsame: *l"
    read = load_yaml(text)
    assert read["mine"] == {"a": 1, "b": 3}
    assert read["same"] == [1]


def test_yaml_that_grows_through_its_anchors_is_refused() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(ExactTextError, match="aliases counted"):
        load_yaml("\n".join(rows))


@pytest.mark.parametrize("depth", [200, 5000, 300_000])
def test_text_that_nests_too_deeply_is_refused(depth: int) -> None:
    with pytest.raises(ExactTextError, match=r"deep|nested"):
        load_yaml("[" * depth + "]" * depth)
    if depth > 200:
        with pytest.raises(ExactTextError, match="deeply"):
            load_json("[" * depth + "]" * depth)


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        '{"a": 1, "a": 2}',
        "",
        "01",
        "[1,]",
        "{'a': 1}",
        "1 2",
        '"\\ud800"',
        '{"\\udfff": 1}',
        "9" * 5000,
        "\ufeff{}",
        '{"a": [{"b": 1, "b": 1}]}',
    ],
)
def test_json_that_is_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(ExactTextError):
        load_json(text)


def test_json_names_the_line_of_a_mistake() -> None:
    with pytest.raises(ExactTextError) as caught:
        load_json('{"a": 1,\n "b": }')
    assert caught.value.line == 2


def test_json_keeps_a_decimal_as_written() -> None:
    assert (
        str(load_json("[1.10, 1E5, 0.1]")) == "[Decimal('1.10'), Decimal('1E+5'), Decimal('0.1')]"
    )
    assert load_json('"\\ud83d\\ude00"') == "😀"


def test_an_integer_that_is_none_is_refused() -> None:
    for text in ("", "x", "1.0"):
        with pytest.raises(ExactTextError):
            parse_integer(text)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | TEXTS
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES, indent=st.sampled_from([None, 2]))
def test_what_is_written_is_read_back_exactly(value: Any, indent: int | None) -> None:
    assert load_json(dump_json(value, indent=indent)) == value


@given(value=st.recursive(TEXTS | st.integers(), lambda s: st.lists(s) | st.dictionaries(TEXTS, s)))
def test_json_is_laid_out_as_the_standard_library_does(value: Any) -> None:
    assert dump_json(value) == json.dumps(value, ensure_ascii=False)
    assert json.loads(dump_json(value, indent=2)) == value


@given(value=st.fractions())
def test_a_quotient_is_shown_within_half_of_its_last_digit(value: Fraction) -> None:
    text = decimal_text(value)
    assert "e" not in text.lower()
    shown = Fraction(text)
    places = len(text.partition(".")[2])
    if shown != value:
        assert abs(shown - value) <= Fraction(1, 10 ** max(places, 2)) / 2 or places < 12
        assert abs(shown - value) <= abs(value) / 10**11


@given(whole=st.integers(), places=st.integers(0, 9))
def test_a_short_decimal_is_shown_with_all_its_digits(whole: int, places: int) -> None:
    value = Fraction(whole, 10**places)
    if abs(whole) < 10**9:
        assert Fraction(decimal_text(value)) == value


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"x", object()])
def test_what_has_no_exact_form_is_not_written(value: object) -> None:
    with pytest.raises(TypeError, match="no exact JSON form"):
        dump_json({"a": value})
