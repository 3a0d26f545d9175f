"""Pieces of runs, speed, the high-risk profile, and identification before the threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.canonical import digest
from sluicegate.core.estimates import Estimate
from sluicegate.kyc.pieces import Fit, Piece, wholes
from sluicegate.metering.forecast import DayTotal
from sluicegate.metering.runs import MeteredRun
from sluicegate.registry.records import Customer
from sluicegate.rules.loading import shipped_book
from sluicegate.services.asking import ask_question
from sluicegate.services.detectors import approaching, high_risk, split_runs, structuring
from sluicegate.services.findings import Certainty, Finding
from small_worlds import (
    AS_OF,
    Small,
    assessed,
    cluster,
    customer,
    declared,
    exactly,
    found,
    holds,
    limit_of,
)

KYC = int(limit_of("assess.kyc.threshold"))
RUN = int(limit_of("assess.kyc.pieces.least_threshold"))
GAP, START_WINDOW = 3, 2
ALERT = int(limit_of("assess.kyc.rate_alert"))
DAY = 86_400
FIRST = date(2026, 2, 1)


def piece(
    key: str,
    estimate: Estimate,
    *,
    owner: str = "c-1",
    start: date = FIRST,
    days: int = 20,
    size: int = 1000,
    on: str = "k-1",
) -> MeteredRun:
    """Return a run of some days on a cluster, equally busy on each."""
    each = Estimate(
        int(estimate.low) // days,
        int(estimate.central) // days,
        int(estimate.high) // days,
        int(estimate.ceiling) // days,
        estimate.method,
    )
    return MeteredRun(
        run_key=f"{owner}/{key}",
        customer_id=owner,
        cluster_ids=(on,),
        start=start,
        end=start + timedelta(days=days),
        accelerators_peak=size,
        estimate=estimate,
        days=tuple(DayTotal(start + timedelta(days=n), each) for n in range(days)),
        run_id=key,
    )


def world(*runs: MeteredRun, **parts: Any) -> Small:
    """Return a world with these runs and their customers, each on its own unless it is said."""
    owners = sorted({one.customer_id for one in runs})
    totals = {
        key: Estimate.total(one.estimate for one in runs if one.customer_id == key)
        for key in owners
    }
    clusters = [cluster("k-1", 1), cluster("k-2", 1)]
    given = {"customers": [known(key) for key in owners], "totals": totals, "clusters": clusters}
    return Small(runs=runs, **{**given, **parts})


def known(key: str, country: str = "US", **parts: Any) -> Customer:
    """Return a customer that says how it pays."""
    return replace(customer(key, country), **{"payment_source": "invoice", **parts})


def follow(*, pause: int, count: int = 3, amount: int = RUN // 2) -> list[MeteredRun]:
    """Return runs of 20 days one after the other, with a pause in days between them."""
    step = timedelta(days=20 + pause)
    return [piece(f"r-{n}", exactly(amount), start=FIRST + n * step) for n in range(count)]


def reproduced(finding: Finding) -> bool:
    """Say whether asking the finding's question with its own facts gives its answer."""
    asked = ask_question(
        finding.question, dict(finding.facts), as_of=finding.as_of, book=shipped_book()
    )
    return digest(asked.answer_json()) == digest(finding.answer)


# Pieces of one run


def test_runs_that_carry_on_are_a_split_run_and_only_possibly_so() -> None:
    [finding] = found(world(*follow(pause=GAP)), split_runs.PIECES)
    assert str(finding.subject) == "customer:c-1"
    assert finding.certainty is Certainty.POSSIBLE
    assert finding.assumptions == (split_runs.ONE_RUN,)
    assert finding.answer["pattern"] == "sequence"
    assert len(finding.answer["pieces"]) == 3
    assert reproduced(finding)


