"""Days of consultations and of the register in a calendar: reviews, ends of periods, steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Term, say
from sluicegate.frontier.consultation import Consultation, Stage, fold
from sluicegate.frontier.threshold_register import Asked, ReviewState, register
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.consultation.writing import CONSULTATION, today
from sluicegate.services.desk import Desk
from sluicegate.services.work.calendar import Entry

_PRIORITY = 5
_AT_WORK = (Stage.DRAFTED, Stage.OPEN, Stage.CLOSED, Stage.ISSUED)


def due_days(desk: Desk, book: RuleBook, language: Language = Language.EN) -> list[Entry]:
    """Return the days to keep: reviews of thresholds, last days for comments, planned steps.

    Nothing is returned to whom consultations are closed.
    """
    if not desk.may(Action.CONSULTATION_READ, desk.of(CONSULTATION)).is_allowed:
        return []
    found = [*_reviews(desk, book, language), *_days_of_consultations(desk, language)]
    return sorted(found, key=lambda one: (one.day, one.uid))


def _reviews(desk: Desk, book: RuleBook, language: Language) -> Iterator[Entry]:
    noted = desk.store.consultations.reviewings()
    changed: dict[str, datetime] = {one.parameter: one.at for one in noted}
    counts: dict[str, int] = {}
    for one in noted:
        counts[one.parameter] = counts.get(one.parameter, 0) + 1
    for entry in register(book, noted, Asked(today(desk))):
        day = entry.review.due
        if day is None:
            continue
        name = entry.parameter
        said = say("Review due: {title}", title=Term(entry.title))
        late = say("The review is overdue since that day.")
        is_late = entry.review.state is ReviewState.OVERDUE
        yield Entry(
            uid=f"review.{name}@sluicegate",
            day=day,
            summary=said.text(language),
            description="\n".join([name, *([late.text(language)] if is_late else [])]),
            link=f"/thresholds?text={name}",
            changed_at=changed.get(name, desk.now()),
            priority=_PRIORITY,
            version=counts.get(name, 0),
        )


def _days_of_consultations(desk: Desk, language: Language) -> Iterator[Entry]:
    for events in desk.store.consultations.every().values():
        one = fold(events)
        if one is None or one.stage not in _AT_WORK:
            continue
        at = events[-1].at
        if one.stage is Stage.OPEN and one.closes is not None:
            said = say("Last day for comments: {title}", title=Term(one.draft.title))
            yield Entry(
                uid=f"comments.{one.consultation_id}@sluicegate",
                day=one.closes,
                summary=said.text(language),
                description=one.consultation_id,
                link=f"/consultations/{one.consultation_id}",
                changed_at=at,
                priority=_PRIORITY,
                version=one.events,
            )
        yield from _steps(one, at, language)


def _steps(one: Consultation, at: datetime, language: Language) -> Iterator[Entry]:
    for number, step in enumerate(one.milestones):
        if step.reached is not None or step.planned is None:
            continue
        said = say("Planned: {step} ({title})", step=step.name, title=Term(one.draft.title))
        yield Entry(
            uid=f"step{number}.{one.consultation_id}@sluicegate",
            day=step.planned,
            summary=said.text(language),
            description=one.consultation_id,
            link=f"/consultations/{one.consultation_id}",
            changed_at=at,
            priority=_PRIORITY,
            version=one.events,
        )
