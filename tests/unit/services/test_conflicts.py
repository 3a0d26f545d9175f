"""Texts that do not fit together, and texts that are silent: pure functions over stances."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Term
from sluicegate.rules.instruments import Enforcement, TextState, Title
from sluicegate.rules.provisions import Effect, Topic
from sluicegate.services.conflicts import (
    Counted,
    Mark,
    MarkKind,
    Stance,
    conflicts,
    gaps,
    instant,
)

SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)
OFFICE, BUREAU = Title("Office", "办公室"), Title("Bureau", "局")


def stance(
    home: str,
    *,
    rule: str | None = None,
    regime: str | None = None,
    topic: Topic | None = Topic.NOTIFICATION,
    effect: Effect = Effect.REQUIRES,
    applies: bool | None = True,
    stands: bool = True,
    binding: bool = True,
) -> Stance:
    """Return what a text called `home` says: by default it binds and asks for a notification."""
    place = Title(regime or home, "地")
    return Stance(
        rule or f"{home}.duty",
        home,
        Title(home, "法"),
        regime or home,
        Term(place),
        topic,
        effect,
        applies,
        stands,
        binding,
        TextState.IN_FORCE,
        Enforcement.ENFORCED if binding else Enforcement.SUSPENDED,
    )


def kinds(marks: tuple[Mark, ...]) -> list[str]:
    return [one.kind.value for one in marks]


A, B = stance("A"), stance("B")


def test_texts_that_ask_for_the_same_are_in_no_conflict() -> None:
    assert conflicts([A, B]) == ()
    assert gaps([A, B]) == ()


@pytest.mark.parametrize("effect", [Effect.REQUIRES, Effect.PERMITS])
def test_what_one_prohibits_and_another_requires_or_permits_is_a_conflict(effect: Effect) -> None:
    (mark,) = conflicts([replace(A, effect=Effect.PROHIBITS), replace(B, effect=effect)])
    assert (mark.kind, mark.rules) == (MarkKind.PROHIBITION, ("A.duty", "B.duty"))
    assert str(mark.sentence) == f"notification: A prohibits what B {effect.value}."


@pytest.mark.parametrize(
    "other",
    [
        replace(B, effect=Effect.PROHIBITS),
        replace(B, effect=Effect.DEFINES),
        replace(B, applies=False),
        replace(B, applies=None),
        replace(B, stands=False),
        replace(B, topic=Topic.LICENCE),
        replace(B, topic=None),
        stance("A", rule="A.other"),
    ],
)
def test_a_prohibition_alone_is_no_conflict(other: Stance) -> None:
    assert conflicts([replace(A, effect=Effect.PROHIBITS), other]) == ()


def test_of_different_deadlines_the_earliest_is_named() -> None:
    late, soon = replace(A, due=SUMMER), replace(B, due=SPRING)
    (mark,) = conflicts([late, soon])
    assert mark.kind is MarkKind.DEADLINE
    assert "the earliest is 2026-04-01 (B); the others: 2026-07-01 (A)" in str(mark.sentence)
    assert conflicts([late, replace(B, due=SUMMER)]) == ()
    assert conflicts([late, B]) == ()
    assert conflicts([late, replace(soon, effect=Effect.PERMITS)]) == ()


def test_of_days_until_which_records_are_kept_the_latest_governs() -> None:
    kept = [replace(one, topic=Topic.RECORD_RETENTION) for one in (A, B)]
    (mark,) = conflicts([replace(kept[0], due=SUMMER), replace(kept[1], due=SPRING)])
    assert "the latest, 2026-07-01 (A), governs all" in str(mark.sentence)


def test_an_instant_is_compared_with_the_end_of_a_day() -> None:
    noon = datetime(2026, 4, 1, 12, tzinfo=UTC)
    (mark,) = conflicts([replace(A, due=SPRING), replace(B, due=noon)])
    assert "the earliest is 2026-04-01T12:00:00+00:00 (B)" in str(mark.sentence)
    assert instant(noon) < instant(SPRING) < instant(date(2026, 4, 2))


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (Topic.INCIDENT_REPORT, "the periods differ: 72 hours from"),
        (Topic.RECORD_RETENTION, "the longest, 1 month from"),
    ],
)
def test_periods_are_compared_across_units_where_no_day_is_known(topic: Topic, said: str) -> None:
    hours, month = Period(72, PeriodUnit.HOUR), Period(1, PeriodUnit.MONTH)
    long = replace(A, topic=topic, periods=(Counted(month, "incident"),))
    short = replace(B, topic=topic, periods=(Counted(hours, "incident"),))
    (mark,) = conflicts([long, short])
    assert said in str(mark.sentence)
    assert mark.rules == ("B.duty", "A.duty")
    assert conflicts([long, replace(short, periods=long.periods)]) == ()


def test_different_recipients_are_listed_once_per_text() -> None:
    told = [
        replace(A, recipients=(OFFICE,)),
        replace(A, rule="A.second", recipients=(OFFICE,)),
        replace(B, recipients=(BUREAU, OFFICE)),
    ]
    (mark,) = conflicts(told)
    assert mark.kind is MarkKind.RECIPIENT
    assert str(mark.sentence).count("(A)") == 1
    assert "Bureau, Office (B)" in str(mark.sentence)
    assert conflicts([*told[:2], replace(B, recipients=(OFFICE,))]) == ()


def test_a_text_that_binds_beside_one_of_the_same_place_that_does_not_is_said() -> None:
    weak = stance("B", regime="A", binding=False)
    (mark,) = conflicts([A, weak])
    assert (mark.kind, mark.rules) == (MarkKind.STANDING, ("A.duty", "B.duty"))
    assert str(mark.sentence) == "notification: A binds; B does not (in force, suspended)."
    assert conflicts([A, stance("B", binding=False)]) == ()


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (replace(B, applies=False), MarkKind.NOT_REACHED),
        (replace(B, stands=False, text=TextState.REVOKED), MarkKind.NOT_IN_FORCE),
        (replace(B, stands=False, text=None), MarkKind.NOT_IN_FORCE),
        (replace(B, topic=Topic.LICENCE, applies=False), MarkKind.ABSENT),
        (replace(B, effect=Effect.PERMITS), MarkKind.ABSENT),
    ],
)
def test_a_duty_that_another_text_does_not_ask_for_is_a_gap(other: Stance, kind: MarkKind) -> None:
    (mark,) = gaps([A, other])
    assert mark.kind is kind
    assert mark.topic is Topic.NOTIFICATION
    assert mark.rules == (() if kind is MarkKind.ABSENT else ("B.duty",))
    assert "B" in str(mark.sentence)


def test_there_is_no_gap_where_nobody_asks_or_nothing_is_known() -> None:
    assert gaps([replace(A, applies=False), replace(B, stands=False)]) == ()
    assert gaps([replace(A, effect=Effect.PERMITS), replace(B, applies=False)]) == ()
    assert gaps([A, replace(B, applies=None)]) == ()
    assert gaps([A, stance("A", rule="A.second", applies=False)]) == ()
    other = replace(B, topic=Topic.LICENCE, applies=False)
    assert gaps([A, other], silent=frozenset("B")) == ()
    assert gaps([A, other], elsewhere={Topic.NOTIFICATION: frozenset("B")}) == ()


def test_the_order_of_what_texts_say_changes_no_mark() -> None:
    said = [
        replace(A, due=SPRING, recipients=(OFFICE,)),
        replace(B, due=SUMMER, recipients=(BUREAU,)),
        stance("C", effect=Effect.PROHIBITS),
        stance("D", applies=False),
    ]
    first = (conflicts(said), gaps(said))
    assert kinds(first[0]) == ["prohibition", "prohibition", "deadline", "recipient"]
    assert kinds(first[1]) == ["not_reached"]
    for shuffled in permutations(said):
        assert (conflicts(shuffled), gaps(shuffled)) == first


def test_every_mark_is_said_in_chinese() -> None:
    said = [replace(A, due=SPRING), replace(B, due=SUMMER), stance("C", applies=False)]
    for mark in (*conflicts(said), *gaps(said)):
        text = mark.sentence.text(Language.ZH)
        assert text != str(mark.sentence)
        assert "通知" in text
