"""Ends of edges found in blocks: the same edges and faults as those read one by one."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sluicegate.adapters.lineage import ends, native
from sluicegate.adapters.lineage.native import read_native
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import GraphError, Lineage
from sluicegate.lineage.ends import NumberedEdges
from sluicegate.services.ports.lineage import StatedLineage

IDS = ("a", "b", "eight888", "nine99999", "é", "水闸", "x" * 63, "x" * 64, "x" * 65, "y" * 200, " ")


def _document(dice: random.Random, ids: list[str], *, strangers: bool) -> dict[str, Any]:
    ends_of = [*ids, "nobody", "z" * 90] if strangers else ids
    edges: list[dict[str, Any]] = []
    for _ in range(dice.randint(0, 60)):
        first, last = sorted(dice.choices(range(len(ends_of)), k=2))
        edge: dict[str, Any] = {"from": ends_of[first], "to": ends_of[last]}
        if first == last:
            continue
        if dice.random() < 0.2:
            edge |= {"human_substantial_change": True, "evidence": f"note {len(edges)}"}
        if dice.random() < 0.1:
            edge["remark"] = "not plain"
        edges.append(edge)
    return {"nodes": [{"id": one, "kind": "run", "flop": 1} for one in ids], "edges": edges}


def _read(text: str, monkeypatch: pytest.MonkeyPatch, *, numbered: bool) -> StatedLineage:
    monkeypatch.setattr(native, "_WORTH_NUMBERING", 0 if numbered else 10**9)
    found = read_native(text)
    assert isinstance(found, StatedLineage)
    assert isinstance(found.edges, NumberedEdges) is numbered
    return found


def _built(stated: StatedLineage) -> Lineage | tuple[str, tuple[str, ...]]:
    try:
        return lineage_of(stated.nodes, stated.edges)
    except GraphError as error:
        return error.fault.value, error.nodes


def _facts(found: Lineage | tuple[str, tuple[str, ...]]) -> Any:
    if isinstance(found, tuple):
        return found
    return found.nodes, found.offsets.tolist(), found.parents.tolist(), dict(found.cuts)


@pytest.mark.parametrize("probes", [12, 1, 0])
def test_numbered_edges_are_those_read_one_by_one(
    monkeypatch: pytest.MonkeyPatch, probes: int
) -> None:
    monkeypatch.setattr(ends, "_MOST_PROBES", probes)
    for seed in range(60):
        dice = random.Random(seed)
        ids = dice.sample([one for one in IDS if one != " "], dice.randint(1, len(IDS) - 1))
        ids += [f"node-{number}" for number in range(dice.randint(0, 30))]
        if dice.random() < 0.1:
            ids.append(ids[0])
        given = _document(dice, ids, strangers=dice.random() < 0.3)
        text = json.dumps(given, ensure_ascii=dice.random() < 0.3)
        one_by_one = _read(text, monkeypatch, numbered=False)
        numbered = _read(text, monkeypatch, numbered=True)
        assert list(numbered.edges) == list(one_by_one.edges)
        assert _facts(_built(numbered)) == _facts(_built(one_by_one))


def test_a_fault_among_numbered_edges_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = [{"from": "a", "to": "b"}] * 5
    given = {
        "nodes": [{"id": one, "kind": "run"} for one in ("a", "b")],
        "edges": [*plain, {"from": "a", "to": 7}, *plain, {"to": "b"}, *plain],
    }
    found = _read(json.dumps(given), monkeypatch, numbered=True)
    assert [one.place for one in found.faults] == ["edges[5]", "edges[11]"]
    assert len(found.edges) == 15


def test_many_ids_of_one_hash_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends, "_MIX", np.uint64(0))
    ids = [f"node-{number}" for number in range(200)]
    edges = [{"from": ids[number], "to": ids[number + 1]} for number in range(199)]
    given = {"nodes": [{"id": one, "kind": "run"} for one in ids], "edges": edges}
    found = _read(json.dumps(given), monkeypatch, numbered=True)
    assert [(cause, target) for cause, target, _ in found.edges] == list(pairwise(ids))


def test_numbers_of_other_nodes_are_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "nodes": [{"id": one, "kind": "run"} for one in ("a", "b", "c")],
        "edges": [{"from": "a", "to": "c"}, {"from": "b", "to": "c"}],
    }
    found = _read(json.dumps(given), monkeypatch, numbered=True)
    turned = lineage_of(found.nodes[::-1], found.edges)
    assert [turned.nodes[one].id for one in turned.causes(turned.places["c"])] == ["b", "a"]
    assert found.edges[-1] == ("b", "c", None)
    assert found.edges[:1] == [("a", "c", None)]
    with pytest.raises(IndexError):
        found.edges[2]
