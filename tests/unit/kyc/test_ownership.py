"""Coverage by ownership: the smallest set, on graphs with cycles, against a slow definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.kyc import QUESTIONS
from sluicegate.kyc.ownership import Holding, cover
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
QUESTION = next(q for q in QUESTIONS if q.name == "ownership_50_percent")
DAY = date(2026, 1, 15)
LIMIT: Limit = Law(BOOK, DAY).limit("us.ofac_50_percent.ownership_share")
Share = Fraction | None


def answer(facts: Mapping[str, Any], on: str = "2026-01-15") -> Mapping[str, Any]:
    return ask(QUESTION, facts, as_of=on, book=BOOK).answer


def edges(*holdings: tuple[str, str, str | None]) -> list[dict[str, Any]]:
    return [
        {"owner": owner, "owned": owned, "share": None if share is None else Decimal(share)}
        for owner, owned, share in holdings
    ]


def listed(**lists: str) -> list[dict[str, str]]:
    return [
        {"party": party, "list": name} for party, names in lists.items() for name in names.split()
    ]


PARTIES = "abcdef"
GRAPHS = st.lists(
    st.tuples(
        st.sampled_from(PARTIES),
        st.sampled_from(PARTIES),
        st.one_of(st.none(), st.integers(0, 8).map(lambda n: Fraction(n, 10))),
    ).filter(lambda edge: edge[0] != edge[1]),
    max_size=14,
)
LISTED = st.dictionaries(
    st.sampled_from(PARTIES),
    st.sets(st.sampled_from(["sdn", "sdn_specified"]), min_size=1).map(frozenset),
    max_size=3,
)


def smallest_set(graph: list[tuple[str, str, Share]], start: set[str]) -> set[str]:
    """Return the smallest set with `start` in which every party held by half belongs."""
    inside = set(start)
    while True:
        grown = inside | {
            party
            for party in PARTIES
            if sum((s or 0 for o, p, s in graph if p == party and o in inside), Fraction(0))
            >= Fraction(1, 2)
        }
        if grown == inside:
            return inside
        inside = grown


@given(graph=GRAPHS, on_lists=LISTED)
def test_the_covered_set_is_the_smallest_one(
    graph: list[tuple[str, str, Share]], on_lists: dict[str, frozenset[str]]
) -> None:
    coverage = cover([Holding(*edge) for edge in graph], on_lists, LIMIT)
    inside = smallest_set(graph, set(on_lists))
    assert set(coverage.covered) == inside - set(on_lists)
    assert set(coverage.aggregate) == {owned for _, owned, _ in graph} - set(on_lists)
    for party, share in coverage.aggregate.items():
        assert share == sum(s or 0 for o, p, s in graph if p == party and o in inside)
    unknown = {p for o, p, s in graph if s is None and o in inside} - set(on_lists)
    assert coverage.unknown == unknown


@given(graph=GRAPHS, on_lists=LISTED)
def test_lists_come_from_parties_upstream_that_hold_something(
    graph: list[tuple[str, str, Share]], on_lists: dict[str, frozenset[str]]
) -> None:
    coverage = cover([Holding(*edge) for edge in graph], on_lists, LIMIT)
    inside = smallest_set(graph, set(on_lists))
    carriers = {  # parties through which coverage flows on
        party
        for party in inside
        if sum((s or 0 for o, p, s in graph if p == party and o in inside), Fraction(0)) * 2 >= 1
    }
    for party in coverage.covered:
        upstream, grown = {party}, set[str]()
        while grown != upstream:
            grown = set(upstream)
            upstream |= {o for o, p, s in graph if s and p in upstream & carriers and o in inside}
        behind = {name for owner in upstream for name in on_lists.get(owner, ())}
        assert coverage.lists[party] == behind


@given(graph=GRAPHS, on_lists=LISTED, data=st.data())
def test_the_order_of_holdings_does_not_matter(
    graph: list[tuple[str, str, Share]],
    on_lists: dict[str, frozenset[str]],
    data: st.DataObject,
) -> None:
    one = cover([Holding(*edge) for edge in graph], on_lists, LIMIT)
    two = cover([Holding(*edge) for edge in data.draw(st.permutations(graph))], on_lists, LIMIT)
    assert set(one.covered) == set(two.covered)
    assert one.aggregate == two.aggregate
    assert one.lists == two.lists


@given(graph=GRAPHS, on_lists=LISTED, more=st.sampled_from(PARTIES))
def test_one_more_listed_party_frees_nobody(
    graph: list[tuple[str, str, Share]], on_lists: dict[str, frozenset[str]], more: str
) -> None:
    holdings = [Holding(*edge) for edge in graph]
    before = cover(holdings, on_lists, LIMIT)
    after = cover(holdings, {**on_lists, more: frozenset({"sdn"})}, LIMIT)
    assert set(before.covered) <= {*after.covered, more}


def test_a_long_chain_and_its_way_back_need_no_recursion() -> None:
    count = 50_000
    forth = [Holding(str(n), str(n + 1), Fraction(1, 2)) for n in range(count)]
    back = [Holding(str(n + 1), str(n), Fraction(1, 2)) for n in range(count)]
    coverage = cover([*forth, *back], {"0": frozenset({"sdn"})}, LIMIT)
    assert len(coverage.covered) == count
    assert coverage.aggregate["1"] == 1
    assert coverage.lists[str(count)] == {"sdn"}


@pytest.mark.parametrize(
    ("share", "covered"), [("0.4999999999999999999999", []), ("0.5", ["c"]), ("1", ["c"])]
)
def test_half_is_enough_and_nothing_less(share: str, covered: list[str]) -> None:
    facts = {"regime": "ofac", "edges": edges(("x", "c", share)), "listed": listed(x="sdn")}
    assert answer(facts)["covered_as_written"] == covered


@pytest.mark.parametrize(
    ("day", "state", "written", "enforced"),
    [
        ("2025-09-28", "not_yet_in_force", False, False),
        ("2025-09-29", "in_force", True, True),
        ("2025-11-09", "in_force", True, True),
        ("2025-11-10", "suspended", True, False),
        ("2026-11-09", "suspended", True, False),
        ("2026-11-10", "in_force", True, True),
    ],
)
def test_the_windows_of_the_affiliates_rule(
    day: str, state: str, written: bool, enforced: bool
) -> None:
    facts = {
        "regime": "bis_affiliates",
        "edges": edges(("x", "c", "0.6"), ("c", "d", "0.3"), ("d", "e", None)),
        "listed": listed(x="meu_list"),
    }
    got = answer(facts, day)
    assert got["enforcement"] == state
    assert got["covered_as_written"] == (["c"] if written else [])
    assert got["covered_as_enforced"] == (["c"] if enforced else [])
    assert got["lists"] == ({"c": ["meu_list"]} if written else {})
    assert got["aggregate_share"] == {"c": Fraction(3, 5), "d": Fraction(3, 10), "e": 0}
    assert got["diligence_parties"] == ["d"]


def test_a_moved_suspension_moves_the_answer() -> None:
    facts = {
        "regime": "bis_affiliates",
        "edges": edges(("x", "c", "1")),
        "listed": listed(x="meu_list"),
    }
    statuses = BOOK.instrument("us.bis_affiliates").statuses
    lifted = BOOK.with_statuses("us.bis_affiliates", statuses[:1])
    assert ask(QUESTION, facts, as_of=DAY, book=lifted).answer["covered_as_enforced"] == ["c"]


@pytest.mark.parametrize(
    ("regime", "counting"),
    [
        ("ofac", {"sdn", "sdn_specified"}),
        ("bis_affiliates", {"sdn_specified", "entity_list", "meu_list"}),
    ],
)
@pytest.mark.parametrize("name", ["sdn", "sdn_specified", "entity_list", "meu_list"])
def test_only_the_lists_of_the_regime_count(regime: str, counting: set[str], name: str) -> None:
    facts = {"regime": regime, "edges": edges(("x", "c", "1")), "listed": listed(x=name)}
    got = answer(facts, "2025-10-15")
    assert got["covered_as_written"] == (["c"] if name in counting else [])
    assert got["aggregate_share"] == {"c": 1 if name in counting else 0}


def test_a_party_on_a_list_that_does_not_count_is_like_any_other() -> None:
    facts = {
        "regime": "bis_affiliates",
        "edges": edges(("x", "y", "0.5"), ("y", "z", "0.5")),
        "listed": listed(x="entity_list", y="sdn"),
    }
    got = answer(facts, "2025-10-15")
    assert got["covered_as_written"] == ["y", "z"]
    assert got["lists"] == {"y": ["entity_list"], "z": ["entity_list"]}


def test_a_holding_of_nothing_carries_no_list() -> None:
    facts = {
        "regime": "ofac",
        "edges": edges(("x", "c", "0.5"), ("w", "c", "0"), ("v", "c", None)),
        "listed": listed(x="sdn", w="sdn_specified", v="sdn_specified"),
    }
    assert answer(facts)["lists"] == {"c": ["sdn"]}


@pytest.mark.parametrize(
    ("holdings", "minority", "diligence"),
    [
        ([("x", "c", "0.25")], None, ["c"]),
        ([("x", "c", "0.2499")], None, []),
        ([("x", "c", "0.1"), ("w", "c", "0.15")], None, ["c"]),
        ([("x", "c", "0.25")], "0.26", []),
        ([("x", "c", None)], None, ["c"]),
        ([("x", "c", None), ("w", "c", "0.5")], None, []),
        ([("y", "c", None)], None, []),
        ([("x", "y", "0.5"), ("y", "c", None)], None, ["c"]),
        ([("x", "w", None)], None, []),
    ],
)
def test_who_calls_for_diligence(
    holdings: list[tuple[str, str, str | None]], minority: str | None, diligence: list[str]
) -> None:
    facts: dict[str, Any] = {
        "regime": "ofac",
        "edges": edges(*holdings),
        "listed": listed(x="sdn", w="sdn"),
    }
    if minority is not None:
        facts["significant_minority_share"] = Decimal(minority)
    assert answer(facts)["diligence_parties"] == diligence


@pytest.mark.parametrize(
    ("holdings", "errors"),
    [
        ([("a", "a", "0.1")], ["edges.owned"]),
        ([("a", "b", "0.6"), ("c", "b", "0.4000000001")], ["edges.share"]),
        ([("a", "b", "0.6"), ("a", "b", "0.5"), ("c", "c", None)], ["edges.owned", "edges.share"]),
    ],
)
def test_impossible_holdings_are_refused(
    holdings: list[tuple[str, str, str | None]], errors: list[str]
) -> None:
    with pytest.raises(BadFactsError) as refused:
        answer({"regime": "ofac", "edges": edges(*holdings), "listed": []})
    assert refused.value.paths == errors


def test_known_shares_may_add_up_to_the_whole_beside_an_unknown_one() -> None:
    holdings = edges(("a", "b", "0.6"), ("c", "b", "0.4"), ("d", "b", None))
    got = answer({"regime": "ofac", "edges": holdings, "listed": []})
    assert got["aggregate_share"] == {"b": 0}


def test_reasons_of_a_large_graph_stay_readable() -> None:
    holdings = edges(*(("x", f"c{n}", "0.5") for n in range(200)))
    facts = {"regime": "ofac", "edges": holdings, "listed": listed(x="sdn")}
    asked = ask(QUESTION, facts, as_of=DAY, book=BOOK)
    assert len(asked.answer["covered_as_written"]) == 200
    assert len(asked.reasons) < 30
    assert str(asked.reasons[-1]) == "180 more parties stand in the answer."
