"""Reports in the browser: made as a job, read by themselves under a policy of their own."""

from __future__ import annotations

import base64
import hashlib
import re

import httpx
import pytest
from playwright.sync_api import expect

from console import SESSION, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.wiring.work import work_at

pytestmark = pytest.mark.service("chromium")


def get(console: Running, path: str, role: str = "analyst") -> httpx.Response:
    cookies = {SESSION: console.tokens[role, Language.EN]}
    return httpx.get(console.address + path, cookies=cookies)


@pytest.fixture(scope="module")
def report(console: Running) -> str:
    """Make a report as the page does, and return where it is read."""
    cookies = {SESSION: console.tokens["analyst", Language.EN]}
    with httpx.Client(base_url=console.address, cookies=cookies) as client:
        form = client.get("/reports").text
        token = re.search(r'name="csrf" value="([^"]+)"', form)
        assert token is not None
        sent = client.post("/reports", data={"csrf": token[1], "as_of": "2026-06-30"})
        assert sent.status_code == 303
        work_at(console.served.node.node.folder.path, is_once=True)
        assert "report.en.html" in client.get(sent.headers["location"]).text
    return "/reports/2026-06-30"


def test_a_report_is_listed_with_its_pages_and_files(visits: Visits, report: str) -> None:
    page = visits.open("/reports")
    row = page.locator("tr[data-row]", has_text="2026-06-30")
    expect(row.get_by_role("link", name="English")).to_be_visible()
    expect(row.get_by_role("link", name="中文")).to_be_visible()
    with page.expect_download() as download:
        row.get_by_role("link", name="findings.csv").click()
    assert download.value.path().stat().st_size > 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_is_read_with_its_style_and_without_the_rights_of_the_console(
    visits: Visits, report: str, language: str
) -> None:
    page = visits.open(f"{report}/report.{language}.html")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10
    assert page.evaluate("self.origin") == "null"


def test_a_report_lets_only_its_own_style_through(console: Running, report: str) -> None:
    answer = get(console, f"{report}/report.en.html")
    policy = dict(
        part.partition(" ")[::2] for part in answer.headers["content-security-policy"].split("; ")
    )
    style = re.search(rb"<style>(.*?)</style>", answer.content, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]


@pytest.mark.parametrize("file", ["findings.csv", "report.json"])
def test_data_files_are_downloads(console: Running, report: str, file: str) -> None:
    answer = get(console, f"{report}/{file}")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/reports/2026-06-30/..%2F..%2Fsluicegate.toml",
        "/reports/..%2F..%2Fsluicegate.toml",
        "/reports/../sluicegate.toml",
        "/reports/..%2Fkeys/session",
        "/reports/2026-06-30/no-such.html",
    ],
)
def test_nothing_but_reports_is_given(console: Running, report: str, path: str) -> None:
    assert get(console, path).status_code == 404


def test_reports_are_for_roles_that_may_read_them(console: Running, report: str) -> None:
    assert get(console, f"{report}/report.en.html", "engineer").status_code == 403
    assert get(console, "/reports", "engineer").status_code == 403


def test_a_day_that_is_none_is_named(console: Running) -> None:
    cookies = {SESSION: console.tokens["analyst", Language.EN]}
    with httpx.Client(base_url=console.address, cookies=cookies) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/reports").text)
        assert token is not None
        answer = client.post("/reports", data={"csrf": token[1], "as_of": "tomorrow"})
    assert answer.status_code == 422
    assert "This is no day" in answer.text
    assert 'value="tomorrow"' in answer.text
