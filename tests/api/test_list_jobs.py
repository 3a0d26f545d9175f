"""Lists, statements of ownership and the search for links are jobs, and the jobs do them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from sluicegate.registry.records import OwnershipEdge
from sluicegate.services.ports.work import Job, JobState
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import (
    Asked,
    KeptFile,
    LinksJob,
    ListImportJob,
    OwnershipJob,
)
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.work import operator_desk, work_at
from sluicegate.wiring.works import work_files
from tiny_world import tiny_node

OWN = b"id,name,country\n1,Brask Meridian Trading,NL\n2,Calder Firth Dredging,IE\n"
STATED = (
    b'{"id":"o-1","schema":"Company","properties":{"name":["Tern Hollow Holding"]}}\n'
    b'{"id":"c-9","schema":"Company","properties":{"name":["Quarrel Moor Data"]}}\n'
    b'{"id":"w-1","schema":"Ownership","properties":'
    b'{"owner":["o-1"],"asset":["c-9"],"percentage":["60"]}}\n'
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[OpenNode]:
    with opened(tiny_node(tmp_path / "node")) as found:
        yield found


def kept(node: OpenNode, name: str, content: bytes) -> KeptFile:
    return work_files(node).keep(name, [content])


def done(node: OpenNode, asked: Asked) -> Job:
    job = ask_job(operator_desk(node), asked)
    work_at(node.node.folder.path, is_once=True)
    after = node.store.work.job(job.job_id)
    assert after is not None
    return after


def test_a_list_that_was_sent_becomes_the_version_in_use(node: OpenNode) -> None:
    file = kept(node, "own.csv", OWN)
    trial = done(node, ListImportJob(file, "own_watch", is_dry_run=True))
    assert trial.state is JobState.DONE, trial.problem
    assert node.store.lists.versions() == ()
    job = done(node, ListImportJob(file, "own_watch"))
    assert job.result is not None
    [row] = job.result["lists"]
    assert (row["list"], row["state"], row["entries"]) == ("own_watch", "taken in", 2)
    [version] = node.store.lists.versions()
    assert version.about.list_id == "own_watch"


def test_a_list_that_is_refused_says_why_and_names_no_place_on_the_machine(node: OpenNode) -> None:
    job = done(node, ListImportJob(kept(node, "none.csv", b"id,name\n"), "own_watch"))
    assert job.state is JobState.FAILED
    assert job.problem is not None
    assert "none.csv" in job.problem.en
    assert str(node.node.folder.path) not in job.problem.en


def test_statements_that_were_sent_are_read_into_the_registry(node: OpenNode) -> None:
    file = kept(node, "stated.ftm.json", STATED)
    job = done(node, OwnershipJob(file, "register", {"c-9": "c-lab"}))
    assert job.state is JobState.DONE, job.problem
    held = node.store.histories.versions("ownership", "owned_id", ["c-lab"])
    assert [(one.owned_id, one.share) for one in held if isinstance(one, OwnershipEdge)] == [
        ("c-lab", Fraction(3, 5))
    ]


def test_links_are_found_as_a_job_that_names_nobody(node: OpenNode) -> None:
    signs = [
        {"source": "portal", "customer_id": key, "signal": "device", "value": "dev-99af"}
        for key in ("c-small-1", "c-small-2")
    ]
    node.store.put("account_signals", signs, at=node.clock.now(), by="ana")
    job = done(node, LinksJob())
    assert (job.state, job.problem) == (JobState.DONE, None)
    assert job.result is not None
    assert (job.result["groups"], job.result["suggestions"]) == (1, None)
    assert "c-small-1" not in str(dict(job.result))
    assert node.store.links.group_of("c-small-2") is not None


def test_a_job_that_cannot_look_for_duplicates_keeps_the_links_and_says_why(
    node: OpenNode,
) -> None:
    job = done(node, LinksJob(least_per_mille=900))
    assert (job.state, node.store.links.mark() is None) == (JobState.FAILED, False)
    assert job.problem is not None
    assert ("too few" in job.problem.en, "不足以学习" in job.problem.zh) == (True, True)
