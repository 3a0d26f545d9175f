"""`sluicegate screen`: names of a file against list files, without a node."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sluicegate


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "own.csv"
    file.write_text(
        "entry_id,name,schema,country,birth_date\n"
        "1,Mirea Sandling,Person,,1970-02-03\n"
        "2,Pell Weather Ltd,Organization,,\n",
        encoding="utf-8",
    )
    return file


def names(folder: Path, text: str, name: str = "names.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_names_come_back_in_order_with_their_nearest_entries(tmp_path: Path, listed: Path) -> None:
    asked = names(tmp_path, "name,id,schema\nNobody Here,b,Person\nMirea Sandlin,a,Person\n")
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--format", "json")
    assert ran.code == 0
    nobody, mirea = ran.json
    assert nobody == {"query": "Nobody Here", "id": "b", "matches": []}
    (match,) = mirea["matches"]
    assert (match["entity_id"], match["list"]) == ("1", "own")
    assert 0.7 < float(match["score"]) < 1
    assert any("Mirea Sandling" in reason for reason in match["reasons"])


def test_a_text_file_has_one_name_a_line(tmp_path: Path, listed: Path) -> None:
    asked = names(tmp_path, "Pell Weather\n\nMirea Sandling\n", "names.txt")
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--format", "json")
    assert [one["query"] for one in ran.json] == ["Pell Weather", "Mirea Sandling"]
    assert [one["matches"][0]["entity_id"] for one in ran.json] == ["2", "1"]


def test_what_is_known_beside_the_name_counts(tmp_path: Path, listed: Path) -> None:
    asked = names(
        tmp_path, "name,birth_date\nMirea Sandling,1970-02-03\nMirea Sandling,1999-01-01\n"
    )
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--format", "json")
    same, other = (float(one["matches"][0]["score"]) for one in ran.json)
    assert same > other


def test_findings_fail_only_when_asked_to(tmp_path: Path, listed: Path) -> None:
    found = names(tmp_path, "name\nMirea Sandling\n")
    nothing = names(tmp_path, "name\nQuill Harbour\n", "other.csv")
    words = ("screen", "--list", listed, "--names")
    assert sluicegate(*words, found).code == 0
    assert sluicegate(*words, found, "--fail-on-findings").code == 1
    assert sluicegate(*words, nothing, "--fail-on-findings").code == 0


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [("nom\nA\n", "names.csv", "no column name"), ("name,schema\nA,Ghost\n", "n.csv", "Ghost")],
)
def test_names_that_cannot_be_read_are_refused_with_advice(
    tmp_path: Path, listed: Path, text: str, name: str, problem: str
) -> None:
    ran = sluicegate("screen", "--list", listed, "--names", names(tmp_path, text, name))
    assert ran.code == 2
    assert problem in ran.err


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    asked = names(tmp_path, "name\nA\n")
    assert sluicegate("screen", "--list", tmp_path / "none.csv", "--names", asked).code == 2
