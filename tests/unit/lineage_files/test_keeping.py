"""Lineages are taken in by version, with what people state of them, and every change is an act."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from empty_stores import empty_store
from principals import principal
from sluicegate.adapters.lineage.reading import read_content
from sluicegate.adapters.store import SqlStore
from sluicegate.core.clock import FixedClock
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.lineage.document import HumanChange, Interval
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.asking import Asking
from sluicegate.services.lineage.importing import ImportOptions, Outcome, TakenIn, import_file
from sluicegate.services.lineage.keeping import LineageError, Stating, state, withdraw
from sluicegate.services.lineage.rows import lineage_document, taken_row
from sluicegate.services.lineage.showing import (
    account_kept,
    kept_lineage,
    lineage_versions,
    lineages_with,
    list_lineages,
    totals,
)
from sluicegate.services.ports.lineage import StatementKind
from sluicegate.wiring.access import authority_of

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
LAW = Law(shipped_book(), date(2026, 6, 30))
TEACHER = {"id": "teacher", "kind": "run", "flop": "4e25"}
NODES = [
    TEACHER,
    {"id": "corpus", "kind": "data", "label": "Invented corpus"},
    {"id": "train", "kind": "run", "flop": "1e25"},
    {"id": "heron", "kind": "model"},
]
EDGES = [
    {"from": "teacher", "to": "corpus"},
    {"from": "corpus", "to": "train"},
    {"from": "train", "to": "heron"},
]
CUT = StatementKind.HUMAN_CHANGE
APART = StatementKind.INDEPENDENCE


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with empty_store(FixedClock(AT)) as opened:
        yield opened


def desk(store: SqlStore, role: str = "analyst", days: int = 0) -> Desk:
    return Desk(principal(role), store, authority_of(), FixedClock(AT + timedelta(days=days)))


def take(
    at: Desk, *, dry_run: bool = False, reason: str = "", name: str = "heron", **given: Any
) -> tuple[TakenIn, ...]:
    document = {"nodes": NODES, "edges": EDGES, **given}
    read = read_content(json.dumps(document).encode())
    return tuple(import_file(at, read, ImportOptions("lab", name, reason, dry_run)))


def take_one(at: Desk, **given: Any) -> TakenIn:
    (found,) = take(at, **given)
    return found


def acts(store: SqlStore) -> list[str]:
    return [one.name for one in store.acts()]


def stating(kind: StatementKind = CUT, cause: str = "corpus", target: str = "train") -> Stating:
    return Stating(kind, cause, target, "rewritten by editors", "edit log", date(2026, 3, 1))


def total(at: Desk) -> int:
    (account,) = account_kept(kept_lineage(at, "heron"), LAW, Asking(targets=("heron",)))
    return int(account.amount)


def test_the_same_bytes_change_nothing_and_other_content_is_a_new_version(store: SqlStore) -> None:
    at = desk(store)
    first = take_one(at)
    assert (first.outcome, take_one(at).outcome) == (Outcome.NEW, Outcome.UNCHANGED)
    more = [*NODES, {"id": "more", "kind": "run", "flop": "1e24"}]
    second = take_one(at, nodes=more, reason="a run was missing")
    assert second.outcome is Outcome.CHANGED
    assert first.version is not None
    assert second.version is not None
    assert (second.version.version, second.version.supersedes) == (2, first.version.version_id)
    assert second.version.reason == "a run was missing"
    assert acts(store) == ["lineage_kept", "lineage_kept"]
    assert [one.version for one in lineage_versions(at, "heron")] == [1, 2]


def test_the_same_content_in_other_bytes_changes_nothing(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    assert take_one(at, queries=[]).outcome is Outcome.UNCHANGED
    assert acts(store) == ["lineage_kept"]


def test_a_file_of_long_ago_is_a_change_again(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    take_one(at, nodes=[*NODES, {"id": "x", "kind": "run"}])
    found = take_one(at)
    assert found.outcome is Outcome.CHANGED
    assert found.version is not None
    assert found.version.version == 3


def test_a_dry_run_keeps_nothing(store: SqlStore) -> None:
    found = take_one(desk(store), dry_run=True)
    assert (found.outcome, acts(store), list(store.lineages.versions())) == (Outcome.NEW, [], [])


@pytest.mark.parametrize(
    ("given", "fault", "nodes"),
    [
        ({"nodes": [*NODES, TEACHER]}, "duplicate", ("teacher",)),
        ({"nodes": [*NODES, {"id": "n", "kind": "run", "flop": -1}]}, "negative", ("n",)),
        ({"edges": [{"from": "gone", "to": "train"}]}, "dangling", ("gone",)),
        ({"edges": [*EDGES, {"from": "train", "to": "corpus"}]}, "cycle", ("corpus", "train")),
        ({"nodes": [*NODES, {"id": "n", "kind": "run", "flop": True}]}, "flop", ("n",)),
        (
            {"nodes": [*NODES, {"id": "n", "kind": "run", "flop": 2, "flop_low": 3}]},
            "flop_low",
            ("n",),
        ),
    ],
)
def test_what_is_no_graph_is_refused_with_its_nodes(
    store: SqlStore, given: dict[str, Any], fault: str, nodes: tuple[str, ...]
) -> None:
    found = take_one(desk(store), **given)
    assert found.outcome is Outcome.REFUSED
    assert [(one.field, one.nodes) for one in found.faults] == [(fault, nodes)]
    english, chinese = taken_row(found), taken_row(found, Language.ZH)
    assert english["faults"][0]["problem"] != chinese["faults"][0]["problem"]
    assert acts(store) == []


def test_a_bad_case_does_not_spoil_the_others(store: SqlStore) -> None:
    at = desk(store)
    bad = {"nodes": NODES, "edges": [{"from": "train", "to": "train"}]}
    cases = [{"id": "one", "nodes": NODES}, {"id": "two", **bad}, {"id": "three", "nodes": NODES}]
    read = read_content(json.dumps({"cases": cases}).encode())
    found = import_file(at, read, ImportOptions("lab", "file"))
    assert [one.outcome.value for one in found] == ["new", "refused", "new"]
    assert [one.name for one in list_lineages(at)] == ["file/one", "file/three"]


def test_a_statement_that_could_not_be_read_is_left_out(store: SqlStore) -> None:
    found = take_one(desk(store), independence=[{"cause": "teacher", "target": "*"}])
    assert (found.outcome, len(found.left_out)) == (Outcome.NEW, 1)


def test_a_human_change_stated_by_hand_cuts_and_can_be_withdrawn(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    assert total(at) == 5 * 10**25
    second = state(at, "heron", stating())
    kept = kept_lineage(at, second.lineage_id)
    assert kept.lineage.cuts == {(1, 2): HumanChange("edit log", at.principal.id, date(2026, 3, 1))}
    assert total(at) == 10**25
    third = withdraw(at, "heron", CUT, "corpus", "train", "another corpus was meant")
    assert (third.version, third.statements) == (3, ())
    assert total(at) == 5 * 10**25
    assert acts(store) == ["lineage_kept", "lineage_stated", "lineage_statement_withdrawn"]
    assert kept_lineage(at, "heron", version=2).version == second


def test_statements_by_hand_stay_when_the_file_is_read_again(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    state(at, "heron", stating())
    state(at, "heron", stating(APART, "teacher", "*"))
    assert take_one(at).outcome is Outcome.UNCHANGED
    more = take_one(at, nodes=[*NODES, {"id": "more", "kind": "run"}])
    assert more.version is not None
    assert (len(more.version.statements), more.dropped) == (2, ())
    assert total(at) == 10**25
    gone = take_one(at, edges=EDGES[:1])
    assert [one.kind for one in gone.dropped] == [CUT]
    assert [one.cause for one in kept_lineage(at, "heron").lineage.independence] == ["teacher"]


@pytest.mark.parametrize(
    "wrong",
    [
        stating(CUT, "teacher", "train"),
        stating(CUT, "gone", "train"),
        stating(APART, "teacher", "gone"),
        stating(CUT, "corpus", "*"),
        Stating(CUT, "corpus", "train", " ", "edit log"),
        Stating(APART, "teacher", "*", "kept apart", ""),
    ],
)
def test_a_statement_about_nothing_or_without_grounds_is_refused(
    store: SqlStore, wrong: Stating
) -> None:
    at = desk(store)
    take_one(at)
    with pytest.raises(LineageError) as caught:
        state(at, "heron", wrong)
    assert caught.value.sentence.text(Language.ZH) != str(caught.value)
    assert len(lineage_versions(at, "heron")) == 1


def test_nothing_is_stated_twice_and_only_what_was_stated_is_withdrawn(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    for one in (stating(), stating(APART, "teacher", "*")):
        state(at, "heron", one)
        with pytest.raises(LineageError, match="already"):
            state(at, "heron", one)
    with pytest.raises(LineageError, match="nobody stated"):
        withdraw(at, "heron", CUT, "teacher", "corpus", "a slip")
    with pytest.raises(LineageError, match="reason"):
        withdraw(at, "heron", CUT, "corpus", "train", " ")


def test_a_lineage_is_found_by_id_name_or_source_and_name_as_known(store: SqlStore) -> None:
    at = desk(store)
    first = take_one(at)
    later = desk(store, days=9)
    take_one(later, nodes=[*NODES, {"id": "more", "kind": "run"}])
    for name in (first.lineage_id, "heron", "lab/heron"):
        assert kept_lineage(at, name).version.version == 2
        assert kept_lineage(at, name, known_on=AT).version.version == 1
    for wrong in ("avocet", "ln-0"):
        with pytest.raises(NotFoundError):
            kept_lineage(at, wrong)
    with pytest.raises(NotFoundError):
        kept_lineage(at, "heron", version=7)
    with pytest.raises(NotFoundError):
        kept_lineage(at, "heron", known_on=AT - timedelta(days=1))
    assert [one.version.version for one in lineages_with(at, "corpus")] == [2]
    assert lineages_with(at, "nowhere") == []


def test_totals_are_of_models_and_outputs(store: SqlStore) -> None:
    at = desk(store)
    answer = {"id": "answer", "kind": "output", "flop": "5e20"}
    edges = [*EDGES, {"from": "heron", "to": "answer"}]
    take_one(at, nodes=[*NODES, answer], edges=edges)
    found = list(totals(kept_lineage(at, "heron"), LAW))
    assert [(one.targets, one.quantity.value, one.amount) for one in found] == [
        (("heron",), "training_compute", 5 * 10**25),
        (("answer",), "output_compute", 5 * 10**25 + 5 * 10**20),
    ]


ANSWERS = [
    {"id": "first", "kind": "output", "flop": "5e20"},
    {"id": "second", "kind": "output", "flop": "8e20"},
]
TO_ANSWERS = [*EDGES, {"from": "heron", "to": "first"}, {"from": "heron", "to": "second"}]


def rate(earlier: str = "first", seconds: object = 4) -> dict[str, Any]:
    target = [earlier, "second"]
    return {
        "target": target,
        "quantity": "inference_compute_rate",
        "seconds_between": seconds,
        "cluster_flop_per_second": "3e20",
    }


def test_intervals_between_outputs_are_kept_and_written_again(store: SqlStore) -> None:
    at = desk(store)
    given = {"nodes": [*NODES, *ANSWERS], "edges": TO_ANSWERS}
    other = {"target": "heron", "quantity": "training_compute"}
    found = take_one(at, **given, queries=[other, rate(), rate(), rate(seconds="0.25")])
    assert found.left_out == ()
    kept = kept_lineage(at, "heron")
    fourth = Fraction(1, 4)
    assert kept.lineage.intervals == (
        Interval("first", "second", 4, 3 * 10**20),
        Interval("first", "second", fourth, 3 * 10**20),
    )
    rows = [one.amount for one in account_kept(kept, LAW, Asking()) if one.is_rate]
    assert rows == [2 * 10**20, 32 * 10**20]
    again = read_content(dump_json(lineage_document(kept.lineage)).encode())
    [taken] = import_file(at, again, ImportOptions("lab", "heron"))
    assert taken.outcome is Outcome.UNCHANGED
    third = take_one(at, **given, queries=[rate()])
    assert third.outcome is Outcome.CHANGED
    state(at, "heron", stating())
    assert kept_lineage(at, "heron").lineage.intervals == kept.lineage.intervals[:1]


def test_an_interval_to_a_node_that_is_not_there_is_left_out_and_told(store: SqlStore) -> None:
    given = {"nodes": [*NODES, *ANSWERS], "edges": TO_ANSWERS}
    found = take_one(desk(store), **given, queries=[rate("nobody"), rate()])
    assert [(one.place, one.nodes) for one in found.left_out] == [("queries[0]", ("nobody",))]
    assert found.outcome is Outcome.NEW
    assert len(kept_lineage(desk(store), "heron").lineage.intervals) == 1


def test_who_may_not_is_refused(store: SqlStore) -> None:
    take_one(desk(store))
    reader = desk(store, "auditor")
    assert len(list_lineages(reader)) == 1
    with pytest.raises(RefusedError):
        take(reader)
    with pytest.raises(RefusedError):
        state(reader, "heron", stating())
    with pytest.raises(RefusedError):
        withdraw(reader, "heron", CUT, "corpus", "train", "why")


def test_acts_hold_no_word_of_what_a_lineage_says(store: SqlStore) -> None:
    at = desk(store)
    take_one(at)
    state(at, "heron", stating())
    whole = "".join(str(one.canonical) + one.reason for one in store.acts())
    for word in ("Invented corpus", "teacher", "edit log", "rewritten by editors"):
        assert word not in whole
