"""Detectors at their edges, on tiny worlds made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.estimates import Estimate
from sluicegate.metering.forecast import DayTotal
from sluicegate.registry.records import OwnershipEdge
from sluicegate.rules.thresholds import Level
from sluicegate.services.detectors import modification, ownership, structuring
from sluicegate.services.findings import Certainty
from small_worlds import (
    AS_OF,
    Small,
    assessed,
    between,
    cluster,
    customer,
    declared,
    exactly,
    found,
    holds,
    limit_of,
    run,
)

KYC = int(limit_of("assess.kyc.threshold"))
HALF = KYC // 2
GOVERNED = int(limit_of("kthf.oversight.cluster_verification.peak_rate"))
REPORTED = int(limit_of("us.nprm_702.cluster.peak_rate"))
GOVERNOR = "kthf.oversight.cluster_verification"
CLUSTER_REPORT = "us.nprm_702.cluster"
USE = "assess.kyc.compute_used"
GROUP_USE = "assess.kyc.group_compute_used"


# Compute split under one owner


def shells(*totals: Estimate) -> Small:
    """Return companies of one owner with these totals."""
    keys = [f"shell-{n}" for n in range(len(totals))]
    return Small(
        customers=[customer(key) for key in keys],
        edges=[holds("p-owner", key, "1") for key in keys],
        totals=dict(zip(keys, totals, strict=True)),
    )


def accounts(*parts: Estimate) -> Small:
    """Return one customer that was billed through several accounts."""
    total = Estimate.zero()
    for part in parts:
        total = total.plus(part)
    named = {f"account-{n}": part for n, part in enumerate(parts)}
    return Small(customers=[customer("c-1")], totals={"c-1": total}, accounts={"c-1": named})


@pytest.mark.parametrize("split", [shells, accounts])
def test_compute_is_split_when_parts_cross_together_and_none_alone(
    split: Callable[..., Small],
) -> None:
    rule = structuring.RULE
    assert found(split(exactly(HALF), exactly(HALF)), rule) == []
    [finding] = found(split(exactly(HALF), exactly(HALF + 1)), rule)
    assert finding.certainty is Certainty.CERTAIN
    assert found(split(exactly(KYC), exactly(1)), rule)[0].certainty is Certainty.CERTAIN
    assert found(split(exactly(KYC + 1), exactly(1)), rule) == []
    assert found(split(exactly(KYC * 5)), rule) == []


def test_a_split_is_about_the_owner_or_the_one_customer() -> None:
    [group] = found(shells(exactly(HALF), exactly(KYC)), structuring.RULE)
    assert str(group.subject) == "group:p-owner"
    assert [one["account"] for one in group.facts["accounts"]] == ["shell-0", "shell-1"]
    [alone] = found(accounts(exactly(HALF), exactly(KYC)), structuring.RULE)
    assert str(alone.subject) == "customer:c-1"


def test_companies_without_a_common_owner_split_nothing() -> None:
    small = replace(shells(exactly(KYC), exactly(KYC)), edges=[])
    assert found(small, structuring.RULE) == []


def test_bounds_of_the_parts_give_the_word() -> None:
    part = between(HALF, HALF + 1, HALF + 2)
    [finding] = found(shells(part, part), structuring.RULE)
    assert finding.certainty is Certainty.LIKELY
    part = between(1, HALF, HALF + 1)
    [finding] = found(shells(part, part), structuring.RULE)
    assert finding.certainty is Certainty.POSSIBLE


def test_a_part_that_may_have_crossed_alone_makes_the_split_less_than_certain() -> None:
    part = between(HALF, KYC, KYC + 1)
    [finding] = found(shells(exactly(HALF + 1), part), structuring.RULE)
    assert finding.certainty is Certainty.LIKELY


@given(st.lists(st.integers(0, KYC * 2), min_size=1, max_size=5), st.data())
def test_a_split_is_found_whatever_the_order_of_the_parts(
    amounts: list[int], data: st.DataObject
) -> None:
    expected = len(amounts) > 1 and sum(amounts) > KYC and max(amounts) <= KYC
    for order in (amounts, data.draw(st.permutations(amounts))):
        assert bool(found(shells(*map(exactly, order)), structuring.RULE)) is expected


def test_a_group_and_its_members_are_held_against_the_threshold_once_each() -> None:
    small = shells(exactly(KYC + 1), exactly(HALF))
    assert [str(f.subject) for f in found(small, USE)] == ["customer:shell-0"]
    assert [str(f.subject) for f in found(small, GROUP_USE)] == ["group:p-owner"]
    assert found(shells(exactly(KYC + 1)), GROUP_USE) == []


# Foreign owners


def owned(*edges: OwnershipEdge, country: str = "US", node: str = "US") -> Small:
    return Small(customers=[customer("c-1", country)], edges=edges, country=node)


def word(small: Small, as_of: date = AS_OF) -> str | None:
    findings = found(small, ownership.RULE, as_of=as_of)
    return findings[0].certainty.value if findings else None


@pytest.mark.parametrize(
    ("edges", "certainty"),
    [
        ([holds("p-1", "c-1", "0.25", country="FR")], "certain"),
        ([holds("p-1", "c-1", "0.249", country="FR")], None),
        ([holds("p-1", "c-1", "0.25", country="US")], None),
        ([holds("p-1", "c-1", "0.01", country="FR", control=True)], "certain"),
        ([holds("p-1", "c-1", country="FR", control=True)], "certain"),
        ([holds("p-1", "c-1", "0.25", country=None)], "possible"),
        ([holds("p-1", "c-1", "0.249", country=None)], None),
        ([replace(holds("p-1", "c-1", country="FR"), share_low=Fraction(1, 5),
                  share_high=Fraction(1, 2))], "possible"),
        ([holds("p-1", "c-1", "0.5", country="FR", until=AS_OF)], None),
        ([holds("p-1", "c-1", "0.5", country="FR", until=AS_OF + timedelta(1))], "certain"),
        ([holds("p-1", "c-1", "0.5", country="FR", since=AS_OF)], "certain"),
        ([holds("p-1", "c-1", "0.5", country="FR", since=AS_OF + timedelta(1))], None),
        ([holds("p-1", "mid", "0.5", country="FR"),
          holds("mid", "c-1", "0.5", individual=False)], "certain"),
        ([holds("p-1", "mid", "0.49", country="FR"),
          holds("mid", "c-1", "0.5", individual=False)], None),
        ([holds("mid", "c-1", "1", country="FR", individual=False)], None),
    ],
)  # fmt: skip
def test_a_foreign_owner_is_found_from_a_quarter_or_by_control(
    edges: list[OwnershipEdge], certainty: str | None
) -> None:
    assert word(owned(*edges)) == certainty


def test_a_foreign_customer_and_a_foreign_provider_are_not_asked_about() -> None:
    edge = holds("p-1", "c-1", "1", country="FR")
    assert word(owned(edge, country="FR")) is None
    assert word(owned(edge, node="DE")) is None


def test_a_known_foreign_owner_outweighs_an_unknown_one() -> None:
    edges = [holds("p-1", "c-1", "0.5", country=None), holds("p-2", "c-1", "0.5", country="FR")]
    assert word(owned(*edges)) == "certain"


def test_a_proposal_asks_and_binds_nobody() -> None:
    [finding] = found(owned(holds("p-1", "c-1", "1", country="FR")), ownership.RULE)
    assert (finding.as_written, finding.as_enforced) == (True, False)
    assert finding.legal_status.startswith("proposal")


# Modified models


ORIGINAL = 3 * 10**24
THIRD = 10**24


def tuned(amount: int, *makers: str, compute: int | None = None, meter: int | None = None) -> Small:
    """Return a world with a fine-tuning run of model m-1, and its maker's run."""
    tuning = declared("r-tune", kind="finetune", model_id="m-1")
    runs = [run("r-tune", exactly(amount), declaration=tuning)]
    known = [tuning]
    for name in makers:
        stated: dict[str, int] = {} if compute is None else {"declared_flop": compute}
        maker = declared(name, "c-2", kind="pretrain", model_id="m-1", **stated)
        known.append(maker)
        if meter is not None:
            runs.append(run(name, exactly(meter), "c-2", declaration=maker))
    return Small(runs=runs, declared=known)


