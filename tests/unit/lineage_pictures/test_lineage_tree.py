"""The text tree of a lineage: every node in full once, what is folded away counted."""

from __future__ import annotations

from collections import Counter

import drawn_lineages as samples
from drawn_lineages import drawing
from sluicegate.core.phrases import Language
from sluicegate.lineage.document import Lineage
from sluicegate.services.lineage.drawing import DrawnLineage
from sluicegate.services.lineage.pictured import Limits
from sluicegate.services.lineage.tree import tree_lines

WHOLE = Limits(20, 50)


def lines(
    lineage: Lineage,
    target: str,
    rule: str = "kthf",
    limits: Limits = WHOLE,
    language: Language = Language.EN,
) -> list[str]:
    return list(tree_lines(drawing(lineage, target, rule, limits), language))


def test_a_shared_cause_stands_in_full_once_and_is_referred_to_elsewhere() -> None:
    shown = lines(samples.feedback(), "policy")
    of_base = [line for line in shown if "(base)" in line]
    assert sum("(see its own line)" in line for line in of_base) == len(of_base) - 1
    assert len(of_base) == 5
    named = Counter(
        node.id
        for node in samples.feedback().nodes
        for line in shown
        if f"({node.id})" in line and "(see its own line)" not in line
    )
    assert named == {node.id: 1 for node in samples.feedback().nodes}


def test_marks_say_what_counts_what_is_cut_and_what_is_not_disclosed() -> None:
    shown = lines(samples.distillation(), "student")
    assert shown[0] == ". Student (student)  model  [with its causes ≥ 9.2e24]"
    assert any("+ Training of the teacher" in line and "not disclosed" in line for line in shown)
    assert any(
        "─/ x Drafted book" in line and "[cut by a human's substantial change]" in line
        for line in shown
    )
    assert shown[-1] == "+ counted   . without compute of its own   x cut off or discarded"


def test_what_lies_too_deep_or_too_wide_is_counted() -> None:
    shown = lines(samples.fan(200), "broad", limits=Limits(2, 2))
    assert shown[-3].endswith("└── … further causes: 198, 1.78e22 FLOP counted, 20 not disclosed")
    deep = lines(samples.chain(1_000), "last", limits=Limits(2, 2))
    assert deep[3].strip() == "└── … further causes: 998, 9.98e22 FLOP counted"


def test_it_is_said_in_chinese_and_of_nothing_too() -> None:
    shown = lines(samples.distillation(), "student", language=Language.ZH)
    assert shown[0] == ". Student (student)  模型  [连同成因 ≥ 9.2e24]"
    assert list(tree_lines(DrawnLineage())) == ["The lineage is empty."]
