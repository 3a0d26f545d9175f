"""Search: customers, groups, runs, cases and findings by the beginning of a name or an id."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.cases.filters import Filter, FilterError
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import RefusedError
from sluicegate.services.casework.queue import queue
from sluicegate.services.dossiers.search import Hits, search
from sluicegate.services.ports.casework import CaseRow
from sluicegate.services.present.keys import is_storable
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit

_MOST_TEXT = 200
_MOST_CASES = 20


def show_search(visit: Visit) -> Response:
    """Show what begins with a text, as far as the reader may know of it."""
    text = visit.query.get("text", "").strip()[:_MOST_TEXT].replace("\0", "")
    try:
        hits = search(visit.desk, text)
    except RefusedError:
        # Who may see neither customers nor runs may still see cases.
        if not visit.may(Action.CASE_READ):
            raise
        hits = Hits()
    return visit.render(
        "dossiers/search.html",
        text=text,
        hits=hits,
        exact=_exact(visit, text),
        cases=_cases(visit, text),
        **dossier_words(visit),
    )


def _cases(visit: Visit, text: str) -> tuple[CaseRow, ...]:
    """Return the cases of a subject that is called so; the id of a case leads to it too."""
    if not text or not visit.may(Action.CASE_READ):
        return ()
    try:
        wanted = Filter.from_query({"text": text, "state": "all"})
    except FilterError:
        return ()
    return queue(visit.desk, wanted, None, _MOST_CASES).rows


def _exact(visit: Visit, text: str) -> list[tuple[str, str]]:
    """Return the case and the finding whose id the text is, as an address and a name."""
    desk, found = visit.desk, []
    if not is_storable(text):
        return []
    if visit.may(Action.CASE_READ):
        case = desk.store.cases.find(text, desk.scope)
        found += [] if case is None else [(f"/cases/{case.case_id}", case.title)]
    if visit.may(Action.FINDING_READ):
        row = desk.store.present.finding(desk.scope, text)
        found += [] if row is None else [(f"/findings/{row.finding_id}", row.subject_name)]
    return found


PAGES: tuple[Page, ...] = (page("/search", show_search),)
