"""The cascade in aggregate and the multiplied share: both figures, both with their path."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ownership_graphs import DAY, LAW, WORKED_LISTED, edge, graph, listed, worked
from sluicegate.core.identifiers import PartyId
from sluicegate.services.asking import ask_question
from sluicegate.services.ownership.fifty_percent import (
    QUESTION,
    Regime,
    fifty_percent_facts,
)
from sluicegate.services.ownership.methods import BothMethods, both_methods


def both(party: str) -> BothMethods:
    return both_methods(worked(), PartyId(party), WORKED_LISTED, Regime.OFAC, LAW)


@pytest.mark.parametrize(
    ("party", "cascade", "is_reached", "multiplied"),
    [
        ("D", "0.5", True, "0.5"),
        ("E", "0.81", True, "0.81"),
        ("B", "0.94", True, "0.68"),
        ("C", "0.48", False, "0.3888"),
        ("A", "0.5", True, "0.544"),
    ],
)
def test_the_worked_case_by_both_methods(
    party: str, cascade: str, is_reached: bool, multiplied: str
) -> None:
    found = both(party)
    assert (found.cascade.share, found.cascade.is_reached) == (Fraction(cascade), is_reached)
    assert found.multiplied.share.low == found.multiplied.share.high == Fraction(multiplied)


def test_the_question_gives_the_same_cascade() -> None:
    facts = fifty_percent_facts(worked(), WORKED_LISTED, Regime.OFAC)
    answer = ask_question(QUESTION, facts, as_of=DAY).answer_json()
    assert answer["covered_as_enforced"] == ["A", "B", "D", "E"]
    assert answer["aggregate_share"]["C"] == Fraction("0.48")
    assert answer["diligence_parties"] == ["C"]


def test_the_path_of_the_cascade_names_what_counts_and_what_does_not() -> None:
    steps = {step.party: step for step in both("A").cascade.steps}
    assert list(steps) == ["A", "B", "C", "D", "E"]
    counted = {one.owner: (one.share, one.is_listed) for one in steps[PartyId("A")].holdings}
    assert counted == {"SDN-A": (Fraction("0.03"), True), "B": (Fraction("0.47"), False)}
    assert [one.owner for one in steps[PartyId("A")].left_out] == ["C"]
    assert not steps[PartyId("C")].is_reached


def test_owners_behind_a_party_that_is_not_reached_do_not_govern() -> None:
    """SDN-F reaches E, but C stops at 48 %: nothing of it flows on to A."""
    assert both("A").cascade.owners == ("SDN-A", "SDN-B", "SDN-D")
    assert both("C").cascade.owners == ()


def test_the_multiplied_share_names_every_chain_with_its_product() -> None:
    chains = {one.owner: one for one in both("A").multiplied.owners}
    assert {name: one.share.low for name, one in chains.items()} == {
        "SDN-A": Fraction("0.03"),
        "SDN-B": Fraction("0.47") * Fraction("0.42"),
        "SDN-D": Fraction("0.47") * Fraction("0.52") * Fraction("0.5"),
        "SDN-F": Fraction("0.5") * Fraction("0.48") * Fraction("0.81"),
    }
    assert chains[PartyId("SDN-F")].paths[0].parties == ("SDN-F", "E", "C", "A")


def test_what_runs_through_two_listed_parties_is_counted_once() -> None:
    found = both_methods(
        graph(edge("top", "middle", "1"), edge("middle", "c", "0.6")),
        PartyId("c"),
        listed(top="sdn", middle="sdn"),
        Regime.OFAC,
        LAW,
    )
    assert found.multiplied.share.low == Fraction("0.6")
    assert found.cascade.share == Fraction("0.6")


def test_a_circle_ends_and_counts_by_both_methods() -> None:
    found = both_methods(
        graph(edge("s", "a", "0.4"), edge("b", "a", "0.6"), edge("a", "b", "1")),
        PartyId("a"),
        listed(s="sdn"),
        Regime.OFAC,
        LAW,
    )
    assert found.cascade.share == Fraction("0.4")
    assert not found.cascade.is_reached
    assert found.multiplied.share.low == 1, "whoever is outside the circle holds all of it"


def test_ranges_give_two_ends() -> None:
    found = both_methods(
        graph(edge("s", "a", "0.25|0.75"), edge("o", "a", "0.25")),
        PartyId("a"),
        listed(s="sdn"),
        Regime.OFAC,
        LAW,
    )
    assert (found.cascade.share, found.cascade.is_reached) == (Fraction("0.25"), False)
    assert found.cascade_at_most.share == Fraction("0.75")
    assert found.cascade_at_most.is_reached


def test_a_list_of_another_regime_makes_nobody_count() -> None:
    holdings = graph(edge("s", "a", "0.9"))
    names = listed(s="entity_list")
    ofac = both_methods(holdings, PartyId("a"), names, Regime.OFAC, LAW)
    bis = both_methods(holdings, PartyId("a"), names, Regime.BIS_AFFILIATES, LAW)
    assert (ofac.cascade.share, bis.cascade.share) == (0, Fraction("0.9"))
    assert bis.cascade.lists == {"entity_list"}
