"""What is drawn of a lineage adds up: nothing is lost, and each node tells what is behind it."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import drawn_lineages as samples
from drawn_lineages import LAW, accounted, drawing, node, run
from sluicegate.lineage.accounting import account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import (
    Discard,
    HumanChange,
    Lineage,
    NodeKind,
    Quantity,
    Query,
)
from sluicegate.lineage.tallying import Ground, Options
from sluicegate.services.lineage.drawing import (
    Standing,
    Tie,
    drawing_document,
)
from sluicegate.services.lineage.pictured import Limits, drawn


@st.composite
def lineages(draw: st.DrawFn) -> Lineage:
    """Draw a graph of which every node is before those it leads to; the last is the target."""
    count = draw(st.integers(1, 12))
    discards = st.sampled_from([None, None, None, *Discard])
    storage = st.sampled_from([(), ("bucket-1",), ("bucket-2",)])
    day = date(2026, 1, 1)
    nodes = [
        run(
            f"n{place}",
            draw(st.sampled_from([None, 0, 3, 10**26])),
            discarded_by=draw(discards),
            started=day + timedelta(days=2 * place),
            ended=day + timedelta(days=2 * place + 1),
            storage=draw(storage),
        )
        for place in range(count - 1)
    ]
    pairs = [(a, b) for b in range(count) for a in range(b)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=30, unique=True)) if pairs else []
    cuts = st.sampled_from([None, None, HumanChange("rewritten")])
    edges = [(f"n{a}", f"n{b}", draw(cuts)) for a, b in chosen]
    started = day + timedelta(days=2 * count)
    last = run(f"n{count - 1}", 1, started=started, ended=started, storage=("bucket-1",))
    return lineage_of([*nodes, last], edges)


@given(lineage=lineages(), depth=st.integers(1, 4), in_row=st.integers(1, 4))
def test_what_is_folded_and_what_is_drawn_are_all_there_is(
    lineage: Lineage, depth: int, in_row: int
) -> None:
    target = lineage.nodes[-1].id
    found = accounted(lineage, target)
    shown = drawing(lineage, target, limits=Limits(depth, in_row))
    folded = [one.folded for one in shown.nodes if one.folded]
    assert len(shown.nodes) + sum(one.nodes for one in folded) == shown.nodes_in_all
    own = {one.id: found.counted.get(one.id, 0) for one in shown.nodes}
    counted = sum(map(Fraction, own.values())) + sum(one.amount.flop for one in folded)
    assert counted == found.amount == shown.total.flop
    assert len(shown.nodes) <= 1 + depth * in_row


@given(lineage=lineages())
def test_a_node_tells_what_counts_of_it_and_all_behind_it(lineage: Lineage) -> None:
    target = lineage.nodes[-1].id
    for one in drawing(lineage, target, limits=Limits(20, 20)).nodes:
        if one.standing is Standing.OUT:
            assert one.cumulative is None
            continue
        alone = accounted(lineage, one.id)
        assert one.cumulative is not None
        assert one.cumulative.flop == alone.amount
        assert bool(one.cumulative.undisclosed) is not alone.complete


@given(lineage=lineages())
def test_what_is_out_is_what_the_account_excludes(lineage: Lineage) -> None:
    """Behind a presumed cause more may be out than what the edges as given lead to."""
    target = lineage.nodes[-1].id
    for options in (Options(presume=False), Options()):
        query = Query((target,), Quantity.TRAINING_COMPUTE)
        found = account(lineage, query, LAW, options)
        shown = drawn(Ground(lineage, LAW, "kthf", options), found, Limits(20, 20))
        out = {one.id for one in shown.nodes if one.standing is Standing.OUT}
        excluded = set(found.excluded_nodes)
        assert out.isdisjoint(found.counted)
        assert out >= excluded if options.presume else out == excluded


def test_a_cut_is_drawn_as_cut_with_what_it_rests_on() -> None:
    shown = drawing(samples.distillation(), "student")
    [cut] = [one for one in shown.ties if one.tie is Tie.CUT]
    assert (cut.cause, cut.target, cut.evidence) == ("drafts", "book", samples.EDITED.evidence)
    standing = {one.id: one.standing for one in shown.nodes}
    assert standing["draft-run"] is standing["drafts"] is Standing.OUT
    assert standing["teacher-run"] is Standing.COUNTED
    assert standing["book"] is Standing.WITHOUT


def test_a_presumed_cause_is_drawn_as_presumed_and_only_where_no_other_leads_there() -> None:
    shown = drawing(samples.shared_storage(4), "made", limits=Limits(9, 9))
    presumed = [one for one in shown.ties if one.tie is Tie.PRESUMED]
    assert {(one.cause, one.target) for one in presumed} == {
        ("earlier-3", "last-run"),
        ("earlier-2", "earlier-3"),
        ("earlier-1", "earlier-2"),
        ("earlier-0", "earlier-1"),
    }
    assert all(one.standing is not Standing.OUT for one in shown.nodes)
    assert shown.total.flop == 11 * 10**24


def test_of_many_causes_the_largest_are_drawn_and_the_rest_is_told() -> None:
    shown = drawing(samples.fan(200), "broad", limits=Limits(2, 3))
    assert [one.id for one in shown.nodes] == ["broad", "train", "set-198", "set-197", "set-196"]
    folded = shown.nodes[1].folded
    assert folded is not None
    assert (folded.nodes, folded.amount.undisclosed) == (197, 20)


def test_a_cause_behind_something_without_compute_is_as_large_as_what_is_behind_it() -> None:
    lineage = lineage_of(
        [
            *(run(f"small-{number}", 5) for number in range(4)),
            run("large", 10**27),
            node("model", NodeKind.MODEL),
            run("end", 1),
        ],
        [
            *((f"small-{number}", "end", None) for number in range(4)),
            ("large", "model", None),
            ("model", "end", None),
        ],
    )
    shown = drawing(lineage, "end", limits=Limits(2, 1))
    assert [one.id for one in shown.nodes] == ["end", "model", "large"]


@pytest.mark.parametrize("length", [30_000])
def test_a_deep_chain_is_drawn_from_its_end(length: int) -> None:
    shown = drawing(samples.chain(length), "last", limits=Limits(3, 2))
    folded = shown.nodes[-1].folded
    assert folded is not None
    assert (len(shown.nodes), folded.nodes) == (4, length - 3)
    assert folded.amount.flop == (length - 3) * 10**20


def test_a_program_reads_what_is_drawn() -> None:
    document = drawing_document(drawing(samples.feedback(), "policy"))
    rows = {one["id"]: one for one in document["nodes"]}
    assert rows["trial-1"]["discarded_by"] == "human"
    assert rows["trial-1"]["standing"] == "out"
    assert rows["policy"]["cumulative"] == document["flop"] == "21370000000000000000000000"
    assert {one["tie"] for one in document["edges"]} == {"stated"}
