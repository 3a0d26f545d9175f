"""The setting that says which lists a worker fetches, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HOURS = 24
"""A list is fetched once in so many hours where the setting does not say."""

MOST_HOURS = 720


@dataclass(frozen=True, slots=True)
class PlannedFetch:
    """A list that is fetched on schedule, once in so many hours."""

    list_id: str
    hours: int = HOURS

    def __str__(self) -> str:
        return f"{self.list_id}:{self.hours}"


def read_plan(value: Any) -> tuple[PlannedFetch, ...]:
    """Read lists with their hours, as a list or as text with commas.

    >>> [str(one) for one in read_plan("us_csl, un_sc:6")]
    ['us_csl:24', 'un_sc:6']

    Raises ValueError for a list without a known address, named twice, or other hours.
    """
    from sluicegate.screening.known_lists import known_list, known_lists  # read where it is set

    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("is not a list, e.g. ['us_csl', 'un_sc:6']")
    found: dict[str, PlannedFetch] = {}
    for part in (str(one).strip() for one in parts):
        if not part:
            continue
        name, _, hours = part.partition(":")
        if not known_list(name).addresses:
            having = ", ".join(key for key, one in known_lists().items() if one.addresses)
            raise ValueError(f"names {name!r}, whose address is not known; known are {having}")
        if name in found:
            raise ValueError(f"names {name!r} twice")
        found[name] = PlannedFetch(name, _hours(hours) if hours else HOURS)
    return tuple(found.values())


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_HOURS):
        raise ValueError(f"has {text!r}, which is not from 1 to {MOST_HOURS} hours")
    return int(text)
