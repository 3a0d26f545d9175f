"""What a form lacks is named field by field; what is complete fits the form's schema."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from filled_forms import FILE, PARTY, filled
from sluicegate.cases.filings.checking import MOST_ENTRIES, check
from sluicegate.cases.filings.entries import EntryError, from_entries, known
from sluicegate.cases.filings.form import Field, FieldKind, Form
from sluicegate.cases.filings.schema import filing_schema
from sluicegate.cases.filings.values import LINE, BadValueError, cleaned, is_blank, read_value
from sluicegate.core.phrases import Language
from sluicegate.services.casework.forms import form_named, shipped_forms

FORMS = shipped_forms()
REPORT = form_named("training_report")
SUSPICION = form_named("suspicious_activity")


@pytest.fixture(params=sorted(FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return FORMS[request.param]


def field_of(kind: FieldKind) -> Field:
    return next(one for each in FORMS.values() for _, one in each.every_field() if one.kind is kind)


def values_schema(form: Form) -> Draft202012Validator:
    schema = filing_schema(form)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema["properties"]["values"])


def test_a_filled_form_lacks_nothing(form: Form) -> None:
    checked = check(form, filled(form))
    assert [str(fault.sentence) for fault in checked.faults] == []
    assert list(values_schema(form).iter_errors(dict(checked.values))) == []


def test_an_empty_form_lacks_every_field_that_is_always_required(form: Form) -> None:
    faults = check(form, {}).faults
    required = [field.id for field in form.fields if field.is_required]
    given_up = {field.id for field in form.fields if field.required_when}
    assert [fault.path for fault in faults if fault.path not in given_up] == required
    assert all(fault.is_missing for fault in faults)


def test_each_required_field_left_out_is_named_and_refused_by_the_schema(form: Form) -> None:
    whole = filled(form)
    for field in form.fields:
        if not field.is_required:
            continue
        left = {name: value for name, value in whole.items() if name != field.id}
        checked = check(form, left)
        assert field.id in {fault.path for fault in checked.faults}
        assert not values_schema(form).is_valid(dict(checked.values)), field.id


def test_a_fault_says_field_problem_clause_and_example_in_both_languages() -> None:
    values = {name: one for name, one in filled(REPORT).items() if name != "weights"}
    (fault,) = check(REPORT, values).faults
    assert str(fault.sentence) == (
        "Policies that protect the weights: Nothing is entered. Proposed 15 CFR 7.308 asks for it."
        " Example: a few sentences."
    )
    assert fault.sentence.text(Language.ZH) == (
        "权重保护政策：尚未填写。Proposed 15 CFR 7.308要求填写。例如：几句话。"
    )


def test_a_condition_makes_a_field_required_and_is_told() -> None:
    values = {**filled(REPORT), "has_incidents": True, "incidents": []}
    (fault,) = check(REPORT, values).faults
    assert fault.path == "incidents"
    assert "“Security incidents in the years that the text asks about” is “yes”" in str(fault.why)
    assert check(REPORT, {**values, "has_incidents": False}).is_complete


@pytest.mark.parametrize("is_known", [True, False])
def test_suspects_or_what_was_done_to_find_them(is_known: bool) -> None:
    values = {**filled(SUSPICION), "suspect_known": is_known, "subjects": [], "no_suspect": ""}
    wanted = "subjects" if is_known else "no_suspect"
    assert [fault.path for fault in check(SUSPICION, values).faults] == [wanted]


def test_an_entry_of_a_list_is_checked_field_by_field() -> None:
    owners = [{"party": PARTY}, {"share": "30 %"}, {}, {"party": {"country": "NO"}}]
    faults = check(REPORT, {**filled(REPORT), "owners": owners}).faults
    assert [(fault.path, fault.is_missing) for fault in faults] == [
        ("owners.1.party", True),
        ("owners.3.party.name", False),
    ]
    assert str(faults[0].label) == "Ultimate beneficial owners, entry 2, Owner"


def test_an_end_is_not_before_its_begin() -> None:
    values = {**filled(REPORT), "starts": "2026-02-02", "ends": "2026-02-01"}
    (fault,) = check(REPORT, values).faults
    assert (fault.path, fault.is_missing) == ("ends", False)
    assert "“First day of training”" in str(fault.problem)
    assert check(REPORT, {**values, "ends": "2026-02-02"}).is_complete


def test_bounds_of_operations_compare_as_numbers_and_not_as_text() -> None:
    values = {**filled(REPORT), "operations_low": "9e23", "operations_high": "1.0e24"}
    assert check(REPORT, values).is_complete
    values["operations_high"] = "8.9e23"
    assert [fault.path for fault in check(REPORT, values).faults] == ["operations_high"]


def test_an_instant_is_compared_across_offsets() -> None:
    incident = form_named("critical_safety_incident")
    values = {**filled(incident), "occurred_at": "2026-05-04T10:00:00+02:00"}
    values["discovered_at"] = "2026-05-04T08:30:00+00:00"
    values["told_at"] = "2026-05-04T09:00:00+00:00"
    assert check(incident, values).is_complete
    values["discovered_at"] = "2026-05-04T09:30:00+02:00"
    assert "discovered_at" in {fault.path for fault in check(incident, values).faults}


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (FieldKind.FLOP, "1.31e24", "1310000000000000000000000"),
        (FieldKind.MONEY, "12500.00 usd", {"amount": "12500.00", "currency": "USD"}),
        (FieldKind.COUNTRY, "no", "NO"),
        (FieldKind.YES_NO, "No", False),
        (FieldKind.PARTY, " Ada Moss ", {"name": "Ada Moss"}),
        (FieldKind.INSTANT, "2026-05-04T10:30Z", "2026-05-04T10:30:00+00:00"),
        (FieldKind.ATTACHMENT, FILE, FILE),
    ],
)
def test_a_value_is_read_into_its_one_written_form(kind: FieldKind, raw: Any, value: Any) -> None:
    assert read_value(field_of(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (FieldKind.TEXT, "two\nlines"),
        (FieldKind.TEXT, "x" * (LINE + 1)),
        (FieldKind.TEXT, ["a"]),
        (FieldKind.DAY, "04.05.2026"),
        (FieldKind.DAY, "2026-02-30"),
        (FieldKind.INSTANT, "2026-05-04T10:30:00"),
        (FieldKind.FLOP, "1.5"),
        (FieldKind.FLOP, "-1e24"),
        (FieldKind.FLOP, "1e9999999"),
        (FieldKind.MONEY, "12,5 USD"),
        (FieldKind.MONEY, {"amount": "1", "currency": "dollar"}),
        (FieldKind.MONEY, {"amount": "1", "currency": "USD", "tip": "1"}),
        (FieldKind.COUNTRY, "ZZ"),
        (FieldKind.CHOICE, "neither"),
        (FieldKind.YES_NO, "perhaps"),
        (FieldKind.PARTY, {"name": "A", "shoe": "42"}),
        (FieldKind.PARTY, {"country": "NO"}),
        (FieldKind.ATTACHMENT, "a-unknown"),
    ],
)
def test_a_malformed_value_says_what_is_wrong_in_both_languages(kind: FieldKind, raw: Any) -> None:
    with pytest.raises(BadValueError) as caught:
        read_value(field_of(kind), raw)
    problem = caught.value.problem
    assert problem.text(Language.ZH) != problem.text(Language.EN)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["NO", "yes"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(raw=JSON, name=st.sampled_from([field.id for field in SUSPICION.fields]))
def test_whatever_is_entered_is_read_or_named_and_never_raises(raw: Any, name: str) -> None:
    entered = cleaned(raw)
    checked = check(SUSPICION, {name: entered})
    named = {fault.path.partition(".")[0] for fault in checked.faults}
    assert is_blank(entered) or name in checked.values or name in named
    again = check(SUSPICION, checked.values)
    assert again.values == checked.values


def test_a_list_has_an_end() -> None:
    owners = [{"party": PARTY}] * (MOST_ENTRIES + 1)
    faults = check(REPORT, {**filled(REPORT), "owners": owners}).faults
    assert [fault.path for fault in faults] == ["owners"]


def test_control_characters_and_half_surrogates_are_dropped() -> None:
    assert cleaned({"a": "x\x00y\r\nz\ud800", "b": [1, True]}) == {"a": "xy\nz", "b": ["1", True]}


def test_flat_entries_make_values() -> None:
    entries = [
        ("customer.name", "Mavoret Compute Ltd"),
        ("customer.country", "NO"),
        ("owners.10.party.name", "Second"),
        ("owners.2.party.name", "First"),
        ("owners.2.control", "yes"),
        ("weights", ""),
    ]
    assert from_entries(REPORT, entries) == {
        "customer": {"name": "Mavoret Compute Ltd", "country": "NO"},
        "weights": "",
        "owners": [
            {"party": {"name": "First"}, "control": "yes"},
            {"party": {"name": "Second"}},
        ],
    }
    assert from_entries(REPORT, [("owners", "")]) == {"owners": []}


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "customer.shoe",
        "customer.name.first",
        "owners.0",
        "owners.x.party",
        "owners.0.x",
        "weights.name",
        "owners.99999.party",
        "",
    ],
)
def test_an_entry_that_leads_to_no_field_is_refused(path: str) -> None:
    with pytest.raises(EntryError):
        from_entries(REPORT, [(path, "x")])


def test_values_of_unknown_fields_are_refused() -> None:
    with pytest.raises(EntryError, match="nothing"):
        known(REPORT, {"weights": "x", "nothing": "x"})
