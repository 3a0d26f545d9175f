"""Cases that rest until a day: they wake with the pass of that day or the daily work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sluicegate.cases.docket import Docket
from sluicegate.cases.events import EventKind, Plain
from sluicegate.cases.rules import CaseRules
from sluicegate.core.calendars import legal_day
from sluicegate.core.canonical import digest
from sluicegate.rules.book import RuleBook
from sluicegate.services.casework.announcing import tell
from sluicegate.services.casework.writing import rules_on
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange, CaseChangedError

WOKEN = "cases_woken"
"""The act of the daily work on cases whose rest is over."""

SEALED_WOKEN = "case_woken"
"""The act of one sealed case that wakes, known to its group alone."""

REST_OVER = "rest over"


def woken(
    store: Store, rules: CaseRules, at: datetime, by: str, touched: Collection[str] = ()
) -> Iterator[CaseChange]:
    """Yield the cases whose rest has ended, as they wake, but for those that are `touched`."""
    ids = [one for one in store.cases.rested(legal_day(at)) if one not in touched]
    for case in store.cases.standing(ids, has_sealed=True).values():
        docket = Docket(case, by, at, rules)
        docket.write(EventKind.WOKEN, Plain(), REST_OVER)
        yield CaseChange(case, docket.case, tuple(docket.events))


def tell_sealed(store: Store, written: Sequence[CaseChange], at: datetime, by: str) -> None:
    """Write an act of its own for each sealed case that woke."""
    for one in written:
        sealed = one.after.sealed_for
        if sealed is not None:
            about = {"case": one.after.case_id}
            store.act(SEALED_WOKEN, about, at=at, by=by, reason=REST_OVER, sealed_for=sealed)


def wake_rested(store: Store, book: RuleBook, *, at: datetime, by: str) -> int:
    """Wake every case whose rest has ended; return how many. For daily work between passes.

    When somebody changes one of them at the same moment none wakes, and the
    next call finds the others again.
    """
    changes = list(woken(store, rules_on(book, at), at, by))
    if not changes:
        return 0
    try:
        with store.transaction():
            store.cases.write(changes)
            events = [
                event.event_id
                for one in changes
                if one.after.sealed_for is None
                for event in one.events
            ]
            if events:
                record = {"events": len(events), "digest": digest(events)}
                store.act(WOKEN, record, at=at, by=by, reason=REST_OVER)
            tell_sealed(store, changes, at, by)
            tell(store, changes, at=at)
    except CaseChangedError:
        return 0
    return len(changes)
