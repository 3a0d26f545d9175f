"""Holdings of nominees belong to their nominators; both are shown."""

from __future__ import annotations

from fractions import Fraction

from ownership_graphs import LAW, edge, graph, individual, listed
from sluicegate.core.identifiers import PartyId
from sluicegate.registry.nominees import attributed, unexplained
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.ownership.methods import both_methods

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
NONE, MOST, WHOLE = Fraction(0), Fraction("0.6"), Fraction(1)


def shares(held: OwnershipGraph, owned: str) -> dict[str, tuple[Fraction, Fraction]]:
    return {h.owner: (h.low, h.high) for h in attributed(held.holdings)[PartyId(owned)]}


def test_a_holding_of_a_nominee_is_that_of_the_one_behind_it() -> None:
    held = graph(
        edge("n", "c", "0.6", role="nominee"),
        edge("o", "c", "0.4"),
        individual("p", "n", role="nominator"),
    )
    assert shares(held, "c") == {"o": (Fraction("0.4"),) * 2, "p": (Fraction("0.6"),) * 2}
    through = {h.owner: h.through for h in held.attributed().owners(PartyId("c"))}
    assert through == {"o": None, "p": "n"}
    assert [h.owner for h in held.owners(PartyId("c"))] == ["n", "o"], "as stated, both stand"


def test_a_listed_nominator_counts_and_a_listed_nominee_does_not() -> None:
    held = graph(
        edge("n", "c", "0.6", role="Nominee shareholder"), individual("p", "n", role="nominator")
    )
    behind = both_methods(held, PartyId("c"), listed(p="sdn"), Regime.OFAC, LAW)
    title = both_methods(held, PartyId("c"), listed(n="sdn"), Regime.OFAC, LAW)
    assert (behind.cascade.is_reached, title.cascade.is_reached) == (True, False)
    assert behind.multiplied.share.low == Fraction("0.6")


def test_a_nominator_named_for_the_same_party_stands_before_one_of_the_nominee() -> None:
    held = graph(
        edge("n", "c", "0.6", role="nominee"),
        individual("p", "c", role="nominator"),
        individual("q", "n", role="nominator"),
    )
    assert set(shares(held, "c")) == {"p"}


def test_of_several_nominators_without_shares_each_may_have_all_or_nothing() -> None:
    held = graph(
        edge("n", "c", "0.6", role="nominee"),
        individual("p", "n", role="nominator"),
        individual("q", "n", role="nominator"),
    )
    assert shares(held, "c") == {"p": (NONE, MOST), "q": (NONE, MOST)}


def test_stated_shares_of_nominators_divide_what_the_nominee_holds() -> None:
    held = graph(
        edge("n", "c", "0.5", role="nominee"),
        individual("p", "n", "0.5", role="nominator"),
        individual("q", "n", "0.5", role="nominator"),
    )
    assert shares(held, "c") == {"p": (QUARTER, QUARTER), "q": (QUARTER, QUARTER)}


def test_the_nominators_of_an_arrangement_have_the_whole_of_it() -> None:
    """The form of BODS: nominee and nominator of an arrangement, which holds the company."""
    held = graph(
        individual("n", "nomination", role="nominee"),
        individual("p", "nomination", role="nominator"),
        edge("nomination", "c", "0.3"),
    )
    assert shares(held, "nomination") == {"p": (WHOLE, WHOLE)}
    owners = held.attributed().beneficial_owners(PartyId("c"), QUARTER)
    assert [(one.party.party_id, one.owned.low) for one in owners] == [("p", Fraction("0.3"))]
    assert held.beneficial_owners(PartyId("c"), QUARTER) == ()


def test_what_a_nominee_holds_for_itself_stays_its_own() -> None:
    held = graph(
        edge("n", "c", "0.5", role="nominee"),
        edge("n", "d", "0.5"),
        individual("p", "n", role="nominator"),
    )
    assert set(shares(held, "d")) == {"n"}


def test_a_nominee_behind_whom_nobody_is_named_keeps_the_holding_and_is_told() -> None:
    held = graph(edge("n", "c", "0.5", role="nominee"))
    assert shares(held, "c") == {"n": (HALF, HALF)}
    assert [one.owner for one in unexplained(held.holdings)] == ["n"]


def test_control_of_a_nominee_is_that_of_the_nominator() -> None:
    held = graph(
        edge("n", "c", "0.1", role="nominee", substantial_control=True),
        individual("p", "n", role="nominator"),
    )
    assert [h.has_control for h in held.attributed().owners(PartyId("c"))] == [True]


def test_a_graph_seen_through_twice_is_the_same() -> None:
    held = graph(
        edge("n", "c", "0.6", role="nominee"),
        individual("p", "n", role="nominator"),
        individual("q", "p", role="nominator"),
    )
    once = held.attributed()
    assert once.attributed() is once
    assert set(once.holdings[PartyId("c")]) == set(attributed(once.holdings)[PartyId("c")])


def test_a_graph_without_nominees_is_itself() -> None:
    held = graph(edge("o", "c", "0.5", role="director; nominated by the board"))
    assert held.attributed() is held
