"""Remote governors: which clusters compute only while one permits it."""

from __future__ import annotations

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison


def decide_governor_requirement(facts: Facts, law: Law) -> Answer:
    """Say whether clusters need permission, Keep the Future Human App. B.

    "Hardware in a high-speed interconnected cluster capable of" the figure:
    exactly the figure is capable. Clusters that a fabric joins are one cluster,
    so their rates add up; otherwise the largest is judged. Without high-speed
    links inside, there is no such cluster.
    """
    rates = [cluster.amount("rate") for cluster in facts.records("clusters")]
    joined = facts.flag("linked_to_each_other")
    judged: Exact = sum(rates) if joined else max(rates, default=0)
    limit = law.limit("kthf.oversight.cluster_verification.peak_rate")
    fast = facts.flag("high_speed_interconnect")
    numeric_format = facts.text("numeric_format")
    reasons = [
        say(
            "A fabric joins the clusters: their rates add up."
            if joined
            else "No fabric joins the clusters: the largest is judged."
        ),
        comparison(say("In {format:term}, a peak rate", format=numeric_format), judged, limit),
    ]
    if not fast:
        reasons.append(say("The hardware inside the clusters is not linked at high speed."))
    return Answer({"judged_rate": judged, "needed": fast and limit.passed_by(judged)}, reasons)
