"""A pass of a node: what it keeps, what it leaves alone, and what its acts hold."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import tiny_world
from sluicegate.adapters.store import SqlStore
from sluicegate.cli.working import known_option
from sluicegate.core.canonical import digest
from sluicegate.registry.records import Customer, OwnershipEdge
from sluicegate.services.asking import ask_question
from sluicegate.services.assess import stored_form
from sluicegate.wiring import IntakeOptions, OpenNode, opened, take_in
from tiny_world import AT, CLOCK, PEOPLE, pass_over, small_demo

LATER = AT + timedelta(days=1)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[OpenNode]:
    with opened(tiny_world.tiny_node(tmp_path / "node"), clock=CLOCK) as found:
        yield found


def rows(node: OpenNode) -> dict[str, int]:
    """Return how many rows each table of the store has."""
    with closing(sqlite3.connect(node.node.folder.store_file)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
        }


def take(node: OpenNode, folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    assert take_in(node, [file], IntakeOptions()).rejected == 0


def test_a_pass_finds_every_customer_that_stands_for_something(node: OpenNode) -> None:
    found = {(str(f.subject), f.rule) for f in pass_over(node).assessment.findings}
    assert found >= {
        ("run:c-lab/r-lab", "us_ca.sb53.frontier_developer"),
        ("group:p-sandling", "assess.kyc.structuring"),
        ("customer:c-sub", "us.iaas_proposal.foreign_beneficial_owner"),
        ("run:c-tuner/r-tune", "eu.gpai_guidelines.modifier_provider"),
        ("customer:c-grow", "assess.kyc.compute_used"),
        ("cluster:mossbank-a", "kthf.oversight.cluster_verification"),
    }
    assert not [pair for pair in found if "c-small" in pair[0]]


def test_a_second_pass_over_an_unchanged_node_stores_nothing(node: OpenNode) -> None:
    first = pass_over(node).assessment
    before = rows(node)
    again = pass_over(node, at=LATER).assessment
    assert rows(node) == before
    assert (again.changes, again.pass_id) == ((), None)
    assert [f.as_json() for f in again.findings] == [f.as_json() for f in first.findings]


def test_a_day_later_with_nothing_new_stores_nothing(node: OpenNode) -> None:
    """Only the approaching customer's projection moves with the day; the rest stays as it was."""
    pass_over(node)
    before = node.store.last_findings()
    later = pass_over(node, date(2026, 7, 1), at=LATER).assessment
    after = node.store.last_findings()
    moved = {key for key in after if after[key] != before.get(key)}
    assert {after[key]["subject"] for key in moved} <= {"customer:c-grow"}
    assert later.changes == ()


def test_a_correction_of_the_source_is_a_change_and_the_old_version_stays(
    node: OpenNode, tmp_path: Path
) -> None:
    pass_over(node)
    text = tiny_world.USAGE.replace(",30000,", ",300,")
    take(node, tmp_path / "corrected", "usage.csv", text)
    versions = rows(node)["findings"]
    again = pass_over(node, at=LATER).assessment
    cleared = {one.finding: one.subject for one in again.changes if one.kind.value == "cleared"}
    assert set(cleared.values()) == {"run:c-lab/r-lab", "customer:c-lab"}
    assert rows(node)["findings"] > versions
    assert not set(node.store.last_findings()) & set(cleared)
    assert set(cleared) <= set(node.store.last_findings(known_on=AT + timedelta(hours=1)))


def test_a_dry_pass_lists_the_changes_it_would_make_and_keeps_none(node: OpenNode) -> None:
    before = rows(node)
    dry = pass_over(node, keep=False).assessment
    assert rows(node) == before
    assert dry.pass_id is None
    assert len(dry.changes) == len(dry.findings)


