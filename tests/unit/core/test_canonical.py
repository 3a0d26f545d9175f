"""One byte string for a record, after RFC 8785."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.canonical import canonical_bytes, digest

TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
RECORDS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=10,
)


def test_keys_are_ordered_by_utf_16_code_units() -> None:
    """RFC 8785, 3.2.3: the order of its sample, in which an emoji comes before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    read = json.loads(canonical_bytes(dict.fromkeys(keys, 0)))
    assert list(read) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_literals_and_text_of_the_standard_are_written_as_it_says() -> None:
    """RFC 8785, 3.2.2 without its floats."""
    record = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    expected = r'{"literals":[null,true,false],"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    assert canonical_bytes(record).decode() == expected


@pytest.mark.parametrize("code", range(0x20))
def test_a_control_character_has_its_shortest_escape(code: int) -> None:
    """RFC 8785, 3.2.2.2: b t n f r have letters, the others lower-case hexadecimal."""
    letters = {8: "b", 9: "t", 10: "n", 12: "f", 13: "r"}
    escape = f"\\{letters[code]}" if code in letters else f"\\u{code:04x}"
    assert canonical_bytes(chr(code)).decode() == f'"{escape}"'


@pytest.mark.parametrize("character", ["\x7f", "\x80", "\u2028", "\u2029", "/", "<", "水", "😀"])
def test_other_characters_stand_for_themselves(character: str) -> None:
    assert canonical_bytes(character).decode() == f'"{character}"'


@given(record=RECORDS)
def test_canonical_text_is_json_that_says_the_same(record: Any) -> None:
    text = canonical_bytes(record)
    assert json.loads(text) == record
    assert canonical_bytes(json.loads(text)) == text


@given(record=st.dictionaries(TEXTS, RECORDS, max_size=6), data=st.data())
def test_the_order_of_keys_does_not_change_the_digest(
    record: dict[str, Any], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(record.items()))))
    assert digest(shuffled) == digest(record)


@given(one=RECORDS, other=RECORDS)
def test_only_equal_records_share_their_bytes(one: Any, other: Any) -> None:
    same = canonical_bytes(one) == canonical_bytes(other)
    assert same == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (2**53, ValueError),
        (-(2**53), ValueError),
        (0.5, TypeError),
        (Decimal("0.1234567890123456789"), ValueError),
        (Decimal("NaN"), ValueError),
        (Decimal("1e-9"), ValueError),
        (Fraction(1, 2), TypeError),
        (b"bytes", TypeError),
        ({1: "a"}, TypeError),
        ({"a": [{2: 3}]}, TypeError),
        ("\ud800", UnicodeEncodeError),
    ],
)
def test_what_a_reader_could_understand_in_two_ways_is_refused(
    value: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        canonical_bytes(value)


def test_the_digest_is_sha_256_in_hexadecimal() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
