"""Dossiers: what is known of a customer, a group, a run, the sources; and reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypedDict, Unpack
from urllib.parse import quote

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    CustomerDossier,
    CustomerRow,
    GroupDossier,
    GroupSummary,
    JobShown,
    ReportMade,
    RunDossier,
    RunSummary,
    SearchHits,
    SourceFile,
    SourcesSummary,
)


class WorldList(TypedDict, total=False):
    """Which customers, groups or runs are wanted, and how many come at a time."""

    text: str
    owner: str
    order: Literal["amount", "name"]
    limit: int


class Dossiers(Calls):
    """What is known of each subject."""

    def customers(self, **wanted: Unpack[WorldList]) -> Iterator[CustomerRow]:
        """Yield customers as the last pass measured them."""
        return self._every(CustomerRow, "/v1/customers", wanted)

    def groups(self, **wanted: Unpack[WorldList]) -> Iterator[GroupSummary]:
        """Yield affiliate groups as the last pass measured them."""
        return self._every(GroupSummary, "/v1/groups", wanted)

    def runs(self, **wanted: Unpack[WorldList]) -> Iterator[RunSummary]:
        """Yield training runs, declared or found in the usage."""
        return self._every(RunSummary, "/v1/runs", wanted)

    def search(self, text: str) -> SearchHits:
        """Find customers, groups and runs by id or by the beginning of a name."""
        return self._read(SearchHits, "/v1/search", {"text": text})

    def customer(
        self, customer_id: str, *, as_of: date | None = None, known_on: date | None = None
    ) -> CustomerDossier:
        """Return all that is known of a customer; the reading is an act."""
        query = {"as_of": as_of, "known_on": known_on}
        return self._read(CustomerDossier, f"/v1/customers/{part(customer_id)}", query)

    def group(
        self, group_id: str, *, as_of: date | None = None, known_on: date | None = None
    ) -> GroupDossier:
        """Return all that is known of an affiliate group; the reading is an act."""
        query = {"as_of": as_of, "known_on": known_on}
        return self._read(GroupDossier, f"/v1/groups/{part(group_id)}", query)

    def run(self, run_key: str, *, as_of: date | None = None) -> RunDossier:
        """Return all that is known of a training run; `run_key` is CUSTOMER/RUN."""
        return self._read(RunDossier, f"/v1/runs/{quote(run_key, safe='/')}", {"as_of": as_of})

    def sources(self) -> SourcesSummary:
        """Say what each source gave, from when to when, and what nobody could place."""
        return self._read(SourcesSummary, "/v1/sources")

    def source_files(self) -> Iterator[SourceFile]:
        """Yield the files that were taken in, the last in front."""
        return self._every(SourceFile, "/v1/sources/files")

    def reports(self) -> list[ReportMade]:
        """List the reports made on the node."""
        return self._items(ReportMade, "/v1/reports")

    def report_file(self, report: str, name: str) -> bytes:
        """Return a file of a report."""
        return self._file(f"/v1/reports/{part(report)}/{part(name)}")

    def make_report(self, *, as_of: date | None = None) -> JobShown:
        """Run a pass and write it as a report, as a job."""
        return self._change(JobShown, "/v1/reports", {"as_of": as_of})
