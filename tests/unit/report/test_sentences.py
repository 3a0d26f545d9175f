"""Sentences about an estimate name its bounds only where a reader would see them apart."""

from __future__ import annotations

import pytest

from sluicegate.adapters.pictures import Language
from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.adapters.report.charts import total_sentence
from sluicegate.core.estimates import Estimate, Method

KEYS = (
    *("summary.compute", "summary.compute_own"),
    *("summary.largest_sentence", "subject.total"),
)


def told(key: str, language: Language, low: int, high: int) -> str:
    estimate = Estimate(low, 2 * 10**25, high, 10**27, Method.TELEMETRY)
    more = {"day": "1 May 2026", "node": "Dunmere", "name": "Dunmere"}
    said = total_sentence(key, estimate, Catalogue(language), **more)
    return said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", KEYS)
def test_one_figure_is_told_without_bounds(key: str, language: Language) -> None:
    said = told(key, language, 2 * 10**25, 2 * 10**25 + 10**18)
    assert said.count("2 × 10²⁵") == 1
    assert "between" not in said
    assert "至 2" not in said
    assert "{" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", KEYS)
def test_two_bounds_that_differ_are_both_told(key: str, language: Language) -> None:
    said = told(key, language, 10**25, 3 * 10**25)
    assert all(figure in said for figure in ("10²⁵", "2 × 10²⁵", "3 × 10²⁵"))
