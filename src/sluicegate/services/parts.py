"""What a node is made of, as one argument of use cases that need lake and rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sluicegate.core.clock import Clock
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.book import RuleBook
from sluicegate.services.measuring import Measure
from sluicegate.services.ports import Store, UsageLake
from sluicegate.services.ports.diligence import Copies
from sluicegate.services.ports.reports import ReportFolder
from sluicegate.services.settings import Settings


@dataclass(frozen=True)
class NodeParts:
    """A node's store, lake, catalogue, rules, clock, settings, reports, and copies of its data."""

    store: Store
    lake: UsageLake
    catalogue: Catalogue
    book: RuleBook
    clock: Clock
    settings: Settings
    reports: ReportFolder
    copies: Copies

    def of(self, store: Store) -> NodeParts:
        """Return the same with another store: that of the tenant for whom somebody acts.

        Usage is read by the batches that a store enters, so that the lake shows
        a tenant its own usage only.
        """
        return replace(self, store=store)

    def measure(
        self,
        as_of: date | None = None,
        known_on: datetime | None = None,
        progress: Callable[[str], None] = lambda _step: None,
    ) -> Measure:
        """Return what measuring the node needs; the day is today when none is given."""
        return Measure(
            store=self.store,
            lake=self.lake,
            catalogue=self.catalogue,
            book=self.book,
            country=self.settings.country,
            as_of=as_of or self.clock.now().date(),
            known_on=known_on,
            progress=progress,
        )
