"""Page, JSON and CSV say the same, and a file is there whole or not at all."""

from __future__ import annotations

import csv
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sluicegate.adapters.pictures import Language
from sluicegate.adapters.report import ReportFiles, render_page, write_report
from sluicegate.services.findings import Certainty
from sluicegate.services.report import Report

_DATA = re.compile(r'<data value="([0-9.]+)">')
_TIME = re.compile(r'<time datetime="([0-9-]+)">')


@pytest.fixture
def written(report: Report, tmp_path: Path) -> ReportFiles:
    return write_report(report, tmp_path / "new" / "folder")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def document(files: ReportFiles) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files.json.read_text("utf-8"))
    return loaded


def page_rows(page: str, kind: str) -> dict[str, str]:
    found = re.findall(rf'<tr data-{kind}="([^"]+)">(.*?)</tr>', page, flags=re.DOTALL)
    return {one: html.unescape(cells) for one, cells in found}


def test_a_page_per_language_and_the_data_files_are_written(written: ReportFiles) -> None:
    folder = written.json.parent
    assert sorted(path.name for path in folder.iterdir()) == [
        "findings.csv",
        "obligations.csv",
        "report.en.html",
        "report.json",
        "report.zh.html",
    ]
    assert written.main.name == "report.en.html"
    assert '<html lang="zh-Hans">' in written.pages[1].read_text("utf-8")


def test_findings_are_the_same_in_csv_json_and_page(written: ReportFiles) -> None:
    rows = table(written.findings)
    found = document(written)["findings"]
    assert [row["id"] for row in rows] == [one["id"] for one in found]
    for page in written.pages:
        shown = page_rows(page.read_text("utf-8"), "finding")
        assert list(shown) == [row["id"] for row in rows]
        for row in rows:
            cells = shown[row["id"]]
            assert row["subject_name"] in cells
            assert _DATA.findall(cells) == ([row["central"]] if row["central"] else [])
            passed = {"certain": "low", "likely": "central", "possible": "high"}
            bound = passed.get(row["certainty"])
            day = row[f"crossing_{bound}"] if bound else ""
            assert _TIME.findall(cells) == ([day] if day else [])
    for row, one in zip(rows, found, strict=True):
        estimate, limit = one["estimate"] or {}, one["threshold"] or {}
        for bound in ("low", "central", "high", "ceiling"):
            assert row[bound] == estimate.get(bound, "")
        assert row["threshold"] == limit.get("value", "")
        assert row["certainty"] == one["certainty"]
        assert row["as_written"] == str(one["as_written"]).lower()
        assert row["crossing_low"] == (one["crossing"]["low"] or "")
        assert row["probability"] == (one["probability"] or "")


def test_obligations_are_the_same_in_csv_json_and_page(written: ReportFiles) -> None:
    rows = table(written.obligations)
    owed = document(written)["obligations"]
    assert [row["due"] for row in rows] == ["2026-04-24", "2026-12-01", "2026-12-24", ""]
    for page in written.pages:
        shown = page_rows(page.read_text("utf-8"), "obligation")
        assert list(shown) == [row["id"] for row in rows]
        for row in rows:
            assert row["calculation"] in shown[row["id"]]
            assert _TIME.findall(shown[row["id"]]) == ([row["due"]] if row["due"] else [])
    for row, one in zip(rows, owed, strict=True):
        assert (row["id"], row["duty_en"], row["to_zh"]) == (one["id"], one["duty"], one["to_zh"])
        assert row["due"] == (one["due"] or "")
        assert row["binding"] == str(one["binding"]).lower()


def test_figures_keep_every_digit(report: Report, tmp_path: Path) -> None:
    finding = report.findings[0]
    assert finding.estimate is not None
    odd = replace(finding.estimate, central=123456789012345678901234567)
    changed = replace(report, findings=(replace(finding, estimate=odd),))
    files = write_report(changed, tmp_path, languages=("en",))
    assert table(files.findings)[0]["central"] == "123456789012345678901234567"
    assert document(files)["findings"][0]["estimate"]["central"] == "123456789012345678901234567"
    assert 'value="123456789012345678901234567">1.23\N{NO-BREAK SPACE}×' in files.main.read_text(
        "utf-8"
    )


def test_json_holds_the_whole_series_and_the_crossing_in_words(
    written: ReportFiles, report: Report
) -> None:
    loaded = document(written)
    series = [len(one["series"]) for one in loaded["subjects"]]
    assert series == [len(one.facts.series) for one in report.subjects]
    assert max(series) == 355
    assert all(set(one["crossing_in_words"]) == {"en", "zh"} for one in loaded["findings"])
    assert loaded["totals"]["findings"] == {
        certainty.value: len(report.of_certainty(certainty)) for certainty in Certainty
    }
    assert loaded["coverage"]["unmapped"][0]["account"] == "proj-lost-77"
    assert loaded["coverage"]["unknown_accelerators"][0]["low"] == "0"
    assert loaded["coverage"]["rejected"][0]["rejected"] == 3


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+cmd", "-cmd", "\tx"])
def test_no_name_runs_as_a_formula_in_a_spreadsheet(
    report: Report, tmp_path: Path, name: str
) -> None:
    finding = report.findings[0]
    named = replace(finding, subject=replace(finding.subject, name=name))
    files = write_report(replace(report, findings=(named,)), tmp_path, languages=())
    assert table(files.findings)[0]["subject_name"] == f"'{name}"
    assert document(files)["findings"][0]["subject_name"] == name
    assert files.main == files.json


def test_writing_again_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in _all(write_report(report, tmp_path))}
    second = {path: path.read_bytes() for path in _all(write_report(report, tmp_path))}
    assert first == second
    assert len(list(tmp_path.iterdir())) == 5, "no half-written file is left behind"


def _all(files: ReportFiles) -> list[Path]:
    return [*files.pages, files.json, files.findings, files.obligations]


def test_a_file_that_cannot_be_moved_into_place_leaves_nothing_behind(
    report: Report, tmp_path: Path
) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(OSError, match=r"report\.json"):
        write_report(report, tmp_path, languages=())
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_name_of_half_surrogates_and_control_characters_is_written(
    report: Report, tmp_path: Path, language: Language
) -> None:
    finding = report.findings[0]
    named = replace(finding, subject=replace(finding.subject, name="a\ud800\x01b"))
    changed = replace(report, findings=(named,))
    assert "a\ufffd\ufffdb" in render_page(changed, language)
    files = write_report(changed, tmp_path, languages=(language,))
    assert document(files)["findings"][0]["subject_name"] == "a\ud800\x01b"
