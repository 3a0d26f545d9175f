"""Data centres of validated end users: who, how much, when, and fine-tuning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sluicegate.core.calendars import Period, quarter_of, quarter_start
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.export import QUESTIONS
from sluicegate.export.veu_dates import first_of
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
RULE, ANNOUNCED, TODAY = date(2025, 1, 13), date(2025, 5, 13), date(2026, 8, 1)
DAYS = st.dates(RULE, date(2027, 12, 31))
VEU = "us.data_center_veu"
AIA = BOOK.parameter("us.ai_diffusion.aia_list").first().value
PLACES = st.sampled_from(
    ["US", "CN", "HK", "MO", "RU", "KZ", "VN", "KH", "FR", "TW", "IN", "BR", "GL", "AE"]
)
PARENTS = st.none() | PLACES
HOLDINGS = st.dictionaries(PLACES, st.integers(0, 10**9), max_size=8)


def asked(
    name: str, facts: Mapping[str, Any], on: date = TODAY, book: RuleBook = BOOK, **more: Any
) -> Asked:
    return ask(BY_NAME[name], facts, as_of=on, book=book, **more)


def answer(name: str, facts: Mapping[str, Any], on: date = TODAY) -> dict[str, Any]:
    return dict(asked(name, facts, on).answer)


def refused(name: str, facts: Mapping[str, Any], on: date = TODAY) -> list[str]:
    with pytest.raises(BadFactsError) as error:
        asked(name, facts, on)
    return error.value.paths


def moved(parameter: str, value: Value) -> RuleBook:
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=value) for dated in values])


def share_of(parameter: str) -> Fraction:
    value = BOOK.parameter(parameter).first().value
    assert isinstance(value, int | Fraction)
    return Fraction(value)


def class_of(place: str, on: date) -> str:
    return str(answer("destination_class", {"destination": place}, on)["class"])


# Who can be authorised.


@given(
    kind=st.sampled_from(["universal", "national"]),
    seat=PLACES,
    top=PARENTS,
    place=PLACES,
    arranged=st.booleans(),
    day=DAYS,
)
def test_d5_comes_first_then_the_place_then_the_list(
    kind: str, seat: str, top: str | None, place: str, arranged: bool, day: date
) -> None:
    facts = {
        "kind": kind,
        "applicant_hq": seat,
        "ultimate_parent_hq": top,
        "data_centre_country": place,
        "government_arrangement": arranged,
    }
    found = answer("veu_eligibility", facts, day)
    classes = {class_of(one, day) for one in (seat, top) if one is not None}
    grouped = any(one not in (None, "GL") for one in (seat, top))
    if "D5_OR_MACAU" in classes:
        expected = "d5_or_macau_headquarters"
    elif class_of(place, day) == "D5_OR_MACAU":
        expected = "data_centre_in_d5_or_macau"
    elif "AIA" in classes:
        expected = "conditions_met"
    elif kind == "universal" or not grouped:
        expected = "headquarters_outside_aia"
    else:
        expected = "conditions_met" if arranged else "government_arrangement_missing"
    assert found["reason"] == expected
    assert found["eligible"] == (expected == "conditions_met")


def test_every_country_of_the_groups_can_have_a_national_authorisation() -> None:
    for group in ("b", "d1", "a5", "a6", "d4"):
        members = BOOK.parameter(f"us.country_groups.{group}").values[-1].value
        assert isinstance(members, tuple)
        for code in members:
            if class_of(code, TODAY) == "D5_OR_MACAU":
                continue
            facts = {"kind": "national", "applicant_hq": code, "data_centre_country": "IN"}
            found = answer("veu_eligibility", {**facts, "government_arrangement": True})
            assert found["eligible"], code


# Shares.


@given(owned=HOLDINGS, hq=PLACES, day=DAYS)
def test_shares_are_of_the_whole(owned: dict[str, int], hq: str, day: date) -> None:
    assume(sum(owned.values()))
    assert isinstance(AIA, tuple)
    found = answer("uveu_shares", {"hq": hq, "owned_tpp": owned}, day)
    total = sum(owned.values())
    off = {code: tpp for code, tpp in owned.items() if code not in AIA}
    if "HK" in off:
        off["CN"] = off.get("CN", 0) + off.pop("HK")
    assert found["outside_aia_share"] == Fraction(sum(off.values()), total)
    assert found["outside_us_share"] == 1 - Fraction(owned.get("US", 0), total)
    assert found["largest_country_share"] == Fraction(max(off.values(), default=0), total)
    largest = found["largest_country_outside_aia"]
    if largest is None:
        assert not any(off.values())
    else:
        assert off[largest] == max(off.values())
        assert largest == min(code for code in off if off[code] == off[largest])
    assert found["us_half_test_applies"] == (hq == "US")
    assert found["satisfied"] == (found["failures"] == [])
    assert 0 <= found["largest_country_share"] <= found["outside_aia_share"] <= 1


@given(owned=HOLDINGS, leased=HOLDINGS, hq=PLACES, data=st.data())
def test_order_leases_and_empty_places_change_nothing(
    owned: dict[str, int], leased: dict[str, int], hq: str, data: st.DataObject
) -> None:
    assume(sum(owned.values()))
    found = answer("uveu_shares", {"hq": hq, "owned_tpp": owned})
    shuffled = dict(data.draw(st.permutations(list(owned.items()))))
    with_none = {**shuffled, "PE": 0}
    assert answer("uveu_shares", {"hq": hq, "owned_tpp": with_none, "leased_tpp": leased}) == found


def test_hong_kong_is_added_to_china_whichever_way_it_is_given() -> None:
    split = {"US": 90, "HK": 4, "CN": 6}
    ways = [split, {"US": 90, "CN": 10}, {"US": 90, "HK": 10}]
    found = [answer("uveu_shares", {"hq": "US", "owned_tpp": way}) for way in ways]
    assert found[0] == found[1] == found[2]
    assert found[0]["largest_country_outside_aia"] == "CN"


LIMITS = [
    ("uveu.outside_aia.share", "outside_aia_over_25_percent", "IN", "US"),
    ("uveu.single_country.share", "single_country_over_7_percent", "IN", "US"),
    ("uveu.outside_us.share", "outside_us_over_50_percent", "DE", "US"),
]


@pytest.mark.parametrize(("parameter", "failure", "abroad", "home"), LIMITS)
def test_exactly_a_limit_is_allowed(parameter: str, failure: str, abroad: str, home: str) -> None:
    identifier = f"{VEU}.{parameter}"
    usual = share_of(identifier)
    for limit in (usual, usual / 2, Fraction(1, 3)):
        book = moved(identifier, limit)
        part, rest = limit.numerator * 10**6, (limit.denominator - limit.numerator) * 10**6
        for more, fails in ((-1, False), (0, False), (1, True)):
            facts = {"hq": "US", "owned_tpp": {home: rest, abroad: part + more}}
            found = asked("uveu_shares", facts, book=book).answer
            assert (failure in found["failures"]) == fails, (limit, more)


def test_half_is_tested_for_american_headquarters_only() -> None:
    for hq, fails in (("US", True), ("JP", False), ("CN", False)):
        found = answer("uveu_shares", {"hq": hq, "owned_tpp": {"US": 1, "DE": 9}})
        assert (found["failures"] == ["outside_us_over_50_percent"]) == fails


@pytest.mark.parametrize("owned", [{}, {"US": 0}, {"US": 0, "IN": Decimal("0.0")}])
def test_holdings_of_nothing_are_refused(owned: dict[str, Any]) -> None:
    facts = {"hq": "US", "owned_tpp": owned, "leased_tpp": {"US": 7}}
    assert refused("uveu_shares", facts) == ["owned_tpp"]


# The cap of the quarter.


TABLE = BOOK.parameter(f"{VEU}.nveu.cap").values


@pytest.mark.parametrize("number", range(len(TABLE)))
def test_each_cap_holds_from_the_first_to_the_last_day_of_its_quarters(number: int) -> None:
    start, cap = TABLE[number].start, TABLE[number].value
    assert start is not None
    assert isinstance(cap, int)
    assert start == quarter_start(*quarter_of(start))
    later = [one.start for one in TABLE[number + 1 :]]
    last = (later[0] or date.max) - timedelta(days=1) if later else date(2027, 12, 31)
    for day in (max(start, RULE), last):
        for more in (-1, 0, 1):
            facts = {"country": "IN", "received_tpp": cap + more}
            found = answer("nveu_headroom", facts, day)
            assert found["cap_tpp"] == cap
            assert found["within"] == (more <= 0)
            assert found["headroom_tpp"] == max(0, -more)
            assert found["excess_tpp"] == max(0, more)


@given(day=DAYS)
def test_the_quarter_is_that_of_the_day(day: date) -> None:
    found = answer("nveu_headroom", {"country": "IN", "received_tpp": 0}, day)
    assert found["quarter"] == f"{day.year}Q{(day.month + 2) // 3}"


@given(received=st.integers(0, 10**10), removed=st.integers(0, 10**10), day=DAYS, place=PLACES)
def test_what_is_removed_makes_room(received: int, removed: int, day: date, place: str) -> None:
    facts = {"country": place, "received_tpp": received, "removed_tpp": removed}
    if removed > received:
        assert refused("nveu_headroom", facts, day) == ["removed_tpp"]
        return
    found = answer("nveu_headroom", facts, day)
    assert found["counted_tpp"] == received - removed
    gap = found["cap_tpp"] - found["counted_tpp"]
    assert found["headroom_tpp"] - found["excess_tpp"] == gap
    assert found["within"] == (gap >= 0)
    assert found["country_allocation_effect_tpp"] == 0
    plain = answer("nveu_headroom", {"country": "IN", "received_tpp": received - removed}, day)
    assert plain == found


def test_after_the_table_a_day_is_refused_before_the_facts() -> None:
    facts = {"country": "IN", "received_tpp": 1, "removed_tpp": 2}
    assert refused("nveu_headroom", facts, date(2028, 1, 1)) == ["as_of", "removed_tpp"]
    assert refused("nveu_headroom", facts, date(2027, 12, 31)) == ["removed_tpp"]


def test_a_country_without_authorisations_is_warned_of() -> None:
    found = asked("nveu_headroom", {"country": "HK", "received_tpp": 1})
    assert "no national authorisation" in str(found.reasons[0])
    other = asked("nveu_headroom", {"country": "IN", "received_tpp": 1})
    assert found.answer == other.answer
    assert "no national authorisation" not in str(other.reasons)


# Reports, notices and incidents.


@pytest.mark.parametrize(
    ("end", "report", "accounting"),
    [
        ("2025-01-01", "2025-07-15", "2025-02-01"),
        ("2025-01-31", "2025-07-15", "2025-02-01"),
        ("2025-02-01", "2025-07-15", "2025-08-01"),
        ("2024-02-29", "2024-07-15", "2024-08-01"),
        ("2025-06-30", "2025-07-15", "2025-08-01"),
        ("2025-07-01", "2026-01-15", "2025-08-01"),
        ("2025-07-31", "2026-01-15", "2025-08-01"),
        ("2025-08-01", "2026-01-15", "2026-02-01"),
        ("2025-12-31", "2026-01-15", "2026-02-01"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_the_two_cycles_of_a_data_centre(end: str, report: str, accounting: str) -> None:
    found = answer("veu_report_due", {"kind": "data_centre", "period_end": end})
    assert found["report_748_15_f_due"].isoformat() == report
    assert found["chip_accounting_due"].isoformat() == accounting


@given(end=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_general_authorisation_reports_in_the_year_after(end: date) -> None:
    found = answer("veu_report_due", {"kind": "general", "period_end": end.isoformat()})
    assert found == {
        "report_748_15_f_due": date(end.year + 1, 2, 15),
        "chip_accounting_due": None,
    }


@given(end=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_what_is_due_lies_after_the_period_and_within_a_year(end: date) -> None:
    facts = {"kind": "data_centre", "period_end": end.isoformat()}
    for due in answer("veu_report_due", facts).values():
        assert end < due <= end + timedelta(days=366)


def test_a_yearly_day_is_found_from_any_day() -> None:
    assert first_of(["06-30"], date(2025, 6, 30)) == date(2026, 6, 30)
    assert first_of(["06-30"], date(2025, 6, 30), or_on=True) == date(2025, 6, 30)
    assert first_of([], date(2025, 6, 30)) == date.max
    assert first_of(["01-01"], date.min) == date(2, 1, 1)


@given(
    event=st.sampled_from(
        [
            "first_shipment_to_new_location",
            "intra_company_transfer_between_countries",
            "construction_in_new_country",
        ]
    ),
    planned=st.dates(),
)
def test_a_notice_is_given_its_days_before(event: str, planned: date) -> None:
    found = answer("veu_notice_due", {"event": event, "event_date": planned.isoformat()})
    name = "new_location" if event.startswith("first") else "transfer_or_construction"
    length = BOOK.parameter(f"{VEU}.notice.{name}").first().value
    assert isinstance(length, Period)
    assert found["notice_days"] == length.amount
    if planned - date.min >= timedelta(days=length.amount):
        assert planned - found["notify_by"] == timedelta(days=length.amount)
    else:
        assert found["notify_by"] == date.min


@given(event=st.sampled_from(["theft", "loss", "tampering"]), found_on=st.dates())
def test_an_incident_is_reported_calendar_days_after(event: str, found_on: date) -> None:
    facts = {"event": event, "discovered_on": found_on.isoformat()}
    due = answer("veu_incident_report_due", facts)["report_due"]
    length = BOOK.parameter(f"{VEU}.incident.period").first().value
    assert isinstance(length, Period)
    days = min(length.amount, (date.max - found_on).days)
    assert due - found_on == timedelta(days=days)


# Fine-tuning.


def tuned(site: str, customer: str | None, flop: int, original: int = 4 * 10**26) -> dict[str, Any]:
    return {
        "site": site,
        "customer_hq": customer,
        "original_training_flop": flop_text(original),
        "fine_tuning_flop": flop_text(flop),
    }


@given(site=PLACES, customer=PARENTS, flop=st.integers(0, 2 * 10**26), day=DAYS)
def test_the_share_matters_off_the_list_only(
    site: str, customer: str | None, flop: int, day: date
) -> None:
    assert isinstance(AIA, tuple)
    found = answer("veu_fine_tuning", tuned(site, customer, flop), day)
    if class_of(site, day) == "D5_OR_MACAU":
        expected = "site_d5_or_macau"
    elif site in AIA and (customer is None or customer in AIA):
        expected = "site_and_customer_on_aia_list"
    else:
        expected = "within_25_percent" if flop <= 10**26 else "over_25_percent"
    assert found["reason"] == expected
    assert found["permitted"] == (
        expected in ("site_and_customer_on_aia_list", "within_25_percent")
    )
    assert found["fine_tuning_share"] == Fraction(flop, 4 * 10**26)
    assert found["enforcement"] == ("not_yet_due" if day < ANNOUNCED else "suspended")


@pytest.mark.parametrize("share", [Fraction(1, 4), Fraction(1, 3), Fraction(1, 8)])
def test_exactly_the_share_is_allowed(share: Fraction) -> None:
    book = moved(f"{VEU}.fine_tuning.share", share)
    original = 24 * 10**25
    for more, permitted in ((-1, True), (0, True), (1, False)):
        facts = tuned("IN", None, int(original * share) + more, original)
        assert asked("veu_fine_tuning", facts, book=book).answer["permitted"] == permitted


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (
            "veu_eligibility",
            {"kind": "universal", "applicant_hq": "US", "data_centre_country": "IN"},
        ),
        ("uveu_shares", {"hq": "US", "owned_tpp": {"US": 5, "IN": 1}}),
        ("nveu_headroom", {"country": "IN", "received_tpp": 1}),
        ("veu_report_due", {"kind": "data_centre", "period_end": "2026-06-30"}),
        ("veu_notice_due", {"event": "construction_in_new_country", "event_date": "2026-06-30"}),
        ("veu_incident_report_due", {"event": "loss", "discovered_on": "2026-06-30"}),
        ("veu_fine_tuning", tuned("IN", None, 1)),
    ],
)
def test_an_answer_shows_where_the_authorisation_stands(
    name: str, facts: Mapping[str, Any]
) -> None:
    found = asked(name, facts)
    shown = {one.instrument.id: one.status for one in found.texts}
    status = shown[VEU]
    assert status is not None
    assert status.enforcement.value == "suspended"
    for language in Language:
        assert found.outcome.text(language)
        assert not any("{" in reason.text(language) for reason in found.reasons)
