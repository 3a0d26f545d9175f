"""Every refusal and every failure as a problem document, the same for all endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import HTTPException as FastApiHTTPException
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from sluicegate.api.field_words import field_problem, told
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filings.entries import EntryError
from sluicegate.cases.filters import FilterError
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.frontier.forecast.assumptions import ForecastError
from sluicegate.kyc.joint_compute import TermsError
from sluicegate.rules.book import UnknownRuleError
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Title
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.acting import TooManyError
from sluicegate.services.casework.filing import FilingStateError
from sluicegate.services.casework.opening import NewCaseError
from sluicegate.services.casework.proposing import IncompleteFilingError
from sluicegate.services.consultation.writing import BadEntryError, ConsultationError
from sluicegate.services.datasets.errors import DatasetError, UnknownDatasetError
from sluicegate.services.diligence.writing import DiligenceRefusedError
from sluicegate.services.exchange.sessions import ExchangeRefusedError
from sluicegate.services.explain import UnknownFindingError
from sluicegate.services.fault_words import faults_text
from sluicegate.services.identity import AccountError
from sluicegate.services.lab.threshold import LabError
from sluicegate.services.lineage.keeping import LineageError
from sluicegate.services.linkage.deciding import LinkError
from sluicegate.services.lists.parts import ListRefusedError, StaleListError, UnknownListError
from sluicegate.services.ownership.diligence import DiligenceError
from sluicegate.services.paging import CursorError
from sluicegate.services.ports.addresses import AddressRefusedError
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.consultation import ConsultationChangedError
from sluicegate.services.ports.diligence import DiligenceChangedError
from sluicegate.services.ports.exchange import (
    NoIntersectionError,
    SessionChangedError,
    UnreadableMessageError,
)
from sluicegate.services.ports.filings import FilingChangedError
from sluicegate.services.ports.lineage import LineageFilesError
from sluicegate.services.ports.links import DuplicatesError
from sluicegate.services.ports.lists import DesignationChangedError, ListFilesError
from sluicegate.services.ports.ownership_diligence import (
    DiligenceChangedError as OwnershipDiligenceChangedError,
)
from sluicegate.services.ports.validation import ProposalChangedError
from sluicegate.services.screening.allowing import AllowanceRefusedError
from sluicegate.services.screening.validation.changes import ChangeRefusedError
from sluicegate.services.screening.validation.sampling import VerdictRefusedError
from sluicegate.wiring import LakeError, NodeError, StoreError
from sluicegate.wiring.http import PROBLEM_MEDIA_TYPE, HttpProblem, ProblemKind, language_of
from sluicegate.wiring.paper import PdfUnavailableError

Describe = Callable[[Any], HttpProblem]
SaidError = (
    ListRefusedError
    | StaleListError
    | AllowanceRefusedError
    | ChangeRefusedError
    | VerdictRefusedError
    | LinkError
    | LineageError
    | DuplicatesError
    | DiligenceError
    | ConsultationError
)
"""Errors whose `sentence` says why something cannot be done now."""


class ProblemError(Exception):
    """A problem that an endpoint found itself."""

    def __init__(self, problem: HttpProblem) -> None:
        self.problem = problem
        super().__init__(problem.kind.value)


class UnreadableError(FastApiHTTPException):
    """A body that is no JSON document as it must be; of the kind that FastAPI lets through."""

    def __init__(self, problem: HttpProblem) -> None:
        self.problem = problem
        super().__init__(problem.kind.status)


def bad_field(field: str, why: str | Sentence) -> ProblemError:
    """Return the refusal of one field of a request."""
    errors = [{"field": field, "problem": told(why) if isinstance(why, str) else why}]
    detail = say("These fields are missing or wrong: {fields}.", fields=[field])
    return ProblemError(HttpProblem(ProblemKind.BAD_FIELDS, detail, {"errors": errors}))


def _not_found(_error: Exception) -> HttpProblem:
    """Say the same of what is sealed, of another tenant, or not there at all."""
    why = say("There is nothing of this name that you may see; check the id.")
    return HttpProblem(ProblemKind.NOT_FOUND, why)


def _refused(error: RefusedError) -> HttpProblem:
    reasons = error.reasons or (say("No policy permits it."),)
    return HttpProblem(
        ProblemKind.REFUSED,
        reasons[0],
        {"action": error.action, "reasons": list(reasons)},
    )


def _bad_facts(error: BadFactsError) -> HttpProblem:
    faults = [{"path": fault.path, "problem": told(fault.message)} for fault in error.faults]
    kind = ProblemKind.BAD_FACTS
    if error.paths[0] == "question":
        kind = ProblemKind.NOT_FOUND
    texts = Title(str(error), faults_text(error.faults, Language.ZH))
    message = say("{faults}", faults=Term(texts))
    return HttpProblem(kind, message, {**error.as_json(), "message": message, "faults": faults})


def _bad_fields(error: RequestValidationError) -> HttpProblem:
    found = [
        {"field": _field(one["loc"]), "problem": field_problem(one)} for one in error.errors()[:100]
    ]
    fields = list(dict.fromkeys(one["field"] for one in found))
    detail = say("These fields are missing or wrong: {fields}.", fields=fields)
    return HttpProblem(ProblemKind.BAD_FIELDS, detail, {"errors": found})


def _field(location: tuple[str | int, ...]) -> str:
    """Return where a fault is: the parts below the body, or the name of a parameter."""
    parts = [str(part) for part in location[1:]] or [str(part) for part in location]
    return ".".join(parts)[:200]


_BY_STATUS: Mapping[int, tuple[ProblemKind, Sentence]] = {
    404: (
        ProblemKind.NOT_FOUND,
        say("There is nothing of this name that you may see; check the id."),
    ),
    405: (ProblemKind.METHOD_NOT_ALLOWED, say("This address does not take the method.")),
}


def _http(error: HTTPException) -> HttpProblem:
    kind, why = _BY_STATUS.get(
        error.status_code, (ProblemKind.BAD_REQUEST, say("The request cannot be read."))
    )
    return HttpProblem(kind, why, headers=dict(error.headers or {}))


def _not_now(error: NotAllowedNowError) -> HttpProblem:
    return HttpProblem(ProblemKind.CONFLICT, error.reason, {"reasons": [error.reason]})


def _changed(_error: CaseChangedError) -> HttpProblem:
    why = say("Someone else changed the case meanwhile; read it again.")
    return HttpProblem(ProblemKind.CHANGED_MEANWHILE, why)


def _filing_changed(_error: FilingChangedError) -> HttpProblem:
    why = say("Someone else changed the filing meanwhile; read it again.")
    return HttpProblem(ProblemKind.CHANGED_MEANWHILE, why)


def _filing_state(error: FilingStateError) -> HttpProblem:
    return HttpProblem(ProblemKind.CONFLICT, error.reason, {"reasons": [error.reason]})


def _entry(error: EntryError) -> HttpProblem:
    return bad_field(f"values.{error.path}", error.problem).problem


def _named_field(error: FilterError | NewCaseError) -> HttpProblem:
    return bad_field(error.field, str(error).partition(": ")[2]).problem


def _bad_address(error: AddressRefusedError) -> HttpProblem:
    return bad_field("url", str(error)).problem


def _account(error: AccountError) -> HttpProblem:
    return HttpProblem(ProblemKind.BAD_FIELDS, error.sentence)


def _rule_files(error: RuleFilesError) -> HttpProblem:
    found = [
        {"field": f"files.{one.file}" + (f":{one.line}" if one.line else ""), "problem": str(one)}
        for one in error.faults[:100]
    ]
    fields = list(dict.fromkeys(one["field"] for one in found))
    detail = say("These fields are missing or wrong: {fields}.", fields=fields)
    return HttpProblem(ProblemKind.BAD_FIELDS, detail, {"errors": found})


def _incomplete(error: IncompleteFilingError) -> HttpProblem:
    reasons = [one.sentence for one in error.faults]
    why = say("The filing is not complete; enter what is missing.")
    return HttpProblem(ProblemKind.CONFLICT, why, {"reasons": reasons})


def _no_pdf(error: PdfUnavailableError) -> HttpProblem:
    return HttpProblem(ProblemKind.NOT_ACCEPTABLE, str(error))


def _conflict(error: Exception) -> HttpProblem:
    return HttpProblem(ProblemKind.CONFLICT, str(error), {"reasons": [str(error)]})


def _said(error: SaidError) -> HttpProblem:
    return HttpProblem(ProblemKind.CONFLICT, error.sentence, {"reasons": [error.sentence]})


def _of_diligence(error: DiligenceRefusedError) -> HttpProblem:
    return HttpProblem(ProblemKind.CONFLICT, error.reason, {"reasons": [error.reason]})


def _diligence_changed(_error: Exception) -> HttpProblem:
    why = say("Someone else changed the record meanwhile; read it again.")
    return HttpProblem(ProblemKind.CHANGED_MEANWHILE, why)


def _unavailable(_error: Exception) -> HttpProblem:
    why = say("The node's store or lake cannot be read now; its operator sees why.")
    return HttpProblem(ProblemKind.UNAVAILABLE, why, headers={"Retry-After": "30"})


def _internal(_error: Exception) -> HttpProblem:
    why = say("The request was not carried out; give its id to the node's operator.")
    return HttpProblem(ProblemKind.INTERNAL, why)


PROBLEMS: dict[type[Exception], Describe] = {
    ProblemError: lambda error: error.problem,
    UnreadableError: lambda error: error.problem,
    NotFoundError: _not_found,
    UnknownRuleError: _not_found,
    UnknownFindingError: _not_found,
    RefusedError: _refused,
    BadFactsError: _bad_facts,
    RequestValidationError: _bad_fields,
    HTTPException: _http,
    AddressRefusedError: _bad_address,
    NotAllowedNowError: _not_now,
    CaseChangedError: _changed,
    FilingStateError: _filing_state,
    FilingChangedError: _filing_changed,
    EntryError: _entry,
    FilterError: _named_field,
    NewCaseError: _named_field,
    TooManyError: lambda error: bad_field("cases", str(error)).problem,
    AccountError: _account,
    RuleFilesError: _rule_files,
    IncompleteFilingError: _incomplete,
    PdfUnavailableError: _no_pdf,
    LinkError: _said,
    LineageError: _said,
    DuplicatesError: _said,
    DiligenceError: _said,
    DiligenceRefusedError: _of_diligence,
    DiligenceChangedError: _diligence_changed,
    OwnershipDiligenceChangedError: _diligence_changed,
    DesignationChangedError: _diligence_changed,
    AllowanceRefusedError: _said,
    ListRefusedError: _said,
    UnknownListError: lambda error: HttpProblem(ProblemKind.NOT_FOUND, error.sentence),
    StaleListError: _said,
    ChangeRefusedError: _said,
    VerdictRefusedError: _said,
    ProposalChangedError: _diligence_changed,
    ExchangeRefusedError: _said,
    SessionChangedError: _diligence_changed,
    UnreadableMessageError: lambda error: bad_field(error.field, error.sentence).problem,
    TermsError: lambda error: bad_field(error.field, error.sentence).problem,
    NoIntersectionError: lambda error: HttpProblem(ProblemKind.NOT_ACCEPTABLE, error.sentence),
    ForecastError: lambda error: HttpProblem(ProblemKind.BAD_FIELDS, error.sentence),
    LabError: lambda error: HttpProblem(ProblemKind.BAD_FIELDS, error.sentence),
    DatasetError: lambda error: HttpProblem(ProblemKind.BAD_FIELDS, error.sentence),
    UnknownDatasetError: lambda error: HttpProblem(ProblemKind.NOT_FOUND, error.sentence),
    BadEntryError: lambda error: HttpProblem(ProblemKind.BAD_FIELDS, error.sentence),
    ConsultationError: _said,
    ConsultationChangedError: _diligence_changed,
    ListFilesError: _unavailable,
    LineageFilesError: _unavailable,
    CursorError: lambda error: HttpProblem(ProblemKind.BAD_CURSOR, str(error)),
    NodeError: _unavailable,
    StoreError: _unavailable,
    LakeError: _unavailable,
}
"""What each error becomes; whatever is not named here is a failure of the node."""


def respond(request: Request, problem: HttpProblem) -> Response:
    """Return a problem as the answer to a request, in the language it prefers."""
    language = language_of(request.headers.get("accept-language"))
    headers = {**problem.headers, "Content-Language": language.value, "Vary": "Accept-Language"}
    return Response(problem.body(language), problem.kind.status, headers, PROBLEM_MEDIA_TYPE)


def problem_of(error: Exception) -> HttpProblem:
    """Return what an error becomes."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind](error)
    return _internal(error)


def install(app: FastAPI) -> None:
    """Answer every error of an application with a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, problem_of(error))

    for kind in PROBLEMS:
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(Exception, handle)
