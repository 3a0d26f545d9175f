"""The counts of random and of worked lineages, read a second time by a plain reference.

The reference (`lineage_second_reading`) and the worked lineages were written from the texts
before the product's code was looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from command_line import sluicegate
from lineage_drawing import FAULTS, drawn, with_fault
from lineage_second_reading import Document, Row, answers, exact, faults_of
from sluicegate.adapters.lineage.reading import read_content
from sluicegate.lineage.document import GraphError
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lineage.asking import Asking, account_row, account_stated

GRAPHS = 10_000 if os.environ.get("SLUICEGATE_LONG") == "1" else 300
LAW = Law(shipped_book(), date(2026, 7, 23))
AS_ROUNDED = Fraction(1, 10**9)
"""A rate that no decimal ends is written with its first digits."""
WORKED: Sequence[Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "lineages.json").read_text(encoding="utf-8")
)["cases"]


def product_rows(document: Document) -> list[dict[str, Any]]:
    """Return what the product says of a lineage, as rows; raises GraphError."""
    (stated,) = read_content(json.dumps(document).encode()).lineages
    return [account_row(one) for one in account_stated(stated, LAW, Asking())]


def differences(document: Document, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what two readings of the queries of a lineage do not agree on."""
    expected = answers(document)
    if len(rows) != len(expected):
        return [f"{len(expected)} queries, {len(rows)} rows"]
    return [
        f"query {number}: {fault}"
        for number, (row, one) in enumerate(zip(rows, expected, strict=True))
        for fault in _apart(row, one)
    ]


def _apart(row: Mapping[str, Any], expected: Row) -> list[str]:
    rate = expected.quantity == "inference_compute_rate"
    name = "flop_per_second" if rate else "flop"
    same = {
        "target": row["target"] == expected.target,
        "quantity": row["quantity"] == expected.quantity,
        "counting_rule": row["counting_rule"] == expected.counting_rule,
        name: _equal(row[name], expected.figure, rounded=rate),
        "low": _equal(row["low"], expected.low, rounded=rate),
        "high": _equal(row["high"], expected.high, rounded=rate),
        "complete": row["complete"] is expected.complete,
        "excluded_nodes": len(row["excluded_nodes"]) == len(set(row["excluded_nodes"]))
        and set(row["excluded_nodes"]) == expected.excluded,
    }
    return [f"{field}: {row[field]!r} is not of {expected}" for field in same if not same[field]]


def _equal(written: str | None, figure: Fraction | None, *, rounded: bool) -> bool:
    if written is None or figure is None:
        return written is None and figure is None
    found = exact(written)
    return found == figure or (rounded and abs(found - figure) <= figure * AS_ROUNDED)


def test_random_lineages_count_the_same_by_both_readings() -> None:
    found = {
        number: apart
        for number, document in ((number, drawn(number)) for number in range(GRAPHS))
        if (apart := differences(document, product_rows(document)))
    }
    assert found == {}


@pytest.mark.parametrize("kind", range(len(FAULTS)), ids=FAULTS)
def test_a_planted_fault_is_named_with_its_nodes(kind: int) -> None:
    for number in range(kind, GRAPHS, len(FAULTS)):
        document, planted = with_fault(number)
        with pytest.raises(GraphError) as refused:
            product_rows(document)
        fault, nodes = refused.value.fault.value, refused.value.nodes
        assert fault == planted, number
        if FAULTS[kind] == "target":
            assert nodes == ("nobody",)
            continue
        (expected,) = faults_of(document)
        assert (expected.error, bool(nodes)) == (planted, True), number
        if planted == "cycle":
            ways = {(edge["from"], edge["to"]) for edge in document["edges"]}
            around = zip(nodes, [*nodes[1:], nodes[0]], strict=True)
            assert len(set(nodes)) == len(nodes), number
            assert set(around) <= ways, number
        else:
            assert set(nodes) == expected.nodes, number


def test_the_command_says_the_same_of_a_file_of_cases(tmp_path: Path) -> None:
    cases = [{"id": f"case {number}", **drawn(number)} for number in range(40)]
    file = tmp_path / "lineage.json"
    file.write_text(json.dumps({"cases": cases}), encoding="utf-8")
    ran = sluicegate("lineage", "account", file, "--format", "json")
    assert ran.code == 0, ran.err
    for case in cases:
        rows = [row for row in ran.json if row["case"] == case["id"]]
        assert differences(case, rows) == [], case["id"]


@pytest.mark.parametrize("number", range(len(FAULTS)), ids=FAULTS)
def test_the_command_refuses_a_graph_that_is_none(number: int, tmp_path: Path) -> None:
    document, planted = with_fault(number)
    file = tmp_path / "lineage.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    ran = sluicegate("lineage", "account", file, "--format", "json")
    assert (ran.code, ran.json["error"]) == (2, planted)
    assert ran.json["nodes"]


def test_the_drawn_lineages_hold_what_is_hard_to_count() -> None:
    rows = [row for number in range(300) for row in answers(drawn(number))]
    nodes = [node for number in range(300) for node in drawn(number)["nodes"]]
    assert len(rows) > 1000
    assert sum(not row.complete for row in rows) > 50
    assert sum(row.high is None for row in rows) > 50
    assert sum(bool(row.excluded) for row in rows) > 300
    assert {row.counting_rule for row in rows} == {"kthf", "us_4e091", "sb53", "raise", "eu_ai_act"}
    assert {node.get("discarded_by") for node in nodes} == {None, "human", "automatic", "failure"}


def test_of_two_equally_large_trainings_the_same_counts_in_any_order() -> None:
    generators = ("Sedge", "Reed")
    nodes: list[dict[str, Any]] = [{"id": "m", "kind": "model"}]
    for name in generators:
        common = {"kind": "run", "generator": name, "published": False}
        nodes.append({"id": f"train {name}", "flop": "4e25", "role": "teacher_training", **common})
        made = {"role": "synthetic_data_generation", "share_of_training": 0.2, "flop": "1e22"}
        nodes.append({"id": f"write {name}", **made, **common})
    edges = [{"from": node["id"], "to": "m"} for node in nodes[1:]]
    query = {"target": "m", "quantity": "training_compute", "counting_rule": "us_4e091"}
    found = [
        product_rows({"nodes": given, "edges": edges, "queries": [query]})[0]
        for given in (nodes, nodes[::-1])
    ]
    assert [one["flop"] for one in found] == ["40020000000000000000000000"] * 2
    assert [one["excluded_nodes"] for one in found] == [["train Sedge"]] * 2


@pytest.mark.parametrize("case", WORKED, ids=lambda case: str(case["id"]))
def test_a_worked_lineage_counts_as_its_reasons_say(case: Mapping[str, Any]) -> None:
    document = {name: case[name] for name in ("nodes", "edges", "queries")}
    rows = product_rows(document)
    assert len(rows) == len(case["expected"]) > 0
    for row, expected in zip(rows, case["expected"], strict=True):
        told = {name: _read(name, row[name]) for name in expected}
        wanted = {name: _read(name, value) for name, value in expected.items()}
        assert told == wanted, (row["target"], row["counting_rule"])
    assert case["why"]


def _read(name: str, value: Any) -> Any:
    if name == "excluded_nodes":
        return sorted(value)
    if name in ("flop", "flop_per_second", "low", "high") and value is not None:
        return exact(value)
    return value
