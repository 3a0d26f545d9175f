"""Runs a decision once for each path that the rows of a table take through it.

The decision is run for one row, which gives its path; the rows that agree with
every step have the same answer. Those that part from the path at a step are one
group more, to be run in turn. Each run therefore settles at least one row, and
rows whose very values matter are asked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np

from sluicegate.core.quantities import Exact
from sluicegate.rules.facts import Facts
from sluicegate.rules.paths import Compared, Fixed, Given, Recording, Relation, Step
from sluicegate.rules.recorded import RecordedFacts
from sluicegate.services.bulk.columns import Numbers
from sluicegate.services.bulk.fields import Field, Flags, Floats, RowFacts, Sets

T = TypeVar("T")
Fields = Mapping[str, Field]

_FEW = 3
"""So many rows are run one by one sooner than sorted."""

_NEAR = 1e-12
"""Floats closer than this part of their size are held against each other exactly.

A float is within 2^-53 of its figure, a factor too, and each product and sum
adds as much again: below 1e-14 for any number of facts that a question has.
"""

_TINY = 1e-290
"""Floats this close to each other may stand for figures that no float holds."""


@dataclass(frozen=True, slots=True)
class Settled(Generic[T]):
    """Rows with one outcome; without a recording it is the outcome of one row alone."""

    rows: Numbers
    outcome: T
    recording: Recording | None


def explore(fields: Fields, rows: Numbers, run: Callable[[Facts], T]) -> Iterator[Settled[T]]:
    """Yield every row of a table with what a decision says of it.

    The decision is a function of its facts alone: two runs that agree in every
    step agree in the next one.
    """
    specs = {name: field.spec for name, field in fields.items()}
    groups = [(rows, 0)] if len(rows) else []
    while groups:
        rows, depth = groups.pop()
        if len(rows) <= _FEW:
            yield from _one_by_one(fields, rows, run)
            continue
        recording = Recording()
        outcome = run(RecordedFacts(specs, RowFacts(fields, int(rows[0])), recording))
        recording.close()
        for step in recording.steps[depth:]:
            depth += 1
            agreeing = _agreeing(fields, rows, step)
            if not agreeing.all():
                groups += [(part, depth) for part in _parts(fields, rows[~agreeing], step)]
                rows = rows[agreeing]
        yield Settled(rows, outcome, recording)


def _one_by_one(fields: Fields, rows: Numbers, run: Callable[[Facts], T]) -> Iterator[Settled[T]]:
    for row in rows.tolist():
        yield Settled(np.array([row]), run(Facts(RowFacts(fields, row))), None)


def _agreeing(fields: Fields, rows: Numbers, step: Step) -> Flags:
    """Say of each row whether it agrees with a step of the first row's path."""
    if isinstance(step, Compared):
        return _comparing(fields, rows, step)
    field = fields[step.fact]
    codes = field.codes[rows]
    if isinstance(step, Given):
        agreeing: Flags = field.given[codes] == step.given
        return agreeing
    same: Flags = codes == codes[0]
    return same


def _parts(fields: Fields, rows: Numbers, step: Step) -> list[Numbers]:
    """Return the groups of rows that part from a path at a step."""
    if not isinstance(step, Fixed):
        return [rows]
    codes = fields[step.fact].codes[rows]
    order = np.argsort(codes, kind="stable")
    borders = np.flatnonzero(np.diff(codes[order])) + 1
    return np.split(rows[order], borders)


def _comparing(fields: Fields, rows: Numbers, step: Compared) -> Flags:
    """Compare all rows by floats, and those near the level by their exact figures."""
    level = _float(step.level)
    total: Floats = np.full(len(rows), -level)
    size: Floats = np.full(len(rows), abs(level))
    with np.errstate(over="ignore", invalid="ignore"):
        for fact, factor in step.terms:
            field = fields[fact]
            part = field.near[field.codes[rows]] * _float(factor)
            total += part
            size += np.abs(part)
        sure = np.abs(total) > size * _NEAR + _TINY
        held: Flags = np.zeros(len(rows), bool) if _is_equal(step) else total < 0
    agreeing: Flags = held == step.held
    unsure = np.flatnonzero(~sure)
    if len(unsure):
        agreeing[unsure] = _exactly(fields, rows[unsure], step)
    return agreeing


def _is_equal(step: Compared) -> bool:
    return step.relation is Relation.EQUAL


def _exactly(fields: Fields, rows: Numbers, step: Compared) -> Flags:
    """Compare rows by their exact figures, each set of literals once."""
    sets = Sets.of(fields, (fact for fact, _ in step.terms), rows)
    answers = [
        step.agrees({fact: _figure(value) for fact, value in row.items()}) for row in sets.rows()
    ]
    return np.array(answers, bool)[sets.back]


def _figure(value: Any) -> Exact:
    """Return a figure, or the ordinal of a day."""
    figure: Exact = value.toordinal() if isinstance(value, date) else value
    return figure


def _float(value: Exact) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf
