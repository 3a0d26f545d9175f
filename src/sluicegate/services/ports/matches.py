"""What screening keeps: matches and their outcomes, allowances, runs, and what was screened.

A score is a whole number of ten-thousandths. Matches, allowances and runs only
grow: a change is another version, and what stands is the last one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

WHOLE = 10_000
"""The highest score, in ten-thousandths: one."""


class MatchState(Enum):
    """How a match stands."""

    OPEN = "open"
    """It waits for a person's judgement."""
    CONFIRMED = "confirmed"
    """A person says that the two are one."""
    CLEARED = "cleared"
    """An allowance says that they are not."""
    GONE = "gone"
    """The two no longer match, or one of them is no longer there."""

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"match_{self.value}"

    @property
    def is_alert(self) -> bool:
        """Whether it makes an alert."""
        return self in (MatchState.OPEN, MatchState.CONFIRMED)


class Cause(Enum):
    """Why a match changed."""

    SCORED = "scored"
    """The two match, by their score."""
    BELOW = "below"
    """They no longer reach the score of an alert."""
    DELISTED = "delisted"
    MERGED = "merged"
    """The listed party was found to be the same as another, which answers for it."""
    NOT_SCREENED = "not_screened"
    """The screened party is nobody's customer, owner or director any more."""
    ALLOWED = "allowed"
    DECIDED = "decided"
    """A person confirmed it in a case."""
    ALLOWANCE_ENDED = "allowance_ended"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"match_cause_{self.value}"


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one part of the comparison gave, in ten-thousandths; below nothing it lowered."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the engine as it is kept: its template and its values as JSON."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """A screened party against a listed one, as an algorithm scored them.

    `name` is the name of the screened party that came nearest, `alias` the name
    of the listed party that it came nearest to.
    """

    party_id: str
    listed_id: str
    score: int
    name: str
    alias: str
    is_weak: bool
    parts: tuple[ScorePart, ...]
    reasons: tuple[Reason, ...]
    algorithm: str


@dataclass(frozen=True, slots=True)
class Match:
    """A pair that reached the score of an alert, as it stands.

    `key` is the listed party's id under which the match was first known; it
    stays when the listed party is merged into another. `epoch` counts how often
    it was opened: what a person judged is one opening. `versions` is list → the
    version with which the pair was scored; `entries` is entry → a digest of what
    the listed party's entry says. `cause_id` is the id of what caused the last
    change: a run, an allowance, or an event of a case. `decision` is the event
    by which a person confirmed it, empty otherwise. `factors` are the
    points of the high-risk profile that the lists stand for, `ownership` their names
    in the question ownership_50_percent, and `licence_policies` what the Entity List
    says of the listed party, word for word.
    """

    match_id: str
    pair: Pair
    key: str
    party_name: str
    party_schema: str
    party_essence: str
    listed_name: str
    listed_schema: str
    listed_essence: str
    entries: Mapping[str, str]
    lists: tuple[str, ...]
    factors: tuple[str, ...]
    ownership: tuple[str, ...]
    licence_policies: tuple[str, ...]
    versions: Mapping[str, str]
    threshold: int
    state: MatchState
    epoch: int
    first_seen: datetime
    cause: Cause
    cause_id: str
    decision: str = ""

    @property
    def party_id(self) -> str:
        """The screened party."""
        return self.pair.party_id

    @property
    def listed_id(self) -> str:
        """The listed party."""
        return self.pair.listed_id


class MatchOrder(Enum):
    """In what order matches are listed."""

    SCORE = "score"
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """Which matches are listed; what is empty or None lets all through.

    `text` is a part of a name of either party, or the beginning of an id;
    `party_id` is the screened party.
    """

    states: frozenset[MatchState] = frozenset()
    list_id: str = ""
    text: str = ""
    is_weak: bool | None = None
    order: MatchOrder = MatchOrder.SCORE
    party_id: str = ""


MatchPlace = tuple[int, str] | tuple[str, str]
"""Where a match stands in an order: the order's key and the id."""


@dataclass(frozen=True, slots=True)
class MatchCell:
    """What matches that are counted together have alike."""

    state: MatchState
    is_weak: bool
    lists: tuple[str, ...]

    def fits(self, wanted: MatchQuery) -> bool:
        """Say whether matches of the cell fit a filter, its text and party aside."""
        return (
            (not wanted.states or self.state in wanted.states)
            and (not wanted.list_id or wanted.list_id in self.lists)
            and wanted.is_weak in (None, self.is_weak)
        )


@dataclass(frozen=True, slots=True)
class ListedMatch:
    """A match as a list has it, and its place in the order asked for."""

    match: Match
    place: MatchPlace


