"""The policy lab in the browser: a table is taken in, thresholds are tried, files taken out."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from case_console import axe_faults
from console import Reader, Visits
from drawn_pictures import checked
from sluicegate.core.exact import load_json
from sluicegate.core.phrases import Language
from sluicegate.web.visit import Theme

pytestmark = pytest.mark.service("chromium")

TABLE = b"""\
name,developers,published,flop,confidence
Alder 1,Aspen Labs (invented),2024-03-01,1e25,Confident
Birch 1,Beech Works (invented),2024-06-01,6e24,Likely
Alder 2,Aspen Labs (invented),2025-03-01,1e26,Confident
Bad,Beech Works (invented),2025-03-02,much,Confident
"""
ASKED = "data=harbour&threshold=5e24+1e26&as_of=2025-12-31&from=2024"


def test_a_table_is_taken_in_and_thresholds_are_tried_on_it(visits: Visits) -> None:
    page = visits.open("/lab/data")
    page.get_by_label("File").set_input_files(
        {"name": "harbour.csv", "mimeType": "text/csv", "buffer": TABLE}
    )
    page.get_by_label("Name of the data set").fill("harbour")
    page.get_by_label("Known on").fill("2025-12-30")
    page.get_by_label("Credit").fill("Example Institute, CC BY 4.0")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("'much' is no number")).to_be_visible()
    expect(page.get_by_role("rowheader", name="harbour")).to_be_visible()
    page.get_by_role("link", name="Try thresholds on harbour").click()
    page.get_by_label("Thresholds, FLOP").fill("5e24 1e26")
    page.get_by_label("On the day").fill("2025-12-31")
    page.get_by_label("First year").fill("2024")
    page.get_by_role("button", name="Try them").click()
    expect(page.get_by_text("Above 5e24 FLOP it would have caught 3 models")).to_be_visible()
    sides = page.get_by_role("group", name="The options side by side").get_by_role("row")
    expect(sides).to_have_count(3)
    sent = page.url.partition("?")[2]
    assert axe_faults(page) == []
    answer = page.request.get(f"/lab/options.csv?{sent}&rows=models")
    rows = list(csv.DictReader(io.StringIO(answer.text())))
    assert [row["model"] for row in rows] == ["Alder 1", "Birch 1", "Alder 2"]
    whole = load_json(page.request.get(f"/lab/options.json?{sent}").text())
    assert [one["option"] for one in whole["options"]] == ["5e24", "1e26"]
    checked(page.request.get(f"/lab/options.svg?{sent}").text())
    chinese = visits.open(f"/lab?{ASKED}", Reader(language=Language.ZH, theme=Theme.DARK))
    expect(chinese.get_by_text("以超过5e24 FLOP为准")).to_be_visible()
    assert axe_faults(chinese) == []
    again = visits.open("/lab/data", Reader(role="viewer"))
    expect(again.get_by_text("Tables are taken in by an analyst")).to_be_visible()
    assert axe_faults(again) == []


def test_what_cannot_be_read_is_told_beside_its_field(visits: Visits) -> None:
    page = visits.open("/lab?data=registry&threshold=many&as_of=2026-99&from=x")
    expect(page.get_by_text("These are no amounts; write e.g. 1e25 1e26.")).to_be_visible()
    expect(page.get_by_text("This is no day; write e.g. 2026-01-31.")).to_be_visible()
    expect(page.get_by_text("This is no year; write e.g. 2024.")).to_be_visible()
    assert page.request.get("/lab/options.csv?data=none&threshold=1e25").status == 422
    unknown = visits.open("/lab?data=none&threshold=1e25")
    expect(unknown.get_by_text("there is no such data set here")).to_be_visible()
