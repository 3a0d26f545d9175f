"""`ask` for a file of many subjects: the rows, the refusals, the forms and the exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from command_line import Ran, parquet_rows, sluicegate
from sluicegate.adapters.fact_files.file import FactFile
from sluicegate.core.exact import load_json
from sluicegate.rules.loading import shipped_book
from sluicegate.services.asking import ask_question, question_named
from sluicegate.services.bulk import Asking
from sluicegate.services.bulk.files import Layout, answer_file

DAY = ("--as-of", "2026-06-30")
ROWS = """\
id,training_compute,condition_met_on
a,1.2e25,2026-06-01
b,1e25,
c,1.2 e25,2026-06-01
d,,2026-06-01
"e, f",10000000000000000000000001,2026-02-30
"""


def file_of(folder: Path, text: str, name: str = "facts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def parquet_of(folder: Path, query: str) -> Path:
    path = folder / "facts.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({query}) TO '{path}' (FORMAT PARQUET)")
    return path


def asked(file: Path, *words: object, question: str = "eu_systemic_risk") -> Ran:
    return sluicegate("ask", question, "--facts", file, *DAY, *words)


def one(question: str, facts: Mapping[str, Any], as_of: str = "2026-06-30") -> Any:
    """Return the answer of a single question as JSON."""
    return ask_question(question, facts, as_of=as_of).answer_json()


def test_rows_come_back_in_order_with_their_answer_or_their_fault(tmp_path: Path) -> None:
    ran = asked(file_of(tmp_path, ROWS), "--format", "json")
    assert ran.code == 0
    rows = ran.json
    assert [row["id"] for row in rows] == ["a", "b", "c", "d", "e, f"]
    for row, facts in (
        (rows[0], {"training_compute": "1.2e25", "condition_met_on": "2026-06-01"}),
        (rows[1], {"training_compute": "1e25"}),
    ):
        assert {key: row[key] for key in one("eu_systemic_risk", facts)} == one(
            "eu_systemic_risk", facts
        )
        assert (row["error"], row["message"]) == (None, None)
    for row, facts in (
        (rows[2], {"training_compute": "1.2 e25", "condition_met_on": "2026-06-01"}),
        (rows[3], {"condition_met_on": "2026-06-01"}),
        (rows[4], {"training_compute": "1e26", "condition_met_on": "2026-02-30"}),
    ):
        single = sluicegate(
            *("ask", "eu_systemic_risk", "--facts", "-", *DAY, "--format", "json"),
            stdin=json.dumps(facts),
        )
        assert (row["error"], row["message"]) == (single.json["error"], single.json["message"])
        assert row["presumed_systemic"] is None
    assert "5 rows, 2 answered, 3 refused" in ran.err
    assert "first refused row 3" in ran.err


def test_csv_says_the_same_and_can_be_read_back(tmp_path: Path) -> None:
    ran = asked(file_of(tmp_path, ROWS), "--format", "csv")
    assert ran.code == 0
    rows = ran.csv
    assert rows[0] == {
        "id": "a",
        "chapter_v_applies": "true",
        "presumed_systemic": "true",
        "notify_by": "2026-06-15",
        "error": "",
        "message": "",
    }
    assert [row["error"] for row in rows] == [
        *("", "", "training_compute", "training_compute", "condition_met_on")
    ]


def test_a_table_is_for_the_screen(tmp_path: Path) -> None:
    ran = asked(file_of(tmp_path, ROWS), "--outcome")
    assert ran.code == 0
    assert "presumed" in ran.out
    assert "2026-06-15" in ran.out
    many = "training_compute\n" + "1e24\n" * 150
    ran = asked(file_of(tmp_path, many))
    assert ran.code == 0
    assert "100 of 150 rows are shown" in ran.err


@pytest.mark.parametrize("command", ["ask", "intake"])
def test_a_small_file_that_stands_for_rows_without_end_is_refused(
    tmp_path: Path, command: str
) -> None:
    file = parquet_of(tmp_path, "SELECT 1 AS training_compute FROM range(20000000)")
    assert file.stat().st_size < 100_000
    if command == "ask":
        ran = asked(file)
    else:
        sluicegate("init", tmp_path / "node")
        ran = sluicegate("intake", file, "--kind", "usage", "--node", tmp_path / "node")
    assert ran.code != 0
    assert "20000000 rows" in ran.err


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.parquet"])
def test_the_name_of_the_file_says_its_form(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    target.write_text("older")
    ran = asked(file_of(tmp_path, ROWS), "--out", target)
    assert (ran.code, ran.out) == (0, "")
    if name.endswith("parquet"):
        rows = parquet_rows(str(target))
        assert rows[0]["notify_by"] == date(2026, 6, 15)
        assert rows[0]["presumed_systemic"] is True
    elif name.endswith("json"):
        rows = load_json(target.read_text())
    else:
        rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert [row["id"] for row in rows] == ["a", "b", "c", "d", "e, f"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["facts.csv", name])


def test_outcomes_are_written_in_either_language(tmp_path: Path) -> None:
    file = file_of(tmp_path, ROWS)
    facts = {"training_compute": "1.2e25", "condition_met_on": "2026-06-01"}
    outcome = ask_question("eu_systemic_risk", facts, as_of="2026-06-30").outcome
    for language in ("en", "zh"):
        rows = asked(file, "--outcome", "--language", language, "--format", "json").json
        assert (
            rows[0]["outcome"]
            == sluicegate(
                *("ask", "eu_systemic_risk", "--facts", "-", *DAY, "--language", language),
                *("--format", "json"),
                stdin=json.dumps(facts),
            ).json["outcome"]
        )
        assert rows[2]["outcome"] is None
    assert str(outcome) != rows[0]["outcome"]


def test_rows_may_have_their_own_day_and_columns_that_go_along(tmp_path: Path) -> None:
    text = """\
