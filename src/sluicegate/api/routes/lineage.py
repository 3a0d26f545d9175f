"""Lineages: what is kept of them, what counts under each rule, pictures, statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Day, Line
from sluicegate.api.models.lineage import (
    LineageAccounts,
    LineageChanges,
    LineageComparison,
    LineageDocument,
    LineageDrawing,
    LineageList,
    LineageShown,
    LineageUnknowns,
)
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import single, told
from sluicegate.api.routes.lineage_queries import (
    Counted,
    CountedOf,
    LineageId,
    TargetOf,
    TargetsOf,
    VersionOf,
)
from sluicegate.api.routes.meter import known_at
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, whole_body
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.comparing import compare
from sluicegate.lineage.document import GraphError, Lineage, Quantity
from sluicegate.lineage.document import Query as Asked
from sluicegate.lineage.tallying import AS_THE_SCHEME, Ground, Options
from sluicegate.lineage.unknowns import Difference, if_cut_off, marginal, unknowns
from sluicegate.lineage.visitors import SCHEME
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.asking import (
    account_all,
    account_row,
    built,
    queries_of,
)
from sluicegate.services.lineage.bounding import TooMuchBehindError, refuse_too_much
from sluicegate.services.lineage.captions import fault_sentence
from sluicegate.services.lineage.compared import (
    comparison_document,
    difference_document,
    unknown_row,
)
from sluicegate.services.lineage.distances import distances
from sluicegate.services.lineage.drawing import DrawnLineage, drawing_document
from sluicegate.services.lineage.importing import graph_fault
from sluicegate.services.lineage.pictured import AS_A_PICTURE, Limits, drawn
from sluicegate.services.lineage.rows import lineage_document, statement_row, version_row
from sluicegate.services.lineage.showing import (
    MOST_TOTALS,
    KeptLineage,
    lineage_versions,
    list_lineages,
)
from sluicegate.services.ports.lineage import LineageInputError
from sluicegate.wiring.lineage import read_lineage_content
from sluicegate.wiring.lineage_pictures import lineage_svg

reading = APIRouter(prefix="/v1", tags=["lineages"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["lineages"], route_class=ChangingRoute)

MOST_GIVEN = 1 << 25
"""Bytes of a lineage that is accounted for without being kept."""


def _law(desk: Desk, parts: Parts) -> Law:
    return Law(parts.served.book, desk.now().date())


def _account(lineage: Lineage, asked: Sequence[Asked], law: Law, how: Counted) -> list[Account]:
    """Answer queries; what does not fit is a bad field."""
    _bounded(lineage, asked, how.options)
    try:
        return list(account_all(lineage, asked, law, how.options))
    except GraphError as error:
        raise bad_field("target", fault_sentence(graph_fault(error))) from error
    except ValueError as error:
        field, _, why = str(error).partition(": ")
        raise bad_field(field, why) from error


def _bounded(lineage: Lineage, asked: Sequence[Asked], options: Options = AS_THE_SCHEME) -> None:
    """Refuse what would be counted for too long while somebody waits."""
    try:
        refuse_too_much(lineage, asked, options)
    except TooMuchBehindError as error:
        raise bad_field("target", error.sentence) from error
    except GraphError as error:
        raise bad_field("target", fault_sentence(graph_fault(error))) from error


def _queries(
    lineage: Lineage, stated: Sequence[Asked], how: Counted, targets: Sequence[str]
) -> Sequence[Asked]:
    try:
        return queries_of(lineage, stated, how.asking(targets))
    except GraphError as error:
        raise bad_field("target", fault_sentence(graph_fault(error))) from error


def _row(one: Account, law: Law, language: Language) -> dict[str, Any]:
    return _whole(account_row(one, language=language), one, law)


def _whole(row: dict[str, Any], one: Account, law: Law) -> dict[str, Any]:
    """Return a row with both amounts, of which one is null, and its distances."""
    rows = [each.as_row() for each in distances(one, law)]
    return {"flop": None, "flop_per_second": None, **row, "distances": rows}


@reading.get("/lineages", response_model=LineageList, operation_id="list_lineages")
def list_all(
    desk: DeskOf,
    known_on: Annotated[
        Day | None, Query(description="Only what was recorded by this day.")
    ] = None,
) -> Response:
    """List the lineages that the node keeps, each at its last version."""
    found = list_lineages(desk, known_on=known_at(known_on))
    return told({"items": [version_row(one) for one in found]})


@changing.post(
    "/lineages/account",
    response_model=LineageAccounts,
    operation_id="account_for_lineage",
    openapi_extra=UPLOAD,
)
async def account_given(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    how: CountedOf,
    target: TargetsOf = None,
) -> Response:
    """Account for the lineage of the body without keeping it: one row for each query.

    The body is lineage.json, PROV-JSON or OpenLineage events. Without targets the queries
    of the file are answered, under its own rules unless `rule` names another than kthf.
    """
    await run_in_threadpool(desk.must, Action.LINEAGE_READ)
    content = await whole_body(request, MOST_GIVEN)
    return await run_in_threadpool(_given, content, _law(desk, parts), language, how, target or [])


def _given(
    content: bytes, law: Law, language: Language, how: Counted, targets: Sequence[str]
) -> Response:
    try:
        stated = read_lineage_content(content).lineages[0]
        lineage = built(stated)
    except LineageInputError as error:
        raise bad_field(error.faults[0].field, fault_sentence(error.faults[0])) from error
    except GraphError as error:
        raise bad_field(error.fault.value, fault_sentence(graph_fault(error))) from error
    if stated.queries and not targets and how.rule == SCHEME:
        asked: Sequence[Asked] = stated.queries
    else:
        asked = _queries(lineage, stated.queries, how, targets)
    found = _account(lineage, asked[:MOST_TOTALS], law, how)
    return told({"asked": len(asked), "items": [_row(one, law, language) for one in found]})


STREAMED.add("/v1/lineages/account")
OF = "/lineages/{lineage}"


@reading.get(OF, response_model=LineageShown, operation_id="get_lineage")
def get_lineage(lineage: LineageId, request: Request, desk: DeskOf, which: VersionOf) -> Response:
    """Show a version of a lineage: its counts, what people stated of it, all versions."""
    kept = which.kept(desk, lineage)
    versions = lineage_versions(desk, kept.version.lineage_id, known_on=known_at(which.known_on))
    document = {
        **version_row(kept.version),
        "stated": [statement_row(one) for one in kept.version.statements],
        "versions": [version_row(one) for one in versions],
    }
    return single(request, document)


@reading.get(f"{OF}/document", response_model=LineageDocument, operation_id="get_lineage_document")
def get_document(lineage: LineageId, request: Request, desk: DeskOf, which: VersionOf) -> Response:
    """Give a version whole, as lineage.json, to be taken in again."""
    kept = which.kept(desk, lineage)
    return single(request, {"name": kept.version.name, **lineage_document(kept.lineage)})


@reading.get(f"{OF}/accounts", response_model=LineageAccounts, operation_id="account_lineage")
def get_accounts(
    lineage: LineageId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    which: VersionOf,
    how: CountedOf,
    target: TargetsOf = None,
) -> Response:
    """Account for nodes of a kept lineage under a counting rule, at most 200 at a time."""
    kept, law = which.kept(desk, lineage), _law(desk, parts)
    asked = _queries(kept.lineage, (), how, target or [])
    found = _account(kept.lineage, asked[:MOST_TOTALS], law, how)
    items = [_row(one, law, language) for one in found]
    return single(request, {"asked": len(asked), "items": items})


@reading.get(
    f"{OF}/compare", response_model=LineageComparison, operation_id="compare_counting_rules"
)
def get_compared(
    lineage: LineageId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    which: VersionOf,
    target: TargetOf,
) -> Response:
    """Count a target under every rule: what each counts, leaves out, does not address, and why."""
    kept, law = which.kept(desk, lineage), _law(desk, parts)
    _one(kept.lineage, target)
    _bounded(kept.lineage, [Asked((target,), Quantity.TRAINING_COMPUTE)])
    found = compare(kept.lineage, target, law)
    document = comparison_document(found, language)
    document["rules"] = [
        _whole(row, one.account, law)
        for row, one in zip(document["rules"], found.rows, strict=True)
    ]
    if found.modification is not None:
        document["modification"]["limit_share"] = flop_text(found.modification.limit_share)
    return single(request, document)


def _one(lineage: Lineage, target: str) -> None:
    """Refuse a target that the lineage does not have."""
    if target not in lineage.places:
        raise bad_field("target", "is no node of the lineage; check its id")


@reading.get(f"{OF}/unknowns", response_model=LineageUnknowns, operation_id="list_unknowns")
def get_unknowns(
    lineage: LineageId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    which: VersionOf,
    how: CountedOf,
    target: TargetOf,
) -> Response:
    """List what is not known of a total and how far each can move it, the largest first."""
    kept, law = which.kept(desk, lineage), _law(desk, parts)
    query = _queries(kept.lineage, (), how, [target])[0]
    _bounded(kept.lineage, [query], how.options)
    found = unknowns(kept.lineage, query, law, how.options)
    return single(request, {"items": [unknown_row(one) for one in found]})


@reading.get(f"{OF}/what-if", response_model=LineageChanges, operation_id="ask_what_if")
def what_if(
    lineage: LineageId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    which: VersionOf,
    how: CountedOf,
    target: TargetOf,
    without: Annotated[
        list[Line] | None, Query(max_length=20, description="As if these nodes had never been.")
    ] = None,
    cut_off: Annotated[
        list[Line] | None,
        Query(max_length=20, description="As if humans had changed all that these nodes gave."),
    ] = None,
) -> Response:
    """Say what a total would be without a node, or with all that it gave cut, one by one."""
    kept, law = which.kept(desk, lineage), _law(desk, parts)
    graph = kept.lineage
    query = _queries(graph, (), how, [target])[0]
    _bounded(graph, [query] * (1 + len(without or ()) + len(cut_off or ())), how.options)
    changes: list[tuple[str, Difference]] = []
    try:
        for one in without or ():
            found = marginal(graph, query, law, one, how.options)
            changes.append((f"without {one}", found))
        for one in cut_off or ():
            found = if_cut_off(graph, query, law, one, how.options)
            changes.append((f"cut off {one}", found))
    except GraphError as error:
        raise bad_field("without", fault_sentence(graph_fault(error))) from error
    except ValueError as error:
        field, _, why = str(error).partition(": ")
        raise bad_field(field, why) from error
    rows = []
    for what, each in changes:
        row = difference_document(what, each, language)
        row["as_it_stands"] = _whole(row["as_it_stands"], each.account, law)
        row["if_so"] = _whole(row["if_so"], each.without, law)
        rows.append(row)
    return single(request, {"target": target, "changes": rows})


@dataclass(frozen=True, slots=True)
class _Drawn:
    account: Account
    drawn: DrawnLineage


def _drawn(kept: KeptLineage, law: Law, how: Counted, target: str, limits: Limits) -> _Drawn:
    query = _queries(kept.lineage, (), how, [target])[0]
    (found,) = _account(kept.lineage, [query], law, how)
    ground = Ground(kept.lineage, law, how.rule, how.options)
    return _Drawn(found, drawn(ground, found, limits))


DepthOf = Annotated[int, Query(ge=1, le=100, description="Rows of causes above the target.")]
InRowOf = Annotated[int, Query(ge=1, le=50, description="Causes drawn in each row.")]


@reading.get(
    f"{OF}/picture",
    operation_id="get_lineage_picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def get_picture(
    lineage: LineageId,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    which: VersionOf,
    how: CountedOf,
    target: TargetOf,
    depth: DepthOf = AS_A_PICTURE.depth,
    in_row: InRowOf = AS_A_PICTURE.in_row,
) -> Response:
    """Draw what led to a target, with what counts under the rule and what is cut, as SVG."""
    law = _law(desk, parts)
    made = _drawn(which.kept(desk, lineage), law, how, target, Limits(depth, in_row))
    svg = lineage_svg(made.account, made.drawn, language)
    headers = {"Content-Disposition": "attachment", "Vary": "Accept-Language"}
    return Response(svg, headers=headers, media_type="image/svg+xml")


@reading.get(f"{OF}/tree", response_model=LineageDrawing, operation_id="get_lineage_tree")
def get_tree(
    lineage: LineageId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    which: VersionOf,
    how: CountedOf,
    target: TargetOf,
    depth: DepthOf = AS_A_PICTURE.depth,
    in_row: InRowOf = AS_A_PICTURE.in_row,
) -> Response:
    """Give what the picture of a target shows as data: nodes, ties, what is folded away."""
    law = _law(desk, parts)
    made = _drawn(which.kept(desk, lineage), law, how, target, Limits(depth, in_row))
    return single(request, drawing_document(made.drawn))
