"""What validation of screening keeps: packs, samples below the alert, changes that were proposed.

Rows hold ids, scores, digests and counts; names of customers and owners are read
from the registry when something is shown. All only grows; the last version stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol


class ChangeKind(Enum):
    """What of screening a proposal changes."""

    ALGORITHM = "algorithm"
    """The algorithm that is installed takes the place of the one before."""
    THRESHOLD = "threshold"
    """The score from which a pair alerts."""
    LIST = "list"
    """A file of a list, before it is taken in."""


class ProposalState(Enum):
    """How far a proposal is."""

    PROPOSED = "proposed"
    ACTIVATED = "activated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Shift:
    """A pair that alerts with one way of screening and not with the other.

    Scores are in ten-thousandths; None where the way of screening does not know one
    of the two. `stood` is how the match stood: open, confirmed or cleared; empty
    for a pair that had no match. The listed party is kept with its name and lists:
    of a file on trial nothing else is.
    """

    party_id: str
    listed_id: str
    before: int | None
    after: int | None
    stood: str
    listed_name: str = ""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayedMoment:
    """A run of screening done again with the change, with what was known then.

    `run_id` is the run, empty for what is known now. `before` and `after` count
    pairs that alert, those that a person cleared among them. `confirmed` and
    `cleared` count the matches that a person judged, `confirmed_kept` and
    `cleared_kept` how many of them would still alert.
    """

    run_id: str
    at: datetime
    as_of: date
    screened: int
    listed: int
    before: int
    after: int
    confirmed: int
    confirmed_kept: int
    cleared: int
    cleared_kept: int
    gained: tuple[Shift, ...]
    lost: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of how a node screens, with its replay: a version of it.

    `algorithm` and `threshold` (ten-thousandths) are what the node would screen
    with; `list_id`, `list_version` and `checksum` name the file of a list, and
    are empty for another change. `reason` is why it was proposed, at `proposed_at`;
    `decided_by` is who activated, rejected or withdrew it and `decision` why; both
    are empty before.
    """

    proposal_id: str
    version: int
    kind: ChangeKind
    state: ProposalState
    algorithm: str
    threshold: int
    algorithm_before: str
    threshold_before: int
    moments: tuple[ReplayedMoment, ...]
    reason: str
    proposed_by: str
    proposed_at: datetime
    at: datetime
    by: str
    list_id: str = ""
    list_version: str = ""
    checksum: str = ""
    decided_by: str = ""
    decision: str = ""

    @property
    def is_method(self) -> bool:
        """Whether it changes algorithm or threshold."""
        return self.kind is not ChangeKind.LIST


class SampleVerdict(Enum):
    """What a reviewer says of a pair below the score of an alert."""

    SAME = "same"
    """The two are one: screening missed it."""
    DIFFERENT = "different"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class SampledPair:
    """A pair just below the score of an alert, drawn for review; scores in ten-thousandths.

    The marks are digests of what both sides said when the pair was drawn.
    """

    sample_id: str
    pack_id: str
    party_id: str
    listed_id: str
    score: int
    threshold: int
    algorithm: str
    party_mark: str
    listed_mark: str


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A reviewer's word on a sampled pair; the last one counts."""

    sample_id: str
    verdict: SampleVerdict
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PackKept:
    """That a validation pack was made: from what, and the digest of its list of digests.

    `figures` are the counts of the pack, without a name. `drawn_from` counts the
    pairs below the threshold from which the sample was drawn.
    """

    pack_id: str
    seed: int
    as_of: date
    algorithm: str
    threshold: int
    versions: Mapping[str, str]
    drawn_from: int
    manifest: str
    figures: Mapping[str, Any]
    at: datetime
    by: str


class ProposalChangedError(RuntimeError):
    """Somebody else decided about the proposal meanwhile."""


class ValidationStore(Protocol):
    """Packs, samples and proposals of one tenant."""

    def add_pack(self, pack: PackKept, samples: Sequence[SampledPair]) -> None:
        """Keep that a pack was made, with its sample."""
        ...

    def packs(self) -> Sequence[PackKept]:
        """Return every pack, the newest first."""
        ...

    def samples(self, pack_id: str | None = None) -> Sequence[SampledPair]:
        """Return sampled pairs in the order they were drawn, of one pack or of all."""
        ...

    def verdicts(self) -> Sequence[GivenVerdict]:
        """Return every verdict, the oldest first."""
        ...

    def add_verdict(self, verdict: GivenVerdict) -> None:
        """Keep what a reviewer said."""
        ...

    def proposals(self) -> Sequence[Proposal]:
        """Return each proposal at its last version, the last proposed first."""
        ...

    def proposal_versions(self, proposal_id: str) -> Sequence[Proposal]:
        """Return all versions of a proposal, the oldest first."""
        ...

    def add_proposal(self, proposal: Proposal) -> None:
        """Keep a version of a proposal.

        Raises:
            ProposalChangedError: that version is there already.
        """
        ...

    def activated(self) -> Proposal | None:
        """Return the change of algorithm or threshold that was activated last, or None."""
        ...
