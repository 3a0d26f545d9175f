"""The law over time: as of a day, as known on another, between two days, and for whom."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.cells import cell_len

from command_line import sluicegate
from sluicegate.wiring import csv_to_parquet

ACT = "eu.ai_act"
RULE = "us.bis_affiliates"
FIRST_DAY = ("2025-08-01", "2025-08-02")


def test_a_list_of_rules_is_as_of_a_day_and_as_known_on_another() -> None:
    def status(*words: str) -> str:
        rows = sluicegate("rules", "list", "--format", "json", *words).json
        [found] = [row["status"] for row in rows if row["id"] == RULE]
        return str(found)

    assert status("--as-of", "2025-09-28") == "none yet"
    assert status("--as-of", "2025-09-29") == "in_force, enforced"
    assert status("--as-of", "2026-01-01") == "in_force, suspended"
    assert status("--as-of", "2026-01-01", "--known-on", "2025-11-09") == "in_force, enforced"
    assert sluicegate("rules", "list", "--as-of", "soon").code == 2
    chinese = sluicegate("rules", "list", "--language", "zh", "--format", "csv").csv
    assert "《人工智能法》" in " ".join(row["title"] for row in chinese)


def test_a_rule_shows_which_of_its_dates_holds_and_leaves_out_what_was_not_known() -> None:
    words = ("rules", "show", RULE, "--as-of", "2026-01-01", "--format", "json")
    holding = [one for one in sluicegate(*words).json["status"] if one["holds"]]
    assert [one["enforcement"] for one in holding] == ["suspended"]
    then = sluicegate(*words, "--known-on", "2025-10-31").json["status"]
    assert [(one["enforcement"], one["holds"]) for one in then] == [("enforced", True)]
    everything = sluicegate("rules", "show", RULE, "--format", "json").json["status"]
    assert len(everything) > len(then)
    assert all("holds" not in one for one in everything)
    assert "holds: yes" in sluicegate(*words[:-2]).out


def test_a_change_of_law_is_said_on_its_own_day_and_grouped_by_instrument() -> None:
    ran = sluicegate("rules", "diff", "2025-01-01", "2026-11-21")
    assert ran.code == 0
    heads = [line for line in ran.out.splitlines() if line and not line.startswith(" ")]
    assert len(heads) == len(set(heads))
    act = ran.out.split(f"({ACT})")[1].split("\n\n")[0]
    assert "From 2025-08-02 on: the text is in force, enforced; before: published" in act
    loses = "From 2026-02-03 on: Country Group D:5 loses Cambodia (KH)"
    assert loses in ran.out
    assert "second" in ran.out.split(loses)[1].splitlines()[0]
    assert "From a day after 2025-01-13 and no later than 2026-07-23 on" in ran.out
    chinese = sluicegate("rules", "diff", "2025-01-01", "2026-11-21", "--language", "zh").out
    assert "自2026-02-03起，D:5国家组删除柬埔寨（KH）" in chinese
    assert "From " not in chinese


def test_every_step_of_a_figure_is_a_change_of_its_own() -> None:
    words = ("rules", "diff", "2025-03-31", "2025-10-01", "--format", "json")
    rows = [row for row in sluicegate(*words).json if "installed" in row["sentence"]]
    assert [row["since"] for row in rows] == ["2025-04-01", "2025-07-01", "2025-10-01"]
    assert [one["before"] for one in rows[1:]] == [one["after"] for one in rows[:-1]]
    assert "rises from 6.33e8 TPP to 9.495e8 TPP, by 3.165e8 TPP (50 %)" in rows[0]["sentence"]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_changes_keep_their_fields(form: str) -> None:
    ran = sluicegate("rules", "diff", *FIRST_DAY, "--format", form)
    rows = ran.json if form == "json" else ran.csv
    [row] = [row for row in rows if row["id"] == ACT]
    assert {"id", "title", "what", "before", "after", "since", "reference"} <= set(row)
    assert (row["before"], row["after"]) == ("published, not_yet_due", "in_force, enforced")
    assert (row["what"], row["since"]) == ("status", "2025-08-02")


def test_what_was_not_known_yet_is_no_change() -> None:
    days = ("2025-11-09", "2025-11-10")
    now = sluicegate("rules", "diff", *days, "--format", "json").json
    then = sluicegate("rules", "diff", *days, "--known-on", "2025-11-09", "--format", "json").json
    assert RULE in {row["id"] for row in now}
    assert RULE not in {row["id"] for row in then}
    assert sluicegate("rules", "diff", "2025-11-10", "2025-11-10", "--format", "json").json == []


def test_days_in_the_wrong_order_are_refused() -> None:
    ran = sluicegate("rules", "diff", "2026-01-01", "2025-01-01")
    assert ran.code == 2
    assert "give the earlier day first" in ran.err


SUBJECTS = [
    {"id": "large", "facts": {"training_compute": "2e25"}},
    {"id": "small", "facts": {"training_compute": "1e20"}},
    {"id": "bad", "facts": {"training_compute": 5}},
]
QUESTION = ("--question", "eu_systemic_risk")


def asked(tmp_path: Path, subjects: object, *words: str) -> list[object]:
    file = tmp_path / "subjects.json"
    file.write_text(json.dumps(subjects))
    return ["rules", "diff", *FIRST_DAY, "--facts", file, *QUESTION, *words]


def test_subjects_whose_answer_changed_are_listed_with_both_outcomes(tmp_path: Path) -> None:
    ran = sluicegate(*asked(tmp_path, SUBJECTS, "--format", "json"))
    assert ran.code == 0
    assert ran.json["asked"] == 3
    rows = {row["id"]: row for row in ran.json["changed"]}
    large = rows["large"]
    assert "chapter_v_applies" in large["fields"]
    assert (large["before"]["chapter_v_applies"], large["after"]["chapter_v_applies"]) == (
        False,
        True,
    )
    assert large["outcome_before"] != large["outcome_after"]
    assert [one["id"] for one in ran.json["refused"]] == ["bad"]
    assert ran.json["refused"][0]["errors"] == ["training_compute"]
    told = sluicegate(*asked(tmp_path, SUBJECTS))
    assert "large (chapter_v_applies" in told.out
    assert large["outcome_after"] in told.out
    assert "3 asked" in told.err
    listed = sluicegate(*asked(tmp_path, SUBJECTS, "--format", "csv")).csv
    assert {row["id"] for row in listed} == set(rows)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_table_of_subjects_is_told_as_a_list_of_them(tmp_path: Path, form: str) -> None:
    subjects = [*SUBJECTS[:2], {"id": "bad", "facts": {"training_compute": "much"}}]
    listed = sluicegate(*asked(tmp_path, subjects, "--format", "json")).json
    csv = "id,training_compute\nlarge,2e25\nsmall,1e20\nbad,much\n"
    file = tmp_path / f"subjects.{form}"
    written = str.encode if form == "csv" else csv_to_parquet
    file.write_bytes(written(csv))
    words = ("rules", "diff", *FIRST_DAY, "--facts", file, *QUESTION)
    table = sluicegate(*words, "--format", "json")
    assert table.code == 0
    assert table.json == listed
    assert {row["id"] for row in table.json["changed"]} >= {"large"}
    file.write_bytes(written(csv.replace("id,", "as_of,")))
    refused = sluicegate(*words, "--format", "json")
    assert (refused.code, refused.json["error"]) == (2, "as_of")


def test_rows_without_an_id_are_told_by_their_number(tmp_path: Path) -> None:
    file = tmp_path / "subjects.csv"
    file.write_text("training_compute\n2e25\nmuch\n")
    ran = sluicegate("rules", "diff", *FIRST_DAY, "--facts", file, *QUESTION, "--format", "json")
    assert [row["id"] for row in ran.json["changed"]] == ["1"]
    assert [row["id"] for row in ran.json["refused"]] == ["2"]


def test_a_day_before_the_first_that_is_answered_is_a_change_too(tmp_path: Path) -> None:
    file = tmp_path / "subjects.yaml"
    file.write_text("- {id: a, facts: {destination: FR}}\n")
    words = ("--facts", file, "--question", "destination_class", "--format", "json")
    ran = sluicegate("rules", "diff", "2000-01-01", "2025-06-01", *words)
    [row] = ran.json["changed"]
    assert "as_of" in row["outcome_before"]
    assert row["before"] == {}
    assert row["after"]


@pytest.mark.parametrize("subjects", [{}, [1], [{"id": "a"}], [{"id": "a", "facts": {}, "odd": 1}]])
def test_a_file_that_holds_no_subjects_is_refused(tmp_path: Path, subjects: object) -> None:
    ran = sluicegate(*asked(tmp_path, subjects, "--format", "json"))
    assert (ran.code, ran.json["error"]) == (2, "facts")


def test_facts_and_question_belong_together(tmp_path: Path) -> None:
    ran = sluicegate("rules", "diff", *FIRST_DAY, *QUESTION)
    assert (ran.code, ran.out) == (2, "")
    wrong = [*asked(tmp_path, SUBJECTS)[:-1], "no_question"]
    ran = sluicegate(*wrong, "--format", "json")
    assert (ran.code, ran.json["error"]) == (2, "question")
    nobody = sluicegate(*asked(tmp_path, SUBJECTS[2:]))
    assert nobody.code == 2


def test_a_timeline_lists_every_dated_event_in_order(tmp_path: Path) -> None:
    svg = tmp_path / "rule.svg"
    ran = sluicegate("rules", "timeline", RULE, "--svg", svg, "--format", "json")
    assert ran.code == 0
    days = [row["from"] for row in ran.json]
    assert days == sorted(days)
    assert {"published", "known", "status", "value"} == {row["kind"] for row in ran.json}
    [known] = [row for row in ran.json if row["kind"] == "known"]
    assert (known["from"], known["what"][-18:]) == ("2025-11-10", "in force, enforced")
    assert ET.parse(svg).getroot().tag.endswith("svg")
    assert "从" not in svg.read_text(encoding="utf-8")
    listed = sluicegate("rules", "timeline", RULE, "--format", "csv").csv
    assert [row["from"] for row in listed] == days
    then = ("--known-on", "2025-10-31", "--format", "json")
    before = sluicegate("rules", "timeline", RULE, *then).json
    assert 0 < len(before) < len(days)
    chinese = sluicegate("rules", "timeline", RULE, "--language", "zh")
    assert "已生效，" in chinese.out
    assert "关联方规则" in chinese.out


def test_a_timeline_of_nothing_or_into_nowhere_is_refused(tmp_path: Path) -> None:
    assert sluicegate("rules", "timeline", "eu.no_act").code == 2
    ran = sluicegate("rules", "timeline", ACT, "--svg", tmp_path / "no" / "x.svg")
    assert ran.code == 2
    assert "give another file" in ran.err


def test_what_was_not_known_and_a_day_with_itself_are_said() -> None:
    before = sluicegate("rules", "timeline", "eu.ai_act", "--known-on", "1999-01-01")
    assert (before.code, before.out.strip()) == (0, "")
    assert "was known on 1999-01-01" in before.err
    same = sluicegate("rules", "diff", "2025-01-01", "2025-01-01")
    assert (same.code, same.err.strip()) == (0, "0 changes; the two days are the same")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "command", [("questions",), ("list",), ("timeline", "eu.ai_act"), ("timeline", "us_ca.sb53")]
)
def test_a_table_fits_a_hundred_columns_and_keeps_ids_whole(
    command: tuple[str, ...], language: str
) -> None:
    shown = sluicegate("rules", *command, "--language", language)
    assert max(map(cell_len, shown.out.splitlines())) <= 100
    rows = json.loads(sluicegate("rules", *command, "--format", "json").out)
    name = "question" if command == ("questions",) else "id"
    for row in rows:
        assert len(row[name]) > 40 or row[name] in shown.out
