"""Thresholds that move over Epoch's files: the level of each day, as known then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from sluicegate.frontier.moving import Known, Moving, MovingValue, series, value_on
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lab.moving import known_of
from sluicegate.wiring.datasets import read_table_file

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "compute" / "epoch"
FILES = {
    date(2025, 2, 24): "notable_ai_models_2025-02-24.csv.gz",
    date(2026, 7, 23): "notable_ai_models_2026-07-23.csv.gz",
}
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data folder is absent")
BOOK = shipped_book()
LAST = max(FILES)
PAPER = "paper.kumar_manning_2025"
OPEN = "us.eccn_4e091.level_of_published_models"


@cache
def snapshots() -> tuple[Snapshot, ...]:
    return tuple(
        read_table_file(DATA / name, "epoch-notable", day, "Epoch AI").snapshot
        for day, name in FILES.items()
    )


def level(rule: str, day: date, known_on: date | None = None) -> MovingValue:
    return value_on(Moving.of(BOOK, rule), day, known_on, Known(snapshots()))


def largest(models: Sequence[RecordedModel], day: date) -> Fraction:
    """Return the largest stated compute of the models published by a day, the slow way."""
    return max(
        Fraction(one.compute)
        for one in models
        if one.compute is not None and one.published is not None and one.published <= day
    )


@pytest.mark.parametrize("day", [date(2025, 5, 1), date(2025, 12, 31), LAST])
def test_the_level_near_the_largest_run_is_a_tenth_of_it_rounded_up(day: date) -> None:
    for known, snapshot in zip(FILES, snapshots(), strict=True):
        top = largest(snapshot.models, day)
        rule = f"{PAPER}.within_one_order"
        value = level(rule, day, max(known, date(2025, 4, 21)))
        assert value.value == -(-top // 10)
        assert value.snapshots[0].known_on == known
        assert value.models[0].model.compute == top


@pytest.mark.parametrize("day", [date(2025, 2, 24), LAST])
def test_the_level_of_open_weights_is_that_of_the_largest_of_them(day: date) -> None:
    """The level of any day is the largest of all snapshots known by then: it never falls."""
    tops = [
        largest([one for one in snapshot.models if one.is_open], day)
        for snapshot in snapshots()
        if snapshot.known_on <= day
    ]
    assert level(OPEN, day, day).value == max(tops)


def test_the_level_of_open_weights_never_falls_over_the_days() -> None:
    found = series(Moving.of(BOOK, OPEN), date(2025, 1, 13), LAST, None, Known(snapshots()))
    values = [step.value.value for step in found.steps]
    assert values == sorted(value for value in values if value is not None)
    days = [step.first for step in found.steps]
    for step in found.steps:
        assert level(OPEN, step.first).value == level(OPEN, step.last).value
    assert len(set(days)) == len(days)


def test_a_later_file_leaves_what_was_known_before_as_it_was() -> None:
    early = Known(snapshots()[:1])
    for rule in BOOK.moving:
        moving = Moving.of(BOOK, rule)
        for known in (date(2025, 4, 21), LAST - timedelta(days=1)):
            for day in (date(2025, 5, 1), date(2026, 11, 1)):
                assert level(rule, day, known) == value_on(moving, day, known, early)


def test_figures_with_a_label_of_confidence_carry_bounds() -> None:
    """The labels' factors are settings of the lab; models without compute leave no upper bound."""
    known = known_of(snapshots(), BOOK, LAST)
    value = value_on(Moving.of(BOOK, f"{PAPER}.within_one_order"), LAST, None, known)
    assert value.interval is not None
    assert value.interval.low < value.interval.value < value.interval.high_stated
    assert value.high is None
    assert value.undisclosed > 0


def test_a_year_of_steps_agrees_with_every_single_day() -> None:
    rule, first = Moving.of(BOOK, "us.eccn_4e091.control_level"), date(2025, 1, 1)
    known = Known(snapshots())
    found = series(rule, first, date(2025, 12, 31), None, known, as_known_then=True)
    by_day: Mapping[date, MovingValue] = {
        step.first + timedelta(days=number): step.value
        for step in found.steps
        for number in range((step.last - step.first).days + 1)
    }
    for number in range(0, 365, 13):
        day = first + timedelta(days=number)
        assert by_day[day].interval == value_on(rule, day, day, known).interval
