"""What a moving threshold comes to: on the day of a change, as known then, and for ever after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moving_world import DATA, HOME, OF_MODELS, START, drawn_models, model, moving, snapshot
from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.frontier.moving import Known, Moving, WrongRuleError, value_on
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.moving import Role

LATE = date(2026, 6, 1)
DAYS = st.integers(0, 1500).map(lambda days: START + timedelta(days=days))
MODELS = (
    model("a", 10**24, 1, by=("one",), is_open=True),
    model("b", 3 * 10**24, 30, by=("two",)),
    model("c", 2 * 10**24, 60, by=("three",), is_open=True),
    model("d", None, 70, by=("four",), is_open=True),
    model("e", 8 * 10**24, 800, by=("one",)),
)
SNAPSHOT = snapshot(MODELS)


def at(
    name: str, day: date, known_on: date | None = None, *, of: Snapshot = SNAPSHOT
) -> int | None:
    value = value_on(moving(name), day, known_on, [of]).value
    assert value is None or isinstance(value, int)
    return value


def test_a_scheduled_limit_changes_on_its_day_and_not_the_day_before() -> None:
    assert at("planned", date(2025, 12, 31)) == 10**24
    assert at("planned", date(2026, 1, 1)) == 5 * 10**24
    assert at("planned", date(2023, 12, 31)) is None


def test_a_change_counts_only_once_it_was_announced() -> None:
    assert at("planned", LATE, date(2025, 5, 31)) == 10**24
    assert at("planned", LATE, date(2025, 6, 1)) == 5 * 10**24
    before = value_on(moving("planned"), date(2025, 7, 1), date(2025, 5, 31), [])
    after = value_on(moving("planned"), date(2025, 7, 1), date(2025, 6, 1), [])
    assert before.notes == ()
    assert [str(note) for note in after.notes] == [
        "From 2026-01-01 on it is 5e24 FLOP, as announced (s. 2a)."
    ]


def test_progress_halves_on_the_day_and_loses_something_every_day() -> None:
    halved = START + timedelta(days=200)
    assert at("progress", START) == 10**25
    assert at("progress", halved) == 10**25 // 2
    value = value_on(moving("progress"), halved, None, [])
    assert (value.low, value.high) == (
        10**25 // 4,
        int(at("progress", START + timedelta(100)) or 0),
    )
    days = [START + timedelta(days=day) for day in range(400)]
    levels = [at("progress", day) or 0 for day in days]
    assert all(later < earlier for earlier, later in pairwise(levels))
    assert at("progress", START - timedelta(days=1)) is None


def test_a_whole_amount_stands_to_the_rounded_level_as_to_the_exact_one() -> None:
    """After 100 of 200 days the level is 1e25 over the root of 2; squares tell exactly."""
    level = value_on(moving("progress"), START + timedelta(days=100), None, [])
    assert level.value is not None
    for amount in (int(level.value) + step for step in (-1, 0, 1, 2)):
        assert level.passed_by(amount) == (2 * amount**2 > 10**50)


def test_a_floor_and_a_cap_bound_the_level_and_say_so() -> None:
    first, last = (value_on(moving("bounded"), day, None, []) for day in (START, date(2030, 1, 1)))
    assert (first.value, last.value) == (9 * 10**24, 10**23)
    assert "the cap is 9e24 FLOP" in str(first.notes[-1])
    assert "the floor is 1e23 FLOP" in str(last.notes[-1])
    assert first.high == 9 * 10**24
    assert last.low == 10**23


def test_the_levels_of_models_are_those_known_on_the_day() -> None:
    day = START + timedelta(days=100)
    assert at("third", day) == 10**24
    assert at("open", day) == 4 * 10**24
    assert at("few", day) == 3 * 10**24
    assert at("some", day) == 3 * 10**24
    assert at("near", day) == 948683298050513799599669
    late = START + timedelta(days=801)
    assert at("third", late) == 2 * 10**24
    assert at("third_of_late", late) is None, "two of the last two years state compute"


def test_the_day_of_publication_is_the_first_on_which_a_model_counts() -> None:
    assert at("third", START + timedelta(days=59)) is None
    assert at("third", START + timedelta(days=60)) == 10**24


def test_a_value_names_what_it_rests_on() -> None:
    value = value_on(moving("open"), LATE, LATE, [SNAPSHOT])
    assert [(one.name, one.known_on, one.digest) for one in value.snapshots] == [
        (DATA, LATE, f"digest of {LATE}")
    ]
    assert [one.model.name for one in value.models] == ["c"]
    assert value.parameters[Role.FACTOR].dated.reference == "s. 6"
    assert (value.considered, value.undisclosed) == (3, 1)
    assert value.high is None, "an open model without compute may be larger"
    assert not value.is_certain


@pytest.mark.parametrize("name", OF_MODELS)
def test_without_a_snapshot_known_by_then_there_is_no_value(name: str) -> None:
    value = value_on(moving(name), LATE, LATE - timedelta(days=1), [SNAPSHOT])
    assert value.value is None
    assert str(value.why) == f"No snapshot of the data set {DATA} was known on 2026-05-31."
    assert not value.passed_by(10**30)


@pytest.mark.parametrize("name", [*OF_MODELS, "highest"])
@given(models=drawn_models(), later=drawn_models(), day=DAYS)
def test_a_later_snapshot_never_changes_an_earlier_value(
    name: str, models: tuple[RecordedModel, ...], later: tuple[RecordedModel, ...], day: date
) -> None:
    early = snapshot(models, date(2025, 1, 1))
    known = date(2025, 12, 31)
    alone = value_on(moving(name), day, known, [early])
    for order in ([early, snapshot(later, date(2026, 1, 1))], [snapshot(later, LATE), early]):
        assert value_on(moving(name), day, known, order) == alone


@given(
    drawn=st.lists(st.tuples(drawn_models(), st.integers(0, 900)), min_size=1, max_size=4),
    days=st.tuples(DAYS, DAYS),
    knowledge=st.tuples(DAYS, DAYS),
)
def test_the_level_of_the_best_open_model_never_falls(
    drawn: list[tuple[tuple[RecordedModel, ...], int]],
    days: tuple[date, date],
    knowledge: tuple[date, date],
) -> None:
    """Neither by the day nor by what is known, although snapshots may take a model back."""
    known = Known(snapshot(models, START + timedelta(days=after)) for models, after in drawn)
    earlier = value_on(moving("open"), min(days), min(knowledge), known)
    later = value_on(moving("open"), max(days), max(knowledge), known)
    if earlier.value is not None:
        assert later.value is not None
        assert later.value >= earlier.value


@given(models=drawn_models(), days=st.tuples(DAYS, DAYS))
def test_levels_by_rank_and_by_the_largest_rise_with_the_days(
    models: tuple[RecordedModel, ...], days: tuple[date, date]
) -> None:
    for name in ("third", "near"):
        earlier = at(name, min(days), of=snapshot(models))
        later = at(name, max(days), of=snapshot(models))
        assert earlier is None or (later is not None and later >= earlier)


def test_a_model_that_a_later_snapshot_takes_back_still_counts_and_is_told() -> None:
    smaller = snapshot([model("a", 10**23, 1, is_open=True)], date(2026, 7, 1))
    value = value_on(moving("open"), LATE, None, [SNAPSHOT, smaller])
    assert value.value == 4 * 10**24
    assert "the level never falls" in str(value.notes[-1])


@given(models=drawn_models(), day=DAYS)
def test_a_combination_is_the_largest_or_smallest_of_its_parts(
    models: tuple[RecordedModel, ...], day: date
) -> None:
    known = [snapshot(models)]
    progress = value_on(moving("progress"), day, None, known)
    planned = value_on(moving("planned"), day, None, known)
    highest = value_on(moving("highest"), day, None, known)
    assert progress.value is not None
    assert planned.value is not None
    assert highest.value == max(progress.value, planned.value)
    assert value_on(moving("lowest"), day, None, known).value == progress.value
    chosen = "planned" if planned.value >= progress.value else "progress"
    assert highest.chosen == f"{HOME}.{chosen}"


def test_a_part_without_a_value_is_left_out_and_told() -> None:
    rule = replace(moving("highest").rule, parts=(f"{HOME}.planned", f"{HOME}.third"))
    value = value_on(Moving(rule, moving("highest").book), LATE, None, [])
    assert value.value == 5 * 10**24
    assert [str(note) for note in value.notes] == [f"{HOME}.third has no value and is left out."]


def test_a_file_can_stand_in_for_every_data_set() -> None:
    other = replace(snapshot([model("x", 10**21), model("y", 10**20)]), name="a file")
    known = Known([SNAPSHOT, other], instead="a file")
    assert value_on(moving("near"), LATE, None, known).models[0].model.name == "x"


def test_a_halving_time_of_nothing_is_refused_by_the_name_of_its_rule() -> None:
    book = moving("progress").book
    parameter = book.parameter(f"{HOME}.halving")
    none = replace(parameter.first(), value=Period(0, PeriodUnit.DAY))
    wrong = Moving.of(book.with_values(parameter.id, [none]), f"{HOME}.progress")
    with pytest.raises(WrongRuleError, match=f"{HOME}.progress.halving: {HOME}.halving is no time"):
        value_on(wrong, LATE, None, [])


@pytest.mark.parametrize(
    ("unit", "days"),
    [("hour", Fraction(1, 24)), ("week", 7), ("month", Fraction(146097, 4800))],
)
def test_a_halving_time_may_have_any_unit(unit: str, days: Fraction) -> None:
    book = moving("progress").book
    for role in ("halving.low", "halving", "halving.high"):
        parameter = book.parameter(f"{HOME}.{role}")
        other = replace(parameter.first(), value=Period(24, PeriodUnit(unit)))
        book = book.with_values(parameter.id, [other])
    value = value_on(Moving.of(book, f"{HOME}.progress"), START + timedelta(days=7), None, [])
    assert value.value is not None
    exponent = 7 / (24 * Fraction(days))
    p, q = exponent.numerator, exponent.denominator
    assert int(value.value) ** q * 2**p <= 10 ** (25 * q) < (int(value.value) + 1) ** q * 2**p
