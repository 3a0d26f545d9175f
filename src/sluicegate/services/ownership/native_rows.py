"""From statements of ownership to rows of the native kind `ownership`.

All interests of one party in another become one row for each span of days in
which they stay the same. `share` is what is held of the shares; every other
interest stands in `role`, with its percentage where it has one, so that nothing
that was stated is lost. Who is not named keeps the reason there too: the row is
an owner that nobody knows, never a person that nobody stated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from sluicegate.registry.columns import figure_text
from sluicegate.registry.native import Fault
from sluicegate.registry.records import CustomerKind
from sluicegate.rules.countries import is_country
from sluicegate.services.ownership.chains import Declared, declared_chains, indirect_share
from sluicegate.services.ownership.roles import (
    UNNAMED,
    UNSPECIFIED_ID,
    UNSPECIFIED_NAME,
    RolePart,
    role_text,
    unspecified_role,
)
from sluicegate.services.ownership.series import (
    Held,
    held,
    last_parties,
    last_relationships,
    series_of,
)
from sluicegate.services.ownership.statements import (
    CONTROL_INTERESTS,
    SHAREHOLDING,
    Directness,
    Interest,
    StatedParty,
    StatedRelationship,
    Statement,
    Unspecified,
)

TOLD_BY_CHAIN = "indirect share, told by its chain"
NO_SUBJECT = "relationship whose subject is not named"
_VOTES = "votingRights"
_NONE, _WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class NativeRow:
    """A row as text by column, with the line of the statement that it comes from."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A relationship that makes no row, and why."""

    line: int
    original: Mapping[str, str]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class NativeRows:
    """What statements come to: rows, refusals, and what was left out for a reason (by count)."""

    rows: tuple[NativeRow, ...]
    refused: tuple[RefusedRow, ...]
    skipped: Mapping[str, int]
    parties: Mapping[str, StatedParty] = field(default_factory=dict)


def native_rows(
    statements: Iterable[Statement],
    *,
    source: str,
    majority: Fraction,
    same: Mapping[str, str] | None = None,
) -> NativeRows:
    """Return the rows of statements.

    `majority` is the share of votes from which a holder of votes directs a
    party; `same` is record → the id under which the registry knows the party.
    """
    work = _Work(source, majority, same or {}, series_of(statements))
    return work.rows()


