"""Drawn lineages, and what they come to by a reference that does not share the product's ways.

The reference closes relations by brute force over all pairs; it knows no walk, no
joints and no visitors. What a rule counts of runs it asks question training_compute.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from sluicegate.core.quantities import Exact
from sluicegate.lineage.building import Edge, lineage_of
from sluicegate.lineage.counting import RULES, Run, count_runs
from sluicegate.lineage.document import (
    Compute,
    Discard,
    HumanChange,
    Independence,
    Lineage,
    Node,
    NodeKind,
)
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

LAW = Law(shipped_book(), date(2026, 6, 30))
FIRST = date(2025, 1, 1)
HUGE = 10**40
ROLES = (
    "base",
    "finetune",
    "student",
    "data_preparation",
    "data_preparation_for_finetune",
    "teacher_training",
    "synthetic_data_generation",
    "discarded_trial_human_judged",
    "discarded_trial_automatic",
)
SHARES = tuple(Fraction(one) for one in ("0", "0.04", "0.06", "0.10", "0.11", "0.5"))


def node(name: str, kind: str, flop: int | None = -1, **given: object) -> Node:
    """Return a node; `flop` None is not disclosed, and without it there is no compute."""
    compute = None if flop is not None and flop < 0 else Compute.of(flop)
    return Node(name, NodeKind(kind), compute=compute, **given)  # type: ignore[arg-type]


def edges_of(text: str) -> list[Edge]:
    """Read causes such as "a>b b>c"; a mark cuts one: "a|b"."""
    found: list[Edge] = []
    for one in text.split():
        cause, bar, target = one.partition("|" if "|" in one else ">")
        found.append((cause, target, HumanChange("a file", "a person") if bar == "|" else None))
    return found


@dataclass(frozen=True)
class Drawn:
    """Nodes and causes drawn at random; every cause stands before its target in `order`."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    independence: tuple[Independence, ...] = ()

    def built(self) -> Lineage:
        """Return the lineage that they make."""
        return lineage_of(self.nodes, self.edges, self.independence)

    def mixed(self, seed: int) -> Drawn:
        """Return the same in another order."""
        dice = random.Random(seed)
        nodes, edges, independence = list(self.nodes), list(self.edges), list(self.independence)
        for part in (nodes, edges, independence):
            dice.shuffle(part)
        return Drawn(tuple(nodes), tuple(edges), tuple(independence))


def drawn(seed: int, *, roles: bool = False, paths: bool = False) -> Drawn:
    """Draw a lineage of up to twelve nodes.

    `roles`: every node with compute states its role. `paths`: nodes have days and
    physical paths, and some pairs are stated to be independent.
    """
    dice = random.Random(seed)
    names = [f"n{number}" for number in range(dice.randint(1, 12))]
    dice.shuffle(names)
    nodes = [_node(dice, name, roles, paths) for name in names]
    edges = [
        (cause, target, HumanChange() if dice.random() < 0.2 else None)
        for last, target in enumerate(names)
        for cause in names[:last]
        for _ in range(dice.choice((1, 1, 1, 2)) if dice.random() < 0.25 else 0)
    ]
    pairs = [(a, b) for a in names for b in [*names, "*"] if paths and dice.random() < 0.05]
    independence = [
        Independence(cause, target, "kept apart", dice.choice(("a log", "a log", "")))
        for cause, target in pairs
    ]
    return Drawn(tuple(nodes), tuple(edges), tuple(independence)).mixed(seed)


def _node(dice: random.Random, name: str, roles: bool, paths: bool) -> Node:
    compute = _compute(dice)
    found = Node(
        name,
        dice.choice(list(NodeKind)),
        compute=compute,
        discarded_by=dice.choice([*Discard, *[None] * 9]),
    )
    if roles and compute is not None:
        found = replace(
            found,
            role=dice.choice(ROLES),
            generator=dice.choice(("G", "H", None)),
            share_of_training=dice.choice([*SHARES, None]),
            published=dice.choice((True, False, None)),
        )
    if not paths:
        return found
    started = dice.choice((None, *range(12)))
    length = dice.choice((None, 0, 1, 3))
    return replace(
        found,
        started=_day(started),
        ended=None if started is None or length is None else _day(started + length),
        made_on=_day(dice.choice((None, None, *range(12)))),
        storage=tuple(dice.sample(["s", "t"], dice.choice((0, 0, 1, 2)))),
        accounts=tuple(dice.sample(["a"], dice.choice((0, 0, 1)))),
        fabrics=tuple(dice.sample(["f"], dice.choice((0, 0, 0, 1)))),
        imports=tuple(dice.sample([f"n{one}" for one in range(12)], dice.choice((0, 0, 1)))),
    )


def _day(number: int | None) -> date | None:
    return None if number is None else FIRST + timedelta(number)


def _compute(dice: random.Random) -> Compute | None:
    central = dice.randint(0, 50)
    low, high = dice.randint(0, central), dice.randint(central, 60)
    return dice.choice(
        (
            None,
            Compute.of(central),
            Compute.of(central),
            Compute.of(central, low, high),
            Compute.of(None),
            Compute.of(None, low),
            Compute.of(None, low, high),
        )
    )


