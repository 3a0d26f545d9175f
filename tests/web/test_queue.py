"""The queue in the browser: filters in the address, counts, views, the next case, bulk acts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from case_console import MEMBER, axe_faults, console_with_cases, rows
from console import Reader, Running, Visits
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.web.pages import queue
from sluicegate.web.visit import Theme

pytestmark = pytest.mark.service("chromium")

BULK = "fieldset.bulk"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with console_with_cases(tmp_path_factory.mktemp("queue") / "node") as running:
        yield running


def shown(page: Page) -> list[str]:
    """Return the ids of the cases that a page lists, in order."""
    boxes = page.locator("tr[data-row] input[name=case]").all()
    return [box.get_attribute("value") or "" for box in boxes]


def number_in(text: str) -> int:
    return int(re.findall(r"\d+", text)[-1])


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_filter_stands_in_the_address_and_keeps_what_its_count_says(
    visits: Visits, has_scripts: bool
) -> None:
    page = visits.open("/cases", Reader(has_scripts=has_scripts))
    assert shown(page) == [row.case_id for row in rows(visits.console)]
    option = page.locator("#jurisdiction option[value=PROPOSAL]")
    count = number_in(option.inner_text())
    page.locator("#jurisdiction").select_option("PROPOSAL")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("jurisdiction=PROPOSAL"))
    expect(page.locator("tr[data-row]")).to_have_count(count)
    assert page.locator("#jurisdiction").input_value() == "PROPOSAL"
    # Another choice still says what it would give.
    assert number_in(page.locator("#jurisdiction option[value=EU]").inner_text()) > 0
    page.reload()
    expect(page.locator("tr[data-row]")).to_have_count(count)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("priority=urgent", {"priority": "urgent"}),
        ("text=alder", {"text": "alder"}),
        ("rule=assess.kyc.compute_used", {"rule": "assess.kyc.compute_used"}),
        ("subject_kind=group", {"subject_kind": "group"}),
        ("due_before=2026-04-01", {"due_before": "2026-04-01"}),
        ("assignee=me", {"assignee": "me"}),
        ("escalated=yes", {"escalated": "yes"}),
        ("state=closed", {"state": "closed"}),
        ("customer=c-lab", {"customer": "c-lab"}),
        ("order=due", {"order": "due"}),
        ("state=all&order=due", {"state": "all", "order": "due"}),
    ],
)
def test_each_filter_lists_what_the_service_keeps(
    visits: Visits, query: str, wanted: dict[str, str]
) -> None:
    page = visits.open(f"/cases?{query}")
    kept = [row.case_id for row in rows(visits.console, Filter.from_query(wanted))]
    assert shown(page) == kept


def test_the_queue_comes_by_due_day_and_stays_so_under_a_ready_filter(visits: Visits) -> None:
    page = visits.open("/cases")
    page.locator("#order").select_option("due")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("order=due"))
    found = {row.case_id: row.due for row in rows(visits.console)}
    days = [found[one] for one in shown(page)]
    assert days == sorted(days, key=lambda day: (day is None, day))
    assert days != [row.due for row in rows(visits.console)][: len(days)]
    assert page.locator(".heaps a[aria-current=page]").inner_text().startswith("Wants work")
    page.locator(".heaps a", has_text="Nobody's").click()
    page.wait_for_url(re.compile("assignee=nobody"))
    assert page.locator("#order").input_value() == "due"
    assert axe_faults(page) == []


def test_counts_stand_beside_choices_under_a_day_and_a_check(visits: Visits) -> None:
    for other in ("due_before=2030-01-01", "to_check=yes"):
        page = visits.open(f"/cases?{other}&priority=urgent&jurisdiction=EU")
        for field in ("priority", "jurisdiction"):
            option = page.locator(f"#{field} option[selected]")
            expect(option).to_have_text(re.compile(r"\(\d+\)$"))


def test_a_filter_that_cannot_be_read_says_so_and_leads_back(visits: Visits) -> None:
    page = visits.open("/cases?priority=soon&colour=red")
    expect(page.locator("main")).to_contain_text("cannot be read")
    expect(page.locator("main")).to_contain_text("colour")
    page.locator("main a[href='/cases']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")


def test_a_long_list_is_paged_forth_and_back(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "DEFAULT_LIMIT", 4)
    every = [row.case_id for row in rows(visits.console)]
    page = visits.open("/cases")
    assert shown(page) == every[:4]
    page.get_by_role("link", name="Next", exact=True).click()
    assert shown(page) == every[4:8]
    page.get_by_role("link", name="Next", exact=True).click()
    assert shown(page) == every[8:12]
    page.get_by_role("link", name="Previous").click()
    assert shown(page) == every[4:8]
    page.get_by_role("link", name="Previous").click()
    assert shown(page) == every[:4]
    assert page.get_by_role("link", name="Previous").count() == 0


def test_a_view_is_saved_shared_by_its_address_and_forgotten(visits: Visits) -> None:
    page = visits.open("/cases?jurisdiction=EU&priority=urgent")
    page.locator(".views summary").click()
    page.locator("#view-name").fill("Grave <b>and</b> European")
    page.locator(".views button[value=save]").click()
    link = page.locator(".heaps a.own")
    expect(link).to_have_text("Grave <b>and</b> European")
    assert link.get_attribute("aria-current") == "page"
    address = link.get_attribute("href") or ""
    other = visits.open(address, Reader("reviewer"))
    assert shown(other) == shown(page) != []
    assert other.locator(".heaps a.own").count() == 0
    page.locator(".views summary").click()
    page.locator(".views button[value=drop]").click()
    expect(page.locator(".heaps a.own")).to_have_count(0)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_next_case_becomes_mine_and_opens(visits: Visits, has_scripts: bool) -> None:
    page = visits.open("/cases?jurisdiction=EU", Reader(has_scripts=has_scripts))
    nobodys = Filter.from_query({"jurisdiction": "EU", "assignee": "nobody"})
    first = rows(visits.console, nobodys)[0]
    page.get_by_role("button", name="Take the next case").click()
    expect(page.get_by_role("status").first).to_contain_text("yours")
    assert f"/cases/{first.case_id}" in page.url
    expect(page.locator("#work .facts")).to_contain_text("Ada Lindqvist")
    page.get_by_role("link", name="Next case").click()
    assert first.case_id not in page.url
    expect(page.locator(".lead")).to_contain_text("European Union")


def test_ticked_cases_are_given_to_someone_at_once(visits: Visits) -> None:
    page = visits.open("/cases?jurisdiction=PROPOSAL&assignee=nobody")
    ids = shown(page)[:2]
    for one in ids:
        page.locator(f"input[name=case][value={one}]").check()
    page.locator(f"{BULK} #bulk-act").select_option("assign")
    page.locator(f"{BULK} #bulk-to").select_option(label="Bo Marchetti")
    page.locator(f"{BULK} #bulk-reason").fill("Both are on Bo's list.")
    page.locator(f"{BULK} button").click()
    expect(page.get_by_role("status").first).to_contain_text("2 cases")
    assert axe_faults(page) == []
    assignees = {row.case_id: row.assignee for row in rows(visits.console)}
    assert len({assignees[one] for one in ids}) == 1
    assert None not in {assignees[one] for one in ids}


def test_what_refuses_is_named_with_its_reason(visits: Visits) -> None:
    console = visits.console
    own = Filter(jurisdictions=("OWN",))
    expected = len(rows(console, own))
    assert expected > 2
    page = visits.open("/cases?jurisdiction=OWN")
    page.locator("input[data-all=case]").check()
    page.locator(f"{BULK} #bulk-act").select_option("assign")
    page.locator(f"{BULK} #bulk-to").select_option("nobody")
    page.locator(f"{BULK} button").click()
    expect(page.locator("main")).to_contain_text("refused")
    refused = page.locator("tr[data-row]")
    expect(refused.first).to_contain_text("theirs already")
    assert refused.count() == expected
    assert axe_faults(page) == []
    assert all(row.assignee is None for row in rows(console, own))


def test_an_act_without_its_reason_is_asked_again_for_the_same_cases(visits: Visits) -> None:
    page = visits.open("/cases?jurisdiction=KR")
    page.locator("input[name=case]").first.check()
    page.locator(f"{BULK} #bulk-act").select_option("clear")
    page.locator(f"{BULK} button").click()
    expect(page.locator(".fault")).to_contain_text("Write something")
    assert axe_faults(page) == []
    page.locator("#clear-reason").fill("The system is not offered in Korea.")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("status").first).to_contain_text("Proposed in 1 case")
    row = rows(visits.console, Filter.from_query({"jurisdiction": "KR", "state": "all"}))[0]
    assert row.state.value == "pending", "clearing an alert of this weight waits for a second"


def test_the_view_leaves_as_csv_and_json_as_it_stands(visits: Visits) -> None:
    page = visits.open("/cases?jurisdiction=EU")
    ids = shown(page)
    for name in ("CSV", "JSON"):
        with page.expect_download() as started:
            page.get_by_role("link", name=name, exact=True).click()
        text = started.value.path().read_text(encoding="utf-8")
        found = list(csv.DictReader(io.StringIO(text))) if name == "CSV" else json.loads(text)
        assert [one["case_id"] for one in found] == ids


def test_keys_go_through_the_rows_and_open_one(visits: Visits) -> None:
    page = visits.open("/cases")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("#row-1")).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url(re.compile("/cases/c-"))
    page.keyboard.press("e")
    expect(page.locator("[data-key=e]")).to_be_focused()


def test_who_may_only_look_is_offered_no_act(visits: Visits) -> None:
    page = visits.open("/cases", Reader("auditor"))
    assert page.locator("tr[data-row]").count() > 0
    for place in (BULK, "form[action='/cases/take']", "a[href='/cases/new']"):
        assert page.locator(place).count() == 0, place


def test_what_waits_for_a_check_shows_to_who_may_check(visits: Visits) -> None:
    assert "to_check" not in visits.open("/cases").content()
    page = visits.open("/cases", Reader("reviewer"))
    page.get_by_role("link", name="Waits for my check").click()
    expect(page.locator(".heaps a[aria-current]")).to_contain_text("Waits for my check")
    kept = rows(visits.console, Filter(is_mine_to_check=True))
    assert len(shown(page)) == len(kept)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK], ids=lambda one: one.value)
@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
@pytest.mark.parametrize("path", ["/cases?state=all", "/cases?text=nobody+has+this", "/calendar"])
def test_axe_finds_nothing_in_any_state_of_the_queue(
    visits: Visits, path: str, language: Language, theme: Theme
) -> None:
    page = visits.open(path, Reader(MEMBER, language, theme))
    for fold in page.locator("details").all():
        fold.evaluate("one => { one.open = true; }")
    assert axe_faults(page) == []


def test_a_feed_gives_due_days_without_signing_in_until_it_is_ended(visits: Visits) -> None:
    page = visits.open("/calendar")
    page.locator("#scope").select_option("all")
    page.get_by_role("button", name="Make it").click()
    address = page.locator(".secret").inner_text()
    outside = visits.open("/sign-in", Reader(""))
    given = outside.request.get(address)
    assert given.ok
    assert "BEGIN:VEVENT" in given.text()
    assert "Alder" not in given.text(), "no names leave with it"
    page.goto("/calendar")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("status")).to_contain_text("nothing any more")
    assert outside.request.get(address).status == 404
