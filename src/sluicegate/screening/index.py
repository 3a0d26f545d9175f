"""The engine's face: an index of listed parties, and the names screened against it.

    index = Index.build(entities)
    matches = index.screen([{"query": "…", "schema": "Person"}], limit=10)

A score is a function of the query, the listed party and the algorithm, whose name,
version and digest of data stand in `Index.algorithm`. It does not depend on who
else is listed, nor on what else is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sluicegate.core.collector import collector_paused
from sluicegate.core.reasons import Sentence
from sluicegate.screening.evidence import Clue, Known, clues, known_of
from sluicegate.screening.explaining import Part, parts_of, reasons_of
from sluicegate.screening.likeness import Floats, Ints
from sluicegate.screening.model import ALGORITHM, Setting, held_back, log_odds, model
from sluicegate.screening.names import lay_out
from sluicegate.screening.normal import normalise
from sluicegate.screening.pairing import KEPT, PROMISING, Pairs, Postings
from sluicegate.screening.prepared import Prepared
from sluicegate.screening.shortlist import Asked, Listed, may_reach, tells_of, told_by

_BATCH = 256
"""Names screened at once at least: enough to share the work, few enough for little memory."""

_MOST_AT_ONCE = 8_192
_PAIRS_AT_ONCE = 20_000_000
"""Names asked for times listed names: a small index, as of what changed, takes more at once."""

_PERSON, _ORGANISATION, _VESSEL, _AIRPLANE = 1, 2, 4, 8
_ANYTHING = 15
SCHEMAS: Mapping[str, int] = {
    "Person": _PERSON,
    "Organization": _ORGANISATION,
    "Company": _ORGANISATION,
    "PublicBody": _ORGANISATION,
    "LegalEntity": _PERSON | _ORGANISATION,
    "Vessel": _VESSEL,
    "Airplane": _AIRPLANE,
    "Address": _ANYTHING,
    "Thing": _ANYTHING,
    "": _ANYTHING,
}
"""Kinds of party, and which of them may be the same thing: those that share a bit."""


def setting_of(asked: Ints, listed: Ints, is_weak: NDArray[np.bool_]) -> Setting:
    """Return what of pairs is not in the names, from the kinds of both sides (`SCHEMAS`)."""
    shared = asked & listed
    is_person = (shared == _PERSON) | ((shared != _ORGANISATION) & (listed == _PERSON))
    return Setting(is_person, shared == 0, is_weak)


class ScreeningError(ValueError):
    """What was given cannot be screened: the message names it, what is wrong, and the way out."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name to screen with what is known of its bearer."""

    name: str
    schema: str
    known: Known

    @classmethod
    def of(cls, given: str | Mapping[str, Any]) -> Query:
        """Read a query: a name, or `query` with `schema`, `countries`, `birth_date` where known."""
        if isinstance(given, str):
            return cls(given, "", Known())
        return cls(_name(given), _schema_of(given), known_of(given))


def _name(given: Mapping[str, Any]) -> str:
    name = given.get("query")
    if not isinstance(name, str):
        raise ScreeningError(f"query {given!r}: no text in `query`; give the name there")
    return name


def _schema_of(given: Mapping[str, Any]) -> str:
    return _schema(given.get("schema"), f"query {given.get('query')!r}")


def _schema(given: object, what: str) -> str:
    schema = "" if given is None else str(given)
    if schema not in SCHEMAS:
        known = ", ".join(name for name in SCHEMAS if name)
        raise ScreeningError(f"{what}: schema {schema!r} is not known; give one of {known}")
    return schema


def _names_of(entity: Mapping[str, Any], field: str) -> dict[str, None]:
    """Return the names of an entity, each once; a text stands for itself alone."""
    given = entity.get(field) or ()
    names = [given] if isinstance(given, str) else list(given)
    odd = [name for name in names if not isinstance(name, str)]
    if odd:
        what = f"entity {entity.get('id')}"
        raise ScreeningError(f"{what}: {odd[0]!r} in `{field}` is no text; give names as text")
    return dict.fromkeys(names)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest parties of some queries, a row each: the two names that were nearest."""

    pairs: Pairs
    scores: Floats


class Match:
    """A listed party beside a query. `reasons` and `parts` are worked out when they are read."""

    __slots__ = ("_index", "_known", "_nearest", "_query", "_row",
                 "entity_id", "is_weak", "name", "score")  # fmt: skip

    def __init__(
        self, index: Index, query: Query, nearest: Nearest, row: int, number: int, score: float
    ) -> None:
        self._index = index
        self._query = query
        self._nearest = nearest
        self._row = row
        self._known: _Explained | None = None
        self.score = score
        self.entity_id, self.name, self.is_weak = index.listed_name(number)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each part adds to the score; the parts add up to it."""
        return self._explained.parts

    @property
    def reasons(self) -> tuple[Sentence, ...]:
        """Why the two match, a short sentence each."""
        known = self._explained
        return reasons_of(
            known.pairs, known.setting, known.clues, known.parts,
            query=self._query.name, name=self.name, score=self.score,
            algorithm=self._index.algorithm,
        )  # fmt: skip

    @property
    def _explained(self) -> _Explained:
        if self._known is None:
            pairs = self._nearest.pairs.take(slice(self._row, self._row + 1))
            setting, found = self._index.beside(self._query, pairs)
            self._known = _Explained(pairs, setting, found, parts_of(pairs, setting, found))
        return self._known

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        return f"Match({self.entity_id!r}, {self.score:.6f}, {self.name!r})"


