"""When a total passed a limit, exactly, and when it may pass one, as a projection.

Whether and on which legal day something was passed is decided with exact sums.
Binary floats take part only in the projection of days to come.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import combinations
from statistics import median

from sluicegate.core.calendars import Period
from sluicegate.core.estimates import Estimate
from sluicegate.core.quantities import Exact
from sluicegate.rules.instruments import Comparator

MONTH_DAYS = 30
"""Length of the stretches by which growth is read, in days."""

_MONTHS = 6
_FEWEST_MONTHS = 3
_FEWEST_DAYS = 14
_MOST_MONTHLY_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What a subject computed on a legal day, in FLOP."""

    day: date
    estimate: Estimate


class GrowthModel(Enum):
    """How days to come are projected."""

    LOG_LINEAR = "log_linear"
    LINEAR = "linear"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Growth:
    """Where a total is heading.

    `crossing` is the first projected day on which the central total passes the
    limit, None when that is not before the horizon's end. `monthly_factor` is
    the growth per 30 days as decimal text, None when nothing was used lately.
    """

    model: GrowthModel
    crossing: date | None
    monthly_factor: str | None


def crossing_day(
    days: Sequence[DayTotal],
    limit: Exact,
    comparator: Comparator,
    bound: str = "central",
    *,
    rolling_days: int | None = None,
    since: date | None = None,
) -> date | None:
    """Return the first legal day whose total up to it passes a limit; exact.

    `days` are in order of day; `bound` is low, central, high or ceiling. With
    `rolling_days` the total is that of the days ending with each day. With
    `since` no earlier day counts: what is passed already then is passed on it.

    >>> from sluicegate.core.estimates import Method
    >>> days = [DayTotal(date(2026, 1, n), Estimate(1, 2, 3, 9, Method.HARDWARE)) for n in (1, 2)]
    >>> crossing_day(days, 4, Comparator.AT_LEAST)
    datetime.date(2026, 1, 2)
    >>> crossing_day(days, 4, Comparator.GREATER_THAN)
    >>> crossing_day(days, 4, Comparator.AT_LEAST, since=date(2026, 3, 1))
    datetime.date(2026, 3, 1)
    """
    used: list[tuple[date, Exact]] = [(one.day, getattr(one.estimate, bound)) for one in days]
    if since is not None:
        insort(used, (since, 0), key=lambda one: one[0])
    total: Exact = 0
    oldest = 0
    for day, amount in used:
        total += amount
        if rolling_days is not None:
            while (day - used[oldest][0]).days >= rolling_days:
                total -= used[oldest][1]
                oldest += 1
        if (since is None or day >= since) and comparator.holds(total, limit):
            return day
    return None


def project(days: Sequence[DayTotal], limit: Exact, *, as_of: date, horizon: Period) -> Growth:
    """Project the central total to the horizon; deterministic.

    The last 180 days up to `as_of` are cut into stretches of 30. Two lines are
    fitted by Theil and Sen (the median of all slopes, which single odd months
    do not move): through the totals, and through their logarithms where all are
    above 0. The one with the smaller sum of absolute residuals is followed; with
    fewer than three stretches the last rate goes on. No use in the last 30 days
    means that growth has stopped. Growth is taken to be at most tenfold a month.
    """
    months = _monthly(days, as_of)
    if not months or months[-1] <= 0:
        return Growth(GrowthModel.STOPPED, None, None)
    model, level, slope = _fitted(months)
    last_day = horizon.after(as_of)
    total = sum(float(one.estimate.central) for one in days if one.day <= as_of)
    crossing: date | None = None
    for ahead in range(1, (last_day - as_of).days + 1):
        step = ahead / MONTH_DAYS
        if model is GrowthModel.LOG_LINEAR:
            rate = math.exp(min(level + slope * step, 600.0))
        else:
            rate = max(level + slope * step, 0.0)
        total += rate / MONTH_DAYS
        if total > float(limit):
            crossing = as_of + timedelta(days=ahead)
            break
    if model is GrowthModel.LOG_LINEAR:
        factor = math.exp(slope)
    else:
        factor = max(level + slope, 0.0) / level if level > 0 else 0.0
    return Growth(model, crossing, f"{min(factor, _MOST_MONTHLY_FACTOR):.2f}")


def _monthly(days: Sequence[DayTotal], as_of: date) -> list[float]:
    """Return totals of 30-day stretches ending with a day, oldest first, none before the start.

    A stretch that the usage covers in part is scaled up when it covers at least
    14 days, and left out otherwise.
    """
    counted = [one for one in days if one.day <= as_of]
    if not counted:
        return []
    covered = (as_of - counted[0].day).days + 1
    totals = [0.0] * _MONTHS
    for one in counted:
        place = (as_of - one.day).days // MONTH_DAYS
        if place < _MONTHS:
            totals[place] += float(one.estimate.central)
    whole_months, rest = divmod(covered, MONTH_DAYS)
    kept = totals[: min(whole_months, _MONTHS)]
    if whole_months < _MONTHS and rest >= _FEWEST_DAYS:
        kept.append(totals[whole_months] * MONTH_DAYS / rest)
    return kept[::-1]


def _fitted(months: Sequence[float]) -> tuple[GrowthModel, float, float]:
    """Return the model, its level in the last stretch and its slope per stretch."""
    if len(months) < _FEWEST_MONTHS:
        return GrowthModel.LINEAR, months[-1], 0.0
    level, slope, error = _line(months, months, exponential=False)
    if min(months) > 0:
        logs = [math.log(month) for month in months]
        log_level, log_slope, log_error = _line(logs, months, exponential=True)
        if log_error < error:
            steepest = math.log(_MOST_MONTHLY_FACTOR)
            return GrowthModel.LOG_LINEAR, log_level, min(log_slope, steepest)
    return GrowthModel.LINEAR, level, slope


def _line(
    values: Sequence[float], months: Sequence[float], *, exponential: bool
) -> tuple[float, float, float]:
    """Fit a line by Theil and Sen; return its end, its slope, and its error against months."""
    places = range(len(values))
    slope = median((values[b] - values[a]) / (b - a) for a, b in combinations(places, 2))
    start = median(values[place] - slope * place for place in places)
    fitted = [start + slope * place for place in places]
    shown = [math.exp(min(value, 600.0)) for value in fitted] if exponential else fitted
    error = sum(abs(one - month) for one, month in zip(shown, months, strict=True))
    return fitted[-1], slope, error
