"""Round trips: the bound, and what landmarks prove at the edge, in any number and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.permits import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
LIGHT = "paper.location_verification_2024.light.speed"
STEP = Decimal("0.000001")


def answer(name: str, facts: Mapping[str, Any], book: RuleBook = BOOK) -> Mapping[str, Any]:
    return ask(BY_NAME[name], facts, as_of="2026-03-01", book=book).answer


def speed(book: RuleBook = BOOK) -> Fraction:
    value = book.parameter(LIGHT).first().value
    assert isinstance(value, int | Fraction)
    return Fraction(value)


def bound_of(time: Decimal | int) -> Decimal:
    """Return half a round trip at the speed of light as an exact decimal."""
    exact = Fraction(time) * speed() / 2
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def landmark(name: str, time: Any, site: Any, border: Any = None) -> dict[str, Any]:
    return {
        "landmark": name,
        "round_trip_ms": time,
        "declared_site_km": site,
        "excluded_region_km": border,
    }


def verified(*landmarks: Mapping[str, Any]) -> Mapping[str, Any]:
    return answer("location_verification", {"landmarks": list(landmarks)})


@given(time=st.decimals(0, 10**6, places=6), more=st.decimals(0, 10**6, places=6))
def test_a_bound_is_half_the_round_trip_and_grows_with_it(time: Decimal, more: Decimal) -> None:
    bound = answer("location_bound", {"round_trip_ms": time})["max_distance_km"]
    assert bound == Fraction(time) * speed() / 2
    later = answer("location_bound", {"round_trip_ms": time + more})["max_distance_km"]
    assert later >= bound


def test_the_speed_comes_from_the_book() -> None:
    values = BOOK.parameter(LIGHT).values
    slower = BOOK.with_values(LIGHT, [replace(values[0], value=200)])
    assert answer("location_bound", {"round_trip_ms": 3}, slower)["max_distance_km"] == 300


@pytest.mark.parametrize(
    ("site", "border", "result"),
    [
        (0, 0, "inconclusive"),
        (0, STEP, "verified"),
        (0, -STEP, "inconclusive"),
        (0, None, "inconclusive"),
        (STEP, STEP, "contradiction"),
        (STEP, None, "contradiction"),
        (STEP, -STEP, "contradiction"),
        (-STEP, STEP, "verified"),
        (-STEP, 0, "inconclusive"),
    ],
)
def test_the_result_turns_just_beyond_the_bound(site: Any, border: Any, result: str) -> None:
    """Site and border lie just below, at or just above the bound."""
    bound = bound_of(4)
    got = verified(landmark("a", 4, bound + site, None if border is None else bound + border))
    assert got["result"] == result
    decided = result != "inconclusive"
    assert got["deciding_landmark"] == ("a" if decided else None)
    assert got["max_distance_km"] == (Fraction(bound) if decided else None)


@pytest.mark.parametrize(
    ("result", "obligations"),
    [
        ("verified", []),
        ("inconclusive", ["retry"]),
        ("contradiction", ["retry", "report_credible_diversion"]),
    ],
)
def test_each_result_has_its_obligations(result: str, obligations: list[str]) -> None:
    ways = {
        "verified": landmark("a", 1, 0, 10**6),
        "inconclusive": landmark("a", 1, 0),
        "contradiction": landmark("a", 1, 10**6),
    }
    got = verified(ways[result])
    assert (got["result"], got["obligations"]) == (result, obligations)


LANDMARKS = st.builds(
    landmark,
    st.sampled_from("abc"),
    st.integers(0, 9),
    st.integers(0, 1200),
    st.none() | st.integers(0, 1200),
)


@given(landmarks=st.lists(LANDMARKS, max_size=6), seed=st.randoms())
def test_the_order_decides_only_which_landmark_is_named(
    landmarks: list[dict[str, Any]], seed: Any
) -> None:
    got = verified(*landmarks)
    shuffled = list(landmarks)
    seed.shuffle(shuffled)
    other = verified(*shuffled)
    assert (other["result"], other["obligations"]) == (got["result"], got["obligations"])
    against = [one for one in landmarks if one["declared_site_km"] > bound_of(one["round_trip_ms"])]
    outside = [
        one
        for one in landmarks
        if one["excluded_region_km"] is not None
        and bound_of(one["round_trip_ms"]) < one["excluded_region_km"]
    ]
    decided = against or outside
    assert got["deciding_landmark"] == (decided[0]["landmark"] if decided else None)
    expected = "contradiction" if against else "verified" if outside else "inconclusive"
    assert got["result"] == expected


@given(landmarks=st.lists(LANDMARKS, max_size=4), more=LANDMARKS)
def test_another_landmark_never_takes_back_a_contradiction(
    landmarks: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    before, after = verified(*landmarks)["result"], verified(*landmarks, more)["result"]
    assert before != "contradiction" or after == "contradiction"
    assert before == "inconclusive" or after != "inconclusive"
