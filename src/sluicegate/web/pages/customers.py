"""Customers: a list by name, id, country and findings; and all that is known of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import term
from sluicegate.registry.records import Customer, CustomerKind
from sluicegate.rules.countries import country_names
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.customer import CustomerDossier, customer
from sluicegate.services.dossiers.search import customers
from sluicegate.services.dossiers.shared import CustomerSummary, customer_summary
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.present_world import Standing, WorldFilter, WorldOrder, WorldPart
from sluicegate.web.dossier_parts import (
    BadQueryError,
    asked_day,
    country_named,
    dossier_words,
)
from sluicegate.web.dossier_views import (
    cases_about,
    course_of,
    holdings_of,
    known_at,
    opening_about,
    own_parts,
)
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit

_MOST_BY_ID = 20
"""Customers whose id begins with what is searched for, in front of those by name."""


def list_customers(visit: Visit) -> Response:
    """Show a page of the customers."""
    query = visit.query
    standings = {one.value: one for one in Standing}
    wanted = WorldFilter(
        text=query.get("text", "").strip(),
        standing=standings.get(query.get("standing", "")),
        order=WorldOrder.NAME if query.get("order") == WorldOrder.NAME.value else WorldOrder.AMOUNT,
        country=query.get("country", "").strip().upper() or None,
        has_findings=query.get("findings") == "yes" and visit.may(Action.FINDING_READ),
    )
    try:
        found = customers(visit.desk, wanted, cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/customers")
    names = ("text", "standing", "order", "country", "findings")
    return visit.render(
        "dossiers/customers.html",
        rows=_with_ids(visit, wanted, found.rows),
        chosen={name: query.get(name, "") for name in names},
        countries=[(code, titled(name, visit.language)) for code, name in country_names().items()],
        standings=_standings(visit),
        steps=steps(visit, found.next_cursor),
        **dossier_words(visit),
    )


def _standings(visit: Visit) -> list[tuple[str, str]]:
    return [
        (Standing.NAMED.value, visit._("named by a source")),
        (Standing.UNNAMED.value, visit._("in usage, named by no source")),
        (Standing.UNMAPPED.value, visit._("an account of nobody")),
    ]


def _with_ids(
    visit: Visit, wanted: WorldFilter, rows: Sequence[CustomerSummary]
) -> list[CustomerSummary]:
    """Return a page's rows; on the first page of a search those in front whose id begins so."""
    if not wanted.text or cursor_of(visit) is not None:
        return list(rows)
    present = visit.desk.store.present
    by_id = present.world_beginning(WorldPart.CUSTOMERS, wanted.text, _MOST_BY_ID)
    if wanted.standing or wanted.country or wanted.has_findings:
        by_id = ()
    found = {one.customer_id: one for one in (*map(customer_summary, by_id), *rows)}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One statement of a source: what it said, or what it changed of its own last one."""

    said: Customer
    parts: tuple[tuple[str, str], ...]
    is_first: bool


def show_customer(visit: Visit) -> Response:
    """Show all that is known of a customer; the reading is an act."""
    try:
        found = customer(
            visit.desk,
            own_parts(visit),
            visit.path["customer"],
            asked_day(visit, "as_of"),
            known_at(visit),
        )
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/customers")
    except LakeError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/customers")
    about = [one for one in found.found.findings if one.subject == f"customer:{found.customer_id}"]
    return visit.render(
        "dossiers/customer.html",
        found=found,
        facts=[] if found.holds is None else _facts(visit, found.holds),
        versions=_versions(visit, found),
        course=course_of(visit, found.name, found.series, about, found.as_of),
        holdings=holdings_of(visit, found.name, found.ownership),
        cases=cases_about(visit, Filter(customer=found.customer_id, has_all_states=True)),
        linked=_linked(visit, found.customer_id),
        opening=opening_about(visit, f"customer:{found.customer_id}"),
        chosen={name: visit.query.get(name, "") for name in ("as_of", "known_on")},
        **dossier_words(visit),
    )


def _linked(visit: Visit, customer_id: str) -> str | None:
    """Return the group of linked customers in which a customer stands."""
    if not visit.may(Action.LINK_READ):
        return None
    return visit.desk.store.links.group_of(customer_id)


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


FIELDS = {
    "name": _("Name"),
    "customer_kind": _("Kind"),
    "country": _("Country"),
    "address": _("Address"),
    "email": _("Email address"),
    "telephone": _("Telephone number"),
    "registration_number": _("Registration number"),
    "lei": _("Legal entity identifier"),
    "birth_date": _("Birth date"),
    "payment_source": _("Source of payment"),
    "ip_addresses": _("IP addresses"),
    "opened": _("Customer since"),
    "closed": _("Customer until"),
    "stated_purpose": _("Stated purpose"),
    "account_of": _("Account of"),
}
"""What a source can state of a customer, as the page calls it."""


def _facts(visit: Visit, said: Customer) -> list[tuple[str, str]]:
    """Return what a statement says, without what it leaves open."""
    return [
        (visit._(label), _shown(visit, getattr(said, name)))
        if name != "country"
        else (visit._(label), country_named(visit.language)(said.country))
        for name, label in FIELDS.items()
        if getattr(said, name) not in (None, (), "")
    ]


def _shown(visit: Visit, value: Any) -> str:
    if isinstance(value, CustomerKind):
        return term(value.value, visit.language)
    if isinstance(value, date):
        return visit.words.plain_day(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _versions(visit: Visit, found: CustomerDossier) -> list[VersionShown]:
    """Return every statement, the last in front, each with what it changed."""
    last: dict[str, Customer] = {}
    shown: list[VersionShown] = []
    for said in reversed(found.identity):
        before = last.get(said.source)
        parts = _facts(visit, said)
        if before is not None:
            old = dict(_facts(visit, before))
            gone = [(label, "–") for label in old if label not in dict(parts)]
            parts = [(label, text) for label, text in parts if old.get(label) != text] + gone
        shown.append(VersionShown(said, tuple(parts), before is None))
        last[said.source] = said
    return shown[::-1]


PAGES: tuple[Page, ...] = (
    page("/customers", list_customers, Action.CUSTOMER_READ),
    page("/customers/{customer:path}", show_customer, Action.CUSTOMER_READ),
)
