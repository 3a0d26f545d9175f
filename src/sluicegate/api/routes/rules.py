"""Rules as they stand on a day, what changed between two, and regimes compared."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath

from sluicegate.api.models.common import Day, Line
from sluicegate.api.models.law import (
    CompareBody,
    Comparison,
    LawChanges,
    RuleList,
    RuleShown,
    Timeline,
)
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import single, told
from sluicegate.api.routing import ExactRoute
from sluicegate.rules.diff import differences
from sluicegate.rules.instruments import Instrument
from sluicegate.rules.provisions import SubjectKind
from sluicegate.rules.timeline import events
from sluicegate.services.access.actions import Action
from sluicegate.services.compare import compare
from sluicegate.services.law_documents import LawView, law_document, title_document
from sluicegate.wiring import timeline_svg

router = APIRouter(prefix="/v1", tags=["rules"], route_class=ExactRoute)

AsOf = Annotated[Day | None, Query(description="The day asked about; today if left out.")]
KnownOn = Annotated[Day | None, Query(description="Only what was known on this day.")]
RuleId = Annotated[
    str,
    InPath(max_length=200, description="Id of an instrument or parameter.", examples=["eu.ai_act"]),
]


@router.get("/rules", response_model=RuleList, operation_id="list_rules")
def list_rules(
    desk: DeskOf,
    parts: PartsOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    issuer: Annotated[Line | None, Query(description="Part of the issuer's name.")] = None,
    jurisdiction: Annotated[Line | None, Query(description="A jurisdiction, e.g. EU.")] = None,
    kind: Annotated[Line | None, Query(description="law, proposal, bill, paper, …")] = None,
    text: Annotated[Line | None, Query(description="The state of the text on the day.")] = None,
) -> Response:
    """List every instrument with its status on a day."""
    desk.must(Action.RULES_READ)
    day = as_of or desk.now().date()
    rows = (
        _row(one, day, known_on)
        for one in sorted(parts.served.book.instruments.values(), key=lambda one: one.id)
        if issuer is None
        or issuer.casefold() in one.issuer.en.casefold()
        or issuer in one.issuer.zh
    )
    wanted = {"jurisdiction": jurisdiction, "kind": kind, "text": text}
    kept = [
        row
        for row in rows
        if all(value is None or row[name] == value for name, value in wanted.items())
    ]
    known = None if known_on is None else known_on.isoformat()
    return told({"as_of": day.isoformat(), "known_on": known, "items": kept})


def _row(one: Instrument, day: date, known_on: date | None) -> dict[str, Any]:
    status = one.status_on(day, known_on)
    return {
        "id": one.id,
        "title": title_document(one.title),
        "issuer": title_document(one.issuer),
        "jurisdiction": one.jurisdiction,
        "kind": one.kind.value,
        "text": None if status is None else status.text.value,
        "enforcement": None if status is None else status.enforcement.value,
        "citation": one.citation,
        "parameters": len(one.parameters),
        "thresholds": len(one.thresholds),
        "moving": len(one.moving),
        "file": one.file,
    }


@router.get("/rules/diff", response_model=LawChanges, operation_id="diff_rules")
def diff_rules(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    earlier: Annotated[Day, Query(description="The earlier day.")],
    later: Annotated[Day, Query(description="The later day.")],
    known_on: KnownOn = None,
) -> Response:
    """Say in words what changed after one day and no later than another."""
    desk.must(Action.RULES_READ)
    if earlier > later:
        raise bad_field("later", "lies before the earlier day; give it first")
    found = differences(parts.served.book, earlier, later, known_on)
    return told({"items": [change.row(language) for change in found]})


@router.get(
    "/rules/timeline/{rule}",
    response_model=Timeline,
    operation_id="rule_timeline",
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def rule_timeline(
    rule: RuleId,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    form: Annotated[
        str, Query(alias="format", pattern="^(json|svg)$", description="json or svg.")
    ] = "json",
    known_on: KnownOn = None,
) -> Response:
    """List every dated event of an instrument, or draw it as a picture."""
    desk.must(Action.RULES_READ)
    one = parts.served.book.instrument(rule)
    if form == "svg":
        return Response(timeline_svg(one, language, known_on), media_type="image/svg+xml")
    rows = [event.row(language) for event in events(one, known_on)]
    return told({"instrument": one.id, "items": rows})


@router.get("/rules/{rule}", response_model=RuleShown, operation_id="get_rule")
def get_rule(
    rule: RuleId,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """Show an instrument or a parameter with its dates, references and marks.

    With a day, what was not known then is left out, and each status and value
    says whether it holds.
    """
    desk.must(Action.RULES_READ)
    view = LawView(desk.now().date(), as_of, known_on)
    return single(request, law_document(parts.served.book, rule, view))


@router.post("/regimes/compare", response_model=Comparison, operation_id="compare_regimes")
def compare_regimes(
    body: CompareBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Put one subject under every regime: duty, trigger, margin, deadline, recipient."""
    desk.must(Action.QUESTION_ASK)
    kinds = {kind.value: kind for kind in SubjectKind}
    if body.subject is not None and body.subject not in kinds:
        raise bad_field("subject", f"is none of {', '.join(kinds)}")
    found = compare(
        body.facts,
        as_of=body.as_of,
        book=parts.served.book,
        subject=None if body.subject is None else kinds[body.subject],
        known_on=body.known_on,
    )
    return told(found.as_json(language))
