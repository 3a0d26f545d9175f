"""Long work, webhooks and notices are kept alike on every database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Select

from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.models import table
from sluicegate.services.ports.work import (
    Attempt,
    DeliveryState,
    Ending,
    EventKind,
    Feed,
    Job,
    JobKind,
    JobState,
    NewDelivery,
    NewJob,
    NewNotice,
    NoticeKind,
    NoticeState,
    Told,
    Webhook,
    Wishes,
)

AT = datetime(2026, 4, 1, 10, tzinfo=UTC)
LEASE = timedelta(minutes=2)
GIVEN_UP = Told("The worker ended.", "工作进程已退出。")


def ask(store: SqlStore, kind: JobKind = JobKind.ASK_MANY, by: str = "user:ana") -> str:
    return store.work.add_job(NewJob(kind, {"question": "q"}, by, {"roles": ["analyst"]}), at=AT)


def take(store: SqlStore, worker: str = "w-1", at: datetime = AT) -> Job | None:
    return store.work.take_job(worker, at=at, lease_until=at + LEASE, attempts=3, given_up=GIVEN_UP)


def taken(store: SqlStore, worker: str = "w-1", at: datetime = AT) -> Job:
    job = take(store, worker, at)
    assert job is not None
    return job


def found(store: SqlStore, job_id: str) -> Job:
    job = store.work.job(job_id)
    assert job is not None
    return job


def test_the_oldest_waiting_job_is_taken_once(store: SqlStore) -> None:
    first, second = ask(store), ask(store)
    job = taken(store)
    assert (job.job_id, job.state, job.worker, job.attempts) == (
        first,
        JobState.RUNNING,
        "w-1",
        1,
    )
    assert taken(store, "w-2").job_id == second
    assert take(store, "w-3") is None


def test_of_jobs_that_write_the_lake_one_runs_at_a_time(store: SqlStore) -> None:
    intake, assess, many = ask(store, JobKind.INTAKE), ask(store, JobKind.ASSESS), ask(store)
    assert taken(store, "w-1").job_id == intake
    assert taken(store, "w-2").job_id == many
    assert take(store, "w-3") is None
    assert store.work.end_job(intake, "w-1", Ending(JobState.DONE, {"rows": 1}), at=AT)
    assert taken(store, "w-3").job_id == assess
    assert found(store, intake).result == {"rows": 1}


def test_the_lake_is_one_for_all_tenants_of_a_node(store: SqlStore, other_tenant: SqlStore) -> None:
    ask(store, JobKind.INTAKE)
    waiting = ask(other_tenant, JobKind.REPORT)
    taken(store)
    assert take(other_tenant) is None
    assert found(other_tenant, waiting).state is JobState.WAITING


def test_a_job_whose_lease_ran_out_is_taken_again_and_then_given_up(store: SqlStore) -> None:
    job_id = ask(store)
    at = AT
    for number in (1, 2, 3):
        job = taken(store, f"w-{number}", at)
        assert (job.job_id, job.attempts) == (job_id, number)
        assert take(store, "other", at + LEASE) is None
        at += LEASE + timedelta(seconds=1)
    assert take(store, "w-4", at) is None
    job = found(store, job_id)
    assert (job.state, job.problem) == (JobState.FAILED, GIVEN_UP)
    assert not store.work.end_job(job_id, "w-3", Ending(JobState.DONE, {}), at=at)


def test_a_worker_that_lost_its_lease_can_write_nothing_more(store: SqlStore) -> None:
    job_id = ask(store)
    taken(store, "slow")
    later = AT + LEASE + timedelta(seconds=1)
    taken(store, "quick", later)
    until = later + LEASE
    report = store.work.report_job(
        job_id, "slow", lease_until=until, step="rows", done=1, total=None
    )
    assert report is None
    assert not store.work.renew_job(job_id, "slow", lease_until=until)
    assert not store.work.release_job(job_id, "slow", is_attempt=True)
    assert found(store, job_id).worker == "quick"


def test_progress_is_told_and_renews_the_lease(store: SqlStore) -> None:
    job_id = ask(store)
    taken(store)
    until = AT + 5 * LEASE
    job = store.work.report_job(job_id, "w-1", lease_until=until, step="rows", done=5, total=9)
    assert job is not None
    assert (job.step, job.done, job.total, job.lease_until) == ("rows", 5, 9, until)
    assert take(store, "w-2", AT + 4 * LEASE) is None


def test_cancelling_ends_a_waiting_job_and_asks_a_running_one(store: SqlStore) -> None:
    running, waiting = ask(store), ask(store)
    taken(store)
    for job_id, state in ((running, JobState.RUNNING), (waiting, JobState.CANCELLED)):
        job = store.work.cancel_job(job_id, at=AT)
        assert job is not None
        assert (job.state, job.is_cancel_asked) == (state, True)
    assert store.work.cancel_job("none", at=AT) is None
    assert take(store, "w-2") is None
    later = AT + LEASE + timedelta(seconds=1)
    assert take(store, "w-2", later) is None
    assert found(store, running).state is JobState.CANCELLED


def test_a_released_job_waits_again(store: SqlStore) -> None:
    job_id = ask(store)
    taken(store)
    assert store.work.release_job(job_id, "w-1", is_attempt=False)
    assert taken(store).attempts == 1


def test_many_workers_take_each_job_once(store: SqlStore) -> None:
    if str(store.engine.url) == "sqlite://":
        pytest.skip("a database in memory is of one connection")
    asked = {ask(store) for _ in range(12)} | {ask(store, JobKind.INTAKE) for _ in range(3)}
    got: list[str] = []

    def work(worker: str) -> None:
        while True:
            job = take(store, worker)
            if job is None:
                return
            got.append(job.job_id)
            if job.kind is JobKind.INTAKE:
                store.work.end_job(job.job_id, worker, Ending(JobState.DONE), at=AT)

    threads = [threading.Thread(target=work, args=(f"w-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while (job := take(store, "last")) is not None:
        got.append(job.job_id)
        store.work.end_job(job.job_id, "last", Ending(JobState.DONE), at=AT)
    assert len(got) == len(asked)
    assert set(got) == asked


def test_private_jobs_show_to_who_asked_only(store: SqlStore) -> None:
    mine, open_ = ask(store, JobKind.BULK_ACTS, "user:ana"), ask(store, JobKind.ASSESS)
    assert [job.job_id for job in store.work.jobs(reader="user:ana")] == [open_, mine]
    assert [job.job_id for job in store.work.jobs(reader="user:ben")] == [open_]
    assert [job.job_id for job in store.work.jobs(reader=None)] == [open_]
    assert [job.job_id for job in store.work.jobs(reader="user:ana", before=open_)] == [mine]
    assert store.work.job_counts() == {("assess", "waiting"): 1}
    assert store.work.jobs(reader="user:ana", states=[JobState.DONE]) == ()
    kinds = store.work.jobs(reader="user:ana", kinds=[JobKind.BULK_ACTS])
    assert [job.job_id for job in kinds] == [mine]


def test_files_of_jobs_that_are_not_over_are_wanted(store: SqlStore) -> None:
    parameters = {"files": [{"digest": "a" * 64}, {"digest": "b" * 64}]}
    store.work.add_job(NewJob(JobKind.INTAKE, parameters, "user:ana", {}), at=AT)
    assert store.work.wanted_files() == {"a" * 64, "b" * 64}
    store.work.end_job(taken(store).job_id, "w-1", Ending(JobState.DONE), at=AT)
    assert store.work.wanted_files() == frozenset()


def test_jobs_that_were_over_before_an_instant_are_found_and_forgotten(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    first, second, waiting, running = (ask(store) for _ in range(4))
    for number, job_id in enumerate((first, second)):
        at = AT + timedelta(days=number)
        assert taken(store, at=at).job_id == job_id
        assert store.work.end_job(job_id, "w-1", Ending(JobState.DONE), at=at)
    store.work.cancel_job(waiting, at=AT + timedelta(days=5))
    assert taken(store, at=AT + timedelta(days=5)).job_id == running

    def over(days: int, limit: int = 9) -> list[str]:
        before = AT + timedelta(days=days)
        return [job.job_id for job in store.work.jobs_over(before=before, limit=limit)]

    assert (over(0), over(1), over(2)) == ([], [first], [first, second])
    assert (over(9), over(9, limit=1)) == ([first, second, waiting], [first])
    assert other_tenant.work.jobs_over(before=AT + timedelta(days=9), limit=9) == ()
    assert not other_tenant.work.forget_job(first)
    assert [store.work.forget_job(one) for one in (first, first, running, "none")] == [
        True,
        False,
        False,
        False,
    ]
    assert over(9) == [second, waiting]


def test_without_others_only_the_readers_own_jobs_are_listed(store: SqlStore) -> None:
    mine, theirs = ask(store, JobKind.ASSESS), ask(store, JobKind.ASSESS, "user:ben")
    private = ask(store, JobKind.ASK_MANY)

    def listed(reader: str | None, *, with_others: bool) -> list[str]:
        found = store.work.jobs(reader=reader, with_others=with_others)
        return [job.job_id for job in found]

    assert listed("user:ana", with_others=True) == [private, theirs, mine]
    assert listed("user:ana", with_others=False) == [private, mine]
    assert listed("user:ben", with_others=False) == [theirs]
    assert listed(None, with_others=False) == []


HOOK = Webhook(
    "w-1",
    "https://hooks.example/in",
    frozenset({EventKind.CASE_OPENED}),
    frozenset({"US"}),
    "sealed",
    "user:ana",
    AT,
)


def delivery(event_id: str = "e-1") -> NewDelivery:
    return NewDelivery("w-1", event_id, EventKind.CASE_OPENED, {"id": "c-1"})


def test_a_subscription_is_kept_disabled_and_removed(store: SqlStore) -> None:
    store.work.add_webhook(HOOK)
    assert store.work.webhooks() == (HOOK,)
    every = replace(HOOK, webhook_id="w-2", events=None, jurisdictions=None)
    store.work.add_webhook(every)
    assert store.work.webhook("w-2") == every
    store.work.set_webhook(replace(HOOK, failing_since=AT, disabled_at=AT))
    assert store.work.webhook("w-1") == replace(HOOK, failing_since=AT, disabled_at=AT)
    store.work.set_webhook(replace(HOOK, removed_at=AT))
    assert store.work.webhook("w-1") is None
    assert store.work.webhooks() == (every,)
    assert len(store.work.webhooks(with_removed=True)) == 2


def test_secrets_change_for_who_knows_the_present_one_and_stay_otherwise(store: SqlStore) -> None:
    store.work.add_webhook(HOOK)
    until = AT + timedelta(hours=24)
    rotated = replace(HOOK, sealed_secret="new", sealed_old_secret="sealed", old_secret_until=until)
    assert not store.work.set_secrets(rotated, was="another")
    assert store.work.webhook("w-1") == HOOK
    assert store.work.set_secrets(rotated, was="sealed")
    assert store.work.webhook("w-1") == rotated
    assert not store.work.set_secrets(replace(rotated, sealed_secret="late"), was="sealed")
    store.work.set_webhook(replace(HOOK, failing_since=AT))
    assert store.work.webhook("w-1") == replace(rotated, failing_since=AT)
    assert rotated.sealed_secrets(until - timedelta(seconds=1)) == ("new", "sealed")
    assert rotated.sealed_secrets(until) == ("new",)


def test_an_event_goes_into_the_outbox_once(store: SqlStore) -> None:
    both = [delivery("e-1"), delivery("e-2")]
    assert store.work.add_deliveries([*both, both[0]], at=AT) == 2
    assert store.work.add_deliveries([delivery("e-2"), delivery("e-3")], at=AT) == 1
    listed = store.work.deliveries("w-1")
    assert [one.event_id for one in listed] == ["e-3", "e-2", "e-1"]
    assert [d.event_id for d in store.work.deliveries("w-1", limit=1)] == ["e-3"]
    after = store.work.deliveries("w-1", before=listed[1].delivery_id)
    assert [d.event_id for d in after] == ["e-1"]
    assert store.work.delivery_counts() == {"waiting": 3}


def test_what_another_worker_wrote_meanwhile_is_passed_over(store: SqlStore) -> None:
    store.work.add_deliveries([delivery()], at=AT)
    outbox = table("webhook_deliveries")
    with store.engine.begin() as connection:
        row = dict(connection.execute(select(outbox)).mappings().one())
        insert_new(connection, outbox, [{**row, "sequence": 99, "delivery_id": "d-2"}])
    assert len(store.work.deliveries("w-1")) == 1


def test_a_delivery_is_taken_under_a_lease_and_logged(store: SqlStore) -> None:
    store.work.add_deliveries([delivery()], at=AT)
    [one] = store.work.take_deliveries(at=AT, lease_until=AT + LEASE, limit=10)
    assert (one.attempts, one.payload) == (1, {"id": "c-1"})
    assert store.work.take_deliveries(at=AT, lease_until=AT + LEASE, limit=10) == ()
    attempt = Attempt(one.delivery_id, AT, 503, 20, "busy")
    store.work.record_attempt(attempt, DeliveryState.WAITING, next_at=AT + 2 * LEASE)
    assert store.work.take_deliveries(at=AT + LEASE, lease_until=AT, limit=10) == ()
    later = AT + 2 * LEASE
    [again] = store.work.take_deliveries(at=later, lease_until=later + LEASE, limit=10)
    assert again.attempts == 2
    done = Attempt(one.delivery_id, later, 204, 9)
    store.work.record_attempt(done, DeliveryState.DELIVERED, next_at=later)
    assert store.work.attempts(one.delivery_id) == (attempt, done)
    over = store.work.delivery(one.delivery_id)
    assert over is not None
    assert (over.state, over.finished_at) == (DeliveryState.DELIVERED, later)


def test_deliveries_are_replayed_one_or_a_range(store: SqlStore) -> None:
    for number in range(3):
        store.work.add_deliveries([delivery(f"e-{number}")], at=AT + number * LEASE)
    for one in store.work.take_deliveries(at=AT + 3 * LEASE, lease_until=AT + 9 * LEASE, limit=9):
        attempt = Attempt(one.delivery_id, AT, 204, 1)
        store.work.record_attempt(attempt, DeliveryState.DELIVERED, next_at=AT)
    [_, middle, _] = store.work.deliveries("w-1")
    assert store.work.replay("w-1", at=AT, delivery_id=middle.delivery_id) == 1
    assert store.work.replay("w-1", at=AT, since=AT, until=AT + 2 * LEASE) == 1
    assert store.work.replay("w-2", at=AT) == 0
    waiting = store.work.deliveries("w-1", state=DeliveryState.WAITING)
    assert [(one.event_id, one.attempts) for one in waiting] == [("e-1", 0), ("e-0", 0)]


def test_the_log_of_attempts_is_never_edited(store: SqlStore) -> None:
    store.work.add_deliveries([delivery()], at=AT)
    [one] = store.work.take_deliveries(at=AT, lease_until=AT + LEASE, limit=1)
    attempt = Attempt(one.delivery_id, AT, 204, 9)
    store.work.record_attempt(attempt, DeliveryState.DELIVERED, next_at=AT)
    for change in ("UPDATE webhook_attempts SET status = 500", "DELETE FROM webhook_attempts"):
        with pytest.raises(DBAPIError, match="never edited"), store.engine.begin() as connection:
            connection.execute(text(change))


def notice(key: str = "k-1", sealed_for: str | None = None) -> NewNotice:
    return NewNotice("user:ana", NoticeKind.ASSIGNED, "c-1", key, sealed_for)


def test_the_same_notice_is_kept_once_and_taken_under_a_lease(store: SqlStore) -> None:
    assert store.work.add_notices([notice(), notice()], at=AT) == 1
    assert store.work.add_notices([notice(), notice("k-2", "suspicion")], at=AT) == 1
    first, sealed = store.work.take_notices(at=AT, lease_until=AT + LEASE, limit=9)
    assert (first.attempts, first.sealed_for, sealed.sealed_for) == (1, None, "suspicion")
    assert store.work.take_notices(at=AT, lease_until=AT + LEASE, limit=9) == ()
    store.work.settle_notice(first.notice_id, NoticeState.SENT, at=AT, next_at=AT)
    store.work.settle_notice(sealed.notice_id, NoticeState.WAITING, at=AT, next_at=AT)
    [again] = store.work.take_notices(at=AT, lease_until=AT + LEASE, limit=9)
    assert again.notice_id == sealed.notice_id
    assert store.work.notice_counts() == {"sent": 1}


def test_wishes_are_kept_and_changed(store: SqlStore) -> None:
    assert store.work.wishes("user:ana") == Wishes("user:ana")
    assert store.work.wishes("user:ana", days_ahead=14) == Wishes("user:ana", days_ahead=14)
    wishes = Wishes("user:ana", frozenset({NoticeKind.DUE_SOON}), "a@mail.example", 3, True)
    store.work.set_wishes(wishes, at=AT)
    sent = Wishes("user:ana", frozenset(), "a@mail.example", 3, True, date(2026, 4, 1))
    for one in (wishes, sent):
        store.work.set_wishes(one, at=AT)
        assert store.work.wishes("user:ana", days_ahead=14) == one
        assert store.work.all_wishes() == (one,)


def test_a_feed_is_found_by_the_digest_of_its_token_until_it_is_revoked(store: SqlStore) -> None:
    feed = Feed("f-1", "user:ana", False, "d" * 64, AT)
    store.work.add_feed(feed)
    assert store.work.feeds("user:ana") == (feed,)
    assert store.work.feed_of("d" * 64) == feed
    store.work.revoke_feed("f-1", at=AT)
    assert store.work.feed_of("d" * 64) is None
    assert store.work.feeds("user:ana") == ()


def fill(store: SqlStore) -> None:
    ask(store, JobKind.REPORT)
    store.work.add_webhook(HOOK)
    store.work.add_deliveries([delivery()], at=AT)
    store.work.add_notices([notice()], at=AT)
    store.work.set_wishes(Wishes("user:ana"), at=AT)


def seen(store: SqlStore) -> dict[str, Any]:
    return {
        "jobs": len(store.work.jobs(reader="user:ana")),
        "hooks": len(store.work.webhooks()),
        "deliveries": len(store.work.deliveries("w-1")),
        "counts": dict(store.work.delivery_counts()),
        "notices": dict(store.work.notice_counts()),
        "wishes": len(store.work.all_wishes()),
        "job": len(store.work.job_counts()),
    }


def test_no_tenant_sees_the_work_of_another(store: SqlStore, other_tenant: SqlStore) -> None:
    empty = seen(other_tenant)
    fill(store)
    assert seen(other_tenant) == empty
    assert seen(store) != empty
    assert take(other_tenant) is None
    assert other_tenant.work.take_deliveries(at=AT, lease_until=AT, limit=9) == ()
    assert other_tenant.work.take_notices(at=AT, lease_until=AT, limit=9) == ()
    assert other_tenant.work.replay("w-1", at=AT) == 0
    [job] = store.work.jobs(reader="user:ana")
    assert other_tenant.work.job(job.job_id) is None
    assert other_tenant.work.cancel_job(job.job_id, at=AT) is None
    assert found(store, job.job_id).state is JobState.WAITING


def test_every_query_of_work_names_the_tenant(store: SqlStore) -> None:
    statements: list[Any] = []
    event.listen(store.engine, "before_execute", lambda _c, clause, *_: statements.append(clause))
    fill(store)
    seen(store)
    taken(store)
    [one] = store.work.take_deliveries(at=AT, lease_until=AT + LEASE, limit=1)
    store.work.attempts(one.delivery_id)
    store.work.feeds("user:ana")
    store.work.feed_of("d" * 64)
    read = [clause for clause in statements if isinstance(clause, Select) or clause.is_update]
    assert len(read) > 15
    for clause in read:
        assert "tenant_id = " in str(clause.whereclause), str(clause)
