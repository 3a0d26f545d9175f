"""The start page: what waits for me, what the last pass found, and where one can go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from sluicegate.cases.filters import Filter
from sluicegate.services.access.actions import Action
from sluicegate.services.casework import queue
from sluicegate.services.findings import Certainty
from sluicegate.services.ports.present import PassRow
from sluicegate.services.present import findings as present
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


@dataclass(frozen=True, slots=True)
class Found:
    """What the last passes found: certainty → open findings, and the last pass that changed any."""

    total: int
    certainties: tuple[tuple[str, int], ...]
    last: PassRow | None


def show_home(visit: Visit) -> Response:
    """Show what waits for me, what the last pass found, and where one can go."""
    return visit.render(
        "home.html", waiting=_waiting(visit), found=_found(visit), cards=list(_cards(visit))
    )


def _waiting(visit: Visit) -> list[tuple[str, int]]:
    """Return what waits in the queue, as a name and a count; nothing for who reads no cases."""
    if not visit.may(Action.CASE_READ):
        return []
    facets = queue.counts(visit.desk, Filter())
    return [
        (visit._("cases want work"), facets.total),
        (visit._("of them are mine"), facets.assignees.get(visit.principal.id, 0)),
        (visit._("of them are nobody's"), facets.unassigned),
        (visit._("of them are late"), facets.overdue),
    ]


def _found(visit: Visit) -> Found | None:
    if not visit.may(Action.FINDING_READ):
        return None
    counted = present.counts(visit.desk)
    certainties = counted.by["certainty"]
    last = present.passes(visit.desk, limit=1).rows
    return Found(
        counted.total,
        tuple((one.value, certainties.get(one.value, 0)) for one in Certainty),
        last[0] if last else None,
    )


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
