"""Shapes of consultations and of the register of thresholds."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sluicegate.api.models.common import Bilingual, Day, Identifier, Line, Reason, Shape, in_line
from sluicegate.frontier.consultation import Outcome, Party, Subject
from sluicegate.rules.instruments import Comparator
from sluicegate.services.consultation.drafting import MOST_TEXT
from sluicegate.services.consultation.registering import MOST_MONTHS
from sluicegate.services.consultation.writing import MOST_WORDS

Long = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=MOST_TEXT, pattern=r"^[^\x00]*$"),
]
Words = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=MOST_WORDS, pattern=r"^[^\x00]*$"),
]
Months = Annotated[int, Field(ge=1, le=MOST_MONTHS, strict=True)]
Number = Annotated[int, Field(ge=1, le=10_000, strict=True)]
Ids = Annotated[list[Identifier], Field(max_length=200, default_factory=list)]


class DraftBody(Shape):
    """A version of a draft; blank lines part its text into passages.

    A threshold has `rule` (an id under local.) to `issuer`: its figure is decimal
    text, and with `applies_to` and `measure` a pass holds that kind of subject
    against it. A guidance note `explains` ids of rules, parameters or questions.
    """

    subject: Annotated[Subject, in_line(Subject)]
    title: Identifier
    title_zh: Line = ""
    text: Long
    starts: Day | None = None
    rule: Line = ""
    unit: Line = "FLOP"
    comparator: Annotated[Comparator | None, in_line(Comparator)] = None
    value: Line = ""
    is_binding: Annotated[bool, Field(strict=True)] = False
    applies_to: Line = ""
    measure: Line = ""
    review_months: Months | None = None
    issuer: Line = ""
    explains: Ids


class NewDraftBody(DraftBody):
    """The first version; `supersedes` is a consultation whose result it takes the place of."""

    supersedes: Line = ""


class RevisionBody(Shape):
    """The next version, what is changed in it and why, and which comments led to it."""

    draft: DraftBody
    change: Reason
    led_by: Ids


class PeriodBody(Shape):
    """A period for comments, both days included: its last day, or how many days after the first."""

    opens: Day | None = None
    closes: Day | None = None
    days: Number | None = None


class ExtendBody(Shape):
    """A later last day, and why."""

    closes: Day
    reason: Reason


class CommentBody(Shape):
    """A comment of an affected party; passage 0 is the whole draft, no version the last one."""

    organisation: Identifier
    party: Annotated[Party, in_line(Party)]
    text: Words
    passage: Annotated[int, Field(ge=0, le=100_000, strict=True)] = 0
    version: Number | None = None
    received_on: Day | None = None
    is_confidential: Annotated[bool, Field(strict=True)] = False
    contact: Line = ""
    customer: Line = ""


class ReplyBody(Shape):
    """What becomes of a comment, with reasons."""

    outcome: Annotated[Outcome, in_line(Outcome)]
    reasons: Words


class MilestoneBody(Shape):
    """A step of the roadmap: the day planned, the day reached, or both."""

    name: Identifier
    planned: Day | None = None
    reached: Day | None = None


class ConsultationRow(Shape):
    """A consultation as it stands; `closes` belongs to the period."""

    id: str
    subject: str
    stage: str
    title: str
    version: int
    opens: str | None
    closes: str | None
    comments: int
    unanswered: int
    late: int
    issued_on: str | None
    first_day: str | None


class ConsultationList(Shape):
    """Consultations, the last one drafted first."""

    items: list[ConsultationRow]


class TermsShown(Shape):
    """What a drafted threshold says; `subject` is the kind of subject held against it."""

    rule: str
    unit: str
    comparator: str
    value: str
    is_binding: bool
    subject: str
    measure: str
    review_months: int | None
    issuer: str


class VersionShown(Shape):
    """A version of a draft, with the digest of all that it says."""

    version: int
    title: Bilingual
    text: str
    starts: str | None
    terms: TermsShown | None
    explains: list[str]
    passages: list[str]
    change: str
    led_by: list[str]
    digest: str
    at: str
    by: str


class CommentShown(Shape):
    """A comment with its reply; `is_withheld` says that the reader may not see its words."""

    comment: str
    version: int
    passage: int
    organisation: str
    party: str | None
    contact: str
    customer: str
    text: str
    received_on: str
    is_late: bool
    is_confidential: bool
    is_withheld: bool
    at: str
    outcome: str | None
    reasons: str
    replied_at: str | None
    replied_by: str | None


class MilestoneShown(Shape):
    """A step of the roadmap."""

    name: str
    planned: str | None
    reached: str | None


class ConsultationFile(Shape):
    """A document that was attached, known by its SHA-256."""

    digest: str
    name: str
    size: int
    at: str
    by: str


Versions = list[VersionShown]
Comments = list[CommentShown]
Milestones = list[MilestoneShown]
Attached = list[ConsultationFile]


class ConsultationShown(ConsultationRow):
    """Everything of a consultation that its reader may see."""

    supersedes: str | None
    extended_from: list[str]
    closed_on: str | None
    issued_version: int | None
    issued_by: str | None
    ended_on: str | None
    ended_by: str | None
    why_ended: str | None
    versions: Versions
    comment_list: Comments
    accepted_without_change: list[str]
    milestones: Milestones
    attachments: Attached


class FieldChanged(Shape):
    """A field that differs between two versions."""

    name: str
    before: str
    after: str


class PassageCompared(Shape):
    """A passage in a comparison: on which side it stands, and its number there."""

    side: str
    before: int | None
    after: int | None
    text: str


class VersionsCompared(Shape):
    """What differs between two versions of a draft."""

    earlier: int
    later: int
    fields: list[FieldChanged]
    passages: list[PassageCompared]


class PublishedConsultation(Shape):
    """What an outsider may see, and the digest of its canonical form (RFC 8785)."""

    digest: str
    consultation: dict[str, Any]


class RuleFileShown(Shape):
    """The rule file of an issued threshold: its id, its name among a node's rules, its text."""

    rule: str
    name: str
    text: str


class ReviewBody(Shape):
    """How often the node reviews a threshold from a day on; no months ends its own period."""

    parameter: Identifier
    months: Months | None = None
    on: Day | None = None


class ReviewedBody(Shape):
    """That a threshold was reviewed on a day, and what came of it."""

    parameter: Identifier
    outcome: Reason
    on: Day | None = None
    consultation: Line = ""


class ThresholdRow(Shape):
    """A threshold of the rules: its value, the next one known, and when to review it."""

    parameter: str
    title: str
    instrument: str
    instrument_title: str
    text: str | None
    enforcement: str | None
    comparator: str
    unit: str
    value: str | None
    since: str | None
    reference: str | None
    next_value: str | None
    next_from: str | None
    review: str
    review_months: int | None
    review_set_by: str | None
    review_due: str | None
    reviewed_on: str | None
    review_outcome: str | None
    review_consultation: str | None


class ThresholdRegister(Shape):
    """The thresholds of the rules, in order of their ids; those due, the earliest first."""

    items: list[ThresholdRow]
