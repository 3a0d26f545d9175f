"""Making one party of entries, and parting them again: by rule, and by a person's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sluicegate.core.reasons import say
from sluicegate.screening.joining import Join, JoinRule, Key, join_entries, party_id_of
from sluicegate.services.lists.meeting import meet
from sluicegate.services.lists.parts import ListParts, ListRefusedError, UnknownListError
from sluicegate.services.lists.state import ListState, load_state
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import Judged, PartyUnion, Verdict

JOINED = "lists_joined"
SPLIT = "lists_split"


@dataclass(frozen=True, slots=True)
class United:
    """What became one party: the joins, and the parties that others answer for now."""

    joins: tuple[Join, ...]
    merged: tuple[PartyUnion, ...]


def unite(state: ListState, store: Store, *, at: datetime, by: str) -> United:
    """Find what is one party in a state that is entered already, and write it down.

    The caller holds the transaction. A party that appeared first keeps its id.
    """
    joins = join_entries(
        state.standing,
        gone=(one.entry for one in state.gone),
        joined=state.groups.values(),
        apart=_apart(store.lists.judged()),
    )
    unions = merging(joins, state.surviving, _appearance(store), at=at, by=by)
    store.lists.add_unions(unions)
    return United(joins, tuple(unions))


def merging(
    joins: Iterable[Join],
    surviving: Mapping[str, str],
    appeared: Mapping[str, int],
    *,
    at: datetime,
    by: str,
    reason: str = "",
) -> list[PartyUnion]:
    """Return the records that make one party of each join, given who answers for whom."""
    answers = dict(surviving)

    def root(key: Key) -> str:
        party = party_id_of(key)
        while party in answers:
            party = answers[party]
        return party

    found = []
    for join in joins:
        ends = {root(join.first), root(join.second)}
        if len(ends) == 1:
            continue
        older, younger = sorted(ends, key=lambda party: (appeared.get(party, len(appeared)), party))
        answers[younger] = older
        found.append(PartyUnion(younger, older, join, reason or join.rule.value, at, by))
    return found


def join_by_hand(parts: ListParts, first: str, second: str, reason: str) -> PartyUnion:
    """Make one party of two, whatever the rules say, and keep the reason.

    A designation by hand that its list thereby carries is closed.

    Returns the record of it; its `into` is the id that answers from now on.

    Raises:
        UnknownListError: no such party.
        ListRefusedError: they are one already, or no reason is given.
    """
    _need(reason)
    with parts.store.transaction():
        state = load_state(parts.store, parts.files)
        mine, theirs = _entries_of(state, first), _entries_of(state, second)
        if set(mine) & set(theirs):
            sentence = "{first} and {second}: are one party already; nothing is to be joined."
            raise ListRefusedError(say(sentence, first=first, second=second))
        at = parts.clock.now()
        pair = min((a, b) if a < b else (b, a) for a in mine for b in theirs)
        join = Join(*pair, JoinRule.HAND)
        [union] = merging(
            [join], state.surviving, _appearance(parts.store), at=at, by=parts.by, reason=reason
        )
        parts.store.lists.add_unions([union])
        pairs = [(a, b) for a in mine for b in theirs]
        _judge(parts, pairs, Verdict.TOGETHER, reason, at)
        record = {"party": union.party_id, "into": union.into}
        parts.store.act(JOINED, record, at=at, by=parts.by, reason=reason)
        meet(parts, state, at=at)
    return union


def split_by_hand(parts: ListParts, party: str, keys: Sequence[Key], reason: str) -> str:
    """Take entries out of a party; they become a party of their own, and no rule joins them again.

    The part with the entry that appeared first keeps the id. Returns the id of
    the other part.

    Raises:
        UnknownListError: no such party, or an entry that is not one of it.
        ListRefusedError: nothing or everything would be taken out, or no reason is given.
    """
    _need(reason)
    with parts.store.transaction():
        state = load_state(parts.store, parts.files)
        members = set(_entries_of(state, party))
        out = set(keys)
        strangers = sorted(out - members)
        if strangers:
            name = ":".join(strangers[0])
            raise UnknownListError(
                say(
                    "{entry}: is no entry of party {party}; see: sluicegate lists show {party}",
                    entry=name,
                    party=party,
                )
            )
        if not out or out == members:
            raise ListRefusedError(
                say(
                    "Party {party}: would be left empty or as it is; name some of its entries.",
                    party=party,
                )
            )
        at = parts.clock.now()
        appeared = _appearance(parts.store)
        unions = _parting(
            members - out, out, state, appeared, PartyUnion("", "", None, reason, at, parts.by)
        )
        parts.store.lists.add_unions(unions)
        pairs = [(a, b) for a in members - out for b in out]
        _judge(parts, pairs, Verdict.APART, reason, at)
        parted = next(one.party_id for one in unions if not one.into)
        record = {"party": state.party_of(keys[0]), "parted": parted, "entries": len(out)}
        parts.store.act(SPLIT, record, at=at, by=parts.by, reason=reason)
    return parted


def _parting(
    stay: Iterable[Key],
    out: Iterable[Key],
    state: ListState,
    appeared: Mapping[str, int],
    form: PartyUnion,
) -> list[PartyUnion]:
    """Return the records after which two parts of a party each stand under their oldest id.

    `form` has who did it, when and why.
    """

    def by_age(keys: Iterable[Key]) -> list[str]:
        parties = {party_id_of(key) for key in keys}
        return sorted(parties, key=lambda one: (appeared.get(one, len(appeared)), one))

    kept, taken = by_age(stay), by_age(out)
    head = state.surviving.get(taken[0], taken[0])
    found = []
    for ids in (kept, taken):
        # The id may be of an entry that is no longer known, such as a designation by hand.
        is_head = head in ids or (ids is kept and head not in taken)
        oldest = head if is_head else ids[0]
        if oldest != head:
            found.append(replace(form, party_id=oldest))
        found += [replace(form, party_id=one, into=oldest) for one in ids if one != oldest]
    return found


def _judge(
    parts: ListParts,
    pairs: Iterable[tuple[Key, Key]],
    verdict: Verdict,
    reason: str,
    at: datetime,
) -> None:
    ordered = sorted((a, b) if a < b else (b, a) for a, b in pairs)
    parts.store.lists.add_judged([Judged(a, b, verdict, reason, at, parts.by) for a, b in ordered])


def _entries_of(state: ListState, party: str) -> tuple[Key, ...]:
    """Return the entries of a party, gone ones too."""
    head = state.surviving.get(party, party)
    if head in state.groups:
        return state.groups[head]
    every = (*(one.key for one in state.standing), *(one.entry.key for one in state.gone))
    found = tuple(key for key in every if state.party_of(key) == head)
    if not found:
        sentence = "{party}: no list has such a party; see: sluicegate lists list"
        raise UnknownListError(say(sentence, party=party))
    return found


def _apart(judged: Iterable[Judged]) -> list[tuple[Key, Key]]:
    last = {(one.first, one.second): one.verdict for one in judged}
    return [pair for pair, verdict in last.items() if verdict is Verdict.APART]


def _appearance(store: Store) -> dict[str, int]:
    """Return the id of each party that ever appeared → its place in the order of appearance."""
    found: dict[str, int] = {}
    for one in store.lists.presence():
        found.setdefault(one.party_id, len(found))
    return found


def _need(reason: str) -> None:
    if not reason.strip():
        raise ListRefusedError(say("No reason is given; say why, it is kept."))