def test_looking_back_stores_nothing_and_sees_only_what_was_known(
    node: OpenNode, tmp_path: Path
) -> None:
    pass_over(node)
    before = rows(node)
    now = pass_over(node, known_on=AT + timedelta(days=1)).assessment
    assert len(now.findings) > 10
    past = pass_over(node, known_on=datetime(2026, 6, 30, tzinfo=UTC)).assessment
    assert past.findings == ()
    assert (now.changes, past.changes) == ((), ())
    assert (now.pass_id, past.pass_id) == (None, None)
    assert rows(node) == before


def test_the_law_is_looked_at_as_known_by_the_end_of_the_day_named(node: OpenNode) -> None:
    """`--known-on D` stands for the midnight after D; what became known on the next day is not."""
    midnight = datetime(2026, 6, 30, tzinfo=UTC)
    assert tiny_world.measure(node, known_on=midnight).known_day == date(2026, 6, 29)
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert tiny_world.measure(node, known_on=noon).known_day == date(2026, 6, 30)
    assert tiny_world.measure(node).known_day is None
    assert known_option("2026-06-30") == midnight + timedelta(days=1)


def test_a_kept_pass_writes_one_act_with_the_digests_of_what_it_kept(node: OpenNode) -> None:
    assessment = pass_over(node).assessment
    [act] = [one for one in node.store.acts() if one.name == "assessed"]
    document = json.loads(act.canonical)
    record = document["record"]
    assert record["pass"] == assessment.pass_id
    assert record["as_of"] == "2026-06-30"
    stored = node.store.last_findings()
    assert record["changed"] == {key: digest(one) for key, one in stored.items()}
    owed = node.store.last_obligations()
    assert record["obligations"] == {key: digest(one) for key, one in owed.items()}


def test_an_act_that_cannot_be_written_keeps_nothing_of_its_pass(
    node: OpenNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(node)

    def fails(*_: Any, **__: Any) -> str:
        raise OSError("the disk is full")

    monkeypatch.setattr(SqlStore, "act", fails)
    with pytest.raises(OSError, match="disk is full"):
        pass_over(node)
    assert rows(node) == before


def test_acts_name_no_human_being(node: OpenNode) -> None:
    pass_over(node)
    said = b"".join(act.canonical for act in node.store.acts()).decode()
    assert "p-sandling" in said or "intake" in said
    for word in PEOPLE:
        assert word not in said


def test_acts_of_the_demo_hold_no_name_and_no_address() -> None:
    folder, _ = small_demo()
    with opened(folder) as node:
        said = b"\n".join(act.canonical for act in node.store.acts()).decode()
        private = {
            text
            for one in node.store.records("customers")
            if isinstance(one, Customer)
            for text in (one.name, one.address, one.email, one.telephone, *one.ip_addresses)
            if text
        } | {
            one.owner_name
            for one in node.store.records("ownership")
            if isinstance(one, OwnershipEdge)
        }
    assert len(private) > 300
    assert [text for text in private if text in said] == []
    assert '"assessed"' in said


def test_every_finding_is_reproduced_by_the_question_it_names() -> None:
    """`assess` decides nothing that `ask` cannot reproduce from the finding's own facts."""
    _, demo = small_demo()
    findings = demo.passed.assessment.findings
    assert len({finding.question for finding in findings}) >= 8
    for finding in findings:
        asked = ask_question(
            finding.question, finding.facts, as_of=finding.as_of, readings=finding.readings
        )
        assert asked.answer_json() == finding.answer, finding.id
        for facts in finding.facts_by_bound.values():
            ask_question(finding.question, facts, as_of=finding.as_of, readings=finding.readings)


def test_every_stored_finding_is_reproduced_too() -> None:
    """The document read back from the store gives the same answer as the one that was made."""
    folder, _ = small_demo()
    with opened(folder) as node:
        documents = list(node.store.last_findings().values())
    assert len(documents) > 300
    for one in documents:
        asked = ask_question(
            one["question"], one["facts"], as_of=one["as_of"], readings=one["readings"]
        )
        assert stored_form(asked.answer_json()) == one["answer"], one["id"]
