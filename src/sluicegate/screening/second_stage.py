"""A second scorer beside the engine: what it is asked, what it answers, how the two are combined.

The engine finds the pairs; the second scorer sees only those that reach the floor,
and of the two scores the lower counts (`LOWER_OF_BOTH`). So a second scorer may take
alerts away and never adds one: whom it is asked about does not depend on who else is
listed, and a screening of what changed stays the same as a full one. Its name is part
of the algorithm's name: with another scorer, screening is another.

It is spoken to in JSON, a line each way. `{"do": "hello"}` is answered by
`{"name": "…"}`; `{"do": "compare", "pairs": [{"query": "…", "name": "…", "schema": "…"}]}`
by `{"scores": [0.71]}`, from 0 to 1 and in order. A pair has `birth_date` and
`countries` where they are known of the name asked for. What cannot be done is answered
by `{"error": "…"}`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.explaining import Part
from sluicegate.screening.model import PartKind

if TYPE_CHECKING:
    from sluicegate.screening.prepared import Prepared

LOWER_OF_BOTH = "lower of both"
"""The rule that combines two scores, as it stands in the algorithm's name."""

HELLO: Mapping[str, Any] = {"do": "hello"}
_ASKED = ("birth_date", "countries")


class SecondStageError(ValueError):
    """The second scorer cannot be used: the message says which, what is wrong, and the way out."""


class SecondScorer(Protocol):
    """Scores pairs of names, each by itself."""

    @property
    def name(self) -> str:
        """What it is called where a match says why."""
        ...

    def scores(self, pairs: Sequence[Mapping[str, Any]]) -> Sequence[float]:
        """Return a score from 0 to 1 of each pair, as `pair_of` gives them, in order.

        Raises SecondStageError.
        """
        ...


class Compared(Protocol):
    """A match of the first stage."""

    entity_id: str
    score: float
    name: str
    is_weak: bool

    @property
    def parts(self) -> Sequence[Part]:
        """What each part adds."""
        ...

    @property
    def reasons(self) -> Sequence[Sentence]:
        """Why the two match."""
        ...


class FirstStage(Protocol):
    """An index of listed parties."""

    @property
    def alert_threshold(self) -> float:
        """The score at which an alert is raised."""
        ...

    @property
    def algorithm(self) -> str:
        """The algorithm's name."""
        ...

    def screen(
        self, queries: Sequence[str | Mapping[str, Any]], limit: int
    ) -> Sequence[Sequence[Compared]]:
        """Return the nearest listed parties of each query, best first."""
        ...

    def may_reach(
        self, queries: Sequence[str | Mapping[str, Any]], prepared: Prepared, score: float
    ) -> Iterable[bool]:
        """Say for each query whether it may have a match of a score or more."""
        ...


def pair_of(query: str | Mapping[str, Any], name: str, schema: str) -> dict[str, Any]:
    """Return what a second scorer is asked about a query and a listed name."""
    given = {"query": query} if isinstance(query, str) else query
    told = {field: given[field] for field in _ASKED if given.get(field)}
    return {"query": given["query"], "name": name, "schema": schema or "LegalEntity", **told}


