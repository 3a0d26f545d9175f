"""`sluicegate screening validate|sample|changes` on a node with a list and the engine."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import tiny_world
from command_line import Ran, sluicegate
from sluicegate.screening.index import compare

OWN = "entry_id,name,schema\n1,Mirea Sandling,Person\n2,Pell Weather,Organization\n"


@pytest.fixture
def node(tmp_path: Path) -> Path:
    return tiny_world.tiny_node(tmp_path / "node")


def screening(node: Path, *words: str) -> Ran:
    return sluicegate("screening", *words, "--node", str(node))


def read(node: Path, *words: str) -> Any:
    done = screening(node, *words, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def take_list(node: Path) -> None:
    file = node.parent / "own.csv"
    file.write_text(OWN, encoding="utf-8")
    assert sluicegate("lists", "import", str(file), "--node", str(node)).code == 0


def test_without_a_list_there_is_nothing_to_validate(node: Path) -> None:
    done = screening(node, "validate")
    assert done.code == 4
    assert "lists import" in done.err
    assert screening(node, "changes", "propose", "--reason", "x").code == 2


def test_a_pack_is_written_whole_and_once(node: Path, tmp_path: Path) -> None:
    take_list(node)
    screening(node, "run")
    dry = read(node, "validate", "--dry-run")
    assert (dry["folder"], dry["manifest"]) == (None, "")
    out = tmp_path / "pack"
    told = read(node, "validate", "--out", str(out), "--seed", "7", "--names", "5")
    assert told["figures"]["test_names_found"] > 0
    assert told["figures"]["by_kind"]["exact"] == [2, 2]
    digests = (out / "digests.txt").read_bytes()
    assert hashlib.sha256(digests).hexdigest() == told["manifest"]
    for line in digests.decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    with (out / "records.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["coverage"] for row in rows} >= {"screened"}
    assert screening(node, "validate", "--out", str(out)).code == 2
    screening(node, "validate")
    (kept,) = (node / "validation" / "self").iterdir()
    assert (kept / "report.zh.html").is_file()


def test_a_change_is_replayed_and_proposed_and_the_command_line_activates_nothing(
    node: Path,
) -> None:
    take_list(node)
    screening(node, "run")
    refused = screening(node, "changes", "propose", "--threshold", "x", "--reason", "why")
    assert refused.code == 2
    dry = screening(node, "changes", "propose", "--threshold", "0.999", "--reason", "why",
                    "--dry-run")  # fmt: skip
    assert dry.code == 0
    assert read(node, "changes", "list") == []
    made = read(node, "changes", "propose", "--threshold", "0.9999", "--reason", "why")
    lost = [one for one in made["shifts"] if one["change"] == "lost"]
    assert {one["listed_name"] for one in lost} == {"Mirea Sandling", "Pell Weather"}
    assert {one["party"] for one in lost} == {"p-sandling", "c-small-1"}
    assert read(node, "changes", "show", made["proposal"])["moments"] == made["moments"]
    assert "activate" not in screening(node, "changes", "--help").out.split("Commands")[-1].split()
    gone = screening(node, "changes", "withdraw", made["proposal"], "--reason", "only a trial")
    assert gone.code == 0
    assert [one["state"] for one in read(node, "changes", "list")] == ["withdrawn"]
    assert screening(node, "changes", "show", "sc-none").code == 2


def test_a_file_of_a_list_is_replayed_before_it_is_taken_in(node: Path) -> None:
    take_list(node)
    screening(node, "run")
    file = node.parent / "newer.csv"
    file.write_text(OWN + "3,Mirea Sandling,Person\n", encoding="utf-8")
    made = read(node, "changes", "propose", "--list", str(file), "--reason", "a new version")
    assert made["kind"] == "list"
    assert [one["change"] for one in made["shifts"]] == ["gained"]
    (listed,) = read_lists(node)
    assert listed["entries"] == 2
    both = screening(node, "changes", "propose", "--list", str(file), "--threshold", "0.8",
                     "--reason", "x")  # fmt: skip
    assert both.code == 2


def read_lists(node: Path) -> Any:
    return json.loads(sluicegate("lists", "list", "--node", str(node), "--format", "json").out)


def test_a_sampled_pair_is_judged_and_the_next_pack_counts_it(node: Path) -> None:
    file = node.parent / "near.csv"
    file.write_text("entry_id,name,schema\n1,Mirea Sandlyngh,Person\n", encoding="utf-8")
    sluicegate("lists", "import", str(file), "--node", str(node))
    near = float(compare("Mirea Sandling", "Mirea Sandlyngh", "Person"))
    config = node / "sluicegate.toml"
    higher = f"[screening]\nthreshold = {near + 0.005:.4f}\n"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{higher}", encoding="utf-8")
    assert read(node, "run")["alerts"] == 0
    read(node, "validate")
    assert screening(node, "sample", "judge", "s-none", "--verdict", "same").code == 2
    rows = read(node, "sample", "list")
    assert [(row["party_name"], row["listed_name"]) for row in rows] == [
        ("Mirea Sandling", "Mirea Sandlyngh")
    ]
    one = rows[0]["sample"]
    assert screening(node, "sample", "judge", one, "--verdict", "same").code == 2
    dry = screening(node, "sample", "judge", one, "--verdict", "different", "--dry-run")
    assert dry.code == 0
    assert read(node, "sample", "list")[0]["verdict"] == ""
    assert screening(node, "sample", "judge", one, "--verdict", "different").code == 0
    assert read(node, "sample", "list")[0]["verdict"] == "different"
