"""A consultation: drafts, comments, replies, milestones, and what came of them.

Everything that happens is an event; `fold` makes of the events how things stand.
Nothing is edited: a reply that is given again stands in the place of the one
before, and both are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from sluicegate.frontier.drafts import Draft, Terms, day_of
from sluicegate.rules.instruments import Title


class Subject(Enum):
    """What is consulted on."""

    THRESHOLD = "threshold"
    GUIDANCE = "guidance"


class Stage(Enum):
    """How far a consultation is."""

    DRAFTED = "drafted"
    OPEN = "open"
    CLOSED = "closed"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"consultation_{self.value}"


class Party(Enum):
    """The kind of party that comments."""

    DEVELOPER = "developer"
    COMPUTE_PROVIDER = "compute_provider"
    CHIP_MAKER = "chip_maker"
    INDUSTRY_BODY = "industry_body"
    RESEARCH_BODY = "research_body"
    CIVIL_SOCIETY = "civil_society"
    AUTHORITY = "authority"
    OTHER = "other"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"party_{self.value}"


class Outcome(Enum):
    """What a reply says of a comment."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    DECLINED = "declined"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"comment_{self.value}"


class Happening(Enum):
    """What an event says."""

    DRAFTED = "drafted"
    REVISED = "revised"
    ATTACHED = "attached"
    OPENED = "opened"
    EXTENDED = "extended"
    COMMENTED = "commented"
    REPLIED = "replied"
    MILESTONE = "milestone"
    CLOSED = "closed"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def code(self) -> str:
        """The name of its act."""
        return f"consultation.{self.value}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a consultation, as it is kept.

    `number` counts from 1. `data` holds JSON values. `apart` is what a confidential
    comment or its reply says; it is None where there is none, and where the reader
    may not see it.
    """

    consultation: str
    number: int
    happening: Happening
    data: Mapping[str, Any]
    at: datetime
    by: str
    apart: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to a comment; the reasons are empty where they are kept apart."""

    outcome: Outcome
    reasons: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What a party said on a passage of a version; passage 0 is the whole of it.

    The words of a confidential comment are empty for whoever may not see them,
    which `is_withheld` tells. `customer` is the id of the party where it is a
    customer of this node.
    """

    comment_id: str
    version: int
    passage: int
    received_on: date
    is_late: bool
    is_confidential: bool
    is_withheld: bool
    at: datetime
    by: str
    party: Party | None = None
    organisation: str = ""
    contact: str = ""
    customer: str = ""
    text: str = ""
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the roadmap: the day last planned, and that on which it was reached."""

    name: str
    planned: date | None
    reached: date | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that was kept with a consultation, known by its SHA-256."""

    digest: str
    name: str
    size: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Issued:
    """That a version was issued: on which legal day, and from which day it applies."""

    version: int
    on: date
    first_day: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """How a consultation stands.

    The period is whole days, `opens` and `closes` included. `supersedes` is the
    consultation whose result this one takes the place of once it is issued; `ended_on`
    is the day on which it was withdrawn, or the first day of what took its place.
    `events` counts what happened.
    """

    consultation_id: str
    subject: Subject
    stage: Stage
    drafts: tuple[Draft, ...]
    supersedes: str = ""
    opens: date | None = None
    closes: date | None = None
    extended: tuple[date, ...] = ()
    comments: tuple[Comment, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    closed_on: date | None = None
    issued: Issued | None = None
    ended_on: date | None = None
    end_known_on: date | None = None
    ended_by: str = ""
    why_ended: str = ""
    events: int = 0

    @property
    def draft(self) -> Draft:
        """The version that stands: the last one, or the one that was issued."""
        return self.drafts[-1]

    @property
    def unanswered(self) -> tuple[Comment, ...]:
        """The comments without a reply, in order."""
        return tuple(one for one in self.comments if one.reply is None)

    @property
    def accepted_without_change(self) -> tuple[Comment, ...]:
        """The comments that were accepted, and that no later version names."""
        led = {name for draft in self.drafts for name in draft.led_by}
        accepted = (Outcome.ACCEPTED, Outcome.ACCEPTED_IN_PART)
        return tuple(
            one
            for one in self.comments
            if one.reply is not None and one.reply.outcome in accepted and one.comment_id not in led
        )

    def version(self, number: int) -> Draft | None:
        """Return a version by its number."""
        return self.drafts[number - 1] if 1 <= number <= len(self.drafts) else None

    def comment(self, comment_id: str) -> Comment | None:
        """Return a comment by its id."""
        return next((one for one in self.comments if one.comment_id == comment_id), None)


@dataclass
class _Fold:
    """What is gathered while events are read in order."""

    stands: Consultation
    comments: dict[str, Comment] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)


def fold(events: Iterable[Event]) -> Consultation | None:
    """Return how a consultation stands after its events, in order; None where there is none."""
    state: _Fold | None = None
    last = 0
    for event in events:
        if state is None:
            first = _draft(event, 1)
            subject = Subject(event.data["subject"])
            older = event.data.get("supersedes", "")
            begun = Consultation(event.consultation, subject, Stage.DRAFTED, (first,), older)
            state = _Fold(begun)
        else:
            _AFTER[event.happening](state, event)
        last = event.number
    if state is None:
        return None
    return replace(
        state.stands,
        comments=tuple(state.comments.values()),
        milestones=tuple(state.milestones.values()),
        events=last,
    )


def _draft(event: Event, version: int) -> Draft:
    data = event.data
    return Draft(
        version=version,
        title=Title(data["title"]["en"], data["title"]["zh"]),
        text=data["text"],
        starts=day_of(data["starts"]),
        terms=None if data["terms"] is None else Terms.of(data["terms"]),
        explains=tuple(data["explains"]),
        change=data.get("change", ""),
        led_by=tuple(data.get("led_by", ())),
        at=event.at,
        by=event.by,
    )


def _needed_day(text: str) -> date:
    return date.fromisoformat(text)


def _revised(state: _Fold, event: Event) -> None:
    held = state.stands
    draft = _draft(event, len(held.drafts) + 1)
    state.stands = replace(held, drafts=(*held.drafts, draft))


def _attached(state: _Fold, event: Event) -> None:
    data = event.data
    kept = Attachment(data["file"], data["name"], data["size"], event.at, event.by)
    state.stands = replace(state.stands, attachments=(*state.stands.attachments, kept))


def _opened(state: _Fold, event: Event) -> None:
    opens, closes = day_of(event.data["opens"]), day_of(event.data["closes"])
    state.stands = replace(state.stands, stage=Stage.OPEN, opens=opens, closes=closes)


def _extended(state: _Fold, event: Event) -> None:
    closes = _needed_day(event.data["closes"])
    before = (*state.stands.extended, *filter(None, (state.stands.closes,)))
    state.stands = replace(state.stands, closes=closes, extended=before)


def _commented(state: _Fold, event: Event) -> None:
    data = event.data
    is_confidential = data["is_confidential"]
    words = event.apart if is_confidential else data
    comment = Comment(
        comment_id=data["comment"],
        version=data["version"],
        passage=data["passage"],
        received_on=_needed_day(data["received_on"]),
        is_late=data["is_late"],
        is_confidential=is_confidential,
        is_withheld=words is None,
        at=event.at,
        by=event.by,
    )
    if words is not None:
        comment = replace(
            comment,
            party=Party(words["party"]),
            organisation=words["organisation"],
            contact=words["contact"],
            customer=words["customer"],
            text=words["text"],
        )
    state.comments[comment.comment_id] = comment


def _replied(state: _Fold, event: Event) -> None:
    data = event.data
    held = state.comments[data["comment"]]
    words = (event.apart or {}) if held.is_confidential else data
    reply = Reply(Outcome(data["outcome"]), words.get("reasons", ""), event.at, event.by)
    state.comments[held.comment_id] = replace(held, reply=reply)


def _milestone(state: _Fold, event: Event) -> None:
    data = event.data
    planned, reached = day_of(data["planned"]), day_of(data["reached"])
    held = state.milestones.get(data["name"])
    if held is not None:
        planned, reached = planned or held.planned, reached or held.reached
    state.milestones[data["name"]] = Milestone(data["name"], planned, reached)


def _closed(state: _Fold, event: Event) -> None:
    on = day_of(event.data["on"])
    state.stands = replace(state.stands, stage=Stage.CLOSED, closed_on=on)


def _issued(state: _Fold, event: Event) -> None:
    on, first = _needed_day(event.data["on"]), _needed_day(event.data["first_day"])
    issued = Issued(event.data["version"], on, first, event.at, event.by)
    state.stands = replace(state.stands, stage=Stage.ISSUED, issued=issued)


def _ended(stage: Stage) -> Callable[[_Fold, Event], None]:
    def end(state: _Fold, event: Event) -> None:
        data = event.data
        state.stands = replace(
            state.stands,
            stage=stage,
            ended_on=_needed_day(data["on"]),
            end_known_on=_needed_day(data["known_on"]),
            ended_by=data.get("by", event.by),
            why_ended=data.get("reason", ""),
        )

    return end


_AFTER: Mapping[Happening, Callable[[_Fold, Event], None]] = {
    Happening.REVISED: _revised,
    Happening.ATTACHED: _attached,
    Happening.OPENED: _opened,
    Happening.EXTENDED: _extended,
    Happening.COMMENTED: _commented,
    Happening.REPLIED: _replied,
    Happening.MILESTONE: _milestone,
    Happening.CLOSED: _closed,
    Happening.ISSUED: _issued,
    Happening.WITHDRAWN: _ended(Stage.WITHDRAWN),
    Happening.SUPERSEDED: _ended(Stage.SUPERSEDED),
}
"""What each event after the first changes."""
