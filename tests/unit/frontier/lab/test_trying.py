"""Trying thresholds: caught, burdened, missed, uncertain, year by year, on an invented data set."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.frontier.lab import (
    Asked,
    Assumptions,
    LabResult,
    Option,
    OptionResult,
    assumptions_of,
    fixed,
    try_options,
)
from sluicegate.frontier.lab.assumptions import Bounds, bounds_of
from sluicegate.frontier.lab.edge import Frontier
from sluicegate.frontier.lab.options import Level, Standing
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

MORE, AT_LEAST = Comparator.GREATER_THAN, Comparator.AT_LEAST
ASSUMED = Assumptions(Fraction(1, 10), {"confident": 3, "likely": 10}, 30, Fraction(1, 10), (2, 4))
AS_OF = date(2025, 6, 30)
ASKED = Asked(AS_OF, (2023, 2024, 2025), ASSUMED)


def model(
    name: str, developer: str, day: str, compute: int | None, label: str = "Confident"
) -> RecordedModel:
    published = date.fromisoformat(day)
    return RecordedModel(name, (developer,), published, compute, confidence=label)


MODELS = (
    model("Alder 1", "Aspen Labs", "2023-03-01", 10**25),
    model("Birch 1", "Beech Works", "2023-06-01", 2 * 10**24),
    model("Cedar 1", "Cypress Co", "2023-09-01", 5 * 10**23),
    model("Alder 2", "Aspen Labs", "2024-03-01", 10**26),
    model("Birch 2", "Beech Works", "2024-06-01", 8 * 10**24),
    model("Dogwood", "Dune Group", "2024-09-01", 2 * 10**25, "Likely"),
    replace(model("Elm", "Aspen Labs", "2024-10-01", None), is_frontier=True),
    model("Alder 3", "Aspen Labs", "2025-02-01", 3 * 10**26),
    model("Birch 3", "Beech Works", "2025-08-01", 10**27),  # after the day asked about
    replace(model("Fir", "Dune Group", "2025-01-01", 10**26), published=None),
)


def tried(*options: Option, asked: Asked = ASKED) -> LabResult:
    return try_options(MODELS, options, asked)


def one(option: Option, asked: Asked = ASKED) -> OptionResult:
    return tried(option, asked=asked).options[0]


def test_models_are_caught_year_by_year_up_to_the_day() -> None:
    found = one(fixed(5 * 10**24, MORE))
    assert [year.caught for year in found.years] == [1, 3, 1]
    assert [year.cumulative for year in found.years] == [1, 4, 5]
    assert [year.until for year in found.years] == [date(2023, 12, 31), date(2024, 12, 31), AS_OF]
    assert found.developers == ("Aspen Labs", "Beech Works", "Dune Group")
    assert [each.model.name for each in found.caught][-1] == "Alder 3"


def test_the_comparator_decides_at_the_threshold_itself() -> None:
    assert [year.caught for year in one(fixed(10**25, MORE)).years] == [0, 2, 1]
    assert [year.caught for year in one(fixed(10**25, AT_LEAST)).years] == [1, 2, 1]
    assert [year.caught for year in one(fixed(10**25 - 1, MORE)).years] == [1, 2, 1]


def test_who_is_burdened_is_not_at_the_frontier_at_the_end_of_the_year() -> None:
    found = one(fixed(5 * 10**24, MORE))
    assert [(each.developer, each.year) for each in found.burdened] == [("Beech Works", 2024)]
    [burdened] = found.burdened
    assert (burdened.largest, burdened.frontier_level) == (8 * 10**24, 10**25)
    assert one(fixed(10**25, MORE)).burdened == ()


def test_frontier_models_are_missed_below_it_or_because_nothing_is_known() -> None:
    found = one(fixed(10**25, MORE))
    assert [each.model.name for each in found.missed] == ["Alder 1", "Birch 1"]
    assert [each.model.name for each in found.missed_unknown] == ["Elm"]
    assert found.years[1].unknown == 1
    assert found.years[1].frontier == 2


def test_without_a_mark_unknown_models_of_frontier_developers_may_be_missed() -> None:
    unmarked = replace(model("Elm", "Aspen Labs", "2024-10-01", None), is_frontier=None)
    other = replace(model("Gorse", "Cypress Co", "2024-10-01", None), is_frontier=None)
    edge = Frontier((*MODELS, unmarked, other), ASSUMED)
    seen = {each.model.name for each in edge.models if edge.is_unseen(each)}
    assert "Elm" in seen
    assert "Gorse" not in seen


def test_labels_give_bounds_and_stated_bounds_come_first() -> None:
    likely = model("a", "A", "2024-01-01", 10**25, "Likely")
    assert bounds_of(likely, ASSUMED) == Bounds(10**24, 10**25, 10**26)
    stated = replace(likely, low=9 * 10**24)
    assert bounds_of(stated, ASSUMED) == Bounds(9 * 10**24, 10**25, 10**26)
    assert bounds_of(replace(likely, confidence="Wrong"), ASSUMED).high == 3 * 10**26
    assert bounds_of(replace(likely, compute=None), ASSUMED) == Bounds(None, None, None)
    only_low = replace(likely, compute=None, low=10**25)
    assert bounds_of(only_low, ASSUMED) == Bounds(10**25, 10**25, None)


@pytest.mark.parametrize(
    ("bounds", "standing"),
    [
        (Bounds(11, 20, 30), Standing.CERTAIN),
        (Bounds(10, 20, 30), Standing.LIKELY),
        (Bounds(5, 10, 11), Standing.POSSIBLE),
        (Bounds(5, 9, 10), Standing.BELOW),
        (Bounds(None, None, None), Standing.UNKNOWN),
        (Bounds(11, 11, None), Standing.CERTAIN),
        (Bounds(9, 9, None), Standing.POSSIBLE),
        (Bounds(None, None, 11), Standing.POSSIBLE),
        (Bounds(None, None, 10), Standing.BELOW),
    ],
)
def test_how_bounds_stand_to_a_threshold(bounds: Bounds, standing: Standing) -> None:
    assert fixed(10, MORE).standing(bounds, AS_OF) is standing


def test_a_threshold_with_bounds_is_surely_passed_only_above_the_high_one() -> None:
    option = Option("moves", MORE, lambda _day: Level(10, 5, 20))
    assert option.standing(Bounds(21, 30, 40), AS_OF) is Standing.CERTAIN
    assert option.standing(Bounds(15, 30, 40), AS_OF) is Standing.LIKELY
    assert option.standing(Bounds(1, 4, 6), AS_OF) is Standing.POSSIBLE
    without = Option("none", MORE, lambda _day: Level(None, None, None))
    assert without.standing(Bounds(21, 30, 40), AS_OF) is Standing.BELOW


def test_a_moving_threshold_counts_as_it_was_on_the_day_a_model_came_out() -> None:
    def level_on(day: date) -> Level:
        value = 10**25 if day.year < 2024 else 10**26
        return Level(value, value, value)

    found = one(Option("moves", AT_LEAST, level_on))
    assert [year.caught for year in found.years] == [1, 1, 1]


def test_the_frontier_of_a_year_says_which_threshold_would_have_fitted_it() -> None:
    first, second, third = tried(fixed(10**25, MORE)).frontier
    assert (first.largest, first.level, first.models) == (10**25, 10**24, 2)
    assert (first.least_frontier, first.largest_other) == (2 * 10**24, 5 * 10**23)
    assert (second.least_frontier, second.largest_other) == (2 * 10**25, 8 * 10**24)
    assert third.largest == 3 * 10**26


def test_models_without_a_day_are_counted_apart() -> None:
    assert tried(fixed(10**25, MORE)).undated == 1


def test_splitting_is_told_of_the_caught_models() -> None:
    split = one(fixed(10**25, MORE)).splitting
    assert [(way.pieces, way.escaped) for way in split.ways] == [(2, 0), (4, 1)]
    assert (split.median_pieces, split.most_pieces) == (16, 57)


levels = st.integers(10**22, 10**28)
drawn = st.lists(
    st.builds(
        RecordedModel,
        name=st.sampled_from(("a", "b", "c")),
        developers=st.lists(st.sampled_from(("A", "B", "C")), max_size=2).map(tuple),
        published=st.dates(date(2023, 1, 1), date(2025, 12, 31)),
        compute=st.none() | st.integers(10**21, 10**28),
        confidence=st.sampled_from((None, "Likely", "Confident", "Speculative")),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(models=drawn, level=levels, more=levels)
def test_a_higher_threshold_catches_no_more_and_misses_no_less(
    models: list[RecordedModel], level: int, more: int
) -> None:
    low, high = sorted((level, more))
    below, above = try_options(models, [fixed(low, MORE), fixed(high, MORE)], ASKED).options
    assert {id(each.model) for each in above.caught} <= {id(each.model) for each in below.caught}
    assert len(above.missed) >= len(below.missed)
    for year in (*below.years, *above.years):
        assert year.certain <= year.caught <= year.with_compute <= year.models
        assert year.frontier <= year.with_compute


@settings(max_examples=40)
@given(models=drawn, level=levels, order=st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_no_count(
    models: list[RecordedModel], level: int, order: object
) -> None:
    mixed = list(models)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    one_way, other = (try_options(each, [fixed(level, MORE)], ASKED) for each in (models, mixed))
    assert one_way.frontier == other.frontier
    assert [year.caught for year in one_way.options[0].years] == [
        year.caught for year in other.options[0].years
    ]


def test_the_shipped_assumptions_are_read_from_the_rule_file() -> None:
    found = assumptions_of(Law(shipped_book(), AS_OF))
    assert found.frontier_share == Fraction(1, 10)
    assert found.factor("Confident") < found.factor("Likely") < found.factor("Speculative")
    assert found.factor(None) == found.factor("Unknown") == found.unlabelled
    assert found.ways == (2, 4, 8, 16)
