"""`sluicegate lab data` and `sluicegate lab threshold`: from a file, from a node, and refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from command_line import sluicegate
from drawn_pictures import checked

JSON = ("--format", "json")
TABLE = """\
name,developers,published,flop,confidence
Alder 1,Aspen Labs (invented),2024-03-01,1e25,Confident
Birch 1,Beech Works (invented),2024-06-01,6e24,Likely
Alder 2,Aspen Labs (invented),2025-03-01,1e26,Confident
Bad,Beech Works (invented),2025-03-02,much,Confident
"""
CREDIT = ("--source", "Example Institute, CC BY 4.0")
DAY = ("--as-of", "2025-12-31")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table of invented models with one bad row."""
    file = tmp_path / "harbour_2025-12-30.csv.gz"
    file.write_bytes(gzip.compress(TABLE.encode()))
    return file


def test_a_file_is_tried_without_a_node(table: Path, tmp_path: Path) -> None:
    svg = tmp_path / "lab.svg"
    words = ("lab", "threshold", "--data", table, "--threshold", "5e24", *DAY, "--from", "2024")
    ran = sluicegate(*words, "--svg", svg)
    assert ran.code == 0
    assert "harbour_2025-12-30.csv.gz:5: compute: 'much' is no number" in ran.err
    assert "burdened developers that were not at the frontier" not in ran.err
    assert "Above 5e24 FLOP it would have caught 3 models of 2 developers" in ran.err
    checked(svg.read_text(encoding="utf-8"))
    document = sluicegate(*words, *JSON).json
    assert [one["caught"] for one in document["options"][0]["years"]] == [2, 1]
    rows = sluicegate(*words, "--rows", "models", "--format", "csv").csv
    assert [row["model"] for row in rows] == ["Alder 1", "Birch 1", "Alder 2"]
    assert rows[0]["flop"] == "10000000000000000000000000"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("rows", ["options", "years", "models", "burdened", "missed", "splitting"])
def test_every_kind_of_row_is_written_as_a_table(table: Path, rows: str, language: str) -> None:
    words = ("lab", "threshold", "--data", table, "--threshold", "6e24", *DAY, "--rows", rows)
    ran = sluicegate(*words, "--language", language)
    assert ran.code == 0
    assert ("option" if language == "en" else "所试阈值") in ran.out
    assert "6e24" in ran.out or rows == "burdened"


def test_one_model_none_and_a_single_year_are_said_as_such(table: Path) -> None:
    words = ("lab", "threshold", "--data", table, *DAY, "--from", "2025")
    ran = sluicegate(*words, "--threshold", "5e25", "--threshold", "1e27")
    assert "Above 5e25 FLOP it would have caught 1 model of 1 developer in 2025: Aspen" in ran.err
    assert "Above 1e27 FLOP it would have caught no model in 2025." in ran.err
    chinese = sluicegate(*words, "--threshold", "5e25", "--language", "zh")
    assert "2025年本会涵盖1家开发者的1个模型：Aspen Labs (invented)。" in chinese.err


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = sluicegate(
        "lab", "threshold", "--data", tmp_path / "none.csv", "--threshold", "1e25", *DAY
    )
    assert (ran.code, ran.out) == (2, "")
    assert "none.csv: there is no such file" in ran.err


def test_options_stand_side_by_side_in_the_order_given(table: Path) -> None:
    words = ("lab", "threshold", "--data", table, *DAY, "--rows", "options")
    moving = "paper.kumar_manning_2025.within_one_order"
    given = ("--threshold", "1e25", "--threshold", "1e26", "--moving", moving)
    rows = sluicegate(*words, *given, *JSON).json["options"]
    assert [one["option"] for one in rows] == ["1e25", "1e26", moving]
    at = sluicegate(*words, "--threshold", "1e26", "--comparator", "at_least", *JSON).json
    assert at["options"][0]["splitting"]["most_pieces"] == 2


def test_a_table_is_taken_in_once_listed_shown_and_tried(node: Path, table: Path) -> None:
    at = ("--node", node)
    words = ("lab", "data", "import", table, "--name", "harbour", *CREDIT, *at)
    dry = sluicegate(*words, "--dry-run", *JSON).json
    assert dry[0]["state"] == "would be new"
    assert sluicegate("lab", "data", "list", *at, *JSON).json == []
    assert sluicegate(*words, *JSON).json[0]["state"] == "new"
    assert sluicegate(*words, *JSON).json[0]["state"] == "unchanged"
    [kept] = sluicegate("lab", "data", "list", *at, *JSON).json
    assert (kept["known_on"], kept["models"], kept["left_out"]) == ("2025-12-30", 3, 1)
    shown = sluicegate("lab", "data", "show", "harbour", *at, *JSON).json
    assert [one["name"] for one in shown["models"]] == ["Alder 1", "Birch 1", "Alder 2"]
    tried = sluicegate(
        *("lab", "threshold", "--data", "harbour", "--threshold", "1e25", *DAY, *at, *JSON)
    ).json
    assert (tried["data"]["known_on"], tried["data"]["source"]) == ("2025-12-30", CREDIT[1])


def test_every_bad_row_can_be_taken_out(node: Path, table: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    ran = sluicegate(
        *("lab", "data", "import", table, *CREDIT, "--node", node, "--rejects", rejects)
    )
    assert ran.code == 0
    assert "much" in rejects.read_text(encoding="utf-8")


def test_the_nodes_own_runs_are_a_data_set(passed: Path) -> None:
    words = ("lab", "threshold", "--data", "registry", "--threshold", "1e25", "--node", passed)
    found = sluicegate(*words, "--as-of", "2026-06-30", *JSON).json
    assert found["data"]["name"] == "registry"
    assert found["options"][0]["caught"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lab", "threshold", "--data", "{table}"), "Give from 1 to"),
        (("lab", "threshold", "--data", "{table}", "--threshold", "x"), "--threshold: 'x'"),
        (("lab", "threshold", "--data", "none", "--threshold", "1e25"), "no such data set"),
        (("lab", "data", "show", "none"), "no such data set"),
        (("lab", "data", "import", "{table}"), "nobody is credited"),
        (("lab", "data", "import", "no.csv", *CREDIT), "cannot be read"),
    ],
)
def test_what_cannot_be_done_ends_with_a_reason(
    node: Path, table: Path, words: tuple[str, ...], told: str
) -> None:
    ran = sluicegate(*(one.format(table=table) for one in words), "--node", node)
    assert ran.code == 2
    assert told in ran.err
    assert ran.out == ""
