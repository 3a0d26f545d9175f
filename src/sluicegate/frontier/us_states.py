"""California SB 53 and the New York RAISE Act."""

from __future__ import annotations

from datetime import date, datetime

from sluicegate.core.calendars import Period, legal_day
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison

SB53 = "us_ca.sb53"
RAISE = "us_ny.raise_2026"
RAISE_AS_PASSED = "us_ny.raise_2025"

FRONTIER_DUTIES = ("transparency_report", "incident_report")
LARGE_DUTIES = ("frontier_framework", "annual_framework_review", "internal_use_summaries")


def decide_sb53_duties(facts: Facts, law: Law) -> Answer:
    """Say which class of developer SB 53 makes of someone, and what that class owes.

    22757.11(i) and (j): operations and revenue are both "greater than" their
    figures, and later modification by the developer counts. The classes are
    definitions, answered for any day; duties and penalty bind only while the
    statute is in force.
    """
    in_force = law.in_force(SB53)
    counted = facts.amount("original_run_compute") + facts.amount("developer_modification_compute")
    model = law.limit(f"{SB53}.frontier_model.training_compute")
    revenue = law.limit(f"{SB53}.large_developer.revenue")
    frontier = model.passed_by(counted)
    large = frontier and revenue.passed_by(facts.amount("revenue_previous_year"))
    duties = [*(FRONTIER_DUTIES if frontier else ()), *(LARGE_DUTIES if large else ())]
    return Answer(
        {
            "in_force": in_force,
            "counted_compute": counted,
            "frontier_developer": frontier,
            "large_frontier_developer": large,
            "duties": duties if in_force else [],
            "civil_penalty_available": in_force and large,
        },
        [
            say(
                "The statute is in force."
                if in_force
                else "The statute is not in force: no duty binds."
            ),
            comparison("Original run and modification", counted, model),
            comparison("Revenue", facts.amount("revenue_previous_year"), revenue),
        ],
    )


def decide_sb53_incident_report(facts: Facts, law: Law) -> Answer:
    """Give the times by which a critical safety incident is reported, 22757.13(c).

    Days count from the legal day of the discovery, hours from its instant. The
    statute must be in force on that day and on the day asked about: an incident
    discovered before it, or asked about before it, owes no report.
    """
    discovered = facts.instant("discovered")
    day = legal_day(discovered)
    in_force = law.in_force(SB53, on=day) and law.in_force(SB53)
    if not (in_force and facts.flag("frontier_developer")):
        values = {"report_required": False, "office_by": None, "authority_by": None}
        return Answer(values, [_why_no_report(in_force, day, law.day)])
    period = law.period(f"{SB53}.incident.period")
    office_by, authority_by = period.after(day), None
    reasons = [
        say(
            "The period of {period} after the discovery on {day} ends on {end}.",
            period=period,
            day=day,
            end=office_by,
        )
    ]
    if facts.flag("imminent_risk"):
        clock = law.period(f"{SB53}.incident.imminent_period")
        authority_by = clock.after_instant(discovered)
        reasons.append(_hours_sentence(clock, authority_by, imminent=True))
    return Answer(
        {"report_required": True, "office_by": office_by, "authority_by": authority_by},
        reasons,
    )


def _why_no_report(in_force: bool, discovered: date, asked: date) -> Sentence:
    if in_force:
        return say("Only a frontier developer must report about a frontier model.")
    return say(
        "The statute is not in force both on the day of the discovery, {discovered}, and on the"
        " day asked about, {asked}: no report is mandatory.",
        discovered=discovered,
        asked=asked,
    )


def _hours_sentence(period: Period, end: datetime, *, imminent: bool) -> Sentence:
    return say(
        "With an imminent risk, the period of {period} ends at {end}."
        if imminent
        else "Without an imminent risk, the period of {period} ends at {end}.",
        period=period,
        end=end,
    )


def decide_raise_duties(facts: Facts, law: Law) -> Answer:
    """Say which class of developer the RAISE Act makes of someone, by one of its texts.

    Chapter 96 of 2026 compares operations and revenue. The text passed in June
    2025 compared operations and compute cost, reached models distilled from a
    frontier model, and never took effect. Every comparison is strict; the
    larger class needs a frontier model.
    """
    if facts.text("text") == "passed_june_2025":
        return _raise_as_passed(facts, law)
    model = law.limit(f"{RAISE}.frontier_model.training_compute")
    revenue = law.limit(f"{RAISE}.large_developer.revenue")
    compute, earned = facts.amount("training_compute"), facts.amount("revenue_previous_year")
    frontier = model.passed_by(compute)
    reasons = [
        comparison("Training compute", compute, model),
        comparison("Revenue", earned, revenue),
    ]
    in_force = law.in_force(RAISE)
    return _raise_answer(in_force, frontier, frontier and revenue.passed_by(earned), reasons)


def _raise_as_passed(facts: Facts, law: Law) -> Answer:
    model = law.limit(f"{RAISE_AS_PASSED}.frontier_model.training_compute")
    cost = law.limit(f"{RAISE_AS_PASSED}.frontier_model.compute_cost")
    distilled = law.limit(f"{RAISE_AS_PASSED}.distilled_model.compute_cost")
    total = law.limit(f"{RAISE_AS_PASSED}.large_developer.total_compute_cost")
    compute, spent = facts.amount("training_compute"), facts.amount("compute_cost")
    trained = model.passed_by(compute) and cost.passed_by(spent)
    reasons = [
        comparison("Training compute", compute, model),
        comparison("Compute cost", spent, cost),
    ]
    derived = facts.flag("distilled_from_frontier_model")
    if derived:
        reasons.append(comparison("Compute cost of a distilled model", spent, distilled))
    frontier = trained or (derived and distilled.passed_by(spent))
    all_spent: Exact = facts.amount("total_training_compute_cost")
    reasons.append(comparison("Compute cost of all frontier models", all_spent, total))
    in_force = law.in_force(RAISE_AS_PASSED)
    return _raise_answer(in_force, frontier, frontier and total.passed_by(all_spent), reasons)


def _raise_answer(in_force: bool, frontier: bool, large: bool, reasons: list[Sentence]) -> Answer:
    said = say("This text is in force." if in_force else "This text is not in force on the day.")
    return Answer(
        {"in_force": in_force, "frontier_model": frontier, "large_developer": large},
        [said, *reasons],
    )


def decide_raise_incident_report(facts: Facts, law: Law) -> Answer:
    """Give the first deadline for a report to New York, Gen. Bus. Law 1422.

    The duty must be in force on the legal day on which the developer learned of
    the incident; the period in hours runs from that instant.
    """
    learned = facts.instant("learned")
    day = legal_day(learned)
    in_force = law.in_force(RAISE, on=day)
    if not in_force:
        reason = say("The act is not in force on {day}: no report is due.", day=day)
        return Answer({"in_force": False, "first_due": None}, [reason])
    imminent = facts.flag("imminent_risk")
    clock = law.period(f"{RAISE}.incident.{'imminent_period' if imminent else 'period'}")
    first_due = clock.after_instant(learned)
    reason = _hours_sentence(clock, first_due, imminent=imminent)
    return Answer({"in_force": True, "first_due": first_due}, [reason])
