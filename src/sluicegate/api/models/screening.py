"""Shapes of screening: names, matches, allowances and runs. Scores are decimal text from 0 to 1."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sluicegate.api.models.common import Day, Identifier, Line, Note, Reason, Shape, in_line
from sluicegate.screening.entries import Schema
from sluicegate.services.screening.names import MOST_NAMES, MOST_SHOWN


class NameBody(Shape):
    """A name with what else is known of its bearer."""

    name: Identifier
    schema_: Annotated[Schema | None, in_line(Schema)] = Field(None, alias="schema")
    birth_date: Line = Field("", examples=["1971-03-02"])
    country: Annotated[str, Field(max_length=2)] = ""


class NamesBody(Shape):
    """Names to be screened; with `allow_stale` also against lists that are too old."""

    names: Annotated[list[NameBody], Field(min_length=1, max_length=MOST_NAMES)]
    limit: int = Field(10, ge=1, le=MOST_SHOWN, description="Listed parties given for a name.")
    allow_stale: bool = False


class PartShown(Shape):
    """What one part of the comparison gave; below nothing it lowered the score."""

    part: str
    points: str


class NameMatch(Shape):
    """A listed party beside a name: how alike they are, against which alias, and why."""

    listed: str
    listed_name: str
    lists: list[str]
    score: str
    is_alert: bool
    alias: str
    weak_alias: bool
    parts: list[PartShown]
    reasons: list[str]


class NameScreened(Shape):
    """The nearest listed parties of one name, best first, and how many of them alert."""

    alerts: int
    matches: list[NameMatch]


class NamesScreened(Shape):
    """What was found for each name, in their order, by which algorithm and versions of lists."""

    algorithm: str
    threshold: str
    versions: dict[str, str]
    stale: list[str]
    names: list[NameScreened]


class MatchRow(Shape):
    """A screened party that may be a listed one, and how the match stands."""

    match: str
    party: str
    party_name: str
    listed: str
    listed_name: str
    lists: list[str]
    score: str
    weak_alias: bool
    state: str


class MatchPage(Shape):
    """A page of matches; `total` counts all that fit."""

    total: int
    items: list[MatchRow]
    next: str | None


class OutcomeShown(Shape):
    """A change of how a match stands, and what caused it."""

    at: str
    by: str
    before: str | None
    after: str
    cause: str
    cause_id: str
    run: str


class MatchShown(MatchRow):
    """A match: which name against which alias, each part's contribution, lists, and outcomes."""

    name: str
    alias: str
    parts: list[PartShown]
    reasons: list[str]
    algorithm: str
    threshold: str
    versions: dict[str, str]
    licence_policies: list[str]
    first_seen: str
    outcomes: list[OutcomeShown]


class AllowanceShown(Shape):
    """That a screened party is not a listed one, until a day, by whom and why."""

    allowance: str
    party: str
    listed: str
    state: str
    expires: str
    reason: str
    made_by: str
    made_at: str
    checked_by: str
    source: str


class AllowanceList(Shape):
    """Every allowance as it stands, oldest first."""

    items: list[AllowanceShown]


class AllowanceBody(Shape):
    """A match whose two parties are not one; it lasts as long as it may unless a day is given."""

    match: Identifier
    reason: Reason
    expires: Day | None = None


class CheckBody(Shape):
    """Whether what another person proposed is approved; a rejection needs a reason."""

    is_approved: bool
    reason: Note = ""


class RunShown(Shape):
    """A run of screening: with what, over whom, and which alerts came and went."""

    run: str
    kind: str
    trigger: str
    at: str
    by: str
    as_of: str
    algorithm: str
    threshold: str
    lists: dict[str, str]
    stale: list[str]
    screened: int
    listed: int
    changed_parties: int
    changed_listed: int
    removed_listed: int
    scored: int
    alerts: int
    gained: list[str]
    lost: list[str]
    cpu_milliseconds: int


class RunList(Shape):
    """Runs of screening, the newest first."""

    items: list[RunShown]


class RunBody(Shape):
    """Screen what changed since the last run, or everyone."""

    full: bool = False


class ScreeningStanding(Shape):
    """When the node was screened last, with which lists, and whether that is in order."""

    lists: dict[str, str]
    stale: list[str]
    late: bool
    due: str | None
    open: int
    confirmed: int
    last_run: RunShown | None
