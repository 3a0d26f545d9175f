"""How screening stands: alarms, runs, what each changed; and the button that runs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.ports.matches import Match, Outcome, ScreeningRun, Trigger
from sluicegate.services.screening.condition import LATE_AFTER, Condition
from sluicegate.services.screening.reading import RUN, runs, standing
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ScreeningJob
from sluicegate.web.listed_words import listed_words
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.screening import lists_of

ROWS = 50
"""Runs on the page."""

MOST_CHANGES = 200
"""Changes of matches that the page of a run shows."""


def show_screening(visit: Visit) -> Response:
    """Show how screening stands, and its last runs."""
    condition = condition_now(visit)
    return visit.render(
        "screening/show.html",
        condition=condition,
        late_hours=visit.served.settings.screening_hours * LATE_AFTER,
        hours=visit.served.settings.screening_hours,
        next_run=_next_run(visit, condition),
        runs=runs(visit.desk, limit=ROWS),
        may_run=visit.may(Action.ASSESS_RUN) and bool(condition.versions),
        may_load=visit.may(Action.LIST_LOAD),
        **listed_words(visit),
    )


def condition_now(visit: Visit) -> Condition:
    """Return how screening of the reader's own tenant stands. Raises RefusedError."""
    desk, served = visit.desk, visit.served
    lists = lists_of(served.node.node, desk.store, desk.clock)
    return standing(desk, lists.versions(), lists.stale(), served.settings)


def _next_run(visit: Visit, condition: Condition) -> object:
    """Return when the schedule asks for a run at the latest; None where nothing is scheduled."""
    if condition.last is None or not condition.versions:
        return None
    return condition.last.at + timedelta(hours=visit.served.settings.screening_hours)


def ask_run(visit: Visit) -> Response:
    """Ask for a run of screening as long work."""
    is_full = visit.text("full") == "yes"
    job = ask_job(visit.desk, ScreeningJob(Trigger.BY_HAND, is_full))
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The screening waits to be run."))


@dataclass(frozen=True, slots=True)
class Changed:
    """What a run changed of a match; `match` is as it stands now."""

    outcome: Outcome
    match: Match


def show_run(visit: Visit) -> Response:
    """Show a run: with what, over whom, and what it changed."""
    run_id, store = visit.path["run"], visit.desk.store.matches
    run = store.run(run_id)
    if run is None:
        raise NotFoundError(RUN, run_id)
    outcomes = store.outcomes(run_id=run_id)
    return visit.render(
        "screening/run.html",
        run=run,
        changes=list(_changes(visit, outcomes[:MOST_CHANGES])),
        left_out=max(len(outcomes) - MOST_CHANGES, 0),
        before=_before(visit, run),
        **listed_words(visit),
    )


def _changes(visit: Visit, outcomes: object) -> Iterator[Changed]:
    assert isinstance(outcomes, list | tuple)
    for one in outcomes:
        match = visit.desk.store.matches.match(one.match_id)
        if match is not None:
            yield Changed(one, match)


def _before(visit: Visit, run: ScreeningRun) -> ScreeningRun | None:
    """Return the run before, so that the page can say which lists changed since."""
    earlier = [one for one in runs(visit.desk) if one.at < run.at]
    return earlier[0] if earlier else None


PAGES: tuple[Page, ...] = (
    page("/screening", show_screening, Action.CASE_READ),
    post("/screening/runs", ask_run, Action.ASSESS_RUN),
    page("/screening/runs/{run}", show_run, Action.CASE_READ),
)
