"""Intake, meter, assess, explain and report from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import tiny_world
from command_line import parquet_rows, sluicegate

AS_OF = ("--as-of", "2026-06-30")
JSON = ("--format", "json")
BOUNDS = ("low", "central", "high", "ceiling")


def new_node(folder: Path) -> Path:
    assert sluicegate("init", folder).code == 0
    return folder


# Intake


def test_files_go_in_and_reading_them_again_changes_nothing(
    tmp_path: Path, raw: list[Path]
) -> None:
    node = new_node(tmp_path / "n")
    ran = sluicegate("intake", *raw, "--node", node, *JSON)
    assert ran.code == 0
    document = ran.json
    assert set(document) == {"accepted", "rejected", "unchanged", "files"}
    rows = sum(len(text.splitlines()) - 1 for text in tiny_world.FILES.values())
    assert (document["accepted"], document["rejected"], document["unchanged"]) == (rows, 0, 0)
    assert [one["file"] for one in document["files"]] == [str(path) for path in raw]
    again = sluicegate("intake", *raw, "--node", node, *JSON).json
    assert (again["accepted"], again["rejected"], again["unchanged"]) == (0, 0, rows)


def test_bad_rows_are_refused_with_their_line_and_the_good_ones_go_in(tmp_path: Path) -> None:
    node, usage = new_node(tmp_path / "n"), tmp_path / "usage.csv"
    lines = tiny_world.USAGE.splitlines()
    lines[2] = lines[2].replace("2026-04-20", "2026-02-20")
    usage.write_text("\n".join(lines) + "\n")
    rejects = tmp_path / "rejects.csv"
    ran = sluicegate("intake", usage, "--node", node, "--rejects", rejects, *JSON)
    assert ran.code == 0
    [file] = ran.json["files"]
    assert (file["accepted"], file["rejected"]) == (len(lines) - 2, 1)
    [problem] = file["problems"]
    assert (problem["line"], problem["field"]) == (3, "end")
    assert set(problem) == {"file", "line", "field", "problem", "way_out"}
    assert "lab-2" in rejects.read_text()
    assert "usage.csv:3" in ran.err
    assert "Invented X9" in ran.err


def test_a_dry_run_says_what_would_go_in_and_keeps_nothing(tmp_path: Path, raw: list[Path]) -> None:
    node = new_node(tmp_path / "n")
    dry = sluicegate("intake", *raw, "--node", node, "--dry-run", *JSON)
    assert dry.code == 0
    assert dry.json["accepted"] > 30
    assert "would be accepted (dry run)" in dry.err
    assert sluicegate("meter", "--node", node, *JSON).json == []
    assert sluicegate("intake", *raw, "--node", node, *JSON).json["accepted"] > 30


def test_a_file_that_cannot_be_read_among_others_is_named_and_the_others_go_in(
    tmp_path: Path, raw: list[Path]
) -> None:
    node, missing = new_node(tmp_path / "n"), tmp_path / "missing.csv"
    ran = sluicegate("intake", missing, raw[0], "--node", node, *JSON)
    assert ran.code == 0
    assert [one["kind"] for one in ran.json["files"]] == [None, "customers"]
    alone = sluicegate("intake", missing, "--node", node, *JSON)
    assert alone.code == 2
    assert alone.json["error"] == "files"
    assert "missing.csv" in alone.err


@pytest.mark.parametrize(
    "kind", ["customers", "ownership", "facilities", "clusters", "runs", "usage", "account_map"]
)
def test_the_columns_of_a_kind_are_printed(kind: str) -> None:
    document = sluicegate("intake", "--schema", kind, *JSON).json
    names = [column["name"] for column in document["columns"]]
    assert names[0] == "source"
    ran = sluicegate("intake", "--schema", kind, "--format", "csv")
    assert [row["name"] for row in ran.csv] == names
    given = tiny_world.FILES[f"{kind}.csv"].splitlines()[0].split(",")
    assert set(given) <= set(names)


@pytest.mark.parametrize(
    "words", [(), ("x.csv",), ("--schema", "nothing"), ("--node", "absent", "x.csv")]
)
def test_an_intake_that_cannot_begin_is_a_usage_error(words: tuple[str, ...]) -> None:
    ran = sluicegate("intake", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "nothing"), "give one of customers"),
        (("--mapping", "absent.yaml"), "check the name"),
        (("--rejects", "absent/bad.csv"), "a folder that exists"),
        (("--rejects", "customers.csv"), "one of the files to read"),
    ],
)
def test_an_intake_with_a_wrong_option_reads_nothing(
    raw: list[Path],
    tmp_path: Path,
    words: tuple[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(raw[0].parent)
    [customers] = [file for file in raw if file.name == "customers.csv"]
    before, node = customers.read_bytes(), new_node(tmp_path / "n")
    ran = sluicegate("intake", customers, "--node", node, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert customers.read_bytes() == before
    assert sluicegate("intake", customers, "--node", node, *JSON).json["unchanged"] == 0


def test_column_names_in_capitals_are_named_as_such(raw: list[Path], tmp_path: Path) -> None:
    [usage] = [file for file in raw if file.name == "usage.csv"]
    header, _, rest = usage.read_text().partition("\n")
    shouted = tmp_path / "shouted.csv"
    shouted.write_text(f"{header.upper()}\n{rest}")
    ran = sluicegate("intake", shouted, "--node", new_node(tmp_path / "n"))
    assert ran.code == 2
    assert "capital letters" in ran.err


@pytest.mark.parametrize("option", ["--as-of", "--known-on"])
@pytest.mark.parametrize("day", ["2026-02-29", "9999-12-31", "soon"])
def test_a_day_that_cannot_be_asked_about_is_a_usage_error(
    passed: Path, option: str, day: str
) -> None:
    ran = sluicegate("meter", "--node", passed, option, day)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{option}: ")
    assert day in ran.err


# Meter


def test_totals_come_with_dimensions_window_and_exact_bounds(node: Path) -> None:
    ran = sluicegate("meter", "--by", "customer", "--node", node, *AS_OF, *JSON)
    assert ran.code == 0
    rows = {row["customer"]: row for row in ran.json}
    assert set(rows) == {line.split(",")[1] for line in tiny_world.CUSTOMERS.splitlines()[1:]}
    lab = rows["c-lab"]
    assert (lab["start"], lab["end"]) == ("2026-01-10", "2026-07-01")
    exact = 30_000 * 989_500_000_000_000 * 100 * 86_400
    assert [lab[bound] for bound in BOUNDS] == [*[str(exact * 4 // 10)] * 3, str(exact)]
    for row in rows.values():
        low, central, high, ceiling = (int(row[bound].split(".")[0]) for bound in BOUNDS)
        assert low <= central <= high <= ceiling


@pytest.mark.parametrize(
    "dimension",
    ["customer", "group", "run", "cluster", "region", "accelerator", "team", "account"],
)
def test_every_dimension_adds_up_to_the_same_total(node: Path, dimension: str) -> None:
    rows = sluicegate("meter", "--by", dimension, "--node", node, *AS_OF, *JSON).json
    whole = sluicegate("meter", "--by", "customer", "--node", node, *AS_OF, *JSON).json
    assert all(dimension in row for row in rows)
    for bound in ("low", "central", "high"):
        assert sum(map(int, (row[bound] for row in rows))) == sum(int(row[bound]) for row in whole)


def test_windows_cut_the_same_total(node: Path) -> None:
    command = ("meter", "--by", "customer,accelerator", "--node", node, *AS_OF)
    totals = {}
    for window in ("day", "month", "quarter", "year", "lifetime"):
        rows = sluicegate(*command, "--window", window, *JSON).json
        assert all(row["start"] < row["end"] for row in rows)
        totals[window] = sum(int(row["central"]) for row in rows)
    assert len(set(totals.values())) == 1
    rolling = sluicegate(*command, "--window", "rolling30", *JSON).json
    assert {(row["start"], row["end"]) for row in rolling} == {("2026-06-01", "2026-07-01")}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--by", "colour"), 2, "customer, group"),
        (("--as-of", "soon"), 2, "--as-of"),
        (("--window", "hour"), 2, "hour"),
        (("--engine", "http://127.0.0.1:1"), 4, "only duckdb"),
    ],
)
def test_meter_refuses_what_it_cannot_do(
    node: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    ran = sluicegate("meter", "--node", node, *words)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err


ESTIMATES = """\
id,accelerator,accelerator_hours,parameters,tokens,kind
hours,NVIDIA H100 SXM,1000,7e10,15e12,
tokens,,,7e10,15e12,
served,,,7e10,1e9,inference
unknown,Invented X9,10,,,
nothing,,,,,
"""


def test_rows_are_estimated_from_hours_first_and_parameters_else(tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text(ESTIMATES)
    ran = sluicegate("meter", "estimate", file, *JSON)
    assert ran.code == 0
    rows = {row["id"]: row for row in ran.json}
    assert list(rows) == ["hours", "tokens", "served", "unknown"]
    peak_hours = 989_500_000_000_000 * 3600 * 1000
    hours = rows["hours"]
    assert [int(hours[bound]) for bound in BOUNDS] == [
        peak_hours * 19 // 100,
        peak_hours * 33 // 100,
        peak_hours * 52 // 100,
        peak_hours,
    ]
    assert (hours["method"], hours["convention"]) == ("hardware", "hardware_flop")
    assert rows["tokens"]["central"] == str(6 * 7 * 10**10 * 15 * 10**12)
    assert rows["tokens"]["method"] == "parameters_tokens"
    assert rows["tokens"]["ceiling"] is None
    assert rows["served"]["central"] == str(2 * 7 * 10**10 * 10**9)
    assert rows["unknown"]["low"] == "0"
    assert "runs.csv:6: row nothing" in ran.err


@pytest.mark.parametrize("text", ["name\nx\n", "", "id\nx\n", None])
def test_a_file_with_nothing_to_estimate_is_a_usage_error(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "runs.csv"
    if text is not None:
        file.write_text(text)
    ran = sluicegate("meter", "estimate", file)
    assert (ran.code, ran.out) == (2, "")
    assert "runs.csv" in ran.err


# Assess, explain, report


def test_a_pass_gives_findings_obligations_and_changes(node: Path) -> None:
    ran = sluicegate("assess", "--node", node, *AS_OF, *JSON)
    assert ran.code == 0
    document = ran.json
    assert set(document) >= {"findings", "obligations", "changes"}
    for finding in document["findings"]:
        parts = {"id", "subject", "rule", "as_written", "as_enforced", "certainty"}
        assert set(finding) >= parts
    ids = {finding["id"] for finding in document["findings"]}
    for obligation in document["obligations"]:
        assert set(obligation) >= {"duty", "to", "due", "finding"}
        assert obligation["finding"] in ids
    assert {change["change"] for change in document["changes"]} == {"new"}
    again = sluicegate("assess", "--node", node, *AS_OF, *JSON).json
    assert again["changes"] == []
    assert again["findings"] == document["findings"]


def test_a_dry_pass_keeps_nothing(node: Path) -> None:
    dry = sluicegate("assess", "--node", node, *AS_OF, "--dry-run", *JSON).json
    assert dry["findings"]
    ran = sluicegate("explain", dry["findings"][0]["id"], "--node", node)
    assert ran.code == 2
    assert "no pass found it" in ran.err
    assert sluicegate("assess", "--node", node, *AS_OF, *JSON).json["changes"] == dry["changes"]


def test_a_pass_may_be_asked_to_fail_on_findings(node: Path, tmp_path: Path) -> None:
    command = ("assess", "--node", node, *AS_OF, "--dry-run", "--fail-on-findings")
    assert sluicegate(*command).code == 1
    empty = new_node(tmp_path / "empty")
    assert sluicegate("assess", "--node", empty, *AS_OF, "--fail-on-findings").code == 0


def test_the_day_asked_about_decides(passed: Path) -> None:
    command = ("assess", "--node", passed, "--dry-run", *JSON)
    rule = "us_ca.sb53.frontier_developer"
    found = {}
    for day in ("2026-04-15", "2026-06-30"):
        document = sluicegate(*command, "--as-of", day).json
        found[day] = [f["certainty"] for f in document["findings"] if f["rule"] == rule]
    assert found == {"2026-04-15": ["cleared"], "2026-06-30": ["certain"]}


def test_a_pass_as_known_before_the_intake_finds_nothing(passed: Path) -> None:
    command = ("assess", "--node", passed, *AS_OF, "--known-on", "2026-06-30", *JSON)
    assert sluicegate(*command).json["findings"] == []


def test_only_the_regimes_of_the_settings_are_assessed(node: Path) -> None:
    command = ("assess", "--node", node, *AS_OF, "--dry-run", *JSON)
    document = sluicegate(*command, SLUICEGATE_REGIMES="us_ca.sb53").json
    assert {f["instrument"] for f in document["findings"]} == {"us_ca.sb53"}


def test_a_table_goes_to_stdout_and_talk_to_stderr(passed: Path) -> None:
    sluicegate("assess", "--node", passed, *AS_OF)  # whatever another test asked before
    ran = sluicegate("assess", "--node", passed, *AS_OF)
    assert "Findings as of 2026-06-30" in ran.out
    assert "Obligations that bind" in ran.out
    assert "Alder Reach Labs" in ran.out
    assert "0 changes since the last pass" in ran.err
    assert "changes since" not in ran.out


def test_a_finding_is_explained_down_to_its_records(passed: Path) -> None:
    findings = sluicegate("assess", "--node", passed, *AS_OF, *JSON).json["findings"]
    rule = "us_ca.sb53.frontier_developer"
    [identifier] = [f["id"] for f in findings if f["rule"] == rule]
    ran = sluicegate("explain", identifier, "--node", passed)
    assert ran.code == 0
    assert "meter:lab-1" in ran.out
    assert "Cal. Bus. & Prof. Code" in ran.out
    document = sluicegate("explain", identifier, "--node", passed, *JSON).json
    assert (document["trace_version"], set(document)) == (1, {"trace_version", "root"})
    assert sluicegate("explain", "f-0", "--node", passed, *JSON).code == 2


def test_a_report_lies_where_it_is_asked_for(passed: Path, tmp_path: Path) -> None:
    ran = sluicegate("report", "--node", passed, *AS_OF, "--to", tmp_path / "r", *JSON)
    assert ran.code == 0
    files = [Path(one) for one in ran.json["files"]]
    assert ran.json["report"] == str(files[0])
    assert {path.suffix for path in files} == {".html", ".json", ".csv"}
    assert all(path.parent == tmp_path / "r" and path.stat().st_size > 100 for path in files)
    page = files[0].read_text(encoding="utf-8")
    assert "Alder Reach Labs" in page
    document = json.loads(next(p for p in files if p.suffix == ".json").read_text())
    assert document["findings"]
    lines = sluicegate("report", "--node", passed, *AS_OF, "--to", tmp_path / "r").out
    assert lines.splitlines() == [str(path) for path in files]


# Formats


LISTING: dict[str, Callable[[Path], tuple[object, ...]]] = {
    "meter": lambda node: ("meter", "--node", node, *AS_OF),
    "assess": lambda node: ("assess", "--node", node, *AS_OF, "--dry-run"),
    "config": lambda node: ("config", "show", node),
    "doctor": lambda node: ("doctor", node),
    "rules": lambda _node: ("rules", "list"),
    "questions": lambda _node: ("rules", "questions"),
    "diff": lambda _node: ("rules", "diff", "2025-01-01", "2026-01-01"),
    "schema": lambda _node: ("intake", "--schema", "usage"),
}


@pytest.mark.parametrize("name", sorted(LISTING))
def test_what_is_listed_comes_in_every_format_with_the_same_rows(
    passed: Path, tmp_path: Path, name: str
) -> None:
    command = LISTING[name](passed)
    table, json_, csv_, parquet = (
        sluicegate(*command, "--format", form) for form in ("table", "json", "csv", "parquet")
    )
    assert {one.code for one in (table, json_, csv_, parquet)} == {0}
    document = json_.json
    keys = {"assess": "findings", "doctor": "checks", "schema": "columns"}
    rows = document if isinstance(document, list) else document[keys[name]]
    file = tmp_path / "rows.parquet"
    file.write_bytes(parquet.data)
    assert len(rows) == len(csv_.csv) == len(parquet_rows(str(file))) > 0
    assert list(parquet_rows(str(file))[0]) == list(csv_.csv[0])
    assert table.out.count("\n") > len(rows) // 2


def test_a_format_that_is_not_there_is_a_usage_error(passed: Path) -> None:
    assert sluicegate("meter", "--node", passed, "--format", "xml").code == 2


def test_no_colour_is_written_when_it_is_not_wanted(passed: Path) -> None:
    command = ("assess", "--node", passed, *AS_OF, "--dry-run")
    assert "\x1b" not in sluicegate(*command).out
    forced = sluicegate(*command, NO_COLOR="1", FORCE_COLOR="1")
    assert re.findall(r"\x1b\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7])[;m]", forced.out + forced.err) == []
