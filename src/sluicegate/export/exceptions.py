"""Licence exceptions for advanced computing items: AIA, ACM, LPP, and NAC with ACA.

Every result is what the text says on the day. AIA, ACM and LPP came with the
rule of January 2025, and `enforcement` is the practice for that rule, also where
the requirement of 2023, from which they free as well, is enforced. NAC and ACA
belong to the requirement of 2023 and have no practice of their own.
"""

from __future__ import annotations

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import UNITED_STATES, Party, is_aia
from sluicegate.export.status import enforcement_of_2025_rule, practice_said
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison
from sluicegate.rules.showing import member, members

EXCEPTIONS = "us.licence_exceptions"
NOTIFIED = "us.nac_aca"
MET = "conditions_met"
TRANSFER = "in_country_transfer"


_CHIPS_REASONS = {
    "location_outside_aia": "The consignee is in {place}, which is not on the AIA list.",
    "headquarters_outside_aia": (
        "A headquarters of the consignee or of its ultimate parent is not on the AIA list: {seats}."
    ),
    "training_for_outside_aia": (
        "The chips would train 4E091 models for an entity located or headquartered outside the AIA"
        " list, which 740.27(a) excludes."
    ),
    MET: "The consignee is located on the AIA list and has no headquarters outside it: {seats}.",
}


def decide_aia_exception_chips(facts: Facts, law: Law) -> Answer:
    """Say whether exception AIA serves .a items and listed software, 740.27(a)-(c).

    The consignee must be located on the AIA list, and no headquarters may lie
    outside it, neither its own nor its ultimate parent's. The certification is
    always needed; it goes to BIS first when the consignee receives the figure
    or more. The first condition that fails decides.
    """
    party = Party.of(facts, law, location="consignee_location")
    if not party.located_in_aia:
        reason = "location_outside_aia"
    elif not all(is_aia(seat, law) for seat in party.headquarters):
        reason = "headquarters_outside_aia"
    elif facts.flag("trains_4e091_for_outside_aia"):
        reason = "training_for_outside_aia"
    else:
        reason = MET
    available = reason == MET
    cumulative = facts.amount("consignee_cumulative_tpp")
    limit = law.limit(f"{EXCEPTIONS}.aia.submission")
    submit = available and limit.passed_by(cumulative)
    enforcement = enforcement_of_2025_rule(law, EXCEPTIONS)
    reasons = [
        say(_CHIPS_REASONS[reason], place=member(party.location), seats=members(party.headquarters))
    ]
    if available:
        reasons += [
            say("The consignee certifies once before the exception is used (740.27(b))."),
            comparison("A cumulative performance", cumulative, limit),
        ]
    return Answer(
        {
            "available": available,
            "reason": reason,
            "certification_required": available,
            "submit_certification_to_bis": submit,
            "enforcement": enforcement,
        },
        [*reasons, practice_said(enforcement)],
    )


_WEIGHTS_REASONS = {
    "location_d5_or_macau": "The weights would go to {place}, which is D:5 or Macau.",
    "headquarters_outside_aia": (
        "The recipient is not headquartered on the AIA list, or has a headquarters in D:5 or"
        " Macau: {seats}."
    ),
    "facility_security_not_met": (
        "The facility does not meet paragraphs 14, 15 and 18 of Supplement 10."
    ),
    MET: (
        "The recipient is headquartered on the AIA list ({seats}), {place} is neither D:5 nor"
        " Macau, and the facility meets paragraphs 14, 15 and 18 of Supplement 10."
    ),
}


def decide_aia_exception_weights(facts: Facts, law: Law) -> Answer:
    """Say whether exception AIA serves 4E091 model weights, 740.27(a)(3).

    The recipient or its ultimate parent is headquartered on the AIA list; the
    place may be any but D:5 and Macau, and no headquarters may lie there. The
    requirement of 2023 never covers model weights.
    """
    party = Party.of(facts, law, location="location")
    if party.located_in_d5_or_macau:
        reason = "location_d5_or_macau"
    elif party.headquartered_in_d5_or_macau or not party.headquartered_in_aia:
        reason = "headquarters_outside_aia"
    elif not facts.flag("facility_meets_security_paragraphs"):
        reason = "facility_security_not_met"
    else:
        reason = MET
    enforcement = enforcement_of_2025_rule(law, EXCEPTIONS)
    said = say(
        _WEIGHTS_REASONS[reason], place=member(party.location), seats=members(party.headquarters)
    )
    return Answer(
        {"available": reason == MET, "reason": reason, "enforcement": enforcement},
        [said, practice_said(enforcement)],
    )


