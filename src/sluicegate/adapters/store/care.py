"""Care of what is kept for quick reading: compared with the truth, and made anew from it."""

from __future__ import annotations

from datetime import datetime

from sluicegate.adapters.store.repository import SqlStore
from sluicegate.cases.folding import FoldError, fold_all
from sluicegate.kyc.diligence.events import About


def reading_faults(store: SqlStore) -> tuple[str, ...]:
    """Say where rows that are read quickly differ from the versions and events they stand for."""
    customers = store.diligence.every(About.CUSTOMER)
    return (
        *store.present.faults(),
        *_case_faults(store),
        *store.cases.faults(),
        *store.diligence.standings_differing(customers),
    )


def make_anew(store: SqlStore, *, at: datetime) -> None:
    """Make anew what pages read of findings, duties, cases and due diligence."""
    with store.transaction():
        store.present.rebuild()
        store.cases.recount(at=at)
        store.diligence.fold_standings(store.diligence.every(About.CUSTOMER))


def _case_faults(store: SqlStore) -> list[str]:
    faults = []
    for kept, events in store.cases.every():
        try:
            is_same = fold_all(events) == kept
        except FoldError:
            is_same = False
        if not is_same:
            faults.append(f"case {kept.case_id}: as kept differs from what its events make")
    return faults
