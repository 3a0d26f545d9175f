"""Sources in the browser: what is covered, files taken in as a job, dry runs that keep nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from console import Reader, Running, Visits
from sluicegate.wiring.work import work_at

pytestmark = pytest.mark.service("chromium")

ENGINEER = Reader("engineer", has_scripts=False)
NEW = """\
source,customer_id,name,customer_kind,country
crm,c-new,Wrenfold Compute,entity,US
crm,c-bad,Tarn Gate,entity,
"""


def work(console: Running) -> None:
    """Do what waits, as the worker beside the console would."""
    work_at(console.served.node.node.folder.path, is_once=True)


def test_coverage_names_what_nobody_could_place(visits: Visits) -> None:
    page = visits.open("/sources", ENGINEER)
    expect(page.locator("#covered")).to_contain_text("2026")
    expect(page.get_by_text("Invented X9")).to_be_visible()
    files = page.locator("table", has_text="Taken in").last.locator("tr[data-row]")
    assert files.count() >= 7


@pytest.mark.parametrize(("is_dry", "is_kept"), [(True, False), (False, True)])
def test_a_file_is_taken_in_through_the_browser(
    visits: Visits, is_dry: bool, is_kept: bool
) -> None:
    console = visits.console
    store = console.served.store_of(console.served.tenant)
    page = visits.open("/sources", ENGINEER)
    content = NEW if is_dry else NEW.replace("c-new", "c-kept")
    files = [{"name": "new.csv", "mimeType": "text/csv", "buffer": content.encode()}]
    page.get_by_label("Files needed").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_label("Source").fill("crm")
    if is_dry:
        page.get_by_label("Dry run").check()
    page.get_by_role("button", name="Take in").click()
    page.wait_for_url(re.compile("/jobs/"))
    expect(page.locator("#job p.tags")).to_contain_text("waiting")
    work(console)
    page.get_by_role("link", name="Read it again").click()
    expect(page.locator("#job p.tags")).to_contain_text("done")
    became = page.locator("table", has_text="Rejected").first.locator("tbody tr").first
    assert became.locator("td").all_inner_texts()[1:4] == ["1", "0", "1"]
    expect(page.locator("table", has_text="Way out")).to_contain_text("country")
    expect(page.get_by_text("nothing of it was kept")).to_have_count(int(is_dry))
    with page.expect_download() as download:
        page.get_by_role("link", name="rejects.csv").click()
    assert "Tarn Gate" in download.value.path().read_text(encoding="utf-8")
    name = "c-new" if is_dry else "c-kept"
    found = store.histories.versions("customers", "customer_id", [name])
    assert bool(found) is is_kept


def test_a_form_without_a_file_says_so(visits: Visits) -> None:
    page = visits.open("/sources", ENGINEER)
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("Choose one file or more.")).to_be_visible()


def test_who_may_not_take_in_is_offered_no_form(visits: Visits) -> None:
    page = visits.open("/sources", Reader("auditor"))
    expect(page.get_by_role("button", name="Take in")).to_have_count(0)
    expect(page.get_by_role("button", name="Run it")).to_have_count(0)


def test_a_pass_is_asked_for_on_a_day(visits: Visits) -> None:
    page = visits.open("/sources", Reader("analyst", has_scripts=False))
    page.locator("#pass").get_by_label("On the day").fill("2026-06-30")
    page.get_by_role("button", name="Run it").click()
    page.wait_for_url(re.compile("/jobs/"))
    expect(page.locator("#about")).to_contain_text("30 Jun 2026")
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("It is cancelled.")).to_be_visible()