_LPP_REASONS = {
    "destination_d5_or_macau": "The destination {place} is D:5 or Macau (740.29(c)(1)).",
    "headquarters_d5_or_macau": (
        "A headquarters of the consignee or of its ultimate parent is in D:5 or Macau: {seats}"
        " (740.29(c)(1))."
    ),
    "in_country_transfer_not_authorised": (
        "The exception serves exports and reexports, not transfers in a country (740.29(a))."
    ),
    "annual_limit_exceeded": "So the exception does not cover this shipment.",
    "within_annual_limit": "So the exception covers this shipment.",
}


def decide_lpp_exception(facts: Facts, law: Law) -> Answer:
    """Say whether exception LPP covers a shipment, 740.29.

    Counted is what the ultimate parent receives in the calendar year of the
    shipment, from all exporters and by all subsidiaries, before or after it.
    "Up to": exactly the limit is covered. D:5 and Macau come first, as
    everywhere in the rule; then the kind of transaction; then the limit. A
    shipment that the exception does not cover owes nothing under it; the day
    for the copy is given all the same, as the day on which it would be due.
    """
    party = Party.of(facts, law)
    shipped_on, total = facts.day("shipment_date"), _year_total(facts)
    limit = law.limit(f"{EXCEPTIONS}.lpp.annual_limit")
    reason = _lpp_ground(party, facts.text("transaction"), within=limit.passed_by(total))
    eligible = reason == "within_annual_limit"
    remaining = whole(max(0, limit.value - total))
    notice = law.limit(f"{EXCEPTIONS}.lpp.prior_notice")
    notify = eligible and notice.passed_by(facts.amount("shipment_tpp"))
    period = law.period(f"{EXCEPTIONS}.lpp.copy_period")
    duties = _lpp_obligations(notify=notify, reached=not remaining) if eligible else []
    enforcement = enforcement_of_2025_rule(law, EXCEPTIONS)
    owed = _lpp_owed(facts, notice, period) if eligible else ()
    return Answer(
        {
            "eligible": eligible,
            "reason": reason,
            "calendar_year_tpp": total,
            "remaining_tpp": remaining,
            "prior_notice_required": notify,
            "certification_copy_due": period.after(shipped_on),
            "obligations": duties,
            "enforcement": enforcement,
        },
        [
            comparison("The year's performance", total, limit),
            say(
                _LPP_REASONS[reason],
                place=member(party.location),
                seats=members(party.headquarters),
            ),
            *owed,
            practice_said(enforcement),
        ],
    )


def _lpp_ground(party: Party, transaction: str, *, within: bool) -> str:
    """Return what settles a shipment: places, then the kind of transaction, then the limit."""
    if party.located_in_d5_or_macau:
        return "destination_d5_or_macau"
    if party.headquartered_in_d5_or_macau:
        return "headquarters_d5_or_macau"
    if transaction == TRANSFER:
        return "in_country_transfer_not_authorised"
    return "within_annual_limit" if within else "annual_limit_exceeded"


def _year_total(facts: Facts) -> Exact:
    """Add up what one ultimate parent receives in the calendar year of the shipment."""
    parent, year = facts.text("ultimate_parent"), facts.day("shipment_date").year
    total = facts.amount("shipment_tpp")
    for other in facts.records("prior_shipments"):
        if other.text("ultimate_parent") == parent and other.day("date").year == year:
            total = whole(total + other.amount("tpp"))
    return total


def _lpp_owed(facts: Facts, notice: Limit, period: Period) -> tuple[Sentence, ...]:
    """Say what a shipment that is covered is held to: the prior notice and the copy."""
    shipped_on = facts.day("shipment_date")
    return (
        comparison("This shipment's performance", facts.amount("shipment_tpp"), notice),
        say(
            "The copy is due {period} after {shipped}, on {due}.",
            period=period,
            shipped=shipped_on,
            due=period.after(shipped_on),
        ),
    )


