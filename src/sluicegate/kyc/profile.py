"""The high-risk profile: which of its points a customer has, and what follows.

A point is given by who compared the customer with lists, or it is found here:
links to countries, how the compute is paid for, how much was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law

LINKS = "strong_links_to_country_of_concern"
FUNDING = "unclear_funding"
FATF = "fatf_high_risk_jurisdiction"
FRONTIER = "request_far_above_frontier"
CLEAR, NOT_STATED = "accounted_for", "not_stated"
CONCERN = "assess.kyc.profile.countries_of_concern"
FATF_LISTS = "assess.kyc.profile.fatf_lists"
MONITORED = "fatf.high_risk_jurisdictions.increased_monitoring"

_RECORDS = {
    "provision": (
        "The compute asked for is above the threshold and was provided, so the provision is"
        " recorded."
    ),
    "denial": (
        "The compute asked for is above the threshold and was refused, so the denial is recorded."
    ),
    "none": "The compute asked for is not above the threshold, so nothing is recorded.",
}
_FUNDING = {
    "not_stated": "No source of payment is stated.",
    "other_country": (
        "The payment comes from a country that is neither the customer's nor that of an owner."
    ),
    "not_verified": "The source of payment could not be verified.",
}


_NOT_YET = (
    "No source of payment is stated. Not above the threshold that is something to be asked, and no"
    " point of the profile."
)


class LinkKind(Enum):
    """What ties a customer to a country."""

    LOCATION = "location"
    HEADQUARTERS = "headquarters"
    OWNERSHIP = "ownership"
    CONTROL = "control"
    BOARD = "board"
    PAYMENT = "payment"


_STRONG = frozenset({LinkKind.LOCATION, LinkKind.HEADQUARTERS, LinkKind.CONTROL})
"""Kinds of which one is a strong link; ownership is one from a share on."""


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to a country, and whether it is strong by itself."""

    kind: LinkKind
    country: str
    is_strong: bool


def decide_high_risk(facts: Facts, law: Law) -> Answer:
    """Say whether a customer matches the high-risk profile, and what follows.

    One factor is enough, and a match is reported whether or not the compute
    was provided. Provision and denial alike are recorded, but only of compute
    above the threshold.
    """
    found, reason = _of_the_profile(facts.texts("factors"), law)
    values, why = _what_follows(facts, found)
    return Answer(values, [reason, why])


def decide_risk_profile(facts: Facts, law: Law) -> Answer:
    """Say which points of the high-risk profile a customer has, each with its reason.

    Factors that are given count as given; the others are found from links,
    payment and the largest request, where these are given. That nobody stated a
    source of payment makes the funding unclear only above the threshold, by
    when it has to be known; before that it is a gap and matches nothing. What
    follows is what `decide_high_risk` says of them.
    """
    links = _links(facts)
    concern = _concern(links, facts, law)
    weighed = {one.country for one in links if one.is_strong or one.kind is LinkKind.PAYMENT}
    fatf = _among(weighed, law.texts(FATF_LISTS), law) if links else []
    monitored = _among(weighed, [MONITORED], law) if links else []
    derived, each = _derived(facts, links, concern, fatf)
    found, reason = _of_the_profile([*facts.texts("factors"), *derived], law)
    follows, why = _what_follows(facts, found)
    values = {
        **follows,
        "factors_found": found,
        "countries_of_concern": concern,
        "fatf_jurisdictions": fatf,
        "fatf_monitored": monitored,
    }
    return Answer(values, [reason, *each, *_why_monitored(monitored, fatf), why])


def _of_the_profile(factors: Iterable[str], law: Law) -> tuple[list[str], Sentence]:
    """Return the factors that are points of the profile, each once, and say so."""
    profile = law.texts("paper.egan_heim_2023.high_risk.factors")
    found = [factor for factor in dict.fromkeys(factors) if factor in profile]
    return found, say(
        "Of the {all} factors of the profile these were found: {found:term}."
        if found
        else "None of the {all} factors of the profile was found.",
        all=len(profile),
        found=found,
    )


