"""How many models a data set has at or above levels, year by year of publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.core.quantities import Exact
from sluicegate.frontier.records import RecordedModel


@dataclass(frozen=True, slots=True)
class YearCount:
    """The models that came out in a year.

    `at_or_above` counts, for each level asked, those whose stated compute is at or
    above it. `largest` is the largest stated compute of the year.
    """

    year: int
    models: int
    with_compute: int
    at_or_above: tuple[int, ...]
    largest: Exact | None


def counts_by_year(
    models: Sequence[RecordedModel], levels: Sequence[Exact], years: Sequence[int]
) -> tuple[YearCount, ...]:
    """Count the models of each year, by the stated figure and no bound.

    >>> from datetime import date
    >>> one = RecordedModel("Example", published=date(2024, 5, 1), compute=10**25)
    >>> counts_by_year([one], [10**25, 10**26], [2024])[0].at_or_above
    (1, 0)
    """
    found = []
    for year in years:
        of_year = [
            one for one in models if one.published is not None and one.published.year == year
        ]
        known = [one.compute for one in of_year if one.compute is not None]
        over = tuple(sum(1 for value in known if value >= level) for level in levels)
        found.append(YearCount(year, len(of_year), len(known), over, max(known, default=None)))
    return tuple(found)