@pytest.mark.parametrize(
    "runs",
    [
        follow(pause=GAP + 1),
        follow(pause=GAP, count=2),
        [*follow(pause=GAP, count=2), piece("big", exactly(RUN + 1), start=FIRST)],
        [piece("a", exactly(RUN)), piece("b", exactly(RUN), start=FIRST + timedelta(40))],
        [piece("a", exactly(RUN), on="k-1"), piece("b", exactly(RUN), on="elsewhere")],
        [piece("a", exactly(RUN)), piece("b", exactly(RUN), start=FIRST + timedelta(21), size=799)],
    ],
)
def test_runs_that_do_not_fit_or_do_not_cross_split_nothing(runs: list[MeteredRun]) -> None:
    assert found(world(*runs), split_runs.PIECES) == []


def test_runs_of_a_long_time_are_added_up_within_a_stretch_of_it() -> None:
    """Of runs of 20 days each four fit within 90 days, however many follow."""
    few = follow(pause=2, count=9, amount=RUN // 4)
    assert found(world(*few), split_runs.PIECES) == []
    [finding] = found(world(*follow(pause=2, count=9, amount=RUN // 4 + 1)), split_runs.PIECES)
    assert len(finding.answer["pieces"]) == 4


def test_accounts_of_one_owner_that_start_together_are_a_split_run_of_the_group() -> None:
    runs = [
        piece("r", exactly(RUN * 2 // 3), owner=key, start=FIRST + timedelta(days=n))
        for n, key in enumerate(("a", "b"))
    ]
    edges = [holds("p-owner", key, "1") for key in ("a", "b")]
    [finding] = found(world(*runs, edges=edges), split_runs.PIECES)
    assert str(finding.subject) == "group:p-owner"
    assert finding.answer["pattern"] == "coordinated"
    assert finding.answer["accounts"] == ["a", "b"]
    assert found(world(*runs), split_runs.PIECES) == []
    late = replace(runs[1], start=FIRST + timedelta(9), end=FIRST + timedelta(29))
    assert found(world(runs[0], late, edges=edges), split_runs.PIECES) == []


@pytest.mark.parametrize(("seconds", "fits"), [(0, True), (1, False)])
def test_starts_are_compared_by_their_instants_where_the_meter_knows_them(
    seconds: int, fits: bool
) -> None:
    begun = datetime(FIRST.year, FIRST.month, FIRST.day, 8, tzinfo=UTC)
    runs = []
    for n, key in enumerate(("a", "b")):
        begins = begun + n * timedelta(days=START_WINDOW, seconds=seconds)
        run = piece("r", exactly(RUN * 2 // 3), owner=key, start=begins.date())
        runs.append(replace(run, begins=begins, ends=begins + timedelta(days=19)))
    edges = [holds("p-owner", key, "1") for key in ("a", "b")]
    findings = found(world(*runs, edges=edges), split_runs.PIECES)
    assert bool(findings) is fits
    assert all(map(reproduced, findings))


def test_linked_customers_that_start_together_are_possible_by_two_assumptions() -> None:
    runs = [piece("r", exactly(RUN * 2 // 3), owner=key) for key in ("a", "b")]
    [finding] = found(world(*runs, linked=dict.fromkeys("ab", "linked-a")), split_runs.PIECES)
    assert str(finding.subject) == "linked_group:linked-a"
    assert finding.assumptions == (split_runs.ONE_RUN, structuring.LINKED_ACT_AS_ONE)


def test_the_greatest_threshold_that_the_pieces_cross_together_is_named() -> None:
    runs = [
        piece(f"r-{n}", exactly(KYC * 2 // 5), start=FIRST + timedelta(days=22 * n))
        for n in range(3)
    ]
    [finding] = found(world(*runs), split_runs.PIECES)
    assert int(finding.facts["threshold"]) == 10**26


@given(st.permutations(range(4)))
def test_pieces_are_found_in_any_order(order: list[int]) -> None:
    runs = follow(pause=1, count=4)
    [finding] = found(world(*(runs[n] for n in order)), split_runs.PIECES)
    assert finding.answer["pieces"] == [f"c-1/r-{n}" for n in range(4)]


# Speed


def test_a_gap_longer_than_any_calendar_joins_whatever_follows() -> None:
    fit = Fit(10**12, 10**12, 10**12, Fraction(0), Fraction(0))
    days = [date(2019, 1, 1), date(2024, 2, 29)]
    pieces = [Piece(f"r{day}", "a", day, day, "H100", 1, 1) for day in days]
    [one] = wholes(pieces, fit)
    assert (one.pattern, len(one.pieces)) == ("sequence", 2)


def fast(rate: int, *, days: int = 5, owner: str = "c-1", start: date = FIRST) -> MeteredRun:
    return piece("r", exactly(rate * DAY * days), owner=owner, days=days, start=start)


def test_speed_tells_where_totals_do_not() -> None:
    [finding] = found(world(fast(ALERT)), split_runs.SPEED)
    assert finding.certainty is Certainty.CERTAIN
    assert finding.answer["crossed_owners_visible"] == []
    assert reproduced(finding)
    assert found(world(fast(ALERT - 1)), split_runs.SPEED) == []


def test_who_crosses_openly_is_not_told_of_its_speed() -> None:
    assert found(world(fast(ALERT, days=200)), split_runs.SPEED) == []


def test_accounts_of_one_owner_are_as_fast_as_they_are_together_on_one_day() -> None:
    runs = [fast(ALERT // 2, owner=key) for key in ("a", "b")]
    edges = [holds("p-owner", key, "1") for key in ("a", "b")]
    [finding] = found(world(*runs, edges=edges), split_runs.SPEED)
    assert str(finding.subject) == "group:p-owner"
    assert found(world(*runs), split_runs.SPEED) == []
    apart = [runs[0], fast(ALERT // 2, owner="b", start=FIRST + timedelta(days=30))]
    assert found(world(*apart, edges=edges), split_runs.SPEED) == []


# Accounts of a customer in a group


def test_a_customer_of_a_group_that_splits_over_its_own_accounts_is_found_with_the_group() -> None:
    part = KYC * 2 // 3
    small = Small(
        customers=[known("a"), known("b")],
        edges=[holds("p-owner", key, "1") for key in ("a", "b")],
        totals={"a": exactly(part * 2), "b": exactly(5)},
        accounts={"a": {"a-1": exactly(part), "a-2": exactly(part)}},
    )
    findings = found(small, structuring.RULE)
    assert [str(one.subject) for one in findings] == ["customer:a", "group:p-owner"]
    accounts = [one["account"] for one in findings[1].facts["accounts"]]
    assert accounts == ["a-1", "a-2", "b"]


# The high-risk profile


LOOKED_AT = KYC // 4


def profile(edges: Any = (), *, used: int = LOOKED_AT, country: str = "US", **parts: Any) -> Small:
    return Small(
        customers=[known("c-1", country, **parts)],
        edges=edges,
        totals={"c-1": exactly(used)},
    )


def points(small: Small) -> list[str]:
    findings = found(small, high_risk.RULE)
    assert all(map(reproduced, findings))
    return [factor for one in findings for factor in one.answer["factors_found"]]


LINKS = ["strong_links_to_country_of_concern"]
FATF = ["fatf_high_risk_jurisdiction"]


@pytest.mark.parametrize(
    ("small", "expected"),
    [
        (profile(), []),
        (profile(country="BY"), LINKS),
        (profile(country="KP"), LINKS + FATF),
        (profile(country="BY", used=LOOKED_AT - 1), []),
        (profile([holds("p-1", "c-1", "0.25", country="RU")]), LINKS),
        (profile([holds("p-1", "c-1", "0.24", country="RU")]), []),
        (profile([holds("p-1", "c-1", "0.01", country="RU", control=True)]), LINKS),
        (profile([holds("top", "c-1", "0.6", country="CU", individual=False)]), LINKS),
        (profile([replace(holds("p-1", "c-1", country="RU"), role="director")]), []),
        (profile([replace(holds("p-1", "c-1", "0.1", country="RU"), role="director")]), LINKS),
        (profile(payment_source="wire transfer, IR"), ["unclear_funding", *FATF]),
        (profile(payment_source=None), []),
        (profile(payment_source=None, used=KYC), []),
        (profile(payment_source=None, used=KYC + 1), ["unclear_funding"]),
        (profile(payment_source="n/a", used=KYC + 1), ["unclear_funding"]),
        (profile(payment_source="DE89 3704 0044 0532 0130 00"), ["unclear_funding"]),
        (
            profile(
                [holds("p-1", "c-1", "0.5", country="DE")],
                payment_source="DE89 3704 0044 0532 0130 00",
            ),
            [],
        ),
    ],
)
def test_each_point_of_the_profile_is_found_from_what_is_stated(
    small: Small, expected: list[str]
) -> None:
    assert points(small) == expected


def test_a_range_of_a_share_makes_a_link_possible() -> None:
    held = replace(holds("p-1", "c-1", country="RU"), share_low=Fraction(0), share_high=Fraction(1))
    [finding] = found(profile([held]), high_risk.RULE)
    assert finding.certainty is Certainty.POSSIBLE


def test_a_request_far_above_the_frontier_is_a_point_before_anything_was_used() -> None:
    frontier = int(limit_of("assess.kyc.profile.frontier"))
    far = frontier * int(limit_of("assess.kyc.profile.far_above"))
    for amount, expected in ((far, ["request_far_above_frontier"]), (far - 1, [])):
        asked = declared("r-1", "c-1", declared_flop=amount)
        small = Small(customers=[known("c-1")], declared=[asked])
        assert points(small) == expected


@pytest.mark.parametrize(
    ("day", "frontier"),
    [
        (date(2023, 12, 5), 21 * 10**24),
        (date(2023, 12, 6), 5 * 10**25),
        (date(2025, 2, 16), 5 * 10**25),
        (date(2025, 2, 17), 35 * 10**25),
    ],
)
def test_the_frontier_is_that_of_the_day(day: date, frontier: int) -> None:
    asked = declared("r-1", "c-1", declared_flop=frontier * 10)
    small = Small(customers=[known("c-1")], declared=[asked])
    [finding] = found(small, high_risk.RULE, as_of=day)
    assert int(finding.facts["frontier"]) == frontier


def test_the_node_s_own_country_is_no_link() -> None:
    assert points(replace(profile(country="CN"), country="CN")) == []


# Identification before the threshold


def growing(used: int = KYC * 2 // 5) -> Small:
    """Return a customer that used a hundredth of the threshold a day up to an amount."""
    daily = KYC // 100
    count = used // daily
    days = [DayTotal(AS_OF - timedelta(days=count - 1 - n), exactly(daily)) for n in range(count)]
    return Small(
        customers=[known("c-1", address="1 Quay")],
        totals={"c-1": exactly(daily * count)},
        days={"c-1": days},
    )


def test_who_grows_across_is_told_what_it_lacks_and_until_when() -> None:
    [finding] = found(growing(), approaching.RULE)
    projected = finding.crossing.projected
    assert projected is not None
    assert projected > AS_OF
    assert finding.answer["state"] == "below"
    assert "beneficial_owner_names" in finding.answer["missing"]
    assert finding.answer["before"] == projected.isoformat()
    assert reproduced(finding)
    [owed] = [one for one in assessed(growing()).obligations if one.finding == finding.id]
    assert owed.due == projected
    assert owed.calculation == f"before the threshold is passed, projected for {projected}"


def test_who_stays_far_below_is_asked_for_nothing() -> None:
    assert found(growing(KYC // 10), approaching.RULE) == []


def test_who_crossed_owed_it_before_that_day() -> None:
    small = growing(KYC + KYC // 10)
    [finding] = found(small, approaching.RULE)
    assert finding.answer["state"] == "crossed"
    assert finding.crossing.projected is None
    [owed] = [one for one in assessed(small).obligations if one.finding == finding.id]
    assert owed.due == finding.crossing.central


def test_members_of_a_group_that_approaches_are_identified_with_it() -> None:
    small = Small(
        customers=[known("a"), known("b")],
        edges=[holds("p-owner", key, "1") for key in ("a", "b")],
        totals={key: exactly(KYC * 2 // 5) for key in ("a", "b")},
    )
    findings = found(small, approaching.RULE)
    assert [str(one.subject) for one in findings] == ["customer:a", "customer:b"]
    assert {int(one.facts["compute_used"]) for one in findings} == {KYC * 4 // 5}
