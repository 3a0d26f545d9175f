"""Entries are one party when the issuer, a number or a name with what agrees says so."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from list_worlds import company, entry, person
from sluicegate.core.canonical import digest
from sluicegate.core.phrases import Language
from sluicegate.screening.entries import ListEntry, Schema
from sluicegate.screening.joining import (
    Agreement,
    JoinRule,
    Key,
    join_entries,
    party_id_of,
)
from sluicegate.screening.traits import normal_name

BORN = ("1961-03-04",)
LEI = (("lei", "5493001KJTIIGC8Y1R12", ""),)
TAX = (("tax_number", "7702235133", "RU"),)


def rules(*entries: ListEntry) -> list[JoinRule]:
    """Return the rules by which entries were joined."""
    return [one.rule for one in join_entries(entries)]


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (
            person("a", "1", "Ann Otherwise"),
            person("b", "2", "Quite Unlike", same_as=(("a", "1"),)),
            JoinRule.ISSUER,
        ),
        (
            company("a", "1", "Brask AG", numbers=LEI),
            company("b", "2", "Unlike KK", numbers=LEI),
            JoinRule.IDENTIFIER,
        ),
        (
            company("a", "1", "Brask Lithography AG", numbers=TAX),
            company("b", "2", "AO Brask", numbers=TAX),
            JoinRule.IDENTIFIER,
        ),
        (
            person("a", "1", "Ann Otherwise", numbers=(("passport", "C-4400 12", "AD"),)),
            person("b", "2", "Quite Unlike", numbers=(("passport", "c440012", "AD"),)),
            JoinRule.IDENTIFIER,
        ),
        (
            person("a", "1", "OSK, Tarquin", birth_dates=BORN),
            person("b", "2", "Tarquin Osk", birth_dates=BORN),
            JoinRule.NAME,
        ),
        (
            person("a", "1", "Tarquin Osk", birth_dates=("1961",), nationalities=("AD",)),
            person("b", "2", "Tarquin Osk", birth_dates=BORN, countries=("AD",)),
            JoinRule.NAME,
        ),
        (
            company("a", "1", "Brask Co., Ltd.", countries=("AD",)),
            company("b", "2", "BRASK CO LTD", countries=("AD", "FR")),
            JoinRule.NAME,
        ),
        (
            company(
                "a", "1", "Other Name", aliases=("Brask Optics",), addresses=("1 Long Row, Harrow",)
            ),
            company("b", "2", "Brask Optics", addresses=("1 LONG ROW HARROW",)),
            JoinRule.NAME,
        ),
        (
            person("a", "1", "Tarquin Osk Velloran"),
            person("b", "2", "Tarquín Osk Velloran", birth_dates=BORN),
            JoinRule.NAME,
        ),
    ],
)
def test_one_party(one: ListEntry, other: ListEntry, rule: JoinRule) -> None:
    assert rules(one, other) == [rule]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Dates of birth that contradict.
        (person("a", "1", birth_dates=BORN), person("b", "2", birth_dates=("1962",))),
        (
            person("a", "1", birth_dates=BORN, numbers=(("passport", "C440012", "AD"),)),
            person("b", "2", birth_dates=("1970",), numbers=(("passport", "C440012", "AD"),)),
        ),
        # A person and a company, and a ship.
        (person("a", "1"), company("b", "2", "Tarquin Osk Velloran")),
        (
            entry("a", "1", "Tarquin Osk Velloran", schema=Schema.VESSEL),
            entry("b", "2", "Tarquin Osk Velloran", schema=Schema.VESSEL),
        ),
        # A name that many bear, without more.
        (person("a", "1", "Ivan Petrov"), person("b", "2", "Ivan Petrov")),
        (
            person("a", "1", "Ivan Petrov", countries=("AD",)),
            person("b", "2", "Ivan Petrov", countries=("AD",)),
        ),
        (
            company("a", "1", "Atlas", countries=("AD",)),
            company("b", "2", "Atlas", countries=("AD",)),
        ),
        # Countries on both sides, none shared.
        (
            company("a", "1", countries=("AD",)),
            company("b", "2", countries=("FR",)),
        ),
        # A weak alias tells nothing.
        (
            person("a", "1", "Ann Otherwise", weak=("Tarquin Osk Velloran",)),
            person("b", "2", birth_dates=BORN),
        ),
        # Two numbers of one form.
        (
            company("a", "1", countries=("RU",), numbers=TAX),
            company("b", "2", countries=("RU",), numbers=(("tax_number", "7706810730", "RU"),)),
        ),
        # A number of the parent's, in names that share nothing.
        (company("a", "1", "Brask AG", numbers=TAX), company("b", "2", "Unlike KK", numbers=TAX)),
        # A number without its country.
        (
            person("a", "1", "Ann Otherwise", numbers=(("passport", "C440012", ""),)),
            person("b", "2", "Quite Unlike", numbers=(("passport", "C440012", ""),)),
        ),
        # One list names both: its issuer knew of the two.
        (person("a", "1"), person("a", "2")),
        (
            company("a", "1", "One House", aliases=("Brask Optics Works",), countries=("AD",)),
            company("a", "2", "Two House", aliases=("Brask Optics Works",), countries=("AD",)),
        ),
        (
            person("a", "1", "Ann Osk", aliases=("The Twins",), birth_dates=BORN),
            person("a", "2", "Ida Osk", aliases=("The Twins",), birth_dates=BORN),
        ),
    ],
)
def test_two_parties(one: ListEntry, other: ListEntry) -> None:
    assert rules(one, other) == []


def test_one_list_may_name_a_party_twice() -> None:
    one = company("a", "1", addresses=("1 Long Row, Harrow",), countries=("AD",))
    assert rules(one, replace(one, entry_id="2")) == [JoinRule.NAME]


def test_what_is_gone_may_be_what_came() -> None:
    [join] = join_entries([person("a", "new")], gone=[person("a", "old")])
    assert (join.first, join.second) == (("a", "new"), ("a", "old"))


def test_two_entries_of_one_list_are_not_joined_over_another() -> None:
    bridge = company(
        "b", "x", "Brask Optics Works", aliases=("Brask Lens Works",), countries=("AD",)
    )
    one = company("a", "1", "Brask Optics Works", countries=("AD",))
    other = company("a", "2", "Brask Lens Works", countries=("AD",))
    assert len(rules(one, other, bridge)) == 1


def test_what_contradicts_in_a_group_keeps_a_third_out() -> None:
    first = person("a", "1", birth_dates=("1961-03-04",))
    silent = person("b", "2")
    other = person("c", "3", birth_dates=("1970-01-01",))
    joins = join_entries([first, silent, other])
    assert [(one.first, one.second) for one in joins] == [(("a", "1"), ("b", "2"))]


def test_the_issuers_word_stands_against_a_corrected_birth_date() -> None:
    old = person("a", "1", birth_dates=BORN)
    new = person("b", "2", birth_dates=("1970",), same_as=(("a", "1"),))
    assert rules(old, new) == [JoinRule.ISSUER]


def test_a_persons_word_stands_against_every_rule() -> None:
    one, other = company("a", "1", numbers=LEI), company("b", "2", numbers=LEI)
    assert join_entries([one, other], apart=[(other.key, one.key)]) == ()
    assert join_entries([one, other], joined=[[one.key, other.key]]) == ()


def test_a_reason_names_what_agrees_in_both_languages() -> None:
    [join] = join_entries([company("a", "1", numbers=LEI), company("b", "2", numbers=LEI)])
    assert str(join.reason) == (
        "Both entries have the number 5493001KJTIIGC8Y1R12 (Legal entity identifier)."
    )
    assert "法律实体识别编码" in join.reason.text(Language.ZH)
    [join] = join_entries([person("a", "1"), person("b", "2", birth_dates=BORN)])
    assert join.agreements == (Agreement.RARE_NAME,)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        ("...", ""),
        ("AL-NASER  Airlines", "airlines al naser"),
        ("O'Brien & Sons, L.L.C.", "llc obrien sons"),
        ("Николай Левичёв", "левичев николаи"),
        ("中国 航空", "中国 航空"),
    ],
)
def test_a_normal_name_is_its_words_in_order(text: str, normal: str) -> None:
    assert normal_name(text) == normal


def test_an_id_of_a_party_is_the_same_on_every_node() -> None:
    assert party_id_of(("us_sdn", "36")) == "lp-eb78f7b4d0558570d472"


@given(key=st.tuples(st.text(), st.text()))
def test_an_id_is_the_digest_of_its_entry(key: Key) -> None:
    assert party_id_of(key) == "lp-" + digest(list(key))[:20]


NAMES = ("Tarquin Osk Velloran", "Ivan Petrov", "Brask Optics Works", "Atlas")


@st.composite
def listed(draw: st.DrawFn) -> list[ListEntry]:
    """Draw entries of three lists that may be one party in many ways."""
    found = []
    for number in range(draw(st.integers(1, 7))):
        found.append(
            entry(
                draw(st.sampled_from("abc")),
                str(number),
                draw(st.sampled_from(NAMES)),
                schema=draw(st.sampled_from([Schema.PERSON, Schema.COMPANY, Schema.LEGAL_ENTITY])),
                aliases=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
                birth_dates=tuple(
                    draw(st.lists(st.sampled_from(["1961", "1961-03-04", "1970"]), max_size=1))
                ),
                countries=tuple(draw(st.lists(st.sampled_from(["AD", "FR"]), max_size=1))),
                numbers=tuple(draw(st.lists(st.sampled_from([*LEI, *TAX]), max_size=1))),
            )
        )
    return found


def partition(entries: Sequence[ListEntry]) -> set[frozenset[Key]]:
    """Return the parties that entries make."""
    groups = {one.key: {one.key} for one in entries}
    for join in join_entries(entries):
        together = groups[join.first] | groups[join.second]
        for key in together:
            groups[key] = together
    return {frozenset(one) for one in groups.values()}


@given(entries=listed(), data=st.data())
def test_the_order_of_entries_changes_nothing(
    entries: list[ListEntry], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(entries))
    assert join_entries(entries) == join_entries(shuffled)


@given(entries=listed())
def test_no_party_has_contradictory_birth_dates(entries: list[ListEntry]) -> None:
    by_key = {one.key: one for one in entries}
    for group in partition(entries):
        for one, other in itertools.combinations(group, 2):
            dates = by_key[one].birth_dates, by_key[other].birth_dates
            if all(dates):
                assert any(a.startswith(b) or b.startswith(a) for a in dates[0] for b in dates[1])


@given(entries=listed())
def test_joining_again_finds_nothing_new(entries: list[ListEntry]) -> None:
    assert join_entries(entries, joined=[tuple(one) for one in partition(entries)]) == ()
