"""The rules in the browser: filters in the address, one page for each text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from console import Reader, Visits
from sluicegate.core.phrases import Language

pytestmark = pytest.mark.service("chromium")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_filter_stands_in_the_address_with_scripts_and_without(
    visits: Visits, has_scripts: bool
) -> None:
    page = visits.open("/rules", Reader(has_scripts=has_scripts))
    before = page.locator("tr[data-row]").count()
    page.get_by_label("Jurisdiction").select_option(label="European Union")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("jurisdiction="))
    after = page.locator("tr[data-row]").count()
    assert 0 < after < before
    page.reload()
    assert page.locator("tr[data-row]").count() == after


def test_a_text_shows_what_holds_on_a_day_and_what_held_before(visits: Visits) -> None:
    page = visits.open("/rules/eu.ai_act?as_of=2025-08-02")
    expect(page.locator(".outcome")).to_contain_text("in force")
    page.goto("/rules/eu.ai_act?as_of=2025-08-01")
    expect(page.locator(".outcome")).to_contain_text("published")
    expect(page.locator("svg.sg-picture")).to_have_count(1)


def test_a_text_has_its_title_in_the_language_of_the_reader(visits: Visits) -> None:
    page = visits.open("/rules/eu.ai_act", Reader(language=Language.ZH))
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    expect(page.get_by_role("heading", level=1)).to_contain_text("人工智能法")


def test_keys_go_through_the_rows_and_open_one(visits: Visits) -> None:
    page = visits.open("/rules")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("tr[data-row] a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("tr[data-row] a").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_url(re.compile(r"/rules/\w+"))


def test_what_changed_between_two_days_is_said_in_sentences(visits: Visits) -> None:
    page = visits.open("/rules/changes?from=2025-08-01&to=2025-08-02")
    expect(page.locator("#changes li").first).to_be_visible()
    page.goto("/rules/changes?from=2025-08-02&to=2025-08-01")
    expect(page.get_by_text("give the earlier day first")).to_be_visible()
    page.goto("/rules/changes?from=yesterday&to=2025-08-01")
    expect(page.get_by_text("This is no day")).to_be_visible()
    expect(page.get_by_label("After the day")).to_have_value("yesterday")


def test_a_text_that_is_not_there_is_told_in_words(visits: Visits) -> None:
    page = visits.open("/rules/no.such_text")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
