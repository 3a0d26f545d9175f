"""A comparison with another provider in the browser, from its proposal to what it found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from case_console import axe_faults, console_with_cases
from chinese_pages import SHOWN, english
from console import EVERY_ROLE, Reader, Running, Visits
from empty_stores import empty_store
from kyc_console import OTHER_PARTNER, OWN_NAME, PARTNER, kyc_node
from principals import principal
from sluicegate.adapters.exchange.intersection import EcdhIntersection
from sluicegate.adapters.exchange.keys import OfferKeys
from sluicegate.adapters.store import SqlStore
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.phrases import Language
from sluicegate.rules.law import Law
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.inputs import Inputs
from sluicegate.services.exchange.messages import Answer, Basis, Offer
from sluicegate.services.exchange.sessions import Exchange
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.work import work_at

pytestmark = pytest.mark.service("chromium")

NAME = "reg:us:cv7731"
"""What names the customer of the node at every provider."""
BASIS, REFERENCE = "Invented agreement between providers", "Invented Act, section 4"


@dataclass
class Partner:
    """The other provider: a store of its own, and its two people."""

    store: SqlStore
    keys: OfferKeys
    running: Running

    def exchange(self, who: str) -> Exchange:
        """Return comparisons of the partner for one of its people."""
        clock, book = self.running.served.clock, self.running.served.book
        officer = principal("officer", identifier=f"user:{who}")
        threshold = int(Law(book, clock.now().date()).amount("assess.kyc.threshold"))
        desk = Desk(officer, self.store, authority_of(), clock)
        return Exchange(desk, self.keys, PARTNER, (OWN_NAME,), threshold)

    def inputs(self, name: str) -> Inputs:
        """Return what the partner has: one customer just below the threshold."""
        return Inputs({"theirs": self.exchange("first").threshold * 9 // 10}, {"theirs": [name]})


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = kyc_node(tmp_path_factory.mktemp("exchange") / "node")
    with console_with_cases(folder, has_cases=True) as running:
        yield running


@pytest.fixture
def partner(console: Running, tmp_path: Path) -> Iterator[Partner]:
    store = empty_store(console.served.clock)
    yield Partner(store, OfferKeys(tmp_path / "keys"), console)
    store.close()


def first() -> Reader:
    """Return the officer who proposes."""
    return Reader("officer", has_scripts=False)


def second() -> Reader:
    """Return another officer."""
    return Reader("officer", Language.ZH, has_scripts=False)


def proposed(visits: Visits, partner: str) -> Page:
    """Propose to ask a partner; one a day is asked, so each test has its own."""
    page = visits.open("/exchange", first())
    form = page.locator("#propose")
    form.get_by_label("Partner").select_option(partner)
    form.get_by_label("Legal basis, in words").fill(BASIS)
    form.get_by_label("Citation of that law").fill(REFERENCE)
    form.get_by_label("Compute up to the day").fill("2026-06-30")
    form.locator("summary").click()
    form.get_by_label("Steps of the threshold").fill("16")
    form.get_by_label("Size of both sets").fill("256")
    form.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("It is proposed.")).to_be_visible()
    return page


def taken(visits: Visits, page: Page, button: str, file: str) -> Path:
    """Approve, let the job run, and take the file that it wrote."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("已批准")).to_be_visible()
    work_at(visits.console.served.node.node.folder.path, is_once=True)
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name=file).click()
    return Path(download.value.path())


