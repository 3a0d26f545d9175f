# ruff: noqa: ARG002 - SQLAlchemy gives every type the dialect; these types are the same on all.
"""Column types that keep exact values as text, the same on every database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from sluicegate.core.calendars import require_offset
from sluicegate.core.canonical import canonical_bytes
from sluicegate.registry.columns import figure_text
from sluicegate.registry.records import CustomerKind

BYTE_ORDERED_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes on every database; SQLite does so by itself."""


class UtcInstant(TypeDecorator[datetime]):
    """An instant as UTC text of fixed width, so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write the instant as 2026-04-01T10:00:00.000000Z."""
        if value is None:
            return None
        utc = require_offset(value).astimezone(UTC)
        return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read the instant, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class ExactFigure(TypeDecorator[Fraction]):
    """A figure that may have a fraction, as decimal text or as a quotient."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Write the figure with all its digits."""
        return None if value is None else figure_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """Read the figure."""
        return None if value is None else Fraction(value)


class ExactCount(TypeDecorator[int]):
    """A whole number of any size, such as a count of FLOP, as decimal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        """Write the number with all its digits."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> int | None:
        """Read the number."""
        return None if value is None else int(value)


class TextList(TypeDecorator[tuple[str, ...]]):
    """A list of texts as canonical JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Write the list as a JSON array; an empty one as null."""
        return canonical_bytes(value).decode() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Read the list; null is the empty list."""
        return () if value is None else tuple(json.loads(value))


class PartyKind(TypeDecorator[CustomerKind]):
    """A kind of party by its word."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: CustomerKind | None, dialect: Dialect) -> str | None:
        """Write the word."""
        return None if value is None else value.value

    def process_result_value(self, value: Any, dialect: Dialect) -> CustomerKind | None:
        """Read the word."""
        return None if value is None else CustomerKind(value)
