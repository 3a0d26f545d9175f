"""What a later snapshot records of the years that a forecast spoke about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sluicegate.frontier.forecast.assumptions import Assumptions, LargestBefore
from sluicegate.frontier.forecast.counting import count_models
from sluicegate.frontier.forecast.history import History, recorded_models
from sluicegate.frontier.forecast.options import Option, as_float
from sluicegate.frontier.forecast.paths import Models
from sluicegate.frontier.records import RecordedModel, Snapshot


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a snapshot records of one year under an option.

    `cumulative` counts on from what was recorded before the forecast, as the forecast
    does. `is_whole_year` is false where the year was not over when the data was known.
    """

    year: int
    new: int
    cumulative: int
    is_whole_year: bool


def recorded_years(
    later: Snapshot, assumed: Assumptions, history: History, options: Sequence[Option]
) -> Mapping[str, tuple[Recorded, ...]]:
    """Count what a later snapshot records, in the way in which the forecast counts.

    The same kinds of models are left out. A year after the snapshot's own is not told.
    """
    models = recorded_models(later, assumed)
    last = min(later.known_on.year, assumed.last_year)
    one_course = replace(
        assumed,
        simulations=1,
        last_year=last,
        near_largest_before=LargestBefore.RECORDED,
        known_counts=(),
    )
    before = tuple(one for one in models if _year(one) <= history.last_year)
    past = replace(history, models=before, developers={})
    if not before or last <= history.last_year:
        return {one.id: () for one in options}
    so_far = {
        one.id: 0 if one.fixed is None else past.count(one.fixed, one.comparator) for one in options
    }
    found: dict[str, list[Recorded]] = {one.id: [] for one in options}
    years = {
        year: _as_drawn([one for one in models if _year(one) == year], year)
        for year in range(history.last_year + 1, last + 1)
    }
    for counted in count_models(one_course, past, options, years):
        for name, one in counted.items():
            so_far[name] += int(one.new[0])
            is_whole = one.year < later.known_on.year
            found[name].append(Recorded(one.year, int(one.new[0]), so_far[name], is_whole))
    return {name: tuple(years) for name, years in found.items()}


def _year(model: RecordedModel) -> int:
    assert model.published is not None
    return model.published.year


def _as_drawn(models: Sequence[RecordedModel], year: int) -> Models:
    """Return recorded models as those of one course of events."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = (after - first).days
    return Models(
        year,
        np.zeros(len(models), dtype=np.int64),
        np.array([as_float(one.compute or 0) for one in models], dtype=np.float64),
        np.array([((one.published or first) - first).days / days for one in models]),
        np.zeros(len(models)),
    )
