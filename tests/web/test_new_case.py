"""Opening a case in the browser: from a finding, from a customer, and from nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from case_console import axe_faults, rows
from console import SESSION, Reader, Running, Visits, listening_at, sessions_for_everyone
from sluicegate.cases.case import CaseKind, Outcome
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import CaseRow
from sluicegate.services.ports.present import FindingFilter, FindingRow
from sluicegate.web import application
from sluicegate.web.visit import Theme
from sluicegate.wiring import opened
from sluicegate.wiring.serving import served_of
from tiny_world import pass_over, tiny_node

pytestmark = pytest.mark.service("chromium")

NARROW = """\
instrument:
  id: local.casework
  issuer: {en: This node, zh: 本节点}
  title: {en: Own settings of casework, zh: 本节点案件处理设定}
  citation: own settings of casework
  kind: configuration
  published: 2026-01-01
  status:
  - {from: undated, text: in_force, enforcement: enforced, reference: own, mark: configuration}
parameters:
- id: opens
  title: {en: Kinds of alerts that open a case, zh: 会立案的警示类型}
  unit: list
  values:
  - {from: undated, value: [passed/certain/enforced], reference: own, mark: configuration}
"""
"""A node's own setting: only what is certain, passed and enforced opens a case."""

EVERY = Filter(has_all_states=True)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tiny_node(tmp_path_factory.mktemp("new") / "node")
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "casework.yaml").write_text(NARROW, encoding="utf-8")
    with opened(folder) as node:
        pass_over(node)
        served = served_of(node)
        tokens = sessions_for_everyone(served)
        with listening_at(application(served)) as address:
            yield Running(address, served, tokens)


def found(console: Running) -> list[FindingRow]:
    store = console.served.store_of(console.served.tenant)
    scope = Scope(console.served.tenant)
    return list(store.present.findings(scope, FindingFilter(), None, 500))


def cases_of(console: Running, subject: str, jurisdiction: str) -> list[CaseRow]:
    wanted = Filter(has_all_states=True, subject=subject, jurisdictions=(jurisdiction,))
    return rows(console, wanted)


def without_case(console: Running, kind: str) -> FindingRow:
    """Return a finding about such a subject in whose jurisdiction nothing is open."""
    return next(
        one
        for one in found(console)
        if one.facets.subject_kind == kind
        and not cases_of(console, one.subject, one.facets.jurisdiction)
    )


@pytest.mark.parametrize(
    ("kind", "has_scripts"), [("customer", True), ("group", False)], ids=["scripts", "no scripts"]
)
def test_a_finding_without_a_case_opens_one_with_its_fields_filled_in(
    visits: Visits, kind: str, has_scripts: bool
) -> None:
    finding = without_case(visits.console, kind)
    page = visits.open(f"/findings/{finding.finding_id}", Reader(has_scripts=has_scripts))
    page.get_by_role("link", name="Open a case").click()
    expect(page.get_by_label("Title")).to_have_value(finding.subject_name)
    expect(page.locator("form.card .facts")).to_contain_text(finding.subject_id)
    page.get_by_label("Why", exact=False).first.fill("It grows faster than it said.")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator(".notice-done")).to_be_visible()
    expect(page.locator(".ground")).to_have_count(1)
    expect(page.locator(".story .written").first).to_have_text("It grows faster than it said.")
    made = cases_of(visits.console, finding.subject, finding.facets.jurisdiction)
    assert [(one.kind, one.subject_kind) for one in made] == [(CaseKind.OVERSIGHT, kind)]
    page.goto(f"/findings/{finding.finding_id}")
    expect(page.get_by_role("link", name="Open a case")).to_have_count(0)
    page.get_by_role("link", name="Go to its case").click()
    page.wait_for_url(re.compile(f"/cases/{made[0].case_id}"))


def test_an_address_for_a_finding_whose_case_is_open_leads_to_the_case(visits: Visits) -> None:
    held = rows(visits.console, Filter(has_all_states=True, kinds=(CaseKind.OVERSIGHT,)))[0]
    finding = next(
        one
        for one in found(visits.console)
        if (one.subject, one.facets.jurisdiction) == (held.subject, held.jurisdiction)
    )
    page = visits.open(f"/cases/new?finding={finding.finding_id}")
    page.wait_for_url(re.compile(f"/cases/{held.case_id}"))
    expect(page.locator(".notice-warning")).to_contain_text("open already")


