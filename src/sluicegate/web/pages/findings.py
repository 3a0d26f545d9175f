"""What the last pass found: a list by filters in the address, one finding, what passes changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import percent
from sluicegate.core.trace import Figure
from sluicegate.frontier.guidance import consultation_cited
from sluicegate.rules.answers import Asked
from sluicegate.rules.instruments import Comparator, Kind
from sluicegate.services.access.actions import Action
from sluicegate.services.candidates import as_candidate
from sluicegate.services.casework.opening import case_about
from sluicegate.services.explain import Wanted, asked_again, explain
from sluicegate.services.figures import words
from sluicegate.services.findings import Certainty
from sluicegate.services.kept_words import subject_name
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.present import (
    FindingFilter,
    FindingOrder,
    FindingRow,
)
from sluicegate.services.present.findings import (
    Counts,
    FindingShown,
    changes,
    counts,
    finding,
    findings,
    passes,
)
from sluicegate.services.present.measured import estimate_of, read_figure
from sluicegate.web.dossier_parts import (
    FLOP,
    BadQueryError,
    Export,
    Option,
    amount,
    asked_day,
    bound_names,
    chosen,
    dossier_words,
    facets_of,
    filter_text,
    labelled,
    options,
    times,
)
from sluicegate.web.dossier_views import members_of, names_of_customers
from sluicegate.web.match_links import matches_behind
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.case_pictures import Compared, compared_picture

COLUMNS = (
    *("id", "subject", "subject_kind", "subject_id", "subject_name", "customer_id"),
    *("rule", "instrument", "jurisdiction", "question", "certainty", "level"),
    *("as_written", "as_enforced", "amount", "threshold", "threshold_unit"),
    *("share_of_threshold", "due", "as_of", "opened_at", "changed_at"),
)
"""Columns of an export, in order."""

_MOST_MEMBERS = 30
"""Members of a group that are named on the page of a finding."""

_TRUTH = {"true": True, "false": False}
_CHOICES = ("certainty", "level", "jurisdiction", "rule", "subject_kind", "enforced")


def wanted_of(visit: Visit) -> FindingFilter:
    """Return the filter that the address gives. Raises BadQueryError."""
    query = visit.query
    orders = {one.value: one for one in FindingOrder}
    return FindingFilter(
        **facets_of(visit),
        instruments=chosen(visit, "instrument"),
        certainties=chosen(visit, "certainty"),
        levels=chosen(visit, "level"),
        is_enforced=_TRUTH.get(query.get("enforced", "")),
        subject=query.get("subject") or None,
        due_by=asked_day(visit, "due_by"),
        text=query.get("text", "").strip(),
        order=orders.get(query.get("order", ""), FindingOrder.GRAVITY),
    )


def list_findings(visit: Visit) -> Response:
    """Show a page of the open findings."""
    try:
        wanted = wanted_of(visit)
        found = findings(visit.desk, wanted, cursor_of(visit), DEFAULT_LIMIT)
    except (BadQueryError, CursorError) as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/findings")
    counted = counts(visit.desk, wanted)
    mark = visit.desk.store.present.world_mark()
    return visit.render(
        "findings/list.html",
        rows=found.rows,
        total=counted.total,
        choices=_choices(visit, counted),
        orders=_orders(visit),
        chosen={name: visit.query.get(name, "") for name in (*_CHOICES, "order", "due_by", "text")},
        others={
            name: visit.query[name]
            for name in ("customer", "subject", "instrument")
            if visit.query.get(name)
        },
        steps=steps(visit, found.next_cursor),
        export=filter_text(visit),
        measured=mark,
        **dossier_words(visit),
    )


def _choices(visit: Visit, counted: Counts) -> dict[str, list[Option]]:
    named_by = dossier_words(visit)
    label = labelled(visit.language)
    yes, no = visit._("enforced"), visit._("not enforced")
    named = {
        "certainty": lambda one: Certainty(one).label(visit.language),
        "level": label,
        "jurisdiction": named_by["place"],
        "rule": named_by["rule"],
        "subject_kind": label,
        "enforced": lambda one: yes if one == "true" else no,
    }
    facets = {"enforced": "is_enforced"}
    return {
        name: options(
            visit,
            counted.by[facets.get(name, name)],
            filter(None, visit.query.getlist(name)),
            named[name],
        )
        for name in _CHOICES
    }


def _orders(visit: Visit) -> list[Option]:
    return [
        (FindingOrder.GRAVITY.value, visit._("the gravest first")),
        (FindingOrder.AMOUNT.value, visit._("the most compute first")),
        (FindingOrder.DUE.value, visit._("the nearest due day first")),
        (FindingOrder.CHANGED.value, visit._("changed last in front")),
        (FindingOrder.NAME.value, visit._("by name")),
    ]


def export_as_csv(visit: Visit) -> Response:
    """Give the list as it stands as CSV."""
    return _export(visit, "csv")


def export_as_json(visit: Visit) -> Response:
    """Give the list as it stands as JSON."""
    return _export(visit, "json")


def _export(visit: Visit, ending: str) -> Response:
    try:
        wanted = wanted_of(visit)
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/findings")
    made = Export(
        "findings",
        COLUMNS,
        lambda cursor, limit: findings(visit.desk, wanted, cursor, limit),
        FindingRow.as_json,
    )
    return made.as_file(ending)


@dataclass(frozen=True, slots=True)
class CrossingShown:
    """One bound of the estimate: how much, in times of the threshold, and when it passed.

    `is_ahead` says that the day lies ahead, if compute grows as it did.
    """

    bound: str
    amount: str
    times: str
    day: date | None
    is_ahead: bool


def show_finding(visit: Visit) -> Response:
    """Show a finding: what it comes to, the figures behind it, what is owed, its case."""
    found = finding(visit.desk, visit.path["finding"])
    document = found.document
    members = members_of(visit, document)
    asked = asked_again(document, visit.served.book)
    return visit.render(
        "findings/show.html",
        found=found,
        document=document,
        outcome=" ".join(document["reasons"])
        if asked is None
        else as_candidate(asked.outcome, document),
        reasons=_reasons(asked),
        assumptions=[words(one, visit.language) for one in document["assumptions"]],
        text_stands=words(document["legal_status"], visit.language),
        as_of=date.fromisoformat(document["as_of"]),
        is_asked=asked is not None,
        bounds=_bounds(visit, document),
        probability=_probability(document),
        picture=_picture(visit, found),
        tree=_tree(visit, found, members),
        members=names_of_customers(visit, list(members)[:_MOST_MEMBERS]),
        member_count=len(members),
        case=case_about(visit.desk, found) if visit.may(Action.CASE_READ) else None,
        matches=matches_behind(document) if visit.may(Action.CASE_READ) else (),
        may_open=visit.may(Action.CASE_OPEN) and found.is_open,
        consultation_cited=consultation_cited,
        **dossier_words(visit),
    )


def _reasons(asked: Asked | None) -> list[Any]:
    return [] if asked is None else [one for one in asked.reasons if one != asked.outcome]


def _bounds(visit: Visit, document: Mapping[str, Any]) -> list[CrossingShown]:
    estimate, limit = document["estimate"], document["threshold"]
    if estimate is None:
        return []
    value = None if limit is None else limit["value"]
    as_of = date.fromisoformat(document["as_of"])
    found = []
    for bound, name in bound_names(visit).items():
        day = _passed_on(document["crossing"], bound)
        is_ahead = day is not None and day > as_of
        shown = (amount(estimate[bound]), times(estimate[bound], value))
        found.append(CrossingShown(name, *shown, day, is_ahead))
    return found


def _passed_on(crossing: Mapping[str, str | None], bound: str) -> date | None:
    text = crossing.get(bound)
    if text is None and bound == "central":
        text = crossing.get("projected")
    return None if text is None else date.fromisoformat(text)


def _probability(document: Mapping[str, Any]) -> str | None:
    text = document["probability"]
    return None if text is None else percent(read_figure(text))


def _picture(visit: Visit, found: FindingShown) -> dict[str, Any] | None:
    """Draw the compute beside the threshold; None where one of them is not in FLOP."""
    document, limit = found.document, found.document["threshold"]
    estimate = estimate_of(document["estimate"])
    rule = visit.served.book.thresholds.get(document["rule"])
    home = visit.served.book.instruments.get(document["instrument"])
    if limit is None or limit["unit"] != FLOP or estimate is None or rule is None or home is None:
        return None
    compared = Compared(
        rule.id,
        rule.title,
        home.title,
        Comparator(limit["comparator"]),
        read_figure(limit["value"]),
        limit["reference"],
        estimate,
        document["as_enforced"],
        home.kind is Kind.LAW,
    )
    said = _beside(visit, estimate, limit["value"])
    name = subject_name(document["subject_name"], visit.language)
    title = visit._("Compute beside the thresholds: %(name)s", name=name)
    return {
        "svg": compared_picture(name, [compared], (title, said), visit.language),
        "sentences": [said],
    }


def _beside(visit: Visit, estimate: Estimate, threshold: str) -> str:
    """Say how an estimate stands to a threshold; bounds that look the same are left out."""
    if amount(estimate.low) == amount(estimate.high):
        return visit._(
            "About %(amount)s FLOP, %(times)s times the threshold of %(threshold)s FLOP.",
            amount=amount(estimate.central),
            times=times(estimate.central, threshold),
            threshold=amount(threshold),
        )
    return visit._(
        "%(amount)s FLOP, between %(low)s and %(high)s, are %(times)s times the threshold of "
        "%(threshold)s FLOP.",
        amount=amount(estimate.central),
        low=amount(estimate.low),
        high=amount(estimate.high),
        times=times(estimate.central, threshold),
        threshold=amount(threshold),
    )


def _tree(visit: Visit, found: FindingShown, members: Mapping[str, str]) -> Figure | None:
    """Return the tree of figures; None while the records of usage cannot be read."""
    try:
        return explain(
            found.finding_id,
            store=visit.desk.store,
            lake=visit.served.node.lake,
            book=visit.served.book,
            groups=members,
            wanted=Wanted(visit.language),
        )
    except LakeError:
        return None


def list_changes(visit: Visit) -> Response:
    """Show what passes changed, the last in front."""
    since = visit.query.get("since") or None
    try:
        found = changes(visit.desk, since, cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/findings/changes")
    last = passes(visit.desk).rows
    return visit.render(
        "findings/changes.html",
        rows=found.rows,
        passes=last,
        since=since or "",
        steps=steps(visit, found.next_cursor),
        **dossier_words(visit),
    )


PAGES: tuple[Page, ...] = (
    page("/findings", list_findings, Action.FINDING_READ),
    page("/findings.csv", export_as_csv, Action.FINDING_READ),
    page("/findings.json", export_as_json, Action.FINDING_READ),
    page("/findings/changes", list_changes, Action.FINDING_READ),
    page("/findings/{finding}", show_finding, Action.FINDING_READ),
)
