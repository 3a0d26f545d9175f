"""Who waits for a page or an answer is told when too much stands behind what is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sluicegate.core.phrases import Language
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import (
    Compute,
    HumanChange,
    Lineage,
    Node,
    NodeKind,
    Quantity,
    Query,
)
from sluicegate.lineage.tallying import Options
from sluicegate.lineage.walking import Way, count_behind, reached
from sluicegate.services.lineage.bounding import (
    TooMuchBehindError,
    refuse_too_much,
    within_bounds,
)


def chain(length: int, cut: int | None = None) -> Lineage:
    nodes = [Node(f"n{place}", NodeKind.RUN, compute=Compute.of(1)) for place in range(length)]
    change = HumanChange("minutes", "a panel")
    ends = range(length - 1)
    return lineage_of(nodes, [(f"n{a}", f"n{a + 1}", change if a == cut else None) for a in ends])


def asked(*targets: str, rule: str = "kthf") -> list[Query]:
    return [Query((one,), Quantity.TRAINING_COMPUTE, rule) for one in targets]


def test_as_much_as_the_bound_is_counted_and_one_more_is_refused() -> None:
    lineage = chain(100)
    refuse_too_much(lineage, asked("n49"), most=50)
    with pytest.raises(TooMuchBehindError) as told:
        refuse_too_much(lineage, asked("n50"), most=50)
    assert "sluicegate lineage account" in str(told.value)
    assert "50" in told.value.sentence.text(Language.ZH)
    assert told.value.sentence.text(Language.ZH) != str(told.value)


def test_several_targets_share_the_bound() -> None:
    lineage = chain(100)
    refuse_too_much(lineage, asked("n9", "n9", "n9"), most=30)
    with pytest.raises(TooMuchBehindError):
        refuse_too_much(lineage, asked("n9", "n9", "n10"), most=30)
    queries = asked("n9", "n19", "n0")
    assert list(within_bounds(lineage, queries, most=29)) == queries[:1]
    assert list(within_bounds(lineage, queries, most=31)) == queries


def test_what_is_cut_off_is_looked_at_too_and_counts_to_the_bound() -> None:
    lineage = chain(100, cut=80)
    with pytest.raises(TooMuchBehindError):
        refuse_too_much(lineage, asked("n99"), most=50)


def test_presumed_causes_count_to_the_bound_as_far_as_they_are_presumed() -> None:
    first, last = date(2026, 1, 1), date(2026, 3, 1)
    disk = replace(Node("", NodeKind.RUN, compute=Compute.of(1)), storage=("disk",))
    before = [replace(disk, id=f"b{one}", started=first, ended=first) for one in range(20)]
    lineage = lineage_of([*before, replace(disk, id="late", started=last, ended=last)], [])
    with pytest.raises(TooMuchBehindError):
        refuse_too_much(lineage, asked("late"), most=10)
    refuse_too_much(lineage, asked("late"), Options(presume=False), most=10)
    refuse_too_much(lineage, asked("late", rule="sb53"), most=10)


def test_a_count_ends_a_little_above_its_bound() -> None:
    lineage, way = chain(1_000), Way()
    assert count_behind(lineage, [999], way, 1_000) == len(reached(lineage, [999], way))
    assert 10 < count_behind(lineage, [999], way, 10) < 20
