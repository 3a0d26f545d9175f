"""Customers who match a listed party, themselves or through somebody above them.

One candidate for each customer and listed party, with every list in it. A match
proves no identity: it is possible, likely from a score that the rules name, and
certain only when a person has confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import PartyId
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Title
from sluicegate.rules.law import Law
from sluicegate.services.candidates import SAME_PARTY, UNCONFIRMED
from sluicegate.services.findings import Subject, SubjectKind
from sluicegate.services.judging import Bound, Candidate
from sluicegate.services.ports.matches import WHOLE, Match, MatchState
from sluicegate.services.screening.decisions import MATCH, RULE
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.screened import downward
from sluicegate.services.world import World

INSTRUMENT = "assess.kyc"
TITLE = Title("Match with a listed party", "与名单主体匹配")
LIKELY = "assess.screening.likely_match_score"


@dataclass(frozen=True, slots=True)
class _Behind:
    """A match of a party at or above a customer, with the way down to it."""

    match: Match
    path: tuple[str, ...]

    def taken(self, bound: Bound, likely: Fraction) -> bool:
        """Say whether a bound takes the party for the listed one."""
        if bound is Bound.HIGH or self.match.state is MatchState.CONFIRMED:
            return True
        pair = self.match.pair
        is_likely = Fraction(pair.score, WHOLE) >= likely and not pair.is_weak
        return bound is Bound.CENTRAL and is_likely


def listed_parties(world: World, law: Law) -> Iterator[Candidate]:
    """Yield each customer with each listed party that it, or a party above it, matches."""
    if not world.matches:
        return
    below = downward(world.ownership.holdings)
    found: dict[tuple[str, str], list[_Behind]] = {}
    for match in world.matches:
        for path in _ways_down(match.party_id, below):
            customer = world.customers.get(path[-1])
            if customer is not None and (customer.closed is None or customer.closed > world.as_of):
                found.setdefault((path[-1], match.listed_id), []).append(_Behind(match, path))
    for customer_id, listed_id in sorted(found):
        yield _candidate(world, law, customer_id, found[customer_id, listed_id])


def _ways_down(party_id: str, below: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the shortest way from a party to itself and to each party below it."""
    seen = {party_id}
    queue: list[tuple[str, ...]] = [(party_id,)]
    for path in queue:
        yield path
        for owned in below.get(path[-1], ()):
            if owned not in seen:
                seen.add(owned)
                queue.append((*path, owned))


def _candidate(world: World, law: Law, customer_id: str, behind: Sequence[_Behind]) -> Candidate:
    order = sorted(behind, key=lambda one: (one.match.first_seen, one.match.match_id))
    matches = [one.match for one in order]
    factors = sorted({factor for one in matches for factor in one.factors})
    likely = law.share(LIKELY)
    is_confirmed = any(one.state is MatchState.CONFIRMED for one in matches)
    facts = {
        bound: _facts(world, law, customer_id, matches, factors, taken)
        for bound in Bound
        for taken in (any(one.taken(bound, likely) for one in order),)
    }
    return Candidate(
        subject=Subject.of(
            SubjectKind.CUSTOMER, customer_id, world.customer_name(customer_id), customer_id
        ),
        rule=RULE,
        title=TITLE,
        instrument=INSTRUMENT,
        question="kyc_high_risk" if factors else "kyc_listed_party",
        facts=facts,
        passed=lambda answer: bool(answer["high_risk" if factors else "checks_required"]),
        obligations=("assess.kyc.report_high_risk_match",) if factors and is_confirmed else (),
        assumptions=() if is_confirmed else (SAME_PARTY,),
        caveats=() if is_confirmed else (UNCONFIRMED,),
        figures=tuple(_figure(world, one) for one in order),
        window=matches[0].key,
        rests_on=digest(sorted([one.party_id, one.key, one.epoch] for one in matches))[:16],
    )


def _facts(
    world: World,
    law: Law,
    customer_id: str,
    matches: Sequence[Match],
    factors: Sequence[str],
    taken: bool,
) -> dict[str, Any]:
    """Return the facts at a bound that takes the party for the listed one, or does not."""
    if not factors:
        lists = sorted({name for one in matches for name in one.lists})
        return {"lists": lists, "taken_for_the_party": taken}
    used = world.totals.get(customer_id)
    threshold = law.amount("assess.kyc.threshold")
    return {
        "factors": list(factors) if taken else [],
        "above_threshold": used is not None and used.central > threshold,
        "provided": used is not None,
    }


def _figure(world: World, one: _Behind) -> Figure:
    match, pair = one.match, one.match.pair
    is_confirmed = match.state is MatchState.CONFIRMED
    way = " → ".join(_name(world, match, party) for party in one.path)
    return Figure(
        MATCH,
        match.listed_name,
        method="confirmed by a person" if is_confirmed else "not confirmed",
        name=match.match_id,
        children=(
            Figure("path", way),
            Figure("screened name", pair.name, name=match.party_id),
            Figure(
                "listed name",
                pair.alias,
                method="weak alias" if pair.is_weak else None,
                name=match.listed_id,
            ),
            Figure("score", score_text(pair.score), method=None, reference=pair.algorithm),
            *(Figure("on lists", match.versions.get(name), name=name) for name in match.lists),
        ),
    )


def _name(world: World, match: Match, party_id: str) -> str:
    if party_id == match.party_id:
        return match.party_name
    return world.ownership.party(PartyId(party_id)).name or party_id
