"""A job is done once, tells how far it is, stops when asked, and is never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from sluicegate.api.models.commands import KINDS
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.core.reasons import say
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.ports.work import Job, JobKind, JobState
from sluicegate.services.work.acts import COMMANDS, act_document, command_of
from sluicegate.services.work.jobs import (
    ask_job,
    cancel_job,
    list_jobs,
    may_cancel,
    read_files,
    read_job,
)
from sluicegate.services.work.kinds import (
    AskManyJob,
    AssessJob,
    BulkActsJob,
    IntakeJob,
    KeptFile,
    ReportJob,
)
from sluicegate.services.work.running import Task, Work, run_next
from sluicegate.services.work.sweeping import sweep_jobs
from work_world import World, keep, person, world
from work_world import case as a_case

ANA = person("ana", "analyst")
BEN = person("ben", "analyst")


@pytest.fixture
def here() -> Iterator[World]:
    with world(ANA, BEN) as made:
        yield made


def asked(here: World, who: Any = ANA) -> Job:
    return ask_job(here.desk(who), AssessJob())


def run(here: World, work: Work, **more: Any) -> Job | None:
    return run_next(here.store, here.bench({JobKind.ASSESS: work}, **more))


def ran(here: World, work: Work, **more: Any) -> Job:
    job = run(here, work, **more)
    assert job is not None
    return job


def test_a_job_is_done_with_its_result_and_two_acts(here: World) -> None:
    job = asked(here)
    done = ran(here, lambda task: {"findings": 3})
    assert (done.job_id, done.state, done.result) == (job.job_id, JobState.DONE, {"findings": 3})
    assert [act.name for act in here.store.acts()] == ["job asked", "job ended"]
    assert run(here, lambda task: {}) is None


def test_progress_is_written_at_once_for_a_step_and_then_each_second(here: World) -> None:
    asked(here)
    seen: list[tuple[str, int, int | None]] = []

    def work(task: Task) -> Mapping[str, Any]:
        for done in range(1, 5):
            task.tell("rows", done, 4)
            job = here.store.work.job(task.job.job_id)
            assert job is not None
            seen.append((job.step, job.done, job.total))
            here.clock.move(milliseconds=400)
        return {}

    ran(here, work)
    assert seen == [("rows", 1, 4), ("rows", 1, 4), ("rows", 1, 4), ("rows", 4, 4)]


def test_a_job_is_cancelled_at_its_next_step_and_keeps_nothing_by_halves(here: World) -> None:
    job = asked(here)

    def work(task: Task) -> Mapping[str, Any]:
        cancel_job(here.desk(ANA), job.job_id)
        with here.store.transaction():
            here.store.act("half", {}, at=here.clock.now(), by="user:ana", reason="half")
            task.step("second")
        raise AssertionError("goes on after it was cancelled")

    assert ran(here, work).state is JobState.CANCELLED
    assert "half" not in [act.name for act in here.store.acts()]


def test_a_worker_that_is_to_end_lets_its_job_wait_without_counting_the_attempt(
    here: World,
) -> None:
    asked(here)
    is_stopping = [False, True]

    def work(task: Task) -> Mapping[str, Any]:
        task.step("second")
        raise AssertionError("goes on")

    job = ran(here, work, is_stopping=lambda: is_stopping.pop(0))
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert ran(here, lambda task: {}).state is JobState.DONE


def test_a_fault_of_the_program_is_raised_and_the_job_is_tried_again_and_given_up(
    here: World,
) -> None:
    asked(here)

    def broken(task: Task) -> Mapping[str, Any]:
        raise KeyError("bug")

    states = []
    for _ in range(3):
        with pytest.raises(KeyError):
            run(here, broken)
        [job] = list_jobs(here.desk(ANA))
        states.append(job.state)
    assert states == [JobState.WAITING, JobState.WAITING, JobState.FAILED]
    assert job.problem is not None
    assert "3 times" in job.problem.en
    assert "3次" in job.problem.zh


def _raise(error: Exception) -> Work:
    def work(task: Task) -> Mapping[str, Any]:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ProblemsError([Problem("a.csv", 2, "name", "is empty", "fill it")]), "a.csv:2"),
        (RefusedError("case:work", (say("The policies do not permit this."),)), "policies"),
        (NotFoundError("case", "c-1"), "c-1"),
    ],
)
def test_what_people_can_mend_is_told_and_not_tried_again(
    here: World, error: Exception, text: str
) -> None:
    asked(here)
    job = ran(here, _raise(error))
    assert job.state is JobState.FAILED
    assert job.problem is not None
    assert text in job.problem.en


def test_a_job_runs_with_the_rights_that_are_still_the_askers(here: World) -> None:
    ask_job(here.desk(person("ana", "analyst", jurisdictions=frozenset({"US", "EU"}))), AssessJob())
    now = person("ana", "viewer", "analyst", jurisdictions=frozenset({"EU", "CN"}))
    here.people.known["user:ana"] = now
    seen = []

    def work(task: Task) -> Mapping[str, Any]:
        seen.append(task.principal)
        return {}

    ran(here, work)
    assert seen[0].roles == {"analyst"}
    assert seen[0].jurisdictions == frozenset({"EU"})
    assert seen[0].sealed_groups == frozenset()


def test_the_job_of_an_account_that_was_closed_is_not_done(here: World) -> None:
    asked(here)
    here.people.known.clear()
    job = ran(here, lambda task: {"done": True})
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert job.problem is not None
    assert "no longer active" in job.problem.en


def test_a_worker_that_lost_its_lease_ends_nothing(here: World) -> None:
    job = asked(here)

    def slow(task: Task) -> Mapping[str, Any]:
        here.clock.move(minutes=10)
        again = run(here, lambda other: {"by": "the quick one"}, worker="w-2")
        assert again is not None
        return {"by": "the slow one"}

    ran(here, slow)
    assert read_job(here.desk(ANA), job.job_id).result == {"by": "the quick one"}


def test_who_may_not_do_what_a_job_does_may_not_ask_for_it(here: World) -> None:
    viewer = here.desk(person("eve", "viewer"))
    for wanted in (AssessJob(), ReportJob(), IntakeJob((KeptFile("a", "0" * 64, 1),))):
        with pytest.raises(RefusedError):
            ask_job(viewer, wanted)
    assert list(here.store.acts()) == []


def test_a_private_job_is_nothing_to_others(here: World) -> None:
    mine = ask_job(here.desk(ANA), BulkActsJob(("c-1",), {"act": "wake"}))
    assert [job.job_id for job in list_jobs(here.desk(ANA))] == [mine.job_id]
    assert list_jobs(here.desk(BEN)) == ()
    for wanted in (mine.job_id, "no-such-job"):
        for use in (read_job, cancel_job):
            with pytest.raises(NotFoundError) as refused:
                use(here.desk(BEN), wanted)
            assert str(refused.value) == f"job {wanted}: there is none; check the id"
    assert cancel_job(here.desk(ANA), mine.job_id).state is JobState.CANCELLED


def test_what_is_asked_for_is_read_as_it_was_written() -> None:
    kept = KeptFile("usage.csv", "a" * 64, 12)
    for one in (
        IntakeJob((kept,), "usage", "crm", "+08:00", kept),
        AssessJob(),
        ReportJob(),
        AskManyJob("risk_tier", kept, readings={"scale": "wide"}),
        BulkActsJob(("c-1", "c-2"), {"act": "wake", "reason": "again"}),
    ):
        assert type(one).of(one.parameters()) == one


def test_every_command_is_an_act_by_the_name_that_the_api_uses() -> None:
    assert dict(COMMANDS) == KINDS
    with pytest.raises(ValueError, match="give one of"):
        command_of({"act": "erase"})
    wake = command_of({"act": "wake", "reason": "news"})
    assert act_document(wake) == {"act": "wake", "reason": "news"}


@pytest.mark.parametrize(
    ("role", "sees", "stops"),
    [
        ("analyst", False, False),
        ("reviewer", False, False),
        ("viewer", False, False),
        ("auditor", True, False),
        ("engineer", True, True),
        ("officer", True, True),
        ("administrator", True, True),
    ],
)
def test_who_sees_and_stops_the_work_of_others(
    here: World, role: str, sees: bool, stops: bool
) -> None:
    job, desk = asked(here), here.desk(person("rhea", role))
    hidden = ask_job(here.desk(ANA), BulkActsJob(("c-1",), {"act": "wake"}))
    own = ask_job(desk, AskManyJob("q", KeptFile("a.csv", "0" * 64, 1)))
    mine = [own.job_id]
    assert [one.job_id for one in list_jobs(desk)] == mine + [job.job_id] * sees
    assert (read_job(desk, own.job_id), read_files(desk, own.job_id)) == (own, own)
    assert may_cancel(desk, own)
    assert may_cancel(desk, job) is stops
    for use, may in ((read_job, sees), (cancel_job, stops)):
        if may:
            assert use(desk, job.job_id).job_id == job.job_id
        else:
            with pytest.raises(RefusedError):
                use(desk, job.job_id)
        with pytest.raises(NotFoundError):
            use(desk, hidden.job_id)
    assert cancel_job(desk, own.job_id).state is JobState.CANCELLED


def test_the_files_of_others_are_for_who_reads_sources(here: World) -> None:
    job = ask_job(here.desk(person("edda", "engineer")), IntakeJob((KeptFile("a", "0" * 64, 1),)))
    assert read_job(here.desk(person("adi", "administrator")), job.job_id) == job
    with pytest.raises(RefusedError):
        read_files(here.desk(person("adi", "administrator")), job.job_id)
    assert read_files(here.desk(person("omar", "officer")), job.job_id) == job


def test_what_was_over_long_ago_is_swept_with_its_files_and_an_act(here: World) -> None:
    removed: list[str] = []

    def sweep(days: int) -> int:
        keep, now = timedelta(days=days), here.clock.now()
        return sweep_jobs(here.store, DEFAULT_TENANT, removed.append, keep=keep, now=now)

    done = asked(here)
    ran(here, lambda task: {})
    here.clock.move(days=20)
    cancelled = cancel_job(here.desk(ANA), asked(here).job_id)
    waiting = asked(here)
    here.clock.move(days=20)
    assert (sweep(40), removed) == (0, [])
    assert (sweep(30), removed) == (1, [done.job_id])
    assert [one.job_id for one in list_jobs(here.desk(ANA))] == [waiting.job_id, cancelled.job_id]
    with pytest.raises(NotFoundError):
        read_job(here.desk(ANA), done.job_id)
    [act] = [act for act in here.store.acts() if act.name == "job swept"]
    assert (act.by, act.sealed_for) == ("system:worker", None)
    assert done.job_id.encode() in act.canonical
    here.clock.move(days=400)
    assert (sweep(30), removed) == (1, [done.job_id, cancelled.job_id])
    assert read_job(here.desk(ANA), waiting.job_id).state is JobState.WAITING


def test_the_sweeping_of_an_act_on_a_sealed_case_is_known_to_its_group_alone(here: World) -> None:
    member = person("mina", "officer", sealed_groups=frozenset({"suspicion"}))
    keep(here.store, a_case("c-9", sealed_for="suspicion"))
    job = ask_job(here.desk(member), BulkActsJob(("c-9",), {"act": "wake"}))
    cancel_job(here.desk(member), job.job_id)
    here.clock.move(days=2)
    now = here.clock.now()
    sweep_jobs(here.store, DEFAULT_TENANT, lambda _job: None, keep=timedelta(days=1), now=now)
    [act] = [act for act in here.store.acts() if act.name == "job swept"]
    assert act.sealed_for == "suspicion"
