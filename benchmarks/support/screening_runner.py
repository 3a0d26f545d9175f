"""Our side of the screening benchmark, over the JSON lines that the control speaks too.

One line in, one line out; what the lines are stands in
`benchmarks/nomenklatura/runner.py`. CPU seconds are of the work itself with all
threads, without the reading and writing of lines, on both sides. The engine is
imported with the first list, so its import is part of building. Here are two
more lines than there:

    {"do": "each", "queries": [...]}       one call a name: CPU and wall seconds of each
    {"do": "delta", "before", "after", "customers"}   a list's change by what changed, and in full
"""

from __future__ import annotations

import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sluicegate.screening import Index

Given = Mapping[str, Any]
Answer = dict[str, Any]
Alerts = dict[tuple[int, str], float]
"""The score of each (customer, entry) at or above the alert threshold."""

PACKAGES = ("sluicegate", "numpy", "rapidfuzz", "anyascii")
EVERY_ALERT = 50
"""Matches asked for a customer where every alert is wanted: far more than any has."""
CALL = 1000
"""Customers a call."""


class Engine:
    """An index of one list, and what can be asked of it."""

    def __init__(self) -> None:
        self.index: Index | None = None

    @property
    def loaded(self) -> Index:
        """The index; a list has to be loaded first."""
        if self.index is None:
            raise ValueError("no list: send load first")
        return self.index

    def hello(self, _given: Given) -> Answer:
        """Say who answers, by versions."""
        versions = {name: version(name) for name in PACKAGES}
        return {"name": "sluicegate", "versions": versions, "python": platform.python_version()}

    def load(self, given: Given) -> Answer:
        """Build the index of a list."""
        from sluicegate.screening import Index

        self.index = Index.build(given["entities"])
        return {
            "entities": len(given["entities"]),
            "algorithm": str(self.index.algorithm),
            "alert_threshold": float(self.index.alert_threshold),
        }

    def screen(self, given: Given) -> Answer:
        """Screen all queries in one call."""
        found = self.loaded.screen(given["queries"], limit=given.get("limit", 10))
        return {
            "matches": [
                [{"entity_id": one.entity_id, "score": float(one.score)} for one in matches]
                for matches in found
            ]
        }

    def each(self, given: Given) -> Answer:
        """Screen each query in a call of its own."""
        cpu, wall = [], []
        for query in given["queries"]:
            began, clock = time.process_time(), time.perf_counter()
            self.loaded.screen([query], limit=10)
            cpu.append(time.process_time() - began)
            wall.append(time.perf_counter() - clock)
        return {"cpu": cpu, "wall": wall}

    def compare(self, given: Given) -> Answer:
        """Score pairs of names without an index."""
        from sluicegate.screening import compare

        return {
            "scores": [
                float(compare(one["query"], one["name"], one["schema"])) for one in given["pairs"]
            ]
        }

    def delta(self, given: Given) -> Answer:
        """Screen every customer against what a new version changed, and against all of it.

        A full pass lays the names out for the next run too, as a run of screening
        does; the delta reads them and compares those who may alert.
        """
        before = {one["id"]: one for one in given["before"]}
        after = {one["id"]: one for one in given["after"]}
        changed = [one for key, one in after.items() if before.get(key) != one]
        gone = before.keys() - after.keys()
        stale = gone | {one["id"] for one in changed}
        customers = given["customers"]
        had, _, _ = _full(list(before.values()), customers)
        full, full_cpu, held = _full(list(after.values()), customers)
        new, delta_cpu, compared = _delta(changed, customers, held)
        kept = {key: score for key, score in had.items() if key[1] not in stale}
        joined = kept | new
        return {
            "changed": len(changed),
            "gone": len(gone),
            "full_cpu": full_cpu,
            "delta_cpu": delta_cpu,
            "compared": compared,
            "held_bytes": len(held),
            "alerts": len(full),
            "new_alerts": len(full.keys() - had.keys()),
            "closed_alerts": len(had.keys() - full.keys()),
            "is_identical": joined == full,
            "differ": sorted(map(str, joined.items() ^ full.items()))[:10],
        }


def _full(entities: Sequence[Given], customers: Sequence[Given]) -> tuple[Alerts, float, bytes]:
    """Return all alerts, CPU seconds, and the names laid out for a delta."""
    from sluicegate.screening import Index
    from sluicegate.screening.prepared import Prepared

    began = time.process_time()
    found = _alerts(Index.build(entities), customers, range(len(customers)))
    held = Prepared.of(one["query"] for one in customers).to_bytes()
    return found, time.process_time() - began, held


def _delta(
    entities: Sequence[Given], customers: Sequence[Given], held: bytes
) -> tuple[Alerts, float, int]:
    """Return the alerts against what changed, CPU seconds, and how many were compared in full."""
    from sluicegate.screening import Index
    from sluicegate.screening.prepared import Prepared

    began = time.process_time()
    index = Index.build(entities)
    prepared = Prepared.from_bytes(held)
    if prepared is None:
        raise ValueError("names laid out a moment ago cannot be read")
    may = index.may_reach(customers, prepared, index.alert_threshold)
    places = [place for place, is_kept in enumerate(may.tolist()) if is_kept]
    found = _alerts(index, customers, places)
    return found, time.process_time() - began, len(places)


def _alerts(index: Index, customers: Sequence[Given], places: Sequence[int]) -> Alerts:
    found: Alerts = {}
    for start in range(0, len(places), CALL):
        some = places[start : start + CALL]
        given = index.screen([customers[place] for place in some], limit=EVERY_ALERT)
        for place, matches in zip(some, given, strict=True):
            for one in matches:
                if one.score >= index.alert_threshold:
                    found[place, one.entity_id] = float(one.score)
    return found


def answer(work: Callable[[Given], Answer], given: Given) -> Answer:
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
    engine = Engine()
    works = {
        "hello": engine.hello,
        "load": engine.load,
        "screen": engine.screen,
        "each": engine.each,
        "compare": engine.compare,
        "delta": engine.delta,
    }
    for line in sys.stdin:
        given = json.loads(line)
        print(json.dumps(answer(works[given["do"]], given)), flush=True)


if __name__ == "__main__":
    main()
