"""Training runs: a list, and all that is known of one: declared beside metered."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from sluicegate.cases.filters import Filter
from sluicegate.core.quantities import percent
from sluicegate.services.access.actions import Action
from sluicegate.services.dossiers.run import RunDossier, run
from sluicegate.services.dossiers.search import runs
from sluicegate.services.paging import DEFAULT_LIMIT, CursorError
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.present_world import WorldFilter, WorldOrder
from sluicegate.web.dossier_parts import BadQueryError, amount, asked_day, dossier_words
from sluicegate.web.dossier_views import cases_about, course_of, own_parts
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit


def list_runs(visit: Visit) -> Response:
    """Show a page of the runs, declared or found in the usage."""
    query = visit.query
    order = WorldOrder.NAME if query.get("order") == WorldOrder.NAME.value else WorldOrder.AMOUNT
    wanted = WorldFilter(
        text=query.get("text", "").strip(), owner=query.get("customer") or None, order=order
    )
    try:
        found = runs(visit.desk, wanted, cursor_of(visit), DEFAULT_LIMIT)
    except CursorError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/runs")
    return visit.render(
        "dossiers/runs.html",
        rows=found.rows,
        chosen={name: query.get(name, "") for name in ("text", "order", "customer")},
        steps=steps(visit, found.next_cursor),
        **dossier_words(visit),
    )


def show_run(visit: Visit) -> Response:
    """Show all that is known of a run."""
    try:
        found = run(visit.desk, own_parts(visit), visit.path["run"], asked_day(visit, "as_of"))
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/runs")
    except LakeError:
        return problem_page(visit, Problem.UNAVAILABLE, back="/runs")
    return visit.render(
        "dossiers/run.html",
        found=found,
        declared=_declared(visit, found),
        gap=_gap(visit, found),
        course=course_of(visit, found.run.name, found.series, found.found.findings, _day(found)),
        cases=cases_about(visit, Filter(subject=f"run:{found.run.run_key}", has_all_states=True)),
        chosen={"as_of": visit.query.get("as_of", "")},
        **dossier_words(visit),
    )


def _day(found: RunDossier) -> Any:
    """Return the last day that the picture reaches."""
    points = found.series.points
    marked = None if found.measured is None else found.measured.as_of
    return marked or (points[-1].day if points else None)


def _declared(visit: Visit, found: RunDossier) -> list[tuple[str, str]]:
    """Return what was declared, by name, without what was left open."""
    said = found.declared
    if said is None:
        return []
    words = visit.words
    pairs = [
        (visit._("Run id"), str(said.run_id)),
        (visit._("Kind"), said.kind),
        (visit._("Model"), said.model_id),
        (visit._("Planned start"), said.planned_start and words.plain_day(said.planned_start)),
        (visit._("Planned end"), said.planned_end and words.plain_day(said.planned_end)),
        (visit._("Declared compute"), _flop(said.declared_flop)),
        (visit._("Parameters"), _flop(said.parameters, "")),
        (visit._("Active parameters"), _flop(said.active_parameters, "")),
        (visit._("Tokens"), _flop(said.tokens, "")),
        (visit._("Hardware"), ", ".join(said.hardware)),
        (visit._("Site"), said.site),
        (visit._("Source"), said.source),
    ]
    return [(name, text) for name, text in pairs if text]


def _flop(value: int | None, unit: str = " FLOP") -> str:
    return "" if value is None else f"{amount(value)}{unit}"


def _gap(visit: Visit, found: RunDossier) -> list[tuple[str, str]]:
    """Return how the declared amount stands to the metered one."""
    gap = found.run.gap
    if gap is None:
        return []
    joined = {
        "run_id": visit._("by the run id in the usage"),
        "time_and_size": visit._("by time and size"),
    }
    pairs = [(visit._("Joined"), joined[gap.matched_by.value])]
    if gap.parameters_tokens_flop is not None:
        six = visit._("6 × parameters × tokens")
        pairs.append((six, f"{amount(gap.parameters_tokens_flop)} FLOP"))
    if gap.metered_share is not None:
        pairs.append((visit._("Metered of declared"), percent(gap.metered_share)))
    if gap.is_within_bounds is not None:
        inside, outside = (
            visit._("within the metered bounds"),
            visit._("outside the metered bounds"),
        )
        pairs.append((visit._("Declared amount"), inside if gap.is_within_bounds else outside))
    return pairs


PAGES: tuple[Page, ...] = (
    page("/runs", list_runs, Action.RUN_READ),
    page("/runs/{run:path}", show_run, Action.RUN_READ),
)
