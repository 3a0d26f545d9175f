"""Opening a suspicion file, which shows to its group alone."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.opening import NewCaseError
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.web.pages.new_case import seen_places, subject_kinds
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422


def show_sealed(visit: Visit) -> Response:
    """Show the form of a suspicion file; to nobody outside the groups that keep such files."""
    return _sealed_page(visit, visit.query.get("case", ""), {})


def _sealed_page(visit: Visit, case_id: str, faults: Mapping[str, str]) -> Response:
    _need_group(visit)
    return visit.render(
        "cases/sealed.html",
        status=_UNFIT if faults else 200,
        given=visit.text,
        faults=faults,
        case_id=case_id,
        groups=[(one, one) for one in sorted(visit.principal.sealed_groups)],
        kinds=subject_kinds(visit),
        places=seen_places(visit),
    )


def _need_group(visit: Visit) -> None:
    """Go on only for a member of a group: for anyone else there is no such page."""
    if not visit.principal.sealed_groups or not visit.may(Action.SEALED_OPEN):
        raise NotFoundError("page", "sealed")


def add_sealed(visit: Visit) -> Response:
    """Open a suspicion file, from a case or about a subject."""
    _need_group(visit)
    case_id = visit.text("case")
    about: str | SealedAbout = case_id or SealedAbout(
        subject_kind=visit.text("subject_kind"),
        subject_id=visit.text("subject_id"),
        subject_name=visit.text("subject_name"),
        customer_id=visit.text("customer_id"),
        jurisdiction=visit.text("jurisdiction"),
    )
    if not case_id and not visit.text("subject_id"):
        return _sealed_page(visit, "", {"subject_id": visit._("Write something here.")})
    try:
        case = open_sealed(
            visit.desk,
            about,
            visit.text("group"),
            visit.text("reason"),
            book=visit.served.book,
        )
    except NewCaseError as error:
        return _sealed_page(visit, case_id, {error.field: visit._("Write something here.")})
    except RefusedError as error:
        raise NotFoundError("page", "sealed") from error
    return visit.redirect(
        f"/cases/{case.case_id}", visit._("The suspicion file is open; only its group sees it.")
    )


PAGES: tuple[Page, ...] = (
    page("/cases/sealed", show_sealed, Action.CASE_READ),
    post("/cases/sealed", add_sealed, Action.CASE_READ),
)
