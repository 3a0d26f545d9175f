"""Refusing assumptions that give no forecast."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sluicegate.core.reasons import say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError


def check(made: Assumptions, most: Mapping[str, int]) -> None:
    """Refuse assumptions that do not fit together or are above the most that may be.

    Raises ForecastError.
    """
    for name, figure in _positive(made).items():
        if figure <= 0:
            raise ForecastError(say("{name} is 0; give more than that.", name=name))
    for name, share in _shares(made).items():
        if share > 1:
            raise ForecastError(
                say("{name}: {value} is more than 1; give a share.", name=name, value=share)
            )
    for name in ("gradient", "largest_share", "smallest_size"):
        span = getattr(made, name)
        if span.least > span.most:
            raise ForecastError(
                say(
                    "{name}: the least, {least}, is above the greatest, {most}; change one.",
                    name=name,
                    least=span.least,
                    most=span.most,
                )
            )
    _within("simulations", made.simulations, 1, most["simulations"])
    _within("size_marks", made.size_marks, 2, most["size_marks"])
    _within("near_periods", made.near_periods, 1, most["near_periods"])
    _within("last_year", made.last_year, 1, most["last_year"])


def _within(name: str, value: int, least: int, most: int) -> None:
    if least <= value <= most:
        return
    raise ForecastError(
        say(
            "{name}: {value} is not from {least} to {most}; give one that is.",
            name=name,
            value=str(value),
            least=str(least),
            most=str(most),
        )
    )


def _positive(made: Assumptions) -> dict[str, Fraction | int]:
    return {
        "training_share": min(made.training_shares.values()),
        "recorded_training_share": made.recorded_training_share,
        "growth": made.growth,
        "gradient_least": made.gradient.least,
        "largest_share_least": made.largest_share.least,
        "largest_share_span": made.largest_share_span,
        "smallest_size_least": made.smallest_size.least,
        "quantiles": len(made.quantiles),
    }


def _shares(made: Assumptions) -> dict[str, Fraction]:
    return {
        "training_share": max(made.training_shares.values()),
        "recorded_training_share": made.recorded_training_share,
        "growth_historical_weight": made.growth_historical_weight,
        "largest_share_most": made.largest_share.most,
        "smallest_size_most": made.smallest_size.most,
        "quantiles": max(made.quantiles),
    }
