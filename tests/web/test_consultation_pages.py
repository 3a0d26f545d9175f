"""Consultations in the browser: a draft is opened, commented on, closed, and issued by a second."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from case_console import axe_faults
from chinese_pages import SHOWN, WORD, english
from console import EVERY_ROLE, Reader, Running, Visits
from consultation_things import LIMIT, NOTE, answered, comment, issued, opened
from principals import principal
from sluicegate.core.phrases import Language
from sluicegate.services.desk import Desk
from sluicegate.wiring.access import authority_of

pytestmark = pytest.mark.service("chromium")
ANALYST, OFFICER, VIEWER = Reader("analyst"), Reader("officer"), Reader("viewer", has_scripts=False)
WRITTEN = {*WORD.findall(" ".join((NOTE.title, NOTE.text, LIMIT.title, LIMIT.text)))}
WRITTEN |= {"Example", "Labs", "MiB"}
"""What people wrote in English."""
SECRET = "Between us: the next run takes three months."


def desk_of(console: Running, role: str = "analyst", who: str = "user:maker") -> Desk:
    node = console.served.node
    one = principal(role, identifier=who)
    return Desk(one, node.store, authority_of(node), node.clock)


@pytest.fixture(scope="module")
def open_one(console: Running) -> str:
    """Return one whose period runs, with an open and a confidential comment."""
    desk = desk_of(console)
    name = opened(desk, console.served.node)
    comment(desk, name, SECRET, is_confidential=True)
    return name


def test_the_pages_are_for_all_in_both_languages(
    visits: Visits, console: Running, open_one: str
) -> None:
    officer = desk_of(console, "officer", "user:second")
    there = issued(desk_of(console), officer, console.served.node, LIMIT)
    paths = (
        f"/consultations/{open_one}",
        f"/consultations/{open_one}/revise",
        f"/consultations/{there}",
        f"/consultations/{there}/changes",
        f"/consultations/new?supersedes={there}",
    )
    page = visits.open("/consultations", Reader(EVERY_ROLE, Language.ZH))
    for path in paths:
        page.goto(path)
        assert axe_faults(page) == [], path
        page.emulate_media(color_scheme="dark")
        assert axe_faults(page) == [], path
        assert english(page.evaluate(SHOWN)) <= WRITTEN, path


def test_a_reader_sees_no_word_of_a_confidential_comment(visits: Visits, open_one: str) -> None:
    page = visits.open(f"/consultations/{open_one}", VIEWER)
    expect(page.get_by_role("heading", name="2. Confidential comment")).to_be_visible()
    assert SECRET not in page.content()
    assert page.get_by_role("button", name="Keep the comment").count() == 0
    page = visits.open(f"/consultations/{open_one}", ANALYST)
    expect(page.get_by_text(SECRET)).to_be_visible()


def test_a_comment_is_entered_and_answered(visits: Visits, open_one: str) -> None:
    page = visits.open(f"/consultations/{open_one}", ANALYST)
    form = page.locator("#enter-comment")
    form.get_by_label("Organisation").fill("Saltgrass Models")
    form.get_by_role("button", name="Keep the comment").click()
    expect(form.get_by_text("Choose one.")).to_be_visible()
    expect(form.get_by_label("Organisation")).to_have_value("Saltgrass Models")
    form.get_by_label("Kind of party").select_option("research_body")
    form.get_by_label("What it says").fill("Say what a step is.")
    form.get_by_role("button", name="Keep the comment").click()
    card = page.locator("#comment-3")
    card.get_by_label("The comment is").select_option("accepted")
    card.get_by_label("Reasons").fill("It is said now.")
    card.get_by_role("button", name="Keep the reply").click()
    expect(page.locator("#comment-3 .tag", has_text="accepted")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("the period runs until")


def test_a_second_person_issues_what_an_analyst_closed(visits: Visits, console: Running) -> None:
    name = answered(desk_of(console), console.served.node)
    page = visits.open(f"/consultations/{name}", ANALYST)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("An officer who wrote no version issues it.")).to_be_visible()
    page = visits.open(f"/consultations/{name}", OFFICER)
    page.get_by_role("button", name="Issue version 1").click()
    expect(page.get_by_role("status")).to_contain_text("It is issued.")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="JSON").click()
    document = json.loads(Path(fetched.value.path()).read_text(encoding="utf-8"))
    assert document["consultation"]["stage"] == "issued"


def test_a_draft_is_made_and_what_is_wrong_is_told(visits: Visits) -> None:
    page = visits.open("/consultations/new?about=threshold", ANALYST)
    page.get_by_label("Title", exact=False).first.fill("Threshold for clusters")
    page.get_by_label("Text").fill("A cluster is large above it.\n\nIts rate counts.")
    page.get_by_label("Id of the rule").fill("local.quarry")
    page.get_by_label("Value").fill("many")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("is no figure")
    page.get_by_label("Value").fill("1e26")
    page.get_by_role("button", name="Keep the draft").click()
    expect(page.get_by_role("heading", name="Threshold for clusters")).to_be_visible()
    page.get_by_label("Or days after the first").fill("30")
    page.get_by_role("button", name="Open for comments").click()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()


def test_the_register_tells_what_is_due(visits: Visits) -> None:
    name = "eu.ai_act.systemic_risk.training_compute"
    page = visits.open(f"/thresholds?parameter={name}", ANALYST)
    form = page.locator("#review")
    form.get_by_label("Day").fill("2025-01-31")
    form.get_by_label("Review every so many months").fill("12")
    form.get_by_role("button", name="Set the period").click()
    page.goto("/thresholds?due=yes")
    row = page.locator("#register tbody tr", has_text=name)
    expect(row.get_by_text("overdue")).to_be_visible()
    assert page.locator("#register tbody tr").count() == 1
