"""Groups do not depend on order, a cut stays cut, and a path says who still joins two."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linked_worlds import customer, found_among, signal
from sluicegate.screening.linkage import (
    Decision,
    Verdict,
    draw_groups,
    pair_of,
    roots_of,
    shipped_policy,
    standing_of,
)

POLICY = shipped_policy()
AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
KEYS = [f"c-{number}" for number in range(9)]

keys = st.sampled_from(KEYS)
seen = st.lists(
    st.tuples(keys, st.sampled_from(["device", "ip", "domain"]), st.integers(0, 4)), max_size=25
)
offices = st.lists(st.integers(0, 3), min_size=len(KEYS), max_size=len(KEYS))
pairs = st.lists(st.tuples(keys, keys).filter(lambda one: one[0] != one[1]), max_size=8)


def decided(one: str, other: str, verdict: Verdict = Verdict.CUT) -> Decision:
    return Decision(*pair_of(one, other), verdict, "looked at it", "user:ada", AT)


def world(places: list[int], marks: list[tuple[str, str, int]], order: int = 0) -> Any:
    customers = [
        customer(key, address=f"{place + 1} Sample Street, Novgrad") if place else customer(key)
        for key, place in zip(KEYS, places, strict=True)
    ]
    values = {"device": "dev-99{}", "ip": "203.0.11{}.7", "domain": "firm-{}.example"}
    signals = [signal(key, kind, values[kind].format(number)) for key, kind, number in marks]
    Random(order).shuffle(customers)
    Random(order + 1).shuffle(signals)
    return found_among(customers, signals)


@given(places=offices, marks=seen, cuts=pairs, order=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_same_facts_in_any_order_give_the_same_links_and_groups(
    places: list[int],
    marks: list[tuple[str, str, int]],
    cuts: list[tuple[str, str]],
    order: int,
) -> None:
    first, again = world(places, marks), world(places, marks, order)
    assert first == again
    assert first.digest == again.digest
    standing = standing_of([decided(*pair) for pair in cuts], {})
    turned = standing_of([decided(b, a) for a, b in reversed(cuts)], {})
    assert draw_groups(first, standing, POLICY) == draw_groups(again, turned, POLICY)


@given(places=offices, marks=seen, cuts=pairs)
@settings(max_examples=60, deadline=None)
def test_groups_are_what_uncut_bonds_join_and_nothing_else(
    places: list[int], marks: list[tuple[str, str, int]], cuts: list[tuple[str, str]]
) -> None:
    found = world(places, marks)
    standing = standing_of([decided(*pair) for pair in cuts], {})
    groups = draw_groups(found, standing, POLICY)
    uncut = {bond.pair for bond in found.holding} - {pair_of(*pair) for pair in cuts}
    for a in KEYS:
        for b in KEYS:
            together = a != b and a in groups.of and groups.of[a] == groups.of.get(b)
            way = groups.path(a, b) if a != b else ()
            assert bool(way) is together
            steps = {pair_of(*step) for step in pairwise(way)}
            assert steps <= uncut
    assert {pair_of(a, b) for a in groups.edges for b in groups.edges[a]} == uncut


@given(places=offices, marks=seen, cuts=pairs)
@settings(max_examples=40, deadline=None)
def test_a_cut_never_joins_anybody(
    places: list[int], marks: list[tuple[str, str, int]], cuts: list[tuple[str, str]]
) -> None:
    found = world(places, marks)
    before = draw_groups(found, {}, POLICY)
    after = draw_groups(found, standing_of([decided(*pair) for pair in cuts], {}), POLICY)
    for members in after.members.values():
        assert len({before.of[one] for one in members}) == 1


def test_a_cut_stays_over_new_evidence_and_ends_by_being_restored() -> None:
    customers = [customer("c-1"), customer("c-2")]
    first = [signal(key, "device", "dev-99af") for key in ("c-1", "c-2")]
    more = [*first, *(signal(key, "payment_instrument", "fp-3391") for key in ("c-1", "c-2"))]
    cut = [decided("c-1", "c-2")]
    for signals in (first, more):
        assert draw_groups(found_among(customers, signals), standing_of(cut, {}), POLICY).of == {}
    restored = [*cut, decided("c-2", "c-1", Verdict.RESTORED)]
    groups = draw_groups(found_among(customers, more), standing_of(restored, {}), POLICY)
    assert groups.members == {"c-1": ("c-1", "c-2")}


def test_a_cut_survives_the_merge_of_ids() -> None:
    """c-1 becomes an account of c-9; the link of c-9 to c-2 is the one that was cut."""
    customers = [customer("c-1", account_of="c-9"), customer("c-2"), customer("c-9")]
    signals = [signal(key, "device", "dev-99af") for key in ("c-1", "c-2")]
    found = found_among(customers, signals)
    roots = roots_of({str(one.customer_id): one for one in customers})
    assert list(found.bonds) == [("c-2", "c-9")]
    assert draw_groups(found, standing_of([], roots), POLICY).of != {}
    cut = decided("c-1", "c-2")
    assert draw_groups(found, standing_of([cut], roots), POLICY).of == {}
    # What was accepted for the merged id before or after does not bring the cut link back.
    for history in (
        [decided("c-9", "c-2", Verdict.ACCEPTED), cut],
        [cut, decided("c-9", "c-2", Verdict.ACCEPTED)],
    ):
        assert draw_groups(found, standing_of(history, roots), POLICY).of == {}


def test_a_cut_within_one_merged_customer_says_nothing_of_others() -> None:
    roots = {"a-1": "c-1", "a-2": "c-1", "c-1": "c-1"}
    assert standing_of([decided("a-1", "a-2")], roots) == {}


def test_accepting_holds_a_pair_that_nothing_found_does() -> None:
    found = found_among([customer("c-1"), customer("c-2")])
    accepted = [decided("c-1", "c-2", Verdict.ACCEPTED)]
    assert draw_groups(found, standing_of(accepted, {}), POLICY).members == {"c-1": ("c-1", "c-2")}
    assert draw_groups(found, standing_of([*accepted, decided("c-1", "c-2")], {}), POLICY).of == {}


def test_one_control_joins_without_a_link_and_a_path_says_through_whom() -> None:
    customers = [customer(key) for key in ("c-1", "c-2", "c-3")]
    signals = [signal(key, "device", "dev-99af") for key in ("c-2", "c-3")]
    groups = draw_groups(found_among(customers, signals), {}, POLICY, [["c-2", "c-1"]])
    assert groups.path("c-1", "c-3") == ("c-1", "c-2", "c-3")
    assert groups.path("c-1", "c-8") == ()


def test_a_circle_of_accounts_has_one_root() -> None:
    rows = [
        customer("a-1", account_of="a-2"),
        customer("a-2", account_of="a-3"),
        customer("a-3", account_of="a-1"),
        customer("a-4", account_of="a-3"),
        customer("a-5", account_of="a-5"),
        customer("a-6", account_of="gone"),
    ]
    for order in range(6):
        Random(order).shuffle(rows)
        found = roots_of({str(one.customer_id): one for one in rows})
        assert {found[f"a-{number}"] for number in range(1, 5)} == {"a-1"}
        assert (found["a-5"], found["a-6"]) == ("a-5", "gone")
