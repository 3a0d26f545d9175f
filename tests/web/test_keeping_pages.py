"""Disposing of records and handing them over, in the browser, with what refuses it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from case_console import axe_faults, console_with_cases
from chinese_pages import SHOWN, english
from console import EVERY_ROLE, Reader, Running, Visits
from kyc_console import NAMED, kyc_node
from sluicegate.core.phrases import Language
from sluicegate.wiring import IntakeOptions, take_in

pytestmark = pytest.mark.service("chromium")

CLOSED = """\
source,customer_id,name,customer_kind,country,email,opened,closed
crm,c-gone,Wyn Tarrash,individual,NL,wyn@tarrash.example,2010-01-01,2012-01-31
crm,c-kept,Ilse Dornwald,individual,NL,ilse@dornwald.example,2020-01-01,2026-05-31
"""
GONE, KEPT = "/diligence/disposals/c-gone", "/diligence/disposals/c-kept"
LISTS = ("/diligence/disposals", "/diligence/productions")
WORDS = {*NAMED, "gone", "kept", "An", "authority", "Letter", "of", "June"}


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("keeping")
    with console_with_cases(kyc_node(folder / "node"), has_cases=True) as running:
        (folder / "closed-customers.csv").write_text(CLOSED, encoding="utf-8")
        done = take_in(
            running.served.node, [folder / "closed-customers.csv"], IntakeOptions(kind="customers")
        )
        assert done.accepted == 2
        yield running


def plain(role: str) -> Reader:
    """Return a reader without scripts."""
    return Reader(role, Language.EN, has_scripts=False)


def test_records_go_when_their_time_is_over_and_the_proof_is_shown(visits: Visits) -> None:
    page = visits.open("/diligence/disposals", plain("officer"))
    expect(page.get_by_role("row", name="c-kept")).to_contain_text("kept until 31 May 2031")
    page.get_by_role("link", name="c-gone").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("This is needed.")).to_be_visible()
    page.get_by_label("Reason").fill("The period is over.")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("It is disposed of: 1 row was emptied.")).to_be_visible()
    expect(page.get_by_text("the proof holds")).to_be_visible()
    expect(page.get_by_role("heading", name="c-gone")).to_be_visible()
    assert "Tarrash" not in page.content()
    page.goto("/diligence/disposals")
    expect(page.get_by_text("nothing is left to erase")).to_be_visible()
    _fits_all(visits, (*LISTS, GONE))


def test_a_date_and_a_hold_refuse_with_the_reason(visits: Visits) -> None:
    page = visits.open(KEPT, plain("officer"))
    page.get_by_label("Reason").fill("The customer asked for it.")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("alert")).to_contain_text("kept until 31 May 2031")
    held = visits.open("/diligence/holds", plain("officer"))
    held.get_by_label("Matter").fill("Matter 26-201")
    held.get_by_label("Legal ground").fill("Order of an invented court")
    held.get_by_label("Ids of customers").fill("c-kept")
    held.get_by_role("button", name="Set the hold").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("alert")).to_contain_text("a legal hold keeps them")
    expect(page.get_by_role("alert")).to_contain_text("Matter 26-201")
    read = visits.open(KEPT, plain("auditor"))
    expect(read.get_by_role("button", name="Erase for good")).to_have_count(0)


def test_records_are_handed_over_by_two_people(visits: Visits, tmp_path: Path) -> None:
    page = visits.open("/diligence/productions", plain("analyst"))
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_text("This is needed.")).to_have_count(3)
    page.get_by_label("Requested by").fill("An authority")
    page.get_by_label("Legal ground").fill("Letter of 3 June")
    page.get_by_label("Ids of customers").fill("A nobody-1")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_role("alert")).to_contain_text("the due day")
    page.get_by_label("Due on").fill("2030-07-15")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_text("No source names one of them.")).to_be_visible()
    page.get_by_label("Ids of customers").fill("A")
    page.get_by_role("button", name="Prepare it").click()
    expect(page.get_by_text("Another person looks at it")).to_be_visible()
    expect(page.get_by_text("customers.csv").or_(page.get_by_text("identity.csv"))).to_be_visible()
    expect(page.get_by_role("button", name="Release it")).to_have_count(0)
    where = page.url[page.url.index("/diligence/") :]
    other = visits.open(where, plain("reviewer"))
    other.get_by_role("button", name="Reject").click()
    expect(other.get_by_text("This is needed.")).to_be_visible()
    other.get_by_role("button", name="Release it").click()
    expect(other.get_by_text("The zip can be taken now.")).to_be_visible()
    _fits_all(visits, (where,))
    page.goto(where)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Take the zip").click()
    content = Path(waiting.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"index.json", "cover.txt", "identity.json"} <= set(archive.namelist())
    page.goto(where)
    expect(page.get_by_text("SHA-256 of the zip that went out")).to_be_visible()
    expect(page.get_by_role("button", name="Withdraw")).to_have_count(0)


def _fits_all(visits: Visits, places: tuple[str, ...]) -> None:
    """Check pages in both languages and looks, and on a narrow screen."""
    for where in places:
        for language in Language:
            page = visits.open(where, Reader(EVERY_ROLE, language))
            assert axe_faults(page) == []
            page.emulate_media(color_scheme="dark")
            assert axe_faults(page) == []
        assert english(page.evaluate(SHOWN)) <= WORDS
        phone = visits.open(where, Reader(EVERY_ROLE, width=390))
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
