"""Levels that a snapshot of a data set gives: by rank, by share of developers, by the largest.

Every level comes with bounds. The lower one takes the least that each model's
compute may be. The upper one takes the most, and sets every model that states
no upper bound above all others: where these are too many, there is no bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact
from sluicegate.frontier.moving.values import (
    Interval,
    ModelUsed,
    central_of,
    high_of,
    low_of,
)
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.moving import Sense

MOST_SHOWN = 50
"""Models of a ranking that a value names; a longer one is cut to those next to the level."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level with the models it rests on.

    `undisclosed` counts the models, or developers, that state nothing;
    `tied` names those that stand at the level with the last one named.
    """

    interval: Interval | None
    models: tuple[ModelUsed, ...]
    considered: int
    undisclosed: int
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Figures of models or developers, each list from the largest; FLOP.

    `lows` and `centrals` are of the same ones. `unbounded` counts those with no
    upper bound, `stated` is the upper bound of the others and, of those with
    none, what they state.
    """

    lows: tuple[Exact, ...]
    centrals: tuple[Exact, ...]
    highs: tuple[Exact, ...]
    stated: tuple[Exact, ...]
    unbounded: int

    @classmethod
    def of(cls, figures: Sequence[tuple[Exact | None, Exact | None, Exact | None]]) -> Ladder:
        """Return the ladder of (low, central, high); None is what is not known."""
        return cls(
            _falling(low for low, _, _ in figures),
            _falling(central for _, central, _ in figures),
            _falling(high for _, _, high in figures),
            _falling(high if high is not None else central for _, central, high in figures),
            sum(high is None for _, _, high in figures),
        )

    def at(self, place: int) -> Interval | None:
        """Return the figure in a place from the largest (1), or None where there are too few."""
        if place > len(self.centrals):
            return None
        high = place - 1 - self.unbounded
        return Interval(
            self.centrals[place - 1],
            self.lows[place - 1],
            self.highs[high] if high >= 0 else None,
            self.stated[place - 1],
        )


def considered(
    snapshot: Snapshot, day: date, window: Period | None = None
) -> Sequence[RecordedModel]:
    """Return the models published by a day and, with a window, no longer before it."""
    found = snapshot.until(day)
    if window is None:
        return found
    start = window.before(day)
    return [one for one in found if one.published is not None and one.published > start]


def ranked(models: Iterable[RecordedModel]) -> list[ModelUsed]:
    """Return the models that state compute, from the largest; ties in order of date and name."""
    known = [(one, figure) for one in models if (figure := central_of(one)) is not None]
    known.sort(key=lambda pair: (-pair[1], pair[0].published or date.max, pair[0].name))
    return [ModelUsed(place, one) for place, (one, _) in enumerate(known, 1)]


def by_rank(models: Sequence[RecordedModel], rank: int) -> Level:
    """Return the compute of the model in a place from the largest (1)."""
    order = ranked(models)
    interval = _ladder(models).at(rank)
    if interval is None:
        return Level(None, tuple(order[-MOST_SHOWN:]), len(models), len(models) - len(order))
    tied = tuple(one.model.name for one in order if one.central == interval.value)
    return Level(
        interval,
        tuple(order[max(0, rank - MOST_SHOWN) : rank]),
        len(models),
        len(models) - len(order),
        tied if len(tied) > 1 else (),
    )


def by_developers(
    models: Sequence[RecordedModel], share: Fraction, sense: Sense, comparator: Comparator
) -> Level:
    """Return the level that at most, or at least, a share of developers exceed.

    A developer stands with the largest model of its own; a model of several
    developers counts for each. At most: the lowest such level; at least: the
    highest one. With a strict comparator (more than, or at most) a developer at
    the level does not exceed it; otherwise it does. Where no such level is
    attained, it is the next whole number. Developers that state no compute are
    left out of the central figure, which is kept between the bounds; the lower
    bound puts them all below the level, the upper bound as high as they may be.
    """
    best = _best_of_developers(models)
    known = [one for one in best if one[1] is not None]
    missing, states = len(best) - len(known), Ladder.of(known)
    wanted = _Quantile(share, sense, comparator)
    central = wanted.level(states.centrals, len(known))
    if central is None:
        return Level(None, (), len(best), missing)
    low = wanted.level(states.lows, len(best))
    unbounded = sum(high is None for _, _, high in best)
    highs = _falling(high for _, _, high in best)
    high = wanted.level(highs, len(best), above=unbounded)
    stated = wanted.level(states.stated, len(known)) or central
    central = central if high is None else min(central, high)
    interval = Interval(central, min(central, low or 0), high, max(central, stated))
    at = [one for one in ranked(models) if one.central in (central, central + 1, central - 1)]
    return Level(interval, tuple(at[:MOST_SHOWN]), len(best), missing)


@dataclass(frozen=True, slots=True)
class _Quantile:
    """Which of the developers' figures, from the largest, is the level."""

    share: Fraction
    sense: Sense
    comparator: Comparator

    def level(self, figures: Sequence[Exact], count: int, above: int = 0) -> Exact | None:
        """Return the level among `count` developers, of which `above` stand above all figures.

        Developers beyond the figures stand below them, at 0. None: the level
        lies among those above, so that it has no bound.
        """
        if count == 0:
            return None
        is_strict = self.comparator in (Comparator.GREATER_THAN, Comparator.AT_MOST)
        if self.sense is Sense.AT_MOST:
            place = floor(self.share * count) + 1 - above
            step = 0 if is_strict else 1
        else:
            place = ceil(self.share * count) - above
            step = -1 if is_strict else 0
        if place <= 0:
            return None
        if place > count - above:
            return 0
        at = figures[place - 1] if place <= len(figures) else 0
        return at if step == 0 else max(floor(at) + 1 if step > 0 else ceil(at) - 1, 0)


def _best_of_developers(
    models: Sequence[RecordedModel],
) -> list[tuple[Exact | None, Exact | None, Exact | None]]:
    """Return (low, central, high) of each developer's largest model; high None: no bound."""
    found: dict[str, list[RecordedModel]] = {}
    for one in models:
        for name in dict.fromkeys(one.developers):
            found.setdefault(name, []).append(one)
    best = []
    for own in found.values():
        highs = [high_of(one) for one in own]
        bounded = [high for high in highs if high is not None]
        best.append(
            (
                max((low for one in own if (low := low_of(one)) is not None), default=None),
                max((mid for one in own if (mid := central_of(one)) is not None), default=None),
                max(bounded) if len(bounded) == len(highs) else None,
            )
        )
    return best


def _ladder(models: Sequence[RecordedModel]) -> Ladder:
    return Ladder.of([(low_of(one), central_of(one), high_of(one)) for one in models])


def _falling(figures: Iterable[Exact | None]) -> tuple[Exact, ...]:
    return tuple(sorted((one for one in figures if one is not None), reverse=True))
