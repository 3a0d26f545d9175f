"""What the lab assumes, as the rule files have it on a day, and what a figure's bounds are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.law import Law

HOME = "assess.lab"
LABELS = ("confident", "likely", "speculative")
"""The labels of confidence that have a factor of their own; all others share one."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the lab assumes.

    `frontier_share` is of the largest known run. `factors` is label of confidence →
    how many times the true figure may be above or below the stated one, `unlabelled`
    the same for every other label. `loss` is the share of compute that is lost
    whenever the number of pieces doubles, `ways` the numbers of pieces to count for.
    """

    frontier_share: Fraction
    factors: Mapping[str, Exact]
    unlabelled: Exact
    loss: Fraction
    ways: tuple[int, ...]

    def factor(self, confidence: str | None) -> Exact:
        """Return the factor of a label."""
        return self.factors.get((confidence or "").casefold(), self.unlabelled)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The compute of a model in FLOP; None is what cannot be said.

    `central` is the stated figure, and where none is stated the stated lower bound.
    """

    low: Exact | None
    central: Exact | None
    high: Exact | None


def assumptions_of(law: Law) -> Assumptions:
    """Return the assumptions on the law's day.

    Raises:
        ValueError: a number of pieces is none from 2 on, a factor below 1, or the loss
            is not from 0 to below one half; the rule file tells which.
    """
    factors = {label: law.amount(f"{HOME}.uncertainty.{label}") for label in LABELS}
    unlabelled = law.amount(f"{HOME}.uncertainty.unlabelled")
    if min([*factors.values(), unlabelled]) < 1:
        raise ValueError(f"{HOME}.uncertainty: a factor is below 1; correct the rule file")
    loss = law.share(f"{HOME}.splitting.loss")
    if not (loss >= 0 and 2 * loss < 1):
        raise ValueError(f"{HOME}.splitting.loss: {loss} is not from 0 to below 0.5; correct it")
    ways = law.texts(f"{HOME}.splitting.ways")
    if not all(text.isdigit() and int(text) > 1 for text in ways):
        raise ValueError(f"{HOME}.splitting.ways: {list(ways)} are not whole numbers from 2 on")
    return Assumptions(
        law.share(f"{HOME}.frontier.share"),
        factors,
        unlabelled,
        loss,
        tuple(sorted({int(text) for text in ways})),
    )


def bounds_of(model: RecordedModel, assumed: Assumptions) -> Bounds:
    """Return the bounds of a model's compute: those stated, else those of its label.

    >>> known = Assumptions(Fraction(1, 10), {"likely": 10}, 30, Fraction(0), (2,))
    >>> bounds_of(RecordedModel("Example", compute=10**25, confidence="Likely"), known)
    Bounds(low=1000000000000000000000000, central=10000000000000000000000000, \
high=100000000000000000000000000)
    """
    if model.compute is None:
        return Bounds(model.low, model.low, model.high)
    factor = Fraction(assumed.factor(model.confidence))
    low = whole(Fraction(model.compute) / factor) if model.low is None else model.low
    high = whole(Fraction(model.compute) * factor) if model.high is None else model.high
    return Bounds(low, model.compute, high)