def test_two_people_ask_a_partner_and_learn_who_crosses_together(
    visits: Visits, partner: Partner, tmp_path: Path
) -> None:
    page = proposed(visits, PARTNER)
    where = page.url
    expect(page.get_by_role("button", name="Approve and take the offer")).to_have_count(0)
    expect(page.locator("#approve .why-not")).to_contain_text("another person")
    approving = visits.open(where, second())
    offer = Offer.of(
        load_json(
            taken(visits, approving, "批准并取得要约", "offer.json").read_text(encoding="utf-8")
        )
    )
    assert NAME not in dump_json(offer.document())
    partner.exchange("first").receive(offer, Basis(BASIS, REFERENCE))
    inputs = partner.inputs(NAME)
    intersection = EcdhIntersection()
    session = offer.terms.session
    answer = partner.exchange("second").answer(session, offer, inputs, intersection)
    file = tmp_path / "answer.json"
    file.write_text(dump_json(answer.document()), encoding="utf-8")
    page.goto(where)
    page.get_by_label("The answer").set_input_files(file)
    page.get_by_role("button", name="Read the answer").click()
    expect(page.get_by_text("1 party crosses together with the partner.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="8.7")
    expect(row).to_have_count(1)
    for language in Language:
        shown = visits.open(where, Reader(EVERY_ROLE, language))
        assert axe_faults(shown) == []
        shown.emulate_media(color_scheme="dark")
        assert axe_faults(shown) == []
    assert english(shown.evaluate(SHOWN)) <= set(PARTNER.split())
    read = visits.open(where, Reader("analyst", has_scripts=False))
    expect(read.get_by_role("heading", name="Who crosses together")).to_be_visible()
    expect(read.locator("#withdraw")).to_have_count(0)


def test_an_offer_is_taken_in_and_answered_by_a_second_person(
    visits: Visits, partner: Partner, tmp_path: Path
) -> None:
    asking = partner.exchange("first")
    day = visits.console.served.clock.now().date()
    session = asking.propose(OWN_NAME, day, Basis(BASIS, REFERENCE), levels=16, elements=256)
    inputs, intersection = partner.inputs(NAME), EcdhIntersection()
    offer = partner.exchange("second").offer(session.session, inputs, intersection)
    file = tmp_path / "offer.json"
    file.write_text(dump_json(offer.document()), encoding="utf-8")
    page = visits.open("/exchange", first())
    form = page.locator("#receive")
    form.get_by_label("Legal basis, in words").fill(BASIS)
    form.get_by_label("Citation of that law").fill(REFERENCE)
    form.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("Choose the file.")).to_be_visible()
    form.get_by_label("The offer").set_input_files(file)
    form.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("The offer is taken in.")).to_be_visible()
    other = visits.open(page.url, second())
    other.get_by_label("要约").set_input_files(file)
    answer = taken(visits, other, "批准并取得答复", "answer.json")
    found = asking.finish(session.session, _answer(answer), intersection)
    assert [one.party for one in found] == ["theirs"]
    page.goto(page.url)
    expect(page.get_by_text("This node learns nothing from it")).to_be_visible()


def _answer(file: Path) -> Answer:
    return Answer.of(load_json(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"format": "x"}'])
def test_a_file_that_is_no_message_is_told(visits: Visits, tmp_path: Path, content: str) -> None:
    page = visits.open("/exchange", first())
    form = page.locator("#receive")
    form.get_by_label("Legal basis, in words").fill(BASIS)
    form.get_by_label("Citation of that law").fill(REFERENCE)
    file = tmp_path / "offer.json"
    file.write_text(content, encoding="utf-8")
    form.get_by_label("The offer").set_input_files(file)
    form.get_by_role("button", name="Take in").click()
    told = page.get_by_text("This file is no message of a comparison").or_(
        page.get_by_text("format: It is not")
    )
    expect(told).to_be_visible()
    expect(form.get_by_label("Citation of that law")).to_have_value(REFERENCE)


def test_without_a_legal_basis_nothing_is_proposed(visits: Visits) -> None:
    page = visits.open("/exchange", first())
    page.locator("#propose").get_by_role("button", name="Propose").click()
    expect(page.locator("#propose").get_by_text("This is needed.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparing with other providers")


def test_a_comparison_is_withdrawn_with_a_reason(visits: Visits) -> None:
    page = proposed(visits, OTHER_PARTNER)
    page.locator("#withdraw > summary").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("This is needed.")).to_be_visible()
    page.get_by_label("Reason").fill("Asked by mistake.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("It is withdrawn.")).to_be_visible()
    expect(page.get_by_text("Asked by mistake.")).to_be_visible()
    expect(page.locator("#withdraw")).to_have_count(0)


def test_who_only_looks_is_offered_nothing(visits: Visits) -> None:
    page = visits.open("/exchange", Reader("auditor", has_scripts=False))
    expect(page.locator("#propose")).to_have_count(0)
    expect(page.locator("#node")).to_contain_text(PARTNER)
