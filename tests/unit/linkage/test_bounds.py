"""What would join a thousand customers is found and not used: common things, hubs, chains."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from linked_worlds import customer, found_among, signal
from sluicegate.registry.records import AccountSignal, Customer
from sluicegate.screening.linkage import (
    Decision,
    Found,
    Groups,
    Pattern,
    Verdict,
    draw_groups,
    pair_of,
    shipped_policy,
    standing_of,
)

POLICY = shipped_policy()
SMALL = replace(POLICY, hub=4, largest=8)
AT = datetime(2026, 6, 30, 9, tzinfo=UTC)


def crowd(count: int, **given: str) -> list[Customer]:
    return [customer(f"c-{number:04}", **given) for number in range(count)]


def device(*pairs: tuple[int, int]) -> list[AccountSignal]:
    """Return that customers by their numbers share a device, another for each pair."""
    return [
        signal(f"c-{one:04}", "device", f"dev-{min(pair)}-{max(pair)}-af")
        for pair in pairs
        for one in pair
    ]


def cut(one: int, other: int) -> Decision:
    pair = pair_of(f"c-{one:04}", f"c-{other:04}")
    return Decision(*pair, Verdict.CUT, "a mistake", "user:ada", AT)


def groups(found: Found, *decisions: Decision) -> Groups:
    return draw_groups(found, standing_of(decisions, {}), SMALL)


@pytest.mark.parametrize(
    "given",
    [
        {"address": "1 Agent Street, Suite 100, Novgrad"},
        {"payment_source": "processor acct-77120044"},
        {"email": "signup@portal.example"},
        {"telephone": "+1 202 555 0143"},
    ],
)
def test_a_thing_that_a_thousand_share_joins_nobody_and_says_by_how_many(
    given: dict[str, str],
) -> None:
    found = found_among(crowd(1_000, **given))
    assert draw_groups(found, {}, POLICY).of == {}
    assert {one.sharers for one in found.common} == {1_000}
    assert all(one.customers[0] == "c-0000" for one in found.common)


def test_an_agent_beside_many_strangers_is_a_hub_and_joins_nobody() -> None:
    found = found_among(crowd(7), device(*((0, other) for other in range(1, 7))))
    drawn = groups(found)
    assert drawn.of == {}
    assert {(one.pattern, one.customers) for one in drawn.aside.values()} == {(Pattern.HUB, 7)}


def test_who_shares_with_many_that_share_among_themselves_is_no_hub() -> None:
    pairs = [(0, other) for other in range(1, 7)] + [(other, other + 1) for other in range(1, 6)]
    drawn = groups(found_among(crowd(7), device(*pairs)))
    assert (drawn.aside, len(drawn.members)) == ({}, 1)


def test_two_kinds_of_evidence_hold_a_customer_beside_a_hub() -> None:
    both = [signal(f"c-{one:04}", "payment_instrument", "fp-3391af") for one in (0, 1)]
    marks = [*device(*((0, other) for other in range(1, 8))), *both]
    drawn = groups(found_among(crowd(8), marks))
    assert drawn.members == {"c-0000": ("c-0000", "c-0001")}


def test_a_hub_stays_one_when_one_of_its_bonds_is_cut() -> None:
    found = found_among(crowd(6), device(*((0, other) for other in range(1, 6))))
    assert groups(found, cut(0, 1)).of == {}


def test_a_chain_that_goes_on_and_on_is_not_one_group() -> None:
    found = found_among(crowd(1_000), device(*((one, one + 1) for one in range(999))))
    drawn = draw_groups(found, {}, POLICY)
    assert drawn.of == {}
    assert {(one.pattern, one.customers) for one in drawn.aside.values()} == {
        (Pattern.CHAIN, 1_000)
    }


def test_of_a_chain_that_is_too_long_the_strongest_parts_stay() -> None:
    pairs = [(one, one + 1) for one in range(11)]
    strong = [
        signal(f"c-{one:04}", "payment_instrument", f"fp-33{pair}af")
        for pair, members in enumerate([(0, 1), (5, 6)])
        for one in members
    ]
    drawn = groups(found_among(crowd(12), [*device(*pairs), *strong]))
    assert drawn.members == {"c-0000": ("c-0000", "c-0001"), "c-0005": ("c-0005", "c-0006")}
    assert len(drawn.aside) == 9


def test_a_cut_that_parts_too_large_a_group_brings_its_halves_back() -> None:
    found = found_among(crowd(12), device(*((one, one + 1) for one in range(11))))
    assert groups(found).of == {}
    parted = groups(found, cut(5, 6))
    assert [len(members) for members in parted.members.values()] == [6, 6]
    assert parted.path("c-0005", "c-0006") == ()


def test_what_a_person_accepted_holds_beside_a_hub() -> None:
    found = found_among(crowd(6), device(*((0, other) for other in range(1, 6))))
    accepted = replace(cut(0, 3), verdict=Verdict.ACCEPTED)
    drawn = groups(found, accepted)
    assert drawn.members == {"c-0000": ("c-0000", "c-0003")}
    assert accepted.pair not in drawn.aside


def test_those_under_one_control_count_once() -> None:
    found = found_among(crowd(12), device((0, 11)))
    family = [f"c-{one:04}" for one in range(11)]
    drawn = draw_groups(found, {}, SMALL, [family])
    assert (drawn.aside, len(drawn.members["c-0000"])) == ({}, 12)


def test_the_order_of_what_is_found_plays_no_part() -> None:
    pairs = [(one, one + 1) for one in range(11)] + [(20, other) for other in range(21, 27)]
    marks = device(*pairs)
    first = groups(found_among(crowd(27), marks))
    for seed in range(3):
        turned = list(marks)
        Random(seed).shuffle(turned)
        assert groups(found_among(crowd(27)[::-1], turned)) == first
