"""Lists are fetched on schedule, and one that cannot be had raises one alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from list_worlds import ListWorld, company
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.services.lists.fetching import FetchOutcome
from sluicegate.services.lists.scheduling import ALARM, alarm, ask_when_due, standings
from sluicegate.services.lists.settings import PlannedFetch, read_plan
from sluicegate.services.node import NodeFolder
from sluicegate.services.ports.work import JobKind, NoticeKind, Wishes
from sluicegate.services.settings import read_settings
from sluicegate.services.work.kinds import ListFetchJob

PLAN = (PlannedFetch("un_sc", 6), PlannedFetch("us_csl", 24))


def due(world: ListWorld, hours: int = 0) -> tuple[str, ...]:
    """Ask for what is due after some hours; return the lists of the job."""
    store = world.parts.store
    now = world.parts.clock.now() + timedelta(hours=hours)
    job = ask_when_due(store, DEFAULT_TENANT, PLAN, now=now)
    return () if job is None else ListFetchJob.of(job.parameters).lists


def failed(*names: str) -> Sequence[FetchOutcome]:
    return [FetchOutcome(name, None) for name in names]


def test_what_was_never_fetched_is_due_and_one_job_waits(world: ListWorld) -> None:
    assert due(world) == ("un_sc", "us_csl")
    assert due(world, hours=48) == (), "the first job waits still"
    [job] = world.parts.store.work.jobs(reader=None)
    assert (job.kind, job.asked_by) == (JobKind.LIST_FETCH, "system:worker")


def test_a_list_is_due_again_after_its_own_hours(world: ListWorld) -> None:
    world.load("un_sc", company("un_sc", "1"))
    store, now = world.parts.store, world.parts.clock.now()
    assert due(world, hours=1) == ("us_csl",)
    for hours, expected in ((5, [False, False]), (6, [True, False]), (25, [True, True])):
        later = now + timedelta(hours=hours)
        assert [one.due <= later for one in standings(store, PLAN, now=later)] == expected
    first, second = standings(store, PLAN, now=now + timedelta(hours=2))
    assert not first.has_failed
    assert second.has_failed, "asked for, and not had"


def test_a_list_that_cannot_be_had_raises_one_alarm_until_it_was_had(world: ListWorld) -> None:
    store, at = world.parts.store, world.parts.clock.now()
    wishes = frozenset({NoticeKind.LIST_NOT_FETCHED})
    store.work.set_wishes(Wishes("user:ana", wishes, "a@mail.example"), at=at)
    store.work.set_wishes(Wishes("user:bo", frozenset(), "b@mail.example"), at=at)
    assert alarm(store, failed("un_sc", "us_csl"), at=at) == 2
    assert alarm(store, failed("un_sc", "us_csl"), at=at + timedelta(days=1)) == 0
    world.load("un_sc", company("un_sc", "1"))
    assert alarm(store, failed("un_sc", "us_csl"), at=at + timedelta(days=2)) == 1
    assert [one.name for one in store.acts()].count(ALARM) == 3


def test_nobody_is_told_where_nothing_failed(world: ListWorld) -> None:
    assert alarm(world.parts.store, [], at=world.parts.clock.now()) == 0


def test_the_setting_names_lists_with_their_hours(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    document = {"lists": {"fetch": ["us_csl", "un_sc:6"]}}
    assert read_settings(document, folder, {}).lists_fetch == (
        PlannedFetch("us_csl", 24),
        PlannedFetch("un_sc", 6),
    )
    given = read_settings({}, folder, {"SLUICEGATE_LISTS_FETCH": "eu_fsf:12"})
    assert [str(one) for one in given.lists_fetch] == ["eu_fsf:12"]
    assert read_settings({}, folder, {}).lists_fetch == ()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("own", "address is not known; known are us_csl"),
        ("uk_ofsi", "address is not known"),
        ("un_sc:0", "not from 1 to 720 hours"),
        ("un_sc:often", "not from 1 to 720 hours"),
        (["un_sc", "un_sc:6"], "twice"),
        (7, "is not a list"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_plan(value)
