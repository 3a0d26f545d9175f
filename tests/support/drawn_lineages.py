"""Small invented lineages of the usual kinds, for pictures, trees and pages."""

from __future__ import annotations

from datetime import date

from sluicegate.lineage.accounting import Account, account
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import (
    Compute,
    Discard,
    HumanChange,
    Lineage,
    Node,
    NodeKind,
    Quantity,
    Query,
)
from sluicegate.lineage.tallying import Ground
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lineage.drawing import DrawnLineage
from sluicegate.services.lineage.pictured import Limits, drawn

EDITED = HumanChange("editors rewrote every page", "the invented Marlow Press", date(2026, 3, 2))


def node(one: str, kind: NodeKind, flop: int | str | None = "", **more: object) -> Node:
    """Return a node; `flop` None is not disclosed, "" is no compute of its own."""
    compute = None if flop == "" else Compute.of(None if flop is None else int(flop))
    return Node(one, kind, compute=compute, **more)  # type: ignore[arg-type]


def run(one: str, flop: int | None = None, **more: object) -> Node:
    """Return a run."""
    return node(one, NodeKind.RUN, flop, **more)


def model(one: str, **more: object) -> Node:
    """Return a model."""
    return node(one, NodeKind.MODEL, **more)  # type: ignore[arg-type]


def fine_tune() -> Lineage:
    """Return a base model, its fine-tuning, and the data that was prepared for it."""
    return lineage_of(
        [
            node("corpus", NodeKind.DATA, 10**22, label="Corpus of web pages"),
            run("base-run", 8 * 10**24, label="Training of Larch-1"),
            model("larch-1", label="Larch-1"),
            node("notes", NodeKind.DATA, 3 * 10**20, label="Prepared notes"),
            run("tune", 4 * 10**23, label="Fine-tuning"),
            model("larch-1-notes", label="Larch-1 for notes"),
        ],
        [
            ("corpus", "base-run", None),
            ("base-run", "larch-1", None),
            ("larch-1", "tune", None),
            ("notes", "tune", None),
            ("tune", "larch-1-notes", None),
        ],
    )


def distillation() -> Lineage:
    """Return a student of an undisclosed teacher and of a book that people rewrote."""
    return lineage_of(
        [
            run("teacher-run", None, label="Training of the teacher"),
            model("teacher", label="Teacher", published=False),
            node("answers", NodeKind.DATA, 2 * 10**23, label="Answers of the teacher"),
            run("draft-run", 5 * 10**25, label="Training of the drafter"),
            node("drafts", NodeKind.DATA, 10**21, label="Drafted book"),
            node("book", NodeKind.DATA, label="Book as published"),
            run("student-run", 9 * 10**24, label="Training of the student"),
            model("student", label="Student"),
        ],
        [
            ("teacher-run", "teacher", None),
            ("teacher", "answers", None),
            ("answers", "student-run", None),
            ("draft-run", "drafts", None),
            ("drafts", "book", EDITED),
            ("book", "student-run", None),
            ("student-run", "student", None),
        ],
    )


def feedback() -> Lineage:
    """Return reinforcement learning from feedback, with trials thrown away."""
    return lineage_of(
        [
            run("base-run", 2 * 10**25, label="Pre-training"),
            model("base", label="Base model"),
            node("samples", NodeKind.DATA, 10**22, label="Sampled answers"),
            node("raters", NodeKind.HUMAN, label="Raters"),
            node("scores", NodeKind.DATA, label="Comparisons by raters"),
            run("reward-run", 6 * 10**22, label="Training of the reward model"),
            model("reward", label="Reward model"),
            run("trial-1", 7 * 10**23, label="Trial judged poor", discarded_by=Discard.HUMAN),
            run("trial-2", 3 * 10**23, label="Trial that failed", discarded_by=Discard.FAILURE),
            run("policy-run", 10**24, label="Reinforcement learning"),
            model("policy", label="Model with feedback"),
        ],
        [
            ("base-run", "base", None),
            ("base", "samples", None),
            ("samples", "scores", None),
            ("raters", "scores", None),
            ("scores", "reward-run", None),
            ("base", "reward-run", None),
            ("reward-run", "reward", None),
            ("base", "trial-1", None),
            ("base", "trial-2", None),
            ("trial-1", "policy-run", None),
            ("trial-2", "policy-run", None),
            ("reward", "policy-run", None),
            ("base", "policy-run", None),
            ("policy-run", "policy", None),
        ],
    )


