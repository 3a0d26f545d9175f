"""By when: reports, certifications, records, resellers, special measures.

A duty can still be met on the day with which its period ends. Counting begins
with day 0, the day from which the period runs, and takes calendar days.
"""

from __future__ import annotations

from datetime import date

from sluicegate.core.calendars import Period
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison

_KEPT_FROM = {
    "account_closed": (
        "The period of {period} runs from {start}, when the account was closed, until {end}."
    ),
    "last_access": (
        "The period of {period} runs from {start}, when the account was last accessed, until {end}."
    ),
    "record_made": (
        "The period of {period} runs from {start}, when the record was made, until {end}."
    ),
}
"""How a period of keeping is told, by the fact that starts it."""


def decide_training_report(facts: Facts, law: Law) -> Answer:
    """Say whether a training transaction is reported, and by when.

    Only transactions of foreign persons that concern a covered model are
    reported. The provider has 15 days from the transaction, or from knowledge
    when that came later. Through a foreign reseller the reseller has those
    days, and the provider 30 days from the transaction itself, so that late
    knowledge of the reseller can leave the provider with the earlier day.

    A finding for the provider lifts its own programme (7.302), not the one it
    must see to at a foreign reseller (7.303), and never the report.
    """
    foreign = not facts.flag("customer_is_us_person")
    through_reseller = facts.flag("through_foreign_reseller")
    finding = facts.flag("deterrence_programme_finding")
    required = foreign and facts.flag("covered_model")
    identified = foreign and (through_reseller or not finding)
    reseller_by, provider_by = None, None
    reasons = [_why_reported(foreign, required)]
    if required:
        transaction = facts.day("transaction_date")
        start = max(transaction, facts.maybe_day("knowledge_date") or transaction)
        if through_reseller:
            reseller = law.period("us.iaas_proposal.training_report.reseller_period")
            provider = law.period(
                "us.iaas_proposal.training_report.provider_period_through_reseller"
            )
            reseller_by, provider_by = reseller.after(start), provider.after(transaction)
            reasons.append(
                say(
                    "The reseller has {period} from {start}: until {end}.",
                    period=reseller,
                    start=start,
                    end=reseller_by,
                )
            )
            reasons.append(_provider_has(provider, transaction, provider_by))
        else:
            period = law.period("us.iaas_proposal.training_report.period")
            provider_by = period.after(start)
            reasons.append(_provider_has(period, start, provider_by))
    reasons.append(_why_identified(foreign, finding, through_reseller))
    law.status("us.iaas_proposal")
    values = {
        "report_required": required,
        "reseller_to_provider_by": reseller_by,
        "provider_to_department_by": provider_by,
        "identification_required": identified,
    }
    return Answer(values, reasons)


def _provider_has(period: Period, start: date, end: date) -> Sentence:
    return say(
        "The provider has {period} from {start}: until {end}.",
        period=period,
        start=start,
        end=end,
    )


def _why_reported(foreign: bool, required: bool) -> Sentence:
    if not foreign:
        return say("The person who trains is a US person, so no report is due.")
    if not required:
        return say("The transaction concerns no covered model, so no report is due.")
    return say("A foreign person trains a covered model, so a report is due.")


def _why_identified(foreign: bool, finding: bool, through_reseller: bool) -> Sentence:
    if not foreign:
        return say("The identification programme does not reach a US person.")
    if not finding:
        return say("The identification programme applies to a foreign person.")
    if through_reseller:
        return say(
            "The provider's finding lifts section 7.302 and leaves 7.303, so the programme of its"
            " foreign reseller still applies."
        )
    return say("The provider's finding lifts section 7.302, so its programme does not apply.")


def decide_certification_window(facts: Facts, law: Law) -> Answer:
    """Give the window for the yearly certification.

    It must come within one year of the previous notification and not earlier
    than 60 calendar days before that anniversary; both ends are in it. The
    anniversary of 29 February is 28 February.
    """
    interval = law.period("us.iaas_proposal.certification.interval")
    lead = law.period("us.iaas_proposal.certification.opens_before")
    closes = interval.after(facts.day("previous_notification"))
    opens = lead.before(closes)
    reasons = [
        say(
            "The anniversary, {interval} after the previous notification, is {closes}.",
            interval=interval,
            closes=closes,
        ),
        say("The window opens {lead} before it, on {opens}.", lead=lead, opens=opens),
    ]
    filing = facts.maybe_day("filing_date")
    inside = None if filing is None else opens <= filing <= closes
    if filing is not None:
        reasons.append(
            say(
                "The day {filing} lies in the window."
                if inside
                else "The day {filing} lies outside the window.",
                filing=filing,
            )
        )
    law.status("us.iaas_proposal")
    return Answer({"opens": opens, "closes": closes, "filing_in_window": inside}, reasons)


