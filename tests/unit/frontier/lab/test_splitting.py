"""Splitting a run: the least number of pieces, what it costs, and what counting finds again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.frontier.lab.splitting import (
    Split,
    added_up,
    escapes,
    kept_share,
    least_split,
    through_base,
)
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.comparators import Comparator

MORE, AT_LEAST = Comparator.GREATER_THAN, Comparator.AT_LEAST
NONE, TENTH = Fraction(0), Fraction(1, 10)


@pytest.mark.parametrize(
    ("compute", "threshold", "comparator", "loss", "pieces"),
    [
        (10, 10, MORE, NONE, 1),
        (10, 10, AT_LEAST, NONE, 2),
        (11, 10, MORE, NONE, 2),
        (30, 10, MORE, NONE, 3),
        (30, 10, AT_LEAST, NONE, 4),
        (19, 10, MORE, TENTH, 3),  # two pieces of 19 / 0.9 / 2 are above 10
        (18, 10, MORE, TENTH, 2),  # two pieces of 18 / 0.9 / 2 are exactly 10
        (18, 10, AT_LEAST, TENTH, 3),
    ],
)
def test_the_least_number_of_pieces_at_and_beside_the_boundary(
    compute: int, threshold: int, comparator: Comparator, loss: Fraction, pieces: int
) -> None:
    split = least_split(compute, threshold, comparator, loss)
    assert split is not None
    assert split.pieces == pieces
    assert split.extra == 1 / kept_share(pieces, loss) - 1


@settings(max_examples=80)
@given(
    compute=st.integers(1, 10**6),
    threshold=st.integers(1, 10**4),
    comparator=st.sampled_from((MORE, AT_LEAST)),
    loss=st.sampled_from((NONE, TENTH, Fraction(2, 5))),
)
def test_the_least_split_is_the_one_that_trying_every_number_finds(
    compute: int, threshold: int, comparator: Comparator, loss: Fraction
) -> None:
    split = least_split(compute, threshold, comparator, loss)
    assert split is not None
    assert escapes(compute, threshold, comparator, split.pieces, loss)
    tried = range(max(1, split.pieces - 300), split.pieces)
    assert not any(escapes(compute, threshold, comparator, number, loss) for number in tried)


def test_no_number_of_pieces_escapes_a_threshold_of_nothing() -> None:
    assert least_split(10, 0, AT_LEAST, TENTH) is None


def test_a_run_of_the_scale_of_the_largest_is_split_in_no_time() -> None:
    assert least_split(10**40, 1, MORE, TENTH) is not None
    assert least_split(10**27, 10**26, MORE, NONE) == Split(10, Fraction(0))


def model(name: str, base: str | None = None, compute: int | None = None) -> RecordedModel:
    return RecordedModel(name, ("Example Labs",), compute=compute, base_model=base)


def test_what_comes_from_a_caught_model_is_found_through_every_step() -> None:
    models = [
        model("Alder", compute=10**26),
        model("Alder Chat", "Alder"),
        model("Alder Code", "Alder Chat,Birch"),
        model("Birch"),
        model("Cedar", "Birch"),
    ]
    found = through_base(models, models[:1])
    assert [one.name for one in found] == ["Alder Chat", "Alder Code"]


def test_models_that_name_one_another_as_base_are_found_once() -> None:
    models = [model("Alder", "Birch", 10**26), model("Birch", "Alder"), model("Cedar", "Cedar")]
    assert [one.name for one in through_base(models, models[:1])] == ["Birch"]


def test_a_long_chain_of_bases_is_followed_to_its_end() -> None:
    models = [model("m0", compute=10**26)]
    models += [model(f"m{number}", f"m{number - 1}") for number in range(1, 3_000)]
    assert len(through_base(models, models[:1])) == 2_999


def test_developers_are_added_up_only_where_no_model_passes_alone() -> None:
    models = [
        RecordedModel("a", ("One",), compute=6),
        RecordedModel("b", ("One", "Two"), compute=5),
        RecordedModel("c", ("Three",), compute=11),
        RecordedModel("d", ("Three",), compute=4),
    ]
    assert added_up(models, 10, MORE) == {"One": 11}
    assert added_up(models, 11, MORE) == {"Three": 15}
    assert added_up(models, 11, AT_LEAST) == {"One": 11}
