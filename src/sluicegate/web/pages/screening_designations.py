"""Designations that a person enters before their list carries them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.reasons import Sentence
from sluicegate.rules.countries import country_names
from sluicegate.rules.showing import titled
from sluicegate.screening.entries import Identifier, Schema
from sluicegate.screening.known_lists import identifier_kinds
from sluicegate.services.access.actions import Action
from sluicegate.services.lists.designating import NewDesignation, designate, withdraw
from sluicegate.services.lists.parts import ListRefusedError, UnknownListError
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.web.listed_words import list_options, listed_words, schema_options
from sluicegate.web.pages.screening_lists import BACK, parts_of
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit

_UNFIT = 422
_LONGEST = 1_000


def show_form(visit: Visit) -> Response:
    """Show the form of a designation."""
    return _form_page(visit, {})


def _form_page(
    visit: Visit, faults: Mapping[str, str], refusal: Sentence | None = None
) -> Response:
    return visit.render(
        "screening/designate.html",
        status=_UNFIT if faults or refusal else 200,
        faults=faults,
        refusal=refusal,
        given=visit.text,
        schemas=schema_options(visit),
        lists=list_options(visit),
        countries=[(code, titled(name, visit.language)) for code, name in country_names().items()],
        chosen_countries=visit.texts("countries"),
        kinds=[
            (one.kind, titled(one.title, visit.language)) for one in identifier_kinds().values()
        ],
        **listed_words(visit),
    )


def enter(visit: Visit) -> Response:
    """Enter a designation; from then on it is screened."""
    faults = _faults(visit)
    if faults:
        return _form_page(visit, faults)
    try:
        made = designate(parts_of(visit, Action.LIST_DECIDE), _new(visit))
    except ListRefusedError as error:
        return _form_page(visit, {}, error.sentence)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=BACK)
    told = visit._(
        "The designation is entered; the next run of screening compares everyone with it."
    )
    return visit.redirect(f"/screening/parties/{made.party_id}", told)


def _lines(visit: Visit, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in visit.text(name).splitlines() if line.strip())


def _faults(visit: Visit) -> dict[str, str]:
    needed = {name: visit.text(name) for name in ("names", "expected_list", "document", "dated")}
    faults = {name: visit._("This is needed.") for name, text in needed.items() if not text}
    if "dated" not in faults and _day(visit.text("dated")) is None:
        faults["dated"] = visit._("This is no day; write e.g. 2026-01-31.")
    if visit.text("schema") not in {one.value for one in Schema}:
        faults["schema"] = visit._("There is no such kind.")
    if visit.text("url") and not visit.text("url").startswith(("https://", "http://")):
        faults["url"] = visit._("This is no address; write e.g. https://gazette.example/12.")
    if any(code not in country_names() for code in visit.texts("countries") if code):
        faults["countries"] = visit._("There is no such country.")
    number = visit.text("number")
    if number and visit.text("number_kind") not in identifier_kinds():
        faults["number_kind"] = visit._("Say what kind of number it is.")
    for name in ("names", "weak_names", "addresses", "document", "reason", "number", "url"):
        if len(visit.text(name)) > _LONGEST:
            faults[name] = visit._("This is too long.")
    return faults


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None


def _new(visit: Visit) -> NewDesignation:
    dated = _day(visit.text("dated"))
    assert dated is not None, "the form was looked at before"
    number = visit.text("number")
    identifiers = (Identifier(visit.text("number_kind"), number),) if number else ()
    return NewDesignation(
        names=_lines(visit, "names"),
        schema=Schema(visit.text("schema")),
        expected_list=visit.text("expected_list"),
        document=visit.text("document"),
        dated=dated,
        url=visit.text("url"),
        weak_names=_lines(visit, "weak_names"),
        countries=tuple(code for code in visit.texts("countries") if code),
        birth_dates=_lines(visit, "birth_dates"),
        identifiers=identifiers,
        addresses=_lines(visit, "addresses"),
        reason=visit.text("reason"),
    )


def take_back(visit: Visit) -> Response:
    """Withdraw a designation; it is kept and screened no more."""
    try:
        withdraw(
            parts_of(visit, Action.LIST_DECIDE), visit.path["designation"], visit.text("reason")
        )
    except UnknownListError:
        return problem_page(visit, Problem.NOT_FOUND, back=BACK)
    except ListRefusedError as error:
        return visit.redirect(BACK, error.sentence.text(visit.language), NoticeKind.FAULT)
    return visit.redirect(BACK, visit._("The designation is withdrawn; it is screened no more."))


PAGES: tuple[Page, ...] = (
    page("/screening/designations/new", show_form, Action.LIST_DECIDE),
    post("/screening/designations/new", enter, Action.LIST_DECIDE),
    post("/screening/designations/{designation}/withdraw", take_back, Action.LIST_DECIDE),
)
