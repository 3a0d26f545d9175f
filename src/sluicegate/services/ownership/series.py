"""From a series of statements about a relationship to the days on which its interests held.

A statement says what held when it was made; the standard gives an interest its
own first and last day, and no day of change. So where a later statement about
the same record differs, the earlier one holds until the later's interests
begin, and where these begin no later than before, until the day of the later
statement. A closed record ends with its interests, or on the day it was closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sluicegate.services.ownership.statements import (
    Interest,
    RecordStatus,
    StatedParty,
    StatedRelationship,
    Statement,
)


@dataclass(frozen=True, slots=True)
class Held:
    """An interest with the days on which it held; `end` is the first day it no longer does.

    `interest` is None where a relationship is stated without any interest.
    """

    record_id: str
    interest: Interest | None
    start: date | None
    end: date | None
    line: int

    def holds_between(self, start: date | None, end: date | None) -> bool:
        """Say whether it holds throughout a span none of whose inner days is a limit of it."""
        begins = self.start is None or (start is not None and self.start <= start)
        ends = self.end is None or (end is not None and end <= self.end)
        return begins and ends


def series_of(statements: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    """Return record → its statements in the order in which they were made."""
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.record_id, []).append(one)
    return {name: sorted(those, key=lambda one: one.stated_on) for name, those in found.items()}


def last_parties(series: Mapping[str, list[Statement]]) -> Mapping[str, StatedParty]:
    """Return record → what was last said of the party."""
    found = {}
    for name, statements in series.items():
        record = statements[-1].record
        if isinstance(record, StatedParty):
            found[name] = record
    return found


def last_relationships(
    series: Mapping[str, list[Statement]],
) -> Mapping[str, StatedRelationship]:
    """Return record → what was last said of the relationship; closed ones are left out."""
    found = {}
    for name, statements in series.items():
        last = statements[-1]
        if isinstance(last.record, StatedRelationship) and last.status is not RecordStatus.CLOSED:
            found[name] = last.record
    return found


def held(statements: list[Statement]) -> Iterator[Held]:
    """Yield the interests of one relationship with their days, the earliest statement's first."""
    told = _changes(statements)
    starts = [_begins(told[spot], told[spot - 1] if spot else None) for spot in range(len(told))]
    for spot, one in enumerate(told):
        if one.status is RecordStatus.CLOSED:
            continue
        begins = starts[spot]
        ends = starts[spot + 1] if spot + 1 < len(told) else None
        relationship = one.record
        assert isinstance(relationship, StatedRelationship)
        line = one.line or 0
        if not relationship.interests:
            yield Held(one.record_id, None, begins, ends, line)
        for interest in relationship.interests:
            start = _later(interest.start, begins)
            end = _earlier(interest.end, ends)
            if start is None or end is None or start < end:
                yield Held(one.record_id, interest, start, end, line)


def _changes(statements: list[Statement]) -> list[Statement]:
    """Return the statements that say something else than the one before.

    A closed record stands without a statement before it where the file begins
    later: then what it says of its days is all there is.
    """
    told: list[Statement] = []
    for one in statements:
        closes = one.status is RecordStatus.CLOSED
        if closes and not told:
            told.append(_reopened(one))
        elif told and not closes and told[-1].record == one.record:
            continue
        told.append(one)
    return told


def _reopened(closed: Statement) -> Statement:
    return Statement(
        closed.statement_id,
        closed.record_id,
        closed.declaration_subject,
        closed.stated_on,
        RecordStatus.NEW,
        closed.record,
        closed.line,
    )


def _begins(one: Statement, before: Statement | None) -> date | None:
    """Return the day from which a statement takes the place of the one before."""
    if before is None:
        return None
    if one.status is RecordStatus.CLOSED:
        return _last_end(one) or one.day
    start, earlier = _first_start(one), _first_start(before)
    if start is not None and (earlier is None or start > earlier):
        return start
    return one.day


def _first_start(one: Statement) -> date | None:
    return min((i.start for i in _interests(one) if i.start is not None), default=None)


def _last_end(one: Statement) -> date | None:
    return max((i.end for i in _interests(one) if i.end is not None), default=None)


def _interests(one: Statement) -> tuple[Interest, ...]:
    return one.record.interests if isinstance(one.record, StatedRelationship) else ()


def _later(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return max(days, default=None)


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)
