"""`sluicegate lineage picture` and `tree`: of a file and of a node, and what is refused."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import drawn_lineages as samples
from command_line import sluicegate
from drawn_pictures import checked, texts
from kept_lineages import lineage_json

JSON = ("--format", "json")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "student.json"
    place.write_bytes(lineage_json(samples.distillation()))
    return place


def test_a_picture_goes_to_a_file_or_to_stdout(file: Path, tmp_path: Path) -> None:
    svg = tmp_path / "student.svg"
    ran = sluicegate("lineage", "picture", "student", "--file", file, "--svg", svg)
    assert (ran.code, ran.out) == (0, "")
    assert "3 of 8 nodes that lead to it count, at least 9.2e24 FLOP together" in ran.err
    root = checked(svg.read_text(encoding="utf-8"))
    assert {"cut", "Student"} <= set(texts(root))
    alone = sluicegate("lineage", "picture", "student", "--file", file, "--language", "zh")
    assert "切断" in texts(ET.fromstring(alone.out))


def test_a_tree_is_printed_as_lines_rows_or_a_document(file: Path) -> None:
    asked = ("lineage", "tree", "student", "--file", file)
    shown = sluicegate(*asked, "--rule", "eu_ai_act")
    assert shown.out.splitlines()[0] == ". Student (student)  model  [with its causes 9.2e24]"
    rows = {row["id"]: row for row in sluicegate(*asked, "--format", "csv").csv}
    assert rows["drafts"]["standing"] == "out"
    document = sluicegate(*asked, "--depth", "2", *JSON).json
    assert document["nodes_in_all"] == 8
    assert sum(1 + one["hidden_nodes"] for one in document["nodes"]) == 8
    assert document["flop"] == "9200000000000000000000000"


def test_a_lineage_that_a_node_keeps_is_drawn_by_the_name_of_its_target(
    file: Path, passed: Path
) -> None:
    node = ("--node", passed)
    assert sluicegate("lineage", "import", file, *node).code == 0
    shown = sluicegate("lineage", "tree", "student", *node)
    assert "(teacher-run)" in shown.out


def test_a_target_or_a_rule_that_is_not_there_is_refused(file: Path) -> None:
    asked = ("lineage", "tree", "nobody", "--file", file)
    ran = sluicegate(*asked)
    assert (ran.code, ran.json["error"], ran.json["nodes"]) == (2, "dangling", ["nobody"])
    rule = sluicegate("lineage", "picture", "student", "--file", file, "--rule", "hearsay")
    assert rule.code == 2
    assert "kthf, us_4e091" in rule.err
