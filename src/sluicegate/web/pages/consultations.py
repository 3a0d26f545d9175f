"""Consultations: the list of them, and the form for a draft or its next version."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.frontier.consultation import Consultation, Stage, Subject
from sluicegate.rules.instruments import FIGURE_UNITS, Comparator
from sluicegate.services.access.actions import Action
from sluicegate.services.consultation import drafting
from sluicegate.services.consultation.drafting import Change, NewDraft, given_of
from sluicegate.services.consultation.showing import (
    in_language,
    list_consultations,
    read_consultation,
)
from sluicegate.services.consultation.writing import ConsultationError
from sluicegate.services.ports.consultation import ConsultationChangedError
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

PLACE = "/consultations"
UNFIT = 422
_UNITS = ("FLOP", "FLOP/s", "USD", "EUR")
_APPLIES_TO = ("run", "customer", "group", "cluster")
_MEASURES = ("training_compute", "compute_used", "peak_rate")


def show_list(visit: Visit) -> Response:
    """List consultations, the last one drafted first, those at one stage where asked."""
    stage = next((one for one in Stage if one.value == visit.query.get("stage")), None)
    found = list_consultations(visit.desk, stages=() if stage is None else (stage,))
    return visit.render(
        "consultations/list.html",
        rows=found,
        stage="" if stage is None else stage.value,
        stages=[(one.value, one) for one in Stage],
        title=lambda one: in_language(one.draft.title, visit.language),
        may_work=visit.may(Action.CONSULTATION_WORK),
    )


def show_new(visit: Visit) -> Response:
    """Show the form for a first draft; `about` says of what, `supersedes` what goes before it.

    `value` and `comparator` begin the draft of a threshold that was tried in the lab.
    """
    about = visit.query.get("about", "")
    if about not in {one.value for one in Subject}:
        about = Subject.THRESHOLD.value
    compared = visit.query.get("comparator", "")
    if compared not in {one.value for one in Comparator}:
        compared = Comparator.GREATER_THAN.value
    begun = NewDraft(
        about,
        "",
        "",
        comparator=compared,
        value=visit.query.get("value", ""),
        applies_to="run",
        measure="training_compute",
    )
    older = visit.query.get("supersedes", "")
    if older:
        one = read_consultation(visit.desk, older)
        begun = given_of(one.draft, one.subject)
    return _form(visit, begun, supersedes=older)


def make(visit: Visit) -> Response:
    """Begin a consultation with what the form gave."""
    given, older = _given(visit), visit.text("supersedes")
    try:
        made = drafting.draft(visit.desk, visit.served.book, given, supersedes=older)
    except ConsultationError as error:
        return _form(visit, given, supersedes=older, fault=error.sentence)
    there = f"{PLACE}/{made.consultation_id}"
    return visit.redirect(there, visit._("The draft is kept; open it for comments next."))


def show_revision(visit: Visit) -> Response:
    """Show the form for the next version, filled with the one that stands."""
    one = read_consultation(visit.desk, visit.path["consultation"])
    return _form(visit, given_of(one.draft, one.subject), one=one)


def revise(visit: Visit) -> Response:
    """Keep the next version of a draft."""
    one = read_consultation(visit.desk, visit.path["consultation"])
    given, there = _given(visit), f"{PLACE}/{one.consultation_id}"
    why = Change(visit.text("change"), tuple(visit.texts("led_by")))
    try:
        drafting.revise(visit.desk, visit.served.book, one.consultation_id, given, why)
    except ConsultationError as error:
        return _form(visit, given, one=one, fault=error.sentence)
    except ConsultationChangedError:
        return problem_page(visit, Problem.CONFLICT, back=there)
    return visit.redirect(there, visit._("The new version is kept."))


def _given(visit: Visit) -> NewDraft:
    """Return the draft that a form gave."""
    explains = visit.text("explains").replace(",", " ").split()
    return NewDraft(
        subject=visit.text("subject"),
        title=visit.text("title"),
        title_zh=visit.text("title_zh"),
        text=visit.text("text"),
        starts=visit.text("starts"),
        rule=visit.text("rule"),
        unit=visit.text("unit") or "FLOP",
        comparator=visit.text("comparator"),
        value=visit.text("value"),
        is_binding=visit.text("is_binding"),
        applies_to=visit.text("applies_to"),
        measure=visit.text("measure"),
        review_months=visit.text("review_months"),
        issuer=visit.text("issuer"),
        explains=tuple(explains),
    )


def _form(
    visit: Visit,
    given: NewDraft,
    *,
    one: Consultation | None = None,
    supersedes: str = "",
    fault: Sentence | str = "",
) -> Response:
    units = [unit for unit in _UNITS if unit in FIGURE_UNITS]
    more: dict[str, Any] = {
        "units": [(unit, unit) for unit in units],
        "comparators": [item.value for item in Comparator],
        "subjects": _APPLIES_TO,
        "measures": _MEASURES,
    }
    return visit.render(
        "consultations/draft.html",
        status=UNFIT if fault else 200,
        given=given,
        is_threshold=given.subject == Subject.THRESHOLD.value,
        one=one,
        supersedes=supersedes,
        fault=fault,
        led_by=visit.texts("led_by") if fault else [],
        change=visit.text("change") if fault else "",
        **more,
    )


PAGES: tuple[Page, ...] = (
    page(PLACE, show_list, Action.CONSULTATION_READ),
    page(f"{PLACE}/new", show_new, Action.CONSULTATION_WORK),
    post(f"{PLACE}/new", make, Action.CONSULTATION_WORK),
    page(f"{PLACE}/{{consultation}}/revise", show_revision, Action.CONSULTATION_WORK),
    post(f"{PLACE}/{{consultation}}/revise", revise, Action.CONSULTATION_WORK),
)
