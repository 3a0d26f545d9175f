"""Deadlines that a calendar can hold."""

from __future__ import annotations

from datetime import MAXYEAR, date

from sluicegate.rules.facts import BadFact


def without_room(field: str, day: date | None) -> list[BadFact]:
    """Return a fault for a day in the calendar's last year, after which no period has room.

    Such a day is a placeholder such as 9999-12-31, not a day on which something
    happened.
    """
    if day is None or day.year < MAXYEAR:
        return []
    return [BadFact(field, f"{day} leaves the calendar no room for a period; give the real day")]
