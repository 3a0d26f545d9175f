"""Screening on schedule: what makes a run due, its job, and the alarm when none came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from screening_fakes import ScreeningBench, customer, entry, in_use, listed_party, owner
from sluicegate.services.node import CheckState
from sluicegate.services.ports.matches import ScreeningRun, Trigger
from sluicegate.services.ports.work import JobKind, NoticeKind, Wishes
from sluicegate.services.screening.condition import Condition, check_screening, condition_of
from sluicegate.services.screening.engine import Scoring
from sluicegate.services.screening.replaying import replay
from sluicegate.services.screening.scheduling import alarm, ask_when_due
from sluicegate.services.settings import Settings
from sluicegate.services.work.kinds import ScreeningJob
from sluicegate.services.work.metrics import work_metrics

SETTINGS = Settings(store_url="sqlite://")
PARTY = listed_party("lp-1", entry("1", "Ivo Marrant"))


@pytest.fixture
def bench() -> ScreeningBench:
    made = ScreeningBench(lists=in_use(PARTY))
    made.put("customers", customer("c-1", "Ivo Marrant"), customer("c-2", "Harbour Data"))
    return made


def condition(bench: ScreeningBench, *, hours: int = 0, stale: Sequence[str] = ()) -> Condition:
    now = bench.at + timedelta(hours=hours)
    return condition_of(bench.store, bench.lists.versions, stale, SETTINGS, now=now)


def test_a_run_is_due_for_a_reason_and_not_without_one(bench: ScreeningBench) -> None:
    assert condition(bench).due is Trigger.LIST_CHANGED
    bench.run()
    assert condition(bench).due is None
    assert condition(bench, hours=24).due is Trigger.SCHEDULE
    bench.at += timedelta(minutes=1)
    bench.put("ownership", owner("p-1", "c-2", "Lena Quist"))
    assert condition(bench).due is Trigger.REGISTRY_CHANGED
    bench.run()
    bench.lists = in_use(PARTY, version="2")
    assert condition(bench).due is Trigger.LIST_CHANGED


def test_without_lists_nothing_is_due_and_nothing_late(bench: ScreeningBench) -> None:
    bench.lists = in_use()
    found = condition(bench, hours=1_000)
    assert (found.due, found.is_late, found.is_alarm) == (None, False, False)
    assert check_screening(found).state is CheckState.OK


def test_it_is_late_when_no_run_came_in_twice_its_hours(bench: ScreeningBench) -> None:
    bench.run()
    assert not condition(bench, hours=47).is_late
    late = condition(bench, hours=49)
    assert late.is_late
    assert check_screening(late).state is CheckState.FAILED
    assert check_screening(condition(bench)).state is CheckState.OK
    stale = check_screening(condition(bench, stale=["us_sdn"]))
    assert (stale.state, "us_sdn" in stale.finding) == (CheckState.WARNING, True)


def test_a_due_run_becomes_one_job(bench: ScreeningBench) -> None:
    found = condition(bench)
    job = ask_when_due(bench.store, bench.store.tenant, found, at=bench.at)
    assert job is not None
    assert (job.kind, job.asked_by) == (JobKind.SCREENING, "system:worker")
    assert ScreeningJob.of(job.parameters) == ScreeningJob(Trigger.LIST_CHANGED)
    assert ask_when_due(bench.store, bench.store.tenant, found, at=bench.at) is None
    bench.run()
    assert ask_when_due(bench.store, bench.store.tenant, condition(bench), at=bench.at) is None


def test_an_alarm_is_told_once_a_day_to_who_wants_it(bench: ScreeningBench) -> None:
    bench.run()
    wishes = frozenset({NoticeKind.SCREENING_LATE})
    bench.store.work.set_wishes(Wishes("user:ana", wishes, "a@mail.example"), at=bench.at)
    bench.store.work.set_wishes(Wishes("user:bo", frozenset(), "b@mail.example"), at=bench.at)
    assert alarm(bench.store, condition(bench), at=bench.at) == 0
    late = condition(bench, hours=60)
    assert alarm(bench.store, late, at=bench.at) == 1
    assert alarm(bench.store, late, at=bench.at) == 0
    assert alarm(bench.store, late, at=bench.at + timedelta(days=1)) == 1
    said = [one.name for one in bench.store.acts()]
    assert said.count("screening alarm") == 2


def test_the_numbers_say_when_the_last_run_was(bench: ScreeningBench) -> None:
    assert work_metrics(bench.store).screened_at is None
    run: ScreeningRun = bench.run()
    assert work_metrics(bench.store).screened_at == run.at


def test_a_replay_gives_the_score_that_was_kept(bench: ScreeningBench) -> None:
    bench.run()
    match = bench.matches()["c-1", "lp-1"]
    party = bench.screen.screened.parties["c-1"]
    scoring = Scoring(bench.screen.scoring.engine)
    again = replay(match, party, PARTY, scoring)
    assert (again.is_comparable, again.holds) == (True, True)
    other = listed_party("lp-1", entry("1", "Ivo Marrant Sorrel"))
    changed = replay(match, party, other, scoring)
    assert (changed.is_comparable, changed.holds) == (False, False)
    assert changed.pair is not None
    assert changed.pair.score < match.pair.score
    nobody = replay(match, party, listed_party("lp-1", entry("1", "Lena Quist")), scoring)
    assert nobody.pair is None


def test_every_run_is_kept_with_what_it_was_done_with(bench: ScreeningBench) -> None:
    first, second = bench.run(), bench.run()
    assert bench.store.matches.runs() == [second, first]
    assert (first.versions, first.threshold, first.algorithm) == (
        {"us_sdn": "1"},
        6_000,
        "words-in-common-1",
    )
    assert first.gained == tuple(one.match_id for one in bench.matches().values())
    acts = [one for one in bench.store.acts() if one.name == "screened"]
    assert len(acts) == 2
    assert b"Marrant" not in acts[0].canonical
