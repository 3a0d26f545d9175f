"""Long work, webhooks, notices and calendar feeds of one tenant, in the store."""

from __future__ import annotations

from sluicegate.adapters.store.jobs import SqlJobs
from sluicegate.adapters.store.notices import SqlNotices
from sluicegate.adapters.store.unit import Unit
from sluicegate.adapters.store.webhooks import SqlWebhooks


class SqlWork(SqlJobs, SqlWebhooks, SqlNotices):
    """Implements `services.ports.work.WorkStore`; reached as `store.work`."""

    def __init__(self, unit: Unit) -> None:
        SqlJobs.__init__(self, unit)
        SqlWebhooks.__init__(self, unit)
        SqlNotices.__init__(self, unit)
