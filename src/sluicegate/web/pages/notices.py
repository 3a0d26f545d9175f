"""What I want to be told by mail, and where."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.services.ports.notices import MOST_DAYS_AHEAD
from sluicegate.services.ports.work import NoticeKind, Wishes
from sluicegate.services.work.notices import choose, my_wishes
from sluicegate.services.work.settings import is_mail_address
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_UNFIT = 422


def show_notices(visit: Visit) -> Response:
    """Show what the reader is told."""
    return _notices_page(visit, my_wishes(visit.desk, _days_ahead(visit)), {})


def _days_ahead(visit: Visit) -> int:
    return visit.served.settings.notice_days_ahead


def _notices_page(visit: Visit, wishes: Wishes, faults: dict[str, str]) -> Response:
    return visit.render(
        "account/notices.html",
        status=_UNFIT if faults else 200,
        wishes=wishes,
        days=visit.text("days_ahead") if faults else str(wishes.days_ahead),
        kinds=list(NoticeKind),
        chosen=[one.value for one in wishes.kinds],
        faults=faults,
        most_days=MOST_DAYS_AHEAD,
        has_mail=visit.served.settings.email is not None,
    )


def choose_notices(visit: Visit) -> Response:
    """Keep what the reader wants to be told."""
    known = {one.value: one for one in NoticeKind}
    kinds = frozenset(known[one] for one in visit.texts("kinds") if one in known)
    text = visit.text("days_ahead")
    is_number = text.isdecimal() and text.isascii() and len(text) <= len(str(MOST_DAYS_AHEAD))
    days = int(text) if is_number else _days_ahead(visit)
    wishes = Wishes(
        visit.principal.id,
        kinds,
        visit.text("address"),
        days,
        digest=visit.text("digest") == "yes",
    )
    faults = {}
    if not is_number or days > MOST_DAYS_AHEAD:
        faults["days_ahead"] = visit._("Give a number from 0 to %(most)s.", most=MOST_DAYS_AHEAD)
    if wishes.address and not is_mail_address(wishes.address):
        faults["address"] = visit._("This is no mail address; write e.g. office@node.example.")
    elif not wishes.address and (kinds or wishes.digest):
        faults["address"] = visit._("Give the address that mails go to.")
    if faults:
        return _notices_page(visit, wishes, faults)
    choose(visit.desk, wishes)
    return visit.redirect("/account/notices", visit._("It is kept."))


PAGES: tuple[Page, ...] = (
    page("/account/notices", show_notices),
    post("/account/notices", choose_notices),
)
