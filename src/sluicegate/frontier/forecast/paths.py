"""Courses of events: what models each year may bring, drawn from seeded random numbers.

Sizes are training compute in FLOP as floats; they are statistics and decide nothing.
The random numbers come from PCG64 over a seed, a year and a stream, as uniform
fractions of 53 bits; normal ones come from these by the inverse distribution. So
the same seed gives the same numbers on any machine, and a class of sizes that
nobody asks about can be left out without changing another.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sluicegate.core.reasons import say
from sluicegate.frontier.forecast.assumptions import Assumptions, ForecastError, ShareLaw

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LN_TEN = 1 / math.log10(math.e)
_DRAWN = np.dtype(
    [("path", np.int64), ("size", np.float64), ("moment", np.float64), ("chance", np.float64)]
)
_LEAST_FRACTION = float(np.finfo(np.float64).tiny)
_MOST_FRACTION = float(np.nextafter(1, 0))


@dataclass(frozen=True, slots=True)
class Models:
    """Models of one year in all courses of events, as arrays of one length.

    `path` is the course of events, `size` training compute in FLOP, `moment` the part
    of the year gone when it appears, `chance` a uniform fraction that picks its developer.
    """

    year: int
    path: Ints
    size: Floats
    moment: Floats
    chance: Floats


@dataclass(frozen=True, slots=True)
class Division:
    """How the training compute of a year is divided, one row per course of events.

    `marks` are sizes in FLOP, rising, the last the largest model; `amounts` is the
    compute in FLOP of the classes between them.
    """

    year: int
    marks: Floats
    amounts: Floats

    @property
    def least_largest(self) -> Floats:
        """A size in FLOP that the largest model drawn is never below."""
        return np.asarray(self.marks[:, :-1].max(axis=1))


def growth_factors(assumed: Assumptions) -> Floats:
    """Return the growth per year of each course of events; none is 0 or less."""
    central, deviation = float(assumed.growth), float(assumed.growth_sd)
    if not deviation:
        return np.full(assumed.simulations, central)
    fractions = _generator(assumed.seed).random(assumed.simulations)
    return _normal(NormalDist(central, deviation), fractions, 0.0, math.inf)


def training_compute(
    assumed: Assumptions, base: Fraction, factors: Floats, first: int, year: int
) -> Floats:
    """Return the training compute of a forecast year in each course of events, in FLOP.

    `base` is that of the last year recorded, `first` the first year forecast. Raises
    ForecastError when it grows beyond what can be reckoned with.
    """
    total = float(base / assumed.recorded_training_share)
    share = float(assumed.training_share(year))
    with np.errstate(over="ignore"):
        compute = np.asarray(total * factors ** (year - first + 1) * share)
    if np.all(compute < math.sqrt(sys.float_info.max)):
        return compute
    raise ForecastError(
        say(
            "By {year} the compute grows beyond any figure; lower the growth or its deviation.",
            year=str(year),
        )
    )


def divide(
    assumed: Assumptions, year: int, compute: Floats, *, is_recorded: bool = False
) -> Division:
    """Draw how the training compute of a year is divided among sizes of models.

    A division counts only when every class holds more compute than its largest
    model; else it is drawn anew. The share of the largest model of a recorded year
    is drawn uniformly. Raises ForecastError when no division fits.
    """
    generator = _generator(assumed.seed, year, 0)
    many = len(compute)
    marks = np.empty((many, assumed.size_marks))
    amounts = np.empty((many, assumed.size_marks - 1))
    waiting = np.arange(many)
    for _ in range(assumed.redraws_most):
        here = compute[waiting]
        largest = _largest(assumed, year, here, generator, is_recorded=is_recorded)
        drawn_marks, cumulative = _marks(assumed, generator, len(waiting))
        sizes = drawn_marks * largest[:, None]
        held = np.diff(cumulative, axis=1) * here[:, None]
        fits = np.all(held > sizes[:, 1:], axis=1) & (cumulative[:, 0] * here > sizes[:, 0])
        marks[waiting[fits]], amounts[waiting[fits]] = sizes[fits], held[fits]
        waiting = waiting[~fits]
        if not len(waiting):
            return Division(year, marks, amounts)
    raise ForecastError(
        say(
            "The training compute of {year} cannot be divided by these assumptions; lower"
            " largest_share_most, or set known_largest to none.",
            year=str(year),
        )
    )


def _largest(
    assumed: Assumptions,
    year: int,
    compute: Floats,
    generator: np.random.Generator,
    *,
    is_recorded: bool,
) -> Floats:
    """Draw the size of the largest model of a year, in FLOP."""
    fractions = generator.random(len(compute))
    known = assumed.known_largest.get(year)
    if known is not None and not is_recorded:
        return np.full(len(compute), float(known))
    least, most = float(assumed.largest_share.least), float(assumed.largest_share.most)
    if is_recorded or assumed.largest_share_law is ShareLaw.UNIFORM or least == most:
        return np.asarray((least + fractions * (most - least)) * compute)
    low, high = math.log(least), math.log(most)
    law = NormalDist((low + high) / 2, (high - low) / float(assumed.largest_share_span))
    return np.asarray(np.exp(_normal(law, fractions, low, high)) * compute)


def _marks(
    assumed: Assumptions, generator: np.random.Generator, many: int
) -> tuple[Floats, Floats]:
    """Draw marks of size as parts of the largest, and what part of the compute lies up to each."""
    low, high = (math.log(one) for one in (assumed.smallest_size.least, assumed.smallest_size.most))
    smallest = low + generator.random(many) * (high - low)
    least, most = float(assumed.gradient.least), float(assumed.gradient.most)
    gradient = least + generator.random(many) * (most - least)
    logs = smallest[:, None] * np.linspace(1, 0, assumed.size_marks)[None, :]
    return np.exp(logs), np.exp(gradient[:, None] * logs)


def draw_models(assumed: Assumptions, division: Division, floor: Floats) -> Models:
    """Draw the models of a year class by class, until each class has used up its compute.

    The last model of a class takes what is left, however small. Classes that lie
    wholly below `floor` (FLOP, one per course of events) in all courses are left out.
    """
    parts = [
        _draw_class(assumed, division, place)
        for place in range(division.amounts.shape[1])
        if np.any(division.marks[:, place + 1] >= floor)
    ]
    whole = np.concatenate(parts) if parts else np.empty(0, dtype=_DRAWN)
    return Models(division.year, whole["path"], whole["size"], whole["moment"], whole["chance"])


def _draw_class(
    assumed: Assumptions, division: Division, place: int
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Draw one class: a row for each model. Raises ForecastError where they are too many."""
    generator = _generator(assumed.seed, division.year, place + 1)
    most = np.ceil(division.amounts[:, place] / division.marks[:, place]) + 1
    if np.sum(most) > assumed.models_most:
        raise ForecastError(
            say(
                "These assumptions give too many small models to draw; ask for higher thresholds"
                " or for fewer simulations."
            )
        )
    order = np.argsort(most, kind="stable")
    blocks = np.array_split(order, min(assumed.size_marks, len(order)))
    return np.concatenate([_draw_block(division, place, rows, generator) for rows in blocks])


