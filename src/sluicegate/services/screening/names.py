"""Names that somebody types, against the lists of a node: nothing about them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.phrases import Language, term
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import Pair
from sluicegate.services.screening.engine import ListsInUse, Scored, said, score_text

MOST_NAMES = 200
"""Names that are screened while somebody waits."""
MOST_SHOWN = 50


@dataclass(frozen=True)
class AtHand:
    """The lists in use with their index, as they are kept between questions."""

    lists: ListsInUse
    scored: Scored


@dataclass(frozen=True, slots=True)
class NamesScreened:
    """What was found for each name, in their order: the nearest listed parties, best first."""

    at_hand: AtHand
    found: tuple[tuple[Pair, ...], ...]

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return it as a document with its reasons in a language."""
        lists, scored = self.at_hand.lists, self.at_hand.scored
        return {
            "algorithm": scored.algorithm,
            "threshold": score_text(scored.threshold),
            "versions": dict(lists.versions),
            "stale": list(lists.stale),
            "names": [
                {
                    "alerts": sum(one.score >= scored.threshold for one in pairs),
                    "matches": [self._match(one, language) for one in pairs],
                }
                for pairs in self.found
            ],
        }

    def _match(self, pair: Pair, language: Language) -> dict[str, Any]:
        party = self.at_hand.lists.parties[pair.listed_id]
        return {
            "listed": pair.listed_id,
            "listed_name": party.name,
            "lists": list(party.lists),
            "score": score_text(pair.score),
            "is_alert": pair.score >= self.at_hand.scored.threshold,
            "alias": pair.alias,
            "weak_alias": pair.is_weak,
            "parts": [
                {"part": term(one.name, language), "points": score_text(one.points)}
                for one in pair.parts
            ],
            "reasons": [said(one).text(language) for one in pair.reasons],
        }


def screen_typed(
    desk: Desk, at_hand: AtHand, queries: Sequence[Mapping[str, str]], limit: int
) -> NamesScreened:
    """Screen names against the lists in use; the nearest of each, without a cut-off.

    A query has a `name`, and may have a `schema`, a `birth_date` and a `country`.
    Raises RefusedError.
    """
    desk.must(Action.LIST_READ)
    asked = [
        {"query": one["name"], **{key: text for key, text in one.items() if key != "name" and text}}
        for one in queries
    ]
    found = at_hand.scored.nearest(asked, min(limit, MOST_SHOWN))
    return NamesScreened(at_hand, tuple(map(tuple, found)))
