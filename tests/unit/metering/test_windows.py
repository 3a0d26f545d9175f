"""Windows, the account map and affiliate groups."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.identifiers import CustomerId
from sluicegate.metering.accounts import account_spans
from sluicegate.metering.groups import group_totals
from sluicegate.metering.windows import Span, Window, span_of
from sluicegate.registry.records import AccountMapping

AS_OF = date(2026, 3, 31)
_DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@given(day=_DAYS, window=st.sampled_from(Window))
def test_a_window_holds_its_day_and_a_day_after_as_of_is_in_none(day: date, window: Window) -> None:
    span = span_of(window, day, first=date(2023, 1, 1), as_of=AS_OF)
    if day > AS_OF:
        assert span is None
    elif window.rolling_days is not None:
        length = timedelta(days=window.rolling_days)
        expected = Span(AS_OF + timedelta(days=1) - length, AS_OF + timedelta(days=1))
        assert span == (expected if day >= expected.start else None)
    else:
        assert span is not None
        assert span.start <= day < span.end


@given(days=st.lists(_DAYS, min_size=2, max_size=20), window=st.sampled_from(Window))
def test_windows_do_not_overlap(days: list[date], window: Window) -> None:
    spans = {span_of(window, day, first=min(days), as_of=AS_OF) for day in days} - {None}
    ordered = sorted((span for span in spans if span), key=lambda span: span.start)
    for one, following in pairwise(ordered):
        assert one.end <= following.start


def test_the_last_day_of_the_calendar_has_windows_too() -> None:
    for window in Window:
        assert span_of(window, date.max, first=date.min, as_of=date.max) is not None


def _mapping(customer: str, start: int | None, end: int | None) -> AccountMapping:
    days = [None if n is None else date(2026, 1, 1) + timedelta(days=n) for n in (start, end)]
    return AccountMapping(
        source="s",
        account="a",
        customer_id=CustomerId(customer),
        valid_from=days[0],
        valid_to=days[1],
    )


_ENDS = st.one_of(st.none(), st.integers(0, 30))


@given(
    entries=st.lists(st.builds(_mapping, st.sampled_from(["x", "y"]), _ENDS, _ENDS), max_size=6),
    day=st.integers(-5, 40),
)
def test_on_any_day_an_account_has_at_most_one_customer(
    entries: list[AccountMapping], day: int
) -> None:
    on = date(2026, 1, 1) + timedelta(days=day)
    held = [span for span in account_spans(entries) if span.first_day <= on < span.end_day]
    assert len(held) <= 1
    begun = [one for one in entries if (one.valid_from or date.min) <= on]
    if begun:
        latest = max(one.valid_from or date.min for one in begun)
        last = [one for one in begun if (one.valid_from or date.min) == latest][-1]
        in_force = last.valid_to is None or on < last.valid_to
        assert [span.customer_id for span in held] == ([last.customer_id] if in_force else [])


@pytest.mark.parametrize(
    ("groups", "expected"),
    [({}, {"a": 1, "b": 2, "unmapped:x": 4}), ({"a": "g", "b": "g"}, {"g": 3, "unmapped:x": 4})],
)
def test_each_customer_counts_in_one_group(
    groups: dict[str, str], expected: dict[str, int]
) -> None:
    def one(amount: int) -> Estimate:
        return Estimate(amount, amount, amount, amount, Method.HARDWARE)

    totals = group_totals({"a": one(1), "b": one(2), "unmapped:x": one(4)}, groups)
    assert {name: total.central for name, total in totals.items()} == expected
