"""Which jobs speak of sealed files: outside the group their acts show to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import JobKind
from sluicegate.services.work.kinds import BulkActsJob


def sealed_for(
    store: Store, scope: Scope, kind: JobKind, parameters: Mapping[str, Any]
) -> str | None:
    """Return the group whose sealed case a job acts on; None for any other job.

    `scope` is that of who asked: of a case outside it the job does not speak.
    """
    if kind is not JobKind.BULK_ACTS or not scope.sealed_groups:
        return None
    for case_id in BulkActsJob.of(parameters).cases:
        case = store.cases.row(case_id, scope)
        if case is not None and case.sealed_for is not None:
            return case.sealed_for
    return None
