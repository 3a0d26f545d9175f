"""What is owed, to whom and by when: all obligations of the last pass by due day."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports.present import ObligationFilter, ObligationRow
from sluicegate.services.present.findings import obligations
from sluicegate.web.dossier_parts import (
    BadQueryError,
    Export,
    Option,
    asked_day,
    dossier_words,
    facets_of,
    filter_text,
    labelled,
    options,
)
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit

COLUMNS = (
    *("id", "due", "duty", "duty_zh", "who", "to", "to_zh", "binding", "reference"),
    *("calculation", "subject", "subject_name", "customer_id", "jurisdiction", "finding"),
)
"""Columns of an export, in order."""

_TRUTH = {"true": True, "false": False}
_CHOICES = ("jurisdiction", "rule", "subject_kind")


def wanted_of(visit: Visit) -> ObligationFilter:
    """Return the filter that the address gives. Raises BadQueryError."""
    return ObligationFilter(
        **facets_of(visit),
        is_binding=_TRUTH.get(visit.query.get("binding", "")),
        due_from=asked_day(visit, "due_from"),
        due_by=asked_day(visit, "due_by"),
    )


def list_obligations(visit: Visit) -> Response:
    """Show a page of what is owed, by due day."""
    try:
        wanted = wanted_of(visit)
        found = obligations(visit.desk, wanted, cursor_of(visit), DEFAULT_LIMIT)
    except (BadQueryError, CursorError) as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/obligations")
    names = (*_CHOICES, "binding", "due_from", "due_by")
    return visit.render(
        "obligations.html",
        rows=found.rows,
        choices=_choices(visit),
        chosen={name: visit.query.get(name, "") for name in names},
        customer=visit.query.get("customer", ""),
        steps=steps(visit, found.next_cursor),
        export=filter_text(visit),
        **dossier_words(visit),
    )


def _choices(visit: Visit) -> dict[str, list[Option]]:
    """Return the choices of each filter, with how many obligations there are of each in all."""
    words = dossier_words(visit)
    named = {
        "jurisdiction": words["place"],
        "rule": words["rule"],
        "subject_kind": labelled(visit.language),
    }
    counted: dict[str, dict[str, int]] = {name: {} for name in _CHOICES}
    for cell in visit.desk.store.present.obligation_cells(visit.desk.scope):
        for name, by in counted.items():
            value = getattr(cell.facets, name)
            by[value] = by.get(value, 0) + cell.count
    return {
        name: options(visit, counted[name], filter(None, visit.query.getlist(name)), named[name])
        for name in _CHOICES
    }


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
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/obligations")
    made = Export(
        "obligations",
        COLUMNS,
        lambda cursor, limit: obligations(visit.desk, wanted, cursor, limit),
        ObligationRow.as_json,
    )
    return made.as_file(ending)


PAGES: tuple[Page, ...] = (
    page("/obligations", list_obligations, Action.FINDING_READ),
    page("/obligations.csv", export_as_csv, Action.FINDING_READ),
    page("/obligations.json", export_as_json, Action.FINDING_READ),
)
