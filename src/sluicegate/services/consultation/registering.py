"""The register of thresholds of a node, and the reviews that people wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import Consultation, Subject
from sluicegate.frontier.threshold_register import (
    Asked,
    Noted,
    Registered,
    Reviewing,
    due,
    figure_of,
    is_threshold,
    register,
)
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import DatedValue, Title
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.consultation.writing import (
    CONSULTATION,
    MOST_LINE,
    BadEntryError,
    held,
    need_words,
    today,
)
from sluicegate.services.desk import Desk
from sluicegate.services.present.keys import is_storable

PERIOD_SET, REVIEWED = "threshold.review_period", "threshold.reviewed"
_ACTS = {Noted.PERIOD: PERIOD_SET, Noted.REVIEWED: REVIEWED}
MOST_MONTHS = 1_200
MOST_DAYS = 36_500


def read_register(
    desk: Desk,
    book: RuleBook,
    asked: Asked | None = None,
    *,
    known_at: datetime | None = None,
    is_due: bool = False,
) -> Sequence[Registered]:
    """Return every threshold of the book, or those whose review is overdue or due soon.

    Without a day it is the register of today. `known_at` reads the reviews that were
    written by an instant.

    Raises:
        RefusedError: consultations may not be read.
    """
    desk.must(Action.CONSULTATION_READ, desk.of(CONSULTATION))
    asked = asked or Asked(today(desk))
    entries = register(book, desk.store.consultations.reviewings(known_on=known_at), asked)
    return due(entries) if is_due else entries


def set_review_period(
    desk: Desk, book: RuleBook, parameter: str, months: int | None, *, on: date | None = None
) -> Registered:
    """Have the node review a threshold every so many months, counted from a day; None ends it.

    Raises:
        RefusedError: the principal may not work on consultations.
        NotFoundError: no threshold of the book has this id.
        BadEntryError: the number of months is out of range.
    """
    desk.must(Action.CONSULTATION_WORK, desk.of(CONSULTATION))
    _need_threshold(book, parameter)
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise BadEntryError(say("Give a number of months from 1 to {most}.", most=MOST_MONTHS))
    entry = _entry(desk, parameter, Noted.PERIOD, on or today(desk))
    return _kept(desk, book, replace(entry, months=months))


def set_reviewed(
    desk: Desk,
    book: RuleBook,
    parameter: str,
    outcome: str,
    *,
    on: date | None = None,
    consultation: str = "",
) -> Registered:
    """Write down that a threshold was reviewed on a day, and what came of it.

    Raises:
        RefusedError: the principal may not work on consultations.
        NotFoundError: no threshold, or no consultation, has this id.
        BadEntryError: the outcome is missing, or the day lies ahead.
    """
    desk.must(Action.CONSULTATION_WORK, desk.of(CONSULTATION))
    _need_threshold(book, parameter)
    day = on or today(desk)
    if day > today(desk):
        raise BadEntryError(say("{day} lies ahead; a review is entered when it is done.", day=day))
    about: Consultation | None = held(desk, consultation) if consultation else None
    if about is not None and about.subject is not Subject.THRESHOLD:
        raise BadEntryError(
            say("{consultation}: is not about a threshold.", consultation=consultation)
        )
    entry = _entry(desk, parameter, Noted.REVIEWED, day)
    words = need_words(say("What came of the review"), outcome, 10 * MOST_LINE)
    return _kept(desk, book, replace(entry, outcome=words, consultation=consultation))


def _need_threshold(book: RuleBook, parameter: str) -> None:
    found = book.parameters.get(parameter)
    if found is None or not is_threshold(found):
        raise NotFoundError("threshold", parameter if is_storable(parameter) else "")


def _entry(desk: Desk, parameter: str, noted: Noted, on: date) -> Reviewing:
    return Reviewing(parameter, noted, on, None, "", "", desk.now(), desk.principal.id)


def _kept(desk: Desk, book: RuleBook, entry: Reviewing) -> Registered:
    name = _ACTS[entry.noted]
    record: dict[str, Any] = {"parameter": entry.parameter, "on": entry.on.isoformat()}
    if entry.noted is Noted.PERIOD:
        record["months"] = entry.months
    elif entry.consultation:
        record["consultation"] = entry.consultation
    with desk.store.transaction():
        desk.store.consultations.add_reviewing(entry)
        desk.store.act(name, record, at=entry.at, by=entry.by, reason=name)
    found = read_register(desk, book)
    return next(one for one in found if one.parameter == entry.parameter)


def entry_json(one: Registered, language: Language = Language.EN) -> dict[str, Any]:
    """Return an entry of the register as JSON values; figures are decimal text."""
    review, status = one.review, one.status
    last = review.last
    return {
        "parameter": one.parameter,
        "title": _in(one.title, language),
        "instrument": one.instrument,
        "instrument_title": _in(one.instrument_title, language),
        "text": None if status is None else status.text.value,
        "enforcement": None if status is None else status.enforcement.value,
        "comparator": one.comparator.value,
        "unit": one.unit,
        "value": _figure(one.now),
        "since": _day(None if one.now is None else one.now.start),
        "reference": None if one.now is None else one.now.reference,
        "next_value": _figure(one.next),
        "next_from": _day(None if one.next is None else one.next.start),
        "review": review.state.value,
        "review_months": review.months,
        "review_set_by": None if review.set_by is None else review.set_by.value,
        "review_due": _day(review.due),
        "reviewed_on": _day(None if last is None else last.on),
        "review_outcome": None if last is None else last.outcome,
        "review_consultation": None if last is None else last.consultation or None,
    }


def _in(title: Title, language: Language) -> str:
    return title.zh if language is Language.ZH else title.en


def _figure(dated: DatedValue | None) -> str | None:
    figure = figure_of(dated)
    return None if figure is None else flop_text(figure)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
