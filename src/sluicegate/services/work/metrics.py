"""Numbers of long work and messages, without anything sealed or private."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluicegate.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class WorkMetrics:
    """Counts: jobs by (kind, state), private ones left out; deliveries and notices by state."""

    jobs: Mapping[tuple[str, str], int]
    deliveries: Mapping[str, int]
    notices: Mapping[str, int]


def work_metrics(store: Store) -> WorkMetrics:
    """Return the numbers of one tenant."""
    work = store.work
    return WorkMetrics(work.job_counts(), work.delivery_counts(), work.notice_counts())
