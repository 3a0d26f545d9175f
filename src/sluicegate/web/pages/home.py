"""The start page: what waits for me, what the last pass found, and where one can go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from sluicegate.core.calendars import legal_day
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.faceting import heaps
from sluicegate.services.findings import Certainty
from sluicegate.services.ports.present import ObligationFilter, ObligationRow, PassRow
from sluicegate.services.present import findings as present
from sluicegate.services.questions import questions_of
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.pages.queue import HEAPS
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
    """What the last passes found: open findings by certainty and by jurisdiction, what is due next.

    `last` is the last pass that changed any; `places` are jurisdictions by their
    code, those with the most findings first, each with its findings by certainty.
    """

    total: int
    certainties: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, tuple[int, ...]], ...]
    next_due: tuple[ObligationRow, ...]
    last: PassRow | None


def show_home(visit: Visit) -> Response:
    """Show what waits for me, what the last pass found, and where one can go."""
    return visit.render(
        "home.html",
        waiting=_waiting(visit),
        found=_found(visit),
        cards=list(_cards(visit)),
        certainties=[one.value for one in _GRAVEST_FIRST],
        may_search=any(visit.may(one) for one in _SEARCHED),
        **dossier_words(visit),
    )


_SEARCHED = (Action.CUSTOMER_READ, Action.RUN_READ, Action.CASE_READ)
_MOST_DUE = 6
_GRAVEST_FIRST = tuple(reversed(Certainty))


def _waiting(visit: Visit) -> list[tuple[str, int, str]]:
    """Return what waits in the queue: a name, a count, an address; nothing without cases."""
    if not visit.may(Action.CASE_READ):
        return []
    return [
        (visit._(HEAPS[heap.name]), heap.count, f"/cases?{urlencode(heap.wanted.as_query())}")
        for heap in heaps(visit.desk)
    ]


def _found(visit: Visit) -> Found | None:
    if not visit.may(Action.FINDING_READ):
        return None
    counted = present.counts(visit.desk)
    certainties = counted.by["certainty"]
    last = present.passes(visit.desk, limit=1).rows
    ahead = ObligationFilter(due_from=legal_day(visit.desk.now()))
    return Found(
        counted.total,
        tuple((one.value, certainties.get(one.value, 0)) for one in _GRAVEST_FIRST),
        _places(visit),
        present.obligations(visit.desk, ahead, limit=_MOST_DUE).rows,
        last[0] if last else None,
    )


def _places(visit: Visit) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each jurisdiction with its open findings by certainty, the most findings first."""
    order = {one.value: number for number, one in enumerate(_GRAVEST_FIRST)}
    found: dict[str, list[int]] = {}
    for cell in visit.desk.store.present.cells(visit.desk.scope):
        counts = found.setdefault(cell.facets.jurisdiction, [0] * len(order))
        counts[order[cell.facets.certainty]] += cell.count
    rows = sorted(found.items(), key=lambda row: (-sum(row[1]), row[0]))
    return tuple((place, tuple(counts)) for place, counts in rows)


def _cards(visit: Visit) -> Iterator[Card]:
    _ = visit._
    book = visit.served.book
    yield from _cards_about_customers(visit)
    yield from _cards_about_models(visit)
    if visit.may(Action.CASE_READ):
        text = _("Who matches a listed party and why, allowances, runs and their alarms")
        yield Card("/screening", _("Screening"), text)
    if visit.may(Action.LIST_READ):
        text = _("Lists of parties: versions, ages, what changed, designations by hand")
        yield Card("/screening/lists", _("Lists"), text)
    if visit.may(Action.SOURCE_READ):
        text = _("Files taken in, what they cover, what nobody could place; new files and passes")
        yield Card("/sources", _("Sources"), text)
    if visit.may(Action.REPORT_READ):
        yield Card("/reports", _("Reports"), _("Pages and data files of a pass, to send and keep"))
    if visit.may(Action.JOB_READ):
        yield Card("/jobs", _("Long work"), _("What is done in the background, and its files"))
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


def _cards_about_customers(visit: Visit) -> Iterator[Card]:
    _ = visit._
    if visit.may(Action.CUSTOMER_READ):
        text = _("Who computes how much, with affiliate groups and training runs")
        yield Card("/customers", _("Customers"), text)
        text = _("Who stands above a customer, by both methods, and what is not known")
        yield Card("/ownership", _("Ownership"), text)
    if visit.may(Action.LINK_READ):
        yield Card("/links", _("Linked customers"), _("What customers share, and what was cut"))
    if visit.may(Action.DILIGENCE_READ):
        text = _("What is held and missing, risk, reviews, decisions and legal holds")
        yield Card("/diligence", _("Due diligence"), text)
    if visit.may(Action.EXCHANGE_READ):
        text = _("Who crosses a threshold together with another provider")
        yield Card("/exchange", _("Comparing with other providers"), text)


def _cards_about_models(visit: Visit) -> Iterator[Card]:
    _ = visit._
    if visit.may(Action.LINEAGE_READ):
        text = _("What models and outputs were made from, and how much compute counts")
        yield Card("/lineages", _("Lineages"), text)
    if visit.may(Action.LAB_READ):
        text = _("Whom a threshold would catch, burden and miss, and how it should move")
        yield Card("/lab", _("Policy lab"), text)
    if visit.may(Action.CONSULTATION_READ):
        text = _("Drafts of thresholds and notes, comments on them, and what is issued")
        yield Card("/consultations", _("Consultations"), text)


PAGES: tuple[Page, ...] = (page("/", show_home),)
