"""Destinations and parties: the lists of the day, Hong Kong, Macau, and the ultimate parent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.export.destinations import (
    DestinationClass,
    Party,
    class_of,
    is_aia,
    is_d5_or_macau,
    is_in_group,
)
from sluicegate.export.status import covered_since_2023, enforcement_for, enforcement_of_2025_rule
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

BOOK = shipped_book()
START, NICARAGUA = date(2023, 11, 17), date(2024, 3, 15)
RULE, CAMBODIA, READ = date(2025, 1, 13), date(2026, 2, 3), date(2026, 7, 23)
CODES = sorted(
    {
        code
        for name, parameter in BOOK.parameters.items()
        if name.startswith(("us.country_groups.", "us.ai_diffusion.aia_list"))
        for dated in parameter.values
        if isinstance(dated.value, tuple)
        for code in dated.value
    }
)
PLACES = st.sampled_from([*CODES, "HK", "GL"])
DAYS = st.dates(RULE, date(2028, 1, 1)) | st.sampled_from([RULE, CAMBODIA, READ])
ALL_DAYS = st.dates(START, date(2028, 1, 1)) | st.sampled_from([START, NICARAGUA, RULE, READ])


def law(day: date) -> Law:
    return Law(BOOK, day)


def party(location: str, *headquarters: str, on: date = RULE) -> Party:
    return Party(location, headquarters or (location,), law(on))


SIZES = [
    ("a5", START, 37),
    ("a5", READ, 38),
    ("a6", START, 8),
    ("b", START, 174),
    ("b", NICARAGUA, 173),
    ("d1", START, 23),
    ("d1", NICARAGUA, 24),
    ("d1", READ, 24),
    ("d4", START, 22),
    ("d4", READ, 21),
    ("d5", START, 22),
    ("d5", NICARAGUA, 23),
    ("d5", CAMBODIA, 22),
    ("d5", READ, 22),
]


@pytest.mark.parametrize(("group", "day", "size"), SIZES)
def test_a_group_has_as_many_members_as_the_text(group: str, day: date, size: int) -> None:
    members = law(day).texts(f"us.country_groups.{group}")
    assert len(set(members)) == len(members) == size


MOVES = [
    ("NI", "d1", NICARAGUA, True),
    ("NI", "d5", NICARAGUA, True),
    ("NI", "b", NICARAGUA, False),
    ("KH", "d5", CAMBODIA, False),
    ("AE", "d4", READ, False),
    ("AE", "a5", READ, True),
]


@pytest.mark.parametrize(("place", "group", "day", "joins"), MOVES)
def test_a_place_joins_or_leaves_a_group_on_its_day(
    place: str, group: str, day: date, joins: bool
) -> None:
    assert is_in_group(place, group, law(day)) is joins
    assert is_in_group(place, group, law(day - timedelta(days=1))) is not joins


def test_cambodia_stays_in_d1() -> None:
    assert is_in_group("KH", "d1", law(CAMBODIA))


@pytest.mark.parametrize("group", ["a5", "d4"])
def test_a_change_of_unknown_day_is_told_between_the_two_recorded_states(group: str) -> None:
    def unsettled(day: date) -> bool:
        return law(day).parameter(f"us.country_groups.{group}").unsettled is not None

    between = [RULE + timedelta(days=1), READ - timedelta(days=1)]
    assert [unsettled(day) for day in (RULE, *between, READ)] == [False, True, True, False]


@given(place=PLACES, day=DAYS)
def test_a_place_has_one_class_and_d5_comes_first(place: str, day: date) -> None:
    found = class_of(place, law(day))
    assert (found is DestinationClass.D5_OR_MACAU) == is_d5_or_macau(place, law(day))
    assert (found is DestinationClass.AIA) == is_aia(place, law(day))


@given(day=ALL_DAYS, group=st.sampled_from(["a5", "a6", "b", "d1", "d4", "d5", "macau"]))
def test_hong_kong_stands_where_china_stands(day: date, group: str) -> None:
    assert is_in_group("HK", group, law(day)) == is_in_group("CN", group, law(day))
    assert class_of("HK", law(day)) is class_of("CN", law(day))


@given(day=ALL_DAYS)
def test_macau_is_not_in_d5_but_counts_beside_it(day: date) -> None:
    assert not is_in_group("MO", "d5", law(day))
    assert is_d5_or_macau("MO", law(day))


def test_a_party_without_a_parent_has_its_own_headquarters_alone() -> None:
    facts = Facts({"destination": "FR", "consignee_hq": "DE", "ultimate_parent_hq": None})
    assert Party.of(facts, law(RULE)).headquarters == ("DE",)


def test_a_party_reads_the_facts_that_it_is_told_to() -> None:
    facts = Facts({"site": "FR", "hq": "DE", "top": "CN"})
    found = Party.of(facts, law(RULE), location="site", headquarters="hq", parent="top")
    assert (found.location, found.headquarters) == ("FR", ("DE", "CN"))
    assert found.seats_in_d5_or_macau == ("CN",)


@given(place=PLACES, own=PLACES, top=PLACES, day=DAYS)
def test_a_headquarters_counts_whether_it_is_the_own_or_the_parents(
    place: str, own: str, top: str, day: date
) -> None:
    one, other = party(place, own, top, on=day), party(place, top, own, on=day)
    assert one.headquartered_in_aia == other.headquartered_in_aia
    assert one.headquartered_in_aia == (is_aia(own, law(day)) or is_aia(top, law(day)))
    assert one.headquartered_in_d5_or_macau == other.headquartered_in_d5_or_macau
    assert one.overlap == other.overlap


@given(place=PLACES, own=PLACES, day=DAYS)
def test_an_overlap_is_one_end_on_the_list_and_none_in_d5(place: str, own: str, day: date) -> None:
    classes = {class_of(place, law(day)), class_of(own, law(day))}
    mixed = {DestinationClass.AIA, DestinationClass.OTHER}
    assert party(place, own, on=day).overlap == (classes == mixed)


@given(place=PLACES, own=PLACES, day=ALL_DAYS)
def test_the_requirement_of_2023_reaches_by_place_or_by_headquarters(
    place: str, own: str, day: date
) -> None:
    on = law(day)
    covered = covered_since_2023(party(place, own, on=day), on)
    if place == "US":
        assert not covered
    elif is_d5_or_macau(own, on):
        assert covered
    elif any(is_in_group(place, group, on) for group in ("a5", "a6")):
        assert not covered
    else:
        listed = [is_in_group(place, group, on) for group in ("d1", "d4", "d5", "macau")]
        assert covered == any(listed)


@given(place=PLACES, day=ALL_DAYS)
def test_a_parent_never_takes_a_transaction_out_of_the_requirement(place: str, day: date) -> None:
    alone = covered_since_2023(party(place, "FR", on=day), law(day))
    with_parent = covered_since_2023(party(place, "FR", "CN", on=day), law(day))
    assert with_parent or not alone


@pytest.mark.parametrize(
    ("day", "practice"),
    [
        (START, "not_yet_due"),
        (RULE, "not_yet_due"),
        (date(2025, 5, 12), "not_yet_due"),
        (date(2025, 5, 13), "suspended"),
        (date(2025, 5, 15), "suspended"),
        (date(2026, 11, 21), "suspended"),
    ],
)
def test_what_the_2025_rule_added_was_never_enforced(day: date, practice: str) -> None:
    assert enforcement_of_2025_rule(law(day)) == practice
    assert enforcement_for(party("BR", on=day), law(day)) == practice
    assert enforcement_for(party("CN", on=day), law(day)) == "enforced"


def test_with_a_knowledge_day_before_the_rule_nothing_of_it_is_known() -> None:
    early = Law(BOOK, date(2025, 6, 1), known_on=date(2024, 6, 1))
    assert enforcement_of_2025_rule(early) == "not_yet_due"


def test_only_hong_kong_counts_as_another_place() -> None:
    assert [code for code in [*CODES, "HK"] if counted_as(code) != code] == ["HK"]
