"""Times as other makers write them, as instants with an offset."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
_HAS_OFFSET = re.compile(r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ToInstant = Callable[[str], str]
"""From the text of a time to an ISO 8601 instant; raises ValueError with the problem."""


def zone_of(text: str) -> timezone | ZoneInfo:
    """Return the zone of an offset such as +01:00, of Z, or of a name such as Europe/Berlin.

    >>> zone_of("-05:30")
    datetime.timezone(datetime.timedelta(days=-1, seconds=66600))
    """
    if text in ("Z", "z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match:
        span = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-span if match[1] == "-" else span)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        problem = f"offset {text!r} is neither such as +01:00 nor a zone such as Europe/Berlin"
        raise ValueError(problem) from error


def local_to_instant(text: str, zone: timezone | ZoneInfo) -> str:
    """Return a local time as an instant; one that has an offset keeps it.

    A local time that the clocks pass twice is taken as the first one, and one
    that they skip is refused.

    >>> local_to_instant("2026-07-01T12:00:00", zone_of("Europe/Berlin"))
    '2026-07-01T12:00:00+02:00'
    """
    if _HAS_OFFSET.search(text[10:]):
        return text
    local = datetime.fromisoformat(text).replace(tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{text!r} does not exist in {zone}: the clocks skip it")
    return local.isoformat()


def epoch_to_instant(
    number: str, unit_ms: int, zone: timezone | ZoneInfo = UTC, epoch: datetime = _EPOCH
) -> str:
    """Return a count of units since an epoch as an instant, exact to the microsecond.

    >>> epoch_to_instant("1700000000.5", 1000)
    '2023-11-14T22:13:20.500000+00:00'
    """
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"{number!r} is not a number of time units")
    microseconds = round(Decimal(number) * unit_ms * 1000)
    try:
        return (epoch + timedelta(microseconds=microseconds)).astimezone(zone).isoformat()
    except OverflowError as error:
        raise ValueError(f"{number!r} is beyond the calendar") from error