class _Work:
    def __init__(
        self,
        source: str,
        majority: Fraction,
        same: Mapping[str, str],
        series: Mapping[str, list[Statement]],
    ) -> None:
        self.source = source
        self.majority = majority
        self.same = same
        self.series = series
        self.parties = last_parties(series)
        relationships = last_relationships(series)
        self.declared = {one.record_id: one for one in declared_chains(relationships)}
        self.derived = {
            link: share for one in self.declared.values() for link, share in one.derived.items()
        }
        self.refused: list[RefusedRow] = []
        self.skipped: Counter[str] = Counter()

    def rows(self) -> NativeRows:
        pairs: dict[tuple[str, str], list[Held]] = {}
        told: dict[tuple[str, str], Unspecified] = {}
        for record_id, statements in self.series.items():
            relationship = statements[-1].record
            if not isinstance(relationship, StatedRelationship):
                continue
            if not isinstance(relationship.subject, str):
                self.skipped[NO_SUBJECT] += 1
                continue
            owner = self._owner(record_id, relationship, statements[-1])
            if owner is None:
                continue
            pair = owner, relationship.subject
            if isinstance(relationship.interested_party, Unspecified):
                told[pair] = relationship.interested_party
            found = pairs.setdefault(pair, [])
            for one in held(statements):
                found.extend(self._kept(one, relationship))
        rows = [row for pair in sorted(pairs) for row in self._of_pair(pair, pairs[pair], told)]
        return NativeRows(
            tuple(rows), tuple(self.refused), dict(sorted(self.skipped.items())), self.parties
        )

    def _owner(
        self, record_id: str, relationship: StatedRelationship, statement: Statement
    ) -> str | None:
        party = relationship.interested_party
        if isinstance(party, Unspecified):
            return f"{UNSPECIFIED_ID}{record_id}"
        if party in self.parties:
            return party
        fault = Fault(
            "recordDetails.interestedParty",
            f"{party!r} stands nowhere in the file",
            "give the statement of the party in the same file",
        )
        original = {"recordId": record_id, "interestedParty": party}
        self.refused.append(RefusedRow(statement.line or 0, original, (fault,)))
        return None

    def _kept(self, one: Held, relationship: StatedRelationship) -> list[Held]:
        """Return an interest as it counts: what a chain tells counts there and not again."""
        interest = one.interest
        derived = self.derived.get(one.record_id)
        if derived is not None and (interest is None or not interest.share):
            with_share = Interest(
                SHAREHOLDING,
                Directness.DIRECT,
                None if interest is None else interest.is_beneficial,
                derived,
                rest={"derived": True},
            )
            beside = [] if interest is None or not interest.type else [one]
            return [*beside, replace(one, interest=with_share)]
        is_indirect = interest is not None and interest.directness is Directness.INDIRECT
        if interest is None or not is_indirect or indirect_share(relationship) is None:
            return [one]
        if interest.type != SHAREHOLDING:
            return [one]
        chain = self.declared.get(one.record_id)
        if chain is not None and (chain.is_told_by_chain or self._is_complete(chain)):
            self.skipped[TOLD_BY_CHAIN] += 1
            return []
        return [replace(one, interest=replace(interest, rest={"chain": True}))]

    def _is_complete(self, chain: Declared) -> bool:
        """Say whether every link of a declared chain has its own share."""
        relationship = self.series[chain.record_id][-1].record
        assert isinstance(relationship, StatedRelationship)
        names = relationship.components or ()
        records = [self.series[name][-1].record for name in names if name in self.series]
        links = [one for one in records if isinstance(one, StatedRelationship)]
        return (
            bool(links)
            and len(records) == len(names)
            and all(
                any(i.type == SHAREHOLDING and i.share is not None for i in link.interests)
                for link in links
            )
        )

    def _of_pair(
        self,
        pair: tuple[str, str],
        found: Sequence[Held],
        told: Mapping[tuple[str, str], Unspecified],
    ) -> list[NativeRow]:
        rows: list[NativeRow] = []
        for start, end in _spans(found):
            active = [one for one in found if one.holds_between(start, end)]
            if not active:
                continue
            values = self._values(pair, active, told.get(pair))
            last = rows[-1] if rows else None
            if last is not None and last.values.get("valid_to", "") == _text(start):
                same = {k: v for k, v in last.values.items() if not k.startswith("valid_")}
                if same == values:
                    begun = last.values.get("valid_from", "")
                    rows[-1] = NativeRow(last.line, _dated(values, begun, _text(end)))
                    continue
            rows.append(NativeRow(active[0].line, _dated(values, _text(start), _text(end))))
        return rows

    def _values(
        self, pair: tuple[str, str], active: Sequence[Held], told: Unspecified | None
    ) -> dict[str, str]:
        owner, owned = pair
        interests = [one.interest for one in active if one.interest is not None]
        values = {
            "source": self.source,
            "owner_id": self.same.get(owner, owner),
            "owned_id": self.same.get(owned, owned),
            **self._party(owner),
            **_shares(active),
        }
        if any(self._directs(one) for one in interests):
            values["substantial_control"] = "true"
        role = unspecified_role(told) if told is not None else role_text(_parts(interests))
        if role:
            values["role"] = role
        return values

    def _party(self, owner: str) -> dict[str, str]:
        party = self.parties.get(owner)
        if party is None:
            return {"owner_name": UNSPECIFIED_NAME, "owner_kind": CustomerKind.ENTITY.value}
        kind = CustomerKind.INDIVIDUAL if party.is_person else CustomerKind.ENTITY
        name = party.names[0] if party.names else UNNAMED.get(party.type, owner)
        values = {"owner_name": name, "owner_kind": kind.value}
        country = next((code for code in party.countries if is_country(code)), None)
        return values if country is None else {**values, "owner_country": country}

    def _directs(self, interest: Interest) -> bool:
        """Say whether an interest directs the party by other means than shares."""
        if interest.type in CONTROL_INTERESTS:
            return True
        if interest.type == _VOTES and interest.share is not None:
            return interest.share.low is not None and interest.share.low >= self.majority
        return bool(interest.rest.get("chain")) and bool(interest.is_beneficial)


def _spans(found: Sequence[Held]) -> list[tuple[date | None, date | None]]:
    """Return the spans between all days on which something begins or ends, the first first."""
    starts = {one.start for one in found}
    days = sorted({d for one in found for d in (one.start, one.end) if d is not None})
    edges: list[date | None] = [*([None] if None in starts else []), *days]
    ends: list[date | None] = [*edges[1:], None] if edges else []
    return list(zip(edges, ends, strict=True))


def _shares(active: Sequence[Held]) -> dict[str, str]:
    """Return the columns of the share: of each record its interests together, the greatest."""
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for one in active:
        interest = one.interest
        if interest is None or interest.type != SHAREHOLDING or interest.rest.get("chain"):
            continue
        share = interest.share
        if share is None or not share.is_stated:
            continue
        low = _NONE if share.low is None else share.low
        high = _WHOLE if share.high is None else share.high
        before = sums.get(one.record_id, (_NONE, _NONE))
        sums[one.record_id] = min(before[0] + low, _WHOLE), min(before[1] + high, _WHOLE)
    if not sums:
        return {}
    low, high = max(sums.values(), key=lambda pair: (pair[1], pair[0]))
    if low == high:
        return {"share": figure_text(low)}
    return {"share_low": figure_text(low), "share_high": figure_text(high)}


def _parts(interests: Sequence[Interest]) -> list[RolePart]:
    found: dict[RolePart, None] = {}
    for one in interests:
        if not one.type:
            continue
        counts = one.type == SHAREHOLDING and not one.rest.get("chain")
        part = RolePart(
            code=one.type,
            share=None if counts else one.share,
            is_indirect=one.directness is Directness.INDIRECT,
            is_derived=bool(one.rest.get("derived")),
            note=str(one.rest.get("note", "")),
        )
        found[part] = None
    return list(found)


def _dated(values: Mapping[str, str], start: str, end: str) -> dict[str, str]:
    days = {"valid_from": start, "valid_to": end}
    return {**values, **{name: day for name, day in days.items() if day}}


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
