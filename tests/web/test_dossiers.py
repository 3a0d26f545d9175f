"""Customers, groups, runs and search in the browser: what is known, and by whom it may be read."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, expect

from console import SESSION, Reader, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.audit import ActFilter
from sluicegate.services.ports.present import FindingFilter
from sluicegate.services.ports.present_world import WorldFilter, WorldPart
from sluicegate.services.present.measured import estimate_of
from sluicegate.web.dossier_parts import address, amount, reached, times

pytestmark = pytest.mark.service("chromium")


def listed(page: Page) -> set[str]:
    """Return the ids of the rows of a list."""
    return set(page.locator("tr[data-row] th code").all_inner_texts())


@pytest.mark.parametrize("has_scripts", [True, False])
def test_customers_are_found_by_the_beginning_of_a_name_or_an_id(
    visits: Visits, has_scripts: bool
) -> None:
    page = visits.open("/customers", Reader(has_scripts=has_scripts))
    for text, found in (
        ("tern", {"c-shell-1", "c-shell-2", "c-shell-3"}),
        ("c-shell", {"c-shell-1", "c-shell-2", "c-shell-3"}),
        ("ＡＬＤＥＲ", {"c-lab"}),
        ("nobody", set()),
    ):
        page.get_by_label("Beginning of the name or id").fill(text)
        page.get_by_role("button", name="Filter").click()
        page.wait_for_url(re.compile(f"text={quote(text)}(&|$)"))
        expect(page.locator("tr[data-row]")).to_have_count(len(found))
        assert listed(page) == found


def test_customers_are_kept_by_country_and_by_findings(visits: Visits) -> None:
    page = visits.open("/customers?country=us&findings=yes")
    store = visits.console.served.store_of(visits.console.served.tenant)
    scope = Scope(visits.console.served.tenant)
    cells = [row.customer_id for row in store.present.findings(scope, FindingFilter(), None, 500)]
    people = store.present.world_rows(WorldPart.CUSTOMERS, WorldFilter(), None, 500)
    expected = {row.id for row in people if row.country == "US" and row.id in cells}
    assert expected
    assert listed(page) == expected
    assert "c-small-1" not in listed(visits.open("/customers?findings=yes"))


def test_a_customer_shows_who_it_is_what_it_used_and_why_it_belongs_to_a_group(
    visits: Visits,
) -> None:
    page = visits.open("/customers/c-shell-1", Reader(has_scripts=False))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tern Hollow One")
    expect(page.locator("#identity")).to_contain_text("United States (US)")
    expect(page.locator("#group")).to_contain_text("Mirea Sandling")
    expect(page.locator("svg.sg-picture")).to_have_count(2)
    store = visits.console.served.store_of(visits.console.served.tenant)
    row = store.present.world_row(WorldPart.CUSTOMERS, "c-shell-1")
    assert row is not None
    total = estimate_of(row.document["estimate"])
    assert total is not None
    months = page.locator("table", has_text="In the month").first
    last = months.locator("tbody tr").first
    assert amount(total.central) in last.locator("td").all_text_contents()
    alone = months.locator("tbody tr td:nth-child(2)").all_text_contents()
    assert len(alone) == 2


def test_a_customer_as_of_an_earlier_day_had_used_less(visits: Visits) -> None:
    page = visits.open("/customers/c-shell-1?as_of=2026-03-31")
    early = page.locator("figcaption p").first.inner_text()
    page.goto("/customers/c-shell-1?as_of=2026-04-30")
    late = page.locator("figcaption p").first.inner_text()
    found = [re.search(r"About (\S+) FLOP", text) for text in (early, late)]
    assert all(found)
    first, second = (float(one[1]) for one in found if one)
    assert first * 1.9 < second < first * 2.1


def test_reading_a_customer_is_an_act_and_reading_the_list_is_none(console: Running) -> None:
    def reads() -> int:
        store = console.served.store_of(console.served.tenant)
        wanted = ActFilter(text="c-base")
        return len(store.audit.page(Scope(console.served.tenant), wanted, before=None, limit=50))

    before = reads()
    assert get(console, "/customers").status_code == 200
    assert reads() == before
    assert get(console, "/customers/c-base").status_code == 200
    assert reads() == before + 1


def get(console: Running, path: str, role: str = "analyst") -> httpx.Response:
    cookies = {SESSION: console.tokens[role, Language.EN]}
    return httpx.get(console.address + path, cookies=cookies)


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("engineer", "/customers/c-lab", 403),
        ("engineer", "/groups", 403),
        ("engineer", "/runs/c-lab/r-lab", 403),
        ("engineer", "/findings", 403),
        ("engineer", "/sources", 200),
        ("engineer", "/search?text=al", 403),
        ("viewer", "/customers/c-lab", 403),
        ("viewer", "/runs/c-lab/r-lab", 200),
        ("auditor", "/customers/c-lab", 200),
        ("analyst", "/customers/nobody", 404),
        ("analyst", "/groups/nobody", 404),
        ("analyst", "/runs/nobody", 404),
    ],
)
def test_each_role_reads_what_the_policies_permit(
    console: Running, role: str, path: str, status: int
) -> None:
    assert get(console, path, role).status_code == status


def test_a_viewer_reads_a_run_without_the_name_of_its_customer(console: Running) -> None:
    assert "Alder Reach" not in get(console, "/runs/c-lab/r-lab", "viewer").text.split("<h2>")[0]
    assert "/customers/" not in get(console, "/runs/c-lab/r-lab", "viewer").text


def test_a_group_names_its_members_and_why_they_belong(visits: Visits) -> None:
    page = visits.open("/groups")
    page.get_by_role("link", name="Mirea Sandling").click()
    page.wait_for_url(re.compile("/groups/p-sandling"))
    members = page.locator("table", has_text="Why it belongs there").locator("tr[data-row]")
    expect(members).to_have_count(3)
    for row in members.all():
        expect(row).to_contain_text("Mirea Sandling")
        expect(row).to_contain_text("the group holds")


def test_a_run_shows_declared_beside_metered(visits: Visits) -> None:
    page = visits.open("/runs/c-lab/r-lab")
    expect(page.locator("#declared")).to_contain_text("1.03e26 FLOP")
    expect(page.locator("#gap")).to_contain_text("by the run id in the usage")
    expect(page.locator("#metered")).to_contain_text("FLOP")
    expect(page.get_by_role("link", name="Alder Reach Labs", exact=True)).to_be_visible()


def test_a_day_that_is_none_is_named(console: Running) -> None:
    for path in ("/customers/c-lab", "/groups/p-sandling", "/runs/c-lab/r-lab"):
        answer = get(console, f"{path}?as_of=tomorrow")
        assert answer.status_code == 422
        assert "as_of" in answer.text


def test_search_finds_customers_groups_runs_and_cases(visits: Visits) -> None:
    page = visits.open("/", Reader(has_scripts=False))
    page.get_by_label("Beginning of a name or an id").fill("alder")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile("/search"))
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    page.goto("/search?text=mirea")
    expect(page.get_by_role("heading", name="Affiliate groups", exact=True)).to_be_visible()
    page.goto("/search?text=r-lab")
    expect(page.get_by_role("heading", name="Training runs", exact=True)).to_be_visible()
    page.goto("/search?text=no-such-thing")
    expect(page.get_by_text("Nothing begins so.")).to_be_visible()


@pytest.mark.parametrize(
    "text", ["%01", "%F0%9F%92%A9", "'; DROP TABLE cases; --", "%25", "x" * 900]
)
def test_search_takes_any_text(console: Running, text: str) -> None:
    assert get(console, f"/search?text={text}").status_code == 200


def test_addresses_and_figures_are_written_for_people() -> None:
    assert address("customer", "unmapped:meter:a/b c") == "/customers/unmapped:meter:a/b%20c"
    assert address("cluster", "k-1") == ""
    assert amount("13000000000000000000000000") == "1.3e25"
    assert times("1999", "1000") == "1.99"
    assert reached("0.85") == "85 %"
    assert reached("25.19") == "25.1 ×"
