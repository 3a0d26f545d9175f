"""A match, runs and the state of screening, for whoever asks at a desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import ScreeningRun
from sluicegate.services.screening.condition import Condition, condition_of
from sluicegate.services.screening.showing import match_document, run_document
from sluicegate.services.settings import Settings

MATCH, RUN = "match", "screening"
MOST_RUNS = 200


def match_shown(desk: Desk, match_id: str, language: Language) -> dict[str, Any]:
    """Return a match with its reasons and all that became of it; the reading is an act.

    Raises NotFoundError, RefusedError.
    """
    desk.must(Action.CASE_READ)
    document = match_document(desk.store, match_id, language)
    desk.read(Action.CASE_READ, Resource(MATCH, desk.principal.tenant, match_id))
    return document


def runs(desk: Desk, *, limit: int = MOST_RUNS) -> Sequence[ScreeningRun]:
    """Return runs of screening, the newest first. Raises RefusedError."""
    desk.must(Action.CASE_READ)
    return desk.store.matches.runs(limit=min(limit, MOST_RUNS))


def run_shown(desk: Desk, run_id: str) -> dict[str, Any]:
    """Return a run of screening as a document. Raises NotFoundError, RefusedError."""
    desk.must(Action.CASE_READ)
    found = desk.store.matches.run(run_id)
    if found is None:
        raise NotFoundError(RUN, run_id)
    return run_document(found)


def standing(
    desk: Desk, versions: Mapping[str, str], stale: Sequence[str], settings: Settings
) -> Condition:
    """Return how screening stands, given the lists in use. Raises RefusedError."""
    desk.must(Action.CASE_READ)
    return condition_of(desk.store, versions, stale, settings, now=desk.now())