subject,as_of,training_compute,team,run_id
x,2025-08-01,2e25,red,r1
y,,2e25,blue,r2
z,soon,2e25,blue,r3
"""
    ran = asked(file_of(tmp_path, text), "--id", "team", "--format", "csv")
    assert ran.code == 0
    kept = [(r["subject"], r["as_of"], r["team"], r["run_id"]) for r in ran.csv]
    assert kept == [
        ("x", "2025-08-01", "red", "r1"),
        ("y", "", "blue", "r2"),
        ("z", "soon", "blue", "r3"),
    ]
    assert [row["chapter_v_applies"] for row in ran.csv] == ["false", "true", ""]
    assert ran.csv[2]["error"] == "as_of"


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    ran = asked(file_of(tmp_path, "training_compute\n1\n2e25\n"), "--format", "csv")
    assert [row["row"] for row in ran.csv] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "words", "errors"),
    [
        ("id,training_compute,colour,size\na,1,red,2\n", (), ["colour", "size"]),
        ("id,training_compute\na,1\n", ("--id", "team"), ["team"]),
        ("id,training_compute,notify_by\na,1,x\n", ("--id", "notify_by"), ["notify_by"]),
        ("training_compute,training_compute\n1,2\n", (), ["training_compute"]),
        ("training_compute,\n1,2\n", (), ["facts"]),
        ("training_compute,condition_met_on\n1\n", (), ["facts"]),
        ('training_compute\n"1\n', (), ["facts"]),
        ("", (), ["facts"]),
        ("training_compute\n1\n", ("--as-of", "2026-13-01"), ["as_of"]),
        ("training_compute\n1\n", ("--reading", "odd=1"), ["readings.odd"]),
        ("training_compute\n1\n", ("--known-on", "soon"), ["known_on"]),
    ],
)
def test_a_file_that_cannot_be_used_is_a_usage_error(
    tmp_path: Path, text: str, words: tuple[str, ...], errors: list[str]
) -> None:
    ran = asked(file_of(tmp_path, text), *words, "--format", "json")
    assert ran.code == 2
    assert ran.json["errors"] == errors
    assert ran.err


@pytest.mark.parametrize("name", ["absent.csv", "absent.parquet", "no_parquet.parquet"])
def test_a_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path, name: str) -> None:
    file_of(tmp_path, "this is no parquet", "no_parquet.parquet")
    ran = asked(tmp_path / name)
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"id,training_compute\na,1\n\xff,2\n", "Line: 3"),
        (b"\xff,training_compute\n", "first line"),
    ],
)
def test_a_file_that_is_not_utf8_is_named_with_its_line(
    tmp_path: Path, content: bytes, place: str
) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(content)
    ran = asked(path)
    assert ran.code == 2
    assert place in ran.err


@pytest.mark.parametrize("text", ["training_compute\n", "training_compute\nx\n-1\n"])
def test_no_answer_at_all_is_exit_code_2(tmp_path: Path, text: str) -> None:
    ran = asked(file_of(tmp_path, text), "--format", "csv")
    assert ran.code == 2
    assert "0 answered" in ran.err
    assert [row["error"] for row in ran.csv] == ["training_compute"] * (text.count("\n") - 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "parquet"), "--out"),
        (("--out", "rows.txt"), "rows.txt"),
        (("--out", "no/such/folder/rows.csv"), "rows.csv"),
        (("--explain",), "--explain"),
    ],
)
def test_options_that_do_not_go_with_many_subjects_are_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = asked(file_of(tmp_path, "training_compute\n1\n"), *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("words", [("--out", "x.csv"), ("--id", "a"), ("--outcome",)])
def test_options_of_many_subjects_do_not_go_with_one(words: tuple[str, ...]) -> None:
    command = ("ask", "eu_systemic_risk", "--facts", "-", *DAY, *words)
    ran = sluicegate(*command, stdin='{"training_compute": "1"}')
    assert (ran.code, ran.out) == (2, "")
    assert "CSV or Parquet" in ran.err


def test_a_question_that_is_not_there_is_named_before_its_file(tmp_path: Path) -> None:
    ran = asked(tmp_path / "absent.csv", question="eu_systemic_riks")
    assert ran.code == 2
    assert "did you mean eu_systemic_risk?" in ran.err


def test_a_parquet_file_gives_exact_figures_of_any_exact_type(tmp_path: Path) -> None:
    query = """
        SELECT 1 AS id, 10000000000000000000000001::DECIMAL(38, 0) AS training_compute,
               DATE '2026-06-01' AS condition_met_on,
               TIMESTAMP '2026-05-01 00:00:00' AS known_it_will_be_met_on
        UNION ALL SELECT 2, 10000000000000000000000000, NULL, NULL
    """
    rows = asked(parquet_of(tmp_path, query), "--format", "json").json
    assert [row["id"] for row in rows] == [1, 2]
    assert [row["presumed_systemic"] for row in rows] == [True, False]
    assert rows[0]["notify_by"] == "2026-05-15"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT 1e25::DOUBLE AS training_compute", "training_compute"),
        ("SELECT 1.5::FLOAT AS training_compute", "training_compute"),
    ],
)
def test_a_binary_float_is_refused_with_a_way_out(tmp_path: Path, query: str, error: str) -> None:
    ran = asked(parquet_of(tmp_path, query), "--format", "json")
    assert (ran.code, ran.json["errors"]) == (2, [error])
    assert "exactly" in ran.json["message"]
    assert "DECIMAL" in ran.json["message"]


def test_lists_records_and_maps_are_json_in_csv_and_types_in_parquet(tmp_path: Path) -> None:
    accounts = [
        {"account": "k1", "provider": "p", "beneficial_owner": "Mira", "compute": "6e25"},
        {"account": "k2", "provider": "p", "beneficial_owner": "Mira", "compute": "7e25"},
    ]
    facts = {"threshold": "1e26", "information_shared": True, "accounts": accounts}
    expected = one("structuring", facts)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", *facts])
    writer.writerow(["a", "1e26", "True", json.dumps(accounts)])
    file = file_of(tmp_path, text.getvalue())
    row = asked(file, "--format", "json", question="structuring").json[0]
    assert {name: row[name] for name in expected} == expected
    query = """
        SELECT 'a' AS id, 1e26::DECIMAL(38, 0) AS threshold, true AS information_shared, [
            {'account': 'k1', 'provider': 'p', 'beneficial_owner': 'Mira',
             'compute': 60000000000000000000000000::DECIMAL(38, 0), 'rate': NULL},
            {'account': 'k2', 'provider': 'p', 'beneficial_owner': 'Mira',
             'compute': 70000000000000000000000000::DECIMAL(38, 0), 'rate': NULL}] AS accounts
    """
    file = parquet_of(tmp_path, query)
    target = tmp_path / "out.parquet"
    assert asked(file, "--out", target, question="structuring").code == 0
    [row] = parquet_rows(str(target))
    assert {name: row[name] for name in expected} == expected
    assert row["error"] is None


@pytest.mark.parametrize("cells", [("0.1", "100"), ("1e-1", "100"), ("null", "7"), ("", "")])
def test_numbers_of_a_file_are_exact(tmp_path: Path, cells: Sequence[str]) -> None:
    """A cell of a number is a JSON number; `null` and an empty cell are read as documented."""
    text = f"method,cluster_rate,seconds_between_outputs\nsteady_cluster,{cells[1]},{cells[0]}\n"
    [row] = asked(file_of(tmp_path, text), "--format", "json", question="inference_rate").json
    facts: dict[str, Any] = {"method": "steady_cluster"}
    if cells[1]:
        facts["cluster_rate"] = cells[1]
    if cells[0]:
        facts["seconds_between_outputs"] = None if cells[0] == "null" else Decimal(cells[0])
    answer: dict[str, Any] = {}
    error = None
    single = sluicegate(
        *("ask", "inference_rate", "--facts", "-", *DAY, "--format", "json"),
        stdin=json.dumps(facts, default=float),
    )
    if single.code:
        error = single.json["error"]
    else:
        answer = single.json["answer"]
    assert row["error"] == error
    assert {name: row[name] for name in answer} == answer


def test_a_file_is_asked_part_by_part_in_order(tmp_path: Path) -> None:
    """The parts are small here; each row keeps its own answer."""
    amounts = [f"{number}e24" for number in range(1, 26)]
    file = file_of(tmp_path, "id,training_compute\n" + "".join(f"{a},{a}\n" for a in amounts))
    question = question_named("eu_systemic_risk", shipped_book())
    seen: list[int] = []
    with FactFile(file, question.spec, layout=Layout.CSV, rows_at_once=4) as rows:
        assert rows.size == 25
        tally = answer_file(question, rows, Asking("2026-06-30", shipped_book()), seen.append)
        rows.write(tmp_path / "out.csv")
    assert (tally.rows, tally.answered, tally.first) == (25, 25, None)
    assert seen == sorted(seen)
    assert seen[-1] == 25
    written = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert [row["id"] for row in written] == amounts
    for row in written:
        expected = one("eu_systemic_risk", {"training_compute": row["id"]})
        assert row["presumed_systemic"] == str(expected["presumed_systemic"]).lower()


def test_a_table_of_many_subjects_is_in_chinese_on_request(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_text("id,training_compute\na,2e25\nb,1e20\n", encoding="utf-8")
    words = ("--as-of", "2025-09-01", "--language", "zh")
    shown = sluicegate("ask", "eu_systemic_risk", "--facts", file, *words).out
    assert "推定具系统性风险" in shown
    assert "true" not in shown
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert "it is a folder" in sluicegate("ask", "eu_systemic_risk", "--facts", folder, *words).err


def test_a_cell_that_goes_along_is_no_formula_in_csv(tmp_path: Path) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text("id,training_compute\n=1+1,1.2e25\n-5,9e24\n", encoding="utf-8")
    words = ("ask", "eu_systemic_risk", "--facts", facts, "--as-of", "2025-09-01")
    ran = sluicegate(*words, "--format", "csv")
    assert ran.code == 0, ran.err
    assert [row["id"] for row in ran.csv] == ["'=1+1", "-5"]
