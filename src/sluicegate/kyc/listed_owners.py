"""Question ownership_50_percent: the OFAC rule and the BIS rule on affiliates of listed parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from sluicegate.core.quantities import percent, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.ownership import Coverage, Holding, cover
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.instruments import Comparator, TextState
from sluicegate.rules.law import Law, comparison

CASCADE_METHOD = "covered_owner_counts_in_full"
NAMED_IN_REASONS = 20
"""Parties that get a sentence of their own; the answer's fields name all."""

_INSTRUMENT = {"ofac": "us.ofac_50_percent", "bis_affiliates": "us.bis_affiliates"}
_WHOLE = 1


def refuse_ownership(facts: Facts, _law: Law) -> Iterator[BadFact]:
    """Refuse a party that owns itself, and known shares of one party above the whole."""
    known: dict[str, Fraction] = defaultdict(Fraction)
    itself: str | None = None
    for edge in facts.records("edges"):
        if edge.text("owner") == edge.text("owned"):
            itself = edge.text("owned") if itself is None else itself
        known[edge.text("owned")] += edge.maybe_amount("share") or 0
    if itself is not None:
        yield BadFact("edges.owned", f"{itself!r} owns itself; leave out what it holds of itself")
    for party, total in known.items():
        if total > _WHOLE:
            message = f"the shares of {party!r} add up to {percent(total)}; correct one of them"
            yield BadFact("edges.share", message)
            return


def decide_ownership(facts: Facts, law: Law) -> Answer:
    """Name the parties that listed parties cover by owning 50 percent or more of them.

    Both rules say 50 percent or more, each owner alone or all in the
    aggregate, so exactly half is enough. The ownership test is the same on
    every day; the state of the text decides whether the rule covers anything
    as written, and its suspension whether it does as enforced.
    """
    instrument = _INSTRUMENT[facts.text("regime")]
    coverage = _test_ownership(facts, law, instrument)
    written, enforced = law.in_force(instrument), law.enforced(instrument)
    minority = facts.amount("significant_minority_share")
    covered = frozenset(coverage.covered)
    diligence = [
        party
        for party, share in coverage.aggregate.items()
        if party not in covered
        and (Comparator.AT_LEAST.holds(share, minority) or party in coverage.unknown)
    ]
    values = {
        "cascade_method": CASCADE_METHOD,
        "covered_as_written": list(coverage.covered) if written else [],
        "covered_as_enforced": list(coverage.covered) if enforced else [],
        "enforcement": _state(law, instrument),
        "aggregate_share": coverage.aggregate,
        "lists": _named_lists(facts, coverage) if written else {},
        "diligence_parties": diligence,
    }
    return Answer(values, _reasons(law, instrument, coverage, diligence))


def _test_ownership(facts: Facts, law: Law, instrument: str) -> Coverage:
    counting = frozenset(law.texts(f"{instrument}.lists_that_count"))
    listed: dict[str, frozenset[str]] = {}
    for entry in facts.records("listed"):
        if entry.text("list") in counting:
            party = entry.text("party")
            listed[party] = listed.get(party, frozenset()) | {entry.text("list")}
    holdings = (
        Holding(edge.text("owner"), edge.text("owned"), edge.maybe_amount("share"))
        for edge in facts.records("edges")
    )
    return cover(holdings, listed, law.limit(f"{instrument}.ownership_share"))


def _named_lists(facts: Facts, coverage: Coverage) -> Mapping[str, list[str]]:
    """Return the lists behind each covered party, in the order in which the facts name them."""
    order = dict.fromkeys(entry.text("list") for entry in facts.records("listed"))
    return {
        party: [name for name in order if name in behind]
        for party, behind in coverage.lists.items()
    }


def _state(law: Law, instrument: str) -> str:
    if law.enforced(instrument):
        return "in_force"
    return "suspended" if law.in_force(instrument) else "not_yet_in_force"


def _reasons(law: Law, instrument: str, coverage: Coverage, diligence: list[str]) -> list[Sentence]:
    limit = law.limit(f"{instrument}.ownership_share")
    reasons = [_why_in_force(law, instrument)]
    for party in coverage.covered[:NAMED_IN_REASONS]:
        held = comparison(
            say("{party}: a share of listed and covered owners", party=party),
            whole(coverage.aggregate[party]),
            limit,
            "",
        )
        behind = sorted(coverage.lists[party])
        reasons.append(say("{held} Lists behind it: {lists:term}.", held=held, lists=behind))
    for party in diligence[:NAMED_IN_REASONS]:
        reasons.append(
            say(
                "{party} calls for diligence: listed and covered owners hold {known:percent} of it"
                " and a share that is not known."
                if party in coverage.unknown
                else "{party} calls for diligence: listed and covered owners hold {known:percent}"
                " of it.",
                party=party,
                known=coverage.aggregate[party],
            )
        )
    left = sum(max(0, len(named) - NAMED_IN_REASONS) for named in (coverage.covered, diligence))
    if left:
        reasons.append(say("{left} more parties stand in the answer.", left=left))
    if len(reasons) == 1:
        reasons.append(say("Listed and covered owners hold the share of the rule in no party."))
    return reasons


def _why_in_force(law: Law, instrument: str) -> Sentence:
    status = law.status(instrument)
    if status is None or status.text is not TextState.IN_FORCE:
        return say("On {day} the rule is not yet in force, so it covers nobody.", day=law.day)
    return say(
        "On {day} the rule is in force and suspended ({reference})."
        if _state(law, instrument) == "suspended"
        else "On {day} the rule is in force and enforced ({reference}).",
        day=law.day,
        reference=status.reference,
    )
