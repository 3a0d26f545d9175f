"""Findings and obligations in the browser: filters in the address, exports, one finding."""

from __future__ import annotations

import csv
import io
import json
import re

import httpx
import pytest
from playwright.sync_api import expect

from console import SESSION, Reader, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Scope
from sluicegate.services.identity import NewPerson, Rights, SessionStage
from sluicegate.services.identity.sessions import start
from sluicegate.services.paging import Page as Rows
from sluicegate.services.ports.present import FindingFilter, FindingRow
from sluicegate.web.dossier_parts import Export
from sluicegate.wiring.identity import operator_desk

pytestmark = pytest.mark.service("chromium")

RUN = "run:c-lab/r-lab"


def all_findings(console: Running, **wanted: object) -> list[FindingRow]:
    store = console.served.store_of(console.served.tenant)
    asked = FindingFilter(**wanted)  # type: ignore[arg-type]
    return list(store.present.findings(Scope(console.served.tenant), asked, None, 500))


def get(console: Running, path: str, token: str | None = None) -> httpx.Response:
    token = token or console.tokens["analyst", Language.EN]
    return httpx.get(console.address + path, cookies={SESSION: token})


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_filter_stands_in_the_address_and_its_count_is_what_it_keeps(
    visits: Visits, has_scripts: bool
) -> None:
    page = visits.open("/findings", Reader(has_scripts=has_scripts))
    every = all_findings(visits.console)
    expect(page.get_by_text(f"{len(every)} findings", exact=True)).to_be_visible()
    certain = [row for row in every if row.facets.certainty == "certain"]
    offered = page.get_by_label("Certainty").locator("option[value=certain]")
    expect(offered).to_have_text(f"certain ({len(certain)})")
    page.get_by_label("Certainty").select_option("certain")
    page.get_by_role("button", name="Filter").click()
    page.wait_for_url(re.compile("certainty=certain"))
    expect(page.locator("#results tr[data-row]")).to_have_count(len(certain))
    page.reload()
    expect(page.locator("#results tr[data-row]")).to_have_count(len(certain))


def test_an_export_holds_every_row_of_the_list_as_it_stands(console: Running) -> None:
    wanted = all_findings(console, jurisdictions=frozenset({"EU"}))
    rows = list(csv.DictReader(io.StringIO(get(console, "/findings.csv?jurisdiction=EU").text)))
    assert [row["id"] for row in rows] == [row.finding_id for row in wanted]
    documents = json.loads(get(console, "/findings.json?jurisdiction=EU").text)
    assert [one["id"] for one in documents] == [row["id"] for row in rows]
    assert {row["as_enforced"] for row in rows} <= {"true", "false"}


def test_no_cell_of_an_export_runs_as_a_formula() -> None:
    row = {"name": "=HYPERLINK()", "count": None, "is_said": True}
    made = Export("rows", tuple(row), lambda _cursor, _limit: Rows((row,)), dict)
    said = list(made._csv(made._rows()))
    assert said == ["name,count,is_said\r\n", "'=HYPERLINK(),,true\r\n"]


def test_an_export_goes_through_every_page() -> None:
    pages = {None: Rows((1, 2), "next"), "next": Rows((3,))}
    made = Export("rows", ("n",), lambda cursor, _limit: pages[cursor], lambda n: {"n": n})
    assert "".join(made._json(made._rows())) == '[\n{"n": 1},\n{"n": 2},\n{"n": 3}\n]\n'


def test_a_finding_is_followed_down_to_its_usage_records_and_to_its_case(visits: Visits) -> None:
    row = all_findings(visits.console, subject=RUN, rules=frozenset({"eu.ai_act.systemic_risk"}))
    finding = (row or all_findings(visits.console, subject=RUN))[0]
    page = visits.open(f"/findings/{finding.finding_id}", Reader(has_scripts=False))
    title = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator(".figures")).to_contain_text("meter:lab-1")
    expect(page.locator("svg.sg-picture")).to_have_count(1)
    page.get_by_role("link", name="Go to its case").click()
    page.wait_for_url(re.compile("/cases/"))
    expect(page.get_by_text(title).first).to_be_visible()


def test_a_finding_is_told_in_the_language_of_the_reader(visits: Visits) -> None:
    finding = all_findings(visits.console, subject=RUN)[0]
    page = visits.open(f"/findings/{finding.finding_id}", Reader(language=Language.ZH))
    expect(page.locator(".outcome")).to_contain_text(re.compile("[\u4e00-\u9fff]{4}"))
    expect(page.locator(".figures")).to_contain_text("用量记录")


def test_what_passes_changed_names_each_finding_and_how(visits: Visits) -> None:
    page = visits.open("/findings/changes")
    rows = page.locator("tr[data-row]")
    assert rows.count() == min(50, len(all_findings(visits.console)))
    expect(rows.first).to_contain_text("new")
    page.get_by_role("link", name=re.compile("What changed after")).first.click()
    expect(page.get_by_text("Nothing changed.")).to_be_visible()


def test_obligations_come_by_due_day_and_lead_to_their_finding(visits: Visits) -> None:
    page = visits.open("/obligations")
    days = page.locator("tr[data-row] td:first-child").all_inner_texts()
    shown = page.locator("tr[data-row] td:first-child time").evaluate_all(
        "all => all.map(one => one.dateTime)"
    )
    assert shown
    assert shown == sorted(shown)
    assert all(text.startswith("–") for text in days[len(shown) :])
    page.locator("tr[data-row] th a").first.click()
    page.wait_for_url(re.compile("/findings/f-"))


@pytest.mark.parametrize("path", ["/findings?due_by=soon", "/obligations.csv?due_by=2026-13-01"])
def test_a_filter_that_cannot_be_read_is_named(console: Running, path: str) -> None:
    answer = get(console, path)
    assert answer.status_code == 422
    assert "due_by" in answer.text


def test_who_sees_one_jurisdiction_is_told_of_no_other(console: Running) -> None:
    identity = console.served.identities.of(console.served.tenant)
    assert identity is not None
    rights = Rights(frozenset({"analyst"}), frozenset({"EU"}))
    person = NewPerson("eu.analyst", "Nils Abara", rights, Language.EN)
    account = identity.add_person(operator_desk(console.served.node), person).account
    token = start(identity.parts, account, SessionStage.COMPLETE, agent="a test").token
    foreign = [row for row in all_findings(console) if row.facets.jurisdiction != "EU"]
    assert foreign
    told = json.loads(get(console, "/findings.json", token).text)
    assert {one["jurisdiction"] for one in told} == {"EU"}
    there = get(console, f"/findings/{foreign[0].finding_id}", token)
    nowhere = get(console, "/findings/f-0000000000000000", token)
    assert there.status_code == nowhere.status_code == 404
    text = get(console, "/findings", token).text + get(console, "/", token).text
    assert "South Korea" not in text
