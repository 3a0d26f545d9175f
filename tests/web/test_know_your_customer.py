"""Pages of ownership, links and due diligence in the browser, over a node that has all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from case_console import axe_faults, console_with_cases
from chinese_pages import SHOWN, english
from console import EVERY_ROLE, Reader, Running, Visits
from kyc_console import GROUP, NAMED, VEILED, kyc_node
from sluicegate.core.identifiers import PartyId
from sluicegate.core.phrases import Language
from sluicegate.kyc.diligence.file import Standing
from sluicegate.services.diligence.writing import file_of
from sluicegate.services.ownership.diligence import diligence_id
from sluicegate.services.ports.links import Suggestion
from sluicegate.wiring.identity import operator_desk

pytestmark = pytest.mark.service("chromium")

AROUND = "Linked customers around Wickham Reed"
PARTY = "/ownership/parties/A"
LINKED = f"/links/{GROUP}"
HELD = "/diligence/customers/A"
PATHS = (
    "/ownership",
    PARTY,
    f"/ownership/parties/{VEILED}",
    "/ownership/records/{record}",
    "/links",
    LINKED,
    f"/links/decide?act=cut&one=c-twin-1&other=c-twin-2&group={GROUP}",
    f"/links/decide?act=cut&one=c-twin-1&other={GROUP}&group={GROUP}",
    "/customers/c-twin-1",
    HELD,
)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = kyc_node(tmp_path_factory.mktemp("kyc") / "node")
    with console_with_cases(folder, has_cases=True) as running:
        yield running


def record_of(console: Running, party: str) -> str:
    return diligence_id(console.served.tenant, PartyId(party))


def plain(role: str = EVERY_ROLE, language: Language = Language.EN) -> Reader:
    """Return a reader without scripts."""
    return Reader(role, language, has_scripts=False)


def folded_out(page: Page, form: str) -> Page:
    """Open what is folded away around a form of due diligence."""
    page.locator(f"#act-{form} > summary").click()
    return page


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_for_all_in_both_languages_and_looks(visits: Visits, path: str) -> None:
    where = path.format(record=record_of(visits.console, VEILED))
    for language in Language:
        page = visits.open(where, Reader(EVERY_ROLE, language))
        assert axe_faults(page) == []
        page.emulate_media(color_scheme="dark")
        assert axe_faults(page) == []
    shown = page.evaluate(SHOWN)
    assert english(shown) <= NAMED
    phone = visits.open(where, Reader(EVERY_ROLE, width=390))
    assert phone.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_both_methods_stand_side_by_side_with_their_paths(visits: Visits) -> None:
    page = visits.open(PARTY, plain("analyst"))
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="OFAC rule"))
    expect(row).to_contain_text("54.4 %")
    expect(row.locator("td").nth(1)).to_have_text("50 %")
    expect(row).to_contain_text("reached")
    step = page.get_by_role("listitem").filter(has_text="= 48 % Elsker Group")
    expect(step).to_contain_text("not reached")
    expect(page.get_by_text("Fenwald Metals → Elsker Group → Cardew Mere Partners")).to_be_visible()
    drawn = page.locator("svg.sg-picture text").all_text_contents()
    assert {"47 %", "52 %", "81 %"} <= set(drawn)


def test_a_party_that_nobody_names_is_not_there(visits: Visits) -> None:
    page = visits.open("/ownership/parties/c-nobody", plain("analyst"))
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_who_reads_no_findings_sees_no_matches_behind_ownership(visits: Visits) -> None:
    page = visits.open(PARTY, plain("engineer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")


def test_a_record_of_what_is_not_known_is_written_and_closed(visits: Visits) -> None:
    page = visits.open("/ownership", plain("analyst"))
    page.get_by_role("link", name="Ashcombe Veil").click()
    expect(page.get_by_text("nominee for nobody knows whom")).to_be_visible()
    page.get_by_role("button", name="Write down").click()
    expect(page.get_by_text("Write at least one of the three.")).to_be_visible()
    page.get_by_label("What was searched").fill("Register of Harrow, 2026-06-29")
    page.get_by_role("button", name="Write down").click()
    expect(page.locator(".facts")).to_contain_text("Register of Harrow, 2026-06-29")
    page.locator("summary", has_text="Close the record").click()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("Say why; a reason is needed.")).to_be_visible()
    page.get_by_label("Why nothing more needs to be known").fill("The owner is confirmed.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("The record is closed.")).to_be_visible()
    expect(page.get_by_role("button", name="Write down")).to_have_count(0)
    page.goto("/ownership?state=closed")
    expect(page.get_by_role("link", name="Ashcombe Veil")).to_be_visible()


def test_an_auditor_reads_a_record_and_writes_nothing(visits: Visits) -> None:
    record = record_of(visits.console, "c-sub")
    page = visits.open(f"/ownership/records/{record}", plain("auditor"))
    expect(page.get_by_text("remainder not known")).to_be_visible()
    expect(page.get_by_role("button", name="Write down")).to_have_count(0)


def test_a_finding_about_linked_customers_leads_to_them_and_names_them(visits: Visits) -> None:
    page = visits.open("/findings?subject_kind=linked_group", plain("analyst"))
    page.get_by_role("link", name="Compute split under one owner").click()
    members = page.locator("#members")
    expect(members.get_by_role("listitem")).to_have_count(2)
    expect(members.get_by_role("link", name="Harrowgate Pell")).to_be_visible()
    page.locator("#about").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Linked customers around Wickham Reed"
    )
    expect(page.get_by_role("link", name="Compute split under one owner")).to_be_visible()


def test_a_finding_about_an_affiliate_group_names_its_members(visits: Visits) -> None:
    page = visits.open("/findings?subject_kind=group", plain("analyst"))
    page.locator("tbody tr th + td a").first.click()
    expect(page.locator("#members").get_by_role("link", name="Tern Hollow One")).to_be_visible()


def test_links_are_looked_for_and_a_suggested_pair_is_cut_for_a_reason(visits: Visits) -> None:
    page = visits.open("/links", plain("analyst"))
    page.get_by_role("button", name="Find links now").click()
    expect(page.get_by_text("The search for links waits to be run.")).to_be_visible()
    node = visits.console.served.node
    suggested = [Suggestion("A", "c-lab", 987, ("name", "address"))]
    node.store.links.keep_suggestions(suggested, at=node.clock.now())
    page.goto("/links")
    page.get_by_role("link", name="1 suggested pair").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("98.7 %")
    page.get_by_role("link", name="Cut A c-lab").click()
    expect(page.get_by_text("with a probability of 98.7 %")).to_be_visible()
    page.get_by_label("Reason").fill("Two firms with one landlord.")
    page.get_by_role("button", name="Decide").click()
    page.goto("/links/suggestions")
    expect(page.get_by_text("No pair waits for a decision.")).to_be_visible()


def test_a_wrong_link_is_cut_with_a_reason_stays_cut_and_is_restored(visits: Visits) -> None:
    page = visits.open(LINKED, plain("analyst"))
    expect(page.get_by_text("Both have the same device, which 2 customers share.")).to_be_visible()
    page.get_by_role("link", name="Cut c-twin-1 c-twin-2").click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Say why; a reason is needed.")).to_be_visible()
    page.get_by_label("Reason").fill("Neighbours in one office.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("stays cut until somebody restores it")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Linked customers")
    expect(page.get_by_role("cell", name="Neighbours in one office.")).to_be_visible()
    page.goto(LINKED)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.goto("/links")
    page.get_by_role("link", name="Restore c-twin-1 c-twin-2").click()
    page.get_by_label("Reason").fill("One mailbox after all.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Linked customers around Wickham Reed"
    )


def test_what_cannot_be_cut_is_told(visits: Visits) -> None:
    page = visits.open("/links/decide?act=cut&one=A&other=c-veil", plain("analyst"))
    expect(page.get_by_text("No link between these two was found.")).to_be_visible()
    page.get_by_label("Reason").fill("A mistake.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("alert")).to_contain_text("there is nothing to cut")
    expect(page.get_by_label("Reason")).to_have_value("A mistake.")


def test_an_auditor_sees_links_and_decides_nothing(visits: Visits) -> None:
    page = visits.open("/links", plain("auditor"))
    expect(page.get_by_role("link", name="Hold two customers together")).to_have_count(0)
    page.goto("/links/decide?act=accept")
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")


def test_evidence_is_entered_with_its_document_and_taken_back_out(
    visits: Visits, tmp_path: Path
) -> None:
    scan = tmp_path / "extract.pdf"
    scan.write_bytes(b"an invented extract")
    page = folded_out(visits.open(HELD, plain("analyst")), "verify")
    form = page.locator("#act-verify")
    form.get_by_label("Evidence").select_option("register_extract")
    form.get_by_label("Checked on").fill("2999-01-01")
    form.get_by_label("Document").set_input_files(scan)
    form.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("lies in the future")).to_be_visible()
    form.get_by_label("Checked on").fill("2026-06-30")
    form.get_by_label("Document").set_input_files(scan)
    form.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("The verification is entered.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="extract of a register")
    with page.expect_download() as taken:
        row.get_by_role("link", name="Take it").click()
    assert Path(taken.value.path()).read_bytes() == b"an invented extract"


def test_items_are_entered_and_what_is_missing_shrinks(visits: Visits) -> None:
    page = folded_out(visits.open(HELD, plain("analyst")), "collect")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Telephone number"))
    expect(row).to_contain_text("missing")
    form = page.locator("#act-collect")
    form.get_by_label("Item").select_option("telephone")
    form.get_by_label("Value").fill("N/A")
    form.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("the text stands for no value")).to_be_visible()
    form.get_by_label("Value").fill("+1 555 0107")
    form.get_by_role("button", name="Enter").click()
    expect(row).to_contain_text("entered by hand")


def test_a_rating_is_recorded_and_the_review_follows(visits: Visits) -> None:
    page = visits.open("/diligence/customers/c-twin-1", plain("analyst"))
    expect(page.get_by_text("never rated")).to_be_visible()
    folded_out(page, "rate").locator("#act-rate").get_by_role("button", name="Record").click()
    expect(page.get_by_text("The rating is recorded.")).to_be_visible()
    expect(page.locator("#review")).to_contain_text("days left")
    far = (page_day(visits) + timedelta(days=4000)).isoformat()
    page.goto(f"/diligence?by={far}")
    expect(page.get_by_role("link", name="Wickham Reed")).to_be_visible()


def page_day(visits: Visits) -> date:
    return visits.console.served.clock.now().date()


def test_a_refusal_is_proposed_checked_by_another_and_holds(visits: Visits) -> None:
    where = "/diligence/customers/c-veil"
    page = folded_out(visits.open(where, plain("reviewer")), "decide")
    form = page.locator("#act-decide")
    form.get_by_label("Decision").select_option("refuse")
    form.get_by_label("Ground").select_option("identity_not_verified")
    form.get_by_label("Reason").fill("The owner cannot be named.")
    form.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Another person checks it.")).to_be_visible()
    expect(page.locator("#waiting").get_by_role("button", name="Approve")).to_have_count(0)
    other = visits.open("/diligence", plain("officer"))
    other.get_by_role("link", name="Ashcombe Veil").click()
    other.get_by_role("button", name="Reject").click()
    expect(other.get_by_text("This is needed.")).to_be_visible()
    other.get_by_role("button", name="Approve").click()
    expect(other.get_by_text("The decision holds.")).to_be_visible()
    desk = operator_desk(visits.console.served.node)
    assert file_of(desk, "c-veil").standing is Standing.REFUSED


def test_a_hold_keeps_records_until_it_is_released(visits: Visits) -> None:
    page = visits.open("/diligence/holds", plain("officer"))
    page.get_by_role("button", name="Set the hold").click()
    expect(page.get_by_text("This is needed.")).to_have_count(2)
    page.get_by_label("Matter").fill("Matter 26-114")
    page.get_by_label("Legal ground").fill("Order of an invented court")
    page.get_by_label("Ids of customers").fill("A")
    page.get_by_role("button", name="Set the hold").click()
    expect(page.get_by_text("The hold stands.")).to_be_visible()
    page.goto(HELD)
    expect(page.get_by_text("a legal hold keeps them").first).to_be_visible()
    page.goto("/diligence/holds")
    page.locator("summary", has_text="Release").click()
    page.get_by_label("Reason").fill("The matter is over.")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("The hold is released.", exact=True)).to_be_visible()
    read = visits.open("/diligence/holds", plain("auditor"))
    expect(read.get_by_role("button", name="Set the hold")).to_have_count(0)


def test_a_denial_is_recorded(visits: Visits) -> None:
    page = folded_out(visits.open(HELD, plain("analyst")), "serve")
    form = page.locator("#act-serve")
    form.get_by_label("FLOP that was asked for").fill("many")
    form.get_by_label("Reason").fill("The owner is listed.")
    form.get_by_role("button", name="Record").click()
    expect(page.get_by_text("This is no count of FLOP; write e.g. 3e26.")).to_be_visible()
    form.get_by_label("FLOP that was asked for").fill("3e26")
    form.get_by_role("button", name="Record").click()
    expect(page.locator(".story").last).to_contain_text("compute denied")
    expect(page.locator(".story").last).to_contain_text("3e26 FLOP")
