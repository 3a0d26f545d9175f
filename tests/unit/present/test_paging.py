"""Pages follow one another without gap or repeat, and a wrong cursor is refused."""

from __future__ import annotations

import base64
import json
from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.services.paging import (
    MOST_ROWS,
    Cursor,
    CursorError,
    Page,
    filter_digest,
    page_of,
    require_limit,
)

FILTER = filter_digest({"rule": "eu.gpai"})


def pages(values: list[int], limit: int) -> list[Page[int]]:
    """Read a list page by page, by its cursors alone."""
    found: list[Page[int]] = []
    after: str | None = None
    while not found or after is not None:
        start = 0
        if after is not None:
            last = Cursor.decode(after, FILTER, (int,)).keys[0]
            start = bisect_right(values, int(str(last)))
        found.append(page_of(values[start : start + limit + 1], limit, lambda one: (one,), FILTER))
        after = found[-1].next_cursor
    return found


@given(st.sets(st.integers(0, 2**50)), st.integers(1, 20))
def test_pages_hold_each_row_once_and_in_order(drawn: set[int], limit: int) -> None:
    values = sorted(drawn)
    found = pages(values, limit)
    assert [row for page in found for row in page.rows] == values
    assert all(len(page.rows) == limit for page in found[:-1])
    assert found[-1].next_cursor is None


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(st.characters(exclude_characters="\x00", codec="utf-8")),
            st.integers(-(2**53) + 1, 2**53 - 1),
        )
    )
)
def test_a_cursor_keeps_its_key(keys: list[str | int | None]) -> None:
    cursor = Cursor(tuple(keys), FILTER)
    text = cursor.encode()
    assert Cursor.decode(text, FILTER) == cursor
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_cursor_of_another_filter_is_refused() -> None:
    text = Cursor(("a",), FILTER).encode()
    with pytest.raises(CursorError, match="another filter or order"):
        Cursor.decode(text, filter_digest({"rule": "kyc"}))


def test_a_filter_that_says_nothing_is_no_filter() -> None:
    assert filter_digest({"rule": None, "levels": [], "text": ""}) == filter_digest({})
    assert filter_digest({"is_open": False}) != filter_digest({})


def written(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "å",
        "x" * 5000,
        written([1]),
        written({"k": "a", "f": FILTER}),
        written({"k": [[1]], "f": FILTER}),
        written({"k": [1.5], "f": FILTER}),
        written({"k": [1], "f": 3}),
        written({"k": [1], "f": FILTER, "more": 1}),
        written({"k": [1, 2], "f": FILTER}),
        written({"k": ["1"], "f": FILTER}),
        written({"k": [True], "f": FILTER}),
        written({"k": [2**53], "f": FILTER}),
        written({"k": ["a\0"], "f": FILTER}),
    ],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError, match="begin again without a cursor"):
        Cursor.decode(text, FILTER, (int,))


@pytest.mark.parametrize("limit", [0, -1, MOST_ROWS + 1])
def test_a_limit_out_of_bounds_is_refused(limit: int) -> None:
    with pytest.raises(CursorError, match=f"limit {limit}"):
        require_limit(limit)
