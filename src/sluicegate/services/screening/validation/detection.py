"""How many test names are found: drawn from the lists in use by a seed, written in many ways.

The same seed, lists and algorithm give the same names and the same figures. Names
stand in the pack alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.demo.draws import Draws
from sluicegate.screening.entries import Schema
from sluicegate.screening.parties import ListedParty
from sluicegate.services.screening.engine import (
    Compared,
    ListsInUse,
    Scored,
    in_ten_thousandths,
)
from sluicegate.services.screening.validation.names import NameKind, recombined, written
from sluicegate.services.screening.validation.shares import Share

NEAREST = 50
"""Listed parties looked at for the score of a test name that was missed."""

_SEED_STEP = 1_000_003
"""Between the seeds of lists, so that a list added moves no draw of another."""


@dataclass(frozen=True, slots=True)
class TestName:
    """A test name: of which list and party, how it differs, and the listed name it was made of."""

    __test__ = False

    list_id: str
    listed_id: str
    kind: NameKind
    listed_name: str
    asked: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Tried:
    """A test name with the score of its own party in ten-thousandths, and whether that alerts.

    The score is None where the party was not among the nearest that were looked at.
    """

    name: TestName
    score: int | None
    is_found: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name that nobody lists, with the listed party that it alerts on at the best score."""

    asked: str
    listed_id: str
    listed_name: str
    score: int


@dataclass(frozen=True, slots=True)
class Detected:
    """What became of all test names, and of names that nobody lists.

    `strangers` are those of the recombined names that raised an alert; `recombined`
    counts them, of all asked. `size` parties of each list were drawn at most.
    """

    tried: tuple[Tried, ...]
    recombined: Share
    strangers: tuple[Stranger, ...]
    size: int

    def by_kind(self) -> Mapping[NameKind, Share]:
        """Return kind → the share that was found."""
        return {
            kind: _share(one for one in self.tried if one.name.kind is kind)
            for kind in NameKind
            if any(one.name.kind is kind for one in self.tried)
        }

    def by_list(self) -> Mapping[tuple[str, NameKind], Share]:
        """Return (list, kind) → the share that was found, in order of lists."""
        groups: dict[tuple[str, NameKind], list[Tried]] = {}
        for one in self.tried:
            groups.setdefault((one.name.list_id, one.name.kind), []).append(one)
        order = list(NameKind)
        keys = sorted(groups, key=lambda key: (key[0], order.index(key[1])))
        return {key: _share(groups[key]) for key in keys}


def _share(tried: Iterable[Tried]) -> Share:
    found = [one.is_found for one in tried]
    return Share(sum(found), len(found))


def drawn_names(parties: Iterable[ListedParty], seed: int, size: int) -> list[TestName]:
    """Draw up to `size` parties of each list, and write a name of each in every way it can be."""
    by_list: dict[str, list[ListedParty]] = {}
    for party in sorted(parties, key=lambda one: one.party_id):
        for name in party.lists:
            by_list.setdefault(name, []).append(party)
    found: list[TestName] = []
    for list_id in sorted(by_list):
        draws = Draws(seed * _SEED_STEP + sum(map(ord, list_id)))
        for party in draws.some(by_list[list_id], size):
            found += _names_of(party, list_id, draws)
    return found


def _names_of(party: ListedParty, list_id: str, draws: Draws) -> Iterable[TestName]:
    listed = [one for entry in party.entries if entry.list_id == list_id for one in entry.names]
    strong = [one.text for one in listed if not one.is_weak and one.text.strip()]
    weak = [one.text for one in listed if one.is_weak and one.text.strip()]
    is_person = party.schema is Schema.PERSON
    for kind in NameKind:
        texts = weak if kind is NameKind.WEAK else strong
        if kind is NameKind.IN_LATIN:
            texts = [one for one in strong if written(one, kind, draws, is_person=is_person)]
        if not texts:
            continue
        name = draws.pick(texts)
        asked = written(name, kind, draws, is_person=is_person)
        if asked is not None:
            yield TestName(list_id, party.party_id, kind, name, asked, party.schema)


def strangers(parties: Sequence[ListedParty], seed: int, size: int) -> list[str]:
    """Return up to `size` names of persons put together of two listed ones, none itself listed."""
    persons = sorted(
        (one for one in parties if one.schema is Schema.PERSON), key=lambda one: one.party_id
    )
    if len(persons) < 2:
        return []
    listed = {
        " ".join(name.text.replace(",", " ").casefold().split())
        for one in persons
        for name in one.names
    }
    draws = Draws(seed)
    found: dict[str, None] = {}
    for _ in range(size):
        first, second = draws.pick(persons), draws.pick(persons)
        name = recombined(first.name, second.name)
        if first is not second and name is not None and name.casefold() not in listed:
            found[name] = None
    return list(found)


def detect(scored: Scored, lists: ListsInUse, seed: int, size: int) -> Detected:
    """Screen test names as names of customers are screened, and say which found their party."""
    parties = list(lists.parties.values())
    names = drawn_names(parties, seed, size)
    queries = [_query(one.asked, one.schema) for one in names]
    tried = [
        _tried(scored, name, alerts)
        for name, alerts in zip(names, scored.alerting(queries), strict=True)
    ]
    nobodies = [_query(one, Schema.PERSON) for one in strangers(parties, seed, size * 10)]
    alerted = [
        _stranger(query["query"], alerts[0], lists)
        for query, alerts in zip(nobodies, scored.alerting(nobodies), strict=True)
        if alerts
    ]
    return Detected(tuple(tried), Share(len(alerted), len(nobodies)), tuple(alerted), size)


def _tried(scored: Scored, name: TestName, alerts: Sequence[Compared]) -> Tried:
    for one in alerts:
        if one.entity_id == name.listed_id:
            return Tried(name, in_ten_thousandths(one.score), is_found=True)
    [nearest] = scored.nearest([_query(name.asked, name.schema)], NEAREST)
    own = (one.score for one in nearest if one.listed_id == name.listed_id)
    return Tried(name, next(own, None), is_found=False)


def _stranger(asked: str, best: Compared, lists: ListsInUse) -> Stranger:
    listed = lists.parties[best.entity_id]
    return Stranger(asked, best.entity_id, listed.name, in_ten_thousandths(best.score))


def _query(name: str, schema: Schema) -> dict[str, Any]:
    return {"query": name, "schema": schema.value}
