"""Webhooks in the browser: a secret is shown once, changed with an overlap, and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from case_console import axe_faults, console_with_cases
from console import Reader, Running, Visits
from served_api import PUBLIC
from sluicegate.core.phrases import Language
from sluicegate.wiring import opened
from tiny_world import pass_over, tiny_node

pytestmark = pytest.mark.service("chromium")

BOSS = "administrator"
NONE_SIGNS = "The old secret signs until–"
SETTINGS = 'tenant = "self"\nroles = ["provider"]\ncountry = "US"\n\n[notices]\ndays_ahead = 14\n'


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tiny_node(tmp_path_factory.mktemp("webhooks") / "node")
    (folder / "sluicegate.toml").write_text(SETTINGS, encoding="utf-8")
    with opened(folder) as node:
        pass_over(node)
    with console_with_cases(folder, has_cases=True) as running:
        yield running


def added(visits: Visits, path: str) -> tuple[Page, str]:
    """Add a webhook; return its page and its first secret."""
    page = visits.open("/webhooks", Reader(BOSS, has_scripts=False))
    page.locator("#new-url").fill(f"https://{PUBLIC}/{path}")
    page.get_by_role("button", name="Add").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_role("link", name="To the webhook").click()
    return page, secret


def rotate(page: Page, hours: str) -> None:
    page.locator("#rotate").evaluate("one => { one.open = true; }")
    page.get_by_label("Hours for which the old secret signs as well").fill(hours)
    page.get_by_role("button", name="Make a new secret").click()


def test_a_secret_is_changed_and_the_page_says_until_when_the_old_one_signs(
    visits: Visits,
) -> None:
    page, first = added(visits, "one")
    address = page.url
    expect(page.locator(".facts")).to_contain_text(NONE_SIGNS)
    rotate(page, "900")
    expect(page.get_by_text("Give a number from 0 to 720.")).to_be_visible()
    expect(page.get_by_label("Hours for which the old secret signs as well")).to_have_value("900")
    rotate(page, "36")
    second = page.locator(".secret").inner_text()
    assert second.startswith("whsec_")
    assert second != first
    expect(page.get_by_role("heading", level=1)).to_have_text("The secret is changed")
    expect(page.get_by_text("bears a signature of the old secret as well")).to_be_visible()
    page.goto(address)
    expect(page.locator(".facts")).to_contain_text("The old secret signs until")
    expect(page.locator(".facts")).not_to_contain_text(NONE_SIGNS)
    assert first not in page.content()
    assert second not in page.content()
    rotate(page, "0")
    third = page.locator(".secret").inner_text()
    page.reload()
    expect(page.get_by_text("changed since this page was read")).to_be_visible()
    assert third not in page.content()
    page.goto(address)
    rotate(page, "0")
    expect(page.get_by_text("The old secret signs no more.")).to_be_visible()
    page.goto(address)
    expect(page.locator(".facts")).to_contain_text(NONE_SIGNS)


def test_the_page_is_for_all_in_both_languages(visits: Visits) -> None:
    page, _ = added(visits, "two")
    for language in Language:
        one = visits.open(page.url, Reader(BOSS, language))
        one.locator("#rotate").evaluate("one => { one.open = true; }")
        assert axe_faults(one) == []
    expect(one.locator("#rotate summary")).to_have_text("更换密钥")


def test_an_auditor_reads_the_webhook_and_changes_nothing(visits: Visits) -> None:
    page, _ = added(visits, "three")
    read = visits.open(page.url, Reader("auditor"))
    expect(read.locator("#rotate")).to_have_count(0)


def test_the_days_of_the_node_hold_until_a_person_chooses(visits: Visits) -> None:
    page = visits.open("/account/notices", Reader("analyst", has_scripts=False))
    expect(page.get_by_label("Days before a due day")).to_have_value("14")


def test_a_viewer_has_a_page_of_their_own_long_work(visits: Visits) -> None:
    page = visits.open("/account", Reader("viewer", has_scripts=False))
    page.get_by_role("link", name="Long work and its files").click()
    expect(page.get_by_text("No such work was asked for.")).to_be_visible()
