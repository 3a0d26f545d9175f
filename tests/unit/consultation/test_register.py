"""The register of thresholds: values, known changes, and reviews that are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consultation_world import BEGIN, STARTS, World
from own_rule import own_book
from sluicegate.frontier.threshold_register import Asked, Registered, ReviewState, SetBy, figure_of
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.loading import read_book, shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.consultation.registering import (
    entry_json,
    read_register,
    set_review_period,
    set_reviewed,
)
from sluicegate.services.consultation.rule_files import rule_file
from sluicegate.services.consultation.writing import ConsultationError

LIMIT = "local.harbour.limit"
BOOK = own_book()


@pytest.fixture
def world() -> World:
    """Return an empty store over a book with a rule of the node's own."""
    return World(book=BOOK)


def entry(world: World, asked: Asked, name: str = LIMIT) -> Registered:
    found = read_register(world.desk("viewer", asked.day), world.book, asked)
    return next(one for one in found if one.parameter == name)


def test_the_register_holds_what_is_compared_and_nothing_else(world: World) -> None:
    found = read_register(world.desk("viewer"), world.book)
    assert {one.parameter for one in found} == {
        name for name, one in BOOK.parameters.items() if one.comparator is not None
    }
    assert [one.parameter for one in found] == sorted(one.parameter for one in found)
    assert all(isinstance(one.comparator, Comparator) for one in found)


def test_an_entry_tells_the_value_since_when_and_the_next_one(world: World) -> None:
    cases = {
        date(2025, 6, 30): (None, None, 10**24, date(2025, 7, 1)),
        date(2025, 7, 1): (10**24, date(2025, 7, 1), 5 * 10**23, date(2026, 7, 1)),
        date(2026, 7, 1): (5 * 10**23, date(2026, 7, 1), None, None),
    }
    for day, (value, since, following, start) in cases.items():
        one = entry(world, Asked(day))
        got = (
            figure_of(one.now),
            None if one.now is None else one.now.start,
            figure_of(one.next),
            None if one.next is None else one.next.start,
        )
        assert got == (value, since, following, start)


def test_a_change_shows_only_once_it_is_known(world: World) -> None:
    assert entry(world, Asked(date(2026, 1, 1), date(2024, 1, 1))).next is None


def test_a_review_is_due_its_period_after_the_day_it_counts_from(world: World) -> None:
    assert entry(world, Asked(BEGIN)).review.state is ReviewState.NO_PERIOD
    set_review_period(world.desk(), world.book, LIMIT, 6, on=date(2026, 1, 31))
    due = date(2026, 7, 31)
    for day, state in (
        (due - timedelta(days=91), ReviewState.LATER),
        (due - timedelta(days=90), ReviewState.DUE_SOON),
        (due, ReviewState.DUE_SOON),
        (due + timedelta(days=1), ReviewState.OVERDUE),
    ):
        review = entry(world, Asked(day)).review
        assert (review.state, review.due, review.set_by) == (state, due, SetBy.NODE)
    soon = Asked(due - timedelta(days=90), soon_days=30)
    assert entry(world, soon).review.state is ReviewState.LATER


def test_a_review_starts_the_period_anew(world: World) -> None:
    set_review_period(world.desk(), world.book, LIMIT, 12, on=date(2025, 1, 15))
    assert [one.parameter for one in read_register(world.desk(), BOOK, is_due=True)] == [LIMIT]
    after = set_reviewed(world.desk(), world.book, LIMIT, "It stays.", on=BEGIN)
    assert after.review.due == date(2027, 3, 2)
    assert after.review.last is not None
    assert after.review.last.outcome == "It stays."
    assert read_register(world.desk(), BOOK, is_due=True) == ()


def test_a_period_that_is_ended_leaves_the_threshold_without_one(world: World) -> None:
    set_review_period(world.desk(), world.book, LIMIT, 1, on=date(2025, 1, 1))
    ended = set_review_period(world.desk(), world.book, LIMIT, None)
    assert ended.review.state is ReviewState.NO_PERIOD


def test_an_issued_threshold_brings_the_period_of_its_own_text() -> None:
    world = World()
    made = rule_file(world.desk(), world.issued().consultation_id)
    world.book = read_book([(made.name, made.text)], base=shipped_book(), local=True)
    name = "local.harrow_basin.limit"
    review = entry(world, Asked(STARTS), name).review
    assert (review.due, review.months, review.set_by) == (date(2027, 7, 1), 12, SetBy.TEXT)
    set_review_period(world.desk(on=STARTS), world.book, name, 3)
    assert entry(world, Asked(STARTS), name).review.due == date(2026, 10, 1)


def test_what_cannot_be_entered_is_refused(world: World) -> None:
    desk = world.desk()
    with pytest.raises(NotFoundError):
        set_review_period(desk, world.book, "local.harbour.near", 6)
    with pytest.raises(ConsultationError, match="number of months"):
        set_review_period(desk, world.book, LIMIT, 0)
    with pytest.raises(ConsultationError, match="lies ahead"):
        set_reviewed(desk, world.book, LIMIT, "Fine.", on=STARTS)
    with pytest.raises(ConsultationError, match="missing"):
        set_reviewed(desk, world.book, LIMIT, " ")
    with pytest.raises(RefusedError):
        set_reviewed(world.desk("viewer"), world.book, LIMIT, "Fine.")
    assert world.store.consultations.reviewings() == ()


def test_an_entry_as_json_holds_figures_as_text(world: World) -> None:
    document = entry_json(entry(world, Asked(date(2026, 1, 1))))
    assert (document["value"], document["next_value"]) == (str(10**24), str(5 * 10**23))
    assert document["comparator"] == "greater_than"
