"""What is not known of a total, and what each unknown, node or cause can change of it.

An effect is found by counting again, not by a share of the total: under a rule that
counts only the largest generator a node may change nothing, or more than itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.lineage.accounting import Account, account
from sluicegate.lineage.counting import GENERATION, TEACHER
from sluicegate.lineage.document import Compute, HumanChange, Lineage, Query
from sluicegate.lineage.tallying import AS_THE_SCHEME, Ground, Options, Tally, tally_for
from sluicegate.lineage.visitors import Bound, visitor
from sluicegate.lineage.walking import places_of
from sluicegate.rules.law import Law

_ASSUMED = HumanChange(evidence="assumed, to see what it would change")


class Knowledge(Enum):
    """How much is known of a node's compute."""

    UNDISCLOSED = "undisclosed"
    ESTIMATED = "estimated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A node of which the figure is not known exactly, and how far it can move a total.

    `low` and `high` are the total with the node at its lowest and its highest, all else
    as it stands; `high` None: without bound. Of a rate both are FLOP/s. `source` says
    where the figure comes from.
    """

    node: str
    knowledge: Knowledge
    low: Exact
    high: Exact | None
    source: str = ""

    @property
    def effect(self) -> Exact | None:
        """By how much the node can move the total, None without bound."""
        return None if self.high is None else whole(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Difference:
    """A total as it stands and as it would be, and what lies between."""

    account: Account
    without: Account

    @property
    def less(self) -> Exact:
        """By how much the total falls; exact."""
        return whole(self.account.amount - self.without.amount)


def unknowns(
    lineage: Lineage, query: Query, law: Law, options: Options = AS_THE_SCHEME
) -> tuple[Unknown, ...]:
    """Return what is not known of the nodes behind a target, the largest effect first.

    What has no bound stands before all else; what is equal, in the order given. Nodes
    that can change nothing under the rule are left out. In the time of the ancestry, and
    of one more count for each unknown of a generator under a rule that compares these.
    """
    ground = Ground(lineage, law, query.counting_rule, options)
    tally = tally_for(ground, query)
    amount = tally.total(Bound.CENTRAL)
    effects = []
    for place in sorted(tally.bearing & tally.runs):
        compute = ground.compute(place)
        if compute is None or not _is_unknown(ground, place, compute):
            continue
        unknown = _effect(ground, query, tally, amount, place)
        if unknown.effect != 0 or unknown.knowledge is Knowledge.ASSUMED:
            effects.append(unknown)
    return tuple(sorted(effects, key=lambda one: (one.effect is not None, -(one.effect or 0))))


def _is_unknown(ground: Ground, place: int, compute: Compute) -> bool:
    assumed = ground.lineage.nodes[place].id in ground.options.assume
    return assumed or compute.central is None or compute.low != compute.high


def _knowledge(ground: Ground, place: int, compute: Compute) -> Knowledge:
    if ground.lineage.nodes[place].id in ground.options.assume:
        return Knowledge.ASSUMED
    return Knowledge.UNDISCLOSED if compute.central is None else Knowledge.ESTIMATED


def _effect(ground: Ground, query: Query, tally: Tally, amount: Exact, place: int) -> Unknown:
    compute = ground.compute(place) or Compute.of(0)
    node = ground.lineage.nodes[place].id

    def moved(figure: Exact) -> Exact:
        """Return the total in FLOP with the node at a figure and all else as it stands."""
        if not _is_compared(ground, tally, place):
            return whole(amount - tally.counted[Bound.CENTRAL][place] + figure)
        assumed = {**ground.options.assume, node: Compute.of(figure)}
        changed = replace(ground, options=replace(ground.options, assume=assumed))
        return tally_for(changed, query).total(Bound.CENTRAL)

    low = moved(compute.low)
    high = None if compute.high is None else moved(compute.high)
    seconds = Fraction(1 if query.seconds_between is None else query.seconds_between)
    return Unknown(
        node,
        _knowledge(ground, place, compute),
        whole(low / seconds),
        None if high is None else whole(high / seconds),
        compute.source,
    )


def _is_compared(ground: Ground, tally: Tally, place: int) -> bool:
    """Say whether a rule compares a node with others before it counts it."""
    rule = visitor(ground.rule)
    return rule.generator_share is not None and tally.parts[place].role in (TEACHER, GENERATION)


def marginal(
    lineage: Lineage, query: Query, law: Law, node: str, options: Options = AS_THE_SCHEME
) -> Difference:
    """Return a total with and without a node: also what counts only through it is taken away.

    Raises GraphError (dangling) for an unknown node, ValueError for a target itself.
    """
    places_of(lineage, [node])
    if node in query.targets:
        raise ValueError(f"node {node}: is a target itself; name one behind it")
    left = replace(options, without=options.without | {node})
    return Difference(account(lineage, query, law, options), account(lineage, query, law, left))


def if_cut(
    lineage: Lineage,
    query: Query,
    law: Law,
    pairs: Iterable[tuple[str, str]],
    options: Options = AS_THE_SCHEME,
) -> Difference:
    """Return a total as it stands and as it would be if a human had cut causes.

    `pairs` are a cause and what it led to. Raises ValueError for one that is no stated
    cause, GraphError (dangling) for an unknown node.
    """
    cuts = dict(lineage.cuts)
    for cause, target in pairs:
        first, last = places_of(lineage, [cause, target])
        if first not in lineage.causes(last):
            raise ValueError(
                f"cut {cause} → {target}: {cause} is no stated cause of {target}; name one that is"
            )
        cuts.setdefault((first, last), _ASSUMED)
    changed = replace(lineage, cuts=cuts, kept={})
    return Difference(account(lineage, query, law, options), account(changed, query, law, options))


def if_cut_off(
    lineage: Lineage, query: Query, law: Law, node: str, options: Options = AS_THE_SCHEME
) -> Difference:
    """Return a total as it stands and as it would be if all that a node led to had been cut.

    So one asks what it would change if humans had substantially changed what a teacher
    gave. Raises GraphError (dangling) for an unknown node.
    """
    (place,) = places_of(lineage, [node])
    ground = Ground(lineage, law, query.counting_rule, options)
    behind = tally_for(ground, query).ancestry
    pairs = [
        (node, lineage.nodes[one].id) for one in sorted(behind) if place in lineage.causes(one)
    ]
    return if_cut(lineage, query, law, pairs, options)
