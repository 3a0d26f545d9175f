"""Rating a customer's risk, and looking at it again in time."""

from __future__ import annotations

from datetime import date

from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.file import Band
from sluicegate.kyc.diligence.rating import is_above
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.standing import DiligenceStatus, status_of
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    must_know,
    need_reason,
    rules_on,
    today,
    write,
)


def rate(
    desk: Desk,
    customer_id: str,
    *,
    book: RuleBook,
    raise_to: Band | None = None,
    reason: str = "",
) -> DiligenceStatus:
    """Record a customer's rating as it comes out now, with the day of the next review.

    A person may raise the band with a reason and never lower it: what lowers a
    rating is that its factors are gone.

    Raises:
        NotFoundError, RefusedError: no such customer, or this may not be done.
        DiligenceRefusedError: the band to raise to is not above, or lacks a reason.
        DiligenceChangedError: somebody else wrote meanwhile.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    day = today(desk)
    with desk.store.transaction():
        found = status_of(desk, customer_id, book=book)
        reckoned, words = found.reckoned, reason.strip()
        if raise_to is not None:
            words = need_reason(customer_id, reason)
            if not is_above(raise_to, reckoned.band):
                raise DiligenceRefusedError(
                    customer_id,
                    say(
                        "The rating comes out as {band:term}; it can only be raised.",
                        band=reckoned.band.code,
                    ),
                )
        band = raise_to or reckoned.band
        data = {
            "band": reckoned.band.value,
            "points": reckoned.points,
            "factors": {one.factor.value: one.points for one in reckoned.factors},
            "raised_to": None if raise_to is None else raise_to.value,
            "review_by": rules_on(book, day).review(band).after(day).isoformat(),
        }
        note = Note(Kind.RATED, data, {"reason": words})
        write(desk, About.CUSTOMER, customer_id, found.file.version, note)
        return status_of(desk, customer_id, book=book)


def review(
    desk: Desk, customer_id: str, reason: str, *, book: RuleBook, next_by: date | None = None
) -> DiligenceStatus:
    """Record that a customer was looked at again; the next review follows by its rating.

    `next_by` may bring the next review forward, never put it off.

    Raises:
        NotFoundError, RefusedError, DiligenceChangedError: as `rate`.
        DiligenceRefusedError: the customer was never rated, its rating no longer
            fits, the reason is missing, or the day is later than the rating allows.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    private = {"reason": need_reason(customer_id, reason)}
    day = today(desk)
    with desk.store.transaction():
        found = status_of(desk, customer_id, book=book)
        if found.file.rating is None or found.is_stale:
            raise DiligenceRefusedError(
                customer_id, say("The rating does not fit what is known now; rate first.")
            )
        latest = rules_on(book, day).review(found.file.rating.stands).after(day)
        if next_by is not None and not day < next_by <= latest:
            raise DiligenceRefusedError(
                customer_id,
                say(
                    "The next review lies after {day} and no later than {latest}.",
                    day=day,
                    latest=latest,
                ),
            )
        data = {"reviewed_on": day.isoformat(), "review_by": (next_by or latest).isoformat()}
        note = Note(Kind.REVIEWED, data, private)
        write(desk, About.CUSTOMER, customer_id, found.file.version, note)
        return status_of(desk, customer_id, book=book)
