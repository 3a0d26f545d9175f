"""Consultations on thresholds and guidance, and the register of thresholds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Day, Identifier
from sluicegate.api.models.consultation import (
    CommentBody,
    CommentShown,
    ConsultationList,
    ConsultationShown,
    DraftBody,
    ExtendBody,
    MilestoneBody,
    NewDraftBody,
    PeriodBody,
    PublishedConsultation,
    ReplyBody,
    ReviewBody,
    ReviewedBody,
    RevisionBody,
    RuleFileShown,
    ThresholdRegister,
    ThresholdRow,
    VersionsCompared,
)
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import single, told
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import FILE, UPLOAD, whole_body
from sluicegate.frontier.consultation import Stage, Subject
from sluicegate.frontier.threshold_register import DUE_SOON_DAYS, Asked
from sluicegate.services.access.actions import Action
from sluicegate.services.consultation import drafting, issuing, running, showing
from sluicegate.services.consultation.drafting import Change, NewDraft
from sluicegate.services.consultation.exporting import publish
from sluicegate.services.consultation.registering import (
    MOST_DAYS,
    entry_json,
    read_register,
    set_review_period,
    set_reviewed,
)
from sluicegate.services.consultation.rule_files import rule_file
from sluicegate.services.consultation.running import MOST_FILE, NewComment, NewPeriod
from sluicegate.services.consultation.writing import today

reading = APIRouter(prefix="/v1", tags=["consultations"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["consultations"], route_class=ChangingRoute)

OF = "/consultations/{consultation}"
ConsultationId = Annotated[str, Path(max_length=100, description="Id of a consultation.")]
CommentId = Annotated[str, Path(max_length=100, description="Number of a comment.")]
FileId = Annotated[str, Path(max_length=100, description="SHA-256 of a document.")]
VersionOf = Annotated[int | None, Query(ge=1, le=10_000, description="A version by its number.")]


def _new(body: DraftBody) -> NewDraft:
    months, comparator = body.review_months, body.comparator
    return NewDraft(
        subject=body.subject.value,
        title=body.title,
        title_zh=body.title_zh,
        text=body.text,
        starts="" if body.starts is None else body.starts.isoformat(),
        rule=body.rule,
        unit=body.unit,
        comparator="" if comparator is None else comparator.value,
        value=body.value,
        is_binding="yes" if body.is_binding else "no",
        applies_to=body.applies_to,
        measure=body.measure,
        review_months="" if months is None else str(months),
        issuer=body.issuer,
        explains=tuple(body.explains),
    )


@reading.get("/consultations", response_model=ConsultationList, operation_id="list_consultations")
def list_all(
    desk: DeskOf,
    language: LanguageOf,
    stage: Annotated[list[Stage] | None, Query(description="Only those at a stage.")] = None,
    about: Annotated[Subject | None, Query(description="Only thresholds, or guidance.")] = None,
) -> Response:
    """List consultations, the last one drafted first."""
    found = showing.list_consultations(desk, stages=stage or (), subject=about)
    return told({"items": [showing.row_json(one, language) for one in found]})


@changing.post(
    "/consultations",
    response_model=ConsultationShown,
    operation_id="draft_consultation",
    status_code=201,
)
def draft(body: NewDraftBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Begin a consultation with the draft of a threshold or a guidance note."""
    made = drafting.draft(desk, parts.served.book, _new(body), supersedes=body.supersedes)
    return told(showing.consultation_json(made, language), 201)


@reading.get(OF, response_model=ConsultationShown, operation_id="get_consultation")
def get_one(
    consultation: ConsultationId, request: Request, desk: DeskOf, language: LanguageOf
) -> Response:
    """Show a consultation: drafts, comments with replies, roadmap and documents."""
    one = showing.read_consultation(desk, consultation)
    return single(request, showing.consultation_json(one, language))


@changing.post(f"{OF}/revise", response_model=ConsultationShown, operation_id="revise_consultation")
def revise(
    consultation: ConsultationId,
    body: RevisionBody,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
) -> Response:
    """Write the next version of a draft, with what changed and which comments led to it."""
    why = Change(body.change, tuple(body.led_by))
    after = drafting.revise(desk, parts.served.book, consultation, _new(body.draft), why)
    return told(showing.consultation_json(after, language))


@reading.get(
    f"{OF}/diff", response_model=VersionsCompared, operation_id="compare_consultation_versions"
)
def compare(
    consultation: ConsultationId,
    request: Request,
    desk: DeskOf,
    earlier: VersionOf = None,
    later: VersionOf = None,
) -> Response:
    """Show what differs between two versions of a draft; the last two without versions."""
    found = showing.read_difference(desk, consultation, earlier, later)
    return single(request, showing.difference_json(found))


