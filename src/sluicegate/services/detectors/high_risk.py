"""The high-risk profile of customers for much compute, each point with what it rests on.

One finding a customer. A match with a list has a finding of its own, so the
lists alone make none here; where another point is found, those count with it
that a person confirmed. What nobody stated of links is no point; that nobody
stated a source of payment is one above the threshold, by when it has to be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from sluicegate.core.identifiers import PartyId, RuleId
from sluicegate.core.quantities import Exact, flop_text, percent
from sluicegate.core.trace import Figure
from sluicegate.kyc.diligence.file import DiligenceFile, Document, Outcome
from sluicegate.kyc.diligence.items import Item, is_placeholder
from sluicegate.metering.estimates import parameters_tokens_flop
from sluicegate.registry.holdings import Bound as End
from sluicegate.registry.holdings import Holding, upstream
from sluicegate.registry.ownership import Party
from sluicegate.registry.records import Customer, CustomerKind, DeclaredRun
from sluicegate.rules.countries import is_country
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.screening.linkage.policy import shipped_policy
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.ownership.methods import both_methods
from sluicegate.services.ports.matches import MatchState
from sluicegate.services.world import World

RULE = RuleId("assess.kyc.high_risk_profile")
INSTRUMENT = "paper.egan_heim_2023"
TITLE = Title("Match with the high-risk profile", "符合高风险特征")
OBLIGATIONS = ("assess.kyc.report_high_risk_match",)

OF_LISTS = frozenset({"sdn_list", "entity_list", "barred_from_advanced_chips"})
"""Points that rest on lists, whose matches have findings of their own."""

_REACHED = {
    "sdn": "sdn_list",
    "sdn_specified": "sdn_list",
    "entity_list": "entity_list",
    "meu_list": "barred_from_advanced_chips",
}
"""Name of a list in the question ownership_50_percent → the point of whom its parties own."""

_IBAN = re.compile(r"\b([A-Z]{2})\d{2}(?: ?[A-Z0-9]){11,30}\b")
_LAST_CODE = re.compile(r"[,(/:;]\s*([A-Z]{2})\s*\)?\s*$")


def high_risk(world: World, law: Law) -> Iterator[Candidate]:
    """Yield customers who use or ask for a good share of the threshold, with their profile."""
    level = law.amount("assess.kyc.threshold") * law.share("assess.kyc.profile.least_share")
    together = _group_totals(world)
    requests = _largest_requests(world)
    for customer_id, customer in world.customers.items():
        if customer.closed is not None and customer.closed <= world.as_of:
            continue
        used = world.totals.get(customer_id)
        group = together.get(world.groups.get(customer_id, ""), 0) if used else 0
        asked = requests.get(customer_id)
        if max(group, used.high if used else 0, asked or 0) >= level:
            yield _candidate(world, law, customer, asked)


def _candidate(world: World, law: Law, customer: Customer, asked: Exact | None) -> Candidate:
    key = str(customer.customer_id)
    factors = sorted(_confirmed(world, law, key))
    links = {end: _links(world, customer, end) for end in End}
    funding = _funding(world, customer)
    used = world.totals.get(key)
    threshold = law.amount("assess.kyc.threshold")
    facts: dict[str, Any] = {
        "factors": factors,
        "above_threshold": max(used.central if used else 0, asked or 0) > threshold,
        "provided": used is not None,
        "strong_share": law.share("assess.groups.beneficial_share"),
        "weaker_links": law.amount("assess.kyc.profile.weaker_links"),
        "funding": funding,
        "largest_request": None if asked is None else flop_text(asked),
        "frontier": flop_text(law.amount("assess.kyc.profile.frontier")),
        "far_above": law.amount("assess.kyc.profile.far_above"),
    }
    bounds = {Bound.LOW: End.CERTAIN, Bound.CENTRAL: End.CERTAIN, Bound.HIGH: End.POSSIBLE}
    return Candidate(
        subject=Subject.of(SubjectKind.CUSTOMER, key, customer.name, key),
        rule=RULE,
        title=TITLE,
        instrument=INSTRUMENT,
        question="kyc_risk_profile",
        facts={bound: {**facts, "links": links[end]} for bound, end in bounds.items()},
        passed=_goes_beyond_lists,
        obligations=OBLIGATIONS,
        figures=tuple(_figures(links[End.POSSIBLE], funding, asked)),
    )


def _goes_beyond_lists(answer: Mapping[str, Any]) -> bool:
    return bool(set(answer["factors_found"]) - OF_LISTS)


def _group_totals(world: World) -> dict[str, Exact]:
    totals: dict[str, Exact] = {}
    for customer_id, used in world.totals.items():
        group = world.groups.get(customer_id, customer_id)
        totals[group] = totals.get(group, 0) + used.high
    return totals


def _largest_requests(world: World) -> dict[str, Exact]:
    """Return what the largest declared run of each customer needs, 6·N·D where no amount stands."""
    found: dict[str, Exact] = {}
    for run in world.declared.values():
        needed = _needed(run)
        if needed is not None:
            key = str(run.customer_id)
            found[key] = max(found.get(key, 0), needed)
    return found


def _needed(run: DeclaredRun) -> Exact | None:
    if run.declared_flop is not None:
        return run.declared_flop
    active = run.active_parameters or run.parameters
    if active is None or run.tokens is None:
        return None
    return parameters_tokens_flop(active, run.tokens)


def _confirmed(world: World, law: Law, customer_id: str) -> set[str]:
    """Return the points of lists that a person's confirmation makes sure.

    Those of the customer itself, and those of parties that own it by the 50
    percent rules as they are written, by the low end of shares.
    """
    found = {
        factor
        for match in world.matches
        if match.party_id == customer_id and match.state is MatchState.CONFIRMED
        for factor in match.factors
    }
    confirmed = lists_of(world.listed, confirmed_only=True)
    if not confirmed:
        return found
    graph, party = world.ownership.attributed(), PartyId(customer_id)
    above = {holding.owner for holding in upstream(graph.holdings, party)}
    sure = {one: confirmed[one] for one in above & confirmed.keys()}
    for regime in Regime:
        counting = regime.counting(sure, law)
        if counting and law.in_force(regime.instrument):
            both = both_methods(graph, party, sure, regime, law)
            if both.cascade.is_reached:
                named = {name for one in counting for name in sure[one]}
                found |= {_REACHED[name] for name in named if name in _REACHED}
    return found


def _links(world: World, customer: Customer, end: End) -> list[dict[str, Any]]:
    """Return what ties a customer to countries other than the node's own, as facts."""
    party = PartyId(str(customer.customer_id))
    graph = world.ownership.attributed()
    found: list[tuple[str, str, Fraction | None]] = [("location", customer.country, None)]
    top = graph.party(PartyId(world.groups.get(str(party), str(party))))
    if top.party_id != party and top.kind is CustomerKind.ENTITY and top.country:
        found.append(("headquarters", top.country, None))
    above = upstream(graph.holdings, party)
    for owner in sorted({holding.owner for holding in above}):
        direct = [one for one in graph.owners(party) if one.owner == owner]
        shares = graph.effective_share(owner, party)
        share = shares.low if end is End.CERTAIN else shares.high
        found += [
            (kind, country, share if kind == "ownership" else None)
            for kind, country in _ties(graph.party(owner), direct, share)
        ]
    payment = country_of_payment(customer.payment_source)
    if payment is not None:
        found.append(("payment", payment, None))
    return [
        {"link": link, "country": country, "share": share}
        for link, country, share in dict.fromkeys(found)
        if country != world.country and is_country(country)
    ]


