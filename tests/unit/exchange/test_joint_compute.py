"""Two sets that meet only where two providers' compute passes the threshold together."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import CustomerId
from sluicegate.kyc.joint_compute import (
    Element,
    Terms,
    TermsError,
    answering_elements,
    asking_elements,
    identifiers_of,
    joint_compute,
)
from sluicegate.registry.records import Customer, CustomerKind

THRESHOLD = 10**25


def terms(levels: int = 16, elements: int = 4096, threshold: int = THRESHOLD) -> Terms:
    return Terms("s-1", "Provider A", "Provider B", threshold, date(2026, 3, 31), levels, elements)


def customer(**parts: object) -> Customer:
    said = {
        "source": "crm",
        "customer_id": CustomerId("c-1"),
        "name": "Ýsolde Quarrenton",
        "customer_kind": CustomerKind.INDIVIDUAL,
        "country": "PT",
        **parts,
    }
    return Customer(**said)  # type: ignore[arg-type]


def meet(agreed: Terms, a: int | Fraction, b: int | Fraction) -> list[Element]:
    """Return what the asking side learns of one customer with compute a here and b there."""
    asked = asking_elements(agreed, {"p": a}, {"p": ["lei:x"]})
    answered = answering_elements(agreed, {"q": b}, {"q": ["lei:x"]})
    there = {one.text(agreed) for one in answered}
    return [one for one in asked if one.text(agreed) in there]


COMPUTE = st.integers(0, 2 * THRESHOLD)


@given(COMPUTE, COMPUTE, st.integers(2, 64))
def test_nothing_is_in_common_below_the_threshold(a: int, b: int, levels: int) -> None:
    agreed = terms(levels)
    common = meet(agreed, a, b)
    if a + b < THRESHOLD:
        assert not common
    elif min(a, THRESHOLD) + min(b, THRESHOLD) >= THRESHOLD + 2 * Fraction(THRESHOLD, levels):
        assert common


@given(COMPUTE, COMPUTE, st.integers(2, 64))
def test_the_least_that_both_have_is_never_more_than_what_they_have(
    a: int, b: int, levels: int
) -> None:
    agreed = terms(levels)
    for joint in joint_compute(agreed, meet(agreed, a, b), {"p": a}):
        assert THRESHOLD <= joint.low <= a + b
        assert joint.own == a
        assert joint.other_low <= b


def test_the_threshold_itself_is_met_by_two_halves() -> None:
    half = THRESHOLD // 2
    (joint,) = joint_compute(terms(), meet(terms(), half, half), {"p": half})
    assert joint.low == THRESHOLD
    assert not meet(terms(), half - 1, half)


def test_the_texts_of_one_session_say_nothing_in_another() -> None:
    element = Element("p", "lei:x", 3)
    assert element.text(terms(16)) != element.text(terms(32))


def test_the_highest_level_among_several_identifiers_counts() -> None:
    agreed = terms()
    common = [Element("p", "lei:x", 12), Element("p", "reg:pt:1", 9), Element("p", "reg:pt:1", 10)]
    (joint,) = joint_compute(agreed, common, {"p": THRESHOLD})
    assert joint.other_low == agreed.compute_of(16 - 9)


def test_a_set_that_the_agreed_size_does_not_hold_is_refused() -> None:
    compute = {f"p{number}": THRESHOLD for number in range(20)}
    names = {party: [f"lei:{party}"] for party in compute}
    with pytest.raises(TermsError, match="elements: 256 elements do not hold"):
        asking_elements(terms(16, 256), compute, names)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (("", "A", "B", 1, 16, 64), "session"),
        (("s", "A", "A", 1, 16, 64), "answering"),
        (("s", "A", "B", 0, 16, 64), "threshold"),
        (("s", "A", "B", 1, 1, 64), "levels"),
        (("s", "A", "B", 1, 16, 8), "elements"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    parts: tuple[str, str, str, int, int, int], field: str
) -> None:
    session, asking, answering, threshold, levels, elements = parts
    with pytest.raises(TermsError) as refused:
        Terms(session, asking, answering, threshold, date(2026, 1, 1), levels, elements)
    assert refused.value.field == field


def test_a_person_is_named_the_same_whatever_the_order_and_the_accents() -> None:
    born = date(1980, 2, 3)
    first = identifiers_of(customer(birth_date=born))
    second = identifiers_of(customer(birth_date=born, name="QUARRENTON,  Ysolde"))
    assert first == second
    assert first
    assert identifiers_of(customer()) == ()


def test_an_entity_is_named_by_its_numbers_and_not_by_its_name() -> None:
    entity = customer(
        customer_kind=CustomerKind.ENTITY,
        registration_number="PT 501-442",
        lei="5493001kjtiigc8y1r12",
    )
    assert identifiers_of(entity) == ("lei:5493001kjtiigc8y1r12", "reg:pt:pt501442")
