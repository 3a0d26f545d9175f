"""Findings of the last pass, what is owed because of them, and the figures behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypedDict, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf
from sluicegate.api.models.common import Day, Line, Shape
from sluicegate.api.models.findings import (
    FindingPage,
    FindingRow,
    FindingShown,
    ObligationPage,
    ObligationRow,
    Trace,
)
from sluicegate.api.models.shapes import shape_of
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.rendering import (
    CSV,
    NDJSON,
    TABLE_TYPES,
    every_row,
    page,
    single,
    stream,
    told,
)
from sluicegate.api.routes.meter import measure
from sluicegate.api.routing import ExactRoute
from sluicegate.core.phrases import Language
from sluicegate.core.trace import document
from sluicegate.rules.book import RuleBook
from sluicegate.services.desk import Desk
from sluicegate.services.explain import DEFAULT_RECORDS, Wanted, asked_again, explain
from sluicegate.services.kept_words import in_language
from sluicegate.services.paging import MOST_ROWS, Page
from sluicegate.services.ports.present import (
    ChangeRow,
    FindingFilter,
    FindingOrder,
    ObligationFilter,
    PassRow,
)
from sluicegate.services.ports.present import FindingRow as Row
from sluicegate.services.ports.present import ObligationRow as Owed
from sluicegate.services.present.findings import (
    Counts,
    changes,
    counts,
    findings,
    obligations,
    passes,
)
from sluicegate.services.present.findings import finding as found_finding

router = APIRouter(prefix="/v1", tags=["findings"], route_class=ExactRoute)

Listed = TypeVar("Listed")

FindingId = Annotated[str, Path(max_length=100, description="Id of a finding.")]
Many = Annotated[list[Line], Query(max_length=50)]
Maybe = Annotated[bool | None, Query()]

FormOf = Annotated[
    str, Query(alias="format", pattern="^(csv|ndjson)$", description="csv or ndjson.")
]

COUNTS = shape_of(Counts, "FindingCounts")
CHANGE = shape_of(ChangeRow, "FindingChange", without=("key",))
PASS = shape_of(PassRow, "PassShown", without=("sequence",), rename={"pass_id": "id"})

_Counts: Any = COUNTS.model
_Change: Any = CHANGE.model
_Pass: Any = PASS.model


class ChangePage(Shape):
    """A page of what passes changed, the last in front."""

    items: list[_Change]
    next: str | None


class PassPage(Shape):
    """A page of passes that changed something, the last in front."""

    items: list[_Pass]
    next: str | None


class Facets(TypedDict):
    """The part of a filter that findings and obligations share."""

    jurisdictions: frozenset[str]
    instruments: frozenset[str]
    rules: frozenset[str]
    subject_kinds: frozenset[str]
    customer_id: str | None


async def facets_of(
    jurisdiction: Many = [],  # noqa: B006 - FastAPI copies the default of a query parameter
    instrument: Many = [],  # noqa: B006
    rule: Many = [],  # noqa: B006
    subject_kind: Many = [],  # noqa: B006
    customer: Annotated[Line | None, Query(description="Id of a customer.")] = None,
) -> Facets:
    """Return the shared part of the filter that a query gives."""
    return Facets(
        jurisdictions=frozenset(jurisdiction),
        instruments=frozenset(instrument),
        rules=frozenset(rule),
        subject_kinds=frozenset(subject_kind),
        customer_id=customer,
    )


FacetsOf = Annotated[Facets, Depends(facets_of)]


async def filter_of(
    facets: FacetsOf,
    question: Many = [],  # noqa: B006 - as above
    certainty: Many = [],  # noqa: B006
    level: Many = [],  # noqa: B006
    as_written: Maybe = None,
    as_enforced: Maybe = None,
    subject: Annotated[Line | None, Query(description="As findings write it.")] = None,
    due_by: Annotated[Day | None, Query(description="With something due by this day.")] = None,
    text: Annotated[Line, Query(description="Beginning of a subject's name.")] = "",
    order: Annotated[FindingOrder, Query(description="How they come.")] = FindingOrder.GRAVITY,
) -> FindingFilter:
    """Return the filter that a query gives."""
    return FindingFilter(
        **facets,
        questions=frozenset(question),
        certainties=frozenset(certainty),
        levels=frozenset(level),
        is_written=as_written,
        is_enforced=as_enforced,
        subject=subject,
        due_by=due_by,
        text=text,
        order=order,
    )


FilterOf = Annotated[FindingFilter, Depends(filter_of)]


@router.get("/findings", response_model=FindingPage, operation_id="list_findings")
def list_findings(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    wanted: FilterOf,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List what the last pass found."""
    found = findings(desk, wanted, cursor, limit)
    return page(request, found, lambda row: in_language(row.as_json(), language))