def _lpp_obligations(*, notify: bool, reached: bool) -> list[str]:
    """Return the duties of a shipment under the exception, 740.29(f)-(g)."""
    return [
        "consignee_statement_before_use",
        *(["prior_notice_to_bis"] if notify else []),
        "copy_certification_within_30_days",
        *(["consignee_notifies_limit_reached"] if reached else []),
    ]


_NOTIFIED_REASONS = {
    "none": "An item of {eccn} designed or marketed for data centres is outside both exceptions.",
    "within": "A transfer within {place}, which is D:5 or Macau, is under exception ACA.",
    "NAC": "The destination {place} or a headquarters ({seats}) is D:5 or Macau: exception NAC.",
    "ACA": "Neither the destination {place} nor a headquarters ({seats}) is D:5 or Macau:"
    " exception ACA.",
}


def decide_nac_aca_exception(facts: Facts, law: Law) -> Answer:
    """Say which of exceptions NAC and ACA serves an item, and when BIS is told, 740.8.

    Items of .a that are designed or marketed for data centres are outside both;
    items of .b never are. NAC serves D:5 and Macau by location or headquarters,
    with a notice beforehand; ACA serves all else, and transfers within a D:5
    destination or Macau, without one.
    """
    party = Party.of(facts, law)
    law.status(NOTIFIED)
    eccn = facts.text("eccn")
    outside = law.texts(f"{NOTIFIED}.data_centre_items_outside")
    within = party.located_in_d5_or_macau and facts.text("transaction") == TRANSFER
    if facts.flag("data_centre") and eccn in outside:
        found = said = "none"
    elif within:
        found, said = "ACA", "within"
    else:
        found = said = "NAC" if party.is_d5_or_macau else "ACA"
    reasons = [
        say(
            _NOTIFIED_REASONS[said],
            eccn=eccn,
            place=member(party.location),
            seats=members(party.headquarters),
        )
    ]
    notify_by = None
    if found == "NAC":
        shipped_on = facts.day("shipment_date")
        period = law.period(f"{NOTIFIED}.notice_period")
        notify_by = period.before(shipped_on)
        reasons.append(
            say(
                "BIS is told {period} before the shipment of {shipped}, by {due}.",
                period=period,
                shipped=shipped_on,
                due=notify_by,
            )
        )
    return Answer({"exception": found, "notify_by": notify_by}, reasons)


_ACM_REASONS = {
    "d5_or_macau": (
        "The end user is in D:5 or Macau by location ({place}) or headquarters ({seats})."
    ),
    "government_controlled": (
        "The government of {government} owns or controls the end user, which is not private then."
    ),
    "purpose_not_covered": "The exception does not cover the purpose: {purpose:term}.",
    MET: (
        "A private end user in {place}, headquartered in {seats}, uses the items for a purpose that"
        " is covered: {purpose:term}."
    ),
}


def decide_acm_exception(facts: Facts, law: Law) -> Answer:
    """Say whether exception ACM serves an end user, 740.28.

    Private end users, for development, production or storage before shipment,
    not D:5 or Macau by location or headquarters. A government other than that
    of the United States may not own or control the end user.
    """
    party = Party.of(facts, law, location="location")
    government = facts.maybe_text("government_controlled_by")
    purpose = facts.text("purpose")
    if party.is_d5_or_macau:
        reason = "d5_or_macau"
    elif government is not None and counted_as(government) != UNITED_STATES:
        reason = "government_controlled"
    elif purpose not in law.texts(f"{EXCEPTIONS}.acm.purposes"):
        reason = "purpose_not_covered"
    else:
        reason = MET
    enforcement = enforcement_of_2025_rule(law, EXCEPTIONS)
    said = say(
        _ACM_REASONS[reason],
        place=member(party.location),
        seats=members(party.headquarters),
        government=None if government is None else member(government),
        purpose=purpose,
    )
    return Answer(
        {"available": reason == MET, "reason": reason, "enforcement": enforcement},
        [said, practice_said(enforcement)],
    )