def _what_follows(facts: Facts, found: Sequence[str]) -> tuple[dict[str, object], Sentence]:
    above, provided = facts.flag("above_threshold"), facts.flag("provided")
    record = "none" if not above else "provision" if provided else "denial"
    values = {"high_risk": bool(found), "report_required": bool(found), "record": record}
    return values, say(_RECORDS[record])


def _derived(
    facts: Facts, links: Sequence[Link], concern: Sequence[str], fatf: Sequence[str]
) -> tuple[list[str], list[Sentence]]:
    """Return the factors that the facts themselves show, each with its reason."""
    found: list[str] = []
    why: list[Sentence] = []
    if concern:
        kinds = dict.fromkeys(one.kind.value for one in links if counted_as(one.country) in concern)
        found.append(LINKS)
        why.append(
            say(
                "Strong links to countries of concern ({countries}): {kinds:term}.",
                countries=list(concern),
                kinds=list(kinds),
            )
        )
    funding = facts.maybe_text("funding")
    if funding == NOT_STATED and not facts.flag("above_threshold"):
        why.append(say(_NOT_YET))
    elif funding is not None and funding != CLEAR:
        found.append(FUNDING)
        why.append(say(_FUNDING[funding]))
    if fatf:
        found.append(FATF)
        why.append(
            say("On the lists of the FATF that count here: {countries}.", countries=list(fatf))
        )
    request = _far_above(facts)
    if request is not None:
        found.append(FRONTIER)
        why.append(request)
    return found, why


def _why_monitored(monitored: Sequence[str], counting: Sequence[str]) -> list[Sentence]:
    """Say which countries are under increased monitoring without counting for the profile."""
    other = [one for one in monitored if one not in counting]
    if not other:
        return []
    said = "Under increased monitoring by the FATF, which is no point here: {countries}."
    return [say(said, countries=other)]


def _far_above(facts: Facts) -> Sentence | None:
    """Return why a request lies far above the frontier; exactly so many times it does."""
    request, frontier = facts.maybe_amount("largest_request"), facts.maybe_amount("frontier")
    if request is None or frontier is None:
        return None
    level: Exact = frontier * facts.amount("far_above")
    if not Comparator.AT_LEAST.holds(request, level):
        return None
    return say(
        "One run of {request:sci} FLOP is asked for; the largest run that is known has"
        " {frontier:sci} FLOP, and far above it begins at {level:sci} FLOP.",
        request=request,
        frontier=frontier,
        level=level,
    )


def _links(facts: Facts) -> list[Link]:
    least = facts.maybe_amount("strong_share")
    found = []
    for one in facts.records("links"):
        kind, share = LinkKind(one.text("link")), one.maybe_amount("share")
        by_share = (
            kind is LinkKind.OWNERSHIP
            and least is not None
            and share is not None
            and Comparator.AT_LEAST.holds(share, least)
        )
        found.append(Link(kind, one.text("country"), kind in _STRONG or by_share))
    return found


def _concern(links: Sequence[Link], facts: Facts, law: Law) -> list[str]:
    """Return the countries of concern with a strong link, or with enough weaker kinds of link."""
    if not links:
        return []
    enough = facts.maybe_amount("weaker_links")
    found = []
    for country in _among({one.country for one in links}, law.texts(CONCERN), law):
        here = [one for one in links if counted_as(one.country) == country]
        kinds = {one.kind for one in here}
        together = enough is not None and Comparator.AT_LEAST.holds(len(kinds), enough)
        if together or any(one.is_strong for one in here):
            found.append(country)
    return found


def _among(countries: Iterable[str], entries: Iterable[str], law: Law) -> list[str]:
    """Return those of some countries that entries name, sorted.

    An entry is the code of a country, or the id of a parameter that lists some.
    """
    named: set[str] = set()
    for entry in entries:
        named |= law.members(entry) if "." in entry else {entry}
    return sorted({counted_as(one) for one in countries} & named)