@dataclass(frozen=True, slots=True)
class _Explained:
    """One pair as it was compared, and what each part adds to its score."""

    pairs: Pairs
    setting: Setting
    clues: tuple[Clue, ...]
    parts: tuple[Part, ...]


class Index:
    """Names of listed parties, ready to be screened against."""

    def __init__(
        self, ids: Sequence[str], schemas: Sequence[str], known: Sequence[Known],
        listed: Sequence[tuple[int, str, bool]],
    ) -> None:  # fmt: skip
        self._ids = list(ids)
        self._kinds = np.array([SCHEMAS[schema] for schema in schemas], dtype=np.int64)
        self._known = list(known)
        self._tells = np.array([not one.is_empty for one in known], dtype=bool)
        self._texts = [name for _, name, _ in listed]
        self._owner = np.array([owner for owner, _, _ in listed], dtype=np.int64)
        self._is_weak = np.array([weak for _, _, weak in listed], dtype=bool)
        self._postings = Postings(lay_out([normalise(name) for name in self._texts]))

    @classmethod
    def build(cls, entities: Iterable[Mapping[str, Any]]) -> Self:
        """Return an index of entities.

        An entity has `id`, `schema` and `names`, and may have `weak_names`,
        `countries` (ISO alpha-2), `birth_dates` (YYYY[-MM[-DD]]), `identifiers` and
        `addresses`. Raises `ScreeningError` for one without an id, with an id that
        another has, or of an unknown schema.
        """
        with collector_paused():
            return cls._built(entities)

    @classmethod
    def _built(cls, entities: Iterable[Mapping[str, Any]]) -> Self:
        places: dict[str, int] = {}
        schemas: list[str] = []
        known: list[Known] = []
        listed: list[tuple[int, str, bool]] = []
        for entity in entities:
            entity_id = str(entity.get("id") or "")
            if not entity_id:
                raise ScreeningError(f"entity {entity!r}: no id; give each entity its own")
            if entity_id in places:
                raise ScreeningError(
                    f"entity {entity_id}: the id is there twice; give each its own"
                )
            owner = places[entity_id] = len(places)
            schemas.append(_schema(entity.get("schema"), f"entity {entity_id}"))
            known.append(known_of(entity))
            strong = _names_of(entity, "names")
            listed += [(owner, name, False) for name in strong]
            weak = _names_of(entity, "weak_names")
            listed += [(owner, name, True) for name in weak if name not in strong]
        return cls(list(places), schemas, known, listed)

    @property
    def alert_threshold(self) -> float:
        """The score at which an alert is raised."""
        return model().alert_threshold

    @property
    def algorithm(self) -> str:
        """The algorithm's name and version, and the digest of its data files."""
        return f"{ALGORITHM}+{model().digest[:12]}"

    def __len__(self) -> int:
        return len(self._ids)

    def screen(
        self, queries: Iterable[str | Mapping[str, Any]], limit: int = 10
    ) -> list[list[Match]]:
        """Return for each query the nearest listed parties, best first, without a cut-off.

        Parties of equal score stand in order of their ids. Raises `ScreeningError`
        for a query that cannot be read.
        """
        read = [Query.of(one) for one in queries]
        found: list[list[Match]] = []
        size = max(_BATCH, min(_MOST_AT_ONCE, _PAIRS_AT_ONCE // max(len(self._texts), 1)))
        for start in range(0, len(read), size):
            batch = read[start : start + size]
            answers: list[list[Match]] = [[] for _ in batch]
            for match, query in self._matches(batch, limit):
                answers[query].append(match)
            for answer in answers:
                answer.sort(key=lambda one: (-one.score, one.entity_id))
                del answer[limit:]
            found += answers
        return found

    def may_reach(
        self, queries: Iterable[str | Mapping[str, Any]], prepared: Prepared, score: float
    ) -> NDArray[np.bool_]:
        """Say for each query whether it may have a match of a score or more; no other has one.

        `prepared` holds the names of all queries. Far cheaper than screening, where few
        are listed. Raises `ScreeningError` for a query that cannot be read.
        """
        given = [{"query": one} if isinstance(one, str) else one for one in queries]
        asked = Asked(
            prepared,
            np.array([prepared.places[_name(one)] for one in given], dtype=np.int64),
            np.array([SCHEMAS[_schema_of(one)] for one in given], dtype=np.int64),
            told_by(given),
        )
        tells = tells_of(self._known)[self._owner]
        listed = Listed(self._postings, self._kinds[self._owner], self._is_weak, tells)
        return may_reach(asked, listed, setting_of, score)

    def _matches(self, batch: Sequence[Query], limit: int) -> Iterator[tuple[Match, int]]:
        """Yield the nearest parties, and all that equal the last; each with its query's place."""
        if not len(self._ids) or limit < 1:
            return
        found = self.nearest(batch, limit)
        query, name = found.pairs.asked.tolist(), found.pairs.listed.tolist()
        for row, score in enumerate(found.scores.tolist()):
            yield Match(self, batch[query[row]], found, row, name[row], score), query[row]

    def nearest(self, batch: Sequence[Query], limit: int) -> Nearest:
        """Return the nearest parties of each query, and all that equal the last."""
        asked = lay_out([normalise(one.name) for one in batch])
        pairs = self._postings.pair(asked, max(KEPT, 2 * limit))
        kinds = np.array([SCHEMAS[one.schema] for one in batch], dtype=np.int64)
        odds = log_odds(pairs, self._setting(kinds[pairs.asked], pairs.listed))
        best = self._best(batch, pairs, odds)
        query, scores = best.pairs.asked, best.scores
        group = np.flatnonzero(np.diff(query, prepend=-1) > 0)
        sizes = np.diff(np.append(group, len(query)))
        rank = np.arange(len(query)) - np.repeat(group, sizes)
        last = np.repeat(scores[group + np.minimum(sizes, limit) - 1], sizes)
        chosen = np.flatnonzero((rank < limit) | (scores >= last))
        return Nearest(best.pairs.take(chosen), scores[chosen])

    def _best(self, batch: Sequence[Query], pairs: Pairs, odds: Floats) -> Nearest:
        """Return the best name of each party for each query, with what else is known added.

        They stand in order of query and falling score.
        """
        owner = self._owner[pairs.listed]
        is_held_back = pairs.promise < PROMISING
        order = np.lexsort((pairs.listed, -odds, is_held_back, owner, pairs.asked))
        key = pairs.asked[order] * len(self._ids) + owner[order]
        rows = order[np.diff(key, prepend=-1) > 0]
        odds = odds[rows].copy()
        query, number = pairs.asked[rows], pairs.listed[rows]
        tells = np.array([not one.known.is_empty for one in batch], dtype=bool)
        figures = model().evidence
        for row in np.flatnonzero(tells[query] & self._tells[self._owner[number]]).tolist():
            known = self._known[self._owner[number[row]]]
            for clue in clues(batch[query[row]].known, known):
                odds[row] += figures[clue.figure]
        scores = model().scores(held_back(odds, pairs.promise[rows]))
        order = np.lexsort((-scores, query))
        return Nearest(pairs.take(rows[order]), scores[order])

    def _setting(self, asked: Ints, listed: Ints) -> Setting:
        """Return what of each pair is not in the names: `asked` are kinds, `listed` names."""
        return setting_of(asked, self._kinds[self._owner[listed]], self._is_weak[listed])

    def listed_name(self, number: int) -> tuple[str, str, bool]:
        """Return whose a listed name is, as the issuer writes it, and whether it is weak."""
        return self._ids[self._owner[number]], self._texts[number], bool(self._is_weak[number])

    def beside(self, query: Query, pairs: Pairs) -> tuple[Setting, tuple[Clue, ...]]:
        """Return what of one query and one listed name is not in the names; `pairs` is theirs."""
        asked = np.full(len(pairs.asked), SCHEMAS[query.schema], dtype=np.int64)
        known = [self._known[owner] for owner in self._owner[pairs.listed].tolist()]
        found = clues(query.known, known[0]) if known else ()
        return self._setting(asked, pairs.listed), found


def compare(query: str | Mapping[str, Any], name: str, schema: str = "") -> Match:
    """Return how alike two names are, without an index: the same score as in any index.

    `schema` is what the listed name's bearer is, and the query's where it names none.
    `float()` of the answer is the score; it is 0 where the names share no word.

    >>> float(compare("Sergei Lavrow", "LAVROV, Sergey", "Person")) > 0.7
    True
    """
    given = {"query": query} if isinstance(query, str) else dict(query)
    read = Query.of({"schema": schema, **given})
    index = Index.build([{"id": "listed", "schema": schema, "names": [name]}])
    found = index.nearest([read], 1)
    score = float(found.scores[0]) if len(found.scores) else 0.0
    return Match(index, read, found, 0, 0, score)
