"""Where does the Chip Security Act stand, and by when would it ask for what?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Status, TextState
from sluicegate.rules.law import Law

HOUSE_BILL = "us.hr_3447"
SECONDARY = f"{HOUSE_BILL}.secondary_mechanisms_period"
BILLS = {"hr_3447": HOUSE_BILL, "s_1705": "us.s_1705"}
"""The instrument of each bill."""

NOT_INTRODUCED = "not_introduced"
ENACTED = frozenset({TextState.PUBLISHED, TextState.IN_FORCE, TextState.REVOKED})
"""States of a text that only a signed bill reaches."""


def decide_bill_status(facts: Facts, law: Law) -> Answer:
    """Give the stage of a bill in Congress, and whether it is law and binds.

    A stage begins on its day. Before the bill's first day it is not
    introduced. A bill creates no duty; only a text in force does.
    """
    bill = BILLS[facts.text("bill")]
    recorded = law.parameter(f"{bill}.stage")
    stage = NOT_INTRODUCED if recorded.early else law.text(f"{bill}.stage")
    enacted, binding = _is_enacted(law.status(bill)), law.in_force(bill)
    if recorded.early:
        reason = say(
            "No stage is recorded for the day asked about; the bill was introduced on {day}.",
            day=recorded.dated.start,
        )
    else:
        reason = say(
            "Since {day} the stage is: {stage:term}.", day=recorded.dated.start, stage=stage
        )
    return Answer(
        {"stage": stage, "enacted": enacted, "binding": binding},
        [
            reason,
            say("It was signed into law.")
            if enacted
            else say("No record says that it was signed into law."),
            say("Its text is in force.") if binding else say("A bill creates no duties."),
        ],
    )


def _is_enacted(status: Status | None) -> bool:
    return status is not None and status.text in ENACTED


def decide_chip_security_act_timeline(facts: Facts, law: Law) -> Answer:
    """Give the dates that the bill as introduced would set, were it enacted on a day.

    The day of enactment is day 0. A year from 29 February ends on 28 February.
    The last date hangs on the day on which the assessment is completed, and
    stays open with it. An assessment before the enactment is taken as given.
    """
    law.status(HOUSE_BILL)
    enacted = facts.day("enacted_on")
    assessed = facts.maybe_day("assessment_completed_on")
    location = law.period(f"{HOUSE_BILL}.location_verification_period")
    assessment = law.period(f"{HOUSE_BILL}.assessment_period")
    location_by, assessment_by = location.after(enacted), assessment.after(enacted)
    secondary_by = None if assessed is None else law.period(SECONDARY).after(assessed)
    return Answer(
        {
            "location_verification_required_by": location_by,
            "assessment_due": assessment_by,
            "secondary_mechanisms_required_by": secondary_by,
        },
        [
            say(
                "{period} after enactment on {day} end on {end}: from then on items show their"
                " location.",
                period=location,
                day=enacted,
                end=location_by,
            ),
            say(
                "{period} after enactment on {day} the assessment of secondary mechanisms is due,"
                " on {end}.",
                period=assessment,
                day=enacted,
                end=assessment_by,
            ),
            *_secondary_reasons(enacted, assessed, law),
        ],
    )


def _secondary_reasons(enacted: date, assessed: date | None, law: Law) -> Iterator[Sentence]:
    """Say from when secondary mechanisms are required, or why that is open."""
    if assessed is None:
        yield say("The assessment is open, so no date follows for what it leads to.")
        return
    period = law.period(SECONDARY)
    yield say(
        "{period} after the assessment was completed on {day} end on {end}: by then the"
        " secondary mechanisms are required.",
        period=period,
        day=assessed,
        end=period.after(assessed),
    )
    if assessed < enacted:
        yield say(
            "The assessment lies before the assumed enactment; its day is taken as it is given."
        )
