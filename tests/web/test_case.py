"""A case in the browser: why it is here, everything that can be done to it, and who sees it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from case_console import MEMBER, axe_faults, console_with_cases, rows
from console import Reader, Running, Visits
from sluicegate.cases.commands import Comment
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.casework.acting import act
from sluicegate.web.visit import Theme

pytestmark = pytest.mark.service("chromium")

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}%(name)s"
EVERY_STATE = Filter(has_all_states=True)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with console_with_cases(tmp_path_factory.mktemp("case") / "node") as running:
        yield running


def case_of(console: Running, jurisdiction: str, title: str = "") -> str:
    """Return the id of the first case of a jurisdiction whose title begins so."""
    kept = rows(console, Filter(has_all_states=True, jurisdictions=(jurisdiction,)))
    return next(row.case_id for row in kept if row.title.startswith(title))


def do(page: Page, name: str, **fields: str) -> None:
    """Open a form, fill it in and send it."""
    page.evaluate("document.querySelectorAll('.notice').forEach((one) => one.remove())")
    form = page.locator(f"#act-{name}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for field, text in fields.items():
        control = form.locator(f"[name={field}]")
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    form.locator("form button").click()


def done(page: Page) -> None:
    expect(page.locator(".notice-done")).to_be_visible()


def test_it_says_first_why_it_is_here(visits: Visits) -> None:
    case = case_of(visits.console, "EU", "Alder")
    page = visits.open(f"/cases/{case}")
    main = page.locator("main").inner_text()
    assert main.index("Why it is here") < main.index("Decide")
    expect(page.locator(".ground .outcome").first).to_contain_text("systemic risk")
    expect(page.locator("figure svg")).to_have_count(1)
    expect(page.locator("figure table")).to_contain_text("1e25")
    chinese = visits.open(f"/cases/{case}", Reader(language=Language.ZH))
    expect(chinese.locator(".ground .outcome").first).to_contain_text("系统性风险")


def test_each_due_day_shows_how_it_is_counted(visits: Visits) -> None:
    page = visits.open(f"/cases/{case_of(visits.console, 'EU', 'Alder')}")
    clocks = page.locator("section[aria-labelledby=clocks] table")
    expect(clocks).to_contain_text("2 weeks counted from")
    expect(clocks).to_contain_text("Art. 52(1)")


def test_a_finding_has_its_tree_of_figures_on_a_page_of_its_own(visits: Visits) -> None:
    page = visits.open(f"/cases/{case_of(visits.console, 'EU', 'Alder')}")
    page.get_by_role("link", name="How it was worked out").first.click()
    expect(page.locator(".figures")).to_contain_text("Usage records")
    expect(page.locator(".figures")).to_contain_text("lab-1")
    page.get_by_role("link", name="Case", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alder")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_comment_stands_in_the_timeline_as_it_was_written(
    visits: Visits, has_scripts: bool
) -> None:
    case = case_of(visits.console, "PROPOSAL")
    page = visits.open(f"/cases/{case}", Reader(has_scripts=has_scripts))
    form = page.locator("#act-comment")
    form.locator("summary").click()
    form.locator("[name=text]").fill(HOSTILE)
    form.locator("form button").click()
    done(page)
    expect(page.locator(".story .written").first).to_have_text(HOSTILE)
    assert page.locator("img[src='x'], main script").count() == 0


def test_work_is_done_step_by_step_and_told_in_the_timeline(visits: Visits) -> None:
    case = case_of(visits.console, "US", "Quillmere")
    page = visits.open(f"/cases/{case}")
    steps = [
        ("assign", {}, "Assigned"),
        ("prioritise", {"priority": "high", "reason": "The owner is new."}, "Priority set"),
        ("escalate", {"to": "officer", "reason": "For the officer to know."}, "Handed up"),
        ("snooze", {"until": "2026-12-01", "reason": "The register answers then."}, "Rests"),
        ("wake", {"reason": ""}, "Rests no longer"),
        ("extend", {"days": "3000", "reason": "The register is slow."}, "Due day extended"),
        (
            "request_information",
            {"asked_of": "Quillmere", "what": "Who owns you?", "ground": ""},
            "Due day stands still",
        ),
        ("receive_information", {"summary": "The register's extract."}, "Due day runs"),
        ("link", {"case_id": case_of(visits.console, "KR"), "reason": ""}, "Case linked"),
    ]
    for name, fields, told in steps:
        if name == "snooze":
            fields = {**fields, "until": page.evaluate(_NEXT_WEEK)}
        do(page, name, **fields)
        done(page)
        expect(page.locator(".story li").first.locator("b")).to_have_text(told)
    assert axe_faults(page) == []


_NEXT_WEEK = "new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10)"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(
    visits: Visits, has_scripts: bool
) -> None:
    case = case_of(visits.console, "US-CA")
    page = visits.open(f"/cases/{case}", Reader(has_scripts=has_scripts))
    form = page.locator("#act-snooze")
    form.locator("summary").click()
    form.locator("[name=until]").fill("2020-01-31")
    form.locator("[name=reason]").fill("Until the answer comes.")
    form.locator("form button").click()
    expect(page.locator("#act-snooze .notice-fault")).to_contain_text("still to come")
    expect(page.locator("#act-snooze [name=reason]")).to_have_value("Until the answer comes.")
    expect(page.locator("#act-snooze [name=until]")).to_have_value("2020-01-31")
    assert page.locator("#act-reopen").inner_text().count("not now") == 1


def test_a_link_to_no_case_says_so_beside_its_field(visits: Visits) -> None:
    page = visits.open(f"/cases/{case_of(visits.console, 'US-CA')}")
    do(page, "link", case_id="c-0000000000000000", reason="The same owner.")
    expect(page.locator("#act-link .fault")).to_have_text("There is no such case.")
    expect(page.locator("#act-link [name=reason]")).to_have_value("The same owner.")


def test_a_day_that_stands_still_counts_no_days(visits: Visits) -> None:
    page = visits.open(f"/cases/{case_of(visits.console, 'US-CA')}")
    own = page.locator("section[aria-labelledby=clocks] tr").filter(has_text="Decide the case")
    own_day = page.locator("#act-extend option", has_text="Decide the case").get_attribute("value")
    do(page, "extend", clock_id=own_day or "", days="3000", reason="The judge agreed.")
    expect(own).to_contain_text("days left")
    do(page, "request_information", asked_of="the lab", what="Where was it trained?")
    expect(own).to_contain_text("standing still")
    expect(own).not_to_contain_text("days left")


def test_two_who_write_at_once_see_what_the_other_did_and_keep_what_they_typed(
    visits: Visits,
) -> None:
    case = case_of(visits.console, "EU", "Saltgrass")
    mine = visits.open(f"/cases/{case}")
    other = visits.open(f"/cases/{case}", Reader("reviewer"))
    do(other, "comment", text="I have called them.")
    done(other)
    do(mine, "comment", text="My own view, typed at length.")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Someone else wrote first")
    expect(mine.locator(".story")).to_contain_text("I have called them.")
    expect(mine.locator(".story")).to_contain_text("Bo Marchetti")
    expect(mine.locator("textarea[name=text]")).to_have_value("My own view, typed at length.")
    assert axe_faults(mine) == []
    mine.get_by_role("button", name="Send it again").click()
    done(mine)
    expect(mine.locator(".story .written").first).to_have_text("My own view, typed at length.")
    expect(mine.locator(".story li")).to_have_count(3)


def test_what_another_did_since_my_last_act_is_marked(visits: Visits) -> None:
    console = visits.console
    case = case_of(console, "EU", "Lowfen")
    page = visits.open(f"/cases/{case}")
    do(page, "assign")
    done(page)
    desk = console.served.desk(
        Principal(
            "user:other",
            PrincipalKind.PERSON,
            console.served.tenant,
            "Tor Vance",
            frozenset({"officer"}),
        )
    )
    act(desk, case, Comment("Look at the second source."))
    page.reload()
    expect(page.locator(".notice")).to_contain_text("since your last act")
    expect(page.locator(".story li.new")).to_have_count(1)


def test_a_proposal_is_rejected_with_a_reason_or_taken_back(visits: Visits) -> None:
    case = case_of(visits.console, "EU", "Brackwater")
    maker = visits.open(f"/cases/{case}")
    do(maker, "confirm", reason="The meter says so.")
    expect(maker.locator(".notice-done")).to_contain_text("Proposed, for a second person")
    assert maker.locator(".check button[value=approve]").count() == 0
    assert axe_faults(maker) == []
    checker = visits.open(f"/cases/{case}", Reader("reviewer"))
    expect(checker.locator(".check")).to_contain_text("The meter says so.")
    checker.locator(".check button[value=reject]").click()
    expect(checker.locator(".check .notice-fault")).to_be_visible()
    assert axe_faults(checker) == []
    checker.locator(".check textarea").fill("Ask for the declaration first.")
    checker.locator(".check button[value=reject]").click()
    expect(checker.locator(".check")).to_have_count(0)
    maker.reload()
    do(maker, "confirm", reason="The declaration says so too.")
    done(maker)
    maker.locator(".check button").click()
    expect(maker.locator(".check")).to_have_count(0)
    expect(maker.locator(".story b").first).to_have_text("Proposal taken back")


def test_only_the_alerts_that_are_ticked_are_decided(visits: Visits) -> None:
    case = case_of(visits.console, "US", "Alder")
    page = visits.open(f"/cases/{case}")
    form = page.locator("#act-clear")
    form.locator("summary").click()
    form.locator("input[name=alerts]").first.uncheck()
    form.locator("textarea").fill("Only this one does not apply.")
    form.locator("form button").click()
    done(page)
    assert page.locator(".ground .tag-good").count() == 1


def test_a_file_is_kept_with_its_digest_given_back_and_erased(visits: Visits) -> None:
    case = case_of(visits.console, "KR")
    content = b"<script>alert(1)</script> what the customer sent"
    page = visits.open(f"/cases/{case}", Reader("officer"))
    page.locator("#documents summary").last.click()
    page.locator("#file").set_input_files(
        {"name": "../<b>answer</b>.html", "mimeType": "text/html", "buffer": content}
    )
    page.locator("#documents form[enctype] button").click()
    done(page)
    digest = hashlib.sha256(content).hexdigest()
    expect(page.locator("#documents")).to_contain_text(digest)
    link = page.locator("#documents .item a")
    given = page.request.get(f"{visits.console.address}{link.get_attribute('href')}")
    assert given.body() == content
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment")
    page.locator("#documents .item summary").click()
    page.locator("#documents .item textarea").fill("It holds data of a third person.")
    page.locator("#documents .item button.bad").click()
    done(page)
    expect(page.locator("#documents")).to_contain_text("content erased")
    expect(page.locator("#documents")).to_contain_text(digest)
    assert page.request.get(f"{visits.console.address}{link.get_attribute('href')}").status == 404


def test_a_case_leaves_as_a_page_for_paper_and_as_documents_with_a_digest(visits: Visits) -> None:
    case = case_of(visits.console, "EU", "Alder")
    page = visits.open(f"/cases/{case}")
    address = f"{visits.console.address}/cases/{case}"
    said = json.loads(page.request.get(f"{address}/export.json").text())
    assert said["case"]["case_id"] == case
    written = page.request.get(f"{address}/export.html").text()
    assert said["digest"] in written
    assert "<link" not in written
    assert "<form" not in written
    page.goto(f"/cases/{case}/print")
    expect(page.locator("footer")).to_contain_text(said["digest"])


def test_a_case_is_opened_by_hand(visits: Visits) -> None:
    page = visits.open("/cases/new")
    page.locator("#title").fill("A call from a bank")
    page.locator("#reason").evaluate("one => one.removeAttribute('required')")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator("#reason-fault")).to_be_visible()
    expect(page.locator("#title")).to_have_value("A call from a bank")
    assert axe_faults(page) == []
    page.locator("#reason").fill("It asks about a payment.")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A call from a bank")
    expect(page.locator(".story")).to_contain_text("It asks about a payment.")
    assert axe_faults(page) == []


def seen_by(page: Page, paths: list[str]) -> list[str]:
    """Return what pages show, without the tokens of their forms."""
    found = []
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('[name=csrf]').forEach((one) => one.remove())")
        found.append(page.content())
    return found


def test_a_sealed_file_changes_nothing_for_those_outside_its_group(visits: Visits) -> None:
    case = case_of(visits.console, "OWN", "Brackwater")
    outside = visits.open("/cases", Reader("officer"))
    asked = [
        "/cases?state=all&text=brackwater",
        f"/cases/{case}",
        "/cases?kind=suspicion&state=all",
        "/cases/sealed",
        "/filings",
    ]
    before = seen_by(outside, asked)
    member = visits.open(f"/cases/{case}", Reader(MEMBER))
    member.get_by_role("link", name="Open a suspicion file").click()
    assert axe_faults(member) == []
    member.locator("#reason").fill("Payments that fit no purpose.")
    member.get_by_role("button", name="Open the file").click()
    expect(member.locator(".lead")).to_contain_text("sealed for the group suspicion")
    sealed = member.url.rpartition("/")[2]
    assert axe_faults(member) == []
    expect(member.locator("#related")).to_contain_text("Brackwater")
    assert seen_by(outside, asked) == before
    nowhere = f"{sealed[:-1]}x"
    [gone] = seen_by(outside, [f"/cases/{sealed}"])
    [nothing] = seen_by(outside, [f"/cases/{nowhere}"])
    assert nothing.replace(nowhere, sealed) == gone
    for name in (sealed, nowhere):
        assert outside.request.get(f"{visits.console.address}/cases/{name}").status == 404
    outside.goto("/cases")
    assert outside.get_by_role("link", name="Open a suspicion file").count() == 0


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK], ids=lambda one: one.value)
@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
@pytest.mark.parametrize("role", [MEMBER, "auditor"])
def test_axe_finds_nothing_with_every_form_open(
    visits: Visits, role: str, language: Language, theme: Theme
) -> None:
    page = visits.open(
        f"/cases/{case_of(visits.console, 'EU', 'Tern')}", Reader(role, language, theme)
    )
    for fold in page.locator("main details").all():
        fold.evaluate("one => { one.open = true; }")
    assert axe_faults(page) == []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
