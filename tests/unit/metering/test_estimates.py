"""Estimates of single rows, as `sluicegate meter estimate` gives them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sluicegate.core.estimates import Convention, Method
from sluicegate.metering.estimates import estimate_row
from sluicegate.metering.priors import Priors
from sluicegate.registry.catalogue import Catalogue
from sluicegate.services.meter import rates_of

CATALOGUE = Catalogue.load()
RATES = rates_of(CATALOGUE)
PRIORS = Priors(1900, 3300, 5200)


def _estimate(**row: str) -> object:
    return estimate_row({"id": "r", **row}, CATALOGUE, RATES, PRIORS)


def test_hours_give_peak_times_time_times_prior_exactly() -> None:
    row = {"id": "r", "accelerator": "NVIDIA A100 SXM4 80 GB", "accelerator_hours": "1000.5"}
    found = estimate_row(row, CATALOGUE, RATES, PRIORS)
    ceiling = 312 * 10**12 * Fraction(10005, 10) * 3600
    assert found.ceiling == ceiling
    assert (found.low, found.central, found.high) == (
        ceiling * Fraction(19, 100),
        ceiling * Fraction(33, 100),
        ceiling * Fraction(52, 100),
    )
    assert (found.method, found.convention) == (Method.HARDWARE, Convention.HARDWARE_FLOP)


def test_hours_come_before_parameters_and_are_not_multiplied_by_the_count() -> None:
    hours = {"id": "r", "accelerator": "a100", "accelerator_hours": "10"}
    more = {"accelerator_count": "512", "parameters": "7e9", "tokens": "1e12", "kind": "inference"}
    alone = estimate_row(hours, CATALOGUE, RATES, PRIORS)
    assert estimate_row(hours | more, CATALOGUE, RATES, PRIORS) == alone


@pytest.mark.parametrize(
    ("row", "central"),
    [
        ({"parameters": "70e9", "tokens": "15e12"}, 63 * 10**23),
        ({"parameters": "670e9", "active_parameters": "37e9", "tokens": "1e12"}, 222 * 10**21),
        ({"parameters": "70e9", "tokens": "1e9", "kind": "Inference"}, 14 * 10**19),
    ],
)
def test_without_hours_parameters_and_tokens_count(row: dict[str, str], central: int) -> None:
    found = estimate_row({"id": "r", **row}, CATALOGUE, RATES, PRIORS)
    assert (found.low * 2, found.central, found.high) == (central, central, central * 2)
    assert found.ceiling is None
    assert (found.method, found.convention) == (Method.PARAMETERS_TOKENS, Convention.MODEL_FLOP)


def test_unknown_hardware_is_bounded_and_noted() -> None:
    row = {"id": "r", "accelerator": "Foo X1", "accelerator_hours": "1", "started": "2023-05-01"}
    found = estimate_row(row, CATALOGUE, RATES, PRIORS)
    assert found.low == 0 < found.central < found.high < (found.ceiling or 0)
    assert "not in the catalogue" in found.note


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "row r: there is nothing to estimate from"),
        ({"accelerator_hours": "5"}, "row r: accelerator_hours need an accelerator"),
        ({"accelerator": "a100", "accelerator_hours": "-5"}, "row r: accelerator_hours -5 is neg"),
        ({"accelerator": "a100", "accelerator_hours": "many"}, "row r: accelerator_hours 'many'"),
        ({"accelerator": "a100", "accelerator_hours": "5", "started": "x"}, "row r: started"),
    ],
)
def test_a_row_that_cannot_be_estimated_says_why(row: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _estimate(**row)
