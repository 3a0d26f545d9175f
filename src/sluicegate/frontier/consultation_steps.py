"""What may be done next in a consultation, and why something may not.

Each function returns why a step cannot be taken, or None where it can.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sluicegate.core.reasons import Sentence, Term, say
from sluicegate.frontier.consultation import Comment, Consultation, Stage, Subject
from sluicegate.frontier.drafts import Draft, said
from sluicegate.rules.instruments import Title

_AT_WORK = (Stage.DRAFTED, Stage.OPEN, Stage.CLOSED)
_HEARING = (Stage.OPEN, Stage.CLOSED)
STAGES = {
    Stage.DRAFTED: Title("drafted", "草拟中"),
    Stage.OPEN: Title("open", "征求意见中"),
    Stage.CLOSED: Title("closed", "已截止"),
    Stage.ISSUED: Title("issued", "已发布"),
    Stage.SUPERSEDED: Title("superseded", "已被取代"),
    Stage.WITHDRAWN: Title("withdrawn", "已撤回"),
}
"""What a stage is called within a sentence."""


def _not_at(one: Consultation, stages: Collection[Stage]) -> Sentence | None:
    if one.stage in stages:
        return None
    return say(
        "{consultation}: it is {stage}; this is done only while it is {stages}.",
        consultation=one.consultation_id,
        stage=Term(STAGES[one.stage]),
        stages=[Term(STAGES[stage]) for stage in stages],
    )


def not_to_revise(one: Consultation, next_one: Draft) -> Sentence | None:
    """Say why a version cannot follow: it is too late, or says the same, or names no comment."""
    late = _not_at(one, _AT_WORK)
    if late is not None:
        return late
    if said(one.draft) == said(next_one):
        return say(
            "{consultation}: the new version says the same as version {version}.",
            consultation=one.consultation_id,
            version=one.draft.version,
        )
    unknown = [name for name in next_one.led_by if one.comment(name) is None]
    if unknown:
        return say(
            "{consultation}: there is no comment {comments}; give ids of comments.",
            consultation=one.consultation_id,
            comments=unknown,
        )
    if not next_one.change:
        return say("Say what is changed in the new version, and why.")
    return None


def not_to_open(one: Consultation, opens: date, closes: date) -> Sentence | None:
    """Say why a consultation cannot open for a period; both days are part of it."""
    late = _not_at(one, (Stage.DRAFTED,))
    if late is None and closes < opens:
        return say(
            "The period ends on {closes}, before it begins on {opens}.", closes=closes, opens=opens
        )
    return late


def not_to_extend(one: Consultation, closes: date) -> Sentence | None:
    """Say why a period cannot be made longer."""
    late = _not_at(one, (Stage.OPEN,))
    if late is None and one.closes is not None and closes <= one.closes:
        return say(
            "The period ends on {closes} already; a longer one ends later.", closes=one.closes
        )
    return late


def not_to_comment(
    one: Consultation, version: int, passage: int, received_on: date, today: date
) -> Sentence | None:
    """Say why a comment cannot be entered; one that came after the period can, as late."""
    late = _not_at(one, _HEARING)
    if late is not None:
        return late
    draft = one.version(version)
    if draft is None:
        return say(
            "{consultation}: there is no version {version}; the last one is {last}.",
            consultation=one.consultation_id,
            version=version,
            last=one.draft.version,
        )
    if not 0 <= passage <= len(draft.passages):
        return say(
            "Version {version} has {count} passages; there is no passage {passage}.",
            version=version,
            count=len(draft.passages),
            passage=passage,
        )
    if received_on > today:
        return say("A comment cannot have come on {day}, after today.", day=received_on)
    if one.opens is not None and received_on < one.opens:
        return say(
            "The period began on {opens}; a comment of {day} came before it.",
            opens=one.opens,
            day=received_on,
        )
    return None


def not_to_reply(one: Consultation) -> Sentence | None:
    """Say why comments are answered no more."""
    return _not_at(one, _HEARING)


def not_to_plan(one: Consultation) -> Sentence | None:
    """Say why the roadmap cannot be changed: it is over for good."""
    return _not_at(one, (*_AT_WORK, Stage.ISSUED))


def not_to_attach(one: Consultation) -> Sentence | None:
    """Say why no document can be added."""
    return _not_at(one, _AT_WORK)


def not_to_close(one: Consultation, today: date) -> Sentence | None:
    """Say why a consultation cannot close: its period runs, or comments are without a reply."""
    late = _not_at(one, (Stage.OPEN,))
    if late is not None:
        return late
    if one.closes is not None and today <= one.closes:
        return say(
            "{consultation}: the period runs until {closes}, that day included.",
            consultation=one.consultation_id,
            closes=one.closes,
        )
    return _unanswered(one.unanswered)


def _unanswered(waiting: Sequence[Comment]) -> Sentence | None:
    if not waiting:
        return None
    return say(
        "These comments have no reply yet: {comments}. Reply to each of them first.",
        comments=[one.comment_id for one in waiting],
    )


def not_to_issue(one: Consultation, today: date) -> Sentence | None:
    """Say why nothing can be issued: it is open still, a late comment waits, its day is past."""
    late = _not_at(one, (Stage.CLOSED,)) or _unanswered(one.unanswered)
    if late is not None:
        return late
    draft = one.draft
    if draft.starts is not None and draft.starts < today:
        return say(
            "Version {version} begins on {starts}, before today; revise its first day.",
            version=draft.version,
            starts=draft.starts,
        )
    if one.subject is Subject.GUIDANCE and not draft.explains:
        return say("The note names no rule that it explains; revise it.")
    return None


def not_to_withdraw(one: Consultation) -> Sentence | None:
    """Say why it cannot be withdrawn: it has ended already."""
    return _not_at(one, (*_AT_WORK, Stage.ISSUED))
