"""Instants as they come and go over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from sluicegate.api.problems import bad_field


def instant_text(at: datetime | None) -> str | None:
    """Write an instant as ISO text with its offset."""
    return None if at is None else at.isoformat()


def written(at: datetime) -> str:
    """Write an instant that is always there."""
    return at.isoformat()


def read_instant(text: str | None, field: str) -> datetime | None:
    """Read an instant with an offset; raise the problem of its field for anything else."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad_field(field, "is no instant such as 2026-04-01T10:00:00+00:00") from error
    if at.tzinfo is None:
        raise bad_field(field, "has no offset; add Z or +00:00")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise bad_field(field, "lies outside the calendar") from error
