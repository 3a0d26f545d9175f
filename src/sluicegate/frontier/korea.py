"""Republic of Korea: AI Basic Act and its enforcement decree."""

from __future__ import annotations

from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison

ACT = "kr.ai_basic_act"

REPRESENTATIVE_TESTS = (
    ("revenue", say("Revenue")),
    ("ai_service_sales", say("Sales of AI services")),
    ("average_daily_users", say("A daily average of users")),
)
"""Facts of the representative's test with their names; each parameter is called like its fact."""


def decide_korea_ai_basic_act(facts: Facts, law: Law) -> Answer:
    """Say whether safety duties apply and whether a representative is appointed.

    Cumulative compute "of at least" the figure; revenue and sales "above"
    theirs; "one million average daily" users is met by exactly that many. Only
    a provider without a domicile in Korea appoints a representative.
    """
    in_force = law.in_force(ACT)
    compute = facts.amount("training_compute")
    safety = law.limit(f"{ACT}.safety.training_compute")
    reasons = [
        say("The act is in force." if in_force else "The act is not in force: no duty binds."),
        comparison("Cumulative training compute", compute, safety),
    ]
    foreign = facts.flag("foreign_provider")
    met = False
    if foreign:
        for fact, name in REPRESENTATIVE_TESTS:
            limit = law.limit(f"{ACT}.representative.{fact}")
            met = met or limit.passed_by(facts.amount(fact))
            reasons.append(comparison(name, facts.amount(fact), limit))
    else:
        reasons.append(say("The provider has a domicile in Korea and needs no representative."))
    return Answer(
        {
            "in_force": in_force,
            "safety_duties": in_force and safety.passed_by(compute),
            "domestic_representative": in_force and foreign and met,
        },
        reasons,
    )