def test_a_modifier_becomes_provider_above_a_third_of_the_original() -> None:
    rule = modification.RULE
    assert found(tuned(THIRD, "r-0", compute=ORIGINAL), rule) == []
    [finding] = found(tuned(THIRD + 1, "r-0", compute=ORIGINAL), rule)
    assert finding.certainty is Certainty.CERTAIN
    assert finding.facts["original_compute"] == str(ORIGINAL)


def test_a_metered_original_counts_where_the_declared_amount_lies_outside_it() -> None:
    told_too_much = tuned(THIRD + 1, "r-0", compute=ORIGINAL * 9, meter=ORIGINAL)
    assert len(found(told_too_much, modification.RULE)) == 1
    told_too_little = tuned(THIRD, "r-0", compute=1, meter=ORIGINAL)
    assert found(told_too_little, modification.RULE) == []
    assert len(found(tuned(THIRD + 1, "r-0", meter=ORIGINAL), modification.RULE)) == 1


def test_an_unknown_original_is_bounded_by_the_indicative_figure_and_said_so() -> None:
    indicative = int(limit_of("eu.gpai_guidelines.indicative.training_compute"))
    assert found(tuned(indicative // 3), modification.RULE) == []
    [finding] = found(tuned(indicative // 3 + 1), modification.RULE)
    assert modification.UNKNOWN_ORIGINAL in finding.assumptions
    assert "original_compute" not in finding.facts or finding.facts["original_compute"] is None


def test_bounds_of_both_runs_give_the_word() -> None:
    """Certain needs the least modification against the largest original."""
    maker = declared("r-0", "c-2", kind="pretrain", model_id="m-1")
    tuning = declared("r-tune", kind="finetune", model_id="m-1")
    original = run("r-0", between(ORIGINAL // 2, ORIGINAL, ORIGINAL * 2), "c-2", declaration=maker)
    words = {}
    for low, central, high in [
        (2 * THIRD + 1, 2 * THIRD + 1, 2 * THIRD + 1),
        (2 * THIRD, 2 * THIRD, 2 * THIRD),
        (THIRD, THIRD, THIRD),
        (1, 1, THIRD // 2),
    ]:
        tune = run("r-tune", between(low, central, high), declaration=tuning)
        small = Small(runs=[original, tune], declared=[maker, tuning])
        findings = found(small, modification.RULE)
        words[high] = findings[0].certainty.value if findings else None
    assert list(words.values()) == ["certain", "likely", "possible", None]


def test_a_run_that_is_no_fine_tuning_modifies_nothing() -> None:
    training = declared("r-1", kind="pretrain", model_id="m-1")
    small = Small(runs=[run("r-1", exactly(KYC), declaration=training)], declared=[training])
    assert found(small, modification.RULE) == []


# Clusters


def subjects(small: Small, rule: str) -> list[str]:
    return [str(finding.subject) for finding in found(small, rule)]


def test_clusters_on_one_fabric_count_together_from_exactly_the_rate() -> None:
    half = GOVERNED // 2
    pair = [cluster("a", half, fabric="f"), cluster("b", half, fabric="f")]
    assert subjects(Small(clusters=pair), GOVERNOR) == ["cluster:f"]
    pair[1] = cluster("b", half - 1, fabric="f")
    assert subjects(Small(clusters=pair), GOVERNOR) == []


def test_clusters_without_a_common_fabric_count_alone() -> None:
    apart = [cluster("a", GOVERNED - 1), cluster("b", GOVERNED - 1, fabric="g")]
    assert subjects(Small(clusters=apart), GOVERNOR) == []
    alone = [cluster("a", GOVERNED), cluster("b", GOVERNED, fabric="g")]
    assert subjects(Small(clusters=alone), GOVERNOR) == ["cluster:a", "cluster:b"]


def test_a_cluster_without_links_needs_no_permission() -> None:
    slow = [cluster("a", GOVERNED * 2, gbit=None)]
    assert subjects(Small(clusters=slow), GOVERNOR) == []


def test_the_proposed_report_asks_for_more_than_the_rate_and_more_than_the_network() -> None:
    network = int(limit_of("us.nprm_702.cluster.network"))
    for rate, gbit, expected in [
        (REPORTED, network + 1, []),
        (REPORTED + 1, network, []),
        (REPORTED + 1, network + 1, ["cluster:a"]),
        (REPORTED + 1, None, []),
    ]:
        small = Small(clusters=[cluster("a", rate, gbit=gbit)])
        assert subjects(small, CLUSTER_REPORT) == expected, (rate, gbit)


# Growth


def grown(daily: list[int]) -> Small:
    """Return a customer with these daily totals, the last one on the day asked about."""
    first = AS_OF - timedelta(days=len(daily) - 1)
    days = [DayTotal(first + timedelta(days=n), exactly(use)) for n, use in enumerate(daily)]
    return Small(
        customers=[customer("c-1")], totals={"c-1": exactly(sum(daily))}, days={"c-1": days}
    )


def test_steady_use_is_projected_to_the_day_it_crosses() -> None:
    """A hundredth of the threshold a day for 40 days: 60 more days reach it, 61 pass it."""
    [finding] = found(grown([KYC // 100] * 40), USE)
    assert finding.level is Level.APPROACHING
    assert finding.certainty is Certainty.CLEARED
    projected = finding.crossing.projected
    assert projected is not None
    assert abs((projected - AS_OF).days - 60) <= 1
    assert finding.crossing.central is None
    assert finding.monthly_growth == "1.00"


def test_fast_growth_is_projected_to_cross_where_the_same_use_spread_out_is_not() -> None:
    daily = [KYC // 1500 * 2 ** (n // 30) for n in range(120)]
    total = sum(daily)
    [fast] = found(grown(daily), USE)
    assert found(grown([total // 120] * 120), USE) == []
    assert fast.crossing.projected is not None
    assert AS_OF < fast.crossing.projected <= AS_OF + timedelta(days=60)
    assert Fraction(fast.monthly_growth or "0") > Fraction("1.5")


def test_use_that_stopped_is_not_projected() -> None:
    assert found(grown([KYC // 100] * 40 + [0] * 31), USE) == []


def test_growth_too_small_for_the_horizon_is_not_projected() -> None:
    assert found(grown([KYC // 1000] * 300), USE) == []


def test_growth_is_looked_at_from_a_share_of_the_threshold_on() -> None:
    least = Fraction(limit_of("assess.growth.least_share"))
    share = least * KYC
    assert int(share) == share
    for days, expected in ((25, 1), (24, 0)):
        assert len(found(grown([KYC // 100] * days), USE)) == expected


def test_a_customer_near_the_threshold_is_found_without_growth() -> None:
    near = KYC * 4 // 5
    for amount, level in ((near, Level.APPROACHING), (near - 1, None), (KYC, Level.APPROACHING)):
        findings = found(grown([amount] + [0] * 31), USE)
        assert [f.level for f in findings] == ([] if level is None else [level])


def test_the_days_of_crossing_are_given_for_each_bound() -> None:
    first = AS_OF - timedelta(days=9)
    each = between(KYC // 10, KYC // 5, KYC // 2)
    days = [DayTotal(first + timedelta(days=n), each) for n in range(10)]
    total = Estimate.zero()
    for one in days:
        total = total.plus(one.estimate)
    small = Small(customers=[customer("c-1")], totals={"c-1": total}, days={"c-1": days})
    [finding] = found(small, USE)
    crossing = finding.crossing
    assert (crossing.high, crossing.central, crossing.low) == (
        first + timedelta(days=2),
        first + timedelta(days=5),
        None,
    )
    assert finding.certainty is Certainty.LIKELY


def test_each_detector_finds_what_no_other_does() -> None:
    small = replace(
        shells(exactly(KYC), exactly(KYC)),
        runs=[run("r-1", exactly(KYC * 2), "shell-0")],
        clusters=[cluster("a", GOVERNED)],
    )
    for name, rule in {
        "run_thresholds": "us_ca.sb53.frontier_developer",
        "group_thresholds": GROUP_USE,
        "customer_thresholds": USE,
        "cluster_thresholds": GOVERNOR,
        "structured_use": structuring.RULE,
    }.items():
        assert rule in {f.rule for f in assessed(small, detectors=[name]).findings}


def linked(low: int, central: int, high: int, *, open_crossing: bool = False) -> Small:
    """Return three customers of separate owners that links hold together, on equal shares."""
    keys = ("c-1", "c-2", "c-3")
    totals = {key: between(low // 3, central // 3, high // 3) for key in keys}
    if open_crossing:
        totals["c-1"] = exactly(KYC + 1)
    edges = [holds(f"p-{key}", key, "1") for key in keys]
    group = dict.fromkeys(keys, "linked-c-1")
    return Small([customer(key) for key in keys], edges, totals, linked=group)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((2 * KYC, 2 * KYC, 2 * KYC), Certainty.POSSIBLE),
        ((HALF, 2 * KYC, 2 * KYC), Certainty.POSSIBLE),
        ((HALF, HALF, 2 * KYC), Certainty.POSSIBLE),
        ((HALF, HALF, HALF), None),
    ],
)
def test_linked_customers_that_cross_together_are_possible_however_sure_the_figures(
    amounts: tuple[int, int, int], expected: Certainty | None
) -> None:
    about = [
        one
        for one in assessed(linked(*amounts)).findings
        if one.subject.kind_name == "linked_group"
    ]
    assert [one.certainty for one in about] == ([] if expected is None else [expected])
    for one in about:
        assert one.rule == structuring.RULE
        assert one.assumptions == (structuring.LINKED_ACT_AS_ONE,)


def test_linked_customers_of_whom_one_crosses_alone_have_split_nothing() -> None:
    small = linked(KYC, KYC, KYC, open_crossing=True)
    subjects = {
        one.subject.kind_name for one in assessed(small).findings if one.rule == structuring.RULE
    }
    assert "linked_group" not in subjects


def test_links_change_no_affiliate_group() -> None:
    """The same findings about groups of law, with links and without."""
    small = linked(2 * KYC, 2 * KYC, 2 * KYC)
    without = replace(small, linked={})

    def others(one: Small) -> list[tuple[str, str]]:
        return [
            (str(found.subject), found.certainty.value)
            for found in assessed(one).findings
            if found.subject.kind_name != "linked_group"
        ]

    assert others(small) == others(without)
