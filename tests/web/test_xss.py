"""A hostile text in any field comes out as text: no script runs, no tag is made."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from console import EVERY_ROLE, Reader, Visits
from sluicegate.core.phrases import Language
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.provisions import SubjectKind
from sluicegate.services.questions import all_questions
from sluicegate.web.facts_form import FactsForm, FieldShown
from sluicegate.web.pages.regimes import facts_about

pytestmark = pytest.mark.service("chromium")

HOSTILE = (
    "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
    "{{7*7}}</textarea><svg/onload=alert(3)>%(name)s"
)
MADE = "img[src='x'], main script, main svg[onload], [onerror]"
FILTERS = {
    "/rules": ("text", "issuer", "state", "jurisdiction", "as_of", "known_on"),
    "/rules/eu.ai_act": ("as_of", "known_on"),
    "/rules/changes": ("from", "to"),
    "/questions": ("text",),
    "/users": ("text",),
    "/audit": ("name", "by", "text", "since", "until"),
    "/sign-in": ("next",),
}
READER = Reader(EVERY_ROLE)


def query(names: tuple[str, ...]) -> str:
    return urlencode(dict.fromkeys(names, HOSTILE))


def controls(fields: tuple[FieldShown, ...]) -> list[str]:
    found = []
    for one in fields:
        found += [one.name, *controls(one.parts)]
        for row in one.rows:
            found += controls(row)
    return found


@pytest.mark.parametrize("path", sorted(FILTERS))
def test_filters_come_back_as_text(visits: Visits, path: str) -> None:
    page = visits.open(f"{path}?{query(FILTERS[path])}", READER)
    assert page.locator(MADE).count() == 0
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize(
    "path", ["/rules/", "/questions/", "/users/", "/machines/", "/webhooks/", "/audit/", "/"]
)
def test_a_path_comes_back_as_text_or_not_at_all(visits: Visits, path: str) -> None:
    page = visits.open(path + quote(HOSTILE, safe=""), READER)
    assert page.locator(MADE).count() == 0
    assert page.locator("h1").inner_text() == "There is nothing here"


@pytest.mark.parametrize("name", ["training_compute", "beneficial_owners", "ownership_50_percent"])
def test_every_fact_of_a_question_comes_back_as_text(visits: Visits, name: str) -> None:
    form = FactsForm(all_questions()[name].spec.facts, Language.EN)
    names = (*controls(form.fields({})), "as_of", "known_on")
    page = visits.open(f"/questions/{name}/answer?{query(names)}", READER)
    assert page.locator(MADE).count() == 0
    assert page.locator("#faults").count() == 1
    typed = page.locator("input[name='as_of']").input_value()
    assert typed == HOSTILE


def test_every_fact_of_a_comparison_comes_back_as_text(visits: Visits) -> None:
    form = FactsForm(facts_about(SubjectKind.RUN, shipped_book()), Language.EN)
    page = visits.open(f"/regimes?{query(tuple(controls(form.fields({}))))}", READER)
    assert page.locator(MADE).count() == 0
    assert page.locator("#faults").count() == 1


def test_what_people_and_machines_are_called_comes_back_as_text(visits: Visits) -> None:
    page = visits.open("/users/new", READER)
    page.locator("#name").fill(HOSTILE)
    page.locator("#login").fill("hostile.name")
    page.get_by_label("viewer", exact=True).check()
    page.get_by_role("button", name="Add").click()
    assert page.locator(MADE).count() == 0
    assert "onerror" in page.locator("main").inner_text()
    page.get_by_role("link", name="To the account").click()
    assert page.locator(MADE).count() == 0
    page.goto("/users")
    assert page.locator(MADE).count() == 0
    page.goto("/machines/new")
    page.locator("#name").fill(HOSTILE)
    page.locator("#keys").fill(HOSTILE)
    page.get_by_role("button", name="Add").click()
    assert page.locator(MADE).count() == 0
    assert page.locator("#name").input_value() == HOSTILE


def test_a_notice_that_we_did_not_sign_is_not_shown(visits: Visits) -> None:
    page = visits.open("/account", READER)
    page.context.add_cookies(
        [{"name": "sluicegate-notice", "value": "e30.x", "url": visits.console.address}]
    )
    page.goto("/account")
    assert page.locator(".notice").count() == 0
