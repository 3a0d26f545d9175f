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


def test_countries_and_dates_are_read_as_people_write_them(tmp_path: Path, listed: Path) -> None:
    asked = names(
        tmp_path,
        "name,schema,birth_date,country\n"
        "Mirea Sandling,person,1970-02-03,\n"
        "Mirea Sandling,Person,3 February 1970,\n"
        "Mirea Sandling,Person,,Nowhere Land\n"
        "Mirea Sandling,Person,not known,\n"
        "Mirea Sandling,Person,,\n",
    )
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--format", "json")
    dated, written, nowhere, odd, bare = (one["matches"][0]["score"] for one in ran.json)
    assert dated == written != bare
    assert nowhere == odd == bare
    assert "names.csv:4: country: 'Nowhere Land' is no country that is known" in ran.err
    assert "names.csv:5: birth_date: 'not known' is no date that can be read" in ran.err


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "has no column name"),
        (b"\xff\xfe\x00", "is no UTF-8 at byte 0"),
        (b"name,schema\nA,Person\nB,Ghost\nC,Boat\n", "names.csv:4: schema: 'Boat' is not known"),
    ],
)
def test_a_file_of_names_is_refused_with_its_place(
    tmp_path: Path, listed: Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "names.csv"
    file.write_bytes(content)
    ran = sluicegate("screen", "--list", listed, "--names", file)
    assert ran.code == 2
    assert problem in ran.err


def test_a_file_of_names_that_is_not_there_is_told_with_the_way_out(
    tmp_path: Path, listed: Path
) -> None:
    ran = sluicegate("screen", "--list", listed, "--names", tmp_path / "none.csv")
    assert ran.code == 2
    assert "cannot be read: No such file or directory; check the path" in ran.err


def test_odd_names_are_screened_like_any_other(tmp_path: Path, listed: Path) -> None:
    odd = ['""', "\u200fMirea Sandling", "Mirea\x07 Sandling", "Mirea " * 1500, "ق" * 10_000]
    asked = names(tmp_path, "name\n" + "\n".join(odd) + "\n")
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--format", "json")
    assert ran.code == 0
    found = [[one["entity_id"] for one in name["matches"]] for name in ran.json]
    assert found[:3] == [[], ["1"], ["1"]]
    assert len(found) == len(odd)


def test_a_second_scorer_that_fails_is_unavailable(tmp_path: Path, listed: Path) -> None:
    asked = names(tmp_path, "name\nMirea Sandling\n")
    ran = sluicegate("screen", "--list", listed, "--names", asked, "--second-stage", "false")
    assert ran.code == 4
    assert "second scorer 'false'" in ran.err
