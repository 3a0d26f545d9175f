"""Must a training run be registered?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sluicegate.core.reasons import say
from sluicegate.oversight.spread import Reach, Spread, disordered
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

_ANSWERS: Mapping[Reach, str] = {Reach.ALL: "yes", Reach.SOME: "may", Reach.NONE: "no"}


def refuse_kthf_registration(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse estimates that are not in order."""
    return disordered(facts)


def decide_kthf_registration(facts: Facts, law: Law) -> Answer:
    """Say whether a run is registered, Keep the Future Human App. B(2).

    "Estimated to exceed": strictly more. With the reading `range` the low and
    the high estimate decide, with `central` the central one alone. Before the
    first day, and for a company that does not operate in the US: no.
    """
    spread = Spread.of(facts)
    central_only = law.reading("estimate_used") == "central"
    if central_only:
        spread = Spread(spread.central, spread.central, spread.central)
    limit = replace(
        law.limit("kthf.oversight.registration.training_compute"), value=facts.amount("threshold")
    )
    start = facts.day("requirement_from")
    in_force = law.day >= start
    operating = facts.flag("operating_in_us")
    reasons = [
        say(
            "The requirement applies from {start}."
            if in_force
            else "The requirement applies from {start}, after this day.",
            start=start,
        ),
        say(
            "The company operates in the US."
            if operating
            else "The company does not operate in the US."
        ),
    ]
    if central_only:
        reasons.append(comparison("The central estimate", spread.central, limit))
    else:
        reasons.append(comparison("The low estimate", spread.low, limit))
        reasons.append(comparison("The high estimate", spread.high, limit))
    must = _ANSWERS[spread.reach(limit)] if in_force and operating else "no"
    return Answer({"in_force": in_force, "must_register": must}, reasons)
