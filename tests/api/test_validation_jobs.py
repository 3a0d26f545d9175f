"""Packs and changes of screening that are asked for become jobs, and the jobs do them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from principals import principal
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.validation import ChangeKind, ProposalState
from sluicegate.services.ports.work import Job, JobState
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import (
    Asked,
    KeptFile,
    ListImportJob,
    ScreeningChangeJob,
    ScreeningJob,
    ValidationJob,
)
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.validation import pack_archive, packs_on_node
from sluicegate.wiring.work import operator_desk, work_at
from sluicegate.wiring.works import work_files
from tiny_world import tiny_node

OWN = b"id,name,schema\n1,Mirea Sandling,Person\n2,Pell Weather,Organization\n"
NEWER = OWN + b"3,Mirea Sandlin,Person\n"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    """A node that has a list and was screened once."""
    with opened(tiny_node(tmp_path_factory.mktemp("jobs") / "node")) as found:
        done(found, ListImportJob(kept(found, "own.csv", OWN), "own_watch"))
        done(found, ScreeningJob())
        yield found


def kept(node: OpenNode, name: str, content: bytes) -> KeptFile:
    return work_files(node).keep(name, [content])


def done(node: OpenNode, asked: Asked) -> Job:
    job = ask_job(operator_desk(node), asked)
    work_at(node.node.folder.path, is_once=True)
    after = node.store.work.job(job.job_id)
    assert after is not None
    return after


def test_a_pack_that_was_asked_for_lies_on_the_node_and_its_giving_is_an_act(
    node: OpenNode,
) -> None:
    job = done(node, ValidationJob(seed=3, names=2, sample=5))
    assert job.state is JobState.DONE, job.problem
    assert job.result is not None
    pack = job.result["pack"]
    assert job.result["figures"]["by_kind"]["exact"] == [2, 2]
    assert "Sandling" not in str(job.result)
    auditor = Desk(principal("auditor"), node.store, authority_of(node), node.clock)
    assert packs_on_node(node, auditor) == {pack}
    given = pack_archive(node, auditor, pack)
    assert given.name.endswith(f"{pack}.zip")
    assert given.content.startswith(b"PK")
    last = list(node.store.acts())[-1]
    assert last.name == "read"
    assert pack.encode() in last.canonical
    other = replace(auditor, principal=principal("auditor", "other"))
    with pytest.raises(NotFoundError):
        pack_archive(node, other, pack)
    with pytest.raises(RefusedError):
        pack_archive(node, replace(auditor, principal=principal("viewer")), pack)


def test_another_score_is_replayed_and_waits_for_a_second_person(node: OpenNode) -> None:
    job = done(node, ScreeningChangeJob("fewer look-alikes", 9_999))
    assert job.result is not None, job.problem
    [made] = [one for one in node.store.validation.proposals() if one.threshold == 9_999]
    assert made.proposal_id == job.result["proposal"]
    assert (made.state, made.reason) == (ProposalState.PROPOSED, "fewer look-alikes")
    assert job.result["lost"] == len(made.moments[0].lost) > 0


def test_a_file_of_a_list_is_tried_and_not_taken_in(node: OpenNode) -> None:
    before = node.store.lists.versions()
    empty = kept(node, "none.csv", b"id,name\n")
    failed = done(node, ScreeningChangeJob("a new source", file=empty))
    assert failed.state is JobState.FAILED
    assert failed.problem is not None
    assert "none.csv" in failed.problem.en
    assert str(node.node.folder.path) not in failed.problem.en
    newer = kept(node, "newer.csv", NEWER)
    job = done(node, ScreeningChangeJob("a new source", file=newer, list_id="own_watch"))
    assert job.result is not None, job.problem
    assert job.result["gained"] == 1
    newest = node.store.validation.proposals()[0]
    assert (newest.kind, newest.list_id) == (ChangeKind.LIST, "own_watch")
    assert node.store.lists.versions() == before


def test_what_cannot_be_proposed_fails_with_the_reason_in_both_languages(node: OpenNode) -> None:
    job = done(node, ScreeningChangeJob("the algorithm is the same"))
    assert job.state is JobState.FAILED
    assert job.problem is not None
    assert "nothing would change" in job.problem.en
    assert job.problem.zh != job.problem.en


def test_whoever_may_not_validate_asks_for_nothing(node: OpenNode) -> None:
    viewer = Desk(principal("engineer"), node.store, authority_of(node), node.clock)
    for asked in (ValidationJob(1, 1, 1), ScreeningChangeJob("why")):
        with pytest.raises(RefusedError):
            ask_job(viewer, asked)
