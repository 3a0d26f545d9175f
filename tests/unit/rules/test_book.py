"""Looking up what held on a day, as known on another."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_text import RULE
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Mark
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.diff import differences
from sluicegate.rules.instruments import Comparator, DatedValue, Limit
from sluicegate.rules.law import Law, WrongUseError, comparison
from sluicegate.rules.loading import read_book

FIRST = date(2025, 1, 1)
DAYS = st.integers(-5, 45).map(lambda days: FIRST + timedelta(days))
HARBOUR = read_book([("harbour.yaml", RULE)])
LIMIT = "local.harbour.limit"


@st.composite
def dated_values(draw: st.DrawFn) -> list[DatedValue]:
    starts = draw(st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted))
    undated = draw(st.booleans())
    return [
        DatedValue(
            None if undated and number == 0 else FIRST + timedelta(days),
            number,
            f"s. {number}",
            Mark.FOUND,
            draw(st.none() | DAYS),
        )
        for number, days in enumerate(starts)
    ]


def slow_lookup(values: list[DatedValue], day: date, known_on: date | None) -> DatedValue | None:
    """Walk back one day at a time until a value begins, as a reader of the text would."""
    known = [
        dated
        for dated in values
        if known_on is None or dated.known_from is None or dated.known_from <= known_on
    ]
    while day >= FIRST - timedelta(days=60):
        for dated in known:
            if dated.start == day:
                return dated
        day -= timedelta(days=1)
    return next((dated for dated in known if dated.start is None), None)


@given(values=dated_values(), day=DAYS, known_on=st.none() | DAYS)
def test_a_value_is_the_last_that_began_and_was_known(
    values: list[DatedValue], day: date, known_on: date | None
) -> None:
    book = HARBOUR.with_values(LIMIT, values)
    assert book.parameter(LIMIT).on(day, known_on) == slow_lookup(values, day, known_on)


def test_a_value_begins_on_its_day_and_the_older_ends_the_day_before() -> None:
    limit = HARBOUR.parameter(LIMIT)
    assert limit.on(date(2025, 6, 30)) is None
    values = [limit.on(date(2026, 6, 30)), limit.on(date(2026, 7, 1))]
    assert [dated and dated.value for dated in values] == [10**24, 5 * 10**23]


def test_what_was_not_known_yet_does_not_count() -> None:
    day = date(2026, 8, 1)
    limit = HARBOUR.parameter(LIMIT)
    known = {on: limit.on(day, on) for on in (date(2026, 1, 31), date(2026, 2, 1))}
    assert [dated and dated.value for dated in known.values()] == [10**24, 5 * 10**23]


def test_before_its_first_day_a_definition_is_used_and_marked_as_early() -> None:
    law = Law(HARBOUR, date(2025, 3, 1))
    early = law.parameter(LIMIT)
    assert (early.dated.value, early.early) == (10**24, True)
    assert not law.parameter(LIMIT, on=date(2025, 7, 1)).early
    assert list(law.used) == [LIMIT]


def test_whether_a_text_binds_is_asked_apart_from_its_figures() -> None:
    states = {
        day: (
            Law(HARBOUR, day).in_force("local.harbour"),
            Law(HARBOUR, day).status("local.harbour"),
        )
        for day in (date(2025, 1, 9), date(2025, 6, 30), date(2025, 7, 1))
        for law in (Law(HARBOUR, day),)
    }
    assert [in_force for in_force, _ in states.values()] == [False, False, True]
    assert [status and status.text.value for _, status in states.values()] == [
        None,
        "published",
        "in_force",
    ]
    assert Law(HARBOUR, date(2025, 7, 1)).enforced("local.harbour")
    assert not Law(HARBOUR, date(2025, 6, 30)).enforced("local.harbour")
    assert not Law(HARBOUR, date(2025, 1, 9)).published("local.harbour")
    assert Law(HARBOUR, date(2025, 1, 10)).published("local.harbour")


def test_a_law_remembers_what_was_asked_of_it() -> None:
    law = Law(HARBOUR, date(2026, 1, 1))
    law.share("local.harbour.near")
    law.period("local.harbour.period")
    law.status("local.harbour")
    assert list(law.used) == ["local.harbour.near", "local.harbour.period"]
    assert list(law.statuses) == ["local.harbour"]


def test_a_parameter_asked_for_what_it_is_not_is_a_bug() -> None:
    law = Law(HARBOUR, date(2026, 1, 1))
    for wrong in (law.period, law.named_day, law.texts, law.text):
        with pytest.raises(WrongUseError):
            wrong(LIMIT)
    with pytest.raises(WrongUseError, match="no comparator"):
        law.limit("local.harbour.near")
    with pytest.raises(WrongUseError, match="no figure"):
        law.amount("local.harbour.period")


@pytest.mark.parametrize("name", ["local.harbour.top", "local.quay", ""])
def test_an_unknown_id_says_how_to_see_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownRuleError, match="rules list"):
        HARBOUR.parameter(name)
    with pytest.raises(UnknownRuleError, match="rules list"):
        HARBOUR.instrument(name)
    if not name.startswith("local.harbour"):
        with pytest.raises(UnknownRuleError, match="belongs to no instrument"):
            HARBOUR.instrument_of(name)


def test_an_id_belongs_to_the_instrument_with_the_longest_name() -> None:
    inner = RULE.replace("local.harbour", "local.harbour.inner")
    book = read_book([("a.yaml", RULE), ("b.yaml", inner)])
    assert book.instrument_of("local.harbour.inner.limit").id == "local.harbour.inner"
    assert book.instrument_of("local.harbour.limit").id == "local.harbour"
    assert book.instrument_of("local.harbour").id == "local.harbour"


def test_a_changed_book_is_another_book() -> None:
    values = HARBOUR.parameter(LIMIT).values[:1]
    changed = HARBOUR.with_values(LIMIT, values)
    assert changed.files_digest != HARBOUR.files_digest
    assert len(HARBOUR.parameter(LIMIT).values) == 2
    statuses = HARBOUR.instrument("local.harbour").statuses[:1]
    assert (
        HARBOUR.with_statuses("local.harbour", statuses).status("local.harbour", date(2026, 1, 1))
        == statuses[0]
    )


AMOUNTS = st.fractions(0, 20) | st.integers(0, 20)


@given(amount=AMOUNTS, limit=AMOUNTS, comparator=st.sampled_from(Comparator))
def test_a_comparator_says_what_its_words_say(
    amount: Fraction, limit: Fraction, comparator: Comparator
) -> None:
    words = {
        Comparator.GREATER_THAN: amount > limit,
        Comparator.AT_LEAST: amount >= limit,
        Comparator.LESS_THAN: amount < limit,
        Comparator.AT_MOST: amount <= limit,
    }
    assert comparator.holds(amount, limit) == words[comparator]


@given(amount=st.integers(0, 3), comparator=st.sampled_from(Comparator))
def test_the_sentence_of_a_comparison_agrees_with_it(amount: int, comparator: Comparator) -> None:
    used = Law(HARBOUR, date(2026, 1, 1)).parameter(LIMIT)
    limit = Limit(used, 2, comparator)
    sentence = str(comparison("A run", amount, limit))
    verb = sentence.removeprefix(f"A run of {amount} FLOP is ").rsplit(" 2 FLOP (s. 3).", 1)[0]
    means = {
        "above": amount > 2,
        "not above": amount <= 2,
        "at or above": amount >= 2,
        "below": amount < 2,
        "not below": amount >= 2,
        "at or below": amount <= 2,
    }
    assert means[verb]


def test_a_difference_of_two_days_names_value_status_and_since_when() -> None:
    changes = list(differences(HARBOUR, date(2025, 6, 30), date(2026, 7, 1)))
    rows = [one.row(Language.EN) for one in changes]
    assert [(row["id"], row["before"], row["after"]) for row in rows] == [
        ("local.harbour", "published, not_yet_due", "in_force, enforced"),
        (LIMIT, "none", f"{10**24} FLOP"),
        ("local.harbour.period", "none", "30 day"),
        (LIMIT, f"{10**24} FLOP", f"{5 * 10**23} FLOP"),
    ]
    assert [row["since"] for row in rows] == [*["2025-07-01"] * 3, "2026-07-01"]
    assert rows[0]["sentence"].startswith("From 2025-07-01 on: the text is in force, enforced")
    assert list(differences(HARBOUR, date(2025, 7, 1), date(2025, 7, 1))) == []


def test_a_difference_keeps_to_what_was_known() -> None:
    days = (date(2025, 7, 1), date(2026, 7, 1))
    assert list(differences(HARBOUR, *days, known_on=date(2026, 1, 1))) == []
    assert [one.event.subject for one in differences(HARBOUR, *days)] == [LIMIT]


def test_an_empty_book_has_no_differences() -> None:
    assert list(differences(RuleBook.of([]), date(2020, 1, 1), date(2030, 1, 1))) == []


def test_a_misspelt_id_names_the_nearest() -> None:
    with pytest.raises(UnknownRuleError, match=r"did you mean local\.harbour\.limit"):
        HARBOUR.parameter("local.harbour.limt")
