"""Institutes and their network: who is a member, what a body is called, which powers it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.assurance import QUESTIONS
from sluicegate.core.phrases import Language
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.countries import european_union
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
MEMBERS = BOOK.parameter("aisi.network.members")
LAUNCH = MEMBERS.first().start
NAMED_HOSTS = ("CA", "EU", "GB", "US")
HOSTS = ("CA", "EU", "FR", "GB", "JP", "KR", "SG", "US")
DAYS = st.dates(date(2022, 1, 1), date(2031, 12, 31))
DAY = timedelta(days=1)
CODES = st.sampled_from(["US", "CN", "HK", "DE", "FR", "KE", "AU", "BR", "GB", "IT"])


def asked(
    name: str, facts: Mapping[str, Any], day: date, book: RuleBook = BOOK, known: date | None = None
) -> Asked:
    return ask(BY_NAME[name], facts, as_of=day, book=book, known_on=known)


def name_of(host: str, day: date, known: date | None = None) -> Any:
    return asked("institute_name", {"host": host}, day, known=known).answer["name"]


def powers_of(host: str, day: date, book: RuleBook = BOOK) -> Mapping[str, Any]:
    return asked("institute_powers", {"host": host}, day, book).answer


def hosts_of(day: date) -> Any:
    return asked("institute_by_acronym", {"acronym": "CAISI"}, day).answer["hosts"]


def test_a_country_is_a_member_from_the_launch_on_and_on_no_day_before() -> None:
    assert LAUNCH is not None
    countries = sorted(set(MEMBERS.first().value) - {"EU"})  # type: ignore[arg-type]
    before = asked("network_membership", {"countries": countries}, LAUNCH - DAY).answer
    after = asked("network_membership", {"countries": countries}, LAUNCH).answer
    assert set(before["members"].values()) == {False}
    assert (before["member_count"], before["european_union_member"]) == (0, False)
    assert set(after["members"].values()) == {True}
    assert (after["member_count"], after["european_union_member"]) == (len(countries) + 1, True)


@given(codes=st.lists(CODES, max_size=8), day=DAYS)
def test_the_order_and_repetition_of_countries_do_not_matter(codes: list[str], day: date) -> None:
    there = asked("network_membership", {"countries": codes}, day).answer
    back = asked("network_membership", {"countries": codes[::-1] * 2}, day).answer
    assert there == back
    assert list(there["members"]) == list(dict.fromkeys(codes))


def test_the_membership_of_the_union_makes_no_member_state_a_member() -> None:
    answer = asked(
        "network_membership", {"countries": sorted(european_union())}, date(2025, 6, 1)
    ).answer
    assert [code for code, is_member in answer["members"].items() if is_member] == ["FR"]


def test_hong_kong_would_join_with_china_and_keeps_its_own_key() -> None:
    joined = [replace(MEMBERS.first(), value=("CN", "US"))]
    book = BOOK.with_values(MEMBERS.id, joined)
    answer = asked("network_membership", {"countries": ["HK", "US"]}, date(2025, 6, 1), book).answer
    assert answer == {
        "members": {"HK": True, "US": True},
        "european_union_member": False,
        "member_count": 2,
    }


@pytest.mark.parametrize("countries", [["EU"], ["UK"], ["us"], [None], "US", None])
def test_what_is_no_code_of_a_country_is_refused(countries: Any) -> None:
    with pytest.raises(BadFactsError) as refused:
        asked("network_membership", {"countries": countries}, date(2025, 6, 1))
    assert refused.value.paths == ["countries"]


@given(day=DAYS)
def test_the_network_has_a_name_and_a_lead_exactly_while_it_has_members(day: date) -> None:
    named = asked("network_name", {}, day).answer
    count = asked("network_membership", {"countries": []}, day).answer["member_count"]
    assert len({value is None for value in named.values()}) == 1
    assert (named["name"] is not None) == (count > 0)


@pytest.mark.parametrize(
    ("day", "lead", "unsettled"),
    [
        (date(2025, 11, 30), "US", False),
        (date(2025, 12, 1), "US", True),
        (date(2025, 12, 30), "US", True),
        (date(2025, 12, 31), "GB", False),
        (date(2026, 2, 1), "GB", False),
    ],
)
def test_in_the_month_of_the_renaming_the_answer_says_that_the_day_is_not_known(
    day: date, lead: str, unsettled: bool
) -> None:
    answer = asked("network_name", {}, day)
    assert answer.answer["lead"] == lead
    assert any("day of the change is not known" in str(one) for one in answer.caveats()) is (
        unsettled
    )


@pytest.mark.parametrize("host", NAMED_HOSTS)
def test_a_name_holds_from_its_day_and_none_before_the_founding(host: str) -> None:
    values = BOOK.parameter(f"aisi.{host.lower()}.name").values
    first = values[0].start
    assert first is not None
    assert name_of(host, first - DAY) is None
    for dated in values:
        assert dated.start is not None
        assert name_of(host, dated.start) == dated.value
    for older, newer in pairwise(values):
        assert newer.start is not None
        assert name_of(host, newer.start - DAY) == older.value
    assert BOOK.instrument(f"aisi.{host.lower()}").statuses[0].start == first


def test_a_new_name_is_not_used_with_a_knowledge_day_before_it() -> None:
    after = date(2025, 7, 1)
    assert name_of("US", after) != name_of("US", after, known=date(2025, 6, 2))
    assert name_of("US", after) == name_of("US", after, known=date(2025, 6, 3))
    assert name_of("CA", after, known=date(2024, 11, 11)) is None


@given(host=st.sampled_from(HOSTS), day=DAYS)
def test_powers_can_be_used_only_where_they_were_given(host: str, day: date) -> None:
    answer = powers_of(host, day)
    assert answer["regulatory"] == bool(answer["powers"])
    assert answer["regulatory"] or not answer["exercisable"]
    assert host == "EU" or not answer["regulatory"]
    later = powers_of(host, day + DAY)
    assert set(answer["powers"]) <= set(later["powers"])
    assert later["exercisable"] or not answer["exercisable"]


def test_the_powers_of_the_union_are_given_and_then_apply_on_the_days_of_its_status() -> None:
    founded, given_on, usable_on = (one.start for one in BOOK.instrument("aisi.eu").statuses)
    assert founded is not None
    assert given_on is not None
    assert usable_on is not None
    assert BOOK.parameter("aisi.eu.powers").first().start == given_on
    found = [
        (powers_of("EU", day)["regulatory"], powers_of("EU", day)["exercisable"])
        for day in (founded, given_on - DAY, given_on, usable_on - DAY, usable_on)
    ]
    assert found == [(False, False), (False, False), (True, False), (True, False), (True, True)]


def test_an_institute_that_is_given_powers_in_the_data_has_them() -> None:
    undated = BOOK.parameter("aisi.jp.powers").first()
    book = BOOK.with_values("aisi.jp.powers", [replace(undated, value=("impose_sanctions",))])
    answer = powers_of("JP", date(2026, 9, 1), book)
    assert answer == {"regulatory": True, "exercisable": False, "powers": ["impose_sanctions"]}


@pytest.mark.parametrize(
    ("day", "hosts"),
    [
        (date(2024, 11, 11), []),
        (date(2024, 11, 12), ["CA"]),
        (date(2025, 6, 2), ["CA"]),
        (date(2025, 6, 3), ["CA", "US"]),
        (date(2026, 11, 21), ["CA", "US"]),
    ],
)
def test_an_acronym_comes_with_the_founding_or_the_renaming(day: date, hosts: list[str]) -> None:
    assert sorted(hosts_of(day)) == hosts
    answer = asked("institute_by_acronym", {"acronym": "CAISI"}, day).answer
    assert answer["ambiguous"] is (len(hosts) > 1)


def test_an_acronym_that_an_institute_gives_up_is_no_longer_its_own() -> None:
    values = BOOK.parameter("aisi.ca.acronym").values
    later = replace(values[0], start=date(2030, 1, 1), known_from=None, value="other")
    book = BOOK.with_values("aisi.ca.acronym", [*values, later])
    answer = asked("institute_by_acronym", {"acronym": "CAISI"}, date(2030, 1, 1), book).answer
    assert answer == {"hosts": ["US"], "ambiguous": False}


@pytest.mark.parametrize("code", ["ca", "eu", "fr", "gb", "jp", "kr", "sg", "us"])
def test_every_host_has_a_file_that_says_who_and_where(code: str) -> None:
    instrument = BOOK.instrument(f"aisi.{code}")
    assert instrument.jurisdiction == code.upper()
    notes = {note.id.removeprefix(f"aisi.{code}.") for note in instrument.notes}
    assert {"founding", "parent", "goals"} <= notes


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("network_membership", {"countries": ["HK", "GB"]}),
        ("network_name", {}),
        ("institute_name", {"host": "EU"}),
        ("institute_powers", {"host": "EU"}),
        ("institute_by_acronym", {"acronym": "CAISI"}),
    ],
)
def test_an_answer_can_be_read_in_chinese(name: str, facts: Mapping[str, Any]) -> None:
    for day in (date(2022, 1, 1), date(2024, 12, 1), date(2026, 9, 1)):
        answer = asked(name, facts, day)
        for sentence in (answer.outcome, *answer.reasons):
            text = sentence.text(Language.ZH)
            assert text.endswith("。")
            assert "{" not in text
            assert text != sentence.text(Language.EN)
