"""Licences: what is required by which text, on which day, and how an application is reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.phrases import Language
from sluicegate.export import QUESTIONS
from sluicegate.export.destinations import Party
from sluicegate.rules.answers import Asked
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
START, RULE = date(2023, 11, 17), date(2025, 1, 13)
ANNOUNCED, CASES, READ = date(2025, 5, 13), date(2026, 1, 15), date(2026, 7, 23)
ITEMS = ("3A090.a", "3A090.b", "4A090.a", "4A090.b", "4E091")
PLACES = st.sampled_from(
    ["US", "CN", "HK", "MO", "RU", "KZ", "SA", "IL", "AE", "KH", "NI", "FR", "TW", "IN", "BR"]
)
PARENTS = st.none() | PLACES
DAYS = st.dates(START, date(2027, 12, 31)) | st.sampled_from([START, RULE, ANNOUNCED, CASES, READ])
RULE_DAYS = DAYS.filter(lambda day: day >= RULE)


def asked(name: str, facts: Mapping[str, Any], on: date, **readings: str) -> Asked:
    return ask(BY_NAME[name], facts, as_of=on, book=BOOK, readings=readings)


def required(item: str, place: str, seat: str, on: date, top: str | None = None) -> dict[str, Any]:
    facts = {"eccn": item, "destination": place, "consignee_hq": seat, "ultimate_parent_hq": top}
    return dict(asked("licence_required", facts, on).answer)


@given(item=st.sampled_from(ITEMS), place=PLACES, seat=PLACES, top=PARENTS, day=DAYS)
def test_what_is_enforced_is_the_requirement_of_2023(
    item: str, place: str, seat: str, top: str | None, day: date
) -> None:
    found = required(item, place, seat, day, top)
    covered = found["pre_rule_scope_applies"]
    assert found["licence_required_as_enforced"] == covered
    assert found["licence_required_as_written"] or not covered
    assert (found["enforcement"] == "enforced") == covered
    assert not (covered and item == "4E091")


@given(item=st.sampled_from(ITEMS), place=PLACES, seat=PLACES, top=PARENTS, day=DAYS)
def test_a_worldwide_item_needs_a_licence_everywhere_but_in_the_us(
    item: str, place: str, seat: str, top: str | None, day: date
) -> None:
    found = required(item, place, seat, day, top)
    written = found["licence_required_as_written"]
    if place == "US":
        assert not written
    elif day >= RULE and not item.endswith(".b"):
        assert written
    elif place == "AE" and day >= READ:
        assert written == (day >= RULE or found["pre_rule_scope_applies"])
    else:
        assert written == found["pre_rule_scope_applies"]


@given(place=PLACES, seat=PLACES, top=PARENTS, day=DAYS)
def test_chip_and_computer_of_a_class_need_the_same(
    place: str, seat: str, top: str | None, day: date
) -> None:
    for level in "ab":
        chip = required(f"3A090.{level}", place, seat, day, top)
        assert chip == required(f"4A090.{level}", place, seat, day, top)


def test_the_emirates_are_named_only_once_they_have_left_d4() -> None:
    before, after = (required("3A090.b", "AE", "AE", day) for day in (date(2026, 7, 22), READ))
    assert before["pre_rule_scope_applies"]
    assert not after["pre_rule_scope_applies"]
    assert after["licence_required_as_written"]
    assert after["enforcement"] == "suspended"


def test_an_unknown_day_of_change_is_said() -> None:
    facts = {"eccn": "3A090.b", "destination": "AE", "consignee_hq": "AE"}
    said = [str(one) for one in asked("licence_required", facts, date(2026, 1, 1)).caveats()]
    assert any("the day of the change is not known" in one for one in said)
    assert not any(
        "not known" in str(one) for one in asked("licence_required", facts, READ).caveats()
    )


CHIP = {
    "export_from": "US",
    "tpp": 15832,
    "dram_bandwidth_gb_per_s": 4800,
    "commercially_available_in_us": True,
    "certifications": [
        "sufficient_us_supply",
        "no_foundry_diversion",
        "recipient_security_procedures",
        "us_third_party_testing",
    ],
}
CHINA = {"eccn": "3A090.a", "destination": "CN", "consignee_hq": "CN", **CHIP}


def reviewed(facts: Mapping[str, Any], on: date = CASES, **readings: str) -> dict[str, Any]:
    return dict(asked("licence_review", facts, on, **readings).answer)


def figure(name: str) -> Fraction:
    value = BOOK.parameter(f"us.review_policy_2026.{name}").first().value
    assert isinstance(value, int | Fraction)
    return Fraction(value)


@pytest.mark.parametrize(
    ("changed", "met"),
    [
        ({}, True),
        ({"eccn": "3A090.b"}, True),
        ({"eccn": "4A090.b"}, True),
        ({"destination": "HK"}, True),
        ({"destination": "MO", "consignee_hq": "FR"}, True),
        ({"consignee_hq": "RU"}, True),
        ({"tpp": 0, "dram_bandwidth_gb_per_s": 0}, True),
        ({"tpp": figure("tpp") - Fraction(1, 10**9)}, True),
        ({"tpp": figure("tpp")}, False),
        ({"tpp": None}, False),
        ({"dram_bandwidth_gb_per_s": figure("dram_bandwidth")}, False),
        ({"dram_bandwidth_gb_per_s": None}, False),
        ({"commercially_available_in_us": False}, False),
        ({"certifications": []}, False),
        ({"certifications": CHIP["certifications"][:3]}, False),  # type: ignore[index]
        ({"certifications": CHIP["certifications"][1:]}, False),  # type: ignore[index]
        ({"export_from": "TW"}, False),
        ({"export_from": "CN"}, False),
        ({"destination": "RU"}, False),
        ({"destination": "SG"}, False),
    ],
)
def test_every_condition_of_the_review_case_by_case_counts(
    changed: Mapping[str, Any], met: bool
) -> None:
    found = reviewed({**CHINA, **changed})
    assert found["enforcement"] == "enforced"
    assert (found["review_policy"] == "case_by_case") == met
    if not met:
        assert found["review_policy"] == "presumption_of_denial"
    eve = reviewed({**CHINA, **changed}, date(2026, 1, 14))
    assert eve["review_policy"] == "presumption_of_denial"


def test_weights_are_never_reviewed_case_by_case() -> None:
    assert reviewed({**CHINA, "eccn": "4E091"})["review_policy"] == "presumption_of_denial"


@given(item=st.sampled_from(ITEMS[:4]), place=PLACES, seat=PLACES, top=PARENTS, day=RULE_DAYS)
def test_d5_and_macau_come_before_everything(
    item: str, place: str, seat: str, top: str | None, day: date
) -> None:
    party = Party(place, (seat,) if top is None else (seat, top), Law(BOOK, day))
    facts = {"eccn": item, "destination": place, "consignee_hq": seat, "ultimate_parent_hq": top}
    found = reviewed({**facts, "within_allocation": True}, day)
    assert (found["review_policy"] == "presumption_of_denial") == party.is_d5_or_macau
    assert found["overlap"] == party.overlap
    by_location = found["reason"] == "d5_or_macau_location"
    assert by_location == party.located_in_d5_or_macau


@given(
    item=st.sampled_from(ITEMS),
    place=PLACES,
    seat=PLACES,
    top=PARENTS,
    day=RULE_DAYS,
    within=st.none() | st.booleans(),
)
def test_a_reading_changes_nothing_but_an_a_item_with_one_end_on_the_list(
    item: str, place: str, seat: str, top: str | None, day: date, within: bool | None
) -> None:
    facts = {"eccn": item, "destination": place, "consignee_hq": seat, "ultimate_parent_hq": top}
    facts_with = {**facts, "within_allocation": within}
    one, other = (
        reviewed(facts_with, day, location_headquarters_overlap=reading)
        for reading in ("aia", "allocation")
    )
    if not (one["overlap"] and item.endswith(".a")):
        assert one == other
    else:
        assert one["reason"] == "aia_location_or_headquarters"
        grounds = {None: "allocation_not_computed", True: "within_allocation"}
        assert other["reason"] == grounds.get(within, "allocation_met")


@given(place=PLACES, seat=PLACES, top=PARENTS, day=RULE_DAYS)
def test_only_a_policy_that_the_2025_rule_did_not_add_is_enforced(
    place: str, seat: str, top: str | None, day: date
) -> None:
    for item in ITEMS:
        facts = {"eccn": item, "destination": place, "consignee_hq": seat}
        found = reviewed({**facts, "ultimate_parent_hq": top}, day)
        covered = required(item, place, seat, day, top)["pre_rule_scope_applies"]
        denied = found["reason"].startswith("d5_or_macau")
        old = covered and (denied or item.endswith(".b"))
        added = "not_yet_due" if day < ANNOUNCED else "suspended"
        assert found["enforcement"] == ("enforced" if old else added)


def test_the_reasons_of_a_review_are_said_in_both_languages() -> None:
    found = asked("licence_review", {**CHINA, "tpp": None, "certifications": []}, CASES)
    english = " ".join(map(str, found.reasons))
    assert "Total processing performance is not given." in english
    assert "Certifications are missing" in english
    chinese = "".join(reason.text(Language.ZH) for reason in found.reasons)
    assert "未提供总处理性能" in chinese


ALLOCATION = BOOK.parameter("us.ai_diffusion.allocation.tpp").first().value


def allocated(before: Any, added: Any, on: date = ANNOUNCED, **facts: Any) -> dict[str, Any]:
    given = {"destination": "IN", "consignee_hq": "IN", "licensed_tpp_since_2025": before}
    return dict(
        asked("country_allocation", {**given, "application_tpp": added, **facts}, on).answer
    )


SHARES = st.integers(0, 1000).map(lambda n: Fraction(n, 1000))
AMOUNTS = st.integers(0, 2 * 10**9) | st.fractions(0, 10**9, max_denominator=1000)


@given(before=AMOUNTS, share=SHARES)
def test_an_application_fits_up_to_the_headroom_and_no_further(
    before: Fraction, share: Fraction
) -> None:
    free = allocated(before, 0, assurance_increase=share)["headroom_tpp"]
    at = allocated(before, free, assurance_increase=share)
    above = allocated(before, free + Fraction(1, 10**6), assurance_increase=share)
    assert at["within"] == (at["counted_after_tpp"] <= at["allocation_tpp"])
    assert at["within"] or before > at["allocation_tpp"]
    assert not above["within"]
    assert above["review_policy"] == "policy_of_denial"


@given(share=SHARES, other=SHARES)
def test_a_larger_increase_never_lowers_the_allocation(share: Fraction, other: Fraction) -> None:
    low, high = (
        allocated(0, 0, assurance_increase=s)["allocation_tpp"] for s in sorted((share, other))
    )
    assert isinstance(ALLOCATION, int)
    assert ALLOCATION <= low <= high <= 2 * ALLOCATION


@given(before=AMOUNTS, added=AMOUNTS, left_out=AMOUNTS)
def test_only_what_was_licensed_since_2025_counts(
    before: Fraction, added: Fraction, left_out: Fraction
) -> None:
    names = ("shipped_before_2025_tpp", "nveu_installed_tpp", "licence_exception_tpp")
    others: dict[str, Any] = dict.fromkeys(names, left_out)
    assert allocated(before, added) == allocated(before, added, **others)


@given(place=PLACES, seat=PLACES, top=PARENTS, day=RULE_DAYS, reading=st.booleans())
def test_the_allocation_decides_where_the_review_of_an_a_item_asks_for_it(
    place: str, seat: str, top: str | None, day: date, reading: bool
) -> None:
    chosen = {"location_headquarters_overlap": "aia" if reading else "allocation"}
    facts = {"destination": place, "consignee_hq": seat, "ultimate_parent_hq": top}
    amounts = {"licensed_tpp_since_2025": 0, "application_tpp": 1}
    found = asked("country_allocation", {**facts, **amounts}, day, **chosen).answer
    review = reviewed({**facts, "eccn": "3A090.a"}, day, **chosen)
    assert found["subject_to_allocation"] == (review["review_policy"] == "depends_on_allocation")
    assert found["enforcement"] == review["enforcement"]
    none = found["review_policy"] == "not_subject_to_allocation"
    assert none != found["subject_to_allocation"]


@pytest.mark.parametrize(
    ("provision", "due"),
    [("general", date(2025, 5, 15)), ("supplement_10_paragraphs_14_15_18", CASES)],
)
@pytest.mark.parametrize("day", [START, date(2025, 1, 12), RULE, date(2025, 5, 15), CASES, READ])
def test_text_due_date_and_practice_are_three_answers(provision: str, due: date, day: date) -> None:
    found = asked("diffusion_rule_status", {"provision": provision}, day).answer
    assert found == {
        "text_in_force": day >= RULE,
        "compliance_date": due,
        "compliance_due": day >= due,
        "enforcement": "suspended" if day >= ANNOUNCED else "not_yet_due",
    }


@pytest.mark.parametrize("place", ["KH", "HK", "TW", "IN"])
def test_the_class_is_that_of_the_day(place: str) -> None:
    days = (RULE, READ)
    found = [
        asked("destination_class", {"destination": place}, day).answer["class"] for day in days
    ]
    expected = {
        "KH": ["D5_OR_MACAU", "OTHER"],
        "HK": ["D5_OR_MACAU", "D5_OR_MACAU"],
        "TW": ["AIA", "AIA"],
        "IN": ["OTHER", "OTHER"],
    }
    assert found == expected[place]
