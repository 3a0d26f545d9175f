"""Due days as a calendar: stable, explained, within one's scope, and never a sealed case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from sluicegate.cases.case import ClockState, State
from sluicegate.core.phrases import Language
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Principal
from sluicegate.services.work.calendar import (
    MOST_FEEDS,
    entries,
    feed_of,
    make_feed,
    my_feeds,
    revoke_feed,
    token_digest,
)
from sluicegate.wiring.work import calendar
from work_world import START, World, case, keep, person, world

ANA = person("ana", "analyst")
EVE = person("eve", "analyst", jurisdictions=frozenset({"EU"}))
RAY = person("ray", "reviewer", sealed_groups=frozenset({"suspicion"}))
DUE = START.date() + timedelta(days=8)


@pytest.fixture
def here() -> Iterator[World]:
    with world(ANA, EVE, RAY) as made:
        yield made


def read(here: World, who: Principal, *, whole: bool = True) -> list[str]:
    text = calendar(here.desk(who), is_whole_queue=whole, public_url="https://node.example/")
    found: Any = Calendar.from_ical(text)
    return [str(one["url"]) for one in found.walk("VEVENT")]


def test_an_entry_is_a_whole_day_with_its_calculation_and_link(here: World) -> None:
    keep(here.store, case("c-1", DUE, assignee=ANA.id))
    text = calendar(here.desk(ANA), public_url="https://node.example")
    found: Any = Calendar.from_ical(text)
    [one] = found.walk("VEVENT")
    assert one["dtstart"].dt == DUE
    assert one["dtend"].dt == DUE + timedelta(days=1)
    assert one["uid"] == "k-1.c-1@sluicegate"
    assert one["summary"] == "Due: Report a suspicion (c-1)"
    assert one["description"].splitlines() == [
        f"2 weeks counted from 2026-03-10, when work could begin, end on {DUE} (own setting).",
        "https://node.example/cases/c-1",
    ]
    assert "Tern Hollow" not in text.decode()
    assert text.count(b"\r\n") == text.count(b"\n")
    assert text == calendar(here.desk(ANA), public_url="https://node.example")


def test_the_uid_stays_while_the_day_and_the_version_move() -> None:
    one = case("c-1", DUE)
    later = replace(one.clocks[0], due=DUE + timedelta(days=1))
    [first] = entries([one])
    [second] = entries([replace(one, clocks=(later,), version=2)])
    assert (first.uid, first.version) == (second.uid, second.version - 1)
    assert first.day != second.day


def test_a_clock_that_does_not_run_or_a_closed_case_gives_no_entry() -> None:
    one = case("c-1", DUE)
    shown = {
        state: len(entries([replace(one, clocks=(replace(one.clocks[0], state=state),))]))
        for state in ClockState
    }
    assert {state for state, count in shown.items() if count} == {
        ClockState.RUNNING,
        ClockState.STOPPED,
    }
    assert entries([replace(one, state=State.CLOSED)]) == []
    assert entries([one], Language.ZH)[0].summary == "到期：Report a suspicion（c-1）"


def test_a_sealed_case_is_in_no_calendar_even_of_its_group(here: World) -> None:
    keep(here.store, case("c-1", DUE, assignee=RAY.id))
    without = calendar(here.desk(RAY), is_whole_queue=True)
    keep(here.store, case("c-2", DUE, assignee=RAY.id, sealed_for="suspicion"))
    assert calendar(here.desk(RAY), is_whole_queue=True) == without
    assert entries([case("c-2", DUE, sealed_for="suspicion")]) == []


def test_a_calendar_holds_ones_own_cases_or_the_queue_within_ones_places(here: World) -> None:
    keep(
        here.store,
        case("c-1", DUE, assignee=ANA.id),
        case("c-2", DUE, jurisdiction="EU"),
        case("c-3"),
    )
    base = "https://node.example/cases/"
    assert read(here, ANA) == [f"{base}c-1", f"{base}c-2"]
    assert read(here, ANA, whole=False) == [f"{base}c-1"]
    assert read(here, EVE) == [f"{base}c-2"]


def test_a_feed_is_found_by_its_token_until_it_is_revoked(here: World) -> None:
    made = make_feed(here.desk(ANA), is_whole_queue=True)
    assert len(made.token) >= 43
    assert feed_of(here.store, made.token) == made.feed
    assert made.feed.token_digest == token_digest(made.token)
    assert all(made.token.encode() not in act.canonical for act in here.store.acts())
    for wrong in ("", made.token[:-1], made.feed.token_digest):
        with pytest.raises(NotFoundError):
            feed_of(here.store, wrong)
    with pytest.raises(NotFoundError):
        revoke_feed(here.desk(EVE), made.feed.feed_id)
    revoke_feed(here.desk(ANA), made.feed.feed_id)
    assert my_feeds(here.desk(ANA)) == ()
    with pytest.raises(NotFoundError):
        feed_of(here.store, made.token)


def test_one_has_a_few_feeds_and_no_more(here: World) -> None:
    for _ in range(MOST_FEEDS):
        make_feed(here.desk(ANA), is_whole_queue=False)
    with pytest.raises(ValueError, match="revoke one first"):
        make_feed(here.desk(ANA), is_whole_queue=False)
