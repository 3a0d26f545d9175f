"""What another product found for our parties, beside our matches: agreed, only ours, only theirs.

A result of theirs and a match of ours are the same when they name the same
screened party, and the listed party by an entry's id or by a name of the same
words. Nothing is kept: a file is compared with what stands now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.parties import ListedParty
from sluicegate.services.desk import Desk
from sluicegate.services.ports.lists import VendorResult
from sluicegate.services.ports.matches import Match, MatchQuery, MatchState
from sluicegate.services.screening.engine import ListsInUse, Scoring, score_text
from sluicegate.services.screening.listing import every_match
from sluicegate.services.screening.parts import NodeScreening
from sluicegate.services.screening.screened import ScreenedParty, screened_at

_WORDS = re.compile(r"\w+")
STANDING = frozenset(MatchState) - {MatchState.GONE}


@dataclass(frozen=True, slots=True)
class Vendor:
    """Another product: its name, its version and the day of its results, as they are told."""

    name: str
    version: str = ""
    dated: date | None = None


class Side(Enum):
    """Who found a pair."""

    BOTH = "both"
    OURS = "ours"
    THEIRS = "theirs"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"beside_{self.value}"


@dataclass(frozen=True, slots=True)
class Beside:
    """A pair that one of the two products found, or both.

    `match` is ours and `result` theirs; `why` says, of a result of theirs alone,
    why it is no match here.
    """

    side: Side
    match: Match | None
    result: VendorResult | None
    why: Sentence | None = None


@dataclass(frozen=True)
class Comparison:
    """Results of another product beside our matches, agreed ones first, then ours, then theirs."""

    vendor: Vendor
    rows: tuple[Beside, ...]

    @property
    def counts(self) -> Mapping[Side, int]:
        """How many pairs each side found."""
        return {side: sum(one.side is side for one in self.rows) for side in Side}


def compare_results(
    desk: Desk, screening: NodeScreening, vendor: Vendor, results: Sequence[VendorResult]
) -> Comparison:
    """Compare results of another product with the matches that stand.

    Raises:
        RefusedError: the principal may read no cases.
        ListFilesError: files of a list are missing or damaged.
    """
    ours = list(every_match(desk, MatchQuery(states=STANDING)))
    today = desk.now().date()
    lists = screening.lists.in_use(on=today) or ListsInUse({})
    by_party: dict[str, list[Match]] = {}
    for match in ours:
        by_party.setdefault(match.party_id, []).append(match)
    both, alone, agreed = list[Beside](), list[VendorResult](), set[str]()
    for result in results:
        found = next(
            (one for one in by_party.get(result.query_id, ()) if _is_same(one, result, lists)), None
        )
        if found is None:
            alone.append(result)
        else:
            agreed.add(found.match_id)
            both.append(Beside(Side.BOTH, found, result))
    mine = [Beside(Side.OURS, one, None) for one in ours if one.match_id not in agreed]
    parties = screened_at(desk.store, today).parties
    theirs = _explained(alone, parties, lists, screening.scoring)
    return Comparison(vendor, (*both, *mine, *theirs))


def _folded(text: str) -> str:
    return " ".join(sorted(_WORDS.findall(text.casefold())))


def _names(party: ListedParty) -> set[str]:
    return {_folded(name.text) for entry in party.entries for name in entry.names}


def _is_same(match: Match, result: VendorResult, lists: ListsInUse) -> bool:
    if result.entity_id and any(
        result.entity_id in (key, key.partition("/")[2]) for key in match.entries
    ):
        return True
    listed = lists.parties.get(lists.surviving(match.listed_id))
    known = {_folded(match.listed_name), _folded(match.pair.alias)}
    return _folded(result.entity) in (known if listed is None else known | _names(listed))


def _explained(
    results: Sequence[VendorResult],
    parties: Mapping[str, ScreenedParty],
    lists: ListsInUse,
    scoring: Scoring,
) -> list[Beside]:
    """Say of results that are no match here why: nobody is screened, nobody listed, or the score.

    The score of a pair depends on the two alone, so it is worked out with an
    index of just the listed parties that are named.
    """
    wanted = {_folded(one.entity) for one in results}
    named: dict[str, list[ListedParty]] = {}
    for party in lists.parties.values() if wanted else ():
        for name in _names(party) & wanted:
            named.setdefault(name, []).append(party)
    index = scoring.index({one.party_id: one for found in named.values() for one in found}.values())
    rows = []
    for result in results:
        screened = parties.get(result.query_id)
        listed = named.get(_folded(result.entity), [])
        if screened is None:
            why = say("No customer, owner or director with this id is screened here.")
        elif not listed:
            why = say("No list in use here carries a party of this name.")
        else:
            ids = {one.party_id for one in listed}
            scores = [
                pair.score
                for answer in index.nearest(screened.queries(), len(ids) + _NEAREST)
                for pair in answer
                if pair.listed_id in ids
            ]
            why = _below(max(scores, default=0), index.threshold)
        rows.append(Beside(Side.THEIRS, None, result, why))
    return rows


_NEAREST = 50
"""Listed parties asked for beside those that are named; the others score less."""


def _below(score: int, threshold: int) -> Sentence:
    if score >= threshold:
        return say(
            "It scores {score} here, from {threshold} on it alerts: run the screening.",
            score=score_text(score),
            threshold=score_text(threshold),
        )
    return say(
        "It scores {score} here, below the {threshold} of an alert.",
        score=score_text(score),
        threshold=score_text(threshold),
    )


def beside_rows(rows: Iterable[Beside]) -> list[dict[str, Any]]:
    """Return pairs as rows."""
    return [_row(one) for one in rows]


def _row(one: Beside) -> dict[str, Any]:
    match, result = one.match, one.result
    party = match.party_id if match is not None else result.query_id if result is not None else ""
    return {
        "side": one.side.value,
        "party": party,
        "party_name": (match.party_name if match else result.query if result else "") or None,
        "listed_name": None if match is None else match.listed_name,
        "lists": [] if match is None else list(match.lists),
        "score": None if match is None else score_text(match.pair.score),
        "state": None if match is None else match.state.value,
        "match": None if match is None else match.match_id,
        "their_name": None if result is None else result.entity,
        "their_list": None if result is None else result.list_name or None,
        "their_score": None if result is None else result.score or None,
        "their_outcome": None if result is None else result.outcome or None,
        "their_day": None
        if result is None or result.screened_on is None
        else result.screened_on.isoformat(),
        "why": None if one.why is None else one.why.text(),
    }
