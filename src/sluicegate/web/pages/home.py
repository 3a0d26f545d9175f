"""The start page: where one can go, with what waits there in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.questions import questions_of
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Card:
    """A place to go: its path, name, a count where there is one, and what it is."""

    path: str
    name: str
    text: str
    count: int | None = None


def show_home(visit: Visit) -> Response:
    """Show where one can go."""
    return visit.render("home.html", cards=list(_cards(visit)))


def _cards(visit: Visit) -> Iterator[Card]:
    _ = visit._
    book = visit.served.book
    if visit.may(Action.RULES_READ):
        text = _("texts that the rules rest on, each with its status on a day")
        yield Card("/rules", _("Rules"), text, len(book.instruments))
    if visit.may(Action.QUESTION_ASK):
        text = _("questions that the rules answer from facts on a day")
        yield Card("/questions", _("Questions"), text, len(questions_of(book)))
        text = _("One run, model, customer or shipment under every text, side by side")
        yield Card("/regimes", _("Regimes"), text)
    if visit.may(Action.USER_READ):
        text = _("people have an account here")
        yield Card("/users", _("People"), text, len(visit.identity.people(visit.desk)))
    if visit.may(Action.AUDIT_READ):
        yield Card("/audit", _("Audit"), _("Who did what, when and why"))
    yield Card("/account", _("My account"), _("Password, second factor, sessions, language, look"))


PAGES: tuple[Page, ...] = (page("/", show_home),)
