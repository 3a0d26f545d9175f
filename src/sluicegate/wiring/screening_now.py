"""A run of screening that follows at once from what a person entered."""

from __future__ import annotations

from sluicegate.services.ports.matches import ScreeningRun, Trigger
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.wiring.nodes import OpenNode
from sluicegate.wiring.screening import screening_of


def screen_now(opened: OpenNode, by: str) -> ScreeningRun | None:
    """Screen what changed since the last run, with stale lists too; None without any list.

    Raises:
        ListFilesError: the entries of a list cannot be read.
    """
    screening = screening_of(opened.node, opened.store, opened.clock)
    at = opened.clock.now()
    lists = screening.lists.in_use(on=at.date())
    if lists is None:
        return None
    return run_screening(
        Screen(
            store=opened.store,
            lists=lists,
            scoring=screening.scoring,
            book=opened.book,
            tenant=opened.store.tenant,
            as_of=at.date(),
            at=at,
            by=by,
            trigger=Trigger.LIST_CHANGED,
        )
    )
