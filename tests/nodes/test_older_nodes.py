"""Nodes that earlier versions wrote still open, meter to the same digits and are assessed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import tiny_world
import write_test_node
from sluicegate import __version__
from sluicegate.core.exact import load_json
from sluicegate.services.explain import explain
from sluicegate.services.node import FOLDERS, CheckState
from sluicegate.wiring import check_node, opened
from studied import studied
from tiny_world import CLOCK, pass_over

NODES = Path(__file__).parent
VERSIONS = sorted(path.name for path in NODES.iterdir() if path.is_dir() and "." in path.name)
MOST_BYTES = 300_000


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def node(version: str, tmp_path: Path) -> Path:
    """Return a copy of an earlier version's node; opening one may bring its store up to date."""
    shutil.copytree(NODES / version, tmp_path / "node")
    write_test_node.unpack(tmp_path / "node")
    for folder in FOLDERS:  # git keeps no empty folders
        (tmp_path / "node" / folder).mkdir(exist_ok=True)
    return tmp_path / "node"


def expected(version: str) -> Any:
    return load_json((NODES / f"{version}.json").read_text(encoding="utf-8"))


def test_this_version_left_a_node() -> None:
    assert __version__ in VERSIONS, "run: python tools/write_test_node.py"


def test_an_older_node_is_in_order(node: Path) -> None:
    states = {check.name: check.state for check in check_node(node)}
    states.pop("disk")
    assert set(states.values()) <= {CheckState.OK, CheckState.WARNING}
    assert states["lake"] is states["integrity"] is CheckState.OK


def test_an_older_node_is_metered_to_the_same_digits(node: Path, version: str) -> None:
    with opened(node, clock=CLOCK) as found:
        assert write_test_node.metered(found) == expected(version)["metered"]


def test_an_older_node_is_assessed_and_its_findings_keep_their_ids(
    node: Path, version: str
) -> None:
    with opened(node, clock=CLOCK) as found:
        kept = set(found.store.last_findings())
        now = write_test_node.found(pass_over(found))
    before = expected(version)["findings"]
    assert {one["id"] for one in before} == kept
    assert [one for one in before if one not in now] == []


def test_the_cases_of_an_older_node_stand_as_they_were_left(node: Path, version: str) -> None:
    with opened(node, clock=CLOCK) as found:
        assert write_test_node.decided(found) == expected(version).get("cases", [])


def test_lineages_data_sets_and_consultations_of_an_older_node_read_as_they_were(
    node: Path, version: str
) -> None:
    nothing: dict[str, Any] = {"lineages": [], "snapshots": [], "consultations": []}
    with opened(node, clock=CLOCK) as found:
        assert studied(found) == expected(version).get("studied", nothing)


def test_a_decision_of_an_older_node_outlives_a_pass_that_finds_the_same(
    node: Path, version: str
) -> None:
    kept = {one["case"]: one for one in expected(version).get("cases", [])}
    with opened(node, clock=CLOCK) as found:
        pass_over(found)
        now = {one["case"]: one for one in write_test_node.decided(found)}
    for case_id, before in kept.items():
        for said in ("assignee", "proposed", "asked"):
            assert now[case_id][said] == before[said], (case_id, said)
        # Rules that came later add alerts behind those that were there, and nobody judged them.
        judged, added = (
            now[case_id]["judgements"][: len(before["judgements"])],
            now[case_id]["judgements"][len(before["judgements"]) :],
        )
        assert judged == before["judgements"], case_id
        assert set(added) <= {"none"}, case_id


def test_a_finding_of_an_older_node_is_explained_without_a_new_pass(
    node: Path, version: str
) -> None:
    [group] = [
        one for one in expected(version)["findings"] if one["rule"] == "assess.kyc.structuring"
    ]
    with opened(node, clock=CLOCK) as found:
        groups = tiny_world.measure(found).groups()
        tree = explain(
            group["id"], store=found.store, lake=found.lake, book=found.book, groups=groups
        )
        document = found.store.last_findings()[group["id"]]
        is_of_these_rules = document["rules_digest"] == found.book.files_digest
    text = "\n".join(tree.lines())
    assert "meter:shell-1" in text
    assert ("The rules changed since the pass" in text) is not is_of_these_rules


def test_a_node_kept_here_is_small(version: str) -> None:
    files = [path for path in (NODES / version).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_a_kept_node_is_never_written_over(version: str) -> None:
    with pytest.raises(SystemExit, match="keep it"):
        write_test_node.write(NODES / version)
