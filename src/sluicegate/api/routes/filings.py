"""Filings of a case: forms, drafts, what is missing, documents, withdrawal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response

from sluicegate.api.models.common import Identifier, Line, Shape, Text
from sluicegate.api.models.shapes import shape_of
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import single, told, version_of
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.core.phrases import Language
from sluicegate.services.casework.filing import (
    FilingLine,
    document,
    draft,
    filings_of,
    list_filings,
    read_filing,
    set_values,
    withdraw,
)

reading = APIRouter(prefix="/v1", tags=["filings"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["filings"], route_class=ChangingRoute)

CaseId = Annotated[str, Path(max_length=100, description="Id of a case.")]
FilingId = Annotated[str, Path(max_length=100, description="Id of a filing.")]
IfMatch = Annotated[str | None, Header(max_length=200, description="The tag as it was read.")]

LINE = shape_of(FilingLine, rename={"filing_id": "id", "case_id": "case"})
FILING = shape_of(
    Filing, "FilingShown", without=("form",), rename={"filing_id": "id", "case_id": "case"}
)
FAULT = shape_of(FieldFault, "FilingFault", without=("clause",))

_Line: Any = LINE.model
_Filing: Any = FILING.model
_Fault: Any = FAULT.model


class FilingFile(Shape):
    """A filing with what is missing in it, and as a document once that is nothing."""

    form: str
    filing: _Filing
    missing: list[_Fault]
    document: dict[str, Any]


class FilingList(Shape):
    """Filings, the newest first."""

    items: list[_Line]


class FilingsOfCase(Shape):
    """The filings of one case, oldest first."""

    items: list[FilingFile]


class DraftBody(Shape):
    """A filing to be drafted; `corrects` names a filed one that it corrects."""

    form: Identifier
    corrects: Identifier | None = None


class ValuesBody(Shape):
    """Values of fields by their paths; null empties one."""

    values: dict[str, Any]


class WithdrawBody(Shape):
    """Why a filing is withdrawn."""

    reason: Text


def _file(filing: Filing, language: Language) -> dict[str, Any]:
    return {
        "form": filing.form.id,
        "filing": FILING.convert(filing, language),
        "missing": [FAULT.convert(one, language) for one in filing.missing()],
        "document": document(filing, language).as_json(),
    }


@reading.get("/filings", response_model=FilingList, operation_id="list_filings")
def list_all(
    desk: DeskOf,
    language: LanguageOf,
    state: Annotated[FilingState | None, Query(description="Where they stand.")] = None,
    form: Annotated[Line | None, Query(description="Id of a form.")] = None,
) -> Response:
    """List filings, the newest first."""
    found = list_filings(desk, state=state, form=form)
    return told({"items": [LINE.convert(one, language) for one in found]})


@reading.get(
    "/cases/{case}/filings", response_model=FilingsOfCase, operation_id="list_filings_of_case"
)
def list_of_case(case: CaseId, desk: DeskOf, language: LanguageOf) -> Response:
    """List the filings of a case, oldest first."""
    return told({"items": [_file(one, language) for one in filings_of(desk, case)]})


@changing.post(
    "/cases/{case}/filings",
    response_model=FilingFile,
    operation_id="draft_filing",
    status_code=201,
)
def make_draft(
    case: CaseId, body: DraftBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Draft a filing, filled in from the case; filing it is the act `propose`."""
    made = draft(desk, case, body.form, corrects=body.corrects, book=parts.served.book)
    headers = {"Location": f"/v1/filings/{made.filing_id}"}
    return told(_file(made, language), 201, headers)


@reading.get("/filings/{filing}", response_model=FilingFile, operation_id="get_filing")
def get_filing(filing: FilingId, request: Request, desk: DeskOf, language: LanguageOf) -> Response:
    """Show a filing: its values and where they come from, and everything missing in it."""
    found = read_filing(desk, filing)
    return single(request, _file(found, language), version=found.version)


@changing.post(
    "/filings/{filing}/values", response_model=FilingFile, operation_id="set_filing_values"
)
def fill_in(
    filing: FilingId,
    body: ValuesBody,
    desk: DeskOf,
    language: LanguageOf,
    if_match: IfMatch = None,
) -> Response:
    """Fill in fields of a draft; with `If-Match`, only in the version read."""
    after = set_values(desk, filing, body.values, version_of(if_match))
    return told(_file(after, language))


@changing.post(
    "/filings/{filing}/withdraw", response_model=FilingFile, operation_id="withdraw_filing"
)
def withdraw_filing(
    filing: FilingId, body: WithdrawBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Withdraw a filing, with a reason."""
    return told(_file(withdraw(desk, filing, body.reason), language))
