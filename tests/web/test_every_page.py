"""What holds for every page: axe finds nothing, it is not too wide, and Chinese is Chinese.

A page is opened once in each language, in another look each time.
"""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from chinese_pages import SHOWN, WORD, english
from console import EVERY_ROLE, Reader, Visits
from console_paths import ANSWERS, OPEN_PATHS, PATHS, filled
from sluicegate.core.phrases import Language
from sluicegate.web.visit import Theme

pytestmark = pytest.mark.service("chromium")

STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"
"""The status with which the page was answered."""

PHONE = 390
SCREEN = 1280

LOOKS = [(Language.EN, Theme.LIGHT), (Language.ZH, Theme.DARK)]
if os.environ.get("SLUICEGATE_LONG") == "1":
    LOOKS += [(Language.EN, Theme.DARK), (Language.ZH, Theme.LIGHT)]
"""Each language and each look: words change no colour, and a look changes no word."""


def wrong(page: Page) -> list[str]:
    """Return what axe finds in a page, one line for each place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("language", "theme"), LOOKS, ids=lambda one: one.value)
@pytest.mark.parametrize("path", [*PATHS, *OPEN_PATHS])
def test_a_page_is_right_for_everyone_who_reads_it(
    visits: Visits, path: str, language: Language, theme: Theme
) -> None:
    role = "" if path in OPEN_PATHS else EVERY_ROLE
    page = visits.open(filled(path, visits.console), Reader(role, language, theme, width=SCREEN))
    assert page.evaluate(STATUS) == ANSWERS.get(path, 200), "a problem was read for the page"
    assert wrong(page) == []
    assert page.locator("h1").count() == 1
    if language is Language.ZH:
        assert english_lines(page) == []
    for width in (SCREEN, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, width


def english_lines(page: Page) -> list[str]:
    """Return the lines of a page with English words, but for names, codes and citations."""
    shown = page.evaluate(SHOWN)
    found = english(shown)
    return [line for line in shown.splitlines() if found & set(WORD.findall(line))]


def test_an_english_word_is_seen() -> None:
    assert english("规则 Rules eu.ai_act 1.5e26 （US）FLOP") == {"Rules"}


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK], ids=lambda one: one.value)
def test_a_look_that_was_chosen_goes_before_that_of_the_system(
    visits: Visits, theme: Theme
) -> None:
    other = Theme.DARK if theme is Theme.LIGHT else Theme.LIGHT
    page = visits.open("/account", Reader(EVERY_ROLE, theme=other))
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_label("Look", exact=True).select_option(theme.value)
    page.get_by_role("button", name="Keep").click()
    page.wait_for_load_state()
    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert before != after
    assert page.locator("html").get_attribute("data-theme") == theme.value
    assert wrong(page) == []
