"""Training compute, output compute, union and inference rate of a lineage, under a rule.

Keep the Future Human, App. A: all compute in the causal graph of a target, each
node once; a human's substantial change cuts it. What a rule counts of it is said
by `visitors`. A figure not disclosed adds its low bound, and the total says that it
is not complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence
from sluicegate.lineage.approximations import Approximation, approximations
from sluicegate.lineage.counting import CountingRule
from sluicegate.lineage.document import Discard, Lineage, Quantity, Query
from sluicegate.lineage.remarks import reasons, warnings
from sluicegate.lineage.roles import Part
from sluicegate.lineage.tallying import (
    AS_THE_SCHEME,
    Ground,
    HumanChangeReading,
    Options,
    Tally,
    tally_for,
    total,
)
from sluicegate.lineage.visitors import SCHEME, Bound, visitor
from sluicegate.lineage.walking import Way, places_of, reached
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import Law

__all__ = ["Account", "HumanChangeReading", "Options", "Share", "account", "rates"]

INFERENCE_CAP = "kthf.oversight.inference_cap"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total: its nodes in order, FLOP, and whether all of it is disclosed."""

    nodes: tuple[str, ...] = ()
    flop: Exact = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """What a target comes to under a counting rule.

    `amount`, `low` and `high` are FLOP, or FLOP/s of a rate; `high` None is unbounded.
    `counted` gives the FLOP of each counted node in order; `explicit` is what stated
    causes give, `presumed` what presumption adds, `excluded` what reaches the target
    and is not counted, `independent` what would be presumed but is stated to be
    independent. `presumption`: whether it was left on; only the scheme presumes.
    `over_threshold` is yes, no or undetermined against the rule's threshold, by the
    bounds and with what is not addressed. `approximations` are the scheme's short sums
    for the case, under its own rule.
    """

    query: Query
    amount: Exact
    low: Exact
    high: Exact | None
    complete: bool
    counted: Mapping[str, Exact]
    excluded_nodes: tuple[str, ...]
    unaddressed: Share
    explicit: Share
    presumed: Share
    excluded: Share
    independent: Share
    presumption: bool
    parts: Mapping[str, Part]
    threshold: Exact | None = None
    over_threshold: str | None = None
    reasons: tuple[Sentence, ...] = ()
    warnings: tuple[Sentence, ...] = ()
    approximations: tuple[Approximation, ...] = ()

    @property
    def quantity(self) -> Quantity:
        """What was asked."""
        return self.query.quantity

    @property
    def targets(self) -> tuple[str, ...]:
        """Of what it was asked."""
        return self.query.targets

    @property
    def counting_rule(self) -> str:
        """Under which rule it was counted."""
        return self.query.counting_rule

    @property
    def is_rate(self) -> bool:
        """Whether the amount is FLOP/s."""
        return self.quantity is Quantity.INFERENCE_COMPUTE_RATE

    @property
    def flop(self) -> Exact | None:
        """The amount where it is a count of operations."""
        return None if self.is_rate else self.amount

    @property
    def flop_per_second(self) -> Exact | None:
        """The amount where it is a rate."""
        return self.amount if self.is_rate else None


def account(lineage: Lineage, query: Query, law: Law, options: Options = AS_THE_SCHEME) -> Account:
    """Answer a query in the time of the ancestry of its targets.

    Raises GraphError (dangling) naming targets that no node has, ValueError naming
    the field of a query that does not fit.
    """
    rule = visitor(query.counting_rule)
    seconds = _seconds(query)
    places = places_of(lineage, query.targets)
    ground = Ground(lineage, law, query.counting_rule, options)
    tally = tally_for(ground, query)
    over = places[-1:] if seconds is not None else places
    high = tally.high()
    excluded = excluded_from(ground, over, tally)
    independent = _independent(ground, over, tally)
    counted = tally.counted[Bound.CENTRAL]
    limit = _limit(query, rule, law)
    short = approximations(ground, query, tally)
    return Account(
        query=query,
        amount=_per(tally.total(Bound.CENTRAL), seconds),
        low=_per(tally.total(Bound.LOW), seconds),
        high=None if high is None else _per(high, seconds),
        complete=not tally.undisclosed,
        counted={lineage.nodes[place].id: counted[place] for place in sorted(counted)},
        excluded_nodes=tuple(lineage.nodes[place].id for place in excluded),
        unaddressed=_share(ground, tally.unaddressed),
        explicit=_share(ground, {p: f for p, f in counted.items() if p in tally.stated}),
        presumed=_share(ground, {p: f for p, f in counted.items() if p not in tally.stated}),
        excluded=_share(ground, {p: ground.figure(p, Bound.CENTRAL) for p in excluded}),
        independent=_share(ground, independent),
        presumption=options.presume,
        parts={lineage.nodes[place].id: part for place, part in tally.parts.items()},
        threshold=None if limit is None else limit.value,
        over_threshold=None if limit is None else _over(tally, limit, seconds),
        reasons=(
            *reasons(ground, query, tally, limit, independent),
            *(one.sentence for one in short if one.warning is None),
        ),
        warnings=(
            *warnings(ground, query, tally),
            *(one.warning for one in short if one.warning is not None),
        ),
        approximations=short,
    )


