"""How matches stand after a run: what scores, what people decided and what was merged, together.

A pure function: the same pairs, parties, lists, allowances and history give the
same matches, whether the pairs come from a full screening or from a delta.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId
from sluicegate.screening.known_lists import factors, ownership_lists
from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Cause, Match, MatchState, Pair
from sluicegate.services.screening.allowances import PairKey
from sluicegate.services.screening.engine import ListsInUse, entry_marks
from sluicegate.services.screening.screened import ScreenedParty


def match_id_of(tenant: TenantId, party_id: str, listed_id: str) -> str:
    """Return the id of a match, the same over runs.

    >>> from sluicegate.core.identifiers import DEFAULT_TENANT
    >>> match_id_of(DEFAULT_TENANT, "c-1", "lp-1")
    'm-a438aeb1c6d76f78'
    """
    return "m-" + digest([tenant, "match", party_id, listed_id])[:16]


@dataclass(frozen=True)
class Settling:
    """What matches are settled with.

    `pairs` are all that reach the threshold now. `allowed` is pair → id of the
    allowance that stands; `decisions` is match id → the event in which a person
    confirmed it. `programmes` is list → the programmes that a rule tells apart.
    """

    tenant: TenantId
    pairs: Mapping[PairKey, Pair]
    parties: Mapping[str, ScreenedParty]
    lists: ListsInUse
    threshold: int
    at: datetime
    run_id: str
    allowed: Mapping[PairKey, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, frozenset[str]] = field(default_factory=dict)


def settled(held: Mapping[str, Match], given: Settling) -> list[Match]:
    """Return the matches that are other than they were, in order of their ids.

    `held` is match id → the match as it stands.
    """
    merged = _merged_into(held, given)
    changed: list[Match] = []
    present: set[str] = set()
    for key in sorted(given.pairs):
        identifier = match_id_of(given.tenant, *key)
        present.add(identifier)
        before = held.get(identifier)
        now = _now(identifier, key, before, merged.get(key), given)
        if before is None or _says_other(before, now):
            changed.append(now)
    for identifier in sorted(set(held) - present):
        before = held[identifier]
        if before.state is not MatchState.GONE:
            changed.append(_gone(before, given))
    return sorted(changed, key=lambda one: one.match_id)


def _merged_into(held: Mapping[str, Match], given: Settling) -> dict[PairKey, Match]:
    """Return pair → the oldest match that stands with a party that was merged into its own."""
    found: dict[PairKey, Match] = {}
    for one in sorted(held.values(), key=lambda match: (match.first_seen, match.match_id)):
        after = given.lists.surviving(one.listed_id)
        if after != one.listed_id and one.state is not MatchState.GONE:
            found.setdefault((one.party_id, after), one)
    return found


def _now(
    identifier: str,
    key: PairKey,
    before: Match | None,
    merged: Match | None,
    given: Settling,
) -> Match:
    """Return a match whose pair is there; it takes over from one that was merged into it."""
    standing = before is not None and before.state is not MatchState.GONE
    history = before if standing or merged is None else merged
    was = None if history is None else history.state
    decision = given.decisions.get(identifier) or (
        history.decision if history is not None and was is MatchState.CONFIRMED else ""
    )
    if not decision and standing and merged is not None:
        decision = merged.decision if merged.state is MatchState.CONFIRMED else ""
    allowance = given.allowed.get(key, "")
    state, cause, cause_id = _stands(was, allowance, decision, given)
    opened = max((one.epoch for one in (before, merged) if one is not None), default=0)
    is_opened = state is MatchState.OPEN and was is not MatchState.OPEN
    party, listed = given.parties[key[0]], given.lists.parties[key[1]]
    now = _described(identifier, given.pairs[key], party, listed, given)
    return replace(
        now,
        key=key[1] if history is None else history.key,
        first_seen=given.at if history is None else history.first_seen,
        state=state,
        epoch=opened + 1 if is_opened else opened,
        decision="" if state is MatchState.CLEARED else decision,
        cause=cause,
        cause_id=cause_id,
    )


def _stands(
    was: MatchState | None, allowance: str, decision: str, given: Settling
) -> tuple[MatchState, Cause, str]:
    if allowance:
        return MatchState.CLEARED, Cause.ALLOWED, allowance
    if decision:
        return MatchState.CONFIRMED, Cause.DECIDED, decision
    if was is MatchState.CLEARED:
        return MatchState.OPEN, Cause.ALLOWANCE_ENDED, given.run_id
    return MatchState.OPEN, Cause.SCORED, given.run_id


def _described(
    identifier: str, pair: Pair, party: ScreenedParty, listed: ListedParty, given: Settling
) -> Match:
    policies = dict.fromkeys(one.licence_policy for one in listed.entries if one.licence_policy)
    return Match(
        match_id=identifier,
        pair=pair,
        key=listed.party_id,
        party_name=party.name,
        party_schema=party.schema.value,
        party_essence=party.essence,
        listed_name=listed.name,
        listed_schema=listed.schema.value,
        listed_essence=listed.essence,
        entries=entry_marks(listed),
        lists=tuple(sorted(listed.lists)),
        factors=factors(listed.entries),
        ownership=ownership_lists(listed.entries, given.programmes),
        licence_policies=tuple(policies),
        versions={name: given.lists.versions.get(name, "") for name in sorted(listed.lists)},
        threshold=given.threshold,
        state=MatchState.OPEN,
        epoch=0,
        first_seen=given.at,
        cause=Cause.SCORED,
        cause_id=given.run_id,
    )


def _says_other(before: Match, now: Match) -> bool:
    """Say whether a match says something new; a new version of a list alone does not."""
    if before.state is now.state:
        now = replace(now, cause=before.cause, cause_id=before.cause_id)
    return replace(now, versions=before.versions) != before


def _gone(before: Match, given: Settling) -> Match:
    """Return a match whose pair is no longer there, with why."""
    after = given.lists.surviving(before.listed_id)
    if after != before.listed_id:
        cause = Cause.MERGED
    elif before.party_id not in given.parties:
        cause = Cause.NOT_SCREENED
    elif before.listed_id not in given.lists.parties:
        cause = Cause.DELISTED
    else:
        cause = Cause.BELOW
    return replace(before, state=MatchState.GONE, cause=cause, cause_id=given.run_id, decision="")


def alerts_of(matches: Mapping[str, Match]) -> Iterator[str]:
    """Yield the ids of the matches that make an alert, in order."""
    for identifier in sorted(matches):
        if matches[identifier].state.is_alert:
            yield identifier
