"""What a comparison found becomes a finding that `ask` reproduces."""

from __future__ import annotations

from fractions import Fraction

from sluicegate.services.detectors import joint_use
from sluicegate.services.findings import Certainty
from sluicegate.services.ports.exchange import JointKept
from small_worlds import Small, between, customer, exactly, found, holds, limit_of

KYC = int(limit_of("assess.kyc.threshold"))


def one(party: str, own: int, other: int) -> JointKept:
    return JointKept("s-1", party, "Provider B", Fraction(own), Fraction(other))


def alone(own: int, other: int) -> Small:
    return Small(
        customers=[customer("c-1")], totals={"c-1": exactly(own)}, joint=[one("c-1", own, other)]
    )


def test_a_customer_that_crosses_with_another_provider_is_likely_at_most() -> None:
    [finding] = found(alone(KYC // 2, KYC // 2 + 1), joint_use.RULE)
    assert finding.certainty is Certainty.LIKELY
    assert str(finding.subject) == "customer:c-1"
    assert finding.facts["information_shared"] is True
    assert [row["provider"] for row in finding.facts["accounts"]] == ["this node", "Provider B"]


def test_the_threshold_itself_is_not_crossed() -> None:
    assert found(alone(KYC // 2, KYC // 2), joint_use.RULE) == []


def test_who_crosses_alone_splits_nothing() -> None:
    assert found(alone(KYC + 1, KYC // 2), joint_use.RULE) == []


def test_what_only_the_high_bound_carries_over_is_possible() -> None:
    totals = {"c-1": between(KYC // 4, KYC // 3, KYC // 2 + 2)}
    small = Small(
        customers=[customer("c-1")], totals=totals, joint=[one("c-1", KYC // 3, KYC // 2)]
    )
    [finding] = found(small, joint_use.RULE)
    assert finding.certainty is Certainty.POSSIBLE


def test_a_group_is_one_subject() -> None:
    keys = ["shell-1", "shell-2"]
    small = Small(
        customers=[customer(key) for key in keys],
        edges=[holds("p-owner", key, "1") for key in keys],
        totals={key: exactly(KYC // 4) for key in keys},
        joint=[one("p-owner", KYC // 2, KYC // 2 + 1)],
    )
    [finding] = found(small, joint_use.RULE)
    assert str(finding.subject) == "group:p-owner"


def test_a_party_that_is_no_longer_there_makes_nothing() -> None:
    assert found(Small(joint=[one("gone", KYC, KYC)]), joint_use.RULE) == []
