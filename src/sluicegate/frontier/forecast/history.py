"""What a data set says of the years before a forecast."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.instruments import Comparator


@dataclass(frozen=True, slots=True)
class History:
    """The models of a snapshot that a forecast rests on, up to its last year used.

    `models` have a day and compute; `totals` is training compute in FLOP by year,
    exact. `without_compute` counts models that say none. `growth` is the growth per
    year that these totals show, a float for reading beside the assumption; None
    when there are too few years. `developers` are shares by name, adding up to one.
    """

    snapshot: Snapshot
    last_year: int
    models: tuple[RecordedModel, ...]
    totals: Mapping[int, Exact]
    without_compute: int
    only_notable: bool
    growth: float | None
    developers: Mapping[str, Fraction]

    @property
    def base(self) -> Exact:
        """Training compute of the last year, in FLOP."""
        return self.totals[self.last_year]

    @property
    def largest(self) -> Exact:
        """The largest training run up to the last year, in FLOP."""
        return max(one.compute for one in self.models if one.compute is not None)

    def count(self, threshold: Exact, comparator: Comparator) -> int:
        """Count the models that meet a threshold; exact."""
        return sum(
            comparator.holds(one.compute, threshold)
            for one in self.models
            if one.compute is not None
        )

    def developers_above(self, threshold: Exact, comparator: Comparator) -> frozenset[str]:
        """Return the developers of the models that meet a threshold."""
        return frozenset(
            name
            for one in self.models
            if one.compute is not None and comparator.holds(one.compute, threshold)
            for name in one.developers
        )


def history_of(snapshot: Snapshot, assumed: Assumptions) -> History:
    """Read the years before a forecast from a snapshot.

    Models of a snapshot that tells notable ones are only these. Raises
    ForecastError when the last year used has no model with compute.
    """
    last = assumed.last_fit_year or snapshot.known_on.year - assumed.years_left_out
    only_notable = tells_notable(snapshot)
    chosen = [one for one in _chosen(snapshot, assumed) if _year(one) <= last]
    models = _with_compute(chosen)
    totals: dict[int, Exact] = {}
    for one in models:
        totals[_year(one)] = totals.get(_year(one), 0) + (one.compute or 0)
    if last not in totals:
        raise ForecastError(
            say(
                "{data} has no model of {year} with training compute;"
                " set last_fit_year to a year that it covers.",
                data=snapshot.name,
                year=str(last),
            )
        )
    if assumed.last_year <= last:
        raise ForecastError(
            say(
                "The data is used up to {year}; forecast a later year than {last}.",
                year=str(last),
                last=str(assumed.last_year),
            )
        )
    return History(
        snapshot,
        last,
        models,
        totals,
        len(chosen) - len(models),
        only_notable,
        _growth(totals, assumed.growth_measured_from.year),
        _developers(models, assumed, last),
    )


def tells_notable(snapshot: Snapshot) -> bool:
    """Say whether a snapshot marks notable models; then only these are used."""
    return any(one.is_notable for one in snapshot.models)


def recorded_models(snapshot: Snapshot, assumed: Assumptions) -> tuple[RecordedModel, ...]:
    """Return the models with a day and compute that a forecast would use, of all years."""
    return _with_compute(_chosen(snapshot, assumed))


def _chosen(snapshot: Snapshot, assumed: Assumptions) -> list[RecordedModel]:
    only_notable = tells_notable(snapshot)
    return [
        one
        for one in snapshot.models
        if one.published is not None
        and one.name not in assumed.excluded_models
        and (one.is_notable or not only_notable)
    ]


def _with_compute(models: Sequence[RecordedModel]) -> tuple[RecordedModel, ...]:
    return tuple(one for one in models if one.compute is not None and one.compute > 0)


def _year(model: RecordedModel) -> int:
    return 0 if model.published is None else model.published.year


def _growth(totals: Mapping[int, Exact], first: int) -> float | None:
    """Return the yearly factor of the line of least squares through the logarithms."""
    points = [(year, _ln(total)) for year, total in totals.items() if year >= first]
    if len({year for year, _ in points}) <= 1:
        return None
    middle = sum(year for year, _ in points) / len(points)
    height = sum(value for _, value in points) / len(points)
    above = sum((year - middle) * (value - height) for year, value in points)
    return math.exp(above / sum((year - middle) ** 2 for year, _ in points))


def _ln(value: Exact) -> float:
    figure = Fraction(value)
    return math.log(figure.numerator) - math.log(figure.denominator)


def _developers(
    models: Sequence[RecordedModel], assumed: Assumptions, last: int
) -> Mapping[str, Fraction]:
    """Return how often each developer made a model near the largest, in the last years."""
    counts: Counter[str] = Counter()
    width = float(assumed.developer_orders)
    recent = {_year(one) for one in models if _year(one) > last - assumed.developer_years}
    for year in sorted(recent):
        of_year = [one for one in models if _year(one) == year]
        sizes = [_ln(one.compute) for one in of_year if one.compute is not None]
        least = max(sizes) - width / math.log10(math.e)
        for one, size in zip(of_year, sizes, strict=True):
            if size >= least:
                counts.update(one.developers)
    whole = sum(counts.values())
    return {name: Fraction(count, whole) for name, count in counts.most_common()}
