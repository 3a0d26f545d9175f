"""Filings of a case: forms, drafts, what is missing, documents, withdrawal."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field

from sluicegate.api.instants import written
from sluicegate.api.models.casework import CASE
from sluicegate.api.models.common import Bilingual, Day, Identifier, Line, Shape, Text
from sluicegate.api.models.shapes import shape_of
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import single, told, version_of
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cases.filings.form import Field as FormFieldOf
from sluicegate.cases.filings.schema import filing_schema
from sluicegate.core.phrases import Language
from sluicegate.rules.instruments import Title
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.filing import (
    FilingLine,
    document,
    draft,
    filings_of,
    list_filings,
    read_filing,
    set_values,
    versions_of,
    withdraw,
)
from sluicegate.services.casework.forms import form_named, offers
from sluicegate.services.casework.proposing import propose_filing
from sluicegate.services.casework.reading import read_case
from sluicegate.wiring.filings import html_of, json_of, pdf_of

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

_Case: Any = CASE.model
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


class FormRow(Shape):
    """A form in the list."""

    form: str
    title: Bilingual
    instruments: list[str]
    duties: list[str]
    deadlines: list[str]
    fields: int
    sealed: bool


class FormList(Shape):
    """The forms that can be filed."""

    items: list[FormRow]


class FormField(Shape):
    """A field of a form, and the clauses that ask for it."""

    field: str
    label: Bilingual
    kind: str
    required: str = Field(description="yes, no, or when: only under a condition.")
    clauses: list[str]
    prefill: str | None


class FormShown(Shape):
    """A form: its fields, and the JSON Schema of what it sends out."""

    form: str
    title: Bilingual
    fields: list[FormField]
    document_schema: dict[str, Any]


class FormOffer(Shape):
    """A form that suits a case, and the duty that filing it meets."""

    form: str
    title: Bilingual
    duty: str
    obligation: str
    due: Day | None


class FormOffers(Shape):
    """The forms that suit a case: what is owed first."""

    items: list[FormOffer]


class VersionRow(Shape):
    """A version of a filing, with its values as they were entered."""

    version: int
    state: str
    values: dict[str, Any]
    digest: str
    reason: str
    at: str
    by: str


class VersionList(Shape):
    """The versions of a filing, the oldest first."""

    items: list[VersionRow]


class ProposeBody(Shape):
    """Why a filing is to be filed."""

    reason: Text


def _title(one: Title) -> dict[str, str]:
    return {"en": one.en, "zh": one.zh}


@reading.get("/forms", response_model=FormList, operation_id="list_forms")
def list_forms(desk: DeskOf, parts: PartsOf) -> Response:
    """List the forms that can be filed, the node's own among them."""
    desk.must(Action.FILING_READ)
    rows = [
        {
            "form": one.id,
            "title": _title(one.title),
            "instruments": list(one.instruments),
            "duties": list(one.duties),
            "deadlines": list(one.deadlines),
            "fields": len(one.fields),
            "sealed": one.is_sealed,
        }
        for one in parts.served.forms.values()
    ]
    return told({"items": rows})


@reading.get("/forms/{form}", response_model=FormShown, operation_id="get_form")
def get_form(
    form: Annotated[str, Path(max_length=200, examples=["training_report"])],
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
) -> Response:
    """Show a form: every field with the clause that asks for it, and the schema of its document."""
    desk.must(Action.FILING_READ)
    one = form_named(form, parts.served.forms)
    return single(
        request,
        {
            "form": one.id,
            "title": _title(one.title),
            "fields": [_field(path, field) for path, field in one.every_field()],
            "document_schema": filing_schema(one),
        },
    )


def _field(path: str, one: FormFieldOf) -> dict[str, Any]:
    return {
        "field": path,
        "label": _title(one.label),
        "kind": one.kind.value,
        "required": "yes" if one.is_required else "when" if one.required_when else "no",
        "clauses": [clause.reference for clause in one.clauses],
        "prefill": one.prefill,
    }


@reading.get("/cases/{case}/forms", response_model=FormOffers, operation_id="list_forms_of_case")
def list_offers(case: CaseId, desk: DeskOf, parts: PartsOf) -> Response:
    """List the forms that suit a case: what is owed first, the nearest due day first."""
    desk.must(Action.FILING_READ)
    found = read_case(desk, case, book=parts.served.book).case
    rows = [
        {
            "form": one.form.id,
            "title": _title(one.form.title),
            "duty": one.duty,
            "obligation": one.obligation,
            "due": None if one.due is None else one.due.isoformat(),
        }
        for one in offers(found, parts.served.forms)
    ]
    return told({"items": rows})


@reading.get(
    "/filings/{filing}/versions", response_model=VersionList, operation_id="list_filing_versions"
)
def list_versions(filing: FilingId, desk: DeskOf) -> Response:
    """List the versions of a filing, the oldest first; the reading is an act."""
    rows = [
        {
            "version": one.version,
            "state": one.state.value,
            "values": dict(one.values),
            "digest": one.digest,
            "reason": one.reason,
            "at": written(one.at),
            "by": one.by,
        }
        for one in versions_of(desk, filing)
    ]
    return told({"items": rows})


_TEXT = {"schema": {"type": "string"}}


@reading.get(
    "/filings/{filing}/document",
    operation_id="get_filing_document",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/html": _TEXT,
                "application/pdf": _TEXT,
                "application/json": {"schema": {"type": "object"}},
            }
        }
    },
)
def get_document(
    filing: FilingId,
    desk: DeskOf,
    language: LanguageOf,
    form: Annotated[
        str, Query(alias="format", pattern="^(html|json|pdf)$", description="html, json or pdf.")
    ] = "html",
) -> Response:
    """Give a filing as a page, JSON or PDF, as a download; the reading is an act.

    A node without the extra `pdf` answers 406 for a PDF.
    """
    shown = document(read_filing(desk, filing), language)
    name = f'attachment; filename="filing-{shown.digest[:16]}.{form}"'
    headers = {"Content-Disposition": name}
    if form == "pdf":
        return Response(pdf_of(shown), headers=headers, media_type="application/pdf")
    if form == "json":
        return Response(json_of(shown), headers=headers, media_type="application/json")
    return Response(html_of(shown), headers=headers, media_type="text/html")


@changing.post("/filings/{filing}/propose", response_model=_Case, operation_id="propose_filing")
def propose(
    filing: FilingId, body: ProposeBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Propose to file a complete draft; another person checks it in its case."""
    case = propose_filing(desk, filing, body.reason, book=parts.served.book)
    return told(CASE.convert(case, language))


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
    served = parts.served
    made = draft(
        desk, case, body.form, corrects=body.corrects, forms=served.forms, book=served.book
    )
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
