"""One usage row, from text to rows of the lake, exactly, with every fault named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from sluicegate.registry.native import Fault, native_kinds, read_figure

LAKE_COLUMNS = (
    "source",
    "record_id",
    "segment",
    "day",
    "start_ms",
    "end_ms",
    "record_end_ms",
    "offset_minutes",
    "duration_ms",
    "customer_id",
    "account",
    "cluster_id",
    "resource_id",
    "run_id",
    "team",
    "state",
    "accelerator",
    "accelerators_millionths",
    "utilisation_bp",
)
"""The columns of the lake, in order (docs/decisions/0001)."""

MOST_DAYS = 3660
LATEST_MS = 253_402_128_000_000
"""9999-12-30 UTC: usage up to here is inside the days that windows can end after."""
"""A record may touch this many legal days at most; a longer one is a slip."""

MOST_OFFSET_MINUTES = 14 * 60
_MOST_MILLIONTHS = 10**15
_DAY_MS = 86_400_000
_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?(Z|z|[+-]\d\d(?::?\d\d)?)?"
)
_INSTANT_WAY_OUT = "give an instant with its offset, e.g. 2026-01-31T08:00:00+01:00"


@dataclass(frozen=True, slots=True)
class Instant:
    """Milliseconds since 1970 UTC, rounded half to even, and the offset in minutes."""

    ms: int
    offset_minutes: int


LakeRow = tuple[str | int | date | None, ...]


def read_instant(text: str) -> Instant:
    """Read an instant exactly; raise ValueError with the problem.

    >>> read_instant("2026-01-01T00:00:00.0005+01:00")
    Instant(ms=1767222000000, offset_minutes=60)
    """
    match = _INSTANT.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not an instant")
    day, time, fraction, offset = match.groups()
    if offset is None:
        raise ValueError(f"{text!r} has no offset")
    end_of_day = time in ("24:00", "24:00:00") and not fraction
    if end_of_day:
        time = "00:00:00"
    minutes = _offset_minutes(offset)
    try:
        local = datetime.fromisoformat(f"{day}T{time}+00:00")
    except ValueError as error:
        raise ValueError(f"{text!r} is no day or time that exists") from error
    seconds = (local - _EPOCH) // timedelta(seconds=1) - minutes * 60 + 86_400 * end_of_day
    parts = Fraction(int(fraction), 10 ** len(fraction)) if fraction else Fraction(0)
    return Instant(round((seconds + parts) * 1000), minutes)


def _offset_minutes(text: str) -> int:
    if text in "Zz":
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or "0")
    if minutes > MOST_OFFSET_MINUTES or int(digits[2:] or "0") > 59:
        raise ValueError(f"offset {text} is beyond 14 hours")
    return -minutes if text[0] == "-" else minutes


class UsageReader:
    """Reads single usage rows; `resolve` gives what the lake calls a name of hardware."""

    def __init__(self, resolve: Callable[[str], str]) -> None:
        self._resolve = resolve
        state = next(c for c in native_kinds()["usage"].columns if c.name == "state")
        self._states = frozenset(state.values)

    def read(self, row: Mapping[str, str | None]) -> list[LakeRow] | list[Fault]:
        """Return the row's segments, or all its faults."""
        text = {name: (value or "").strip() for name, value in row.items()}
        faults: list[Fault] = []
        if not text["record_id"]:
            faults.append(Fault("record_id", "is empty", "give the id of the record"))
        if not text["customer_id"] and not text["account"]:
            faults.append(
                Fault("customer_id", "is empty", "give the customer who used the compute")
            )
        name = text["accelerator"] or text["instance_type"]
        if not name:
            way_out = "give the model of accelerator, or an instance_type"
            faults.append(Fault("accelerator", "is empty", way_out))
        state = text["state"].lower()
        if state and state not in self._states:
            way_out = "give one of " + ", ".join(sorted(self._states))
            faults.append(Fault("state", f"{text['state']!r} is not a known state", way_out))
        millionths = _millionths(text["accelerator_count"], faults)
        utilisation = _basis_points(text["utilisation"], faults)
        span = _span(text["start"], text["end"], faults)
        if faults or span is None:
            return faults
        resolved = self._resolve(name)
        customer = text["customer_id"] or None
        tail = (
            customer,
            None if customer else text["account"],
            *(text[column] or None for column in ("cluster_id", "resource_id", "run_id", "team")),
            state or None,
            resolved,
            millionths,
            utilisation,
        )
        return list(_segments((text["source"], text["record_id"]), span, tail))


