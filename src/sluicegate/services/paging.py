"""Pages of long lists: rows after a key, and cursors that say where the next page begins.

A cursor holds the sort key of the last row seen (keyset paging), so a page far
down costs what the first one does, and a row that comes or goes meanwhile moves
no other between pages. It also holds a digest of the filter and order it was
made for: used with another, it would skip rows silently, so it is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sluicegate.core.canonical import canonical_bytes, digest
from sluicegate.core.exact import ExactTextError, load_json

DEFAULT_LIMIT = 50
MOST_ROWS = 500
"""Rows on one page at most."""

_MOST_CHARACTERS = 4_000
_DIGEST_CHARACTERS = 16
_SHOWN = 24

Row = TypeVar("Row")
Other = TypeVar("Other")

Key = str | int | None
"""A part of a sort key as JSON; whole numbers below 2^53, larger ones as text."""
_LARGEST = 2**53 - 1


class CursorError(ValueError):
    """A cursor or a limit that cannot be used, and what to do."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in order, and the cursor of the next page; None when there is none."""

    rows: tuple[Row, ...]
    next_cursor: str | None = None

    def as_rows(self, make: Callable[[Row], Other]) -> Page[Other]:
        """Return the page with each row made into something else."""
        return Page(tuple(map(make, self.rows)), self.next_cursor)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort key of the last row seen, and the filter it belongs to."""

    keys: tuple[Key, ...]
    filter_digest: str

    def encode(self) -> str:
        """Return the cursor as opaque text for a URL: base64url of JSON, without padding.

        >>> Cursor.decode(Cursor(("2026-05-01", 7), "ab").encode(), "ab").keys
        ('2026-05-01', 7)
        """
        said = canonical_bytes({"k": list(self.keys), "f": self.filter_digest})
        return base64.urlsafe_b64encode(said).rstrip(b"=").decode()

    @classmethod
    def decode(
        cls, text: str, filter_digest: str, kinds: Sequence[type[str] | type[int]] | None = None
    ) -> Cursor:
        """Read a cursor given with a filter.

        `kinds` says what each part of the key is; any part may be None. Give it
        wherever the key goes into a query: anybody can write a cursor.

        Raises:
            CursorError: it is no cursor, or it was made for another filter or order.
        """
        read = _read(text)
        if read.filter_digest != filter_digest:
            raise CursorError(
                f"cursor {_shown(text)}: was made for another filter or order; "
                "begin again without a cursor"
            )
        if kinds is not None and (
            len(read.keys) != len(kinds)
            or any(
                key is not None and not isinstance(key, kind)
                for key, kind in zip(read.keys, kinds, strict=True)
            )
        ):
            raise _no_cursor(text)
        return read


def filter_digest(query: Mapping[str, Any]) -> str:
    """Return what a cursor keeps of a filter and order; `query` holds JSON values only.

    Parts that are None or empty are left out, so that a filter which gains a
    field keeps its cursors.
    """
    given = {name: part for name, part in query.items() if part not in (None, "", [], (), {})}
    return digest(given)[:_DIGEST_CHARACTERS]


def require_limit(limit: int) -> int:
    """Return how many rows are asked for.

    Raises:
        CursorError: it is below 1 or above `MOST_ROWS`.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise CursorError(f"limit {limit}: is not from 1 to {MOST_ROWS}; give e.g. {DEFAULT_LIMIT}")
    return limit


def page_of(
    found: Sequence[Row], limit: int, key: Callable[[Row], tuple[Key, ...]], filter_digest: str
) -> Page[Row]:
    """Return a page of rows that were asked for with one more than `limit`.

    The extra row is not shown; that it is there says that a next page is.
    """
    rows = tuple(found[:limit])
    if len(found) <= limit:
        return Page(rows)
    return Page(rows, Cursor(key(rows[-1]), filter_digest).encode())


def _read(text: str) -> Cursor:
    if len(text) > _MOST_CHARACTERS:
        raise _no_cursor(text)
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        said = load_json(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (binascii.Error, UnicodeError, ExactTextError) as error:
        raise _no_cursor(text) from error
    if not isinstance(said, dict) or set(said) != {"k", "f"}:
        raise _no_cursor(text)
    keys, made_for = said["k"], said["f"]
    if not isinstance(made_for, str) or not isinstance(keys, list):
        raise _no_cursor(text)
    if not all(map(_is_key, keys)):
        raise _no_cursor(text)
    return Cursor(tuple(keys), made_for)


def _is_key(part: Any) -> bool:
    """Say whether a part can stand in a key; a database takes no NUL and no larger number."""
    if isinstance(part, str):
        return "\0" not in part
    if isinstance(part, bool):
        return False
    return part is None or (isinstance(part, int) and abs(part) <= _LARGEST)


def _no_cursor(text: str) -> CursorError:
    return CursorError(
        f"cursor {_shown(text)}: is none that was given out; begin again without a cursor"
    )


def _shown(text: str) -> str:
    return json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
