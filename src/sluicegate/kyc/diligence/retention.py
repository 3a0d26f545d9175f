"""Until when records are kept, what holds them, and whether they may be disposed of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.events import Event, Kind


class Records(Enum):
    """Kinds of records that are kept and disposed of apart."""

    IDENTITY = "identity"
    """Who the customer is and who owns it, what was decided, and files of closed cases."""
    VERIFICATION = "verification"
    """How identity was verified, with the documents."""

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"records_{self.value}"


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: the matter, and whom and what it keeps; no customer named means all.

    `records` empty keeps every kind.
    """

    hold_id: str
    matter: str
    ground: str
    customers: frozenset[str]
    records: frozenset[Records]
    added_at: datetime
    added_by: str
    released_at: datetime | None = None
    released_by: str | None = None

    def covers(self, customer_id: str, records: Records) -> bool:
        """Say whether it stands and keeps a kind of record of a customer."""
        return (
            self.released_at is None
            and (not self.customers or customer_id in self.customers)
            and (not self.records or records in self.records)
        )


def fold_hold(events: Iterable[Event]) -> Hold | None:
    """Return a hold after its events, oldest first; None without any."""
    hold: Hold | None = None
    for event in events:
        said: Mapping[str, Any] = event.data
        if event.kind is Kind.HELD:
            hold = Hold(
                hold_id=event.subject,
                matter=said["matter"],
                ground=said["ground"],
                customers=frozenset(said["customers"]),
                records=frozenset(map(Records, said["records"])),
                added_at=event.at,
                added_by=event.by,
            )
        elif hold is not None:
            hold = replace(hold, released_at=event.at, released_by=event.by)
    return hold


@dataclass(frozen=True, slots=True)
class Dates:
    """The days from which periods of keeping run; None where nobody knows one."""

    closed: date | None
    last_access: date | None
    made: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of record, until when it is kept, by which rules, and why.

    `keep_until` is the last day on which it must be kept; None keeps it for
    the time being. `rules` gives each rule with its own last day.
    """

    records: Records
    keep_until: date | None
    rules: Mapping[str, date | None]
    reasons: tuple[Sentence, ...]


Asking = Callable[[str, Dates], "Answered"]
"""Asks a rule of record keeping, by its name, with the days that are known."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a rule of record keeping says: the last day, and its reasons."""

    keep_until: date | None
    reasons: tuple[Sentence, ...]


def kept_until(records: Records, regimes: Iterable[str], dates: Dates, asking: Asking) -> Kept:
    """Return until when a kind of record is kept: the latest of its rules' days.

    A closing date that nobody knows keeps the record, whatever a rule says of
    the last access; so does a rule whose period has not begun.
    """
    rules: dict[str, date | None] = {}
    reasons: list[Sentence] = []
    for regime in regimes:
        answer = asking(regime, dates)
        rules[regime] = answer.keep_until
        reasons.extend(answer.reasons)
    if dates.closed is None:
        reasons.append(say("The day on which the account was closed is not known."))
        return Kept(records, None, rules, tuple(reasons))
    known = [day for day in rules.values() if day is not None]
    until = max(known) if known and len(known) == len(rules) else None
    return Kept(records, until, rules, tuple(reasons))


def why_kept(
    kept: Kept, customer_id: str, holds: Iterable[Hold], on: date, *, has_open_cases: bool
) -> Sentence | None:
    """Say why a kind of record may not be disposed of on a day; None where it may.

    The last day of the period is still part of it. Holds go before dates: who
    releases one sees what else keeps the record.
    """
    standing = [one for one in holds if one.covers(customer_id, kept.records)]
    if standing:
        return say(
            "{records:term}: a legal hold keeps them: {matters}.",
            records=kept.records.code,
            matters=[f"{one.hold_id} ({one.matter})" for one in standing],
        )
    if kept.keep_until is None:
        return say(
            "{records:term}: kept for the time being, because no last day is known.",
            records=kept.records.code,
        )
    if on <= kept.keep_until:
        return say(
            "{records:term}: kept until {until}; they may go from the day after.",
            records=kept.records.code,
            until=kept.keep_until,
        )
    if has_open_cases:
        return say(
            "{records:term}: a case about the customer is not closed.", records=kept.records.code
        )
    return None
