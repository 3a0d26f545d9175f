"""Long work in the browser: progress that refreshes itself or by a link, cancelling, notices."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect

from console import SESSION, Reader, Running, Visits
from sluicegate.core.phrases import Language
from sluicegate.services.ports.work import Ending, Job, JobState, Told
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import AskManyJob, AssessJob, KeptFile
from sluicegate.wiring.identity import operator_desk
from sluicegate.wiring.works import work_files
from tiny_world import AS_OF

pytestmark = pytest.mark.service("chromium")

WORKER = "a worker of the test"


def taken(console: Running) -> Job:
    """Ask for a pass and let a worker take it, which never does it."""
    store = console.served.store_of(console.served.tenant)
    now = console.served.clock.now()
    for one in store.work.jobs(reader=None, limit=200):
        store.work.cancel_job(one.job_id, at=now)
        if one.worker == WORKER:
            store.work.end_job(one.job_id, WORKER, Ending(JobState.CANCELLED), at=now)
    ask_job(operator_desk(console.served.node), AssessJob(AS_OF))
    job = store.work.take_job(
        WORKER,
        at=now,
        lease_until=now + timedelta(hours=1),
        attempts=3,
        given_up=Told("given up", "放弃"),
    )
    assert job is not None
    return job


def tell(console: Running, job: Job, step: str, done: int, total: int | None) -> None:
    store = console.served.store_of(console.served.tenant)
    until = console.served.clock.now() + timedelta(hours=1)
    store.work.report_job(job.job_id, WORKER, lease_until=until, step=step, done=done, total=total)


def end(console: Running, job: Job, ending: Ending) -> None:
    store = console.served.store_of(console.served.tenant)
    store.work.end_job(job.job_id, WORKER, ending, at=console.served.clock.now())


def test_progress_refreshes_itself_and_stops_when_the_work_is_over(visits: Visits) -> None:
    console = visits.console
    job = taken(console)
    tell(console, job, "totals", 1, 4)
    page = visits.open(f"/jobs/{job.job_id}", Reader("officer"))
    expect(page.locator("#job")).to_contain_text("adds up the totals")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
    tell(console, job, "totals", 3, 4)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "3", timeout=8_000)
    end(console, job, Ending(JobState.FAILED, problem=Told("The files are gone.", "文件已不在。")))
    expect(page.get_by_role("alert")).to_have_text("The files are gone.", timeout=8_000)
    expect(page.locator("[data-hx-get]")).to_have_count(0)


def test_without_scripts_a_link_reads_the_page_again(visits: Visits) -> None:
    console = visits.console
    job = taken(console)
    tell(console, job, "rules", 0, None)
    page = visits.open(f"/jobs/{job.job_id}", Reader("officer", Language.ZH, has_scripts=False))
    expect(page.locator("#job")).to_contain_text("读取规则")
    result = {"as_of": "2026-06-30", "findings": 3, "obligations": 2, "changes": 1, "pass": None}
    end(console, job, Ending(JobState.DONE, result))
    page.get_by_role("link", name="重新读取").click()
    expect(page.locator(".facts").first).to_contain_text("2026年6月30日")
    expect(page.get_by_role("link", name="重新读取")).to_have_count(0)


def test_running_work_is_asked_to_end(visits: Visits) -> None:
    job = taken(visits.console)
    page = visits.open(f"/jobs/{job.job_id}", Reader("engineer", has_scripts=False))
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("It ends at its next step.")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel it")).to_have_count(0)
    end(visits.console, job, Ending(JobState.CANCELLED))


def test_the_list_is_filtered_by_state(visits: Visits) -> None:
    job = taken(visits.console)
    page = visits.open("/jobs?state=running", Reader("engineer", has_scripts=False))
    expect(page.locator("tr[data-row]")).to_have_count(1)
    end(visits.console, job, Ending(JobState.CANCELLED))
    page.get_by_role("link", name="Read it again").click()
    expect(page.get_by_text("No such work was asked for.")).to_be_visible()


def test_work_of_another_is_refused_to_an_analyst_with_the_roles_that_see_it(
    console: Running,
) -> None:
    job = taken(console)
    refused = get(console, f"/jobs/{job.job_id}")
    assert refused.status_code == 403
    assert "officer, engineer, auditor, administrator" in refused.text
    assert job.job_id not in get(console, "/jobs").text
    assert job.job_id in get(console, "/jobs", "auditor").text
    watched = get(console, f"/jobs/{job.job_id}", "auditor")
    assert (watched.status_code, "Cancel it" in watched.text) == (200, False)
    assert (
        get(console, f"/jobs/{job.job_id}/results/rejects.csv", "administrator").status_code == 403
    )
    end(console, job, Ending(JobState.CANCELLED))


def test_answers_of_another_are_neither_listed_nor_given(console: Running) -> None:
    desk = operator_desk(console.served.node)
    kept = KeptFile("rows.csv", "0" * 64, 1)
    job = ask_job(desk, AskManyJob("training_compute", kept))
    (work_files(console.served.node).results(job.job_id) / "answers.csv").write_text("a\n")
    for role in ("analyst", "officer", "administrator"):
        for path in ("", "/results/answers.csv"):
            assert get(console, f"/jobs/{job.job_id}{path}", role).status_code == 404
        assert job.job_id not in get(console, "/jobs", role).text
    desk.store.work.cancel_job(job.job_id, at=console.served.clock.now())


def get(console: Running, path: str, role: str = "analyst") -> httpx.Response:
    cookies = {SESSION: console.tokens[role, Language.EN]}
    return httpx.get(console.address + path, cookies=cookies)


def test_a_person_chooses_what_to_be_told(visits: Visits) -> None:
    page = visits.open("/account", Reader("officer", has_scripts=False))
    page.get_by_role("link", name="What I am told by mail").click()
    page.get_by_label("a case was assigned to me").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Give the address that mails go to.")).to_be_visible()
    expect(page.get_by_label("a case was assigned to me")).to_be_checked()
    page.get_by_label("Mail address").fill("not an address")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("This is no mail address")).to_be_visible()
    page.get_by_label("Mail address").fill("office@node.example")
    page.get_by_label("Days before a due day").fill("99")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Give a number from 0 to 60.")).to_be_visible()
    page.get_by_label("Days before a due day").fill("3")
    page.get_by_role("button", name="Keep").click()
    page.wait_for_url(re.compile("/account/notices"))
    expect(page.get_by_text("It is kept.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Days before a due day")).to_have_value("3")
    expect(page.get_by_label("a case was assigned to me")).to_be_checked()
    expect(page.get_by_label("my proposal was checked")).not_to_be_checked()
