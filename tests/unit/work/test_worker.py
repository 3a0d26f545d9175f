"""The worker's own process, its files and its keys: nothing is lost when one of them dies."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import tiny_world
from command_line import sluicegate
from loopback_servers import http_server
from sluicegate.adapters.work.files import WorkFiles, safe_name
from sluicegate.adapters.work.process import WorkerHandle
from sluicegate.adapters.work.secrets import KEY_FILE, NodeSecrets
from sluicegate.adapters.work.worker import Heartbeat, Round, Stop, run_rounds
from sluicegate.cases.case import State
from sluicegate.core.clock import FixedClock
from sluicegate.core.phrases import Language
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Scope
from sluicegate.services.desk import Desk
from sluicegate.services.node import SETTINGS_FILE, NodeError
from sluicegate.services.ports.identity import Account, AccountSource, Rights
from sluicegate.services.ports.work import (
    EventKind,
    Job,
    JobKind,
    JobState,
    NewNotice,
    NoticeKind,
    Webhook,
)
from sluicegate.services.work.calendar import make_feed
from sluicegate.services.work.jobs import ask_job, read_job
from sluicegate.services.work.kinds import AskManyJob, AssessJob, BulkActsJob, IntakeJob, KeptFile
from sluicegate.services.work.metrics import work_metrics
from sluicegate.services.work.people import StoreDirectory
from sluicegate.services.work.running import JobFailedError, Task, run_next
from sluicegate.wiring import opened
from sluicegate.wiring.work import (
    calendar_of_feed,
    operator_desk,
    rounds_of,
    secret_box,
    start_worker,
)
from sluicegate.wiring.works import work_files
from work_world import AUTHORITY, START, World, case, keep, person, world

TLS = "https:" + "//"
FACTS = b"id,training_compute,condition_met_on\na,1.2e25,2025-09-01\nb,1e24,2025-09-01\nc,x,\n"


@pytest.fixture
def node(tmp_path: Path) -> Path:
    return tiny_world.tiny_node(tmp_path / "node")


def ask(node: Path, asked: Any) -> str:
    with opened(node) as here:
        return ask_job(operator_desk(here), asked).job_id


def found(node: Path, job_id: str) -> Job:
    with opened(node) as here:
        return read_job(operator_desk(here), job_id)


def kept(node: Path, name: str, content: bytes) -> KeptFile:
    with opened(node) as here:
        return work_files(here).keep(name, [content[:10], content[10:]])


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "not within its time"
        time.sleep(0.1)


def test_a_worker_does_every_kind_of_job_and_ends_when_nothing_waits(node: Path) -> None:
    customers = "source,customer_id,name,customer_kind,country\ncrm,c-new,Fen Optics,entity,NL\n"
    bad = "crm,c-bad,,entity,NL\n"
    intake = ask(node, IntakeJob((kept(node, "../new.csv", (customers + bad).encode()),)))
    assess = ask(node, AssessJob(date(2026, 6, 30)))
    many = AskManyJob("eu_systemic_risk", kept(node, "facts.csv", FACTS), date(2025, 9, 1))
    answers = ask(node, many)
    bulk = ask(node, BulkActsJob(("c-none",), {"act": "comment", "text": "seen"}))
    assert sluicegate("jobs", "work", "--once", "--node", node).code == 0
    done = {name: found(node, name) for name in (intake, assess, answers, bulk)}
    assert {job.state for job in done.values()} == {JobState.DONE}
    results = [dict(job.result or {}) for job in done.values()]
    assert (results[0]["accepted"], results[0]["rejected"]) == (1, 1)
    assert results[0]["files"][0]["file"] == "new.csv"
    assert str(node) not in str(results[0])
    assert results[1]["findings"] > 0
    assert (results[2]["answered"], results[2]["refused"]) == (2, 1)
    assert results[3]["done"] == []
    assert results[3]["refused"][0]["case"] == "c-none"
    files = WorkFiles(node / "work")
    assert files.result(answers, "answers.csv") is not None
    assert files.result(intake, "rejects.csv") is not None
    assert files.result(answers, "../../../sluicegate.toml") is None


def test_a_job_that_cannot_be_done_says_why_without_a_place_on_the_machine(node: Path) -> None:
    job_id = ask(node, IntakeJob((kept(node, "odd.csv", b"a,b\n1,2\n"),)))
    gone = ask(node, IntakeJob((KeptFile("gone.csv", "0" * 64, 3),)))
    assert sluicegate("jobs", "work", "--once", "--node", node).code == 0
    for name, text in ((job_id, "odd.csv"), (gone, "send it again")):
        job = found(node, name)
        assert job.state is JobState.FAILED
        assert job.problem is not None
        assert text in job.problem.en
        assert str(node) not in job.problem.en


def test_a_worker_that_is_killed_is_started_anew_and_its_job_is_done(node: Path) -> None:
    (node / SETTINGS_FILE).write_text('tenant = "self"\n[jobs]\nlease_seconds = 10\n')
    job_id = ask(node, AssessJob(date(2026, 6, 30)))
    handle = start_worker(node)
    try:
        until(lambda: found(node, job_id).state is not JobState.WAITING)
        first = handle.process_id
        if first is not None:
            os.kill(first, signal.SIGKILL)
        until(lambda: handle.process_id not in (None, first))
        until(lambda: found(node, job_id).state is JobState.DONE)
        assert handle.starts >= 2
    finally:
        handle.stop()
    assert not handle.is_alive


def test_a_worker_ends_when_it_is_told_to(node: Path) -> None:
    handle = start_worker(node)
    job_id = ask(node, AssessJob(date(2026, 6, 30)))
    until(lambda: found(node, job_id).state is JobState.DONE)
    began = time.monotonic()
    handle.stop()
    assert time.monotonic() - began < 10
    assert not handle.is_alive


def test_a_process_that_keeps_dying_is_started_with_growing_pauses() -> None:
    handle = WorkerHandle(("false",), shortest_pause=0.01).start()
    try:
        until(lambda: handle.starts >= 3)
    finally:
        handle.stop()


def test_a_webhook_is_delivered_by_the_worker_of_a_node(node: Path) -> None:
    with http_server() as received:
        settings = f"[webhooks]\nallow_http = true\nports = [{received.port}]\n"
        (node / SETTINGS_FILE).write_text(settings + 'networks = ["127.0.0.0/8"]\n')
        where = ("--node", node)
        made = sluicegate("webhooks", "add", received.url, *where, "--format", "json")
        assert made.code == 0, made.err
        assert sluicegate("webhooks", "test", made.json["id"], *where).code == 0
        assert sluicegate("jobs", "work", "--once", *where).code == 0
        [(_, headers, _)] = received.messages
        assert headers["webhook-signature"].startswith("v1,")
        listed = sluicegate("webhooks", "deliveries", made.json["id"], *where, "--format", "json")
        [delivery] = listed.json
        assert (delivery["state"], delivery["kind"]) == ("delivered", "webhook.test")
        tries = ("--delivery", delivery["id"], "--format", "json")
        [one] = sluicegate("webhooks", "deliveries", made.json["id"], *tries, *where).json
        assert one["status"] == 204
        again = ("--delivery", delivery["id"])
        assert sluicegate("webhooks", "replay", made.json["id"], *again, *where).code == 0
        assert sluicegate("jobs", "work", "--once", *where).code == 0
        assert len(received.messages) == 2
        assert sluicegate("webhooks", "remove", made.json["id"], *where).code == 0
        assert sluicegate("webhooks", "list", *where, "--format", "json").json == []
    text = (node / "state.db").read_bytes()
    assert made.json["secret"].removeprefix("whsec_").encode() not in text


def test_a_feed_shows_what_its_owner_may_see_now_and_ends_with_the_account(node: Path) -> None:
    with opened(node) as here:
        store, tenant = here.store, here.store.tenant
        rights = Rights(frozenset({"analyst"}), frozenset({"US"}))
        account = Account(
            "ana", tenant, "ana", "Ana Orrel", Language.ZH, AccountSource.LOCAL, rights, START
        )
        store.accounts.add(account)
        due = here.clock.now().date() + timedelta(days=3)
        keep(store, case("c-1", due), case("c-2", due, jurisdiction="EU"))
        owner = StoreDirectory(store, tenant).principal("user:ana")
        assert owner is not None
        made = make_feed(Desk(owner, store, AUTHORITY, here.clock), is_whole_queue=True)
        text = calendar_of_feed(here, made.token).decode()
        assert "c-1@" in text
        assert "c-2@" not in text
        assert "到期" in text
        store.accounts.save(replace(account, rights=Rights(frozenset())), "rights")
        with pytest.raises(RefusedError):
            calendar_of_feed(here, made.token)
        store.accounts.save(replace(account, is_disabled=True), "is_disabled")
        for token in (made.token, "none"):
            with pytest.raises(NotFoundError):
                calendar_of_feed(here, token)


def test_metrics_count_nothing_private_or_sealed() -> None:
    with world(person("ana")) as here:
        desk = here.desk(person("ana"))
        ask_job(desk, AssessJob())
        before = work_metrics(here.store)
        ask_job(desk, BulkActsJob(("c-1",), {"act": "wake"}))
        sealed = NewNotice("user:ana", NoticeKind.ASSIGNED, "c-1", "k", "suspicion")
        here.store.work.add_notices([sealed], at=START)
        assert work_metrics(here.store) == before
        assert before.jobs == {("assess", "waiting"): 1}


def test_the_commands_refuse_what_is_not_there_and_change_nothing_on_a_dry_run(node: Path) -> None:
    where = ("--node", node)
    assert sluicegate("webhooks", "add", f"{TLS}10.0.0.1/", *where).code == 2
    assert sluicegate("webhooks", "add", f"{TLS}93.184.215.14/", "--event", "x", *where).code == 2
    assert sluicegate("webhooks", "add", f"{TLS}93.184.215.14/", "--dry-run", *where).code == 0
    assert sluicegate("webhooks", "list", "--format", "json", *where).json == []
    for words in (("jobs", "show"), ("jobs", "cancel"), ("webhooks", "remove")):
        ran = sluicegate(*words, "none", *where)
        assert (ran.code, "check the id" in ran.err) == (2, True), ran
    job_id = ask(node, AssessJob())
    assert sluicegate("jobs", "cancel", job_id, "--dry-run", *where).code == 0
    assert found(node, job_id).state is JobState.WAITING
    assert sluicegate("jobs", "cancel", job_id, *where).code == 0
    [row] = sluicegate("jobs", "list", "--format", "json", *where).json
    assert (row["id"], row["state"]) == (job_id, "cancelled")
    assert sluicegate("jobs", "show", job_id, *where).json["cancel_asked"] is True


def test_a_heartbeat_keeps_a_lease_while_a_step_takes_long() -> None:
    with world(person("ana")) as here:
        job = ask_job(here.desk(person("ana")), AssessJob())
        lease = timedelta(seconds=1)
        beat = Heartbeat(here.store, "w-1", lease, here.clock)
        begun: list[Any] = []

        def slow(task: Task) -> Mapping[str, Any]:
            begun.append(read_job(here.desk(person("ana")), job.job_id).lease_until)
            here.clock.move(seconds=30)
            until(lambda: _lease(here, job.job_id) == here.clock.now() + lease, 5)
            return {}

        bench = here.bench({JobKind.ASSESS: slow}, heartbeat=beat, lease=lease)
        done = run_next(here.store, bench)
        assert done is not None
        assert done.state is JobState.DONE


def _lease(here: World, job_id: str) -> datetime | None:
    job = here.store.work.job(job_id)
    assert job is not None
    return job.lease_until


def test_a_fault_in_one_round_ends_all_and_is_raised() -> None:
    stop = Stop()

    def fail() -> bool:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        run_rounds([Round("a", fail, 0.01), Round("b", lambda: False, 0.01)], stop)
    assert stop.is_set()


def test_files_are_kept_by_their_bytes_and_swept_when_no_job_needs_them(tmp_path: Path) -> None:
    files = WorkFiles(tmp_path / "work")
    one, same = files.keep("a.csv", [b"abc"]), files.keep("/x/a.csv", [b"ab", b"c"])
    other = files.keep("b.csv", [b"b"])
    assert one == same == KeptFile("a.csv", one.digest, 3)
    assert files.path(one).read_bytes() == b"abc"
    now = FixedClock(datetime.now(UTC))
    assert files.sweep((), now) == 0
    later = FixedClock(datetime.now(UTC) + timedelta(hours=2))
    assert files.sweep({one.digest}, later) == 1
    assert files.path(one).is_file()
    with pytest.raises(JobFailedError, match="send it again"):
        files.path(other)
    with pytest.raises(ValueError, match="hexadecimal"):
        files.path(KeptFile("a.csv", "../../state", 1))
    assert [path.name for path in (tmp_path / "work").glob(".part-*")] == []


def test_a_worker_sweeps_what_was_over_for_the_days_that_are_set(node: Path) -> None:
    (node / SETTINGS_FILE).write_text('tenant = "self"\n[jobs]\nkeep_days = 2\n')
    many = AskManyJob("eu_systemic_risk", kept(node, "facts.csv", FACTS), date(2025, 9, 1))
    job_id = ask(node, many)
    files = WorkFiles(node / "work")
    for days, is_there in ((0, True), (1, True), (3, False)):
        later = FixedClock(datetime.now(UTC) + timedelta(days=days))
        with opened(node, clock=later) as here:
            run_rounds(rounds_of(here, Stop()), Stop(), is_once=True)
            assert (here.store.work.job(job_id) is not None) is is_there
        assert (files.result(job_id, "answers.csv") is not None) is is_there
    assert not (node / "work" / "results" / job_id).exists()
    with opened(node) as here:
        assert [act.name for act in here.store.acts()].count("job swept") == 1


def test_a_worker_tells_of_due_days_as_many_days_ahead_as_is_set(node: Path) -> None:
    (node / SETTINGS_FILE).write_text('tenant = "self"\n[notices]\ndays_ahead = 20\n')
    refused = "https:" + "//10.0.0.1/in"
    told = frozenset({EventKind.CASE_DUE_SOON})
    with opened(node, clock=FixedClock(START)) as here:
        hook = Webhook("w-1", refused, told, None, secret_box(here).seal(b"s"), "user:adi", START)
        here.store.work.add_webhook(hook)
        near, far = (START.date() + timedelta(days=days) for days in (20, 21))
        keep(here.store, case("c-near", near), case("c-far", far))
        [messages] = [one for one in rounds_of(here, Stop()) if one.name == "messages"]
        messages.work()
        [one] = here.store.work.deliveries("w-1")
        assert one.payload["data"]["id"] == "c-near"


def test_a_worker_wakes_the_cases_whose_rest_is_over(node: Path) -> None:
    until = START.date() + timedelta(days=3)
    for days, state in ((2, State.SNOOZED), (3, State.OPEN)):
        with opened(node, clock=FixedClock(START + timedelta(days=days))) as here:
            if days == 2:
                resting = replace(case("c-rests", None), state=State.SNOOZED, snoozed_until=until)
                keep(here.store, resting)
            [messages] = [one for one in rounds_of(here, Stop()) if one.name == "messages"]
            messages.work()
            found = here.store.cases.find("c-rests", Scope(here.store.tenant))
            assert found is not None
            assert found.state is state
            woken = [act.name for act in here.store.acts() if act.name == "cases_woken"]
            assert len(woken) == (1 if state is State.OPEN else 0)


def test_a_file_that_breaks_off_is_not_kept(tmp_path: Path) -> None:
    def parts() -> Any:
        yield b"abc"
        raise OSError("broken")

    files = WorkFiles(tmp_path / "work")
    with pytest.raises(OSError, match="broken"):
        files.keep("a.csv", parts())
    assert [path for path in (tmp_path / "work").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..", "file"),
        ("", "file"),
        ("../../etc/passwd", "passwd"),
        ("C:\\usage.csv", "usage.csv"),
        (".hidden", "hidden"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
    ],
)
def test_a_name_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_secret_is_kept_under_a_key_of_the_owner_alone(tmp_path: Path) -> None:
    box = NodeSecrets(tmp_path / "keys")
    sealed = box.seal(b"secret")
    assert "secret" not in sealed
    assert NodeSecrets(tmp_path / "keys").open(sealed) == b"secret"
    assert stat.S_IMODE((tmp_path / "keys" / KEY_FILE).stat().st_mode) == 0o600
    with pytest.raises(NodeError, match="add it again"):
        NodeSecrets(tmp_path / "other").open(sealed)