@dataclass(frozen=True, slots=True)
class MatchVersion:
    """A version of a match: who wrote it, when, and in which run of screening, if in one."""

    number: int
    match: Match
    at: datetime
    by: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change of how a match stands; `before` None is its first sight."""

    match_id: str
    before: MatchState | None
    after: MatchState
    cause: Cause
    cause_id: str
    run_id: str
    at: datetime
    by: str


class AllowanceState(Enum):
    """How an allowance stands."""

    PROPOSED = "proposed"
    """It waits for a second person."""
    STANDING = "standing"
    REJECTED = "rejected"
    REVOKED = "revoked"
    EXPIRED = "expired"
    PARTY_CHANGED = "party_changed"
    """It ended, as the screened party is no longer what was looked at."""
    LISTED_CHANGED = "listed_changed"
    """It ended, as the listed party is no longer what was looked at."""

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"allowance_{self.value}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """That a screened party is not a listed one, until a day.

    It was made against what both were then: the essences, the entries of the
    listed party and the score. `source` is the event of the case in which a
    person cleared the alert, empty for one entered by hand. `checked_by` is the
    second person, empty where none was needed.
    """

    allowance_id: str
    party_id: str
    listed_id: str
    state: AllowanceState
    reason: str
    expires: date
    party_essence: str
    listed_essence: str
    entries: Mapping[str, str]
    score: int
    made_by: str
    made_at: datetime
    checked_by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AllowanceVersion:
    """A version of an allowance: who wrote it, and when."""

    number: int
    allowance: Allowance
    at: datetime
    by: str


class RunKind(Enum):
    """How much a run of screening looked at."""

    FULL = "full"
    DELTA = "delta"

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"screening_{self.value}"


class Trigger(Enum):
    """What a run of screening was for."""

    BY_HAND = "by_hand"
    PASS = "pass"
    SCHEDULE = "schedule"
    LIST_CHANGED = "list_changed"
    REGISTRY_CHANGED = "registry_changed"
    ALLOWANCE_ENDED = "allowance_ended"
    DECIDED = "decided"
    """A person decided about an allowance."""
    METHOD_CHANGED = "method_changed"
    """A second person activated another algorithm or another score of an alert."""

    @property
    def code(self) -> str:
        """The code under which it is labelled."""
        return f"screening_trigger_{self.value}"


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """A run of screening: with what, over whom, and what it changed.

    `versions` is list → version in use. `screened`, `listed` count all there
    are, `changed_parties`, `changed_listed`, `removed_listed` what differed from
    the run before; `scored` counts the comparisons asked of the engine, one for
    each name. `gained` and `lost` are the ids of matches that became alerts or
    ceased to be ones. `stale` names lists older than they may be.
    """

    run_id: str
    kind: RunKind
    trigger: Trigger
    at: datetime
    by: str
    as_of: date
    algorithm: str
    threshold: int
    versions: Mapping[str, str]
    stale: tuple[str, ...]
    screened: int
    listed: int
    changed_parties: int
    changed_listed: int
    removed_listed: int
    scored: int
    alerts: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    cpu_milliseconds: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the last run screened, each with a digest of what its scores rest on.

    `parties` are those that were screened, `listed` those that they were screened
    against.
    """

    parties: Mapping[str, str] = field(default_factory=dict)
    listed: Mapping[str, str] = field(default_factory=dict)


class MatchStore(Protocol):
    """Matches, allowances and runs of one tenant."""

    def matches(
        self,
        *,
        states: Collection[MatchState] = (),
        known_on: datetime | None = None,
    ) -> Sequence[Match]:
        """Return every match as it stands, or those in some states, in order of their ids."""
        ...

    def match(self, match_id: str) -> Match | None:
        """Return a match as it stands, or None."""
        ...

    def page(
        self, wanted: MatchQuery, after: MatchPlace | None, limit: int
    ) -> Sequence[ListedMatch]:
        """Return at most `limit` matches after a place, in the order that the filter names."""
        ...

    def counts(self, wanted: MatchQuery) -> Mapping[MatchCell, int]:
        """Count matches by cell, as far as the text and the party of a filter let them through."""
        ...

    def count_otherwise_made(self, algorithm: str, threshold: int) -> int:
        """Count alerts that another algorithm made, or that lie below a score."""
        ...

    def match_versions(self, match_id: str) -> Sequence[MatchVersion]:
        """Return all versions of a match, oldest first."""
        ...

    def outcomes(self, match_id: str = "", run_id: str = "") -> Sequence[Outcome]:
        """Return changes of how matches stand, oldest first; of one match, or of one run."""
        ...

    def write_matches(
        self, matches: Sequence[Match], *, run_id: str, at: datetime, by: str
    ) -> None:
        """Write new versions of matches, and an outcome for each that stands otherwise now."""
        ...

    def allowances(self, *, known_on: datetime | None = None) -> Sequence[Allowance]:
        """Return every allowance as it stands, oldest first."""
        ...

    def allowance_versions(self, allowance_id: str) -> Sequence[AllowanceVersion]:
        """Return all versions of an allowance, oldest first."""
        ...

    def write_allowances(self, allowances: Sequence[Allowance], *, at: datetime, by: str) -> None:
        """Write new versions of allowances."""
        ...

    def runs(self, *, limit: int = 50) -> Sequence[ScreeningRun]:
        """Return runs, the newest first."""
        ...

    def run(self, run_id: str) -> ScreeningRun | None:
        """Return a run, or None."""
        ...

    def add_run(self, run: ScreeningRun) -> None:
        """Keep a run."""
        ...

    def baseline(self) -> Baseline:
        """Return what the last run screened."""
        ...

    def set_baseline(self, before: Baseline, now: Baseline, *, at: datetime) -> None:
        """Keep what a run screened; `before` is what is kept, so that only changes are written."""
        ...

    def findings_of(self, match_id: str) -> Sequence[str]:
        """Return the ids of the findings of the last pass that rest on a match."""
        ...

    def set_findings(self, pairs: Collection[tuple[str, str]], *, at: datetime) -> None:
        """Keep which match is behind which finding of a pass, instead of what was kept.

        `pairs` are ids of a match and a finding.
        """
        ...

    def registry_changed_at(self) -> datetime | None:
        """Return when customers or their owners were last written; None when never."""
        ...

    def allowances_changed_at(self) -> datetime | None:
        """Return when an allowance was last written; None when never."""
        ...
