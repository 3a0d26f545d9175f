"""The engine and the lists as screening sees them: two small ports, and pairs by score."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from sluicegate.core.exact import decimal_text
from sluicegate.core.reasons import Sentence
from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import WHOLE, Pair, Reason, ScorePart
from sluicegate.services.screening.screened import ScreenedParty, quick_digest

_DIGITS = 4
FIRST_LIMIT = 10
"""How many listed parties are asked for at first; more where all of them alert."""


class Compared(Protocol):
    """One listed party as the engine compared it with a query."""

    @property
    def entity_id(self) -> str:
        """The listed party's id."""
        ...

    @property
    def score(self) -> float:
        """How alike the two are, from 0 to 1."""
        ...

    @property
    def name(self) -> str:
        """The name of the listed party that was nearest."""
        ...

    @property
    def is_weak(self) -> bool:
        """Whether the issuer marks that name weak."""
        ...

    @property
    def parts(self) -> Sequence[Any]:
        """Name and contribution of each part."""
        ...

    @property
    def reasons(self) -> Sequence[Any]:
        """Sentences that say why."""
        ...


class Index(Protocol):
    """An index of listed parties."""

    @property
    def alert_threshold(self) -> float:
        """The score at which an alert is raised."""
        ...

    @property
    def algorithm(self) -> str:
        """Name, version and digest of the algorithm."""
        ...

    def screen(
        self, queries: Sequence[Mapping[str, Any]], limit: int
    ) -> Sequence[Sequence[Compared]]:
        """Return for each query the nearest listed parties, best first, without a cut-off."""
        ...


class Engine(Protocol):
    """Builds indexes. The score of a pair depends on the two and on the algorithm only."""

    def __call__(self, entities: Sequence[Mapping[str, Any]]) -> Index:
        """Return an index of listed parties as `ListedParty.as_entity` gives them."""
        ...


@dataclass(frozen=True)
class ListsInUse:
    """What there is to screen against.

    `versions` is list → its version in use. `survivors` is the id of a listed
    party that was merged → the id of the party that answers for it now.
    `stale` names the lists that are older than they may be.
    """

    parties: Mapping[str, ListedParty]
    versions: Mapping[str, str] = field(default_factory=dict)
    survivors: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    def surviving(self, listed_id: str) -> str:
        """Return the id that answers for a listed party, through any number of merges."""
        seen = {listed_id}
        while (after := self.survivors.get(listed_id)) is not None and after not in seen:
            seen.add(after)
            listed_id = after
        return listed_id


class Lists(Protocol):
    """The lists of a node."""

    def in_use(self, *, on: date) -> ListsInUse | None:
        """Return what there is to screen against on a day; None where the node has no list.

        Raises:
            ListFilesError: files of a list are missing or damaged.
        """
        ...


def in_ten_thousandths(score: float) -> int:
    """Return a score as a whole number of ten-thousandths, cut off and never rounded up.

    >>> in_ten_thousandths(0.57), in_ten_thousandths(0.919999), in_ten_thousandths(1.0)
    (5700, 9199, 10000)
    """
    return int(Decimal(repr(float(score))) * WHOLE)


def score_text(score: int) -> str:
    """Return a score, or what a part gave to it, as people see it.

    >>> score_text(9_120), score_text(-120)
    ('0.912', '-0.012')
    """
    return decimal_text(Fraction(score, WHOLE), _DIGITS)


SCORED_ON = ("schema", "names", "weak_names", "countries", "birth_dates")
"""What of a listed party a score rests on: the rest can change without another comparison."""


def scored_mark(party: ListedParty) -> str:
    """Return a digest of what scores against a listed party rest on."""
    entity = party.as_entity()
    return quick_digest([entity[name] for name in SCORED_ON])


def entry_marks(party: ListedParty) -> dict[str, str]:
    """Return entry → a digest of what it says that a match rests on."""
    alone = ((one.key, ListedParty("", (one,))) for one in party.entries)
    return {"/".join(key): one.essence for key, one in alone}


class Shortlist(Protocol):
    """Says which names may alert at all, far cheaper than comparing them."""

    def ready(self, names: Collection[str]) -> None:
        """Have the names of all who are screened ready, for this run and the next."""
        ...

    def may_alert(
        self, index: Index, queries: Sequence[Mapping[str, Any]], threshold: int
    ) -> Sequence[bool]:
        """Say for each query whether a listed party may reach a threshold, in ten-thousandths.

        Where it says no there is none. The names of the queries were made ready.
        """
        ...


@dataclass(frozen=True)
class Scoring:
    """Screens parties against listed ones; an index is built when it is first needed.

    `threshold` is in ten-thousandths; None takes the engine's own. Without a
    shortlist everyone is compared in full, with the same result.
    """

    engine: Engine
    threshold: int | None = None
    shortlist: Shortlist | None = None

    def index(self, listed: Iterable[ListedParty]) -> Scored:
        """Return an index of listed parties with the threshold of an alert."""
        index = self.engine([one.as_entity() for one in listed])
        own = in_ten_thousandths(index.alert_threshold)
        return Scored(index, own if self.threshold is None else self.threshold)


