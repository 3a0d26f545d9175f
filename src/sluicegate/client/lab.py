"""The policy lab: data sets about models, and thresholds tried on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    DatasetShown,
    MovingComputed,
    MovingList,
    MovingOverTime,
    MovingShown,
    SnapshotList,
    SnapshotTaken,
    ThresholdsTried,
)


class Tries(TypedDict, total=False):
    """What else is asked of thresholds; ids of moving ones, days, and the years shown."""

    moving: Sequence[str]
    as_of: date
    known_on: date
    comparator: Literal["greater_than", "at_least"]
    first_year: int
    last_year: int
    as_if_always: bool


class Lab(Calls):
    """The policy lab as a program works with it."""

    def datasets(self) -> SnapshotList:
        """List the snapshots of data sets, and their names."""
        return self._read(SnapshotList, "/v1/lab/data")

    def dataset(self, name: str, *, known_on: date | None = None) -> DatasetShown:
        """Return the models of a data set as known on a day; `registry` is the node's own."""
        return self._read(DatasetShown, f"/v1/lab/data/{part(name)}", {"known_on": known_on})

    def import_dataset(
        self, file: str, content: bytes, *, name: str, known_on: date, source: str
    ) -> SnapshotTaken:
        """Take a table of models in as a snapshot; the same bytes change nothing."""
        query = {"file": file, "name": name, "known_on": known_on, "source": source}
        return self._upload(SnapshotTaken, "/v1/lab/data", query, content)

    def try_thresholds(
        self, data: str, thresholds: Sequence[str] = (), **more: Unpack[Tries]
    ) -> ThresholdsTried:
        """Say whom thresholds would have caught, burdened and missed on a data set."""
        query = _query(data, thresholds, more)
        return self._read(ThresholdsTried, "/v1/lab/threshold", query)

    def thresholds_picture(
        self, data: str, thresholds: Sequence[str] = (), **more: Unpack[Tries]
    ) -> bytes:
        """Return models over time with the thresholds and the counts of each year, as SVG."""
        return self._file("/v1/lab/threshold/picture", _query(data, thresholds, more))

    def moving_thresholds(
        self, *, as_of: date | None = None, known_on: date | None = None, data: str | None = None
    ) -> MovingList:
        """List the thresholds that move, each with its level on a day."""
        query = {"as_of": as_of, "known_on": known_on, "data": data}
        return self._read(MovingList, "/v1/lab/moving", query)

    def moving_threshold(self, rule: str) -> MovingShown:
        """Return a threshold that moves as it is declared."""
        return self._read(MovingShown, f"/v1/lab/moving/{part(rule)}")

    def moving_value(
        self,
        rule: str,
        *,
        as_of: date | None = None,
        known_on: date | None = None,
        data: str | None = None,
    ) -> MovingComputed:
        """Compute a threshold that moves on a day, as known on another."""
        query = {"as_of": as_of, "known_on": known_on, "data": data}
        return self._read(MovingComputed, f"/v1/lab/moving/{part(rule)}/value", query)

    def moving_series(
        self,
        rule: str,
        *,
        first: date | None = None,
        last: date | None = None,
        known_on: date | None = None,
        as_known_then: bool = False,
        data: str | None = None,
    ) -> MovingOverTime:
        """Compute a threshold that moves over time."""
        query = {
            "from": first,
            "to": last,
            "known_on": known_on,
            "as_known_then": as_known_then,
            "data": data,
        }
        return self._read(MovingOverTime, f"/v1/lab/moving/{part(rule)}/series", query)


def _query(data: str, thresholds: Sequence[str], more: Tries) -> dict[str, object]:
    asked: dict[str, object] = {"data": data, "threshold": list(thresholds), **more}
    for name, alias in (("first_year", "from"), ("last_year", "to")):
        if name in asked:
            asked[alias] = asked.pop(name)
    return asked
