"""Checks that a customer's compute calls for: thresholds, splitting, bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law

SECONDS_PER_HOUR = 3600
CROSSING = Comparator.GREATER_THAN
"""The papers give no comparator; "more than" is taken from the US instruments."""
REACHING = Comparator.AT_LEAST
"""A level that is set to call attention is reached exactly at it."""

_STATES = {
    "crossed": "Compute used of {used:sci} FLOP is above the threshold of {threshold:sci} FLOP.",
    "approaching": (
        "Compute used of {used:sci} FLOP is at or above the approach level of {approach:sci} FLOP"
        " and not above the threshold of {threshold:sci} FLOP."
    ),
    "below": "Compute used of {used:sci} FLOP is below the approach level of {approach:sci} FLOP.",
}


def decide_trigger(facts: Facts, law: Law) -> Answer:
    """Say how a customer's compute stands to the threshold for checks.

    Above the threshold it has crossed; exactly at the threshold it still
    approaches, and exactly at the share it begins to.
    """
    used, threshold = facts.amount("compute_used"), facts.amount("threshold")
    approach = whole(Fraction(threshold) * facts.amount("approach_share"))
    if CROSSING.holds(used, threshold):
        state = "crossed"
    else:
        state = "approaching" if REACHING.holds(used, approach) else "below"
    law.status("paper.egan_heim_2023")
    values = {"state": state, "checks_required": state != "below"}
    reason = say(_STATES[state], used=used, threshold=threshold, approach=approach)
    return Answer(values, [reason])


@dataclass(frozen=True, slots=True)
class _Account:
    """One account: its key, who keeps it and who stands behind it."""

    key: str
    provider: str
    owner: str


@dataclass(frozen=True, slots=True)
class _Use:
    """What each account used in all, and the highest rate where one is known."""

    compute: Mapping[_Account, Exact]
    rates: Mapping[_Account, Exact]

    @classmethod
    def of(cls, records: Iterable[Facts]) -> _Use:
        compute: dict[_Account, Exact] = defaultdict(int)
        rates: dict[_Account, Exact] = {}
        for record in records:
            account = _Account(
                record.text("account"), record.text("provider"), record.text("beneficial_owner")
            )
            compute[account] += record.amount("compute")
            rate = record.maybe_amount("rate")
            if rate is not None:
                rates[account] = max(rate, rates.get(account, rate))
        return cls(compute, rates)

    def owners(self) -> dict[str, Exact]:
        """Return the total of each owner over all providers."""
        totals: dict[str, Exact] = defaultdict(int)
        for account, compute in self.compute.items():
            totals[account.owner] += compute
        return {owner: whole(total) for owner, total in totals.items()}

    def crossed(self, threshold: Exact, *, pooled: bool) -> set[str]:
        """Return the owners seen above the threshold, at one provider or over all."""
        totals: dict[tuple[str, str], Exact] = defaultdict(int)
        for account, compute in self.compute.items():
            totals[account.owner, "" if pooled else account.provider] += compute
        return {owner for (owner, _), total in totals.items() if CROSSING.holds(total, threshold)}

    def crossed_alone(self, threshold: Exact) -> set[str]:
        """Return the owners with an account that is above the threshold by itself."""
        return {
            a.owner for a, compute in self.compute.items() if CROSSING.holds(compute, threshold)
        }

    def alerting(self, alert: Exact) -> list[str]:
        """Return the accounts at or above a rate, each once."""
        found = [
            (a.key, a.provider) for a, rate in self.rates.items() if REACHING.holds(rate, alert)
        ]
        return [key for key, _ in dict.fromkeys(found)]


def decide_structuring(facts: Facts, law: Law) -> Answer:
    """Name the owners whose accounts cross together, and who of them split.

    A total crosses when it is above the threshold. Without pooled information
    an owner is seen at one provider at a time. An owner with an account that
    crosses by itself, at any provider, has crossed openly and split nothing.
    """
    threshold, shared = facts.amount("threshold"), facts.flag("information_shared")
    alert = facts.maybe_amount("rate_alert")
    use = _Use.of(facts.records("accounts"))
    totals = use.owners()
    visible, alone = use.crossed(threshold, pooled=shared), use.crossed_alone(threshold)
    crossed = [owner for owner in totals if owner in visible]
    structuring = [owner for owner in crossed if owner not in alone]
    alerts = [] if alert is None else use.alerting(alert)
    law.status("paper.egan_heim_2023")
    scope = say("over all providers" if shared else "at one provider")
    reasons = [
        _why_crossed(owner, totals[owner], threshold, scope, alone=owner in alone)
        for owner in crossed
    ] or [
        say(
            "No owner is seen above {threshold:sci} FLOP {scope}.", threshold=threshold, scope=scope
        )
    ]
    if alert is not None:
        reasons.append(
            say(
                "Accounts at or above the rate alert of {alert:sci} FLOP/s: {accounts}.",
                alert=alert,
                accounts=alerts,
            )
        )
    values = {
        "owner_compute": totals,
        "crossed_owners_visible": crossed,
        "structuring_owners_visible": structuring,
        "rate_alert_accounts": alerts,
    }
    return Answer(values, reasons)


def _why_crossed(
    owner: str, total: Exact, threshold: Exact, scope: Sentence, *, alone: bool
) -> Sentence:
    return say(
        "{owner}: {total:sci} FLOP in all; crosses {threshold:sci} FLOP {scope}, and an account"
        " does alone."
        if alone
        else "{owner}: {total:sci} FLOP in all; crosses {threshold:sci} FLOP {scope}, and no"
        " account does alone.",
        owner=owner,
        total=total,
        threshold=threshold,
        scope=scope,
    )


def decide_theoretical_compute(facts: Facts, law: Law) -> Answer:
    """Bound and estimate compute from hardware and hours, exactly.

    Accelerators times peak rate times seconds is what the hardware could do at
    most; the assumed utilisation makes an estimate of it.
    """
    law.status("paper.heim_2024")
    seconds = Fraction(facts.amount("hours")) * SECONDS_PER_HOUR
    accelerators, peak = facts.whole("accelerators"), facts.amount("peak_rate")
    bound = whole(accelerators * peak * seconds)
    utilisation = facts.amount("utilisation")
    estimate = whole(bound * Fraction(utilisation))
    reasons = [
        say(
            "{accelerators} accelerators at {peak:sci} FLOP/s for {seconds:sci} s do at most"
            " {bound:sci} FLOP.",
            accelerators=accelerators,
            peak=peak,
            seconds=seconds,
            bound=bound,
        ),
        say(
            "At a utilisation of {utilisation:percent} that is {estimate:sci} FLOP.",
            utilisation=utilisation,
            estimate=estimate,
        ),
    ]
    return Answer({"upper_bound": bound, "estimate": estimate}, reasons)
