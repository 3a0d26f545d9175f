"""The form of a filing: prefilled, checked, saved, lost to nobody, corrected and withdrawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from case_console import MEMBER, axe_faults, console_with_cases, rows
from console import Reader, Running, Visits
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.web.visit import Theme

pytestmark = pytest.mark.service("chromium")

FILLED = {
    "in_union": "yes",
    "description": "A language model <b>trained</b> in the run that the finding names.",
    "is_placed": "no",
    "condition": "met",
    "is_rebutted": "no",
}


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with console_with_cases(tmp_path_factory.mktemp("filing") / "node") as running:
        yield running


def case_of(console: Running, title: str) -> str:
    kept = rows(console, Filter(has_all_states=True, jurisdictions=("EU",)))
    return next(row.case_id for row in kept if row.title.startswith(title))


def drafted(visits: Visits, title: str, reader: Reader | None = None) -> Page:
    """Open a case and draft the notification that it offers."""
    page = visits.open(f"/cases/{case_of(visits.console, title)}", reader)
    page.locator("#act-draft").evaluate("one => { one.open = true; }")
    page.locator("#act-draft form:has(input[value=notification]) button").click()
    page.wait_for_url("**/filings/g-*")
    return page


def fill(page: Page, **fields: str) -> None:
    for field, text in fields.items():
        control = page.locator(f"[name='v.{field}']")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)


def save(page: Page) -> None:
    page.locator("form.filing .actions button[value=save]").click()


def filed(visits: Visits, title: str) -> str:
    """Draft, fill, propose and approve; return the path of what was filed."""
    page = drafted(visits, title)
    path = page.url.removeprefix(visits.console.address)
    fill(page, **FILLED, model="tern-3")
    page.locator("#why-file").fill("It is due.")
    page.locator("button[value=propose]").click()
    expect(page.locator(".notice-warning")).to_contain_text("Another person checks it")
    checker = visits.open(path, Reader("reviewer"))
    checker.get_by_role("link", name="go to the case").click()
    checker.locator(".check button[value=approve]").click()
    expect(checker.locator(".check")).to_have_count(0)
    return path


def test_the_form_says_what_is_missing_who_asks_and_where_values_come_from(
    visits: Visits,
) -> None:
    page = drafted(visits, "Alder")
    expect(page.locator("#missing li")).to_have_count(len(FILLED))
    first = page.locator("#missing li a").first
    target = first.get_attribute("href") or ""
    assert page.locator(f"[id='{target[1:]}']").count() == 1
    expect(page.locator("#missing")).to_contain_text("Art. 52(1) asks for it")
    expect(page.locator(".origin").first).to_contain_text("from the record of customer c-lab")
    assert page.locator("[name='v.provider.name']").input_value() == "Alder Reach Labs"
    expect(page.locator("form.filing")).to_contain_text("Regulation (EU) 2024/1689")
    expect(page.locator("h1 ~ p, .lead, .page-head")).to_contain_text(["European Commission"])
    chinese = visits.open(page.url, Reader(language=Language.ZH))
    expect(chinese.locator("#missing")).to_contain_text("5 个栏位")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_draft_keeps_what_was_typed_also_what_is_wrong(visits: Visits, has_scripts: bool) -> None:
    page = drafted(visits, "Tern Hollow One", Reader(has_scripts=has_scripts))
    fill(page, known_on="soon", description="<i>Half</i> a sentence")
    save(page)
    expect(page.locator(".notice-done")).to_contain_text("saved")
    expect(page.locator("[name='v.known_on']")).to_have_value("soon")
    expect(page.locator("#v-known_on-fault")).to_contain_text("is not a day")
    expect(page.locator("[name='v.description']")).to_have_value("<i>Half</i> a sentence")
    page.locator("#why-file").fill("It is due.")
    page.locator("button[value=propose]").click()
    expect(page.locator(".notice-fault")).to_contain_text("not complete")
    expect(page.locator("#why-file")).to_have_value("It is due.")


def test_two_who_fill_in_one_draft_lose_nothing(visits: Visits) -> None:
    mine = drafted(visits, "Tern Hollow Two")
    other = visits.open(mine.url, Reader("reviewer"))
    fill(other, description="The other's words.")
    save(other)
    expect(other.locator(".notice-done")).to_be_visible()
    fill(mine, description="My words.")
    save(mine)
    expect(mine.get_by_role("alert").first).to_contain_text("Someone else saved")
    expect(mine.locator("[name='v.description']")).to_have_value("My words.")
    assert axe_faults(mine) == []
    save(mine)
    expect(mine.locator(".notice-done")).to_contain_text("saved")
    expect(mine.locator("[name='v.description']")).to_have_value("My words.")


def test_what_was_filed_is_given_out_corrected_and_withdrawn_by_another(visits: Visits) -> None:
    path = filed(visits, "Tern Hollow Three")
    page = visits.open(path)
    expect(page.locator(".page-head")).to_contain_text("Filed on")
    address = f"{visits.console.address}{path}"
    said = json.loads(page.request.get(f"{address}/filing.json").text())
    assert said["state"] == "filed"
    expect(page.locator(".digest-line").last).to_contain_text(said["digest"])
    written = page.request.get(f"{address}/filing.html").text()
    assert said["digest"] in written
    assert "<b>trained</b>" not in written
    pdf = page.request.get(f"{address}/filing.pdf")
    assert pdf.body().startswith(b"%PDF") or pdf.status == 503
    assert axe_faults(page) == []
    page.get_by_role("button", name="Draft a correction").click()
    expect(page.locator(".page-head")).to_contain_text(path.rpartition("/")[2])
    expect(page.locator("[name='v.description']")).to_have_value(FILLED["description"])
    page.goto(path)
    page.locator("#after summary").click()
    page.locator("#why-withdraw").fill("It named the wrong model.")
    page.locator("#after button[value=withdraw]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    checker = visits.open(path, Reader("reviewer"))
    checker.locator("#after summary").click()
    checker.locator("#why-withdraw").fill("It named the wrong model.")
    checker.locator("#after button[value=withdraw]").click()
    expect(checker.locator(".page-head")).to_contain_text("Withdrawn")


def test_a_draft_is_withdrawn_with_a_reason(visits: Visits) -> None:
    page = drafted(visits, "Brackwater")
    page.locator("main > details summary").last.click()
    page.locator("#why-withdraw").fill("It was the wrong form.")
    page.locator("button[value=withdraw]").click()
    expect(page.locator(".page-head")).to_contain_text("It was the wrong form.")
    page.goto("/filings?state=withdrawn")
    expect(page.locator("tr[data-row]").first).to_contain_text("withdrawn")


def test_a_path_that_the_form_does_not_have_is_refused(visits: Visits) -> None:
    page = (
        drafted(visits, "Saltgrass") if _offers(visits, "Saltgrass") else drafted(visits, "Alder")
    )
    page.locator("[name='v.description']").evaluate("one => { one.name = 'v.no.such'; }")
    save(page)
    expect(page.locator("main")).to_contain_text("no field of this id")


def _offers(visits: Visits, title: str) -> bool:
    page = visits.open(f"/cases/{case_of(visits.console, title)}")
    return page.locator("#act-draft form:has(input[value=notification])").count() > 0


def test_a_suspicion_report_stands_in_a_sealed_file_alone(visits: Visits) -> None:
    case = case_of(visits.console, "Alder")
    outside = visits.open(f"/cases/{case}", Reader("officer"))
    assert outside.locator("input[value=suspicious_activity]").count() == 0
    member = visits.open(f"/cases/sealed?case={case}", Reader(MEMBER))
    member.locator("#reason").fill("Payments that fit no purpose.")
    member.get_by_role("button", name="Open the file").click()
    member.locator("#act-draft").evaluate("one => { one.open = true; }")
    member.locator("#act-draft form:has(input[value=suspicious_activity]) button").click()
    expect(member.locator(".page-head")).to_contain_text("sealed")
    assert axe_faults(member) == []
    path = member.url.removeprefix(visits.console.address)
    there = outside.goto(path)
    assert there is not None
    assert there.status == 404
    outside.goto("/filings")
    assert path not in outside.content()
    entries = member.locator("fieldset[id^='v-subjects-']")
    before = entries.count()
    member.locator("button[name=more][value=subjects]").click()
    member.wait_for_url(re.compile("more=subjects"))
    expect(entries).to_have_count(before + 1)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK], ids=lambda one: one.value)
@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_axe_finds_nothing_on_the_form_its_document_and_the_list(
    visits: Visits, language: Language, theme: Theme
) -> None:
    page = drafted(visits, "Alder", Reader(MEMBER, language, theme))
    for path in (page.url, f"{page.url}/preview", "/filings"):
        page.goto(path)
        assert axe_faults(page) == []
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (path, width)
