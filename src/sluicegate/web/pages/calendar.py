"""Due days in a calendar program: secret addresses, made and ended by their owner."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.work.calendar import MOST_FEEDS, make_feed, my_feeds, revoke_feed
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.work import calendar_of_feed


def show_calendar(visit: Visit) -> Response:
    """Show the feeds of who asks; the address of one shows only when it is made."""
    return _calendar_page(visit, "")


def _calendar_page(visit: Visit, address: str) -> Response:
    feeds = [one for one in my_feeds(visit.desk) if one.revoked_at is None]
    return visit.render(
        "cases/calendar.html", feeds=feeds, address=address, may_add=len(feeds) < MOST_FEEDS
    )


def change_calendar(visit: Visit) -> Response:
    """Make a feed and show its address this once, or end one."""
    if visit.text("act") == "revoke":
        revoke_feed(visit.desk, visit.text("feed"))
        return visit.redirect("/calendar", visit._("The address gives nothing any more."))
    try:
        made = make_feed(visit.desk, is_whole_queue=visit.text("scope") == "all")
    except ValueError:
        said = visit._("There are too many addresses; end one first.")
        return visit.redirect("/calendar", said, NoticeKind.WARNING)
    request = visit.request
    base = visit.served.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return _calendar_page(visit, f"{base.rstrip('/')}{FEED_PATH.format(token=made.token)}")


def give_calendar(visit: Visit) -> Response:
    """Give the due days behind a secret address, as its owner may see them now."""
    body = calendar_of_feed(visit.served.node, visit.path["token"])
    return Response(body, media_type="text/calendar; charset=utf-8")


FEED_PATH = "/calendar/{token}.ics"
"""Where a feed is read; its secret stands for a sign-in, as calendar programs have none."""

PAGES: tuple[Page, ...] = (
    page("/calendar", show_calendar, Action.CASE_READ),
    post("/calendar", change_calendar, Action.CASE_READ),
    Page(FEED_PATH, give_calendar, is_open=True),
)