def rates(
    lineage: Lineage,
    outputs: Sequence[str],
    seconds: Sequence[Exact],
    law: Law,
    options: Options = AS_THE_SCHEME,
) -> tuple[Account, ...]:
    """Return the rate from each output to the next; `seconds` lie between them, in order.

    Raises ValueError (seconds_between) where there are not one fewer than outputs.
    """
    if len(seconds) != len(outputs) - 1:
        raise ValueError(
            f"seconds_between: {len(seconds)} for {len(outputs)} outputs; give one fewer"
            " than there are outputs"
        )
    queries = (
        Query((earlier, later), Quantity.INFERENCE_COMPUTE_RATE, seconds_between=between)
        for earlier, later, between in zip(outputs, outputs[1:], seconds, strict=False)
    )
    return tuple(account(lineage, query, law, options) for query in queries)


def _seconds(query: Query) -> Fraction | None:
    """Return the time of a rate; raises ValueError where a query does not fit its quantity."""
    if query.quantity is not Quantity.INFERENCE_COMPUTE_RATE:
        if not query.targets:
            raise ValueError("target: is not given; name a node")
        if query.quantity is not Quantity.UNION_COMPUTE and len(query.targets) > 1:
            raise ValueError(
                f"target: {len(query.targets)} nodes for {query.quantity.value};"
                " give one, or ask for union_compute"
            )
        return None
    if len(query.targets) != 2:
        raise ValueError(
            f"target: {len(query.targets)} nodes for inference_compute_rate;"
            " give two, the earlier output and the later"
        )
    if query.seconds_between is None or query.seconds_between <= 0:
        given = "is not given" if query.seconds_between is None else "is not above 0"
        raise ValueError(f"seconds_between: {given}; give the seconds between the two outputs")
    return Fraction(query.seconds_between)


def _per(amount: Exact, seconds: Fraction | None) -> Exact:
    return amount if seconds is None else whole(amount / seconds)


def excluded_from(ground: Ground, over: tuple[int, ...], tally: Tally) -> list[int]:
    """Return what reaches the targets as given but is not counted, in order of place.

    What has a way to a target and merely no compute is not excluded.
    """
    lineage = ground.lineage
    given: Set[int] = tally.stated
    if lineage.cuts or ground.options.without or _has_discards(lineage):
        given = reached(lineage, over, Way(cuts=False, discards=False))
    counted = tally.counted[Bound.CENTRAL]
    return [
        place
        for place in sorted(given)
        if place not in counted and (place not in tally.ancestry or place in tally.runs)
    ]


def _has_discards(lineage: Lineage) -> bool:
    """Say whether a human discarded anything, worked out once."""
    found = lineage.kept.get("has discards")
    if not isinstance(found, bool):
        found = any(node.discarded_by is Discard.HUMAN for node in lineage.nodes)
        lineage.kept["has discards"] = found
    return found


def _independent(ground: Ground, over: tuple[int, ...], tally: Tally) -> dict[int, Exact]:
    """Return what would be presumed to be behind the targets but for the statements."""
    if not (ground.presumes and ground.lineage.independence):
        return {}
    found = reached(ground.lineage, over, ground.way_without_statements()) - tally.ancestry
    return {
        place: ground.figure(place, Bound.CENTRAL)
        for place in found
        if ground.compute(place) is not None
    }


def _share(ground: Ground, figures: Mapping[int, Exact]) -> Share:
    lineage = ground.lineage
    computes = [ground.compute(place) for place in figures]
    return Share(
        tuple(lineage.nodes[place].id for place in sorted(figures)),
        total(figures.values()),
        all(one is None or one.central is not None for one in computes),
    )


def _limit(query: Query, rule: CountingRule, law: Law) -> Limit | None:
    """Return the threshold that a quantity has under a rule, if the text sets one."""
    if query.quantity is Quantity.TRAINING_COMPUTE:
        return law.limit(rule.threshold)
    if query.quantity is Quantity.INFERENCE_COMPUTE_RATE and query.counting_rule == SCHEME:
        return law.limit(INFERENCE_CAP)
    return None


def _over(tally: Tally, limit: Limit, seconds: Fraction | None) -> str:
    """Say whether a threshold is passed: yes at every bound, no at none, or undetermined."""
    if limit.passed_by(_per(tally.total(Bound.LOW), seconds)):
        return "yes"
    high = tally.high()
    apart = tally.unaddressed_high
    if high is None or apart is None or limit.passed_by(_per(high + apart, seconds)):
        return "undetermined"
    return "no"