def _millionths(text: str, faults: list[Fault]) -> int | None:
    if not text:
        faults.append(Fault("accelerator_count", "is empty", "give how many were used"))
        return None
    try:
        count = read_figure(text)
    except ValueError as error:
        faults.append(Fault("accelerator_count", str(error), "give decimal text such as 0.5"))
        return None
    if count <= 0:
        problem = f"{text} is not above zero"
        faults.append(Fault("accelerator_count", problem, "leave out a row that used none"))
        return None
    millionths = round(count * 10**6)
    if not 0 < millionths <= _MOST_MILLIONTHS:
        problem = f"{text} is too {'small' if millionths == 0 else 'large'} to be a count"
        faults.append(Fault("accelerator_count", problem, "check the unit of the column"))
    return millionths


def _basis_points(text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    try:
        share = read_figure(text)
    except ValueError as error:
        faults.append(Fault("utilisation", str(error), "give a fraction, e.g. 0.40"))
        return None
    if not 0 <= share <= 1:
        problem = f"{text} is below 0" if share < 0 else f"{text} is above 1"
        faults.append(Fault("utilisation", problem, "give a fraction, e.g. 0.40"))
        return None
    return round(share * 10_000)


def _span(start: str, end: str, faults: list[Fault]) -> tuple[Instant, Instant] | None:
    begins, ends = (_instant(name, text, faults) for name, text in (("start", start), ("end", end)))
    if begins is None or ends is None:
        return None
    if begins.ms < 0 or begins.ms + begins.offset_minutes * 60_000 < 0:
        faults.append(
            Fault("start", f"{start} is a negative time, before 1970", "correct the year")
        )
        return None
    if ends.ms >= LATEST_MS:
        problem = f"{end} is a placeholder at the end of the calendar"
        faults.append(Fault("end", problem, "give the real end, or leave the row out until then"))
    elif ends.ms < begins.ms:
        problem = f"{end} is before the start {start}"
        faults.append(Fault("end", problem, "correct or swap the two"))
    elif ends.ms == begins.ms:
        faults.append(Fault("end", f"{end} is the start", "leave out a row that lasted no time"))
    elif ends.ms - begins.ms > (MOST_DAYS - 2) * _DAY_MS:
        problem = f"{end} is more than {MOST_DAYS} days after the start"
        faults.append(Fault("end", problem, "correct it, or divide the record"))
    return begins, ends


def _instant(name: str, text: str, faults: list[Fault]) -> Instant | None:
    if not text:
        faults.append(Fault(name, "is empty", _INSTANT_WAY_OUT))
        return None
    try:
        return read_instant(text)
    except ValueError as error:
        faults.append(Fault(name, str(error), _INSTANT_WAY_OUT))
        return None


def _segments(
    key: tuple[str, str], span: tuple[Instant, Instant], tail: tuple[str | int | None, ...]
) -> Iterator[LakeRow]:
    """Divide a record at the midnights of the offset it began with."""
    begins, ends = span
    shift = begins.offset_minutes * 60_000
    first, last = (begins.ms + shift) // _DAY_MS, (ends.ms - 1 + shift) // _DAY_MS
    for day in range(first, last + 1):
        start = max(begins.ms, day * _DAY_MS - shift)
        end = min(ends.ms, (day + 1) * _DAY_MS - shift)
        yield (
            *key,
            day - first,
            _EPOCH_DAY + timedelta(days=day),
            start,
            end,
            ends.ms if last > first else None,
            begins.offset_minutes,
            end - start,
            *tail,
        )
