"""Numbers of long work and messages, without anything sealed or private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sluicegate.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class WorkMetrics:
    """Counts: jobs by (kind, state), private ones left out; deliveries and notices by state.

    `screened_at` is when the last run of screening was, None when there was none.
    """

    jobs: Mapping[tuple[str, str], int]
    deliveries: Mapping[str, int]
    notices: Mapping[str, int]
    screened_at: datetime | None = None


def work_metrics(store: Store) -> WorkMetrics:
    """Return the numbers of one tenant."""
    work = store.work
    last = next(iter(store.matches.runs(limit=1)), None)
    return WorkMetrics(
        work.job_counts(),
        work.delivery_counts(),
        work.notice_counts(),
        None if last is None else last.at,
    )
