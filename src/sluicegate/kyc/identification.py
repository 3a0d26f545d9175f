"""Whom to identify, with what, and who stands behind a customer."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from sluicegate.core.quantities import whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law, comparison

TRAINING_REPORT_SECTION = "7.308"
_OWNER_SHARE = {
    "iaas_proposal": "us.iaas_proposal.beneficial_owner.share",
    "bank": "us.bank_rules.beneficial_owner.share",
}
_OWNER_BY_CONTROL = {"iaas_proposal": "substantial_control", "bank": "control_person"}
_EXEMPT_SECTIONS = {
    "provider": "us.iaas_proposal.exemption.provider_sections",
    "foreign_reseller": "us.iaas_proposal.exemption.reseller_sections",
}
_LIFTED = {
    "provider": "The finding covers the provider and lifts these sections: {sections}.",
    "foreign_reseller": (
        "The finding covers a foreign reseller and lifts these sections as regards that reseller:"
        " {sections}."
    ),
    "none": "There is no finding, so no section is lifted.",
}


def decide_customer_scope(facts: Facts, law: Law) -> Answer:
    """Say whether the identification programme reaches an account.

    An account is outside only when the customer and all beneficial owners are
    US persons; one foreign owner brings it in. Reasonable diligence is owed on
    the identity of any customer or owner who claims to be a US person, whether
    or not the account is outside.
    """
    law.status("us.iaas_proposal")
    customer = facts.flag("customer_is_us_person")
    owners = facts.flags("beneficial_owners_are_us_persons")
    required = not (customer and all(owners))
    claims = int(customer) + sum(owners)
    foreign = owners.count(False)
    reasons = [
        _why_in_scope(customer, foreign),
        say(
            "The number of those who claim to be US persons is {claims}, so reasonable diligence is"
            " needed."
            if claims
            else "Nobody claims to be a US person, so there is no claim to look into.",
            claims=claims,
        ),
    ]
    values = {"identification_required": required, "diligence_required": claims > 0}
    return Answer(values, reasons)


def _why_in_scope(customer_is_us_person: bool, foreign: int) -> Sentence:
    if not customer_is_us_person:
        return say("The customer is no US person, so the identification programme applies.")
    return say(
        "The customer is a US person, but the number of beneficial owners who are not is {foreign},"
        " so the identification programme applies."
        if foreign
        else "The customer and all beneficial owners are US persons, so the identification"
        " programme does not apply.",
        foreign=foreign,
    )


def decide_account_opening(facts: Facts, law: Law) -> Answer:
    """Say whether an account may be opened with what is held.

    Everything that the proposal asks for must be held, and identity must be
    verified, before opening. Items that are not asked of an individual are
    welcome and change nothing.
    """
    asked = list(law.texts("us.iaas_proposal.identification.items"))
    if facts.text("customer_kind") == "entity":
        asked += law.texts("us.iaas_proposal.identification.items_entity")
    held = set(facts.texts("collected"))
    missing = [item for item in dict.fromkeys(asked) if item not in held]
    verified = facts.flag("identity_verified")
    reasons = [
        say(
            "Of the {asked} items that are asked for these are missing: {missing:term}."
            if missing
            else "None of the {asked} items that are asked for is missing.",
            asked=len(asked),
            missing=missing,
        ),
        say("Identity is verified." if verified else "Identity is not verified."),
    ]
    return Answer({"may_open": not missing and verified, "missing": missing}, reasons)


def decide_beneficial_owners(facts: Facts, law: Law) -> Answer:
    """Name the beneficial owners among the holders of a customer.

    Both rules say 25 percent or more: exactly that share is enough. The IaaS
    proposal adds everyone with substantial control; the bank rule adds the one
    person named for control, and nobody else with control. Entries of one
    individual add up, since a share owned in two ways is one share.
    """
    regime = facts.text("regime")
    limit = law.limit(_OWNER_SHARE[regime])
    shares: dict[str, Fraction] = defaultdict(Fraction)
    controlling: dict[str, bool] = defaultdict(bool)
    for holder in facts.records("holders"):
        key = holder.text("holder")
        shares[key] += holder.amount("share")
        controlling[key] |= holder.flag(_OWNER_BY_CONTROL[regime])
    owners: list[str] = []
    reasons = []
    for key, share in shares.items():
        reasons.append(comparison(say("{holder}: a share", holder=key), whole(share), limit, ""))
        if controlling[key]:
            by = _OWNER_BY_CONTROL[regime]
            reasons.append(say("{holder} counts by {control:term}.", holder=key, control=by))
        if limit.passed_by(share) or controlling[key]:
            owners.append(key)
    return Answer({"beneficial_owners": owners}, reasons or [say("No holder is named.")])


def decide_deterrence_exemption(facts: Facts, law: Law) -> Answer:
    """Name the sections that a finding for a programme against abuse lifts.

    For a provider these are 7.302, 7.304 and 7.305: paragraph (b) leaves 7.305
    out, paragraph (e) adds it and is followed. For a foreign reseller they are
    lifted as regards that reseller. The training report stands in any case.
    """
    covers = facts.text("finding_covers")
    parameter = _EXEMPT_SECTIONS.get(covers)
    sections = [] if parameter is None else list(law.texts(parameter))
    law.status("us.iaas_proposal")
    report = TRAINING_REPORT_SECTION not in sections
    reasons = [
        say(_LIFTED[covers], sections=sections),
        say(
            "Section {section} on training reports still applies."
            if report
            else "Section {section} on training reports is lifted.",
            section=TRAINING_REPORT_SECTION,
        ),
    ]
    return Answer({"exempt_sections": sections, "training_report_required": report}, reasons)