def decide_record_retention(facts: Facts, law: Law) -> Answer:
    """Give the last day on which a customer's record must be kept.

    The IaaS proposal says two years after the account is closed or last
    accessed; the later of the days given starts the period, so an account that
    was never closed is counted from its last access, until it is used or
    closed again. A bank's identity data waits for closing, its records of
    verification run from their making.
    """
    regime = facts.text("regime")
    starts: tuple[str, ...]
    if regime == "iaas_proposal":
        starts = ("account_closed", "last_access")
        parameter = "us.iaas_proposal.records.period"
        law.status("us.iaas_proposal")
    elif regime == "bank_identity":
        starts = ("account_closed",)
        parameter = "us.bank_rules.records.identity_period"
    else:
        starts = ("record_made",)
        parameter = "us.bank_rules.records.verification_period"
    period = law.period(parameter)
    known = [(facts.day(what), what) for what in starts if facts.has(what)]
    if not known:
        reason = say(
            "The period of {period} has not begun, because no day that starts it is given.",
            period=period,
        )
        return Answer({"keep_until": None}, [reason])
    start, what = max(known)
    keep_until = period.after(start)
    reason = say(_KEPT_FROM[what], period=period, start=start, end=keep_until)
    return Answer({"keep_until": keep_until}, [reason])


def decide_reseller_termination(facts: Facts, law: Law) -> Answer:
    """Give the last day for parting from a foreign reseller that did not remedy.

    30 calendar days after the provider knows. A remedy on that day or before
    is in time; one that comes later leaves the duty as it was.
    """
    period = law.period("us.iaas_proposal.reseller.termination_period")
    deadline = period.after(facts.day("knowledge_of_no_remedy"))
    remedied = facts.maybe_day("remedied_on")
    law.status("us.iaas_proposal")
    in_time = remedied is not None and remedied <= deadline
    reasons = [
        say(
            "The provider has {period} from its knowledge, until {deadline}.",
            period=period,
            deadline=deadline,
        )
    ]
    if remedied is not None:
        reasons.append(
            say(
                "The remedy of {remedied} is in time, so the relationship may go on."
                if in_time
                else "The remedy of {remedied} is too late, so the relationship must end.",
                remedied=remedied,
            )
        )
    terminate_by: date | None = None if in_time else deadline
    return Answer({"terminate_by": terminate_by}, reasons)


def decide_special_measure(facts: Facts, law: Law) -> Answer:
    """Give the days between which a special measure can bind.

    No provider can be made to act earlier than 180 calendar days after the
    determination; 365 calendar days after it the measure lapses unless it is
    extended. The day of the determination is day 0, and days are counted, so a
    leap day shortens the year.
    """
    determination = facts.day("determination")
    waiting = law.period("us.iaas_proposal.special_measure.waiting_period")
    duration = law.period("us.iaas_proposal.special_measure.duration")
    earliest, last = waiting.after(determination), duration.after(determination)
    law.status("us.iaas_proposal")
    reasons = [
        say(
            "The day {waiting} after the determination of {determination} is {earliest}.",
            waiting=waiting,
            determination=determination,
            earliest=earliest,
        ),
        say(
            "The day {duration} after it is {last}, the last day without an extension.",
            duration=duration,
            last=last,
        ),
    ]
    return Answer({"earliest_required": earliest, "last_day_without_extension": last}, reasons)


def decide_sar_deadline(facts: Facts, law: Law) -> Answer:
    """Say whether a bank reports a suspicious transaction, and by when.

    At least USD 5 000 and suspicion, so exactly that amount is reported. 30
    calendar days from initial detection; when no suspect was known then, 60.
    """
    limit = law.limit("us.bank_rules.suspicious_report.amount")
    amount = facts.amount("amount")
    suspicious = facts.flag("suspicious")
    required = suspicious and limit.passed_by(amount)
    reasons = [
        comparison("The amount", amount, limit),
        say(
            "The bank is suspicious of the transaction."
            if suspicious
            else "The bank is not suspicious of the transaction."
        ),
    ]
    due: date | None = None
    if required:
        known = facts.flag("suspect_known")
        name = "period" if known else "period_no_suspect"
        period = law.period(f"us.bank_rules.suspicious_report.{name}")
        due = period.after(facts.day("initial_detection"))
        reasons.append(
            say(
                "A suspect was known at detection, so the bank has {period}, until {due}."
                if known
                else "No suspect was known at detection, so the bank has {period}, until {due}.",
                period=period,
                due=due,
            )
        )
    return Answer({"report_required": required, "due": due}, reasons)
