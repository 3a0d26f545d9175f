"""Chips and memory: each figure at its edge, exact quotients, Note 2, NAC and ACA."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import Exact
from sluicegate.export import QUESTIONS
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
DAY = date(2026, 6, 1)
CHIPS = "us.eccn_3a090"
TINY = Fraction(1, 10**9)


def limit(name: str) -> Fraction:
    value = BOOK.parameter(f"{CHIPS}.{name}").first().value
    assert isinstance(value, int | Fraction)
    return Fraction(value)


def classified(
    tpp: Exact, density: Exact | None = None, *, book: RuleBook = BOOK, **facts: Any
) -> Mapping[str, Any]:
    """Classify a chip of one bit with this TPP and density; for data centres unless said."""
    given = {"peak_tops_by_bit_length": {1: Fraction(tpp)}, "data_centre": True, **facts}
    if density is not None:
        given["applicable_die_area_mm2"] = Fraction(tpp) / Fraction(density)
    return ask(BY_NAME["classify_chip"], given, as_of=DAY, book=book).answer


A, DENSE, A_DENSITY = limit("a.tpp"), limit("a.dense.tpp"), limit("a.dense.performance_density")
B1, B1_DENSITY = limit("b1.tpp"), limit("b1.performance_density")
B2, B2_DENSITY = limit("b2.tpp"), limit("b2.performance_density")
NOTE_2, MEMORY = limit("note_2.tpp"), limit("c.memory_bandwidth_density")

EDGES = [
    (A, None, "3A090.a"),
    (A - TINY, None, "none"),
    (A, B1_DENSITY / 2, "3A090.a"),
    (A - TINY, A_DENSITY - TINY, "3A090.b"),
    (A - TINY, B1_DENSITY, "3A090.b"),
    (A - TINY, B1_DENSITY - TINY, "none"),
    (DENSE, A_DENSITY, "3A090.a"),
    (DENSE - TINY, A_DENSITY, "none"),
    (DENSE, A_DENSITY - TINY, "3A090.b"),
    (B1, B1_DENSITY, "3A090.b"),
    (B1 - TINY, B1_DENSITY, "none"),
    (B1 - TINY, B2_DENSITY - TINY, "none"),
    (B1, B2_DENSITY - TINY, "3A090.b"),
    (B2, B2_DENSITY, "3A090.b"),
    (B2 - TINY, B2_DENSITY, "none"),
    (B2, B2_DENSITY - TINY, "none"),
    (0, 1, "none"),
]


@pytest.mark.parametrize(("tpp", "density", "eccn"), EDGES)
def test_a_figure_of_the_entry_is_met_by_itself(
    tpp: Exact, density: Exact | None, eccn: str
) -> None:
    if not tpp:
        density = None
    found = classified(tpp, density)
    assert found["eccn"] == eccn
    assert found["tpp"] == tpp
    assert found["performance_density"] == density
    computer = classified(tpp, density, form="computer")
    assert computer == {**found, "eccn": eccn.replace("3A090", "4A090")}


ORDER = ("none", "3A090.b", "3A090.a")
TPPS = st.fractions(0, 12000, max_denominator=100) | st.sampled_from([A, DENSE, B1, B2, NOTE_2])
DENSITIES = st.fractions(Fraction(1, 10), 20, max_denominator=100) | st.sampled_from(
    [A_DENSITY, B1_DENSITY, B2_DENSITY]
)


@given(tpp=TPPS, density=DENSITIES, more=TPPS, denser=DENSITIES)
def test_more_performance_and_density_never_lower_the_class(
    tpp: Fraction, density: Fraction, more: Fraction, denser: Fraction
) -> None:
    low = classified(tpp + 1, density)["eccn"]
    high = classified(tpp + 1 + more, density + denser)["eccn"]
    assert ORDER.index(high) >= ORDER.index(low)


@given(tpp=TPPS, density=DENSITIES | st.none(), centre=st.booleans())
def test_the_class_is_what_the_entry_says_word_by_word(
    tpp: Fraction, density: Fraction | None, centre: bool
) -> None:
    tpp += 1
    found = classified(tpp, density, data_centre=centre)
    dense = Fraction(-1) if density is None else density
    is_a = tpp >= A or (tpp >= DENSE and dense >= A_DENSITY)
    first = B1 <= tpp < A and B1_DENSITY <= dense < A_DENSITY
    second = tpp >= B2 and B2_DENSITY <= dense < A_DENSITY
    left_out = not centre and tpp < NOTE_2
    expected = "3A090.a" if is_a else "3A090.b" if first or second else "none"
    assert found["eccn"] == ("none" if left_out else expected)
    assert found["note_2_excluded"] == left_out
    open_to = found["eccn"] != "none" and not (centre and is_a)
    assert found["nac_aca_candidate"] == open_to


@given(
    peaks=st.dictionaries(st.integers(1, 64), st.integers(0, 10**5), min_size=1, max_size=4),
    factor=st.integers(1, 7),
)
def test_the_highest_product_counts_after_the_sparsity_is_divided_out(
    peaks: dict[int, int], factor: int
) -> None:
    facts = {"peak_tops_by_bit_length": peaks, "sparsity_factor": factor, "data_centre": True}
    found = ask(BY_NAME["classify_chip"], facts, as_of=DAY, book=BOOK).answer
    assert found["tpp"] == Fraction(max(bits * peak for bits, peak in peaks.items()), factor)
    turned = {**facts, "peak_tops_by_bit_length": dict(reversed(peaks.items()))}
    assert ask(BY_NAME["classify_chip"], turned, as_of=DAY, book=BOOK).answer == found


def test_a_third_is_not_rounded_up_to_a_limit() -> None:
    tpp = (A * 3 - TINY) / 3
    found = classified(A * 3 - TINY, sparsity_factor=3)
    assert found["tpp"] == tpp
    assert found["eccn"] == "none"


@pytest.mark.parametrize("name", ["a.tpp", "note_2.tpp"])
def test_the_figure_comes_from_the_book(name: str) -> None:
    full = f"{CHIPS}.{name}"
    values = [replace(dated, value=5000) for dated in BOOK.parameter(full).values]
    book = BOOK.with_values(full, values)
    centre = name == "a.tpp"
    assert classified(A, B1_DENSITY, data_centre=centre)["eccn"] == "3A090.a"
    moved = classified(A, B1_DENSITY, book=book, data_centre=centre)
    assert moved["eccn"] == ("3A090.b" if centre else "none")


@pytest.mark.parametrize(
    ("peaks", "said"),
    [
        ({}, ["is empty"]),
        ({0: 1}, ["below 1"]),
        ({-8: 1, 8: 1}, ["below 1"]),
        ({"8": -1}, ["below 0"]),
        ({"x": 1}, ["key"]),
        ([], ["no map"]),
    ],
)
def test_peaks_that_are_none_are_refused_at_their_field(peaks: Any, said: list[str]) -> None:
    facts = {"peak_tops_by_bit_length": peaks, "data_centre": True}
    with pytest.raises(BadFactsError) as refused:
        ask(BY_NAME["classify_chip"], facts, as_of=DAY, book=BOOK)
    assert refused.value.paths == ["peak_tops_by_bit_length"]
    assert all(part in str(refused.value) for part in said)


@pytest.mark.parametrize("kind", ["peak", "bits"])
def test_a_bit_length_is_not_looked_at_while_something_else_is_wrong(kind: str) -> None:
    facts = {"peak_tops_by_bit_length": {0: 1}, "data_centre": "yes", kind: 1}
    with pytest.raises(BadFactsError) as refused:
        ask(BY_NAME["classify_chip"], facts, as_of=DAY, book=BOOK)
    assert refused.value.paths == [kind, "data_centre"]


@pytest.mark.parametrize(
    ("density", "eccn"),
    [(MEMORY - TINY, "none"), (MEMORY, "none"), (MEMORY + TINY, "3A090.c"), (0, "none")],
)
def test_memory_must_be_above_its_figure(density: Fraction, eccn: str) -> None:
    facts = {"memory_bandwidth_density": density}
    assert ask(BY_NAME["classify_hbm"], facts, as_of=DAY, book=BOOK).answer == {"eccn": eccn}


@pytest.mark.parametrize("bits", ["8", 8])
def test_a_bit_length_may_be_text(bits: Any) -> None:
    facts = {"peak_tops_by_bit_length": {bits: Decimal("989.5")}, "data_centre": True}
    found = ask(BY_NAME["classify_chip"], facts, as_of=DAY, book=BOOK).answer
    assert found["tpp"] == 7916
