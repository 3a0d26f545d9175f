"""Screen names of a file against lists in files, without a node: nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sluicegate.screening.entries import ListEntry
from sluicegate.screening.parties import ListedParty
from sluicegate.services.screening.engine import Compared, Index

BuildIndex = Callable[[Sequence[Mapping[str, Any]]], Index]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a list beside a name: `list_id` and `entry_id` are the issuer's."""

    entry_id: str
    list_id: str
    compared: Compared

    def document(self) -> dict[str, Any]:
        """Return what a program reads."""
        return {
            "entity_id": self.entry_id,
            "score": _millionths(self.compared.score),
            "list": self.list_id,
            "name": self.compared.name,
            "reasons": [str(reason) for reason in self.compared.reasons],
        }


@dataclass(frozen=True, slots=True)
class Screened:
    """Names in their order, each with the nearest entries.

    `alerts` counts the names with an entry whose score reaches `threshold`, from 0 to 1.
    """

    found: tuple[tuple[Found, ...], ...]
    alerts: int
    threshold: float
    algorithm: str


def screen_names(
    queries: Sequence[Mapping[str, Any]],
    entries: Iterable[ListEntry],
    build: BuildIndex,
    limit: int,
) -> Screened:
    """Screen names against entries of lists; an entry that is there twice counts once."""
    by_key: dict[tuple[str, str], list[ListEntry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    keys = list(by_key)
    parties = [ListedParty(str(place), tuple(by_key[key])) for place, key in enumerate(keys)]
    index = build([party.as_entity() for party in parties])
    found: list[tuple[Found, ...]] = []
    alerts = 0
    for matches in index.screen(queries, limit):
        alerts += any(one.score >= index.alert_threshold for one in matches)
        places = [(keys[int(one.entity_id)], one) for one in matches]
        found.append(tuple(Found(entry_id, list_id, one) for (list_id, entry_id), one in places))
    return Screened(tuple(found), alerts, index.alert_threshold, index.algorithm)


def _millionths(score: float) -> Fraction:
    """Return a score as the exact decimal it stands for."""
    return Fraction(round(score * 1_000_000), 1_000_000)
