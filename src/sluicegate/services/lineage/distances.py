"""How far what a target comes to lies from the thresholds that go with its counting rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact, flop_text, whole
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.document import Quantity
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law

_SCHEME = "kthf"
_RATES = ("kthf.oversight.inference_cap",)
_LIMITS: Mapping[str, tuple[str, ...]] = {
    _SCHEME: ("kthf.oversight.registration.training_compute", "kthf.oversight.training_cap"),
    "us_4e091": ("us.eccn_4e091.training_compute",),
    "sb53": ("us_ca.sb53.frontier_model.training_compute",),
    "raise": ("us_ny.raise_2026.frontier_model.training_compute",),
    "eu_ai_act": (
        "eu.gpai_guidelines.indicative.training_compute",
        "eu.ai_act.systemic_risk.training_compute",
    ),
}
"""Counting rule → the thresholds on training compute of the texts that count so."""

PASSED, NOT_PASSED, OPEN = "yes", "no", "undetermined"


@dataclass(frozen=True, slots=True)
class Distance:
    """A threshold beside an amount.

    `times` is how often the threshold goes into the amount; `left` what is missing
    to it, below 0 once it is exceeded. `passed`: yes at every bound, no at none and
    with all that the rule does not address, else undetermined.
    """

    parameter: str
    limit: Limit
    times: Fraction
    left: Exact
    passed: str

    def as_row(self) -> dict[str, Any]:
        """Return it as a row; figures are decimal strings."""
        return {
            "parameter": self.parameter,
            "comparator": self.limit.comparator.value,
            "threshold": flop_text(self.limit.value),
            "left": flop_text(self.left),
            "passed": self.passed,
        }


def distances(account: Account, law: Law) -> Sequence[Distance]:
    """Return the distance to each threshold of the account's rule, the lowest first.

    Thresholds on training compute go with training compute; output compute and
    unions have none. A rate has the scheme's cap.
    """
    found = [_distance(account, name, law.limit(name)) for name in _names(account)]
    return sorted(found, key=lambda one: one.limit.value)


def _names(account: Account) -> tuple[str, ...]:
    if account.quantity is Quantity.TRAINING_COMPUTE:
        return _LIMITS[account.counting_rule]
    if account.is_rate and account.counting_rule == _SCHEME:
        return _RATES
    return ()


def _distance(account: Account, name: str, limit: Limit) -> Distance:
    return Distance(
        name,
        limit,
        Fraction(account.amount) / Fraction(limit.value),
        whole(Fraction(limit.value) - Fraction(account.amount)),
        _passed(account, limit),
    )


def _passed(account: Account, limit: Limit) -> str:
    if limit.passed_by(account.low):
        return PASSED
    if account.high is None or not account.unaddressed.complete:
        return OPEN
    most = account.high if account.is_rate else account.high + account.unaddressed.flop
    return OPEN if limit.passed_by(most) else NOT_PASSED
