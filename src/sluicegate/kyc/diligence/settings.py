"""The settings of due diligence on a day; a node's own go before the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluicegate.core.calendars import Period
from sluicegate.kyc.diligence.file import Band, Purpose
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law

SHIPPED = "assess.kyc.diligence"
OWN = "local.diligence"


@dataclass(frozen=True)
class DiligenceRules:
    """Where each setting is read from, with the law of the day."""

    law: Law

    def _named(self, name: str) -> str:
        own = f"{OWN}.{name}"
        return own if own in self.law.book.parameters else f"{SHIPPED}.{name}"

    @property
    def second_decisions(self) -> frozenset[str]:
        """Decisions that a second person checks, by their values."""
        return self.law.members(self._named("second_person.decisions"))

    @property
    def evidence_bytes(self) -> int:
        """Largest size of a document kept as evidence, in bytes."""
        return int(self.law.amount(self._named("evidence_bytes")))

    def weight(self, factor: str) -> int:
        """Return the points of a factor of the rating."""
        return int(self.law.amount(self._named(f"weight.{factor}")))

    def band_from(self, band: Band) -> Limit:
        """Return the points from which a band above the lowest begins."""
        return self.law.limit(self._named(f"rating.{band.value}"))

    def review(self, band: Band) -> Period:
        """Return the time after which a customer of a band is looked at again."""
        return self.law.period(self._named(f"review.{band.value}"))

    def share(self, name: str) -> Limit:
        """Return a limit of the comparison of use with purpose."""
        return self.law.limit(self._named(f"purpose.{name}"))

    @property
    def words(self) -> Mapping[Purpose, tuple[str, ...]]:
        """Words by which a stated purpose is read; the first that fits counts."""
        kinds = (Purpose.TRAINING, Purpose.DEPLOYMENT, Purpose.OTHER)
        return {one: self.law.texts(self._named(f"purpose.words.{one.value}")) for one in kinds}

    def regimes(self, records: str) -> tuple[str, ...]:
        """Return the rules of record keeping that apply to a kind of record."""
        return self.law.texts(self._named(f"retention.{records}"))
