"""What the rule of January 2025 makes of a place and of a day."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import DestinationClass, class_of
from sluicegate.export.status import DIFFUSION_RULE, enforcement_of_2025_rule, practice_said
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law
from sluicegate.rules.showing import member

COMPLIANCE_DATES = {
    "general": f"{DIFFUSION_RULE}.compliance_date",
    "supplement_10_paragraphs_14_15_18": f"{DIFFUSION_RULE}.compliance_date.security_paragraphs",
}
"""Part of the rule → the parameter that holds its day of compliance."""

_CLASS_REASONS = {
    DestinationClass.D5_OR_MACAU: "{place} is Macau or in Country Group D:5 on {day}.",
    DestinationClass.AIA: "{place} stands in 740 Supp. 5(a), the AIA list, on {day}.",
    DestinationClass.OTHER: "{place} is neither on the AIA list nor in D:5 nor Macau on {day}.",
}


def decide_destination_class(facts: Facts, law: Law) -> Answer:
    """Say in which of the three classes a destination is.

    Macau is not in D:5; the text always says "Macau or D:5". Hong Kong is in
    the entry for China. The AIA list is closed: an alliance or union that a
    place belongs to does not matter.
    """
    place = facts.text("destination")
    counted = counted_as(place)
    found = class_of(place, law)
    reasons: list[Sentence] = [say(_CLASS_REASONS[found], place=member(counted), day=law.day)]
    if counted != place:
        reasons.insert(
            0, say("{place} counts as {other}.", place=member(place), other=member(counted))
        )
    return Answer({"class": found.value}, reasons)


def decide_diffusion_rule_status(facts: Facts, law: Law) -> Answer:
    """Say whether the rule is in the text, due by its own terms, and enforced.

    Three things that are independent: the text is in force from its effective
    date, compliance is due from the day that the text names, and the practice
    is what the agency said it would do. A press release rescinds nothing.
    """
    in_force = law.in_force(DIFFUSION_RULE)
    due_from = law.named_day(COMPLIANCE_DATES[facts.text("provision")])
    due = in_force and law.day >= due_from
    enforcement = enforcement_of_2025_rule(law)
    return Answer(
        {
            "text_in_force": in_force,
            "compliance_date": due_from,
            "compliance_due": due,
            "enforcement": enforcement,
        },
        [
            say("The text of the 2025 rule is in force on {day}.", day=law.day)
            if in_force
            else say("The text of the 2025 rule is not in force on {day}.", day=law.day),
            say("The text asks for compliance from {due} on.", due=due_from),
            practice_said(enforcement),
        ],
    )
