"""The document that goes out: the same digest in every language and format, and nothing fetched."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from filled_forms import filled
from sluicegate.cases.filings.filing import Filing, FilingState, Origin, OriginKind
from sluicegate.cases.filings.filled import document
from sluicegate.cases.filings.schema import filing_schema
from sluicegate.core.phrases import Language
from sluicegate.rules.instruments import Title
from sluicegate.services.casework.forms import form_named, shipped_forms
from sluicegate.wiring import filings as files
from sluicegate.wiring.paper import PdfUnavailableError

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script><img src=x onerror=y>'\"&{{ 7*7 }}"


def filing(form: str = "training_report", **given: Any) -> Filing:
    one = form_named(form)
    values = {"values": filled(one), "state": FilingState.DRAFT, **given}
    return Filing(
        filing_id="g-0123456789abcdef",
        case_id="c-1",
        form=one,
        duty=one.duties[0],
        recipient=Title("US Department of Commerce", "美国商务部"),
        jurisdiction="US",
        version=3,
        created_at=AT,
        created_by="user:ada",
        changed_at=AT,
        changed_by="user:ada",
        origins={"customer": Origin(OriginKind.CUSTOMER, "c-1")},
        **values,
    )


class Tags(HTMLParser):
    """Gathers the tags of a page and their addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(text) for name, text in attrs if name in ("src", "href", "action")]


@pytest.mark.parametrize("form", sorted(shipped_forms()))
def test_a_filing_as_json_fits_the_schema_of_its_form(form: str) -> None:
    shown = document(filing(form), Language.EN)
    found = json.loads(files.json_of(shown))
    validator = Draft202012Validator(filing_schema(form_named(form)))
    assert [error.message for error in validator.iter_errors(found)] == []
    assert found["digest"] == shown.digest


def test_the_digest_is_that_of_the_content_and_of_nothing_else() -> None:
    draft = filing()
    done = replace(draft, state=FilingState.FILED, filed_at=AT, version=5)
    assert draft.digest == done.digest
    assert replace(draft, values={**draft.values, "weights": "none"}).digest != draft.digest
    english, chinese = (document(draft, language) for language in Language)
    assert english.digest == chinese.digest
    assert english.as_json() == chinese.as_json()


@pytest.mark.parametrize("language", list(Language))
def test_every_format_bears_the_digest(language: Language) -> None:
    shown = document(filing(), language)
    assert any(shown.digest in line for line in shown.footer)
    assert shown.digest in files.html_of(shown)


def test_the_page_is_in_the_language_of_its_document() -> None:
    page = files.html_of(document(filing(), Language.ZH))
    assert '<html lang="zh-Hans">' in page
    assert "模型训练交易报告" in page
    assert "Nothing is entered" not in page
    assert "美国商务部" in page


def test_a_draft_is_told_from_what_is_filed() -> None:
    draft = filing()
    assert "Draft: not filed." in files.html_of(document(draft, Language.EN))
    assert "from the record of customer c-1" in files.html_of(document(draft, Language.EN))
    done = replace(draft, state=FilingState.FILED, filed_at=AT)
    page = files.html_of(document(done, Language.EN))
    assert "Filed on 2026-06-30." in page
    assert "from the record" not in page
    assert "recalled" not in page


def test_what_is_entered_stays_text() -> None:
    values = {**filled(form_named("training_report")), "weights": HOSTILE, "accelerators": HOSTILE}
    values["customer"] = {"name": HOSTILE}
    clean = Tags(files.html_of(document(filing(), Language.EN)))
    page = files.html_of(document(filing(values=values), Language.EN))
    hostile = Tags(page)
    assert set(hostile.tags) == set(clean.tags)
    assert hostile.addresses == clean.addresses == []
    assert "{{ 7*7 }}" in page


def test_a_list_without_entries_and_a_field_without_value_are_shown_as_open() -> None:
    shown = document(filing(values={}), Language.EN)
    assert all(row.lines == () and row.entries == () for part in shown.parts for row in part.rows)
    assert files.html_of(shown).count("—") >= sum(len(part.rows) for part in shown.parts)


@pytest.mark.service("pango")
def test_a_pdf_is_made_of_the_page() -> None:
    pdf = files.pdf_of(document(filing(), Language.ZH))
    assert pdf.startswith(b"%PDF-")


def test_without_the_extra_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("sluicegate.adapters.pdf.import_module", missing)
    with pytest.raises(PdfUnavailableError, match=r"sluicegate\[pdf\]"):
        files.pdf_of(document(filing(), Language.EN))