@router.get("/findings/counts", response_model=_Counts, operation_id="count_findings")
def count_findings(desk: DeskOf, wanted: FilterOf, language: LanguageOf) -> Response:
    """Count what a filter lets through, and what each other choice would."""
    return told(COUNTS.convert(counts(desk, wanted), language))


@router.get("/findings/changes", response_model=ChangePage, operation_id="list_changes")
def list_changes(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    since: Annotated[Line | None, Query(description="Id of a pass; later ones count.")] = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List what passes changed, the last in front."""
    found = changes(desk, since, cursor, limit)
    return page(request, found, lambda row: CHANGE.convert(row, language))


@router.get("/passes", response_model=PassPage, operation_id="list_passes")
def list_passes(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List the passes that changed something, the last in front."""
    found = passes(desk, cursor, limit)
    return page(request, found, lambda row: PASS.convert(row, language))


@router.get(
    "/findings/export",
    operation_id="export_findings",
    response_class=StreamingResponse,
    responses={200: {"content": TABLE_TYPES}},
)
def export_findings(desk: DeskOf, wanted: FilterOf, form: FormOf = "csv") -> Response:
    """Give all that a filter lets through as rows, in the order of the list."""

    def pages(cursor: str | None) -> Page[Row]:
        return findings(desk, wanted, cursor, MOST_ROWS)

    return _export(pages, Row.as_json, FindingRow, form)


def _export(
    pages: Callable[[str | None], Page[Listed]],
    document: Callable[[Listed], dict[str, Any]],
    shape: type[Shape],
    form: str,
) -> Response:
    rows = map(document, every_row(pages, pages(None)))
    return stream(rows, list(shape.model_fields), CSV if form == "csv" else NDJSON)


@router.get("/findings/{finding}", response_model=FindingShown, operation_id="get_finding")
def get_finding(
    finding: FindingId, request: Request, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Show a finding as the pass wrote it: facts, answer, reasons, citations, trace.

    Reasons are told in the language that is asked for, as long as the rules are those of the pass.
    """
    return single(request, _shown(desk, finding, parts.served.book, language))


def _shown(desk: Desk, finding_id: str, book: RuleBook, language: Language) -> dict[str, Any]:
    found = found_finding(desk, finding_id)
    asked = None if language is Language.EN else asked_again(found.document, book)
    reasons = {} if asked is None else {"reasons": [one.text(language) for one in asked.reasons]}
    return {
        **in_language(found.document, language),
        **reasons,
        "jurisdiction": found.facets.jurisdiction,
        "is_open": found.is_open,
        "obligations": [in_language(one.as_json(), language) for one in found.obligations],
    }


@router.get("/findings/{finding}/explain", response_model=Trace, operation_id="explain_finding")
def explain_finding(
    finding: FindingId,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    records: Annotated[
        int, Query(ge=0, le=200, description="How many usage records.")
    ] = DEFAULT_RECORDS,
) -> Response:
    """Give the tree of figures behind a finding, down to the largest usage records."""
    return told(_explained(desk, parts, finding, Wanted(language, records)))


def _explained(desk: Desk, parts: Parts, finding_id: str, wanted: Wanted) -> dict[str, Any]:
    found_finding(desk, finding_id)
    tree = explain(
        finding_id,
        store=desk.store,
        lake=parts.served.node.lake,
        book=parts.served.book,
        groups=measure(parts, desk, None, None).groups(),
        wanted=wanted,
    )
    return document(tree)


async def owed_filter_of(
    facets: FacetsOf,
    binding: Maybe = None,
    finding: Annotated[Line | None, Query(description="Id of a finding.")] = None,
    due_from: Annotated[Day | None, Query(description="First day.")] = None,
    due_by: Annotated[Day | None, Query(description="Last day.")] = None,
) -> ObligationFilter:
    """Return the filter that a query gives."""
    return ObligationFilter(
        **facets,
        is_binding=binding,
        finding_id=finding,
        due_from=due_from,
        due_by=due_by,
    )


OwedFilterOf = Annotated[ObligationFilter, Depends(owed_filter_of)]


@router.get("/obligations", response_model=ObligationPage, operation_id="list_obligations")
def list_obligations(
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    wanted: OwedFilterOf,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List what is owed, by due day, those without a day last."""
    found = obligations(desk, wanted, cursor, limit)
    return page(request, found, lambda row: in_language(row.as_json(), language))


@router.get(
    "/obligations/export",
    operation_id="export_obligations",
    response_class=StreamingResponse,
    responses={200: {"content": TABLE_TYPES}},
)
def export_obligations(desk: DeskOf, wanted: OwedFilterOf, form: FormOf = "csv") -> Response:
    """Give all that is owed under a filter as rows, in the order of the list."""

    def pages(cursor: str | None) -> Page[Owed]:
        return obligations(desk, wanted, cursor, MOST_ROWS)

    return _export(pages, Owed.as_json, ObligationRow, form)
