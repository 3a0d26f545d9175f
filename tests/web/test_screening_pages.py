"""Screening in the browser: matches side by side, allowances, names, lists and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from case_console import axe_faults
from chinese_pages import SHOWN, WORD, english
from console import EVERY_ROLE, Reader, Running, Visits
from screening_console import FIRST, OF_OURS, OWN, SECOND, match_of, screened_console
from sluicegate.core.phrases import Language
from sluicegate.services.ports.matches import AllowanceState, MatchOrder, MatchQuery
from sluicegate.services.screening.listing import list_matches
from sluicegate.wiring.work import operator_desk

pytestmark = pytest.mark.service("chromium")

NO_SCRIPTS = Reader("analyst", has_scripts=False)
PHONE = 390
LISTED = frozenset(WORD.findall(FIRST + SECOND + OF_OURS)) | {"Wethers"}
"""Words of the names on the lists, which sentences of both languages quote."""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with screened_console(tmp_path_factory.mktemp("screening")) as running:
        yield running


@pytest.fixture
def visits(browser: Browser, console: Running) -> Iterator[Visits]:
    made = Visits(browser, console)
    yield made
    made.close()
    assert made.faults == []


def match_path(console: Running, party: str) -> str:
    return f"/screening/matches/{match_of(console, party).match_id}"


def row(page: Page, name: str) -> list[str]:
    """Return what both sides say of one thing."""
    line = page.locator("#beside tbody tr").filter(has=page.get_by_role("rowheader", name=name))
    return [cell.inner_text() for cell in line.locator("td").all()]


PAGES = (
    "/screening",
    "/screening/runs/{run}",
    "/screening/matches",
    "/screening/matches/{lab}",
    "/screening/matches/{owner}",
    "/screening/matches/{person}",
    "/screening/lists",
    "/screening/lists/us_sdn",
    "/screening/lists/us_sdn/changes",
    "/screening/parties/{party}",
    "/screening/parties/us_sdn:s-5",
    "/screening/parties/us_sdn:s-4/join",
    "/screening/parties/us_sdn:s-4/join?other=us_sdn:s-1",
    "/screening/parties/us_sdn:s-1/split",
    "/screening/beside",
)


def filled(path: str, console: Running) -> str:
    store = console.served.store_of(console.served.tenant).matches
    return path.format(
        run=store.runs()[-1].run_id,
        lab=match_of(console, "c-lab").match_id,
        owner=match_of(console, "p-sandling").match_id,
        person=match_of(console, "c-small-2").match_id,
        party=match_of(console, "c-small-2").listed_id,
    )


@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_matches_is_for_all_in_both_languages(
    visits: Visits, path: str, language: Language
) -> None:
    page = visits.open(filled(path, visits.console), Reader(EVERY_ROLE, language))
    assert axe_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe_faults(page) == []
    if language is Language.ZH:
        assert english(page.evaluate(SHOWN)) <= LISTED
    page.set_viewport_size({"width": PHONE, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_match_shows_both_sides_and_the_parts_come_to_the_score(visits: Visits) -> None:
    page = visits.open(match_path(visits.console, "c-lab"), NO_SCRIPTS)
    left, right = row(page, "Names")
    assert left.startswith("Alder Reach Labs")
    assert "Alder Reach Laboratories" in right
    assert row(page, "Countries") == [
        "United States (US) the same",
        "United States (US) the same\nCyprus (CY)",
    ]
    points = (
        page.get_by_role("table", name="What each part gives").locator("td.num").all_inner_texts()
    )
    *parts, total = map(Decimal, points)
    assert abs(sum(parts) - total) <= Decimal("0.001")
    expect(page.get_by_role("table", name="Where the listed party stands")).to_contain_text(
        "EXAMPLE-ONE"
    )


def test_a_weak_alias_is_marked_in_the_list_and_on_the_page(visits: Visits) -> None:
    page = visits.open("/screening/matches?weak=yes", NO_SCRIPTS)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("weak alias")
    page.get_by_role("link", name="Ostrel Optics").click()
    expect(page.locator(".page-head")).to_contain_text("only on a weak alias")
    assert "compared" in row(page, "Names")[1]


def test_a_match_leads_to_its_finding_and_its_case_and_both_lead_back(visits: Visits) -> None:
    path = match_path(visits.console, "p-sandling")
    page = visits.open(path, NO_SCRIPTS)
    card = page.locator("#work")
    expect(card.get_by_role("link", name="Tern Hollow")).to_have_count(3)
    assert "c-shell-1" in row(page, "Stands above")[0]
    card.get_by_role("link", name="Tern Hollow One").click()
    page.locator("#matches").get_by_role("link", name="Sandlin Mirea").click()
    assert page.url.endswith(path)
    page.locator("#work").get_by_role("link", name="Go to its case").first.click()
    expect(page).to_have_url(re.compile("/cases/"))
    page.get_by_role("link", name="Sandlin Mirea").click()
    assert page.url.endswith(path)


def test_a_finding_on_the_same_listed_party_is_not_taken_for_that_of_another_match(
    visits: Visits,
) -> None:
    page = visits.open(match_path(visits.console, "c-small-2"), NO_SCRIPTS)
    expect(page.locator("#work").get_by_role("link", name="Idris Vantongeren")).to_have_count(1)
    assert page.locator("#work").get_by_role("link", name="Tern Hollow").count() == 0


def test_matches_are_filtered_by_the_address_and_go_out_as_they_stand(visits: Visits) -> None:
    page = visits.open("/screening/matches", NO_SCRIPTS)
    expect(page.locator("tbody tr")).to_have_count(5)
    page.locator("#filter-text").fill("weath")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "text=weath" in page.url
    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV").click()
    lines = fetched.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("match,party,party_name")
    assert [line.split(",")[1] for line in lines[1:]] == ["c-small-1"]
    page.goto("/screening/matches?state=gone")
    expect(page.get_by_text("No match fits these filters.")).to_be_visible()
    page.goto(f"/screening/matches?list={OWN}&order=name")
    names = page.locator("tbody th a").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    assert len(names) == 2


@pytest.mark.parametrize("order", MatchOrder, ids=lambda one: one.value)
def test_every_match_is_on_one_page_whatever_the_order(console: Running, order: MatchOrder) -> None:
    desk = operator_desk(console.served.node)
    every = list_matches(desk, MatchQuery(order=order)).page.rows
    seen: list[Any] = []
    cursor = None
    while True:
        found = list_matches(desk, MatchQuery(order=order), cursor, 2)
        seen += found.page.rows
        assert found.total == len(every)
        cursor = found.page.next_cursor
        if cursor is None:
            break
    assert [one.match_id for one in seen] == [one.match_id for one in every]
    assert len(every) == len(console.served.store_of(console.served.tenant).matches.matches())


def test_a_broken_cursor_is_told(visits: Visits) -> None:
    page = visits.open("/screening/matches?cursor=eyJrIjpbXX0", NO_SCRIPTS)
    expect(page.get_by_role("heading", level=1)).to_have_text("What was sent does not fit")


def test_an_allowance_needs_a_reason_and_another_person_where_the_rules_say_so(
    visits: Visits,
) -> None:
    console = visits.console
    store = console.served.store_of(console.served.tenant).matches
    path = match_path(console, "c-small-1")
    page = visits.open(path, NO_SCRIPTS)
    page.locator("#expires").fill("2026-09-01")
    page.get_by_role("button", name="Enter the allowance").click()
    expect(page.get_by_role("alert")).to_contain_text("give a reason")
    expect(page.locator("#expires")).to_have_value("2026-09-01")
    page.locator("#allow-reason").fill("another firm, seen in its register")
    page.locator("#expires").fill("2040-01-01")
    page.get_by_role("button", name="Enter the allowance").click()
    expect(page.get_by_role("alert")).to_contain_text("at the latest")
    page.locator("#expires").fill("2026-09-01")
    page.get_by_role("button", name="Enter the allowance").click()
    [made] = store.allowances()
    assert made.made_by.startswith("user:")
    if made.state is AllowanceState.PROPOSED:
        expect(page.get_by_text("Another person has to check")).to_be_visible()
        assert page.get_by_role("button", name="Approve").count() == 0
        page = visits.open(path, Reader("reviewer", has_scripts=False))
        page.get_by_role("button", name="Approve").click()
    [held] = store.allowances()
    assert held.state is AllowanceState.STANDING
    page.goto("/screening/allowances")
    expect(page.locator("tbody tr")).to_contain_text("another firm, seen in its register")
    page.get_by_role("link", name="Pell Weather").click()
    page.locator("#revoke summary").click()
    page.locator("#revoke-reason").fill("the register was of another year")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("opens the match again")).to_be_visible()
    [over] = store.allowances()
    assert over.state is AllowanceState.REVOKED
    assert axe_faults(visits.open("/screening/allowances", Reader(EVERY_ROLE))) == []


def test_a_name_is_screened_and_stands_in_no_address(visits: Visits) -> None:
    page = visits.open("/screening/names", NO_SCRIPTS)
    page.get_by_role("button", name="Screen it").click()
    expect(page.locator("#name-fault")).to_have_text("Give a name.")
    page.locator("#name").fill("Idris van Tongeren")
    page.get_by_label("Kind").select_option("Person")
    page.locator("#birth_date").fill("1977-02")
    page.get_by_role("button", name="Screen it").click()
    assert page.url.endswith("/screening/names")
    first = page.locator("article").first
    expect(first.get_by_role("heading")).to_have_text("Idris Vantongeren")
    expect(first).to_contain_text("alert")
    expect(first).to_contain_text("year and month")
    expect(first.get_by_role("link", name="All that lists say")).to_be_visible()
    page.locator("#birth_date").fill("last spring")
    page.get_by_role("button", name="Screen it").click()
    expect(page.locator("#birth_date")).to_have_value("last spring")
    assert page.locator("article").count() == 0


def test_a_page_of_nearest_parties_is_for_all_in_chinese(visits: Visits) -> None:
    page = visits.open("/screening/names", Reader(EVERY_ROLE, Language.ZH, has_scripts=True))
    page.locator("#name").fill("Pell Wethers")
    page.locator("#ask button").click()
    assert axe_faults(page) == []
    assert english(page.evaluate(SHOWN)) <= LISTED


def test_lists_say_how_old_they_are_and_what_changed_page_by_page(visits: Visits) -> None:
    page = visits.open("/screening/lists", NO_SCRIPTS)
    old = page.get_by_role("row").filter(has_text=OWN)
    expect(old).to_contain_text("too old")
    expect(old).to_contain_text("of 400 allowed")
    page.get_by_role("link", name="Specially Designated Nationals").first.click()
    rows = page.get_by_role("table", name="Versions").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("the first")
    rows.first.get_by_role("link", name="What version").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    expect(page.locator("#results")).to_contain_text("added 61")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr")).to_have_count(13)
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_label("Change").select_option("renamed")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("del")).to_have_text("Tavrin Mills")
    expect(page.locator("ins")).to_have_text("Tavrin Metal Mills")
    page.goto("/screening/lists/us_sdn/changes?how=removed")
    expect(page.locator("main")).to_contain_text("Grendel Harrow Shipping")
    page.get_by_role("link", name="Grendel Harrow Shipping").click()
    expect(page.locator(".page-head")).to_contain_text("no list has it any more")


def test_a_list_or_version_that_is_not_there_is_told(visits: Visits) -> None:
    page = visits.open("/screening/lists/us_none", NO_SCRIPTS)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.goto("/screening/lists/us_sdn/changes?from=1999")
    expect(page.locator("main")).to_contain_text("has no version 1999")
    page.goto("/screening/parties/lp-none")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_a_designation_is_entered_screened_and_taken_back(visits: Visits) -> None:
    page = visits.open("/screening/lists", NO_SCRIPTS)
    page.get_by_role("link", name="Enter a designation").click()
    page.locator("#names").fill("Brask Optics Works\nBrask Optik")
    page.locator("#number").fill("X-77")
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("#document-fault")).to_be_visible()
    expect(page.locator("#number_kind-fault")).to_be_visible()
    expect(page.locator("#names")).to_have_value("Brask Optics Works\nBrask Optik")
    page.get_by_label("Kind of number").select_option("registration")
    page.get_by_label("Kind", exact=True).select_option("Company")
    page.locator("#expected_list").select_option("us_sdn")
    page.locator("#document").fill("Gazette 12")
    page.locator("#dated").fill("2026-06-29")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brask Optics Works")
    page.goto("/screening/names")
    page.locator("#name").fill("Brask Optik")
    page.get_by_role("button", name="Screen it").click()
    expect(page.locator("article").first).to_contain_text("Brask Optics Works")
    page.goto("/screening/lists")
    line = page.get_by_role("row").filter(has_text="Brask Optics Works")
    line.locator("summary").click()
    line.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("No reason is given")).to_be_visible()
    line.locator("summary").click()
    line.get_by_label("Why").fill("entered twice")
    line.get_by_role("button", name="Withdraw").click()
    expect(line).to_contain_text("withdrawn")


def test_two_parties_are_made_one_and_parted_again(visits: Visits) -> None:
    page = visits.open("/screening/parties/us_sdn:s-1", NO_SCRIPTS)
    page.get_by_role("link", name="Join with another").click()
    page.get_by_label("Id of a party").fill("us_sdn:none")
    page.get_by_role("button", name="Show it beside").click()
    expect(page.locator(".notice-fault")).to_contain_text("No list has another party")
    page.get_by_label("Id of a party").fill("us_sdn:s-2")
    page.get_by_role("button", name="Show it beside").click()
    expect(page.locator("main")).to_contain_text("Sandlin Mirea")
    page.get_by_role("button", name="Join them").click()
    expect(page.locator(".notice-fault")).to_contain_text("Say why")
    page.get_by_label("Why").fill("the same registry extract")
    page.get_by_role("button", name="Join them").click()
    unions = page.get_by_role("table", name="Why these entries are one party")
    expect(unions).to_contain_text("the same registry extract")
    page.get_by_role("link", name="Part it").click()
    page.get_by_label("Why").fill("two people after all")
    page.get_by_role("button", name="Part them").click()
    expect(page.locator(".notice-fault")).to_be_visible()
    page.get_by_label("Sandlin Mirea").check()
    page.get_by_role("button", name="Part them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sandlin Mirea")
    expect(page.locator("main")).to_contain_text("two people after all")


@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_results_of_another_product_stand_beside_ours(visits: Visits, language: Language) -> None:
    page = visits.open("/screening/beside", Reader(language=language))
    page.locator("#vendor").fill("Other")
    page.locator("form[enctype] button").click()
    expect(page.locator("#results-file-fault")).to_be_visible()
    rows = "p-sandling,Sandlin Mirea,93%,open\nc-none,Alder Nobody,88,open\n"
    text = "customer_id,match_name,score,status\n" + rows
    page.locator("#results-file").set_input_files(
        {"name": "results.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.locator("form[enctype] button").click()
    main = page.locator("main")
    expect(main).to_contain_text("93%")
    expect(main).to_contain_text("Alder Nobody")
    assert axe_faults(page) == []
    if language is Language.ZH:
        given = {"Nobody", "Other", "open"}
        assert english(page.evaluate(SHOWN)) <= LISTED | given


def test_a_run_says_what_it_changed_and_another_can_be_asked_for(visits: Visits) -> None:
    page = visits.open("/screening", NO_SCRIPTS)
    expect(page.locator("main")).to_contain_text("1 list is older than it may be")
    page.get_by_role("table", name="Runs").get_by_role("link").last.click()
    expect(page.get_by_role("table", name="What it changed").locator("tbody tr")).to_have_count(5)
    page.goto("/screening")
    page.get_by_role("button", name="Run the screening").click()
    expect(page.get_by_text("The screening waits to be run.")).to_be_visible()


def test_a_list_is_taken_in_as_long_work(visits: Visits) -> None:
    page = visits.open("/screening/lists", Reader("officer", has_scripts=False))
    page.get_by_role("button", name="Take in").click()
    expect(page.locator("#list-file-fault")).to_have_text("Choose one file.")
    given = {"name": "more.csv", "mimeType": "text/csv", "buffer": b"id,name\n1,Ormond Vasker\n"}
    page.locator("#list-file").set_input_files(given)  # type: ignore[arg-type]
    page.get_by_label("Id of the list").fill("more")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("The list waits to be taken in.")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("viewer", "/screening", 403),
        ("viewer", "/screening/lists", 403),
        ("viewer", "/screening/names", 403),
        ("engineer", "/screening/matches", 403),
        ("engineer", "/screening/lists", 200),
        ("engineer", "/screening/designations/new", 403),
        ("auditor", "/screening/matches", 200),
        ("auditor", "/screening/designations/new", 403),
        ("engineer", "/screening/parties/us_sdn:s-4/join", 403),
        ("engineer", "/screening/beside", 403),
        ("auditor", "/screening/parties/us_sdn:s-4/split", 403),
    ],
)
def test_a_role_sees_what_its_policies_let_it(
    visits: Visits, role: str, path: str, status: int
) -> None:
    page = visits.open("/", Reader(role, has_scripts=False))
    response = page.goto(path)
    assert response is not None
    assert response.status == status


def test_an_auditor_reads_a_match_and_is_offered_nothing(visits: Visits) -> None:
    page = visits.open(match_path(visits.console, "c-lab"), Reader("auditor", has_scripts=False))
    assert page.locator("main form").count() == 0
    acts = visits.console.served.store_of(visits.console.served.tenant).acts()
    read = [one for one in acts if one.name == "read" and b'"kind":"match"' in one.canonical]
    assert read
    assert all(b"Alder" not in one.canonical for one in read)
