"""Opening a case by hand, with what a finding or a subject's page says of it filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.cases.case import Case, Priority
from sluicegate.core.phrases import term
from sluicegate.services.access.actions import Action
from sluicegate.services.access.jurisdictions import jurisdictions
from sluicegate.services.casework.opening import (
    CaseStandsError,
    NewCase,
    NewCaseError,
    case_about,
    filled_from,
    open_case,
)
from sluicegate.services.findings import SubjectKind
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.present_world import WorldPart
from sluicegate.services.present.findings import FindingShown, finding
from sluicegate.web.case_parts import place_named, rule_title
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit

_UNFIT = 422
_MOST_SUBJECT = 300
"""Characters of a subject in an address."""

_PARTS = {
    SubjectKind.CUSTOMER.value: (WorldPart.CUSTOMERS, Action.CUSTOMER_READ),
    SubjectKind.GROUP.value: (WorldPart.GROUPS, Action.CUSTOMER_READ),
    SubjectKind.RUN.value: (WorldPart.RUNS, Action.RUN_READ),
}
"""Where the name of a subject stands, and what it takes to be told it."""


@dataclass(frozen=True, slots=True)
class AboutShown:
    """The finding that a new case is about: what it is, and its closed case if it has one."""

    finding: FindingShown
    rule: str
    closed: Case | None


def show_new(visit: Visit) -> Response:
    """Show the form of a new case, filled in from a finding or a subject in the address."""
    name = visit.query.get("finding", "")
    if not name:
        return _form(visit, _about_subject(visit, visit.query.get("subject", "")), {})
    shown = finding(visit.desk, name)
    standing = case_about(visit.desk, shown)
    if standing is not None and standing.is_open:
        return _stands(visit, standing.case_id)
    if not shown.is_open:
        return _gone(visit, name)
    return _form(visit, _given(filled_from(shown)), {}, _about(visit, shown, standing))


def _about(visit: Visit, shown: FindingShown, closed: Case | None) -> AboutShown:
    return AboutShown(shown, rule_title(visit)(shown.facets.rule), closed)


def _stands(visit: Visit, case_id: str) -> Response:
    said = visit._("This case about it is open already.")
    return visit.redirect(f"/cases/{case_id}", said, NoticeKind.WARNING)


def _gone(visit: Visit, name: str) -> Response:
    said = visit._("The last pass found it no more; open a case about its subject.")
    back = f"/findings/{quote(name, safe='')}"
    return problem_page(visit, Problem.UNFIT, reasons=[said], back=back)


def _given(new: NewCase) -> dict[str, str]:
    names = ("title", "subject_kind", "subject_id", "subject_name", "customer_id")
    return {name: str(getattr(new, name)) for name in (*names, "jurisdiction", "finding")}


def _about_subject(visit: Visit, subject: str) -> dict[str, str]:
    """Return what is known of a subject such as customer:c-1, as far as the reader may know."""
    kind, _sign, identifier = subject[:_MOST_SUBJECT].partition(":")
    if kind not in {one.value for one in SubjectKind} or not identifier:
        return {}
    given = {"subject_kind": kind, "subject_id": identifier}
    if kind == SubjectKind.CUSTOMER.value:
        given["customer_id"] = identifier
    part, action = _PARTS.get(kind, (None, None))
    if part is None or action is None or not visit.may(action):
        return given
    row = visit.desk.store.present.world_row(part, identifier)
    if row is None:
        return given
    owner = {"customer_id": row.owner} if part is WorldPart.RUNS and row.owner else {}
    return {**given, **owner, "subject_name": row.name, "title": row.name}


def _form(
    visit: Visit,
    given: Mapping[str, str],
    faults: Mapping[str, str],
    about: AboutShown | None = None,
) -> Response:
    return visit.render(
        "cases/new.html",
        status=_UNFIT if faults else 200,
        given=lambda name: given.get(name, ""),
        faults=faults,
        about=about,
        kinds=subject_kinds(visit),
        places=seen_places(visit),
        place=place_named(visit),
        priorities=[(one.code, term(one.code, visit.language)) for one in Priority],
    )


def subject_kinds(visit: Visit) -> list[tuple[str, str]]:
    """Return the kinds of subjects as options."""
    return [(one.value, term(one.value, visit.language)) for one in SubjectKind]


def seen_places(visit: Visit) -> list[tuple[str, str]]:
    """Return the jurisdictions in which the reader sees cases, as options."""
    seen = visit.principal.jurisdictions
    place = place_named(visit)
    return [(one, place(one)) for one in jurisdictions() if seen is None or one in seen]


def add_case(visit: Visit) -> Response:
    """Open a case by hand."""
    new = _typed(visit)
    try:
        case = open_case(visit.desk, new, book=visit.served.book)
    except CaseStandsError as error:
        return _stands(visit, error.case_id)
    except CaseChangedError as error:
        return _stands(visit, error.case_id)
    except NewCaseError as error:
        return _again(visit, new, error.field)
    return visit.redirect(f"/cases/{case.case_id}", visit._("The case is open."))


def _typed(visit: Visit) -> NewCase:
    codes = {one.code: one for one in Priority}
    return NewCase(
        title=visit.text("title"),
        reason=visit.text("reason"),
        subject_kind=visit.text("subject_kind") if visit.text("subject_id") else "",
        subject_id=visit.text("subject_id"),
        subject_name=visit.text("subject_name"),
        customer_id=visit.text("customer_id"),
        jurisdiction=visit.text("jurisdiction"),
        priority=codes.get(visit.text("priority")),
        finding=visit.text("finding"),
    )


def _again(visit: Visit, new: NewCase, field: str) -> Response:
    """Show the form as it was sent, with what is wrong."""
    typed = {name: text for name, text in visit.form.items() if isinstance(text, str)}
    faults = {field: visit._("Write something here.")}
    if not new.finding:
        return _form(visit, typed, faults)
    shown = finding(visit.desk, new.finding)
    if not shown.is_open or field != "reason":
        return _gone(visit, new.finding)
    return _form(visit, typed, faults, _about(visit, shown, case_about(visit.desk, shown)))


PAGES: tuple[Page, ...] = (
    page("/cases/new", show_new, Action.CASE_OPEN),
    post("/cases/new", add_case, Action.CASE_OPEN),
)
