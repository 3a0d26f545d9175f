"""Casework: the queue, a case, files of a case, and the same done to many cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, TypedDict, Unpack

from sluicegate.client.acts import CaseActs
from sluicegate.client.calls import Calls, Document, part
from sluicegate.client.shapes import (
    BulkDone,
    CaseCounts,
    CaseExport,
    CaseRow,
    CaseShown,
    CaseStanding,
    JobShown,
    NextCase,
)


class CaseFilter(TypedDict, total=False):
    """Which cases are wanted; without a state, what wants work now."""

    state: str | Sequence[str]
    kind: str | Sequence[str]
    priority: str | Sequence[str]
    jurisdiction: str | Sequence[str]
    assignee: str
    rule: str
    subject_kind: str
    subject: str
    customer: str
    due_before: date
    escalated: bool
    to_check: bool
    text: str


class CaseList(CaseFilter, total=False):
    """The same, with their order and how many rows come at a time."""

    order: Literal["priority", "due"]
    limit: int


class NewCase(TypedDict, total=False):
    """What a case opened by hand is about; a subject is its kind, id and name."""

    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: str
    jurisdiction: str
    priority: Literal["urgent", "high", "normal", "low"]


class Casework(Calls):
    """Cases as a program reads and works them."""

    def cases(self, **wanted: Unpack[CaseList]) -> Iterator[CaseRow]:
        """Yield cases; without a filter, what wants work now."""
        return self._every(CaseRow, "/v1/cases", _query(wanted))

    def case(self, case_id: str) -> CaseShown:
        """Return a case with its timeline and what may be done now."""
        return self._read(CaseShown, f"/v1/cases/{part(case_id)}")

    def case_counts(self, **wanted: Unpack[CaseFilter]) -> CaseCounts:
        """Count what a filter keeps, and under each value."""
        return self._read(CaseCounts, "/v1/cases/counts", _query(wanted))

    def next_case(self, after: str | None = None, **wanted: Unpack[CaseFilter]) -> str | None:
        """Return the id of the case that follows one in the queue, or None."""
        query = {**_query(wanted), "after": after}
        return self._read(NextCase, "/v1/cases/next", query)["case"]

    def export_cases(self, **wanted: Unpack[CaseFilter]) -> Iterator[Document]:
        """Yield all cases that a filter keeps as rows, in one answer; the export is an act."""
        return self._rows(Document, "/v1/cases/export", _query(wanted))

    def export_case(self, case_id: str) -> CaseExport:
        """Return a case as one document with its digest; the export is an act."""
        return self._read(CaseExport, f"/v1/cases/{part(case_id)}/export")

    def open_case(self, title: str, reason: str, **about: Unpack[NewCase]) -> CaseStanding:
        """Open a case by hand."""
        body = {"title": title, "reason": reason, **about}
        return self._change(CaseStanding, "/v1/cases", body)

    def acts_on(self, case_id: str, *, version: int | None = None) -> CaseActs:
        """Return what can be done to a case, such as `acts_on(id).comment("seen")`.

        With `version` only to that version, and to those that the acts through
        it leave behind; else ProblemError `changed-meanwhile`.
        """
        return CaseActs(partial(self.act, case_id), version)

    def act(
        self, case_id: str, act: str, *, version: int | None = None, **fields: Any
    ) -> CaseStanding:
        """Do something to a case by its name, such as `act(id, "comment", text=...)`."""
        path = f"/v1/cases/{part(case_id)}/acts"
        return self._change(CaseStanding, path, {"act": act, **fields}, version=version)

    def act_on_cases(
        self, case_ids: Sequence[str], act: Mapping[str, Any], *, reason: str = ""
    ) -> BulkDone:
        """Do the same to many cases; what one refuses does not keep the others from it."""
        body = {"cases": list(case_ids), "act": act, "reason": reason}
        return self._change(BulkDone, "/v1/cases/acts", body)

    def act_on_cases_later(
        self, case_ids: Sequence[str], act: Mapping[str, Any], *, reason: str = ""
    ) -> JobShown:
        """Do the same to very many cases, as a job; its result names those that refused it."""
        body = {"cases": list(case_ids), "act": act, "reason": reason}
        return self._change(JobShown, "/v1/cases/acts/jobs", body)

    def attach(self, case_id: str, name: str, content: bytes) -> CaseStanding:
        """Attach a file to a case; its digest is checked on the way."""
        path = f"/v1/cases/{part(case_id)}/attachments"
        return self._upload(CaseStanding, path, {"name": name}, content)

    def attachment(self, case_id: str, attachment_id: str) -> bytes:
        """Return the content of a file of a case; the reading is an act."""
        return self._file(f"/v1/cases/{part(case_id)}/attachments/{part(attachment_id)}")


def _query(wanted: Mapping[str, object]) -> dict[str, object]:
    """Return a filter as the queue's addresses write it: yes or no."""
    words = {True: "yes", False: "no"}
    return {
        name: words[value] if isinstance(value, bool) else value for name, value in wanted.items()
    }
