"""Facts of ownership_50_percent from any graph: never refused, never worse or better than true."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownership_graphs import DAY, LAW, edge, graph, listed
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Bound
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import OwnershipEdge
from sluicegate.services.asking import ask_question
from sluicegate.services.ownership.fifty_percent import (
    QUESTION,
    Regime,
    fifty_percent_facts,
    parties_below,
    stakes_at,
)

NAMES = ("s", "t", "a", "b", "c", "d")
LISTED = listed(s="sdn", t="sdn")


def covered(facts: dict[str, Any]) -> set[str]:
    return set(ask_question(QUESTION, facts, as_of=DAY).answer["covered_as_written"])


def at_end(held: OwnershipGraph, end: Bound) -> dict[str, Any]:
    return fifty_percent_facts(held, LISTED, Regime.OFAC, end=end, law=LAW)


@st.composite
def edges(draw: st.DrawFn) -> list[OwnershipEdge]:
    tenths = st.integers(0, 10).map(lambda n: Fraction(n, 10))
    found = []
    for owner, owned in draw(
        st.lists(st.sampled_from(list(product(NAMES, NAMES))), max_size=10, unique=True)
    ):
        low, high = sorted(draw(st.tuples(tenths, tenths)))
        shape = draw(st.sampled_from(["exact", "range", "low", "none", "control"]))
        values: dict[str, Any] = {}
        if shape == "exact":
            values["share"] = low
        elif shape == "range":
            values |= {"share_low": low, "share_high": high}
        elif shape == "low":
            values["share_low"] = low
        elif shape == "control":
            values["substantial_control"] = True
        found.append(edge(owner, owned, **values))
    return found


@given(edges())
def test_the_question_takes_the_facts_of_any_graph(held: list[OwnershipEdge]) -> None:
    for end in Bound:
        facts = at_end(graph(*held), end)
        asked = ask_question(QUESTION, facts, as_of=DAY)
        kept = load_json(dump_json(facts))
        assert ask_question(QUESTION, kept, as_of=DAY).answer == asked.answer


@given(edges())
def test_who_is_certainly_reached_may_be_reached(held: list[OwnershipEdge]) -> None:
    certain, possible = (covered(at_end(graph(*held), end)) for end in Bound)
    assert certain <= possible


@given(edges(), st.data())
def test_no_truth_within_the_ranges_reaches_more_than_the_high_end(
    held: list[OwnershipEdge], data: st.DataObject
) -> None:
    """Draw exact shares within the ranges that add up to no more than the whole."""
    truth = []
    room: dict[str, Fraction] = {}
    for one in held:
        low = one.share if one.share is not None else (one.share_low or Fraction(0))
        room[one.owned_id] = room.get(one.owned_id, Fraction(1)) - low
    if any(left < 0 for left in room.values()):
        return
    for one in held:
        if one.owner_id == one.owned_id or one.substantial_control:
            continue
        low = one.share if one.share is not None else (one.share_low or Fraction(0))
        is_range = one.share is None and one.share_low is not None
        high = (one.share_high if one.share_high is not None else Fraction(1)) if is_range else low
        most = min(high - low, room[one.owned_id])
        more = most * Fraction(data.draw(st.integers(0, 4)), 4)
        room[one.owned_id] -= more
        if one.share is not None or one.share_low is not None:
            truth.append(edge(one.owner_id, one.owned_id, low + more))
    reached = covered(fifty_percent_facts(graph(*truth), LISTED, Regime.OFAC))
    assert reached <= covered(at_end(graph(*held), Bound.POSSIBLE))


def test_what_a_party_holds_of_itself_is_left_out_and_told() -> None:
    held = graph(edge("a", "a", "0.6"), edge("s", "a", "0.4"))
    found = stakes_at(held, LISTED, Regime.OFAC)
    assert [(one.owner, one.share) for one in found.stakes] == [("s", Fraction("0.4"))]
    assert str(found.corrections[0]) == "What a holds of itself is left out."


def test_certain_shares_above_the_whole_are_scaled_and_told() -> None:
    """Whose statement is wrong nobody knows: what is no certain half is a possible one."""
    held = graph(edge("s", "a", "0.6"), edge("o", "a", "0.6"))
    found = stakes_at(held, LISTED, Regime.OFAC)
    assert [one.share for one in found.stakes] == [Fraction("0.5"), Fraction("0.5")]
    assert "120 %" in str(found.corrections[0])
    least = graph(edge("s", "a", "0.6"), edge("o", "a", "0.9"))
    assert covered(at_end(least, Bound.CERTAIN)) == set()
    assert covered(at_end(least, Bound.POSSIBLE)) == {"a"}


def test_a_quotient_without_end_becomes_a_decimal_that_is_never_above_it() -> None:
    held = graph(*(edge(name, "a", "1") for name in ("s", "b", "c")))
    shares = [one.share for one in stakes_at(held, LISTED, Regime.OFAC).stakes]
    assert shares == [Fraction(333333333333, 10**12)] * 3


def test_the_high_end_leaves_the_others_their_certain_shares() -> None:
    """Another holds 60 % for certain, so of 25 to 75 % no more than 40 % can be true."""
    held = graph(edge("s", "a", "0.25|0.75"), edge("o", "a", "0.6"))
    assert covered(at_end(held, Bound.POSSIBLE)) == set()
    shares = {one["owner"]: one["share"] for one in at_end(held, Bound.POSSIBLE)["edges"]}
    assert shares == {"s": Fraction("0.4"), "o": Fraction("0.6")}


def test_control_without_shares_is_no_holding_and_an_unstated_share_is_one() -> None:
    held = graph(
        edge("s", "a", substantial_control=True),
        edge("s", "b", role="director"),
        edge("s", "c"),
        edge("s", "d", role="shareholding"),
    )
    facts = fifty_percent_facts(held, LISTED, Regime.OFAC)
    assert [(one["owned"], one["share"]) for one in facts["edges"]] == [("c", None), ("d", None)]
    answer = ask_question(QUESTION, facts, as_of=DAY).answer
    assert answer["diligence_parties"] == ["c", "d"]


def test_only_what_stands_above_a_party_is_told_of_it() -> None:
    held = graph(edge("s", "a", "0.6"), edge("a", "b", "0.6"), edge("t", "c", "0.6"))
    facts = fifty_percent_facts(held, LISTED, Regime.OFAC, party=PartyId("b"))
    assert {one["owned"] for one in facts["edges"]} == {"a", "b"}
    assert [one["party"] for one in facts["listed"]] == ["s"]
    assert parties_below(held, [PartyId("s")]) == {"a", "b"}


def test_the_high_end_asks_for_the_law_of_a_day() -> None:
    with pytest.raises(ValueError, match="give law="):
        fifty_percent_facts(graph(), LISTED, Regime.OFAC, end=Bound.POSSIBLE)
