"""Signing in with a browser: password, first steps, second factor, and out again."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from console import EVERY_ROLE, Reader, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.services.identity import NewPerson, Rights
from sluicegate.wiring.identity import operator_desk

pytestmark = pytest.mark.service("chromium")

NOBODY = Reader("")
NEW = "seven quiet herons over water"


def new_person(console: Running, login: str, role: str = "analyst") -> str:
    """Make an account, and return its first password."""
    identity = console.served.identities.of(console.served.tenant)
    assert identity is not None
    person = NewPerson(login, "Mira Okonwo", Rights(frozenset({role})), Language.EN)
    return identity.add_person(operator_desk(console.served.node), person).password


def sign_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_new_person_signs_in_step_by_step(visits: Visits, has_scripts: bool) -> None:
    login = f"mira.{has_scripts}".lower()
    first = new_person(visits.console, login)
    page = visits.open("/rules", Reader("", has_scripts=has_scripts))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, login, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    expect(page.get_by_label("Login")).to_have_value(login)
    sign_in(page, login, first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    page.goto("/rules")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same once more").fill("another")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("differ")
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same once more").fill(NEW)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".code-picture svg")).to_be_visible()
    frame, drawn = (
        page.locator(f".code-picture {one}").bounding_box() for one in ("svg", "svg .qrline")
    )
    assert frame is not None
    assert drawn is not None
    left, top = drawn["x"] - frame["x"], drawn["y"] - frame["y"]
    right = frame["x"] + frame["width"] - drawn["x"] - drawn["width"]
    bottom = frame["y"] + frame["height"] - drawn["y"] - drawn["height"]
    assert min(left, top, right, bottom) > 0, "the whole code is shown, with its margin"
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    [code, *_] = page.locator(".secret").all_inner_texts()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mira Okonwo")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    sign_in(page, login, NEW)
    expect(page.get_by_role("heading", level=1)).to_contain_text("authenticator app")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mira Okonwo")


def test_the_page_that_was_asked_for_comes_after_signing_in(visits: Visits) -> None:
    page = visits.open("/rules?state=in_force", NOBODY)
    assert page.locator("input[name='next']").last.input_value() == "/rules?state=in_force"


def test_a_language_chosen_before_signing_in_stays(visits: Visits) -> None:
    page = visits.open("/sign-in", NOBODY)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_refusal_says_what_is_missing_and_is_not_offered(visits: Visits) -> None:
    page = visits.open("/users", Reader("viewer"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    expect(page.locator("main li")).to_contain_text("administrator")
    page.goto("/settings")
    assert page.locator("main a[href='/users']").count() == 0
    page.goto("/roles")
    expect(page.locator("main table").first).to_contain_text("administrator")


def test_an_administrator_keeps_people(visits: Visits) -> None:
    page = visits.open("/users/new", Reader("administrator"))
    page.locator("#login").fill("tern.hollow")
    page.locator("#name").fill("Tern Hollow")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("roles")
    page.get_by_label("analyst").check()
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".secret")).to_have_text(re.compile(r"[\w-]{12,}"))
    page.get_by_role("link", name="To the account").click()
    page.get_by_label("reviewer").check()
    page.get_by_role("button", name="Set the rights").click()
    expect(page.get_by_role("status")).to_contain_text("next request")
    assert page.get_by_label("reviewer").is_checked()
    page.get_by_role("button", name="Disable the account").click()
    expect(page.get_by_role("status")).to_contain_text("disabled")
    page.get_by_role("button", name="Let the person sign in again").click()
    expect(page.get_by_role("status")).to_contain_text("may sign in again")
    page.reload()
    assert page.get_by_role("status").count() == 0, "a notice is shown once"


def test_nobody_is_offered_their_own_rights(visits: Visits) -> None:
    page = visits.open("/users", Reader("administrator"))
    page.get_by_label("Name or login").fill("administrator.en")
    page.get_by_role("button", name="Filter").click()
    row = page.get_by_role("row").filter(has=page.get_by_text("administrator.en", exact=True))
    row.get_by_role("link").first.click()
    assert page.get_by_role("button", name="Set the rights").count() == 0


def test_the_audit_names_who_read_it_and_is_given_as_csv(visits: Visits) -> None:
    page = visits.open("/audit", Reader("auditor"))
    expect(page.locator("tr[data-row]").first).to_contain_text("read")
    answer = page.request.get("/audit.csv?name=read")
    lines = answer.text().splitlines()
    assert lines[0] == "act,at,by,name,reason,digest,record"
    assert len(lines) > 1


def test_a_list_in_a_form_gets_more_rows_without_scripts(visits: Visits) -> None:
    page = visits.open("/questions/training_compute", Reader(EVERY_ROLE, has_scripts=False))
    page.locator("[name='f.runs.0.compute']").fill("1e25")
    page.get_by_role("button", name="Add one more").click()
    expect(page.locator("[name='f.runs.0.compute']")).to_have_value("1e25")
    expect(page.locator("[name='f.runs.1.compute']")).to_be_visible()


def test_an_answer_can_be_sent_as_an_address(visits: Visits) -> None:
    page = visits.open("/questions/eu_systemic_risk", Reader(EVERY_ROLE))
    page.locator("#as_of").fill("2025-09-01")
    page.locator("[name='f.training_compute']").fill("1.2e25")
    page.locator("[name='f.condition_met_on']").fill("2025-09-01")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".outcome")).to_contain_text("15 Sept 2025")
    again = visits.open(page.url.removeprefix(visits.console.address), Reader("analyst"))
    expect(again.locator(".outcome")).to_contain_text("15 Sept 2025")
    again.get_by_role("link", name="Change the facts").click()
    expect(again.locator("[name='f.training_compute']")).to_have_value("1.2e25")


def test_one_subject_stands_under_every_regime(visits: Visits) -> None:
    page = visits.open("/regimes", Reader(EVERY_ROLE, has_scripts=False))
    page.locator("#as_of").fill("2026-11-21")
    page.locator("[name='f.training_compute']").fill("1.2e26")
    page.get_by_role("button", name="Compare").first.click()
    expect(page.locator("table").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Cannot be judged from these facts")
