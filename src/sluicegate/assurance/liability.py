"""Safe harbours and liability for advanced systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sluicegate.core.quantities import Exact, scientific, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison

FACTOR = "kthf.oversight.harbour_factor"
CLAIMABLE = ("weak", "narrow", "passive", "guaranteed_safe")
GRAVE_CONDUCT = frozenset({"gross_negligence", "wilful_misconduct"})


@dataclass(frozen=True, slots=True)
class _Side:
    """Training or inference: the facts that the harbour compares, and the failure's name."""

    fact: str
    name: Sentence
    cap: str
    harbour: str
    unit: str
    failure: str


SIDES = (
    _Side(
        "training_compute",
        say("Training compute"),
        "training_cap",
        "harbour_training_compute",
        "FLOP",
        "training_above_threshold",
    ),
    _Side(
        "inference_rate",
        say("The inference rate"),
        "inference_cap",
        "harbour_inference_rate",
        "FLOP/s",
        "inference_above_threshold",
    ),
)


@dataclass(frozen=True, slots=True)
class Harbour:
    """The compute harbour of a system: its thresholds and what stands against it."""

    training_threshold: Exact
    inference_threshold: Exact
    failures: tuple[str, ...]
    reasons: tuple[Sentence, ...]

    @property
    def available(self) -> bool:
        """Whether nothing stands against it."""
        return not self.failures


def _ceiling(side: _Side, facts: Facts, factor: Limit) -> Exact:
    return whole(factor.times(facts.amount(side.cap)))


def refuse_compute_safe_harbour(facts: Facts, law: Law) -> Iterable[BadFact]:
    """Refuse a harbour threshold that is not "at least ten times below" its cap."""
    factor = law.limit(FACTOR)
    for side in SIDES:
        given, ceiling = facts.maybe_amount(side.harbour), _ceiling(side, facts, factor)
        if given is not None and not replace(factor, value=ceiling).passed_by(given):
            allowed = f"{scientific(ceiling)} {side.unit}"
            yield BadFact(
                side.harbour,
                f"is above {factor.value} of {side.cap}; give {allowed} or less",
            )


def compute_harbour(facts: Facts, law: Law) -> Harbour:
    """Judge the compute harbour, Keep the Future Human App. B, C.

    At or below a threshold keeps it; a threshold that is not given is the
    highest allowed one. Both figures need credible estimates.
    """
    factor = law.limit(FACTOR)
    thresholds, failures = [], []
    reasons: list[Sentence] = []
    for side in SIDES:
        given = facts.maybe_amount(side.harbour)
        threshold = _ceiling(side, facts, factor) if given is None else given
        limit, amount = replace(factor, value=threshold), facts.amount(side.fact)
        thresholds.append(threshold)
        reasons.append(comparison(side.name, amount, limit, side.unit))
        if not limit.passed_by(amount):
            failures.append(side.failure)
    if not facts.flag("credible_estimates"):
        failures.append("estimates_not_credible")
        reasons.append(say("The estimates are not credible."))
    return Harbour(thresholds[0], thresholds[1], tuple(failures), tuple(reasons))


def decide_compute_safe_harbour(facts: Facts, law: Law) -> Answer:
    """Say whether the compute harbour is available, and what stands against it."""
    harbour = compute_harbour(facts, law)
    return Answer(
        {
            "available": harbour.available,
            "training_threshold": harbour.training_threshold,
            "inference_threshold": harbour.inference_threshold,
            "failures": list(harbour.failures),
        },
        harbour.reasons,
    )


def decide_liability_regime(facts: Facts, law: Law) -> Answer:
    """Say which liability applies, Keep the Future Human App. C.

    Strict, joint and several until a harbour is shown; one suffices. The
    compute harbour needs estimates only, a claimed one an approved safety case.
    Executives answer personally under the strict regime for gross negligence or
    wilful misconduct; the worst of these cases raise criminal penalties.
    """
    compute = compute_harbour(facts, law)
    claimed = facts.texts("claimed")
    approved = facts.flag("safety_case_approved")
    harbours = ["compute"] if compute.available else []
    harbours += [name for name in CLAIMABLE if approved and name in claimed]
    strict = not harbours
    conduct = facts.text("executive_conduct")
    personal = strict and conduct in GRAVE_CONDUCT
    grounds = _injunctive_grounds(facts)
    reasons = [
        *compute.reasons,
        _claim_sentence(list(dict.fromkeys(claimed)), approved),
        say(
            "Harbours that hold, by kind: {harbours:term}; liability is strict, joint and several."
            if strict
            else "Harbours that hold, by kind: {harbours:term}; liability is fault-based.",
            harbours=harbours,
        ),
        _conduct_sentence(conduct, personal),
        say("Grounds for an injunction: {grounds}.", grounds=grounds),
    ]
    return Answer(
        {
            "harbours": harbours,
            "regime": "strict_joint_and_several" if strict else "fault_based",
            "personal_liability": personal,
            "criminal_referral": personal and facts.flag("most_egregious"),
            "injunctive_grounds": grounds,
        },
        reasons,
    )


def _claim_sentence(claimed: list[str], approved: bool) -> Sentence:
    return say(
        "Harbours claimed: {claimed:term}; the safety case is approved."
        if approved
        else "Harbours claimed: {claimed:term}; the safety case is not approved.",
        claimed=claimed,
    )


def _conduct_sentence(conduct: str, personal: bool) -> Sentence:
    return say(
        "Conduct of executives and directors: {conduct:term}; they answer personally."
        if personal
        else "Conduct of executives and directors: {conduct:term}; they do not answer personally.",
        conduct=conduct,
    )


def _injunctive_grounds(facts: Facts) -> list[str]:
    """Return the grounds found that the law lays down, each once, in the order found."""
    if not facts.flag("high_public_harm_risk"):
        return []
    lawful = set(facts.texts("statutory_injunction_grounds"))
    return [ground for ground in dict.fromkeys(facts.texts("grounds_found")) if ground in lawful]