@changing.post(f"{OF}/open", response_model=ConsultationShown, operation_id="open_consultation")
def open_(
    consultation: ConsultationId, body: PeriodBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Open a drafted consultation for comments; both days belong to the period."""
    period = NewPeriod(body.opens or today(desk), body.closes, body.days)
    return told(
        showing.consultation_json(running.open_period(desk, consultation, period), language)
    )


@changing.post(f"{OF}/extend", response_model=ConsultationShown, operation_id="extend_consultation")
def extend(
    consultation: ConsultationId, body: ExtendBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Let a consultation run until a later day."""
    after = running.extend_period(desk, consultation, body.closes, body.reason)
    return told(showing.consultation_json(after, language))


@changing.post(
    f"{OF}/comments",
    response_model=CommentShown,
    operation_id="add_consultation_comment",
    status_code=201,
)
def add_comment(consultation: ConsultationId, body: CommentBody, desk: DeskOf) -> Response:
    """Enter a comment of an affected party; one that came after the last day is late."""
    new = NewComment(**body.model_dump())
    return told(showing.comment_json(running.add_comment(desk, consultation, new)), 201)


@changing.post(
    f"{OF}/comments/{{comment}}/reply",
    response_model=CommentShown,
    operation_id="reply_to_consultation_comment",
)
def reply(
    consultation: ConsultationId, comment: CommentId, body: ReplyBody, desk: DeskOf
) -> Response:
    """Reply to a comment, with reasons; a second reply takes the place of the first."""
    after = running.reply(desk, consultation, comment, body.outcome, body.reasons)
    return told(showing.comment_json(after))


@changing.post(
    f"{OF}/milestones", response_model=ConsultationShown, operation_id="plan_consultation_step"
)
def plan(
    consultation: ConsultationId, body: MilestoneBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Plan a step of the roadmap, move it, or say on which day it was reached."""
    after = running.plan_milestone(
        desk, consultation, body.name, planned=body.planned, reached=body.reached
    )
    return told(showing.consultation_json(after, language))


@changing.post(
    f"{OF}/files",
    response_model=ConsultationShown,
    operation_id="attach_to_consultation",
    status_code=201,
    openapi_extra=UPLOAD,
)
async def attach(
    consultation: ConsultationId,
    request: Request,
    desk: DeskOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the document.")],
) -> Response:
    """Keep a document with a draft by its digest; the body is it, and it is published."""
    await run_in_threadpool(desk.must, Action.CONSULTATION_WORK)
    content = await whole_body(request, MOST_FILE)
    after = await run_in_threadpool(running.attach, desk, consultation, name, content)
    return told(showing.consultation_json(after, language), 201)


STREAMED.add(f"/v1{OF}/files")


@reading.get(
    f"{OF}/files/{{digest}}",
    operation_id="get_consultation_file",
    response_class=Response,
    responses={**FILE},
)
def get_file(consultation: ConsultationId, digest: FileId, desk: DeskOf) -> Response:
    """Give a document that was attached, as a download."""
    found = running.attachment(desk, consultation, digest)
    headers = {"Content-Disposition": "attachment"}
    return Response(found.content, headers=headers, media_type="application/octet-stream")


@changing.post(f"{OF}/close", response_model=ConsultationShown, operation_id="close_consultation")
def close(consultation: ConsultationId, desk: DeskOf, language: LanguageOf) -> Response:
    """Close a consultation whose last day is over and whose comments all have a reply."""
    return told(showing.consultation_json(running.close(desk, consultation), language))


@changing.post(f"{OF}/issue", response_model=ConsultationShown, operation_id="issue_consultation")
def issue(consultation: ConsultationId, desk: DeskOf, language: LanguageOf) -> Response:
    """Issue the last version of a closed consultation, as a person who wrote none of it."""
    return told(showing.consultation_json(issuing.issue(desk, consultation), language))


@changing.post(
    f"{OF}/withdraw", response_model=ConsultationShown, operation_id="withdraw_consultation"
)
def withdraw(
    consultation: ConsultationId, body: ReasonBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Withdraw a draft, or what was issued: that ends with today."""
    after = issuing.withdraw(desk, consultation, body.reason)
    return told(showing.consultation_json(after, language))


@reading.get(
    f"{OF}/published", response_model=PublishedConsultation, operation_id="publish_consultation"
)
def published(consultation: ConsultationId, request: Request, desk: DeskOf) -> Response:
    """Give what an outsider may see, with its digest; giving it out is an act."""
    made = publish(desk, consultation)
    return single(request, {"digest": made.digest, "consultation": made.document})


@reading.get(f"{OF}/rule", response_model=RuleFileShown, operation_id="get_consultation_rule")
def get_rule(consultation: ConsultationId, request: Request, desk: DeskOf) -> Response:
    """Give the rule file of an issued threshold; an officer writes it into the node's rules."""
    made = rule_file(desk, consultation)
    return single(request, {"rule": made.rule, "name": made.name, "text": made.text})


@reading.get(
    "/thresholds/register", response_model=ThresholdRegister, operation_id="list_thresholds"
)
def list_thresholds(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    as_of: Annotated[Day | None, Query(description="The day asked about; else today.")] = None,
    due: Annotated[bool, Query(description="Only those whose review is due or due soon.")] = False,
    soon: Annotated[
        int, Query(ge=0, le=MOST_DAYS, description="Within how many days is soon.")
    ] = DUE_SOON_DAYS,
) -> Response:
    """List every threshold of the rules: value, since when, next known change, review due."""
    asked = Asked(as_of or today(desk), None, soon)
    found = read_register(desk, parts.served.book, asked, is_due=due)
    return told({"items": [entry_json(one, language) for one in found]})


@changing.post(
    "/thresholds/review-period", response_model=ThresholdRow, operation_id="set_review_period"
)
def set_period(body: ReviewBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Set how often the node reviews a threshold, counted from a day."""
    after = set_review_period(desk, parts.served.book, body.parameter, body.months, on=body.on)
    return told(entry_json(after, language))


@changing.post(
    "/thresholds/reviewed", response_model=ThresholdRow, operation_id="record_threshold_review"
)
def reviewed(body: ReviewedBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Write down that a threshold was reviewed, and what came of it."""
    more: dict[str, Any] = {"on": body.on, "consultation": body.consultation}
    after = set_reviewed(desk, parts.served.book, body.parameter, body.outcome, **more)
    return told(entry_json(after, language))
