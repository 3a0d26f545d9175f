"""Question kyc_full_identification: what is still missing of a customer before it crosses."""

from __future__ import annotations

from sluicegate.core.reasons import say
from sluicegate.kyc.compute import decide_trigger
from sluicegate.kyc.identification import decide_account_opening
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law


def decide_full_identification(facts: Facts, law: Law) -> Answer:
    """Say whether a customer has to be fully identified, what is missing, and by when.

    It is called for as soon as the customer approaches the threshold, by what
    it used or by where its growth leads. What has to be held is what question
    `iaas_account_opening` asks for.
    """
    trigger, opening = decide_trigger(facts, law), decide_account_opening(facts, law)
    crossing = facts.maybe_day("projected_crossing")
    required = bool(trigger.values["checks_required"]) or crossing is not None
    complete = bool(opening.values["may_open"])
    reasons = [*trigger.reasons]
    if crossing is not None:
        reasons.append(
            say("If use goes on as it grows, the threshold is crossed on {day}.", day=crossing)
        )
    values = {
        "state": trigger.values["state"],
        "identification_required": required,
        "complete": complete,
        "missing": opening.values["missing"],
        "before": crossing,
    }
    return Answer(values, [*reasons, *opening.reasons])