def _draw_block(
    division: Division, place: int, rows: Ints, generator: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Draw one class for courses of events that need about as many models each."""
    low, high = division.marks[rows, place, None], division.marks[rows, place + 1, None]
    amount = division.amounts[rows, place, None]
    most = math.ceil(float(np.max(amount / low))) + 1
    drawn = generator.random((len(rows), most))
    drawn *= high - low
    drawn += low
    np.cumsum(drawn, axis=1, out=drawn)
    np.minimum(drawn, amount, out=drawn)
    sizes = np.diff(drawn, axis=1, prepend=0)
    row, spot = np.nonzero(sizes > 0)
    found = np.empty(len(row), dtype=_DRAWN)
    found["path"], found["size"] = rows[row], sizes[row, spot]
    found["moment"] = generator.random(len(row))
    found["chance"] = generator.random(len(row))
    return found


def _generator(*entropy: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def _normal(law: NormalDist, fractions: Floats, least: float, most: float) -> Floats:
    """Return normal values between two bounds at uniform fractions."""
    low, high = law.cdf(least), law.cdf(most) if math.isfinite(most) else 1.0
    spread = np.clip(low + fractions * (high - low), _LEAST_FRACTION, _MOST_FRACTION)
    return np.fromiter(_values(law, spread), np.float64, len(fractions))


def _values(law: NormalDist, fractions: Floats) -> Iterator[float]:
    for fraction in fractions.tolist():
        yield law.inv_cdf(fraction)
