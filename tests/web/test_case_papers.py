"""A case on paper and as PDF: all that its page shows, and sealed files for their group alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from case_console import MEMBER, console_with_cases, rows
from console import SESSION, Running
from principals import GROUP
from sluicegate.cases.case import DecisionKind
from sluicegate.cases.commands import Propose, RequestInformation
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.files import attach
from sluicegate.services.casework.filing import draft
from sluicegate.services.casework.sealed import open_sealed
from sluicegate.services.desk import Desk
from sluicegate.wiring import paper

WHY = "Payments that fit no order"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with console_with_cases(tmp_path_factory.mktemp("papers") / "node") as running:
        yield running


@pytest.fixture(scope="module")
def case(console: Running) -> str:
    """Return a case with a file, a question, a proposal, a draft, and a sealed file about it."""
    wanted = Filter(has_all_states=True, jurisdictions=("EU",))
    name = next(row.case_id for row in rows(console, wanted) if row.title.startswith("Alder"))
    ada = _desk(console)
    attach(ada, name, "memo.txt", "text/plain", b"a memo")
    draft(ada, name, "notification")
    act(ada, name, RequestInformation("Alder Reach", "Which model is it?", "Art. 91"))
    act(ada, name, Propose(DecisionKind.CONFIRM, "The declaration says so."))
    return name


@pytest.fixture(scope="module")
def sealed(console: Running, case: str) -> str:
    return open_sealed(_desk(console), case, GROUP, WHY).case_id


def _desk(console: Running) -> Desk:
    tenant = console.served.tenant
    who = Principal(
        "user:ada",
        PrincipalKind.PERSON,
        tenant,
        "Ada Lindqvist",
        frozenset({"officer"}),
        None,
        frozenset({GROUP}),
    )
    return console.served.desk(who)


def get(console: Running, path: str, role: str, language: Language = Language.EN) -> httpx.Response:
    cookies = {SESSION: console.tokens[role, language]}
    return httpx.get(console.address + path, cookies=cookies, timeout=60)


@pytest.mark.parametrize("path", ["print", "export.html"])
def test_the_paper_holds_all_that_the_page_of_the_case_shows(
    console: Running, case: str, path: str
) -> None:
    text = get(console, f"/cases/{case}/{path}", "officer").text
    for said in (
        "Why it is here",
        "times the threshold",
        "<svg",
        "Due days",
        "2 weeks counted from",
        "Which model is it?",
        "Art. 91",
        "memo.txt",
        hashlib.sha256(b"a memo").hexdigest(),
        "The declaration says so.",
        "user:ada",
        "Waits for a second person",
        "Filings",
        "Related",
        "What happened",
    ):
        assert said in text, said
    assert "<form" not in text
    assert "<button" not in text


def test_a_file_brings_its_own_looks_and_needs_nothing_else(console: Running, case: str) -> None:
    text = get(console, f"/cases/{case}/export.html", "officer").text
    assert "<link" not in text
    assert "<style>.sg-picture" in text
    assert " src=" not in text
    printed = get(console, f"/cases/{case}/print", "officer").text
    assert "pictures." in printed
    assert "<style" not in printed


@pytest.mark.service("pango")
@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_a_case_leaves_as_pdf(console: Running, case: str, language: Language) -> None:
    given = get(console, f"/cases/{case}/export.pdf", "officer", language)
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"].endswith(f"{case}.pdf")
    assert given.content.startswith(b"%PDF-")


def test_a_node_without_the_extra_says_so_on_a_page(
    console: Running, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("sluicegate.adapters.pdf.import_module", missing)
    given = get(console, f"/cases/{case}/export.pdf", "officer")
    assert given.status_code == 503
    assert "No PDF can be made on this node" in given.text
    with pytest.raises(paper.PdfUnavailableError, match=r"case c-1: .*sluicegate\[pdf\]"):
        paper.paper_pdf("<p>x</p>", "case c-1")


def test_who_may_take_no_case_out_gets_no_paper(console: Running, case: str) -> None:
    for path in ("print", "export.html", "export.pdf"):
        assert get(console, f"/cases/{case}/{path}", "viewer").status_code == 403


@pytest.mark.parametrize("path", ["print", "export.html", "export.pdf"])
def test_a_sealed_file_has_paper_for_its_group_alone(
    console: Running, case: str, sealed: str, path: str
) -> None:
    given = get(console, f"/cases/{sealed}/{path}", MEMBER)
    assert given.status_code in (200, 503)
    if path != "export.pdf":
        assert "Show it to nobody outside the group" in given.text
        assert WHY in given.text
        assert case in given.text
    hidden = get(console, f"/cases/{sealed}/{path}", "officer")
    nowhere = get(console, f"/cases/c-0123456789abcdef/{path}", "officer")
    assert (hidden.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.parametrize("path", ["print", "export.html"])
def test_an_ordinary_case_printed_by_a_member_names_no_sealed_file(
    console: Running, case: str, sealed: str, path: str
) -> None:
    assert sealed in get(console, f"/cases/{case}", MEMBER).text
    assert sealed not in get(console, f"/cases/{case}/{path}", MEMBER).text