def comparing(pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the line that asks about pairs."""
    return {"do": "compare", "pairs": list(pairs)}


def name_from(answer: Any) -> str:
    """Read the answer to `HELLO`. Raises SecondStageError."""
    name = answer.get("name") if isinstance(answer, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise SecondStageError(f"hello was answered by {answer!r:.200}; it has to tell a name")
    return name.strip()


def scores_from(answer: Any, count: int) -> list[float]:
    """Read the answer to `comparing`. Raises SecondStageError."""
    scores = answer.get("scores") if isinstance(answer, Mapping) else None
    if not isinstance(scores, list) or len(scores) != count or not all(map(_is_score, scores)):
        told = answer.get("error") if isinstance(answer, Mapping) else None
        problem = str(told) if told else "no list of that many scores from 0 to 1"
        raise SecondStageError(f"{count} pairs were answered by: {problem:.200}")
    return [float(one) for one in scores]


def _is_score(one: object) -> bool:
    if isinstance(one, bool) or not isinstance(one, int | float):
        return False
    return math.isfinite(one) and 0.0 <= one <= 1.0


@dataclass(frozen=True, slots=True)
class Both:
    """A match with the score that the second stage left it; `scorer` is empty if not asked."""

    first: Compared
    score: float
    scorer: str = ""
    second: float = 0.0

    @property
    def entity_id(self) -> str:
        """The listed party's id."""
        return self.first.entity_id

    @property
    def name(self) -> str:
        """The listed name that was nearest."""
        return self.first.name

    @property
    def is_weak(self) -> bool:
        """Whether the issuer marks that name weak."""
        return self.first.is_weak

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each part adds; what the second stage takes away comes last."""
        taken = round(self.score - self.first.score, 6)
        own = tuple(self.first.parts)
        return (*own, Part(PartKind.SECOND_STAGE.value, taken)) if taken else own

    @property
    def reasons(self) -> tuple[Sentence, ...]:
        """Why the two match, with what the second scorer said."""
        own = tuple(self.first.reasons)
        if not self.scorer:
            return own
        said = say(
            "The second scorer, {scorer}, gives {score}; the lower of both scores counts.",
            scorer=self.scorer,
            score=f"{self.second:.4f}",
        )
        return (*own, said)


class TwoStages:
    """An index whose matches at or above a floor are scored twice."""

    def __init__(
        self, first: FirstStage, second: SecondScorer, schemas: Mapping[str, str], floor: float
    ) -> None:
        """`schemas` is listed party → its schema; `floor` is the least score that is checked."""
        self._first = first
        self._second = second
        self._schemas = schemas
        self._floor = floor

    @property
    def alert_threshold(self) -> float:
        """The score at which an alert is raised."""
        return self._first.alert_threshold

    @property
    def algorithm(self) -> str:
        """Both algorithms, and how they are combined."""
        return f"{self._first.algorithm} & {self._second.name} ({LOWER_OF_BOTH})"

    def screen(
        self, queries: Sequence[str | Mapping[str, Any]], limit: int = 10
    ) -> list[list[Both]]:
        """Return the nearest listed parties of each query, best first. Raises SecondStageError."""
        found = [self._reaching(*one, limit) for one in self._nearest(queries, limit)]
        asked = [
            (place, at)
            for place, matches in enumerate(found)
            for at, one in enumerate(matches)
            if one.score >= self._floor
        ]
        pairs = [
            pair_of(queries[place], found[place][at].name, self._schema(found[place][at]))
            for place, at in asked
        ]
        told = self._second.scores(pairs) if pairs else []
        second = dict(zip(asked, told, strict=True))
        answers = [
            [self._both(one, second.get((place, at))) for at, one in enumerate(matches)]
            for place, matches in enumerate(found)
        ]
        return [sorted(one, key=lambda at: (-at.score, at.entity_id))[:limit] for one in answers]

    def may_reach(
        self, queries: Sequence[str | Mapping[str, Any]], prepared: Prepared, score: float
    ) -> Iterable[bool]:
        """Say for each query whether it may have a match of a score or more; no other has one.

        The second stage only lowers, so what the first cannot reach nothing reaches.
        """
        return self._first.may_reach(queries, prepared, score)

    def _nearest(
        self, queries: Sequence[str | Mapping[str, Any]], limit: int
    ) -> zip[tuple[str | Mapping[str, Any], Sequence[Compared]]]:
        return zip(queries, self._first.screen(queries, limit), strict=True)

    def _reaching(
        self, query: str | Mapping[str, Any], matches: Sequence[Compared], limit: int
    ) -> Sequence[Compared]:
        """Return all that reach the floor, however many: the second stage may lower any."""
        while len(matches) >= limit and matches[-1].score >= self._floor:
            limit *= 4
            matches = self._first.screen([query], limit)[0]
        return matches

    def _schema(self, one: Compared) -> str:
        return self._schemas.get(one.entity_id, "")

    def _both(self, one: Compared, second: float | None) -> Both:
        if second is None:
            return Both(one, one.score)
        return Both(one, min(one.score, round(second, 6)), self._second.name, second)
