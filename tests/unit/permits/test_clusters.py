"""Accelerators that make a rate, and groups that links make of clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import flop_text
from sluicegate.permits import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
FIGURE = "kthf.oversight.cluster_verification.peak_rate"


def linked(
    rates: Mapping[str, int], *links: tuple[str, str], book: RuleBook = BOOK
) -> Mapping[str, Any]:
    facts = {
        "clusters": {name: flop_text(rate) for name, rate in rates.items()},
        "numeric_format": "fp16_dense",
        "high_speed_links": [{"from": one, "to": other} for one, other in links],
    }
    return ask(BY_NAME["linked_cluster_rate"], facts, as_of="2026-03-01", book=book).answer


def accelerators(rate: str, peak: str) -> int:
    facts = {
        "cluster_flop_per_second": rate,
        "accelerator_peak_flop_per_second": peak,
        "numeric_format": "bf16_dense",
    }
    question = BY_NAME["accelerator_equivalents"]
    return int(ask(question, facts, as_of="2026-03-01", book=BOOK).answer["accelerators"])


@pytest.mark.parametrize(
    ("rate", "peak", "number"),
    [
        ("0", "1", 0),
        ("1", "1e30", 1),
        ("1e30", "1e15", 10**15),
        ("1e30", "999999999999999", 1_000_000_000_000_002),
        ("0.5", "0.25", 2),
        ("0.5", "0.3", 2),
        ("1e999", "1e-999", 10**1998),
    ],
)
def test_the_quotient_is_rounded_up(rate: str, peak: str, number: int) -> None:
    assert accelerators(rate, peak) == number


@given(rate=st.integers(0, 10**30), peak=st.integers(1, 10**20))
def test_the_number_reaches_the_rate_and_one_less_does_not(rate: int, peak: int) -> None:
    number = accelerators(flop_text(rate), flop_text(peak))
    assert number * peak >= rate
    assert number == 0 or (number - 1) * peak < rate


NAMES = list("abcdef")
RATES = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10**18), min_size=1)


@st.composite
def networks(draw: st.DrawFn) -> tuple[dict[str, int], list[tuple[str, str]]]:
    rates = draw(RATES)
    ends = st.sampled_from(sorted(rates))
    return rates, draw(st.lists(st.tuples(ends, ends), max_size=7))


def reachable(start: str, links: list[tuple[str, str]]) -> frozenset[str]:
    """Return what links join to a cluster, by walking them until nothing is added."""
    found = {start}
    while True:
        ends = [set(link) for link in links if found & set(link)]
        wider = found.union(*ends)
        if wider == found:
            return frozenset(found)
        found = wider


@given(network=networks(), seed=st.randoms())
def test_groups_are_what_links_reach_in_any_order(
    network: tuple[dict[str, int], list[tuple[str, str]]], seed: Any
) -> None:
    rates, links = network
    groups = {reachable(name, links) for name in rates}
    got = linked(rates, *links)
    assert got["groups"] == len(groups)
    best = max(sum(rates[name] for name in group) for group in groups)
    assert got["largest_rate"] == best
    ties = [sorted(g) for g in groups if sum(rates[name] for name in g) == best]
    assert got["largest_group"] == min(ties)
    mixed, turned = list(rates.items()), [(b, a) for a, b in links]
    seed.shuffle(mixed)
    seed.shuffle(turned)
    assert linked(dict(mixed), *turned, *links) == got


@given(network=networks(), ends=st.tuples(st.integers(0, 5), st.integers(0, 5)))
def test_a_link_never_lowers_the_rate_and_takes_away_at_most_one_group(
    network: tuple[dict[str, int], list[tuple[str, str]]], ends: tuple[int, int]
) -> None:
    rates, links = network
    names = sorted(rates)
    one, other = (names[end % len(names)] for end in ends)
    before, after = linked(rates, *links), linked(rates, *links, (one, other))
    assert after["largest_rate"] >= before["largest_rate"]
    assert before["groups"] - after["groups"] in (0, 1)


def test_the_figure_decides_exactly_at_its_value_and_moves_with_the_book() -> None:
    values = BOOK.parameter(FIGURE).values
    old = values[0].value
    assert isinstance(old, int)
    other = BOOK.with_values(FIGURE, [replace(values[0], value=3 * old)])
    for value, book in ((old, BOOK), (3 * old, other)):
        met = [
            linked({"a": value - 5, "b": 5 + step}, ("a", "b"), book=book)["at_least_1e18"]
            for step in (-1, 0, 1)
        ]
        assert met == [False, True, True]


def test_rates_that_are_no_whole_numbers_add_up_exactly() -> None:
    facts = {
        "clusters": {"a": "0.1", "b": "0.2"},
        "numeric_format": "fp64",
        "high_speed_links": [{"from": "a", "to": "b"}],
    }
    got = ask(BY_NAME["linked_cluster_rate"], facts, as_of="2026-03-01", book=BOOK).answer
    assert got["largest_rate"] == Fraction(3, 10)


@pytest.mark.parametrize(
    ("links", "paths"),
    [
        ([("x", "a")], ["high_speed_links.from"]),
        ([("a", "x")], ["high_speed_links.to"]),
        ([("a", "x"), ("x", "a")], ["high_speed_links.from", "high_speed_links.to"]),
        ([("A", "a"), ("", "a")], ["high_speed_links.from"]),
    ],
)
def test_a_link_to_an_unknown_cluster_is_refused(
    links: list[tuple[str, str]], paths: list[str]
) -> None:
    with pytest.raises(BadFactsError) as error:
        linked({"a": 1}, *links)
    assert error.value.paths == paths
