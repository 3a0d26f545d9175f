"""What each batch of usage covers: legal days, records, hardware that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sluicegate.metering.priors import RateOn
from sluicegate.metering.statements import END_DAY, FIRST_DAY
from sluicegate.services.ports import UsageBatch, UsageLake


@dataclass(frozen=True, slots=True)
class BatchCoverage:
    """What one batch covers; `records` counts segments of records, one a legal day.

    `future` are the records of legal days after the day on which the batch was
    taken in. `unknown` is hardware that the catalogue lacks, by its name as
    given → records.
    """

    first_day: date | None
    last_day: date | None
    records: int
    future: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the coverage as JSON values."""
        return {
            "first": None if self.first_day is None else self.first_day.isoformat(),
            "last": None if self.last_day is None else self.last_day.isoformat(),
            "records": self.records,
            "future": self.future,
            "unknown": dict(self.unknown),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> BatchCoverage:
        """Read what `document` wrote."""
        first, last = document["first"], document["last"]
        return cls(
            None if first is None else date.fromisoformat(first),
            None if last is None else date.fromisoformat(last),
            document["records"],
            document["future"],
            document["unknown"],
        )


def coverage_of(
    lake: UsageLake,
    batches: Iterable[UsageBatch],
    rates: RateOn,
    known: Mapping[str, BatchCoverage],
) -> dict[str, BatchCoverage]:
    """Return batch → what it covers as it was taken in; one that is known is not read again.

    Records that a later batch corrected still count here: the file held them.
    """
    return {
        one.batch: known[one.batch] if one.batch in known else _read(lake, one, rates)
        for one in batches
    }


def _read(lake: UsageLake, batch: UsageBatch, rates: RateOn) -> BatchCoverage:
    parameters = {"first_day": FIRST_DAY, "end_day": END_DAY, "keys": ()}
    taken_in = batch.recorded_at.date()
    days: set[date] = set()
    records = future = 0
    unknown: dict[str, int] = {}
    for day, name, count in lake.rows("used_accelerators", parameters, batches=[batch.batch]):
        days.add(day)
        records += int(count)
        future += int(count) if day > taken_in else 0
        if not rates(name, day).is_known:
            given = name.removeprefix("unknown:")
            unknown[given] = unknown.get(given, 0) + int(count)
    return BatchCoverage(min(days, default=None), max(days, default=None), records, future, unknown)
