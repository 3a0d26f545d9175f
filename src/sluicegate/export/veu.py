"""Data centres of validated end users: who, how much, and fine-tuning, 748.15 and 748 Supp. 10."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.calendars import quarter_of
from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.export.destinations import (
    UNITED_STATES,
    Party,
    is_aia,
    is_d5_or_macau,
    is_in_group,
)
from sluicegate.export.status import enforcement_of_2025_rule, practice_said
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law, comparison
from sluicegate.rules.showing import member, members

VEU = "us.data_center_veu"
NATIONAL_GROUPS = ("b", "d1", "a5", "a6", "d4")
"""Country Groups A, B and D:1 to D:4 for the national authorisation, as far as they are encoded.

A:1 to A:4, D:2 and D:3 have no member that these and D:5 lack.
"""


_ELIGIBILITY_REASONS = {
    "d5_or_macau_headquarters": "A headquarters is in D:5 or Macau: {seats}.",
    "data_centre_in_d5_or_macau": "The data centre would be in {place}, which is D:5 or Macau.",
    "headquarters_outside_aia": (
        "No headquarters ({seats}) is where the authorisation asks for it: on the AIA list for a"
        " universal one, in Country Groups A, B or D:1 to D:4 for a national one."
    ),
    "government_arrangement_missing": (
        "The applicant is headquartered outside the AIA list ({seats}), and no arrangement between"
        " governments exists (Supplement 10, paragraph 12)."
    ),
    "conditions_met": (
        "The headquarters ({seats}) and the place of the data centre ({place}) fit a {kind:term}"
        " authorisation."
    ),
}


def decide_veu_eligibility(facts: Facts, law: Law) -> Answer:
    """Say whether applicant and data centre can be under an authorisation, 748.15(b)(2).

    D:5 and Macau are out, by headquarters first and then by the place. A
    universal authorisation asks for a headquarters, own or ultimate parent's, on
    the AIA list; a national one for one in Country Groups A, B or D:1 to D:4,
    and, outside the AIA list, for an arrangement between governments.
    """
    law.status(VEU)
    party = Party.of(facts, law, location="data_centre_country", headquarters="applicant_hq")
    if party.headquartered_in_d5_or_macau:
        reason = "d5_or_macau_headquarters"
    elif party.located_in_d5_or_macau:
        reason = "data_centre_in_d5_or_macau"
    elif party.headquartered_in_aia:
        reason = "conditions_met"
    elif facts.text("kind") == "universal" or not _is_in_national_groups(party, law):
        reason = "headquarters_outside_aia"
    elif not facts.flag("government_arrangement"):
        reason = "government_arrangement_missing"
    else:
        reason = "conditions_met"
    said = say(
        _ELIGIBILITY_REASONS[reason],
        seats=members(party.headquarters),
        place=member(party.location),
        kind=facts.text("kind"),
    )
    return Answer({"eligible": reason == "conditions_met", "reason": reason}, [said])


def _is_in_national_groups(party: Party, law: Law) -> bool:
    return any(
        is_in_group(seat, group, law) for seat in party.headquarters for group in NATIONAL_GROUPS
    )


def refuse_uveu_shares(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse holdings that add up to nothing, of which there are no shares."""
    if not sum(facts.mapping("owned_tpp").values()):
        yield BadFact("owned_tpp", "adds up to 0, of which there are no shares; give what is owned")


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a validated end user owns its TPP, as parts of the whole."""

    outside_aia: Fraction
    largest: str | None
    in_largest: Fraction
    outside_us: Fraction

    @classmethod
    def of(cls, given: Mapping[str, Exact], law: Law) -> Spread:
        """Return the spread of holdings by country, which add up to more than 0.

        What the lists count as one place is added up, and a place with nothing
        is left out. Of places with equal parts the first by code is the largest.
        """
        owned: dict[str, Exact] = {}
        for country in sorted(country for country in given if given[country]):
            place = counted_as(country)
            owned[place] = owned.get(place, 0) + given[country]
        total = sum(owned.values())
        foreign = {place: tpp for place, tpp in owned.items() if not is_aia(place, law)}
        largest = min(foreign, key=lambda place: (-foreign[place], place), default=None)
        return cls(
            Fraction(sum(foreign.values())) / total,
            largest,
            Fraction(0 if largest is None else foreign[largest]) / total,
            1 - Fraction(owned.get(UNITED_STATES, 0)) / total,
        )


def decide_uveu_shares(facts: Facts, law: Law) -> Answer:
    """Compare the shares of a universal authorisation with the limits, Supp. 10 para 6.

    All shares are of the whole owned TPP; what is leased does not count. "Not
    more than": exactly the limit is allowed. The test of the share outside the
    United States is for those headquartered there.
    """
    spread = Spread.of(facts.mapping("owned_tpp"), law)
    american = counted_as(facts.text("hq")) == UNITED_STATES
    aia = law.limit(f"{VEU}.uveu.outside_aia.share")
    single = law.limit(f"{VEU}.uveu.single_country.share")
    us = law.limit(f"{VEU}.uveu.outside_us.share")
    passed = {
        "outside_aia_over_25_percent": aia.passed_by(spread.outside_aia),
        "single_country_over_7_percent": single.passed_by(spread.in_largest),
        "outside_us_over_50_percent": not american or us.passed_by(spread.outside_us),
    }
    failures = [name for name, is_passed in passed.items() if not is_passed]
    enforcement = enforcement_of_2025_rule(law, VEU)
    return Answer(
        {
            "satisfied": not failures,
            "outside_aia_share": whole(spread.outside_aia),
            "largest_country_outside_aia": spread.largest,
            "largest_country_share": whole(spread.in_largest),
            "outside_us_share": whole(spread.outside_us),
            "us_half_test_applies": american,
            "failures": failures,
            "enforcement": enforcement,
        },
        [
            *_share_reasons(spread, aia, single, us if american else None),
            practice_said(enforcement),
        ],
    )


def _share_reasons(
    spread: Spread, aia: Limit, single: Limit, us: Limit | None
) -> Iterator[Sentence]:
    """Say how the shares stand to the limits; `us` is None for those not headquartered there."""
    yield comparison("A share outside the AIA list", spread.outside_aia, aia, "")
    if spread.largest is None:
        yield say("Nothing is owned outside the AIA list.")
    else:
        yield say(
            "The most outside the AIA list is owned in {place}.", place=member(spread.largest)
        )
        yield comparison("Its share", spread.in_largest, single, "")
    if us is None:
        yield say(
            "The share outside the United States is tested for those headquartered there alone."
        )
    else:
        yield comparison("A share outside the United States", spread.outside_us, us, "")
    yield say("Only owned performance counts, not what is leased.")


def refuse_nveu_headroom(facts: Facts, law: Law) -> Iterable[BadFact]:
    """Refuse a day after the table, and more taken away than was received."""
    if law.day > law.named_day(f"{VEU}.nveu.table_end"):
        yield BadFact("as_of", "lies after the last quarter of the table; ask about a day in it")
    if facts.amount("removed_tpp") > facts.amount("received_tpp"):
        yield BadFact("removed_tpp", "is more than received_tpp; give what was taken away of it")


def decide_nveu_headroom(facts: Facts, law: Law) -> Answer:
    """Compare a national authorisation with the cap of the quarter, 748.15(a)(2)(iii)(B).

    The cap is a ceiling on what is installed; it is not added up from quarter
    to quarter, and exactly the cap is allowed. What was lost, damaged or resold,
    failed or went elsewhere does not count. None of it is part of the country's
    allocation.
    """
    year, number = quarter_of(law.day)
    quarter = f"{year}Q{number}"
    cap = law.limit(f"{VEU}.nveu.cap")
    removed = facts.amount("removed_tpp")
    received = facts.amount("received_tpp")
    counted = whole(received - removed) if removed else received
    place = facts.text("country")
    enforcement = enforcement_of_2025_rule(law, VEU)
    reasons = [
        say("The quarter of {day} is {quarter}.", day=law.day, quarter=quarter),
        comparison("The counted performance", counted, cap),
        say("Nothing of it is added to the country's allocation."),
        practice_said(enforcement),
    ]
    if is_d5_or_macau(place, law):
        reasons.insert(
            0,
            say(
                "{place} is D:5 or Macau, where no national authorisation is given.",
                place=member(place),
            ),
        )
    return Answer(
        {
            "quarter": quarter,
            "cap_tpp": cap.value,
            "counted_tpp": counted,
            "within": cap.passed_by(counted),
            "headroom_tpp": whole(max(0, cap.value - counted)),
            "excess_tpp": whole(max(0, counted - cap.value)),
            "country_allocation_effect_tpp": 0,
            "enforcement": enforcement,
        },
        reasons,
    )


_FINE_TUNING_REASONS = {
    "site_d5_or_macau": "The site {site} is D:5 or Macau, where no authorised data centre can be.",
    "site_and_customer_on_aia_list": (
        "The site is on the AIA list and nobody headquartered outside it is served, so paragraph 7"
        " does not restrict the training."
    ),
    "within_25_percent": (
        "The site or the customer is outside the AIA list, and the fine-tuning stays within what"
        " paragraph 7 allows."
    ),
    "over_25_percent": (
        "The site or the customer is outside the AIA list, and the fine-tuning goes beyond what"
        " paragraph 7 allows."
    ),
}


def decide_veu_fine_tuning(facts: Facts, law: Law) -> Answer:
    """Say whether a site may fine-tune a 4E091 model without authorisation, Supp. 10 para 7.

    The paragraph restricts training outside the AIA list, or as infrastructure
    for an entity headquartered outside it; on the list and for the list there is
    no limit. "Up to": exactly the share is allowed. D:5 and Macau are out as
    sites, whoever is served.
    """
    site, customer = facts.text("site"), facts.maybe_text("customer_hq")
    limit = law.limit(f"{VEU}.fine_tuning.share")
    share = Fraction(facts.amount("fine_tuning_flop")) / facts.amount("original_training_flop")
    free = is_aia(site, law) and (customer is None or is_aia(customer, law))
    if is_d5_or_macau(site, law):
        reason = "site_d5_or_macau"
    elif free:
        reason = "site_and_customer_on_aia_list"
    else:
        reason = "within_25_percent" if limit.passed_by(share) else "over_25_percent"
    enforcement = enforcement_of_2025_rule(law, VEU)
    return Answer(
        {
            "permitted": reason in ("site_and_customer_on_aia_list", "within_25_percent"),
            "fine_tuning_share": whole(share),
            "reason": reason,
            "enforcement": enforcement,
        },
        [
            comparison("A fine-tuning share", share, limit, ""),
            say(_FINE_TUNING_REASONS[reason], site=member(site)),
            practice_said(enforcement),
        ],
    )
