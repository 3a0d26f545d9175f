"""All that sources have stated about one entity, read by index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from sluicegate.registry.records import Record


class HistoryStore(Protocol):
    """Versions of the registry of one tenant, found by the entity and not by the source."""

    def versions(
        self,
        kind: str,
        column: str,
        values: Collection[str],
        *,
        known_on: datetime | None = None,
    ) -> Sequence[Record]:
        """Return every version whose column has one of the values, oldest first.

        `column` is one that is indexed: customers.customer_id, ownership.owned_id,
        runs.run_id, runs.customer_id, account_map.customer_id or account_map.account. Each record
        has its `version`.
        """
        ...
