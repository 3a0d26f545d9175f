"""Lists whose rows come after an id: their cursor, made and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

from sluicegate.services.paging import (
    DEFAULT_LIMIT,
    MOST_ROWS,
    Cursor,
    Page,
    filter_digest,
    page_of,
)

Row = TypeVar("Row")

LimitOf = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows on the page.")]
CursorOf = Annotated[str | None, Query(max_length=4000, description="`next` of the page before.")]
LIMIT = DEFAULT_LIMIT


def after_id(cursor: str | None, query: Mapping[str, Any]) -> str | None:
    """Return the id of the last row seen. Raises CursorError for a cursor of another list."""
    if cursor is None:
        return None
    return str(Cursor.decode(cursor, filter_digest(query), (str,)).keys[0])


def id_page(
    found: Sequence[Row], limit: int, key: Callable[[Row], str], query: Mapping[str, Any]
) -> Page[Row]:
    """Return a page of rows that were asked for with one more than `limit`."""
    return page_of(found, limit, lambda row: (key(row),), filter_digest(query))
