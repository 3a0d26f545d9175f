"""Validated end users: days by which they report, give notice, and tell of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

VEU = "us.data_center_veu"

NOTICES = {
    "first_shipment_to_new_location": f"{VEU}.notice.new_location",
    "intra_company_transfer_between_countries": f"{VEU}.notice.transfer_or_construction",
    "construction_in_new_country": f"{VEU}.notice.transfer_or_construction",
}
"""Event → the parameter with the length of its notice."""


def first_of(days: Sequence[str], since: date, *, or_on: bool = False) -> date:
    """Return the first of some days of every year, given as MM-DD, after a day.

    With `or_on` the day itself counts. Where no such day is left, the last day
    that dates know.

    >>> first_of(["02-01", "08-01"], date(2025, 6, 30))
    datetime.date(2025, 8, 1)
    """
    years = [year for year in (since.year, since.year + 1) if year <= date.max.year]
    found = [date(year, *map(int, day.split("-"))) for year in years for day in days]
    return min((day for day in found if day > since or (or_on and day == since)), default=date.max)


def decide_veu_report_due(facts: Facts, law: Law) -> Answer:
    """Give the days by which a validated end user reports, 748.15(f)(1) and Supp. 10 para 10.

    Two cycles that are apart. The report names its periods: what lies in a
    half-year (for a general authorisation: a year) is reported by the next due
    day after its end, also when the period given ends within it. The accounting
    is owed on fixed days: the first one after the period given.
    """
    law.status(VEU)
    general = facts.text("kind") == "general"
    report = f"{VEU}.report.general" if general else f"{VEU}.report"
    end = facts.day("period_end")
    whole_end = first_of(law.texts(f"{report}.period_ends"), end, or_on=True)
    due = first_of(law.texts(f"{report}.due_days"), whole_end)
    reasons = [
        say(
            "What ends on {end} is reported for the period that ends on {whole_end}, by {due}.",
            end=end,
            whole_end=whole_end,
            due=due,
        )
    ]
    accounting = None
    if general:
        reasons.append(say("A general authorisation owes no accounting by facility."))
    else:
        accounting = first_of(law.texts(f"{VEU}.accounting.due_days"), end)
        reasons.append(
            say("The next accounting by facility is due by {due}, a cycle apart.", due=accounting)
        )
    return Answer({"report_748_15_f_due": due, "chip_accounting_due": accounting}, reasons)


def decide_veu_notice_due(facts: Facts, law: Law) -> Answer:
    """Give the last day for a universal validated end user to tell BIS of a plan.

    Calendar days before the planned day, which is day 0.
    """
    law.status(VEU)
    period = law.period(NOTICES[facts.text("event")])
    planned = facts.day("event_date")
    notify_by = period.before(planned)
    return Answer(
        {"notice_days": period.amount, "notify_by": notify_by},
        [
            say(
                "The notice is given {period} before {planned}, by {notify_by}.",
                period=period,
                planned=planned,
                notify_by=notify_by,
            )
        ],
    )


def decide_veu_incident_report_due(facts: Facts, law: Law) -> Answer:
    """Give the last day to report theft, loss or tampering, Supp. 10 para 16.

    The text does not say from when; read as calendar days from the discovery,
    which is day 0.
    """
    law.status(VEU)
    period = law.period(f"{VEU}.incident.period")
    discovered = facts.day("discovered_on")
    due = period.after(discovered)
    return Answer(
        {"report_due": due},
        [
            say(
                "{period} after the discovery on {discovered} end on {due}.",
                period=period,
                discovered=discovered,
                due=due,
            )
        ],
    )
