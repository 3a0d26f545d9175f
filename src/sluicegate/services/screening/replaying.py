"""Score a kept match again, and say whether it comes out as it was kept."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Match, Pair
from sluicegate.services.screening.engine import Scored, Scoring
from sluicegate.services.screening.screened import ScreenedParty


@dataclass(frozen=True, slots=True)
class Replay:
    """A match scored again: the pair that comes out, None below the threshold it was kept with.

    `has_same_algorithm`, `has_same_listed` and `has_same_party` say whether it was
    done with what the match was scored with; with all three the score must be the
    same.
    """

    match: Match
    pair: Pair | None
    has_same_algorithm: bool
    has_same_listed: bool
    has_same_party: bool

    @property
    def is_comparable(self) -> bool:
        """Whether nothing changed on which the score rests."""
        return self.has_same_algorithm and self.has_same_listed and self.has_same_party

    @property
    def holds(self) -> bool:
        """Whether the score and its parts are those that were kept."""
        return self.pair == self.match.pair


def replay(match: Match, party: ScreenedParty, listed: ListedParty, scoring: Scoring) -> Replay:
    """Score a match again from a screened party and a listed one."""
    index = scoring.index([listed])
    at_kept = Scored(index.index, match.threshold)
    found = at_kept.pairs([party])
    return Replay(
        match=match,
        pair=found.get((party.party_id, listed.party_id)),
        has_same_algorithm=index.algorithm == match.pair.algorithm,
        has_same_listed=listed.essence == match.listed_essence,
        has_same_party=party.essence == match.party_essence,
    )