def merge() -> Lineage:
    """Return a merge of two fine-tunes of one base."""
    return lineage_of(
        [
            run("base-run", 6 * 10**24, label="Pre-training"),
            model("base", label="Base model"),
            run("code-run", 2 * 10**23, label="Fine-tuning on code"),
            model("code", label="Model for code"),
            run("law-run", 10**23, label="Fine-tuning on statutes"),
            model("law", label="Model for statutes"),
            node("merging", NodeKind.OTHER, 10**17, label="Averaging of weights"),
            model("merged", label="Merged model"),
        ],
        [
            ("base-run", "base", None),
            ("base", "code-run", None),
            ("base", "law-run", None),
            ("code-run", "code", None),
            ("law-run", "law", None),
            ("code", "merging", None),
            ("law", "merging", None),
            ("merging", "merged", None),
        ],
    )


def agent_output() -> Lineage:
    """Return an agent's report: two models, a tool's output, and an earlier answer."""
    return lineage_of(
        [
            run("planner-run", 3 * 10**25, label="Training of the planner"),
            model("planner", label="Planner"),
            run("searcher-run", 2 * 10**24, label="Training of the searcher"),
            model("searcher", label="Searcher"),
            node("plan", NodeKind.OUTPUT, 4 * 10**15, label="Plan"),
            node("found", NodeKind.OUTPUT, 9 * 10**15, label="Pages found"),
            node("tool", NodeKind.OTHER, 10**12, label="Query of a database"),
            node("report", NodeKind.OUTPUT, 2 * 10**16, label="Report"),
        ],
        [
            ("planner-run", "planner", None),
            ("searcher-run", "searcher", None),
            ("planner", "plan", None),
            ("plan", "found", None),
            ("searcher", "found", None),
            ("tool", "found", None),
            ("found", "report", None),
            ("planner", "report", None),
        ],
    )


def chain(length: int) -> Lineage:
    """Return runs that each follow from the one before; the last is the model `last`."""
    runs = [run(f"step-{number}", 10**20) for number in range(length)]
    pairs = [(f"step-{number}", f"step-{number + 1}", None) for number in range(length - 1)]
    return lineage_of([*runs, model("last")], [*pairs, (f"step-{length - 1}", "last", None)])


def fan(width: int) -> Lineage:
    """Return a run fed by so many sets of data, every tenth not disclosed."""
    sets = [
        node(f"set-{number}", NodeKind.DATA, None if number % 10 == 9 else 10**20 + number)
        for number in range(width)
    ]
    return lineage_of(
        [*sets, run("train", 10**24), model("broad")],
        [*((f"set-{n}", "train", None) for n in range(width)), ("train", "broad", None)],
    )


LAW = Law(shipped_book(), date(2026, 11, 1))


def accounted(lineage: Lineage, target: str, rule: str = "kthf") -> Account:
    """Return the training compute of a node."""
    return account(lineage, Query((target,), Quantity.TRAINING_COMPUTE, rule), LAW)


def drawing(
    lineage: Lineage, target: str, rule: str = "kthf", limits: Limits | None = None
) -> DrawnLineage:
    """Return what is drawn of the training compute of a node."""
    found = accounted(lineage, target, rule)
    return drawn(Ground(lineage, LAW, rule), found, limits or Limits())


def shared_storage(runs: int = 4) -> Lineage:
    """Return a model whose run shared storage with earlier runs that no edge names."""
    earlier = [
        run(
            f"earlier-{number}",
            10**23 * (number + 1),
            label=f"Earlier run {number + 1}",
            started=date(2026, 1, 1 + 2 * number),
            ended=date(2026, 1, 2 + 2 * number),
            storage=("bucket-7",),
        )
        for number in range(runs)
    ]
    last = run(
        "last-run",
        10**25,
        label="Training on the same storage",
        started=date(2026, 6, 1),
        ended=date(2026, 6, 30),
        storage=("bucket-7",),
    )
    return lineage_of([*earlier, last, model("made", label="Model")], [("last-run", "made", None)])
