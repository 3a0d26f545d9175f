"""The register of thresholds: value, since when, next known change, and when to review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.reasons import Sentence
from sluicegate.frontier.threshold_register import Asked, amount_text, figure_of
from sluicegate.rules.instruments import DatedValue
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.consultation.registering import (
    read_register,
    set_review_period,
    set_reviewed,
)
from sluicegate.services.consultation.showing import in_language
from sluicegate.services.consultation.writing import ConsultationError, today
from sluicegate.web.entered import FaultsError, day, needed
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

PLACE = "/thresholds"
_UNFIT = 422


def show_register(visit: Visit) -> Response:
    """Show the register of a day, all of it or what is due."""
    return _page(visit)


def _page(
    visit: Visit, fault: Sentence | str = "", faults: Mapping[str, str] | None = None
) -> Response:
    asked, wrong = _day(visit)
    is_due = visit.query.get("due") == "yes"
    text = visit.query.get("text", "").strip()
    entries = read_register(visit.desk, visit.served.book, Asked(asked), is_due=is_due)
    wanted = text.casefold()
    rows = [
        one
        for one in entries
        if wanted in one.parameter.casefold()
        or wanted in in_language(one.title, visit.language).casefold()
    ]
    chosen = visit.query.get("parameter") or visit.text("parameter")
    is_wrong = bool(fault or faults or wrong)
    return visit.render(
        "consultations/register.html",
        status=_UNFIT if is_wrong else 200,
        rows=rows,
        count=len(entries),
        as_of=asked,
        given=visit.query.get("as_of", ""),
        wrong=wrong,
        is_due=is_due,
        text=text,
        chosen=chosen,
        known=[(one.parameter, in_language(one.title, visit.language)) for one in entries],
        figure=_figure,
        title=lambda one: in_language(one, visit.language),
        may_work=visit.may(Action.CONSULTATION_WORK),
        fault=fault,
        fault_in=lambda name: (faults or {}).get(name, ""),
        value_of=visit.text,
    )


def _figure(dated: DatedValue | None, unit: str) -> str:
    """Write a value of a threshold; empty for one that is no figure."""
    found = figure_of(dated)
    return "" if found is None else amount_text(found, unit)


def _day(visit: Visit) -> tuple[date, str]:
    """Return the day asked about, and what is wrong with what was given."""
    text = visit.query.get("as_of", "")
    try:
        return (parse_day(text) if text else today(visit.desk)), ""
    except ValueError:
        return today(visit.desk), visit._("This is no day; write e.g. 2026-01-31.")


def change_review(visit: Visit) -> Response:
    """Set how often a threshold is reviewed, or write down that it was."""
    try:
        parameter = needed(visit, "parameter")
        on, outcome, months = day(visit, "on"), visit.text("outcome"), visit.text("months")
        if visit.text("act") == "reviewed":
            set_reviewed(visit.desk, visit.served.book, parameter, outcome, on=on)
            said = visit._("The review is kept.")
        else:
            if months and not (
                months.isascii() and months.isdigit() and len(months) <= len("1200")
            ):
                raise FaultsError({"months": visit._("Give a whole number.")})
            number = int(months) if months else None
            set_review_period(visit.desk, visit.served.book, parameter, number, on=on)
            said = visit._("The period of review is kept.")
    except FaultsError as error:
        return _page(visit, faults=error.faults)
    except ConsultationError as error:
        return _page(visit, error.sentence)
    except NotFoundError:
        return problem_page(visit, Problem.NOT_FOUND, back=PLACE)
    return visit.redirect(f"{PLACE}?text={parameter}", said)


PAGES: tuple[Page, ...] = (
    page(PLACE, show_register, Action.CONSULTATION_READ),
    post(PLACE, change_review, Action.CONSULTATION_WORK),
)
