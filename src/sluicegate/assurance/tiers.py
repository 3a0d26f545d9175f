"""Risk tiers: the tier of a system by its axes and the caps, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

AXES = ("autonomy", "generality", "intelligence")
CAPS = (
    ("training", "training_compute", "kthf.oversight.training_cap", say("Training compute")),
    ("inference", "inference_rate", "kthf.oversight.inference_cap", say("The inference rate")),
)
"""Name of each cap, the fact that it bounds, the parameter with its comparator, the fact's name."""


class Tier(Enum):
    """A risk tier of Keep the Future Human, App. D."""

    RT_0 = "RT-0"
    RT_1 = "RT-1"
    RT_2 = "RT-2"
    RT_3 = "RT-3"
    RT_4 = "RT-4"


BY_STRONG_AXES = (Tier.RT_0, Tier.RT_1, Tier.RT_2, Tier.RT_3)
"""The tier by the number of strong axes."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a tier asks for before training and before deployment."""

    training: str
    deployment: str


CONDITIONS: Mapping[Tier, Conditions] = {
    Tier.RT_0: Conditions("none", "none"),
    Tier.RT_1: Conditions("none", "safety_case_if_required"),
    Tier.RT_2: Conditions("register", "safety_case_and_audits"),
    Tier.RT_3: Conditions("preapproved_safety_plan", "guaranteed_safety_case"),
    Tier.RT_4: Conditions("prohibited", "prohibited"),
}


def refuse_risk_tier(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse caps of which two begin on the same day."""
    days = [caps.day("effective_from") for caps in facts.records("caps")]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        message = f"{twice[0]} stands twice; keep one set of caps for a day"
        yield BadFact("caps.effective_from", message)


def decide_risk_tier(facts: Facts, law: Law) -> Answer:
    """Give the tier of a system and its conditions, Keep the Future Human App. D.

    The number of strong axes gives RT-0 to RT-3; "any model that also exceeds"
    a cap in force is RT-4 (reading `rt4_scope`). An undetermined axis may be
    strong or weak: tier, training and deployment are each None unless all
    tiers that are then possible agree on it.
    """
    exceeded, cap_reasons = _exceeded_caps(facts, law)
    levels = {axis: facts.text(axis) for axis in AXES}
    strong = [axis for axis, level in levels.items() if level == "strong"]
    unsure = [axis for axis, level in levels.items() if level == "undetermined"]
    counts = range(len(strong), len(strong) + len(unsure) + 1)
    scope = law.reading("rt4_scope")
    possible = list(dict.fromkeys(_tier(n, bool(exceeded), scope) for n in counts))
    conditions = [CONDITIONS[tier] for tier in possible]
    return Answer(
        {
            "tier": _agreed([tier.value for tier in possible]),
            "possible_tiers": [tier.value for tier in possible],
            "caps_exceeded": exceeded,
            "training": _agreed([one.training for one in conditions]),
            "deployment": _agreed([one.deployment for one in conditions]),
        },
        [
            say(
                "Strong axes: {strong:term}; undetermined: {unsure:term}.",
                strong=strong,
                unsure=unsure,
            ),
            *cap_reasons,
            say("Possible tiers: {tiers:term}.", tiers=[tier.value for tier in possible]),
        ],
    )


def _tier(strong_axes: int, cap_exceeded: bool, scope: str) -> Tier:
    tier = BY_STRONG_AXES[strong_axes]
    if cap_exceeded and (scope == "any_model" or tier is Tier.RT_3):
        return Tier.RT_4
    return tier


def _agreed(values: list[str]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _exceeded_caps(facts: Facts, law: Law) -> tuple[list[str], list[Sentence]]:
    begun = [caps for caps in facts.records("caps") if caps.day("effective_from") <= law.day]
    if not begun:
        return [], [say("No caps are in force on this day.")]
    caps = max(begun, key=lambda one: one.day("effective_from"))
    exceeded = []
    reasons = [say("The caps in force are those from {day}.", day=caps.day("effective_from"))]
    for name, fact, parameter, what in CAPS:
        limit = replace(law.limit(parameter), value=caps.amount(fact))
        amount = facts.amount(fact)
        if limit.passed_by(amount):
            exceeded.append(name)
        reasons.append(comparison(what, amount, limit))
    return exceeded, reasons
