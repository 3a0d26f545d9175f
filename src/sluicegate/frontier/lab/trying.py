"""Trying an option on the models of a data set as it was known on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sluicegate.frontier.lab.assumptions import Assumptions
from sluicegate.frontier.lab.edge import Dated, Frontier
from sluicegate.frontier.lab.options import Option, Standing
from sluicegate.frontier.lab.results import (
    BurdenedDeveloper,
    CaughtModel,
    LabResult,
    MissedModel,
    OptionResult,
    Splitting,
    Ways,
    YearResult,
)
from sluicegate.frontier.lab.splitting import added_up, escapes, least_split, through_base
from sluicegate.frontier.records import RecordedModel


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the day, the years shown (the last one up to the day), what is assumed."""

    as_of: date
    years: tuple[int, ...]
    assumed: Assumptions

    def until(self, year: int) -> date:
        """Return the last day of a year that counts."""
        return min(date(year, 12, 31), self.as_of)


def try_options(
    models: Sequence[RecordedModel], options: Sequence[Option], asked: Asked
) -> LabResult:
    """Try options side by side; models without a day of publication are counted apart."""
    edge = Frontier(models, asked.assumed)
    years = tuple(edge.year(year, asked.until(year)) for year in asked.years)
    undated = sum(1 for one in models if one.published is None)
    return LabResult(years, tuple(try_option(edge, one, asked) for one in options), undated)


def try_option(edge: Frontier, option: Option, asked: Asked) -> OptionResult:
    """Try one option."""
    judged = [(one, option.standing(one.bounds, one.day)) for one in edge.until(asked.as_of)]
    years = tuple(_year(edge, option, asked, judged, year) for year in asked.years)
    shown = frozenset(asked.years)
    caught = tuple(
        _caught(edge, option, one, standing)
        for one, standing in judged
        if standing.is_caught and one.day.year in shown
    )
    return OptionResult(
        option,
        option.level_on(asked.as_of),
        years,
        caught,
        _splitting(edge, option, asked, judged, caught),
    )


_Judged = Sequence[tuple[Dated, Standing]]


def _year(edge: Frontier, option: Option, asked: Asked, judged: _Judged, year: int) -> YearResult:
    until = asked.until(year)
    own = [(one, standing) for one, standing in judged if one.day.year == year]
    count = [standing for _, standing in own]
    caught = [one for one, standing in own if standing.is_caught]
    rest = [(one, standing) for one, standing in own if not standing.is_caught]
    missed = partial(_missed, option)
    return YearResult(
        year=year,
        until=until,
        level=option.level_on(until),
        models=len(own),
        with_compute=sum(one.central is not None for one, _ in own),
        caught=len(caught),
        certain=count.count(Standing.CERTAIN),
        possible=count.count(Standing.POSSIBLE),
        unknown=count.count(Standing.UNKNOWN),
        cumulative=sum(s.is_caught for one, s in judged if one.day <= until),
        developers=_names(caught),
        burdened=_burdened(edge, caught, year, until),
        frontier=sum(edge.has(one) for one, _ in own),
        missed=tuple(missed(one) for one, _ in rest if edge.has(one)),
        missed_unknown=tuple(missed(one) for one, _ in rest if edge.is_unseen(one)),
    )


def _names(models: Sequence[Dated]) -> tuple[str, ...]:
    return tuple(sorted({name for one in models for name in one.model.developers}))


def _burdened(
    edge: Frontier, caught: Sequence[Dated], year: int, until: date
) -> tuple[BurdenedDeveloper, ...]:
    """Return the developers that are caught in a year but not at the frontier at its end."""
    level = edge.level_on(until)
    if level is None:
        return ()
    number = Counter(name for one in caught for name in one.model.developers)
    return tuple(
        BurdenedDeveloper(name, year, number[name], edge.best_of(name, until), level)
        for name in sorted(number)
        if not edge.is_near(name, until)
    )


def _missed(option: Option, one: Dated) -> MissedModel:
    return MissedModel(one.model, one.day, one.central, option.level_on(one.day))


def _caught(edge: Frontier, option: Option, one: Dated, standing: Standing) -> CaughtModel:
    level = option.level_on(one.day)
    split = None
    if level.value is not None and one.central is not None:
        loss = edge.assumed.loss
        split = least_split(one.central, level.value, option.comparator, loss)
    return CaughtModel(one.model, one.day, level, standing, edge.has(one), split)


def _splitting(
    edge: Frontier,
    option: Option,
    asked: Asked,
    judged: _Judged,
    caught: Sequence[CaughtModel],
) -> Splitting:
    splits = sorted(
        (one.split for one in caught if one.split is not None), key=lambda one: one.pieces
    )
    middle = splits[(len(splits) - 1) // 2] if splits else None
    known = [one.model for one, _ in judged]
    last = [one.model for one in edge.of_year(asked.years[-1], asked.as_of)]
    level = option.level_on(asked.as_of)
    every = [one.model for one, standing in judged if standing.is_caught]
    shown = frozenset(asked.years)
    derived = (
        one
        for one in through_base(known, every)
        if one.published is not None and one.published.year in shown
    )
    return Splitting(
        ways=tuple(_ways(option, asked.assumed, caught, number) for number in asked.assumed.ways),
        median_pieces=None if middle is None else middle.pieces,
        most_pieces=splits[-1].pieces if splits else None,
        median_extra=None if middle is None else middle.extra,
        derived=tuple(derived),
        added_up=()
        if level.value is None
        else tuple(added_up(last, level.value, option.comparator)),
    )


def _ways(option: Option, assumed: Assumptions, caught: Sequence[CaughtModel], pieces: int) -> Ways:
    """Count the caught models whose pieces would all stay below.

    The pieces of a run that escapes so add up to more than the run itself, and the run
    passed: whoever adds them up, as one group or as causes of the merged model, catches
    it again.
    """
    figures = [
        (one.model.low if one.model.compute is None else one.model.compute, one.level.value)
        for one in caught
    ]
    escaped = sum(
        escapes(compute, level, option.comparator, pieces, assumed.loss)
        for compute, level in figures
        if compute is not None and level is not None
    )
    return Ways(pieces, escaped, escaped, escaped)
