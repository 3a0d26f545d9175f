"""Ownership: exact shares along chains and circles, beneficial owners, control, groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import CustomerId, PartyId
from sluicegate.registry.affiliates import Ground, GroupRule
from sluicegate.registry.holdings import Bound
from sluicegate.registry.ownership import OwnershipGraph
from sluicegate.registry.records import Customer, CustomerKind, OwnershipEdge

QUARTER = Fraction(1, 4)
HALF = Fraction(1, 2)
MAJORITY = GroupRule(HALF)


def holds(
    owner: str,
    owned: str,
    share: str | None = None,
    *,
    low: str | None = None,
    high: str | None = None,
    control: bool = False,
    source: str = "register",
    begins: date | None = None,
    ends: date | None = None,
) -> OwnershipEdge:
    """Return an edge; an owner whose id begins with p is an individual."""
    person = owner.startswith("p")
    return OwnershipEdge(
        source=source,
        owner_id=PartyId(owner),
        owned_id=PartyId(owned),
        owner_name=f"Owner {owner}",
        owner_kind=CustomerKind.INDIVIDUAL if person else CustomerKind.ENTITY,
        owner_country="NO",
        share=None if share is None else Fraction(share),
        share_low=None if low is None else Fraction(low),
        share_high=None if high is None else Fraction(high),
        substantial_control=control,
        valid_from=begins,
        valid_to=ends,
    )


def customer(name: str, *, account_of: str | None = None, person: bool = False) -> Customer:
    return Customer(
        source="crm",
        customer_id=CustomerId(name),
        name=f"Customer {name}",
        customer_kind=CustomerKind.INDIVIDUAL if person else CustomerKind.ENTITY,
        country="US",
        account_of=None if account_of is None else CustomerId(account_of),
    )


def share(graph: OwnershipGraph, owner: str, party: str) -> tuple[Fraction, Fraction]:
    found = graph.effective_share(PartyId(owner), PartyId(party))
    return found.low, found.high


def owners_of(graph: OwnershipGraph, party: str, threshold: Fraction = QUARTER) -> list[str]:
    return [o.party.party_id for o in graph.beneficial_owners(PartyId(party), threshold)]


def group(graph: OwnershipGraph, parties: Sequence[str], rule: GroupRule) -> dict[str, str]:
    groups = graph.affiliate_groups(list(map(PartyId, parties)), rule)
    return {str(party): str(head) for party, head in groups.items()}


def test_shares_multiply_along_a_chain_and_add_up_over_chains() -> None:
    graph = OwnershipGraph.of(
        [
            holds("p1", "s1", "0.5"),
            holds("p1", "s2", "0.4"),
            holds("s1", "c", "0.3"),
            holds("s2", "c", "0.25"),
        ]
    )
    assert share(graph, "p1", "c") == (QUARTER, QUARTER)
    [owner] = graph.beneficial_owners(PartyId("c"), QUARTER)
    assert [path.parties for path in owner.paths] == [("p1", "s1", "c"), ("p1", "s2", "c")]
    assert [path.share.low for path in owner.paths] == [Fraction(3, 20), Fraction(1, 10)]
    assert owner.has_all_paths


@pytest.mark.parametrize(("held", "found"), [("0.2499", []), ("0.25", ["p1"]), ("0.2501", ["p1"])])
def test_the_threshold_itself_makes_a_beneficial_owner(held: str, found: list[str]) -> None:
    assert owners_of(OwnershipGraph.of([holds("p1", "c", held)]), "c") == found


def test_the_threshold_is_an_argument() -> None:
    graph = OwnershipGraph.of([holds("p1", "c", "0.1")])
    assert owners_of(graph, "c", Fraction(1, 10)) == ["p1"]
    assert owners_of(graph, "c", Fraction(11, 100)) == []


def test_mutual_holdings_pass_on_everything_that_outsiders_hold() -> None:
    graph = OwnershipGraph.of(
        [
            holds("b", "c", "0.5"),
            holds("p1", "c", "0.5"),
            holds("c", "b", "0.5"),
            holds("p2", "b", "0.5"),
        ]
    )
    assert share(graph, "p1", "c") == (Fraction(2, 3), Fraction(2, 3))
    assert share(graph, "p2", "c") == (Fraction(1, 3), Fraction(1, 3))
    assert share(graph, "b", "c") == (HALF, HALF)


def test_a_company_that_holds_its_own_shares_belongs_to_the_others() -> None:
    graph = OwnershipGraph.of([holds("c", "c", "0.2"), holds("p1", "c", "0.8")])
    assert share(graph, "p1", "c") == (Fraction(1), Fraction(1))


def test_a_closed_circle_belongs_to_nobody_outside_and_ends() -> None:
    graph = OwnershipGraph.of([holds("a", "b", "1"), holds("b", "a", "1"), holds("b", "c", "1")])
    assert share(graph, "a", "c") == (Fraction(1), Fraction(1))
    assert owners_of(graph, "c") == []
    assert group(graph, ["a", "b", "c"], MAJORITY) == {"a": "a", "b": "a", "c": "a"}


def test_a_circle_stated_at_more_than_the_whole_stays_within_the_whole() -> None:
    graph = OwnershipGraph.of(
        [holds("a", "b", "0.9"), holds("p1", "b", "0.6"), holds("b", "a", "0.9")]
    )
    low, high = share(graph, "p1", "b")
    assert Fraction(0) < low <= high <= 1
    assert high >= Fraction(6, 10)
    assert graph.overstated() == ("b",)


@st.composite
def proper_graphs(draw: st.DrawFn) -> list[OwnershipEdge]:
    """Holdings among companies, circles included; the rest of each belongs to individuals."""
    size = draw(st.integers(1, 5))
    edges = []
    for owned in range(size):
        parts = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
        total = sum(parts) + draw(st.integers(1, 9))
        for owner, part in enumerate(parts):
            if part:
                edges.append(holds(f"c{owner}", f"c{owned}", str(Fraction(part, total))))
        rest = 1 - Fraction(sum(parts), total)
        edges.append(holds(f"p{draw(st.integers(0, 2))}", f"c{owned}", str(rest)))
    return edges


@given(proper_graphs())
def test_individuals_together_hold_the_whole_of_every_company(edges: list[OwnershipEdge]) -> None:
    graph = OwnershipGraph.of(edges)
    for company in sorted({edge.owned_id for edge in edges}):
        shares = [share(graph, f"p{number}", company)[0] for number in range(3)]
        assert sum(shares) == 1
        assert all(0 <= part <= 1 for part in shares)


@given(proper_graphs(), st.randoms())
def test_the_order_of_edges_plays_no_part(edges: list[OwnershipEdge], random: object) -> None:
    turned = edges[::-1]
    parties = sorted({edge.owned_id for edge in edges} | {edge.owner_id for edge in edges})
    one, two = OwnershipGraph.of(edges), OwnershipGraph.of(turned)
    rule = GroupRule(HALF, QUARTER)
    assert one.affiliate_groups(parties, rule) == two.affiliate_groups(parties, rule)
    for party in parties:
        assert one.beneficial_owners(party, QUARTER) == two.beneficial_owners(party, QUARTER)


def test_a_range_makes_a_possible_owner_and_never_a_certain_one() -> None:
    graph = OwnershipGraph.of([holds("p1", "c", low="0.2", high="0.3")])
    [owner] = graph.beneficial_owners(PartyId("c"), QUARTER)
    assert owner.certainty is Bound.POSSIBLE
    assert (owner.owned.low, owner.owned.high) == (Fraction(1, 5), Fraction(3, 10))
    assert graph.parties_by_beneficial_owner([PartyId("c")], QUARTER) == {}
    possible = graph.parties_by_beneficial_owner([PartyId("c")], QUARTER, bound=Bound.POSSIBLE)
    assert possible == {"p1": ("c",)}


def test_an_unknown_share_counts_as_nothing_and_is_reported() -> None:
    graph = OwnershipGraph.of([holds("p1", "s1"), holds("s1", "c", "0.6")])
    assert owners_of(graph, "c") == []
    assert [(h.owner, h.owned) for h in graph.unknown_holdings(PartyId("c"))] == [("p1", "s1")]


def test_control_runs_through_controlled_companies() -> None:
    edges = [holds("p1", "s1", control=True), holds("s1", "c", "0.01", control=True)]
    [owner] = OwnershipGraph.of(edges).beneficial_owners(PartyId("c"), QUARTER)
    assert owner.has_control
    assert owner.certainty is Bound.CERTAIN
    assert [path.parties for path in owner.paths] == [("p1", "s1", "c")]


def test_what_controlled_companies_hold_is_held_by_their_controller() -> None:
    edges = [
        holds("p1", "s1", control=True),
        holds("p1", "s2", control=True),
        holds("s1", "c", "0.15"),
        holds("s2", "c", "0.10"),
    ]
    [owner] = OwnershipGraph.of(edges).beneficial_owners(PartyId("c"), QUARTER)
    assert (owner.owned.low, owner.held.low) == (Fraction(0), QUARTER)
    assert not owner.has_control


def test_a_majority_makes_control_only_when_the_caller_says_so() -> None:
    edges = [holds("p1", "s1", "0.6"), holds("s1", "s2", "0.6"), holds("s2", "c", "0.6")]
    graph = OwnershipGraph.of(edges)
    assert owners_of(graph, "c") == []
    [owner] = graph.beneficial_owners(PartyId("c"), QUARTER, majority=HALF)
    assert owner.has_control
    assert owner.owned.low == Fraction(27, 125)


def test_an_individual_customer_stands_behind_itself_and_its_companies() -> None:
    graph = OwnershipGraph.of(
        [holds("p1", "c1", "0.3"), holds("p1", "c2", "0.2"), holds("p1", "c3", "0.25")],
        [customer("p1", person=True)],
    )
    behind = graph.parties_by_beneficial_owner(map(PartyId, ["c1", "c2", "c3", "p1"]), QUARTER)
    assert behind == {"p1": ("c1", "c3", "p1")}


def test_the_ultimate_controller_is_found_step_by_step() -> None:
    graph = OwnershipGraph.of(
        [holds("p1", "s1", "0.51"), holds("s1", "s2", "0.6"), holds("s2", "c", "0.7")]
    )
    top = graph.controlling_party(PartyId("c"), HALF)
    assert top is not None
    assert top.party_id == "p1"
    chain = [(step.controlled, step.ground, step.share) for step in top.steps]
    assert chain[-1] == ("s1", Ground.SHARES, Fraction(51, 100))
    assert graph.controlling_party(PartyId("p1"), HALF) is None


@pytest.mark.parametrize(("held", "head"), [("0.2499", "c"), ("0.25", "p1"), ("0.2501", "p1")])
def test_a_majority_split_over_shell_companies_is_a_majority(held: str, head: str) -> None:
    edges = [
        holds("p1", "s1", "1"),
        holds("p1", "s2", "1"),
        holds("s1", "c", "0.25"),
        holds("s2", "c", held),
    ]
    assert group(OwnershipGraph.of(edges), ["c"], MAJORITY) == {"c": head}


def test_control_without_shares_counts_only_by_the_rule() -> None:
    graph = OwnershipGraph.of([holds("s1", "c", control=True)])
    assert group(graph, ["c"], MAJORITY) == {"c": "s1"}
    without = GroupRule(HALF, counts_control_without_shares=False)
    assert group(graph, ["c"], without) == {"c": "c"}


def test_a_majority_goes_before_control_without_shares() -> None:
    graph = OwnershipGraph.of([holds("s1", "c", control=True), holds("s2", "c", "0.6")])
    assert group(graph, ["c"], MAJORITY) == {"c": "s2"}


def test_a_smaller_group_share_takes_the_greatest_holder() -> None:
    graph = OwnershipGraph.of([holds("s1", "c", "0.3"), holds("s2", "c", "0.35")])
    assert group(graph, ["c"], MAJORITY) == {"c": "c"}
    assert group(graph, ["c"], GroupRule(HALF, QUARTER)) == {"c": "s2"}
    assert group(graph, ["c"], GroupRule(HALF, Fraction(36, 100))) == {"c": "c"}


def test_grouping_by_a_smaller_share_does_not_add_holdings_up() -> None:
    edges = [holds("x", "a", "0.3"), holds("x", "c", "0.24"), holds("a", "c", "0.24")]
    graph = OwnershipGraph.of(edges)
    assert group(graph, ["a", "c"], GroupRule(HALF, QUARTER)) == {"a": "x", "c": "c"}


def test_accounts_stand_under_their_parent_account_and_its_owner() -> None:
    customers = [customer("c1", account_of="c0"), customer("c2", account_of="c1"), customer("c0")]
    graph = OwnershipGraph.of([holds("p1", "c0", "0.9")], customers)
    assert group(graph, ["c0", "c1", "c2"], MAJORITY) == {"c0": "p1", "c1": "p1", "c2": "p1"}
    assert owners_of(graph, "c2") == ["p1"]
    top = graph.controlling_party(PartyId("c2"), HALF)
    assert top is not None
    assert [step.ground for step in top.steps] == [Ground.ACCOUNT, Ground.ACCOUNT, Ground.SHARES]


def test_possible_groups_use_the_high_end_of_shares() -> None:
    graph = OwnershipGraph.of([holds("s1", "c", low="0.4", high="0.6")])
    assert group(graph, ["c"], MAJORITY) == {"c": "c"}
    assert group(graph, ["c"], GroupRule(HALF, bound=Bound.POSSIBLE)) == {"c": "s1"}


def test_two_sources_state_one_holding_and_the_last_one_holds() -> None:
    edges = [holds("p1", "c", "0.2", source="a"), holds("p1", "c", "0.2", source="b")]
    assert share(OwnershipGraph.of(edges), "p1", "c") == (Fraction(1, 5), Fraction(1, 5))


def test_the_graph_of_a_day_holds_the_edges_of_that_day() -> None:
    sold = date(2025, 6, 1)
    edges = [holds("p1", "c", "0.9", ends=sold), holds("p2", "c", "0.9", begins=sold)]
    assert owners_of(OwnershipGraph.of(edges, on=date(2025, 5, 31)), "c") == ["p1"]
    assert owners_of(OwnershipGraph.of(edges, on=sold), "c") == ["p2"]


def test_more_paths_than_can_be_read_are_cut_off_and_said_so() -> None:
    edges = []
    for level in range(6):
        for side in "ab":
            below = ["c"] if level == 0 else [f"{other}{level - 1}" for other in "ab"]
            edges += [holds(f"{side}{level}", owned, "0.5") for owned in below]
    edges += [holds("p1", f"{side}5", "1") for side in "ab"]
    [owner] = OwnershipGraph.of(edges).beneficial_owners(PartyId("c"), QUARTER)
    assert owner.owned.low == 1
    assert not owner.has_all_paths
    assert len(owner.paths) == 20


def test_a_chain_of_thirty_thousand_companies_is_one_group() -> None:
    edges = [holds(f"s{number + 1}", f"s{number}", "0.6") for number in range(30_000)]
    began = process_time()
    graph = OwnershipGraph.of(edges)
    assert group(graph, ["s0"], MAJORITY) == {"s0": "s30000"}
    assert process_time() - began < 10


def test_a_chain_is_found_however_many_others_hold_the_party() -> None:
    crowd = [holds(f"p{number}", "c", "0.00001") for number in range(10, 6_010)]
    edges = [*crowd, holds("s1", "c", "0.5"), holds("p1", "s1", "1")]
    [owner] = OwnershipGraph.of(edges).beneficial_owners(PartyId("c"), QUARTER)
    assert [path.parties for path in owner.paths] == [("p1", "s1", "c")]
    assert owner.has_all_paths


def test_thousands_who_hold_through_their_own_companies_are_looked_at_in_one_go() -> None:
    edges = [holds("s1", "c", "0.6", control=True), holds("p1", "s1", "1")]
    for number in range(10, 5_010):
        edges += [holds(f"s{number}", "c", "0.00001"), holds(f"p{number}", f"s{number}", "1")]
    began = process_time()
    graph = OwnershipGraph.of(edges)
    [owner] = graph.beneficial_owners(PartyId("c"), QUARTER, majority=HALF)
    assert (owner.party.party_id, owner.held.low) == ("p1", Fraction(3, 5))
    assert process_time() - began < 10


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p1", "p2", "s1", "s2", "s3"]),
            st.sampled_from(["s1", "s2", "s3", "c"]),
            st.integers(1, 10),
            st.integers(0, 5),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_who_is_passed_over_quickly_would_not_count(
    drawn: list[tuple[str, str, int, int, bool]],
) -> None:
    edges = [
        holds(owner, owned, low=f"{low / 10}", high=f"{min(10, low + more) / 10}", control=control)
        for owner, owned, low, more, control in drawn
        if owner != owned
    ]
    graph = OwnershipGraph.of(edges)
    every = graph.beneficial_owners(PartyId("c"), Fraction(0), majority=HALF)
    some = graph.beneficial_owners(PartyId("c"), QUARTER, majority=HALF)
    assert list(some) == [
        replace(
            one,
            certainty=Bound.CERTAIN
            if one.has_control or one.held.low >= QUARTER
            else Bound.POSSIBLE,
        )
        for one in every
        if one.has_control or one.held.high >= QUARTER
    ]


def test_a_share_above_one_is_no_rule() -> None:
    with pytest.raises(ValueError, match="control_share"):
        GroupRule(Fraction(50))