def _ties(owner: Party, direct: Iterable[Holding], share: Fraction) -> Iterator[tuple[str, str]]:
    """Yield how somebody above a customer ties it to its own country."""
    if owner.country is None:
        return
    for holding in direct:
        if holding.has_control:
            yield "control", owner.country
        role = "" if holding.edge is None else (holding.edge.role or "").casefold()
        if any(word in role for word in shipped_policy().director_roles):
            yield "board", owner.country
    if share > 0:
        yield "ownership", owner.country


def country_of_payment(source: str | None) -> str | None:
    """Return the country that a source of payment names: that of an IBAN, or a code at its end.

    >>> country_of_payment("DE89 3704 0044 0532 0130 00"), country_of_payment("wire transfer, AE")
    ('DE', 'AE')
    >>> country_of_payment("corporate card") is None
    True
    """
    text = source or ""
    for pattern in (_IBAN, _LAST_CODE):
        match = pattern.search(text)
        if match is not None and is_country(match[1]):
            return match[1]
    return None


def _funding(world: World, customer: Customer) -> str:
    """Return what is known of how a customer pays, as the question names it."""
    key = str(customer.customer_id)
    file = world.files.get(key, DiligenceFile(key))
    source = customer.payment_source
    by_hand = Item.PAYMENT_SOURCE in file.items
    if not by_hand and (source is None or is_placeholder(source)):
        return "not_stated"
    of_payment = (Document.BANK_REFERENCE,)
    checks = [one for one in file.verifications if one.party == key and one.document in of_payment]
    if checks and checks[-1].outcome is not Outcome.VERIFIED:
        return "not_verified"
    payment = None if by_hand else country_of_payment(source)
    if payment is None:
        return "accounted_for"
    graph = world.ownership.attributed()
    owners = {one.owner for one in upstream(graph.holdings, PartyId(key))}
    own = {customer.country, *(graph.party(one).country for one in owners)}
    return "accounted_for" if payment in own else "other_country"


def _figures(
    links: Sequence[Mapping[str, Any]], funding: str, asked: Exact | None
) -> Iterator[Figure]:
    country = partial(Figure, "country")
    for one in links:
        share = one["share"]
        yield country(
            one["country"],
            None,
            one["link"],
            None,
            () if share is None else (Figure("effective holding", percent(share)),),
        )
    yield Figure("funding", funding)
    if asked is not None:
        yield Figure("largest_request", flop_text(asked), "FLOP")
