"""The shipped forms hold what they name, and a form with a mistake says where it is."""

from __future__ import annotations

import re

import pytest

from sluicegate.cases.filings.form import FieldKind, Form
from sluicegate.cases.filings.reading import Grounds, read_forms, read_kept
from sluicegate.core.calendars import Period
from sluicegate.core.reasons import Mark
from sluicegate.rules.loading import RuleFilesError, shipped_book
from sluicegate.services.casework.forms import form_named, shipped_forms, with_own_forms
from sluicegate.services.casework.prefilling import PREFILLS

BOOK = shipped_book()
FORMS = shipped_forms()
CJK = re.compile(r"[\u4e00-\u9fff]")

OWN = """\
form:
  id: local.quarterly_note
  title: {en: Our own note, zh: 内部通报}
  instruments: [us.nprm_702]
  duties: [us.nprm_702.quarterly_notification]
  deadlines: [us.nprm_702.notice.after_quarter]
sections:
- id: all
  title: {en: All, zh: 全部}
  fields:
  - id: day
    label: {en: Day, zh: 日期}
    kind: day
    required: true
    source:
    - {instrument: us.nprm_702, reference: our own reading, mark: configuration}
"""


@pytest.fixture(params=sorted(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def test_the_forms_that_casework_needs_are_there() -> None:
    assert set(FORMS) == {
        "certification",
        "critical_safety_incident",
        "notification",
        "quarterly_notification",
        "registration",
        "suspicious_activity",
        "training_report",
    }
    assert [one for one in FORMS if FORMS[one].is_sealed] == ["suspicious_activity"]


def test_every_duty_and_instrument_of_a_form_exists(form: Form) -> None:
    assert form.duties
    assert set(form.duties) <= set(BOOK.obligations)
    assert {BOOK.obligations[one].instrument for one in form.duties} <= set(form.instruments)
    assert set(form.instruments) <= set(BOOK.instruments)


def test_the_deadlines_of_a_form_are_the_periods_of_its_duties(form: Form) -> None:
    periods = {BOOK.obligations[one].period for one in form.duties} - {None}
    assert set(form.deadlines) == periods
    for one in form.deadlines:
        assert isinstance(BOOK.parameter(one).first().value, Period)


def test_every_clause_is_of_an_instrument_of_the_form(form: Form) -> None:
    for path, field in form.every_field():
        for clause in field.clauses:
            assert clause.instrument in form.instruments, path
            assert clause.reference.strip(), path


def test_every_text_of_a_form_is_in_both_languages(form: Form) -> None:
    titles = [form.title, *(section.title for section in form.sections)]
    for _, field in form.every_field():
        titles += [field.label, *(option.label for option in field.options)]
        titles += [one for one in (field.help,) if one is not None]
    for title in titles:
        assert title.en.strip()
        assert not CJK.search(title.en), title.en
        assert CJK.search(title.zh), title


def test_every_prefill_path_exists_and_none_is_for_nothing() -> None:
    used = {field.prefill for form in FORMS.values() for field in form.fields if field.prefill}
    assert used <= set(PREFILLS)


def test_a_form_holds_no_number_of_law(form: Form) -> None:
    """Periods and thresholds stand in rule files: a form names the parameters."""
    for path, field in form.every_field():
        said = (field.label.en, field.help.en if field.help else "")
        assert not re.search(r"\b\d+\s*(?:day|hour|year|percent|%)", " ".join(said)), path


def test_what_is_found_is_told_from_what_is_recalled() -> None:
    marks = {
        name: {clause.mark for field in form.fields for clause in field.clauses}
        for name, form in FORMS.items()
    }
    assert Mark.FOUND in marks["training_report"]
    assert Mark.RECALLED_MEDIUM in marks["certification"]
    assert Mark.HYPOTHETICAL in marks["registration"]


def test_the_training_report_asks_for_all_that_the_text_lists() -> None:
    """The proposal's list: identity, payment, contact, IP, operations, days, hardware, weights."""
    form = form_named("training_report")
    required = {field.id for field in form.fields if field.is_required}
    assert required >= {
        *("customer", "owners", "payment", "addresses", "operations", "starts", "ends"),
        *("accelerators", "practices", "weights", "has_incidents"),
    }


def test_a_kept_form_reads_as_it_was(form: Form) -> None:
    assert read_kept(form.file, form.text) == form


def test_a_node_adds_forms_under_local() -> None:
    forms = with_own_forms([("note.yaml", OWN)], BOOK)
    assert set(forms) == {*FORMS, "local.quarterly_note"}
    assert forms["local.quarterly_note"].fields[0].kind is FieldKind.DAY


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("id: local.quarterly_note", "id: note", 2, "must have an id under local."),
        ("  id: local.quarterly_note", "  id: training_report", 2, "is taken by"),
        ("[us.nprm_702]", "[us.no_such_text]", 4, "us.no_such_text is in no rule file"),
        ("us.nprm_702.quarterly_notification", "us.nprm_702.nothing", 5, "is in no rule file"),
        ("us.nprm_702.notice.after_quarter", "us.nprm_702.answers.period", 6, "of none of its"),
        ("  deadlines: [us.nprm_702.notice.after_quarter]\n", "", 1, "of a duty is missing"),
        ("kind: day", "kind: date", 13, "'date' is not known"),
        ("required: true", "required: yes", 14, "neither true nor false"),
        ("zh: 日期", "cn: 日期", 12, "is missing"),
        ("reference: our own reading, ", "", 16, "is missing"),
        ("required: true", "required_when: [{field: no, is: true}]", 14, "is no field of this"),
        ("required: true", "prefill: customer.shoe_size", 14, "is no source"),
        ("required: true", "not_below: day_two", 14, "is no day, instant or FLOP"),
        ("required: true", "colour: red", 14, "is not a field of this block"),
        ("kind: day", "kind: choice", 11, "a choice has them"),
        ("kind: day", "kind: parts", 11, "is missing"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(old: str, new: str, place: int, said: str) -> None:
    assert old in OWN
    with pytest.raises(RuleFilesError) as caught:
        with_own_forms([("note.yaml", OWN.replace(old, new))], BOOK)
    told = [str(fault) for fault in caught.value.faults]
    assert any(line.startswith(f"note.yaml:{place}: ") and said in line for line in told), told


def test_text_that_is_no_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(RuleFilesError, match=r"note\.yaml:3: "):
        read_forms([("note.yaml", "form:\n  id: [\n")], Grounds(BOOK, PREFILLS))
