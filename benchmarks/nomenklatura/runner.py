"""The bench control: nomenklatura's own index and logic-v2, over JSON lines.

Runs in an environment of its own (`requirements.txt` beside it) and imports
nothing of Sluicegate. Reads one JSON object a line from stdin and answers each
with one line on stdout, until stdin ends:

    {"do": "hello"}                                   name, versions
    {"do": "load", "entities": [...]}                 builds the index
    {"do": "screen", "queries": [...], "limit": 10}   matches, a list per query, best first
    {"do": "each", "queries": [...]}                  one call a name: seconds of each
    {"do": "compare", "pairs": [{"query", "name", "schema"}, ...]}   scores, one per pair

Entities are as `sluicegate.screening.Index.build` takes them. A query is
`{"query", "schema"?, "countries"?, "birth_date"?}`. Every answer has
`cpu_seconds` of this process with all its threads, and `peak_mb`, the most
memory it held so far. A line that cannot be done is answered by `{"error": ...}`.
The index is nomenklatura's blocker with its defaults: at most 75 candidates a
name. All queries of a line are blocked at once; its scores come from logic-v2
with its defaults.
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker.index import Index
from nomenklatura.matching import LogicV2
from nomenklatura.matching.types import ScoringConfig

DATASET = Dataset.make({"name": "bench", "title": "Bench"})
PACKAGES = ("nomenklatura", "followthemoney", "rigour", "duckdb", "pyicu")


class Listed:
    """The list, as the index wants to read it: kept in memory, the cheapest that it takes."""

    scope = DATASET

    def __init__(self, entities: Iterable[StatementEntity]) -> None:
        self.by_id = {str(one.id): one for one in entities}

    def entities(self, **_asked: object) -> Iterator[StatementEntity]:
        """Give every entity; the index asks only for schemata that are here."""
        return iter(self.by_id.values())


def entity_of(given: Mapping[str, Any]) -> StatementEntity:
    """Make an entity: the first name is its name, the others are aliases."""
    properties = {
        "name": given["names"][:1],
        "alias": given["names"][1:],
        "weakAlias": given.get("weak_names", []),
        "country": given.get("countries", []),
    }
    if given["schema"] == "Person":
        properties["birthDate"] = given.get("birth_dates", [])
    data = {"id": given["id"], "schema": given["schema"], "properties": properties}
    return StatementEntity.from_data(DATASET, data)


_NUMBERS = count()


def fresh_id() -> str:
    """Give an id that was not used before: names are kept by entity id in the libraries below."""
    return f"query-{next(_NUMBERS)}"


def query_of(given: Mapping[str, Any]) -> StatementEntity:
    """Make the entity that is asked for."""
    return entity_of(
        {
            "id": fresh_id(),
            "schema": given.get("schema", "LegalEntity"),
            "names": [given["query"]],
            "countries": given.get("countries", []),
            "birth_dates": [given["birth_date"]] if given.get("birth_date") else [],
        }
    )


class Control:
    """An index of one list, and what can be asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = ScoringConfig.defaults()
        self.listed = Listed(())
        self.index: Index[Dataset, StatementEntity] | None = None

    def hello(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        """Say who answers, by versions."""
        versions = {name: version(name) for name in PACKAGES}
        return {"name": LogicV2.NAME, "versions": versions, "python": platform.python_version()}

    def load(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Build the index of a list."""
        if self.index is not None:
            self.index.close()
        self.listed = Listed(map(entity_of, given["entities"]))
        self.index = Index(self.listed, self.folder)
        self.index.build()
        return {"entities": len(self.listed.by_id)}

    def screen(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Block all queries at once, score every candidate, and give the best."""
        if self.index is None:
            raise ValueError("no list: send load first")
        queries = {str(one.id): one for one in map(query_of, given["queries"])}
        matches: dict[str, list[dict[str, Any]]] = {key: [] for key in queries}
        for found, candidates in self.index.match_entities(queries.values()):
            query = queries[str(found)]
            scored = [(-self.score(query, str(one)), str(one)) for one, _ in candidates]
            matches[str(found)] = [
                {"entity_id": one, "score": -score}
                for score, one in sorted(scored)[: given.get("limit", 10)]
            ]
        return {"matches": list(matches.values())}

    def each(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Screen each query in a call of its own; give CPU and wall seconds of each."""
        cpu, wall = [], []
        for query in given["queries"]:
            began, clock = time.process_time(), time.perf_counter()
            self.screen({"queries": [query]})
            cpu.append(time.process_time() - began)
            wall.append(time.perf_counter() - clock)
        return {"cpu": cpu, "wall": wall}

    def compare(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Score pairs of names without an index."""
        scores = []
        for one in given["pairs"]:
            left = query_of(one)
            right = entity_of({"id": fresh_id(), "schema": one["schema"], "names": [one["name"]]})
            scores.append(LogicV2.compare(left, right, self.config).score)
        return {"scores": scores}

    def score(self, query: StatementEntity, listed: str) -> float:
        """Score a query against an entity of the list."""
        return float(LogicV2.compare(query, self.listed.by_id[listed], self.config).score)


def answer(
    work: Callable[[Mapping[str, Any]], dict[str, Any]], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Do the work of one line and say what it took."""
    began = time.process_time()
    try:
        found = work(given)
    except (KeyError, TypeError, ValueError) as problem:
        found = {"error": f"{type(problem).__name__}: {problem}"}
    found["cpu_seconds"] = time.process_time() - began
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    """Answer every line of stdin."""
    with tempfile.TemporaryDirectory() as folder:
        control = Control(Path(folder))
        works = {
            "hello": control.hello,
            "load": control.load,
            "screen": control.screen,
            "each": control.each,
            "compare": control.compare,
        }
        for line in sys.stdin:
            given = json.loads(line)
            print(json.dumps(answer(works[given["do"]], given)), flush=True)


if __name__ == "__main__":
    main()
