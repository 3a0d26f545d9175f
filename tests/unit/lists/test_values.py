"""Days, countries and what is known of lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.adapters.lists.values import clean, countries_in, country_code, days_in
from sluicegate.rules.countries import country_names, is_country
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.specifications import specifications
from sluicegate.screening.entries import ListedName, ListEntry, Schema
from sluicegate.screening.known_lists import (
    DESIGNATED,
    Joins,
    country_spellings,
    csl_sources,
    factors,
    identifier_kinds,
    kind_called,
    known_list,
    known_lists,
    list_of_programme,
    ownership_lists,
    specified_programmes,
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("16 May 1961", ["1961-05-16"]),
        ("01 Jan 1970", ["1970-01-01"]),
        ("Jan 1970", ["1970-01"]),
        ("1970", ["1970"]),
        ("1970-01", ["1970-01"]),
        ("1970-01-01", ["1970-01-01"]),
        ("1970-01-01T00:00:00Z", ["1970-01-01"]),
        ("17.3.2014", ["2014-03-17"]),
        ("17/03/2014", ["2014-03-17"]),
        ("13-Feb-2026", ["2026-02-13"]),
        ("March 5, 1964", ["1964-03-05"]),
        ("03/1964", ["1964-03"]),
        ("00/00/1975", ["1975"]),
        ("dd/mm/1975", ["1975"]),
        ("circa 1960", ["1960"]),
        ("approximately 1960", ["1960"]),
        ("c. 1960", ["1960"]),
        ("1960s", ["1960"]),
        ("1960 to 1965", ["1960", "1965"]),
        ("between 1960 and 1965", ["1960", "1965"]),
        ("1960-1965", ["1960", "1965"]),
        ("1960 – 1965", ["1960", "1965"]),
        ("17 Jun 1974 to 17 Jun 1975", ["1974", "1975"]),
        ("18.1.1970 or 29.3.1965", ["1970-01-18", "1965-03-29"]),
        ("23.6.1972 (or 23.7.1972)", ["1972-06-23", "1972-07-23"]),
        ("(a) 1.1.1961, (b) 1962", ["1961-01-01", "1962"]),
        ("(1) 16/05/1961 (2) 00/00/1962", ["1961-05-16", "1962"]),
        ("(i) 11.4.1963, (ii) 11.4.1960", ["1963-04-11", "1960-04-11"]),
        ("1966-02-13; 1967", ["1966-02-13", "1967"]),
        ("possibly 23.7.1981", ["1981-07-23"]),
        ("31 Feb 1970", ["1970-02"]),
        ("40/13/1970", ["1970"]),
        ("year unknown", []),
        ("0000", []),
        ("", []),
    ],
)
def test_a_day_of_birth_is_read_as_far_as_it_is_said(text: str, days: list[str]) -> None:
    assert list(days_in(text)) == days


@given(st.text(max_size=80))
def test_days_are_always_days(text: str) -> None:
    for day in days_in(text):
        year, *rest = day.split("-")
        assert len(year) == 4
        assert year.isascii()
        assert year.isdigit()
        assert all(1 <= int(part) <= 31 for part in rest)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Korea, North", ["KP"]),
        ("Democratic People's Republic of Korea", ["KP"]),
        ("Congo, Democratic Republic of the", ["CD"]),
        ("Congo, Republic of the", ["CG"]),
        ("Iran (Islamic Republic of)", ["IR"]),
        ("the Russian Federation", ["RU"]),
        ("St. Kitts & Nevis", ["KN"]),
        ("Côte d'Ivoire", ["CI"]),
        ("Turkey", ["TR"]),
        ("ru", ["RU"]),
        ("俄罗斯", ["RU"]),
        ("(a) German, (b) Moroccan", ["DE", "MA"]),
        ("a) Syrian b) Palestinian", ["SY", "PS"]),
        ("(1) Russia (2) Cyprus", ["RU", "CY"]),
        ("Iranian and US", ["IR", "US"]),
        ("Ukrainian and/or Russian", ["UA", "RU"]),
        ("Indonesian (as at December 2003)", ["ID"]),
        ("Tunisian. National Identification No.: 0861", ["TN"]),
        ("Bosnia and Herzegovina", ["BA"]),
        ("Trinidad and Tobago", ["TT"]),
        ("Atlantis", []),
        ("", []),
    ],
)
def test_countries_are_known_as_lists_write_them(text: str, codes: list[str]) -> None:
    assert list(countries_in(text)) == codes


@pytest.mark.parametrize("code", sorted(country_names()))
def test_every_country_is_known_by_its_code_and_both_its_names(code: str) -> None:
    title = country_names()[code]
    assert {country_code(text) for text in (code, code.lower(), title.en, title.zh)} == {code}


@given(st.text(max_size=60))
def test_countries_are_always_countries(text: str) -> None:
    assert all(is_country(code) for code in countries_in(text))


@given(st.text(max_size=60))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(sign < " " for sign in once)


def test_no_spelling_stands_for_two_countries() -> None:
    found: dict[str, str] = {}
    for code, names in country_spellings().items():
        for name in names:
            assert found.setdefault(name.casefold(), code) == code, name
            assert country_code(name) == code, name


def test_every_list_says_what_the_services_need() -> None:
    for list_id, one in known_lists().items():
        assert one.list_id == list_id
        assert one.issuer
        assert one.title.en
        assert one.title.zh
        assert one.greatest_age_days > 0
        assert 0 < one.may_shrink <= 1
        assert set(one.holds) <= set(known_lists())
        assert all(address.startswith("https://") for address in one.addresses)
    targets = {*csl_sources().values(), *list_of_programme().values(), DESIGNATED}
    assert targets <= set(known_lists())


def test_factors_and_lists_are_those_of_the_questions() -> None:
    profile = specifications()["kyc_high_risk"]
    codes = {code for field in profile.facts for code in _values(field)}
    found = {one.factor for one in known_lists().values()} - {""}
    assert found
    assert found <= codes
    rule = specifications()["ownership_50_percent"]
    lists = {code for field in rule.facts for code in _values(field)}
    named = {name for one in known_lists().values() for name in (one.ownership, one.specified)}
    assert named - {""} == {"sdn", "sdn_specified", "entity_list", "meu_list"}
    assert named - {""} <= lists


def _values(field: object) -> set[str]:
    own = set(getattr(field, "values", ()))
    return own.union(*(_values(part) for part in getattr(field, "fields", ())))


def test_a_list_of_ones_own_is_like_own() -> None:
    one = known_list("blocked_resellers")
    assert one.may_shrink == Fraction(1, 2)
    assert one.title.zh == "blocked_resellers"
    assert one.factor == ""


def _entry(list_id: str, *programmes: str) -> ListEntry:
    return ListEntry(list_id, "1", Schema.COMPANY, (), programmes=programmes)


def test_lists_of_a_party_become_those_of_the_ownership_question() -> None:
    named = specified_programmes(Law(shipped_book(), date(2026, 11, 22)))
    assert len(named["us_sdn"]) == 14, "89 FR 20107: fourteen programmes"
    entries = [_entry("us_sdn", "SDGT"), _entry("us_entity")]
    assert ownership_lists(entries, named) == ("entity_list", "sdn", "sdn_specified")
    assert ownership_lists(entries, {"us_sdn": {"BELARUS"}}) == ("entity_list", "sdn")
    assert ownership_lists([_entry("us_sdn", "GLOMAG")], named) == ("sdn",)
    assert ownership_lists([_entry("us_entity", "SDGT")], named) == ("entity_list",)
    assert ownership_lists([_entry("eu_fsf"), _entry("mine")], named) == ()
    assert factors([_entry("us_sdn"), _entry("us_denied_persons"), _entry("us_sdn")]) == (
        "barred_from_advanced_chips",
        "sdn_list",
    )


def test_kinds_of_identifiers_are_called_by_one_label_each() -> None:
    labels = [label.casefold() for one in identifier_kinds().values() for label in one.called]
    assert len(labels) == len(set(labels)), sorted({x for x in labels if labels.count(x) > 1})
    assert kind_called("PASSPORT") == "passport"
    assert kind_called("nothing") == ""
    always = {kind for kind, one in identifier_kinds().items() if one.joins is Joins.ALWAYS}
    assert {"lei", "imo"} <= always
    assert "passport" not in always


def test_a_designation_by_hand_counts_as_the_list_that_will_carry_it() -> None:
    entry = ListEntry(
        "designated", "x-1", Schema.LEGAL_ENTITY, (ListedName("Sable"),), programmes=("us_sdn",)
    )
    assert (ownership_lists([entry], {}), factors([entry])) == (("sdn",), ("sdn_list",))
    own = replace(entry, programmes=("our_own_list",))
    assert (ownership_lists([own], {}), factors([own])) == ((), ())
