"""Findings: what the last pass found, what it changed, what is owed, and what was computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    ActShown,
    FindingChange,
    FindingCounts,
    FindingRow,
    FindingShown,
    MeterRow,
    ObligationRow,
    PassShown,
    Trace,
)


class Facets(TypedDict, total=False):
    """What findings and obligations are both chosen by; what is left out lets all through."""

    jurisdiction: str | Sequence[str]
    instrument: str | Sequence[str]
    rule: str | Sequence[str]
    subject_kind: str | Sequence[str]
    customer: str
    due_by: date


class FindingFilter(Facets, total=False):
    """Which findings are wanted."""

    question: str | Sequence[str]
    certainty: str | Sequence[str]
    level: str | Sequence[str]
    as_written: bool
    as_enforced: bool
    subject: str
    text: str
    order: Literal["gravity", "amount", "due", "changed", "name"]


class FindingList(FindingFilter, total=False):
    """The same, with how many rows come at a time."""

    limit: int


class ObligationFilter(Facets, total=False):
    """Which obligations are wanted."""

    binding: bool
    finding: str
    due_from: date


class ObligationList(ObligationFilter, total=False):
    """The same, with how many rows come at a time."""

    limit: int


class ActFilter(TypedDict, total=False):
    """Which acts are wanted; `since` and `until` are instants as ISO text."""

    name: str
    by: str
    about: str
    since: str
    until: str
    limit: int


WindowName = Literal[
    "day", "month", "quarter", "year", "rolling30", "rolling90", "rolling365", "lifetime"
]


class Findings(Calls):
    """What the last pass found and measured."""

    def findings(self, **wanted: Unpack[FindingList]) -> Iterator[FindingRow]:
        """Yield what the last pass found, page after page."""
        return self._every(FindingRow, "/v1/findings", wanted)

    def finding(self, finding_id: str) -> FindingShown:
        """Return one finding as the pass wrote it, with what is owed because of it."""
        return self._read(FindingShown, f"/v1/findings/{part(finding_id)}")

    def explain(self, finding_id: str, *, records: int = 10) -> Trace:
        """Return the tree of figures behind a finding, down to the largest usage records."""
        path = f"/v1/findings/{part(finding_id)}/explain"
        return self._read(Trace, path, {"records": records})

    def finding_counts(self, **wanted: Unpack[FindingFilter]) -> FindingCounts:
        """Count what a filter lets through, and what each other choice would."""
        return self._read(FindingCounts, "/v1/findings/counts", wanted)

    def finding_changes(self, *, since: str | None = None) -> Iterator[FindingChange]:
        """Yield what passes after the pass `since` changed, the last in front."""
        return self._every(FindingChange, "/v1/findings/changes", {"since": since})

    def export_findings(self, **wanted: Unpack[FindingFilter]) -> Iterator[FindingRow]:
        """Yield all findings that a filter lets through, in one answer."""
        return self._rows(FindingRow, "/v1/findings/export", wanted)

    def passes(self) -> Iterator[PassShown]:
        """Yield the passes that changed something, the last in front."""
        return self._every(PassShown, "/v1/passes")

    def obligations(self, **wanted: Unpack[ObligationList]) -> Iterator[ObligationRow]:
        """Yield what is owed, by due day."""
        return self._every(ObligationRow, "/v1/obligations", wanted)

    def export_obligations(self, **wanted: Unpack[ObligationFilter]) -> Iterator[ObligationRow]:
        """Yield all that is owed under a filter, in one answer."""
        return self._rows(ObligationRow, "/v1/obligations/export", wanted)

    def meter(
        self,
        *by: str,
        window: WindowName = "lifetime",
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Iterator[MeterRow]:
        """Yield compute added up by dimensions, such as `meter("customer", "cluster")`."""
        query = {
            "by": ",".join(by) or None,
            "window": window,
            "as_of": as_of,
            "known_on": known_on,
        }
        return self._rows(MeterRow, "/v1/meter", query)

    def acts(self, **wanted: Unpack[ActFilter]) -> Iterator[ActShown]:
        """Yield who did what, when and why, the newest first; the reading is an act itself."""
        return self._every(ActShown, "/v1/audit", wanted)
