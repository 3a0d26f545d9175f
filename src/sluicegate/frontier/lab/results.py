"""What trying an option gives: year by year, model by model, developer by developer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Exact
from sluicegate.frontier.lab.edge import YearFrontier
from sluicegate.frontier.lab.options import Level, Option, Standing
from sluicegate.frontier.lab.splitting import Split
from sluicegate.frontier.records import RecordedModel


@dataclass(frozen=True, slots=True)
class CaughtModel:
    """A model that an option catches, with the threshold of its day.

    `split` is the least split with which it would have stayed below; None where no
    number of pieces would have helped.
    """

    model: RecordedModel
    day: date
    level: Level
    standing: Standing
    is_frontier: bool
    split: Split | None


@dataclass(frozen=True, slots=True)
class MissedModel:
    """A model at the frontier that an option does not catch.

    `compute` None: it is not known, and that is why.
    """

    model: RecordedModel
    day: date
    compute: Exact | None
    level: Level


@dataclass(frozen=True, slots=True)
class BurdenedDeveloper:
    """A developer that is caught in a year and not at the frontier at its end.

    `largest` is its largest known model until then, `frontier_level` from where it
    would have been at the frontier.
    """

    developer: str
    year: int
    models: int
    largest: Exact
    frontier_level: Exact


@dataclass(frozen=True, slots=True)
class YearResult:
    """What an option does in a year, up to `until`.

    `level` is the threshold on that day. Counts are of models published in the year:
    `caught` by the best figure, of these `certain` by the low bound; `possible` by the
    high bound only; `unknown` say nothing of their compute. `cumulative` counts all
    caught models from the beginning of the data set.
    """

    year: int
    until: date
    level: Level
    models: int
    with_compute: int
    caught: int
    certain: int
    possible: int
    unknown: int
    cumulative: int
    developers: tuple[str, ...]
    burdened: tuple[BurdenedDeveloper, ...]
    frontier: int
    missed: tuple[MissedModel, ...]
    missed_unknown: tuple[MissedModel, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How many of the caught models would escape if each run was split into so many pieces.

    `within_group` is how many of these are caught again when runs of one group of
    affiliates are added up, as long as the pieces stay in the group; `by_causes` how
    many by counting over the causal graph, whoever trains the pieces.
    """

    pieces: int
    escaped: int
    within_group: int
    by_causes: int


@dataclass(frozen=True, slots=True)
class Splitting:
    """The cost of evasion by splitting, over the caught models of the years asked about.

    `median_pieces` and `most_pieces` are of the least split of each; `median_extra` is
    the extra compute at the median, as a share. `derived` are models that are not
    caught by their own figure but come from a caught one; `added_up` developers none
    of whose models of the last year passes though all of them together do.
    """

    ways: tuple[Ways, ...]
    median_pieces: int | None
    most_pieces: int | None
    median_extra: Exact | None
    derived: tuple[RecordedModel, ...]
    added_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionResult:
    """Everything about one option."""

    option: Option
    level: Level
    years: tuple[YearResult, ...]
    caught: tuple[CaughtModel, ...]
    splitting: Splitting

    @property
    def developers(self) -> tuple[str, ...]:
        """The developers caught in the years asked about, in order of names."""
        return tuple(sorted({name for year in self.years for name in year.developers}))

    @property
    def burdened(self) -> tuple[BurdenedDeveloper, ...]:
        """The developers burdened in the years asked about, year by year."""
        return tuple(one for year in self.years for one in year.burdened)

    @property
    def missed(self) -> tuple[MissedModel, ...]:
        """The frontier models missed in the years asked about because they are below."""
        return tuple(one for year in self.years for one in year.missed)

    @property
    def missed_unknown(self) -> tuple[MissedModel, ...]:
        """Those missed because their compute is not known."""
        return tuple(one for year in self.years for one in year.missed_unknown)


@dataclass(frozen=True, slots=True)
class LabResult:
    """Several options on one data set, side by side, with the frontier of every year."""

    frontier: tuple[YearFrontier, ...]
    options: tuple[OptionResult, ...]
    undated: int
