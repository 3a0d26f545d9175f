"""What the picture of options shows: models over time, the frontier, thresholds, and counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.lab.edge import Frontier
from sluicegate.frontier.lab.options import Option
from sluicegate.frontier.lab.results import OptionResult
from sluicegate.services.lab.threshold import Tried
from sluicegate.services.lab.threshold_words import label_of

_SAMPLES = 96
"""Days on which a threshold that moves is looked up for the picture."""


@dataclass(frozen=True, slots=True)
class DrawnModel:
    """A model with stated compute, FLOP."""

    name: str
    day: date
    compute: Exact
    is_frontier: bool


@dataclass(frozen=True, slots=True)
class FrontierStep:
    """From a day on, the largest known run and the level from where a model is at the frontier."""

    day: date
    largest: Exact
    level: Exact


@dataclass(frozen=True, slots=True)
class DrawnOption:
    """An option: its threshold over time (None: it has none then), and its counts by year."""

    name: Sentence
    is_moving: bool
    levels: tuple[tuple[date, Exact | None], ...]
    years: tuple[tuple[int, int, int, int], ...]
    """Year, caught models, missed frontier models, burdened developers."""


@dataclass(frozen=True, slots=True)
class DrawnLab:
    """Everything that is drawn, from the first day to the last."""

    first: date
    last: date
    models: tuple[DrawnModel, ...]
    frontier: tuple[FrontierStep, ...]
    options: tuple[DrawnOption, ...]


def drawn_lab(tried: Tried) -> DrawnLab:
    """Return what the picture of options shows."""
    years = tried.question.years
    first = date(years[0], 1, 1)
    last = max(min(date(years[-1], 12, 31), tried.question.as_of), first)
    edge = Frontier(tried.snapshot.models, tried.assumed)
    models = tuple(
        DrawnModel(one.model.name, one.day, one.central, edge.has(one))
        for one in edge.until(last)
        if one.day >= first and one.central
    )
    return DrawnLab(
        first,
        last,
        models,
        tuple(_steps(edge, first, last)),
        tuple(_drawn(one, first, last) for one in tried.result.options),
    )


def _steps(edge: Frontier, first: date, last: date) -> Iterator[FrontierStep]:
    """Yield the frontier on the first day and whenever the largest run grows."""
    before: Exact | None = None
    days = [first, *(one.day for one in edge.until(last) if one.day > first)]
    for day in days:
        largest, level = edge.largest_on(day), edge.level_on(day)
        if largest is not None and level is not None and largest != before:
            yield FrontierStep(day, largest, level)
            before = largest


def _drawn(one: OptionResult, first: date, last: date) -> DrawnOption:
    counts = tuple(
        (year.year, year.caught, len(year.missed) + len(year.missed_unknown), len(year.burdened))
        for year in one.years
    )
    return DrawnOption(
        label_of(one.option), one.option.is_moving, tuple(_levels(one.option, first, last)), counts
    )


def _levels(option: Option, first: date, last: date) -> Sequence[tuple[date, Exact | None]]:
    if not option.is_moving or first == last:
        return [(first, option.level_on(first).value), (last, option.level_on(last).value)]
    span = (last - first).days
    count = min(_SAMPLES, span)
    days = [
        date.fromordinal(first.toordinal() + span * place // count) for place in range(count + 1)
    ]
    return [(day, option.level_on(day).value) for day in days]


def title_of(tried: Tried) -> Sentence:
    """Say what the picture is of."""
    return say(
        "Thresholds tried on {name}, known on {day}",
        name=tried.snapshot.name,
        day=tried.snapshot.known_on,
    )


def sentence_of(tried: Tried) -> Sentence:
    """Say what the picture shows, for who does not see it."""
    return say(
        "Models from {first} to {last} by day and compute, the frontier and {count} thresholds;"
        " below, for each threshold and year, the models caught, the frontier models missed and"
        " the developers burdened. The tables give every figure.",
        first=str(tried.question.years[0]),
        last=str(tried.question.years[-1]),
        count=len(tried.result.options),
    )
