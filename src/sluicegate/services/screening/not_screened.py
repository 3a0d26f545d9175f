"""What keeps a pass from saying that nobody matches: it says "not screened", never "no match"."""

from __future__ import annotations

from datetime import datetime

from sluicegate.core.reasons import say
from sluicegate.services.findings import MissingFact
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.engine import ListsInUse

SCREENING = "screening"
"""The fact that is missing."""

NO_LIST, EMPTY, STALE, UNREADABLE, NEVER_RUN = (
    "no_list",
    "empty",
    "stale",
    "unreadable",
    "never_run",
)
"""Why it is missing."""

_MOST_RUNS = 10_000


def missing_of(lists: ListsInUse | None) -> tuple[MissingFact, ...]:
    """Say what is missing of a screening with the lists of a node; None where it has none.

    Old lists are screened with all the same: an alert on them is better than none. That
    there is no alert then says nothing.
    """
    if lists is None:
        told = say("Not screened: the node has no list. Import or fetch one.")
        return (MissingFact(SCREENING, NO_LIST, told),)
    if not lists.parties:
        names = tuple(sorted(lists.versions))
        told = say("Not screened: the lists in use name nobody ({lists}).", lists=list(names))
        return (MissingFact(SCREENING, EMPTY, told, names),)
    if lists.stale:
        told = say(
            "Not screened with what is in force today: {lists} is older than it may be. "
            "Alerts are those of its last version; that there is none says nothing.",
            lists=list(lists.stale),
        )
        return (MissingFact(SCREENING, STALE, told, lists.stale),)
    return ()


def refusal(lists: ListsInUse | None, *, allow_stale: bool) -> MissingFact | None:
    """Say why a run of screening by itself is not made with the lists of a node, if it is not."""
    found = (one for one in missing_of(lists) if not (allow_stale and one.why == STALE))
    return next(found, None)


def unreadable(problem: ListFilesError) -> tuple[MissingFact, ...]:
    """Say that files of a list are missing or damaged, so that nobody was screened."""
    told = say("Not screened, and earlier alerts stand: {problem}", problem=str(problem))
    return (MissingFact(SCREENING, UNREADABLE, told),)


def never_run(store: Store, known_on: datetime | None) -> tuple[MissingFact, ...]:
    """Say that nobody was screened, where no run was kept, or none by an instant."""
    runs = store.matches.runs(limit=1 if known_on is None else _MOST_RUNS)
    if any(known_on is None or one.at <= known_on for one in runs):
        return ()
    told = say("Not screened: no run of screening was kept by then.")
    return (MissingFact(SCREENING, NEVER_RUN, told),)
