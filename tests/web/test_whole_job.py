"""The analyst's whole job in a browser, from signing in to a filing that a second person checks.

With SLUICEGATE_PICTURES=1 the same walk, over a larger demo, writes the pictures
of docs/pictures/console.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from case_console import add_local_person, axe_faults, console_with_cases
from console import Reader, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.services.node import SETTINGS_FILE
from sluicegate.web.visit import Theme
from sluicegate.wiring import opened
from tiny_world import make_tiny, pass_over, small_demo

pytestmark = pytest.mark.service("chromium")

HAS_PICTURES = os.environ.get("SLUICEGATE_PICTURES") == "1"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "console"
LARGEST = 200_000
"""Bytes of one picture at most."""
KEPT = frozenset({"queue", "case", "filing", "check", "filing-filed"})
LOOKS = ((Language.EN, Theme.LIGHT), (Language.ZH, Theme.DARK))
"""Which pictures the docs show, and in which languages and looks."""
NO_CODE = '[identity]\ntotp = "optional"\n'
WALKS = [
    (Language.EN, Theme.LIGHT, True),
    (Language.EN, Theme.DARK, False),
    (Language.ZH, Theme.LIGHT, False),
    (Language.ZH, Theme.DARK, True),
]
FILLED = {
    "in_union": "yes",
    "description": "A language model trained from scratch in the run that the finding names.",
    "is_placed": "no",
    "condition": "met",
    "is_rebutted": "no",
}
"""What the draft of a notification cannot take from the case."""


@dataclass(frozen=True)
class Walk:
    """One walk through the job: a console, a language, a look, and whether a code is asked."""

    visits: Visits
    language: Language
    theme: Theme
    has_code: bool

    def open(self) -> Page:
        return self.visits.open("/", Reader("", self.language, self.theme))

    def picture(self, page: Page, name: str) -> None:
        """Look at a page as axe does, and keep its picture where that is asked."""
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        if HAS_PICTURES and name in KEPT and (self.language, self.theme) in LOOKS:
            keep_picture(page, f"{name}-{self.language.value}-{self.theme.value}.png")


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate("window.scrollTo(0, 0)")
    drawn = Image.open(io.BytesIO(page.screenshot(caret="initial")))
    drawn.convert("RGB").quantize(
        256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    ).save(PICTURES / name, optimize=True)
    assert (PICTURES / name).stat().st_size < LARGEST


@pytest.fixture(scope="module", params=WALKS, ids=lambda one: f"{one[0].value} {one[1].value}")
def walked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Language, Theme, bool]]:
    language, theme, has_code = request.param
    folder = tmp_path_factory.mktemp("job") / "node"
    if HAS_PICTURES:
        shutil.copytree(small_demo()[0], folder)
    else:
        make_tiny(folder)
        with opened(folder) as node:
            pass_over(node)
    settings = folder / SETTINGS_FILE
    settings.write_text(
        settings.read_text(encoding="utf-8") + ("" if has_code else f"\n{NO_CODE}"),
        encoding="utf-8",
    )
    with console_with_cases(folder, has_cases=True) as running:
        yield running, language, theme, has_code


@pytest.fixture
def console(walked: tuple[Running, Language, Theme, bool]) -> Running:
    return walked[0]


@pytest.fixture
def walk(visits: Visits, walked: tuple[Running, Language, Theme, bool]) -> Walk:
    return Walk(visits, *walked[1:])


def sign_in(page: Page, login: str, password: str, *, has_code: bool) -> None:
    """Sign in with a password, and where the node asks for it set up a code."""
    page.locator("#login").fill(login)
    page.locator("#password").fill(password)
    page.locator("form[action='/sign-in'] button").click()
    if has_code:
        page.locator("form[action='/sign-in/enrol'] button").click()
        page.locator("#code").fill(pyotp.TOTP(page.locator(".secret").inner_text()).now())
        page.locator("main form button").first.click()
        page.locator("a[href='/']").last.click()
    expect(page.locator("nav.places")).to_be_visible()


def act(page: Page, name: str, **fields: str) -> None:
    """Open a form of a case, fill it in and send it; the page says that it was done."""
    page.evaluate("document.querySelectorAll('.notice').forEach((one) => one.remove())")
    form = page.locator(f"#act-{name}")
    form.locator("summary").click()
    for field, text in fields.items():
        form.locator(f"[name={field}]").fill(text)
    form.locator("form button").click()
    expect(page.locator(".notice-done")).to_be_visible()


def clear_one_case(walk: Walk, page: Page) -> str:
    """Find a case of a proposal that nobody has, clear its alerts and close it."""
    page.goto("/cases")
    walk.picture(page, "queue")
    page.locator("#jurisdiction").select_option("PROPOSAL")
    page.locator("#subject_kind, #filter-kind").select_option("run")
    page.locator(".filters button").click()
    page.wait_for_url("**/cases?*jurisdiction=PROPOSAL*")
    page.locator("tr[data-row] a").first.click()
    page.wait_for_url("**/cases/c-*")
    where = page.url.partition("?")[0]
    act(page, "assign")
    act(page, "clear", reason="The run was stopped on the first day; see the operator's note.")
    act(page, "close", reason="Nothing is left to do.")
    expect(page.locator(".story li").first).to_be_visible()
    walk.picture(page, "case-closed")
    return where


def draft_and_propose(walk: Walk, page: Page) -> tuple[str, str]:
    """Confirm the gravest case and propose its filing; return the addresses of both."""
    page.goto("/cases?jurisdiction=EU&rule=eu.ai_act.systemic_risk")
    page.locator("tr[data-row] a").first.click()
    page.wait_for_url("**/cases/c-*")
    where = page.url.partition("?")[0]
    walk.picture(page, "case")
    page.goto(page.locator("#why ~ article a").first.get_attribute("href") or "")
    walk.picture(page, "finding")
    page.goto(where)
    act(page, "confirm", reason="The meter and the declaration agree.")
    expect(page.locator(".check")).to_have_count(1)
    offer = page.locator("#act-draft")
    if offer.get_attribute("open") is None:
        offer.locator("summary").click()
    offer.locator("form:has(input[value=notification]) button").click()
    page.wait_for_url("**/filings/g-*")
    filing = page.url
    walk.picture(page, "filing")
    expect(page.locator("#missing li")).to_have_count(len(FILLED))
    for field, text in FILLED.items():
        control = page.locator(f"[name='v.{field}']")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    page.locator("button[value=save]").last.click()
    expect(page.locator("#missing")).to_have_count(0)
    page.locator("#why-file").fill("The condition is met and nobody argues against it.")
    page.locator("button[value=propose]").click()
    page.wait_for_url(filing)
    expect(page.locator(".paper-card")).to_be_visible()
    walk.picture(page, "filing-proposed")
    return where, filing


def check_both(walk: Walk, page: Page, case: str, filing: str) -> None:
    """Find what waits, look at the maker's reasons, and approve the confirmation and the filing."""
    page.goto("/cases?to_check=yes")
    walk.picture(page, "to-check")
    page.locator(f"a[href^='/cases/{case.rpartition('/')[2]}']").click()
    expect(page.locator(".check")).to_have_count(2)
    walk.picture(page, "check")
    for left in (1, 0):
        page.locator(".check button[value=approve]").first.click()
        expect(page.locator(".check")).to_have_count(left)
    page.goto(filing)
    expect(page.locator(".tag-good").first).to_be_visible()
    expect(page.locator(".digest-line").last).to_contain_text("SHA-256")
    walk.picture(page, "filing-filed")


def test_the_whole_job(walk: Walk) -> None:
    console = walk.visits.console
    password = add_local_person(console, "maker", "Mira Okonwo", "analyst", walk.language)
    other = add_local_person(console, "checker", "Jonas Tedeschi", "reviewer", walk.language)
    page = walk.open()
    sign_in(page, "maker", password, has_code=walk.has_code)
    closed = clear_one_case(walk, page)
    case, filing = draft_and_propose(walk, page)
    assert closed != case
    page.goto(case)
    assert page.locator(".check button[value=approve]").count() == 0, "a maker checks nothing"
    page.locator(".me summary").click()
    page.locator("form[action='/sign-out'] button").click()
    sign_in(page, "checker", other, has_code=walk.has_code)
    check_both(walk, page, case, filing)
    assert (
        page.locator("html").get_attribute("lang") == ("zh-Hans", "en")[walk.language.value == "en"]
    )