@dataclass(frozen=True)
class Scored:
    """An index with the score, in ten-thousandths, from which a pair alerts."""

    index: Index
    threshold: int

    @property
    def algorithm(self) -> str:
        """Name, version and digest of the algorithm."""
        return str(self.index.algorithm)

    def pairs(
        self,
        parties: Collection[ScreenedParty],
        tell: Tell = lambda _done, _total: None,
        shortlist: Shortlist | None = None,
    ) -> dict[tuple[str, str], Pair]:
        """Return (party, listed party) → the pair, for every pair that reaches the threshold.

        Parties that are alike but for their ids are compared once. A party with
        several names has the best score that any of them gives. With a shortlist,
        which has the names ready, only those who may alert are compared.
        """
        alike: dict[str, list[ScreenedParty]] = {}
        for one in parties:
            alike.setdefault(one.essence, []).append(one)
        found: dict[tuple[str, str], Pair] = {}
        groups = list(alike.values())
        if shortlist is not None:
            groups = self._shortlisted(groups, shortlist)
        for start in range(0, len(groups), _BATCH):
            batch = groups[start : start + _BATCH]
            self._compare(batch, found)
            tell(min(start + _BATCH, len(groups)), len(groups))
        return found

    def nearest(self, queries: Sequence[Mapping[str, Any]], limit: int) -> list[list[Pair]]:
        """Return for each query its nearest listed parties, best first, alerts or not."""
        answers = self.index.screen(queries, limit) if queries else []
        return [
            [
                _pair("", query["query"], one, in_ten_thousandths(one.score), self.algorithm)
                for one in answer
            ]
            for query, answer in zip(queries, answers, strict=True)
        ]

    def _shortlisted(
        self, groups: Sequence[list[ScreenedParty]], shortlist: Shortlist
    ) -> list[list[ScreenedParty]]:
        """Return the groups of which a name may alert."""
        queries: list[Mapping[str, Any]] = []
        places: list[int] = []
        for place, group in enumerate(groups):
            own = group[0].queries()
            queries += own
            places += [place] * len(own)
        may = shortlist.may_alert(self.index, queries, self.threshold)
        kept = dict.fromkeys(place for place, is_kept in zip(places, may, strict=True) if is_kept)
        return [groups[place] for place in kept]

    def _compare(
        self, groups: Sequence[Sequence[ScreenedParty]], found: dict[tuple[str, str], Pair]
    ) -> None:
        queries: list[dict[str, Any]] = []
        places: list[tuple[Sequence[ScreenedParty], str]] = []
        for group in groups:
            for query in group[0].queries():
                queries.append(query)
                places.append((group, query["query"]))
        for (group, name), compared in zip(places, self.alerting(queries), strict=True):
            for one in compared:
                for party in group:
                    key = (party.party_id, one.entity_id)
                    held = found.get(key)
                    score = in_ten_thousandths(one.score)
                    if held is None or (score, name) > (held.score, held.name):
                        found[key] = _pair(party.party_id, name, one, score, self.algorithm)

    def alerting(self, queries: Sequence[Mapping[str, Any]]) -> Iterator[list[Compared]]:
        """Yield for each query all that alert, however many: the last asked for does not."""
        answers = self.index.screen(queries, limit=FIRST_LIMIT) if queries else []
        for query, answer in zip(queries, answers, strict=True):
            limit, seen = FIRST_LIMIT, answer
            while len(seen) >= limit and in_ten_thousandths(seen[-1].score) >= self.threshold:
                limit *= 4
                seen = self.index.screen([query], limit=limit)[0]
            yield [one for one in seen if in_ten_thousandths(one.score) >= self.threshold]


_BATCH = 8_192


class Tell(Protocol):
    """Told how far a comparison has come."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` parties."""
        ...


def _pair(party_id: str, name: str, one: Compared, score: int, algorithm: str) -> Pair:
    return Pair(
        party_id=party_id,
        listed_id=one.entity_id,
        score=score,
        name=name,
        alias=one.name,
        is_weak=bool(one.is_weak),
        parts=tuple(ScorePart(*_part(part)) for part in one.parts),
        reasons=tuple(map(_reason, one.reasons)),
        algorithm=algorithm,
    )


def _part(part: Any) -> tuple[str, int]:
    name, amount = (part.name, part.contribution) if hasattr(part, "contribution") else part
    return str(name), int(Decimal(repr(float(amount))) * WHOLE)


def _reason(reason: Any) -> Reason:
    """Return a reason as it is kept; what is no sentence is kept as its text."""
    if isinstance(reason, Sentence) and isinstance(reason.template, str):
        return Reason(reason.template, {key: _plain(one) for key, one in reason.values.items()})
    return Reason(str(reason))


def _plain(value: Any) -> Any:
    """Return a value of a sentence as JSON; an exact quotient keeps its two parts."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)


def said(reason: Reason) -> Sentence:
    """Return a kept reason as the sentence that it was."""
    return Sentence(reason.template, {key: _read(one) for key, one in reason.values.items()})


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Fraction(value["fraction"])
    return [_read(one) for one in value] if isinstance(value, list) else value
