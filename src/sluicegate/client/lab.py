"""The policy lab: data sets about models, and thresholds tried on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import DatasetShown, SnapshotList, SnapshotTaken, ThresholdsTried


class Tries(TypedDict, total=False):
    """What else is asked of thresholds; ids of moving ones, days, and the years shown."""

    moving: Sequence[str]
    as_of: date
    known_on: date
    comparator: Literal["greater_than", "at_least"]
    first_year: int
    last_year: int


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


def _query(data: str, thresholds: Sequence[str], more: Tries) -> dict[str, object]:
    asked: dict[str, object] = {"data": data, "threshold": list(thresholds), **more}
    for name, alias in (("first_year", "from"), ("last_year", "to")):
        if name in asked:
            asked[alias] = asked.pop(name)
    return asked
