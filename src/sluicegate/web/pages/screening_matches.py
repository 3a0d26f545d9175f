"""Matches with listed parties: a list by filters in the address, and one match side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from sluicegate.cases.case import Case
from sluicegate.cases.rules import CaseRules
from sluicegate.core.calendars import legal_day, parse_day
from sluicegate.core.phrases import term
from sluicegate.core.reasons import Sentence
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.opening import case_about
from sluicegate.services.casework.own_hand import acting_names
from sluicegate.services.dossiers.match import MatchBeside, match_beside
from sluicegate.services.lists.parts import StaleListError
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.paging import Page as Rows
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceState,
    Match,
    MatchOrder,
    MatchQuery,
    MatchState,
)
from sluicegate.services.ports.present import FindingRow
from sluicegate.services.present.findings import finding
from sluicegate.services.screening.allowing import (
    AllowanceRefusedError,
    NewAllowance,
    allow,
    check_allowance,
    list_allowances,
    needs_second,
    revoke,
)
from sluicegate.services.screening.engine import ListsInUse
from sluicegate.services.screening.listing import list_matches
from sluicegate.services.screening.running import ALLOWANCE_LASTS
from sluicegate.services.screening.settling import match_id_of
from sluicegate.services.screening.showing import match_row
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import Export, filter_text
from sluicegate.web.listed_words import list_options, listed_words, parts_shown, reasons_shown
from sluicegate.web.pages.screening import condition_now
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.screened_rows import beside_rows
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.lists import lists_at

COLUMNS = (
    *("match", "party", "party_name", "listed", "listed_name"),
    *("lists", "score", "weak_alias", "state"),
)
"""Columns of an export, in order."""

TO_WORK, EVERY = "", "all"
_ALERTS = frozenset(one for one in MatchState if one.is_alert)
_FILTER = ("state", "list", "weak", "order", "text")
_UNFIT = 422
_TRUTH = {"yes": True, "no": False}


def wanted_of(visit: Visit) -> MatchQuery:
    """Return the filter that the address gives; without a state those that wait or stand."""
    query = visit.query
    states = {one.value: frozenset({one}) for one in MatchState}
    orders = {one.value: one for one in MatchOrder}
    chosen = query.get("state", TO_WORK)
    return MatchQuery(
        states=frozenset() if chosen == EVERY else states.get(chosen, _ALERTS),
        list_id=query.get("list", ""),
        text=query.get("text", "").strip(),
        is_weak=_TRUTH.get(query.get("weak", "")),
        order=orders.get(query.get("order", ""), MatchOrder.SCORE),
    )


def show_matches(visit: Visit) -> Response:
    """Show a page of the matches."""
    try:
        found = list_matches(visit.desk, wanted_of(visit), cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        back = "/screening/matches"
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back=back)
    return visit.render(
        "screening/matches.html",
        rows=found.page.rows,
        total=found.total,
        states=_states(visit, found.states),
        lists=_lists(visit, found.lists),
        orders=_orders(visit),
        chosen={
            name: visit.query.get(name, "") for name in ("state", "list", "weak", "order", "text")
        },
        steps=steps(visit, found.page.next_cursor),
        export=filter_text(visit),
        may_export=visit.may(Action.CASE_EXPORT),
        condition=condition_now(visit),
        **listed_words(visit),
    )


def _states(visit: Visit, counted: Mapping[MatchState, int]) -> list[tuple[str, str]]:
    def told(name: str, count: int) -> str:
        return f"{name} ({visit.words.number(count)})"

    waiting = sum(counted.get(one, 0) for one in _ALERTS)
    return [
        (TO_WORK, told(visit._("open and confirmed"), waiting)),
        *((one.value, told(listed_label(visit, one), counted.get(one, 0))) for one in MatchState),
        (EVERY, told(visit._("all states"), sum(counted.values()))),
    ]


def listed_label(visit: Visit, state: MatchState | AllowanceState) -> str:
    """Return the label of a state in the language of the page."""
    return term(state.code, visit.language)


def _lists(visit: Visit, counted: Mapping[str, int]) -> list[tuple[str, str]]:
    chosen = visit.query.get("list", "")
    ids = sorted({*counted, *([chosen] if chosen else [])})
    return [
        (one, f"{name} ({visit.words.number(counted.get(one, 0))})")
        for one, name in list_options(visit, ids)
    ]


def _orders(visit: Visit) -> list[tuple[str, str]]:
    return [
        (MatchOrder.SCORE.value, visit._("the highest score first")),
        (MatchOrder.NEWEST.value, visit._("the newest first")),
        (MatchOrder.NAME.value, visit._("by name")),
    ]


def export_as_csv(visit: Visit) -> Response:
    """Give the list as it stands as CSV."""
    return _export(visit, "csv")


def export_as_json(visit: Visit) -> Response:
    """Give the list as it stands as JSON."""
    return _export(visit, "json")


def _export(visit: Visit, ending: str) -> Response:
    wanted = wanted_of(visit)

    def read(cursor: str | None, limit: int) -> Rows[Match]:
        return list_matches(visit.desk, wanted, cursor, limit).page

    def row(match: Match) -> Mapping[str, Any]:
        made = match_row(match)
        return {**made, "lists": " ".join(made["lists"])} if ending == "csv" else made

    return Export("matches", COLUMNS, read, row).as_file(ending)


def show_match(visit: Visit) -> Response:
    """Show a match with both sides; the reading is an act."""
    return _match_page(visit)


def lists_in_use(visit: Visit) -> ListsInUse | None:
    """Return the lists that the node screens with; None where it has none."""
    try:
        return visit.served.names.at(visit.served.node, visit.desk, allow_stale=True).lists
    except StaleListError:
        return None


def _match_page(visit: Visit, fault: Sentence | str = "") -> Response:
    parts = lists_at(visit.served.node, visit.desk, Action.LIST_READ)
    try:
        found = match_beside(visit.desk, parts, lists_in_use(visit), visit.path["match"])
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/screening/matches")
    match, law = found.match, Law(visit.served.book, legal_day(visit.desk.now()))
    return visit.render(
        "screening/match.html",
        status=_UNFIT if fault else 200,
        found=found,
        match=match,
        rows=beside_rows(visit, found),
        parts_of_score=parts_shown(visit, match.pair),
        reasons=reasons_shown(match.pair),
        named=_named(visit, found),
        work=_work(visit, found),
        waiting=_standing(found),
        may_propose=visit.may(Action.CASE_PROPOSE),
        may_check=visit.may(Action.CASE_CHECK),
        is_own=_is_own(visit, _standing(found)),
        is_second_needed=needs_second(match, CaseRules.of(law)),
        latest=law.period(ALLOWANCE_LASTS).after(law.day),
        fault=fault,
        given=visit.text,
        **listed_words(visit),
    )


def _standing(found: MatchBeside) -> Allowance | None:
    """Return the allowance that stands or waits."""
    wanted = (AllowanceState.STANDING, AllowanceState.PROPOSED)
    return next((one for one in found.allowances if one.state in wanted), None)


def _is_own(visit: Visit, allowance: Allowance | None) -> bool:
    return allowance is not None and allowance.made_by.casefold() in acting_names(visit.desk)


def _named(visit: Visit, found: MatchBeside) -> Any:
    """Return what names whoever acted on a match."""
    ids = [one.by for one in found.outcomes]
    for one in found.allowances:
        ids += [one.made_by, one.checked_by]
    return people_named(visit, ids)


def _work(visit: Visit, found: MatchBeside) -> list[tuple[FindingRow, Case | None]]:
    """Return the findings about a match, each with its case as far as the reader may know it."""
    return [
        (one, case_about(visit.desk, finding(visit.desk, one.finding_id))) for one in found.findings
    ]


def act_on_match(visit: Visit) -> Response:
    """Enter an allowance for a match; check or revoke one."""
    there = f"/screening/matches/{visit.path['match']}"
    allowance, reason = visit.text("allowance"), visit.text("reason")
    try:
        match visit.text("act"):
            case "allow":
                made = allow(visit.desk, _new(visit, reason), visit.served.book)
                waits = made.state is AllowanceState.PROPOSED
                told = visit._("It waits for a second person.") if waits else _allowed(visit)
            case "approve" | "reject" as verdict:
                check_allowance(
                    visit.desk,
                    allowance,
                    is_approved=verdict == "approve",
                    reason=reason,
                    known_as=acting_names(visit.desk),
                )
                told = _allowed(visit) if verdict == "approve" else visit._("It is rejected.")
            case "revoke":
                revoke(visit.desk, allowance, reason)
                told = visit._("It is revoked; the next run of screening opens the match again.")
            case _:
                return visit.redirect(there, visit._("Nothing was changed."), NoticeKind.WARNING)
    except AllowanceRefusedError as error:
        return _match_page(visit, error.sentence)
    except _NoDayError:
        return _match_page(visit, visit._("This is no day; write e.g. 2026-01-31."))
    return visit.redirect(there, told)


def _allowed(visit: Visit) -> str:
    return visit._("The allowance stands; the next run of screening clears the match.")


class _NoDayError(ValueError):
    """A day of a form that is none."""


def _new(visit: Visit, reason: str) -> NewAllowance:
    return NewAllowance(visit.path["match"], reason, _day(visit.text("expires")))


def _day(text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise _NoDayError(text) from error


def show_allowances(visit: Visit) -> Response:
    """Show who was found not to be a listed party, those that wait for a check first."""
    every = list_allowances(visit.desk)
    chosen = visit.query.get("state", "")
    counted = {state: sum(one.state is state for one in every) for state in AllowanceState}
    rows = [one for one in every if not chosen or one.state.value == chosen]
    rows.sort(key=lambda one: (one.state is not AllowanceState.PROPOSED, -one.made_at.timestamp()))
    tenant = visit.principal.tenant
    shown = rows[:_MOST_ALLOWANCES]
    matches = {
        one.allowance_id: visit.desk.store.matches.match(
            match_id_of(tenant, one.party_id, one.listed_id)
        )
        for one in shown
    }
    return visit.render(
        "screening/allowances.html",
        rows=shown,
        left_out=len(rows) - len(shown),
        matches=matches,
        states=[
            (one.value, f"{listed_label(visit, one)} ({visit.words.number(counted[one])})")
            for one in AllowanceState
        ],
        chosen=chosen,
        named=people_named(visit, [one.made_by for one in shown]),
        **listed_words(visit),
    )


_MOST_ALLOWANCES = 500

PAGES: tuple[Page, ...] = (
    page("/screening/matches", show_matches, Action.CASE_READ),
    page("/screening/matches.csv", export_as_csv, Action.CASE_EXPORT),
    page("/screening/matches.json", export_as_json, Action.CASE_EXPORT),
    page("/screening/matches/{match}", show_match, Action.CASE_READ),
    post("/screening/matches/{match}", act_on_match, Action.CASE_READ),
    page("/screening/allowances", show_allowances, Action.CASE_READ),
)
