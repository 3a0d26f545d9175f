"""Shapes of ownership: holdings, owners, both methods, and records of what is not known."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sluicegate.api.models.common import Exact, Note, Reason, Shape


class HoldingRow(Shape):
    """A holding of an owner in a party; a share is in percent, `open` where nobody states it."""

    owner: str
    owner_name: str | None
    owner_kind: str | None
    country: str | None
    owned: str
    share: str
    share_low: Exact | None
    share_high: Exact | None
    control: bool
    nominee: bool
    role: str | None
    valid_from: str | None
    valid_to: str | None
    source: str | None


class OwnershipOfParty(Shape):
    """Every holding above a party; `unknown_remainder` is the share that nobody states."""

    party: str
    name: str
    holdings: list[HoldingRow]
    unknown_remainder: Exact


class OwnerRow(Shape):
    """A beneficial owner: its share through every chain, what it holds itself, its control."""

    party: str
    name: str | None
    country: str | None
    share: str
    held: str
    control: bool
    certainty: str
    paths: list[str]
    has_all_paths: bool


class OwnerNotNamed(Shape):
    """An owner whom its source says it cannot name, and why."""

    party: str
    reason: str
    description: str


class OwnersOfParty(Shape):
    """The beneficial owners of a party by share and by control."""

    party: str
    owners: list[OwnerRow]
    not_named: list[OwnerNotNamed]
    unknown_remainder: Exact


class CountedShare(Shape):
    """A holding that counts in the cascade, and whether its owner is listed itself."""

    owner: str
    share: Exact
    listed: bool


class LeftOutShare(Shape):
    """A holding that does not count: its owner is neither listed nor reached."""

    owner: str
    share: Exact


class CascadeStepShown(Shape):
    """One party of the cascade: what counts in it together, and whether that reaches it."""

    party: str
    aggregate: Exact
    reached: bool
    counted: list[CountedShare]
    left_out: list[LeftOutShare]


class CascadeShown(Shape):
    """The cascade in aggregate, at the low end of ranges and at most."""

    share: Exact
    reached: bool
    has_unknown: bool
    share_at_most: Exact
    reached_at_most: bool
    lists: list[str]
    owners: list[str]
    steps: list[CascadeStepShown]
    corrections: list[str]


class ChainShown(Shape):
    """A chain of holdings from an owner down, multiplied."""

    parties: list[str]
    share_low: Exact
    share_high: Exact


class ListedChainShown(Shape):
    """What one listed party holds along its chains, multiplied."""

    owner: str
    share_low: Exact
    share_high: Exact
    paths: list[ChainShown]
    has_all_paths: bool


class MultipliedShown(Shape):
    """The multiplied economic share of all listed parties together, and of each."""

    share_low: Exact
    share_high: Exact
    owners: list[ListedChainShown]


class BothMethodsShown(Shape):
    """What listed parties own of a party, by both methods; the rule decides by the cascade.

    `as_written` says that the text of the day covers the party, `as_enforced` that it
    is enforced too.
    """

    party: str
    regime: str
    enforcement: str
    as_written: bool
    as_enforced: bool
    limit: Exact
    cascade_in_aggregate: CascadeShown
    multiplied_share: MultipliedShown


class FiftyPercentPage(Shape):
    """A page of parties below listed ones, by regime."""

    items: list[BothMethodsShown]
    next: str | None


class Gap(Shape):
    """One thing that is not known, or too much to leave alone.

    `regime` is ofac or bis_affiliates, empty where no rule alone asks.
    `share` is decimal text from 0 to 1: what is held together, or what nobody
    states. `owners` are ids of parties.
    """

    ground: str
    regime: str
    share: str
    owners: list[str]


class OwnershipRecord(Shape):
    """A version of a record of diligence; `version` counts from 1."""

    diligence_id: str
    version: int
    party_id: str
    state: Literal["open", "closed"]
    gaps: list[Gap]
    searched: str
    found: str
    left_open: str
    reason: str
    at: str
    by: str


class OwnershipRecordList(Shape):
    """Records of what of an ownership is not known, each at its last version."""

    items: list[OwnershipRecord]


class OwnershipRecordShown(Shape):
    """A record with every version, the oldest first."""

    diligence_id: str
    versions: list[OwnershipRecord]


class OwnershipNoteBody(Shape):
    """What was searched, found and left open; what is left out stays as it was."""

    searched: Note | None = Field(None, examples=["the register of the party's country"])
    found: Note | None = None
    left_open: Note | None = None
    reason: Note = ""


class ReasonBody(Shape):
    """Why it is done; it is kept."""

    reason: Reason
