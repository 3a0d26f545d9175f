"""A permit's state: days before budget, both at their edges, and the share from the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.permits import QUESTIONS
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
QUESTION = next(question for question in QUESTIONS if question.name == "permit_state")
NEAR = "assess.permits.near_share"
DAY, LAST = date(2026, 3, 1), date(2026, 12, 31)


def asked(on: date = DAY, book: RuleBook = BOOK, **facts: Any) -> Asked:
    given_facts = {"budget_flop": "1000", "used_flop": "0", "valid_until": LAST.isoformat()}
    return ask(QUESTION, {**given_facts, **facts}, as_of=on, book=book)


def state(on: date = DAY, book: RuleBook = BOOK, **facts: Any) -> str:
    return str(asked(on, book, **facts).answer["state"])


@pytest.mark.parametrize(
    ("used", "near", "expected"),
    [
        ("949", None, "within"),
        ("950", None, "near_limit"),
        ("1000", None, "near_limit"),
        ("1000.5", None, "exceeded"),
        ("1001", None, "exceeded"),
        ("0", 0, "near_limit"),
        ("999", 1, "within"),
        ("1000", 1, "near_limit"),
        ("1001", 1, "exceeded"),
        ("500", Decimal("0.5"), "near_limit"),
        ("499.999", Decimal("0.5"), "within"),
    ],
)
def test_the_budget_decides_at_its_edges(used: str, near: Any, expected: str) -> None:
    facts = {} if near is None else {"near_share": near}
    assert state(used_flop=used, **facts) == expected


@pytest.mark.parametrize(
    ("on", "first", "expected"),
    [
        (LAST, None, "within"),
        (LAST + timedelta(days=1), None, "expired"),
        (date.min, None, "within"),
        (date.max, None, "expired"),
        (DAY, DAY, "within"),
        (DAY - timedelta(days=1), DAY, "not_yet_valid"),
        (LAST, LAST, "within"),
    ],
)
def test_the_days_of_validity_count_themselves(on: date, first: date | None, expected: str) -> None:
    facts: dict[str, Any] = {} if first is None else {"valid_from": first.isoformat()}
    assert state(on, **facts) == expected
    if expected in ("expired", "not_yet_valid"):
        assert state(on, used_flop="9999", **facts) == expected


def test_a_permit_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadFactsError) as error:
        asked(valid_from=(LAST + timedelta(days=1)).isoformat())
    assert error.value.paths == ["valid_from"]


def test_the_near_share_comes_from_the_book_unless_it_is_given() -> None:
    values = BOOK.parameter(NEAR).values
    half = BOOK.with_values(NEAR, [replace(values[0], value=Fraction(1, 2))])
    assert state(book=half, used_flop="500") == "near_limit"
    assert state(book=half, used_flop="499") == "within"
    own = asked(book=half, used_flop="500", near_share=Decimal("0.6"))
    assert own.answer["state"] == "within"
    assert NEAR not in {used.id for used in own.parameters}
    assert NEAR in {used.id for used in asked().parameters}


@given(
    used=st.integers(0, 2000),
    more=st.integers(0, 2000),
    near=st.decimals(0, 1, places=3),
    days=st.integers(-400, 400),
)
def test_more_use_never_gives_more_permission(
    used: int, more: int, near: Decimal, days: int
) -> None:
    on = DAY + timedelta(days=days)

    def answer(amount: int) -> Mapping[str, Any]:
        facts: dict[str, Any] = {"used_flop": flop_text(amount), "near_share": near}
        return asked(on, valid_from=DAY.isoformat(), **facts).answer

    less, greater = answer(used), answer(used + more)
    assert less["permitted"] >= greater["permitted"]
    assert less["permitted"] == (less["state"] in ("within", "near_limit"))
    assert less["used_share"] == Fraction(used, 1000)
    assert not less["permitted"] or DAY <= on <= LAST