def test_a_closed_case_is_named_and_opened_again(visits: Visits) -> None:
    finding = without_case(visits.console, "run")
    page = visits.open(
        f"/cases/new?finding={finding.finding_id}", Reader("officer", has_scripts=False)
    )
    page.get_by_label("Why", exact=False).first.fill("A first look.")
    page.get_by_role("button", name="Open the case").click()
    case = page.url.rsplit("/", 1)[-1]
    for act in ("clear", "close"):
        form = page.locator(f"#act-{act}")
        form.locator("summary").click()
        form.locator("[name=reason]").fill("A test run, as it was declared.")
        form.locator("form button").click()
        expect(page.locator(".notice-done")).to_be_visible()
    (row,) = cases_of(visits.console, finding.subject, finding.facets.jurisdiction)
    assert row.outcome is Outcome.CLEARED
    page.goto(f"/findings/{finding.finding_id}")
    expect(page.locator("#case")).to_contain_text("Its case is closed.")
    page.get_by_role("link", name="Open a case").click()
    expect(page.locator("form.card .notice")).to_contain_text("opens it again")
    page.get_by_label("Why", exact=False).first.fill("The declaration was wrong.")
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url(re.compile(f"/cases/{case}"))
    (row,) = cases_of(visits.console, finding.subject, finding.facets.jurisdiction)
    assert row.outcome is None


def test_a_customer_without_a_case_opens_one_and_then_leads_to_it(visits: Visits) -> None:
    page = visits.open("/customers/c-small-1", Reader(has_scripts=False))
    page.get_by_role("link", name="Open a case").click()
    expect(page.get_by_label("Title")).to_have_value("Pell Weather")
    expect(page.get_by_label("Id of the subject")).to_have_value("c-small-1")
    expect(page.get_by_label("Id of the customer")).to_have_value("c-small-1")
    expect(page.locator("[name=subject_kind]")).to_have_value("customer")
    page.get_by_role("button", name="Open the case").click()
    page.get_by_label("Why", exact=False).first.fill("Odd invoices.")
    page.get_by_role("button", name="Open the case").click()
    case = page.url.rsplit("/", 1)[-1]
    made = rows(visits.console, Filter(subject="customer:c-small-1"))
    assert [(one.case_id, one.kind) for one in made] == [(case, CaseKind.MANUAL)]
    page.goto("/customers/c-small-1")
    expect(page.get_by_role("link", name="Open a case")).to_have_count(0)
    page.locator("#case").get_by_role("link", name="Go to its case").click()
    page.wait_for_url(re.compile(f"/cases/{case}"))


def test_what_is_missing_is_said_and_what_was_typed_stays(visits: Visits) -> None:
    finding = without_case(visits.console, "cluster")
    page = visits.open(f"/cases/new?finding={finding.finding_id}")
    page.get_by_label("Title").fill("A title of my own")
    page.locator("form.card").evaluate("one => { one.noValidate = true; }")
    page.get_by_role("button", name="Open the case").click()
    expect(page.locator(".field-fault")).to_contain_text("Write something here.")
    expect(page.get_by_label("Title")).to_have_value("A title of my own")
    assert cases_of(visits.console, finding.subject, finding.facets.jurisdiction) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("finding=f-none", 404),
        ("subject=customer:nobody", 200),
        ("subject=weather:rain", 200),
        (f"subject={quote('customer:<script>', safe='')}", 200),
        (f"subject=customer:{'x' * 4000}", 200),
    ],
)
def test_an_address_that_names_nothing_known_fills_in_nothing_of_it(
    console: Running, query: str, status: int
) -> None:
    answer = get(console, f"/cases/new?{query}", "analyst")
    assert answer.status_code == status
    assert "<script>" not in answer.text.partition("<main")[2]


def test_who_may_open_no_case_is_offered_none(console: Running) -> None:
    finding = without_case(console, "cluster")
    assert get(console, f"/cases/new?finding={finding.finding_id}", "viewer").status_code == 403
    for path in (f"/findings/{finding.finding_id}", "/customers/c-small-2"):
        for role in ("auditor", "viewer"):
            assert "/cases/new?" not in get(console, path, role).text


def get(console: Running, path: str, role: str) -> httpx.Response:
    cookies = {SESSION: console.tokens[role, Language.EN]}
    return httpx.get(console.address + path, cookies=cookies)


@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_axe_finds_nothing_on_the_form_about_a_finding(visits: Visits, language: Language) -> None:
    finding = without_case(visits.console, "cluster")
    reader = Reader("analyst", language, Theme.DARK)
    page = visits.open(f"/cases/new?finding={finding.finding_id}", reader)
    assert axe_faults(page) == []
