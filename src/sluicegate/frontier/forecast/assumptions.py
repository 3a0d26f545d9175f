"""What a forecast of model counts assumes.

The method is that of Kumar and Manning 2025, Trends in Frontier AI Model Count:
total compute grows by a factor a year with one noise term per course of events, a
share of it trains models, and a line of cumulative allocation divides that share
among sizes of models below the largest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Citation, Sentence
from sluicegate.rules.instruments import Title


class ForecastError(ValueError):
    """A forecast that cannot be made; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class ShareLaw(Enum):
    """How the share of a year's training compute that the largest model takes is drawn."""

    LOG_NORMAL = "log_normal"
    UNIFORM = "uniform"


class LargestAt(Enum):
    """At which end of a period the largest run is looked up."""

    START = "start"
    END = "end"


class Record(Enum):
    """Whether a model that is itself the largest at the end of a period is near it."""

    COUNTED = "counted"
    LEFT_OUT = "left_out"


class LargestBefore(Enum):
    """Where the largest run before the first forecast year comes from."""

    RECORDED = "recorded"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the greatest value of what is drawn."""

    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class KnownCount:
    """New models of a year above a threshold in FLOP, where the number is known."""

    year: int
    threshold: Exact
    count: int


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption as it was used; one that was set has no citation.

    `value` is text as it can be set again.
    """

    name: str
    value: str
    title: Title
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything that a forecast assumes.

    Growth is a factor per year. Shares of training are by the first year from
    which each holds. Sizes of the smallest model are parts of the largest;
    `size_marks` marks make one class of sizes fewer.
    """

    scenario: str
    years_left_out: int
    last_fit_year: int | None
    growth_measured_from: date
    excluded_models: frozenset[str]
    recorded_training_share: Fraction
    training_shares: Mapping[int, Fraction]
    growth_historical: Fraction
    growth_stock: Fraction
    growth_workload: Fraction
    growth_historical_weight: Fraction
    growth_sd: Fraction
    gradient: Span
    largest_share: Span
    largest_share_law: ShareLaw
    largest_share_span: Fraction
    smallest_size: Span
    size_marks: int
    known_largest: Mapping[int, Exact]
    known_counts: tuple[KnownCount, ...]
    near_widths: tuple[Fraction, ...]
    near_periods: int
    near_largest_at: LargestAt
    near_largest_before: LargestBefore
    near_record: Record
    developer_years: int
    developer_orders: Fraction
    simulations: int
    models_most: int
    redraws_most: int
    seed: int
    quantiles: tuple[Fraction, ...]
    last_year: int
    paper_ends: int
    thresholds: tuple[Exact, ...]
    used: tuple[Assumed, ...] = field(default=(), compare=False)

    @property
    def growth(self) -> Fraction:
        """The central growth per year of all compute for AI."""
        weight = self.growth_historical_weight
        return weight * self.growth_historical + (1 - weight) * (
            self.growth_stock * self.growth_workload
        )

    def training_share(self, year: int) -> Fraction:
        """Return the share of training in a year: that of the last year named up to it."""
        known = [first for first in self.training_shares if first <= year]
        return self.training_shares[max(known, default=min(self.training_shares))]

    def known_count(self, year: int, threshold: Exact) -> int | None:
        """Return the count that is set for a year and exactly this threshold."""
        found = (o.count for o in self.known_counts if (o.year, o.threshold) == (year, threshold))
        return next(found, None)
