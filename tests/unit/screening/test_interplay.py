"""What measures say together: the table keeps its order, and an explanation adds up to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boosted_trees import Plan, grown, ordered
from sluicegate.screening import Index, compare
from sluicegate.screening.interplay import Interplay, interplay
from sluicegate.screening.model import SIGNS

AMOUNT = st.floats(0.0, 60.0)


def test_the_table_asks_about_known_measures_only() -> None:
    assert set(interplay().measures) <= set(SIGNS)


@settings(max_examples=60, deadline=None)
@given(
    amounts=st.lists(AMOUNT, min_size=len(SIGNS), max_size=len(SIGNS)),
    name=st.sampled_from([name for name, sign in SIGNS.items() if sign]),
    more=st.floats(0.01, 40.0),
)
def test_agreement_never_lowers_and_disagreement_never_raises(
    amounts: list[float], name: str, more: float
) -> None:
    before = dict(zip(SIGNS, amounts, strict=True))
    after = before | {name: before[name] + more}
    measured = {one: np.array([before[one], after[one]]) for one in SIGNS}
    first, second = interplay().odds(measured, np.arange(2)).tolist()
    assert SIGNS[name] * (second - first) >= 0.0


@settings(max_examples=30, deadline=None)
@given(amounts=st.lists(AMOUNT, min_size=len(SIGNS), max_size=len(SIGNS)))
def test_the_shares_of_measures_add_up(amounts: list[float]) -> None:
    measured = {one: np.array([each]) for one, each in zip(SIGNS, amounts, strict=True)}
    start, shares = interplay().shares(measured, 0)
    whole = float(interplay().odds(measured, np.arange(1))[0])
    assert start + sum(shares.values()) == pytest.approx(whole, abs=1e-9)


def test_a_table_is_read_as_it_is_written() -> None:
    table = Interplay.read("# a head\nslips>1.5 letters>10: 0 -300 100 -100\n")
    measured = {"slips": np.array([1.0, 3.0, 3.0]), "letters": np.array([9.0, 9.0, 12.0])}
    assert table.odds(measured, np.arange(3)).tolist() == [0.0, -0.3, -0.1]


def test_a_slip_weighs_less_in_a_long_rare_name_than_in_a_short_common_one() -> None:
    long = float(compare("Arkady Vorontsov Belskj", "Arkady Vorontsov Belsky", "Person"))
    short = float(compare("Jon Lo", "Jon Li", "Person"))
    assert long > Index.build([]).alert_threshold > short


@given(
    leaves=st.lists(st.floats(-3.0, 3.0), min_size=8, max_size=8),
    signs=st.lists(st.sampled_from([-1, 0, 1]), min_size=3, max_size=3),
)
def test_leaves_are_put_in_the_order_that_signs_ask_for(
    leaves: list[float], signs: list[int]
) -> None:
    held = ordered(np.array(leaves), np.ones(8), signs).reshape(2, 2, 2)
    for axis, sign in enumerate(reversed(signs)):
        assert (sign * np.diff(held, axis=axis) >= -1e-6).all()


def test_trees_learn_what_two_measures_say_only_together() -> None:
    chance = np.random.default_rng(3)
    amounts = chance.random((600, 2))
    labels = ((amounts[:, 0] > 0.5) & (amounts[:, 1] > 0.5)).astype(float)
    trees = list(grown(amounts, labels, np.ones(600), np.zeros(600), [1, 1], Plan(40, 2, 0.3, 1.0)))
    odds = np.sum([tree.odds(amounts) for tree in trees], axis=0)
    assert ((odds > 0) == (labels > 0)).mean() > 0.98
