"""The node's own registry as a data set: runs that were metered or declared, by model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sluicegate.services.access.authority import RefusedError
from sluicegate.services.datasets.registry import REGISTRY, registry_snapshot
from sluicegate.services.desk import Desk
from sluicegate.services.ports.present_world import WorldMark, WorldPart, WorldRow
from work_world import World, person, world

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
AS_OF = date(2026, 3, 31)


def estimate(low: str, central: str, high: str) -> Mapping[str, str]:
    figures = {"low": low, "central": central, "high": high, "ceiling": high}
    return {**figures, "method": "telemetry", "convention": "hardware_flop"}


def run(
    key: str, end: str | None, found: Mapping[str, str] | None, declared: str | None
) -> WorldRow:
    document: dict[str, Any] = {"end": end, "estimate": found, "declared": declared}
    customer, _, name = key.partition("/")
    return WorldRow(key, name, customer, document, "")


def fill(made: World) -> Desk:
    """Keep three runs of one customer, two of one model, and one of another."""
    store = made.store
    rows = [
        ("r-1", "alder-1", None),
        ("r-2", "alder-1", None),
        ("r-3", None, "4e24"),
    ]
    declared = [
        {
            "source": "portal",
            "run_id": name,
            "customer_id": "c-1",
            "model_id": model,
            "declared_flop": flop,
            "planned_end": "2026-05-01",
        }
        for name, model, flop in rows
    ]
    store.put("runs", declared, at=AT, by="ana")
    runs = [
        run("c-1/r-1", "2026-01-31", estimate("1e24", "2e24", "3e24"), "r-1"),
        run("c-1/r-2", "2026-02-28", estimate("2e24", "3e24", "4e24"), "r-2"),
        run("c-1/r-3", None, None, "r-3"),
        run("c-2/x", "2026-03-01", estimate("5e24", "6e24", "7e24"), None),
    ]
    customers = [
        WorldRow("c-1", "Aspen Labs", None, {"estimate": None}, "", country="NO"),
        WorldRow("c-2", "Beech Works", None, {"estimate": None}, "", country="JP"),
    ]
    store.present.keep_world(
        WorldMark(AS_OF, AT),
        {WorldPart.RUNS: runs, WorldPart.CUSTOMERS: customers, WorldPart.GROUPS: []},
        at=AT,
    )
    return made.desk(person("ana", "analyst"))


def test_runs_of_a_model_are_added_up_and_declared_compute_stands_in() -> None:
    with world() as made:
        found = registry_snapshot(fill(made))
    assert (found.name, found.known_on) == (REGISTRY, AS_OF)
    by_name = {one.name: one for one in found.models}
    assert sorted(by_name) == ["alder-1", "r-3", "x"]
    alder = by_name["alder-1"]
    assert (alder.low, alder.compute, alder.high) == (3 * 10**24, 5 * 10**24, 7 * 10**24)
    assert (alder.published, alder.developers) == (date(2026, 2, 28), ("Aspen Labs",))
    assert by_name["r-3"].compute == 4 * 10**24
    assert by_name["r-3"].published == date(2026, 5, 1)
    assert by_name["x"].countries == ("JP",)


def test_the_registry_needs_the_right_to_read_runs() -> None:
    with world() as made:
        fill(made)
        with pytest.raises(RefusedError):
            registry_snapshot(made.desk(person("ada", "administrator")))
