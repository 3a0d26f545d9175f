"""Shapes of the validation of screening: sampled pairs, and changes with their replays."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from sluicegate.api.models.common import Note, Reason, Shape, in_line
from sluicegate.services.ports.validation import SampleVerdict
from sluicegate.services.screening.validation.pack import NAMES, SAMPLE

_MOST = 1_000
"""Parties of a list, and pairs below an alert, that one pack draws at most."""
Score = Annotated[str, StringConstraints(strict=True, pattern=r"^0\.[0-9]{1,4}$", max_length=6)]
"""The score of an alert: a decimal of up to four digits."""


class PackBody(Shape):
    """How a pack is drawn: by which seed, how many parties of each list, how many pairs."""

    seed: Annotated[int, Field(ge=0, le=2**31, strict=True)] = 1
    names: Annotated[int, Field(ge=1, le=_MOST, strict=True)] = NAMES
    sample: Annotated[int, Field(ge=0, le=_MOST, strict=True)] = SAMPLE


class PackShown(Shape):
    """A pack that was made: with what, its counts, and what reviewers said of its sample.

    `missed` of the pairs that a reviewer could decide are the listed party after all.
    `on_node` says whether its files lie on the node.
    """

    pack: str
    made_at: str
    made_by: str
    as_of: str
    seed: int
    algorithm: str
    threshold: str
    lists: dict[str, str]
    figures: dict[str, Any]
    manifest: str
    drawn: int
    waiting: int
    unclear: int
    decided: int
    missed: int
    on_node: bool


class PackList(Shape):
    """The packs that were made, the newest first."""

    items: list[PackShown]


class ScreeningChangeBody(Shape):
    """Another score of an alert; without one, the algorithm that is installed."""

    reason: Reason
    threshold: Score | None = None


class SampledPairRow(Shape):
    """A pair just below the score of an alert; `changed` says one of the two is another now."""

    sample: str
    pack: str
    party: str
    party_name: str
    listed: str
    listed_name: str
    lists: list[str]
    score: str
    threshold: str
    changed: bool
    verdict: str
    reviewer: str
    reason: str


class SampledPairs(Shape):
    """The pairs that were drawn for a pack."""

    items: list[SampledPairRow]


class VerdictBody(Shape):
    """Whether the two of a sampled pair are one; a reason is needed where they are."""

    verdict: Annotated[SampleVerdict, in_line(SampleVerdict)]
    reason: Note = ""


class VerdictGiven(Shape):
    """A reviewer's word on a sampled pair."""

    sample: str
    verdict: str
    reason: str
    at: str
    by: str


class ScreeningChangeRow(Shape):
    """A change of screening: what it would be, and the alerts gained and lost at last."""

    proposal: str
    kind: str
    state: str
    algorithm_before: str
    algorithm: str
    threshold_before: str
    threshold: str
    list: str
    gained: int
    lost: int
    reason: str
    proposed_by: str
    proposed_at: str
    decided_by: str
    decision: str
    at: str


class ScreeningChangeList(Shape):
    """Changes of screening that were proposed, the last one first."""

    items: list[ScreeningChangeRow]


class ReplayedShown(Shape):
    """A run of screening done again with the change, in figures."""

    proposal: str
    run: str
    at: str
    screened: int
    listed: int
    before: int
    after: int
    gained: int
    lost: int
    confirmed: int
    confirmed_kept: int
    cleared: int
    cleared_kept: int


Lists = list[str]


class ShiftShown(Shape):
    """An alert that the change gains or loses, with both names and scores."""

    proposal: str
    run: str
    change: str
    party: str
    party_name: str
    listed: str
    listed_name: str
    lists: Lists
    before: str
    after: str
    stood: str


Replays = list[ReplayedShown]
Shifts = list[ShiftShown]


class ScreeningChangeShown(ScreeningChangeRow):
    """A change with its replays, and each alert gained or lost."""

    moments: Replays
    shifts: Shifts
