"""Assumptions: shipped, a node's own, of a scenario, set by hand; what does not fit is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from forecast_world import assumed, law
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Mark
from sluicegate.frontier.forecast.assumptions import ForecastError
from sluicegate.frontier.forecast.reading import (
    assumptions_of,
    read_change,
    read_figure,
    scenarios_of,
)
from sluicegate.rules.instruments import DatedValue
from sluicegate.rules.law import Law
from sluicegate.rules.loading import read_book, shipped_book

OWN = """\
instrument:
  id: local.forecast
  issuer: {en: Harbour Board (invented), zh: 港务局（虚构）}
  title: {en: Own assumptions, zh: 自有假设}
  citation: Harbour
  kind: configuration
  published: 2026-01-01
  status:
  - {from: undated, text: in_force, enforcement: enforced, reference: own, mark: configuration}
parameters:
- id: growth_sd
  title: {en: Deviation, zh: 标准差}
  unit: count
  values:
  - {from: undated, value: "0.1", reference: own, mark: configuration}
- id: scenario.calm
  title: {en: Calm, zh: 平稳}
  unit: list
  values:
  - from: undated
    value: [growth_historical=2, growth_stock=2, growth_workload=1]
    reference: own
    mark: configuration
"""


def test_the_baseline_grows_as_the_paper_says() -> None:
    made = assumptions_of(law())
    assert made.growth == Fraction("0.25") * Fraction("6.3") + Fraction("0.75") * Fraction("3.15")
    assert [made.training_share(year) for year in (2023, 2024, 2026, 2027, 2030)] == [
        *(Fraction(2, 5) for _ in range(3)),
        *(Fraction(3, 10) for _ in range(2)),
    ]


def test_every_shipped_scenario_changes_something_and_can_be_read() -> None:
    base = assumptions_of(law())
    found = scenarios_of(law())
    assert next(iter(found)) == "baseline"
    for name in found:
        made = assumptions_of(law(), name)
        assert made.scenario == name
        changed = {one.name for one in made.used if one.citation is None}
        assert (changed == set()) == (name == "baseline"), name
        assert (made.used == base.used) == (name == "baseline"), name


def test_what_is_set_by_hand_goes_before_the_scenario_and_has_no_reference() -> None:
    made = assumed("growth_weight_half", growth_historical_weight="1/5", last_year="2027")
    assert made.growth_historical_weight == Fraction(1, 5)
    assert made.last_year == 2027
    told = {one.name: one for one in made.used}
    assert told["growth_historical_weight"].citation is None
    assert told["growth_stock"].citation is not None


def test_years_that_the_paper_does_not_have_are_marked_as_a_supposition() -> None:
    told = {one.name: one.citation for one in assumptions_of(law()).used}
    stated, ours = told["training_share_2027"], told["training_share_2029"]
    assert stated is not None
    assert ours is not None
    assert (stated.mark, ours.mark) == (Mark.FOUND, Mark.HYPOTHETICAL)


def test_a_share_of_training_that_is_set_holds_from_its_year_on() -> None:
    made = assumed(training_share_2026="0.7")
    shares = [made.training_share(year) for year in (2024, 2025, 2026, 2028, 2030)]
    assert shares == [Fraction(2, 5)] * 2 + [Fraction(7, 10)] * 3
    assert assumed(training_share="0.5").training_share(2029) == Fraction(1, 2)


def test_a_node_has_its_own_assumptions_and_scenarios() -> None:
    texts = [("own.yaml", OWN)]
    own = read_book(texts).instrument("local.forecast")
    book = shipped_book().with_instrument(own)
    calm = assumptions_of(Law(book, law().day), "calm")
    assert [calm.growth, calm.growth_sd] == [Fraction(2), Fraction(1, 10)]
    assert assumptions_of(law()).growth_sd == Fraction(1, 2)


def test_a_moved_parameter_moves_the_assumption() -> None:
    book = shipped_book()
    old = book.parameter("assess.forecast.gradient_most").first()
    moved = DatedValue(None, Fraction(3, 2), "moved", old.mark, None)
    made = assumptions_of(
        Law(book.with_values("assess.forecast.gradient_most", [moved]), law().day)
    )
    assert made.gradient.most == Fraction(3, 2)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"growth_sds": "1"}, "did you mean growth_sd?"),
        ({"simulations_most": "10000000"}, "There is no assumption simulations_most"),
        ({"growth_sd": "much"}, "growth_sd: much is no figure"),
        ({"growth_sd": "-1"}, "growth_sd: -1 is no figure"),
        ({"growth_sd": "1/0"}, "is no figure"),
        ({"simulations": "12.5"}, "is no whole number"),
        ({"simulations": "0"}, "simulations: 0 is not from 1 to 5000"),
        ({"last_year": "2999"}, "last_year: 2999 is not from"),
        ({"training_share_2026": "1.5"}, "is more than 1"),
        ({"training_share_2026": "0"}, "training_share is 0"),
        ({"gradient_least": "2"}, "is above the greatest"),
        ({"quantiles": "0.5,1.5"}, "quantiles: 1.5 is more than 1"),
        ({"quantiles": "none"}, "quantiles is 0"),
        ({"largest_share_law": "normal"}, "is none of log_normal, uniform"),
        ({"known_counts": "soon 1e25=3"}, "known_counts: soon is no figure"),
        ({"growth_measured_from": "2017"}, "is no day"),
        ({"growth_sd": "1e400"}, "growth_sd: 1e400 is no figure"),
        ({"smallest_size_least": "1e-400"}, "smallest_size_least: 1e-400 is no figure"),
        ({"training_share_²": "1"}, "There is no assumption training_share_²"),
        ({"size_marks": "201"}, "size_marks: 201 is not from 2 to 200"),
        ({"near_periods": "0"}, "near_periods: 0 is not from 1 to 12"),
    ],
)
def test_what_cannot_be_assumed_is_refused_with_a_way_out(
    changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ForecastError) as refused:
        assumed(**{"simulations": 40, **changes})  # type: ignore[arg-type]
    assert said in str(refused.value)
    assert refused.value.sentence.text(Language.ZH) != str(refused.value)


def test_a_scenario_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ForecastError, match=r"no scenario boom; the scenarios are baseline, "):
        assumptions_of(law(), "boom")


@pytest.mark.parametrize("text", ["growth_sd", "=3", "growth_sd=", ""])
def test_a_change_without_a_name_or_a_value_is_refused(text: str) -> None:
    with pytest.raises(ForecastError, match="sets nothing"):
        read_change(text)


def test_a_figure_is_exact() -> None:
    assert read_figure("x", "1e-8") == Fraction(1, 10**8)
    assert read_figure("x", "2/3") == Fraction(2, 3)
