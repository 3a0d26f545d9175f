"""Question kyc_listed_party: whether a match on some lists calls for checks."""

from __future__ import annotations

from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

EVERY_LIST = "*"


def decide_listed_party(facts: Facts, law: Law) -> Answer:
    """Say whether checks are called for, and by which of the lists.

    A node names the lists that alert; a star stands for every list. Checks are
    called for only where the party is taken to be the listed one: a score alone
    proves no identity.
    """
    alerting = law.members("assess.kyc.alerting_lists")
    named = list(dict.fromkeys(facts.texts("lists")))
    counting = [one for one in named if EVERY_LIST in alerting or one in alerting]
    taken = facts.flag("taken_for_the_party")
    reasons = [
        say(
            "Of the lists that were named these alert: {lists:term}."
            if counting
            else "None of the lists that were named alerts.",
            lists=counting,
        ),
        say(
            "The party is taken to be the listed one."
            if taken
            else "The party is not taken to be the listed one."
        ),
    ]
    values = {"checks_required": bool(counting) and taken, "alerting_lists": counting}
    return Answer(values, reasons)
