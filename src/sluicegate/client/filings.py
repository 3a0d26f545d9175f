"""Filings: forms, drafts with their gaps, and the documents that go out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    CaseStanding,
    FilingFile,
    FilingLine,
    FormOffer,
    FormRow,
    FormShown,
    VersionRow,
)

StateName = Literal["draft", "proposed", "filed", "withdrawn"]


class Filings(Calls):
    """Filings as a program drafts and reads them."""

    def forms(self) -> list[FormRow]:
        """List the forms that can be filed, the node's own among them."""
        return self._items(FormRow, "/v1/forms")

    def form(self, form: str) -> FormShown:
        """Return a form: every field, and the schema of its document."""
        return self._read(FormShown, f"/v1/forms/{part(form)}")

    def forms_of_case(self, case_id: str) -> list[FormOffer]:
        """List the forms that suit a case: what is owed first."""
        return self._items(FormOffer, f"/v1/cases/{part(case_id)}/forms")

    def filings(
        self, *, state: StateName | None = None, form: str | None = None
    ) -> list[FilingLine]:
        """List filings, the newest first."""
        return self._items(FilingLine, "/v1/filings", {"state": state, "form": form})

    def filings_of_case(self, case_id: str) -> list[FilingFile]:
        """List the filings of a case, oldest first."""
        return self._items(FilingFile, f"/v1/cases/{part(case_id)}/filings")

    def filing(self, filing_id: str) -> FilingFile:
        """Return a filing: its values, where they come from, and everything missing in it."""
        return self._read(FilingFile, f"/v1/filings/{part(filing_id)}")

    def filing_versions(self, filing_id: str) -> list[VersionRow]:
        """List the versions of a filing, the oldest first; the reading is an act."""
        return self._items(VersionRow, f"/v1/filings/{part(filing_id)}/versions")

    def filing_document(
        self, filing_id: str, form: Literal["html", "json", "pdf"] = "html"
    ) -> bytes:
        """Return a filing as a page, JSON or PDF; the reading is an act."""
        return self._file(f"/v1/filings/{part(filing_id)}/document", {"format": form})

    def draft_filing(self, case_id: str, form: str, *, corrects: str | None = None) -> FilingFile:
        """Draft a filing, filled in from the case."""
        body = {"form": form, "corrects": corrects}
        return self._change(FilingFile, f"/v1/cases/{part(case_id)}/filings", body)

    def fill_in_filing(
        self, filing_id: str, values: Mapping[str, Any], *, version: int | None = None
    ) -> FilingFile:
        """Fill in fields of a draft; with `version`, only in that version."""
        path = f"/v1/filings/{part(filing_id)}/values"
        return self._change(FilingFile, path, {"values": values}, version=version)

    def propose_filing(self, filing_id: str, reason: str) -> CaseStanding:
        """Propose to file a complete draft; another person checks it in its case."""
        path = f"/v1/filings/{part(filing_id)}/propose"
        return self._change(CaseStanding, path, {"reason": reason})

    def withdraw_filing(self, filing_id: str, reason: str) -> FilingFile:
        """Withdraw a filing, with a reason."""
        path = f"/v1/filings/{part(filing_id)}/withdraw"
        return self._change(FilingFile, path, {"reason": reason})