@dataclass
class Reference:
    """What a drawn lineage comes to, by closing relations over all pairs of ids."""

    drawn: Drawn
    cuts: bool = True
    presume: bool = False
    by_id: dict[str, Node] = field(init=False)
    stated: set[tuple[str, str]] = field(init=False)
    uncut: set[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {one.id: one for one in self.drawn.nodes}
        self.stated = {(cause, target) for cause, target, _ in self.drawn.edges}
        self.uncut = {(cause, target) for cause, target, cut in self.drawn.edges if cut is None}

    def closed(self, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return all pairs of an ancestor and a descendant, each node its own as well."""
        found = pairs | {(one, one) for one in self.by_id}
        for middle in self.by_id:
            before = [a for a, b in found if b == middle]
            after = [b for a, b in found if a == middle]
            found |= {(a, b) for a in before for b in after}
        return found

    def presumed(self) -> set[tuple[str, str]]:
        """Return the presumed pairs, judged one by one."""
        behind = self.closed(self.stated)
        given = {
            (one.cause, one.target)
            for one in self.drawn.independence
            if one.reason and one.evidence
        }
        cut = self.stated - self.uncut
        return {
            (a.id, b.id)
            for a in self.drawn.nodes
            for b in self.drawn.nodes
            if self._earlier(a, b, behind)
            and self._has_path(a, b)
            and not {(a.id, b.id), (a.id, "*")} & given
            and (a.id, b.id) not in cut
        }

    def _earlier(self, a: Node, b: Node, behind: set[tuple[str, str]]) -> bool:
        ended, started = a.ended or a.made_on, b.started or b.made_on
        if ended is None or started is None:
            return False
        starts = [
            day
            for one in self.drawn.nodes
            if (one.id, a.id) in behind and (day := one.started or one.made_on) is not None
        ]
        return max([ended, *starts]) < started

    @staticmethod
    def _has_path(a: Node, b: Node) -> bool:
        if a.kind is NodeKind.HUMAN:
            return False
        if {a.id, a.label, a.generator} & set(b.imports):
            return True
        ways = ((a.storage, b.storage), (a.accounts, b.accounts), (a.fabrics, b.fabrics))
        return a.compute is not None and any(set(one) & set(other) for one, other in ways)

    def causes(self) -> set[tuple[str, str]]:
        """Return the pairs that are followed, but for discarded causes."""
        stated = self.uncut if self.cuts else self.stated
        return stated | (self.presumed() if self.presume else set())

    def ancestry(self, targets: Iterable[str]) -> set[str]:
        """Return what reaches the targets; what a human discarded leads nowhere."""
        wanted = set(targets)
        led = {
            (cause, target)
            for cause, target in self.causes()
            if self.by_id[cause].discarded_by is not Discard.HUMAN
            and (target in wanted or self.by_id[target].discarded_by is not Discard.HUMAN)
        }
        behind = self.closed(led)
        return {a for a, b in behind if b in wanted}

    def given(self, targets: Iterable[str]) -> set[str]:
        """Return what reaches the targets over the edges as given."""
        behind = self.closed(self.stated)
        return {a for a, b in behind if b in set(targets)}


@dataclass(frozen=True)
class Total:
    """A total with bounds; `high` None is unbounded."""

    flop: Exact
    low: Exact
    high: Exact | None
    complete: bool


def bounds(compute: Compute) -> tuple[Exact, Exact, Exact | None]:
    """Return the centre, the lowest and the highest of a node."""
    central = compute.low if compute.central is None else compute.central
    return central, compute.low, compute.high


def scheme_total(nodes: Iterable[Node]) -> Total:
    """Add up nodes by the scheme: all but the trials that a human judged."""
    counted = [
        one.compute
        for one in nodes
        if one.compute is not None and one.role != "discarded_trial_human_judged"
    ]
    highs = [one.high for one in counted]
    return Total(
        sum(bounds(one)[0] for one in counted),
        sum(one.low for one in counted),
        None if None in highs else sum(one or 0 for one in highs),
        all(one.central is not None for one in counted),
    )


def rule_total(nodes: Sequence[Node], rule: str) -> Total:
    """Add up nodes with stated roles by asking question training_compute at each bound.

    What has no bound or no figure matters if a huge one in its place changes the count.
    """
    runs = {one.id: one for one in nodes if one.compute is not None}

    def counted(figures: Mapping[str, Exact]) -> Exact:
        given = [
            Run(
                one.role or "",
                figures[one.id],
                one.generator,
                bool(one.published),
                one.share_of_training,
                False,
            )
            for one in runs.values()
        ]
        return count_runs(given, RULES[rule], LAW).counted

    centre = {one.id: bounds(one.compute)[0] for one in runs.values() if one.compute}
    low = {one.id: one.compute.low for one in runs.values() if one.compute}
    high = {
        one.id: centre[one.id] if one.compute.high is None else one.compute.high
        for one in runs.values()
        if one.compute
    }

    def matters(one: Node) -> bool:
        return counted({**centre, one.id: HUGE}) != counted({**centre, one.id: 2 * HUGE})

    unbounded = [one for one in runs.values() if one.compute and one.compute.high is None]
    undisclosed = [one for one in runs.values() if one.compute and one.compute.central is None]
    return Total(
        counted(centre),
        counted(low),
        None if any(map(matters, unbounded)) else counted(high),
        not any(map(matters, undisclosed)),
    )
