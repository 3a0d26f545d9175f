"""Validation in the browser: packs, pairs below the alert, changes activated by two people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from case_console import axe_faults
from chinese_pages import SHOWN, WORD, english
from console import EVERY_ROLE, Reader, Running, Visits
from screening_console import FIRST, HIGH_SCORE, OF_OURS, SECOND, owner_score, screened_console
from sluicegate.core.phrases import Language
from sluicegate.services.ports.validation import Proposal, ProposalState, SampleVerdict
from sluicegate.services.screening.engine import score_text
from sluicegate.services.screening.validation.changes import NewChange, propose
from sluicegate.wiring import OpenNode
from sluicegate.wiring.validation import PackOptions, validate, validator_of
from sluicegate.wiring.work import operator_desk

pytestmark = pytest.mark.service("chromium")

LISTED = frozenset(WORD.findall(FIRST + SECOND + OF_OURS)) | {"fewer", "look", "alikes"}
THERE = "/screening/validation"
NEAR = owner_score()
LOWER, ALERT, HIGHER = NEAR - 50, NEAR + 20, 9_999
"""Scores of an alert: one that the owner reaches, one just above, and one that nobody reaches."""


def validated(node: OpenNode) -> None:
    """Make a pack, and propose two other scores of an alert."""
    desk = operator_desk(node)
    for score in (LOWER, HIGHER):
        propose(validator_of(node, desk), NewChange("fewer look-alikes", score))
    validate(node, desk, PackOptions(seed=1, names=2, sample=5))


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("validation")
    settings = HIGH_SCORE.format(score=score_text(ALERT))
    with screened_console(folder, settings, validated) as running:
        yield running


@pytest.fixture
def visits(browser: Browser, console: Running) -> Iterator[Visits]:
    made = Visits(browser, console)
    yield made
    made.close()
    assert made.faults == []


def proposal(console: Running, score: int) -> Proposal:
    store = console.served.store_of(console.served.tenant).validation
    return next(one for one in store.proposals() if one.threshold == score)


def path_of(one: Proposal) -> str:
    return f"{THERE}/changes/{one.proposal_id}"


@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_the_pages_are_for_all_in_both_languages(visits: Visits, language: Language) -> None:
    for path in (THERE, f"{THERE}/sample", path_of(proposal(visits.console, HIGHER))):
        page = visits.open(path, Reader(EVERY_ROLE, language))
        assert axe_faults(page) == [], path
        page.emulate_media(color_scheme="dark")
        assert axe_faults(page) == [], path
        if language is Language.ZH:
            assert english(page.evaluate(SHOWN)) <= LISTED, path


def test_a_pack_is_taken_as_one_file(visits: Visits) -> None:
    page = visits.open(THERE, Reader("auditor", has_scripts=False))
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Files of the pack").click()
    content = fetched.value.path().read_bytes()
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert any(name.endswith(".json") for name in names)


def test_a_pair_below_the_alert_is_judged_with_a_reason_where_screening_missed_it(
    visits: Visits,
) -> None:
    store = visits.console.served.store_of(visits.console.served.tenant).validation
    page = visits.open(THERE, Reader("reviewer", has_scripts=False))
    page.get_by_role("link", name="Sample of the pack").click()
    line = page.get_by_role("row").filter(has_text="Mirea Sandling")
    expect(line).to_contain_text("Sandlin Mirea")
    if not line.get_by_role("button", name="Keep").is_visible():
        line.get_by_text("Judge it").click()
    line.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_have_text("Choose what you say of the two.")
    line.get_by_label("The two").select_option("same")
    line.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("give a reason")
    expect(line.get_by_label("The two")).to_have_value("same")
    line.get_by_label("Why").fill("the same passport")
    line.get_by_role("button", name="Keep").click()
    expect(line).to_contain_text("screening missed it")
    [given] = store.verdicts()
    assert given.verdict is SampleVerdict.SAME
    page.goto(THERE)
    expect(page.get_by_role("table", name="Packs")).to_contain_text("100 %")


def test_a_change_is_activated_by_an_officer_after_its_replay(visits: Visits) -> None:
    one = proposal(visits.console, LOWER)
    page = visits.open(path_of(one), Reader("analyst", has_scripts=False))
    shifts = page.get_by_role("table", name="Alerts gained and lost")
    expect(shifts).to_contain_text("Mirea Sandling")
    expect(shifts).to_contain_text("gained")
    assert page.get_by_role("button", name="Activate it").count() == 0
    page = visits.open(path_of(one), Reader("officer", has_scripts=False))
    page.get_by_role("button", name="Activate it").click()
    expect(page.get_by_text("the next run screens with it")).to_be_visible()
    after = proposal(visits.console, LOWER)
    assert after.state is ProposalState.ACTIVATED
    assert after.decided_by.startswith("user:")
    assert page.get_by_role("button", name="Activate it").count() == 0


def test_a_change_is_rejected_with_a_reason_only(visits: Visits) -> None:
    one = proposal(visits.console, HIGHER)
    page = visits.open(path_of(one), Reader("officer", has_scripts=False))
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_contain_text("give a reason")
    page.locator("#decide-reason").fill("it loses the lab")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("It is rejected.")).to_be_visible()
    assert proposal(visits.console, HIGHER).state is ProposalState.REJECTED


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("engineer", 403), ("auditor", 200), ("analyst", 200)]
)
def test_a_role_reads_validation_as_its_policies_let_it(
    visits: Visits, role: str, status: int
) -> None:
    page = visits.open("/", Reader(role, has_scripts=False))
    response = page.goto(THERE)
    assert response is not None
    assert response.status == status


def test_a_pack_and_a_change_are_asked_for_on_the_page(visits: Visits) -> None:
    page = visits.open(THERE, Reader("analyst", has_scripts=False))
    page.get_by_label("Parties of each list").fill("none")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_label("Parties of each list")).to_have_value("none")
    expect(page.get_by_text("Give a whole number from 1 to 1000.")).to_be_visible()
    page.get_by_label("Parties of each list").fill("2")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Validation pack")
    page.goto(THERE)
    page.locator("#threshold").fill("high")
    page.locator("#change-reason").fill("fewer look-alikes")
    page.locator("#propose button").click()
    expect(page.get_by_text("high is no score")).to_be_visible()
    expect(page.locator("#change-reason")).to_have_value("fewer look-alikes")
    page.locator("#threshold").fill("0.98")
    page.locator("#propose button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change of screening")


def test_a_list_is_tried_from_the_page(visits: Visits) -> None:
    page = visits.open(THERE, Reader("officer", has_scripts=False))
    page.locator("#list-reason").fill("a new source")
    page.locator("#try-list button").click()
    expect(page.get_by_text("Choose one file.")).to_be_visible()
    file = {"name": "own.csv", "mimeType": "text/csv", "buffer": b"id,name\n1,Mirea Sandling\n"}
    page.locator("#list-file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#try-list button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change of screening")


def test_whoever_only_reads_validation_is_offered_no_work(visits: Visits) -> None:
    page = visits.open(THERE, Reader("auditor", has_scripts=False))
    assert page.get_by_role("button", name="Make it").count() == 0
    assert page.locator("#propose").count() == 0
