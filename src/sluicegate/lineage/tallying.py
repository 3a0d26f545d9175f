"""What counts of the nodes behind a target under one rule, at each bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.lineage.document import Compute, Lineage, Quantity, Query
from sluicegate.lineage.parting import parts_of, stated_parts
from sluicegate.lineage.presumption import presumption_of
from sluicegate.lineage.roles import Part
from sluicegate.lineage.visitors import SCHEME, Bound, Visited, visit, visit_scheme, visitor
from sluicegate.lineage.walking import Way, places_of, reached
from sluicegate.rules.law import Law


class HumanChangeReading(Enum):
    """Under which rules a human's substantial change cuts an edge."""

    CUTS_EVERYWHERE = "cuts_everywhere"
    KTHF_ONLY = "kthf_only"


@dataclass(frozen=True, slots=True)
class Options:
    """How an account is made.

    `presume` off is not the scheme's own way. `assume` gives figures for nodes by id
    in place of those of the graph, each with its source. `without` are ids of nodes that
    are taken out of the graph, to see what changes.
    """

    presume: bool = True
    human_change: HumanChangeReading = HumanChangeReading.CUTS_EVERYWHERE
    assume: Mapping[str, Compute] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


AS_THE_SCHEME = Options()


@dataclass(frozen=True, slots=True)
class Ground:
    """A lineage with the rule, the law and the options under which it is counted."""

    lineage: Lineage
    law: Law
    rule: str
    options: Options = AS_THE_SCHEME

    def stated_way(self) -> Way:
        """Return how stated causes are followed under the rule and its readings."""
        everywhere = self.options.human_change is HumanChangeReading.CUTS_EVERYWHERE
        places = self.lineage.places
        without = frozenset(places[one] for one in self.options.without if one in places)
        return Way(cuts=everywhere or self.rule == SCHEME, without=without)

    def way(self) -> Way:
        """Return how stated and presumed causes are followed."""
        return self.stated_way() if not self.presumes else self._presuming(statements=True)

    def way_without_statements(self) -> Way:
        """Return how causes are followed if nobody had stated any independence."""
        return self.stated_way() if not self.presumes else self._presuming(statements=False)

    @property
    def presumes(self) -> bool:
        """Whether causes are presumed: only the scheme asks for it."""
        return self.options.presume and self.rule == SCHEME

    def _presuming(self, *, statements: bool) -> Way:
        found = presumption_of(self.lineage, statements=statements)
        return replace(self.stated_way(), added=found.added)

    def compute(self, place: int) -> Compute | None:
        """Return a node's compute, or what is assumed of it."""
        node = self.lineage.nodes[place]
        return self.options.assume.get(node.id, node.compute)

    def figure(self, place: int, bound: Bound) -> Exact:
        """Return a node's FLOP at a bound; of what is not known, the least that is."""
        compute = self.compute(place)
        if compute is None:
            return 0
        central = compute.low if compute.central is None else compute.central
        if bound is Bound.LOW:
            return compute.low
        return compute.high if bound is Bound.HIGH and compute.high is not None else central


@dataclass(frozen=True, slots=True)
class Tally:
    """What a rule makes of the nodes behind targets, by place.

    `ancestry` are all nodes behind the targets, `stated` those over stated causes
    alone. `runs` are the nodes with compute; `counted` gives FLOP at each bound, `unaddressed`
    at the centre, `unaddressed_high` its sum at most (None: unbounded). `bearing` are the
    nodes on which the total depends, `unbounded` and `undisclosed` those of them
    without an upper bound and without a figure.
    """

    ancestry: frozenset[int]
    stated: frozenset[int]
    parts: Mapping[int, Part]
    runs: frozenset[int]
    counted: Mapping[Bound, Mapping[int, Exact]]
    unaddressed: Mapping[int, Exact]
    unaddressed_high: Exact | None
    bearing: frozenset[int]
    unbounded: frozenset[int]
    undisclosed: frozenset[int]

    def total(self, bound: Bound) -> Exact:
        """Return the sum at a bound, each node once."""
        return total(self.counted[bound].values())

    def high(self) -> Exact | None:
        """Return the sum of upper bounds, None where one is not known."""
        return None if self.unbounded else self.total(Bound.HIGH)

    def less(self, ancestry: frozenset[int]) -> Tally:
        """Return the tally with only what is not in another ancestry counted."""
        counted = {bound: _less(figures, ancestry) for bound, figures in self.counted.items()}
        return replace(
            self,
            runs=self.runs - ancestry,
            counted=counted,
            unaddressed=_less(self.unaddressed, ancestry),
            bearing=self.bearing - ancestry,
            unbounded=self.unbounded - ancestry,
            undisclosed=self.undisclosed - ancestry,
        )


def total(figures: Iterable[Exact]) -> Exact:
    """Add up figures, exact; whole numbers stay so."""
    whole_part = 0
    rest = Fraction(0)
    for figure in figures:
        if isinstance(figure, int):
            whole_part += figure
        else:
            rest += figure
    return whole(whole_part + rest)


def _less(figures: Mapping[int, Exact], places: frozenset[int]) -> dict[int, Exact]:
    return {place: figure for place, figure in figures.items() if place not in places}


@dataclass(frozen=True, slots=True)
class Stated:
    """What is behind targets over stated causes, with the part of each in order of place.

    The same under every rule that follows the same causes: so it is found once for them.
    """

    targets: tuple[int, ...]
    places: frozenset[int]
    parts: Mapping[int, Part]


def stated_behind(ground: Ground, targets: Iterable[int]) -> Stated:
    """Return what is behind targets over stated causes; roles are those towards any of them."""
    wanted, way = tuple(targets), ground.stated_way()
    stated = frozenset(reached(ground.lineage, wanted, way))
    return Stated(wanted, stated, parts_of(ground.lineage, stated, wanted, way))


def tally_of(ground: Ground, targets: Iterable[int]) -> Tally:
    """Count what is behind targets together; roles are those towards any of them."""
    return tally_behind(ground, stated_behind(ground, targets))


def tally_behind(ground: Ground, found: Stated) -> Tally:
    """Count what was found behind targets, under the rule of a ground that follows the same."""
    stated = found.places
    ancestry = stated
    if ground.presumes and (way := ground.way()).added.causes:
        ancestry = frozenset(reached(ground.lineage, found.targets, way))
    parts = _parts(ground, ancestry, found)
    runs = _runs(ground, ancestry)
    visits = _visits(ground, parts, runs)
    central, high = visits[Bound.CENTRAL], visits[Bound.HIGH]
    unbounded = frozenset(place for place, one in runs.items() if one.high is None)
    apart = None if unbounded & high.apart else total(high.unaddressed.values())
    return Tally(
        ancestry=ancestry,
        stated=stated,
        parts=parts,
        runs=frozenset(runs),
        counted={bound: _among(one.counted, runs) for bound, one in visits.items()},
        unaddressed=_among(central.unaddressed, runs),
        unaddressed_high=apart,
        bearing=central.bearing,
        unbounded=unbounded & central.bearing,
        undisclosed=frozenset(p for p in central.bearing if p in runs and runs[p].central is None),
    )


def _parts(ground: Ground, ancestry: frozenset[int], found: Stated) -> Mapping[int, Part]:
    """Return parts in order of place; what is only presumed to be a cause has what it states."""
    if len(found.places) == len(ancestry):
        return found.parts
    presumed = stated_parts(ground.lineage, ancestry - found.places)
    return dict(sorted({**found.parts, **presumed}.items()))


def _runs(ground: Ground, ancestry: frozenset[int]) -> dict[int, Compute]:
    """Return the compute of the nodes that have any."""
    if ground.options.assume:
        computes = {place: ground.compute(place) for place in ancestry}
        return {place: one for place, one in computes.items() if one is not None}
    nodes = ground.lineage.nodes
    return {place: one for place in ancestry if (one := nodes[place].compute) is not None}


def tally_for(ground: Ground, query: Query) -> Tally:
    """Count what a query asks for; of a rate only what the later output adds."""
    places = places_of(ground.lineage, query.targets)
    if query.quantity is not Quantity.INFERENCE_COMPUTE_RATE:
        return union_of(ground, places)
    earlier = reached(ground.lineage, places[:1], ground.way())
    return tally_of(ground, places[1:]).less(frozenset(earlier))


def union_of(ground: Ground, targets: Iterable[int]) -> Tally:
    """Count what is behind several targets, each node once.

    Under a rule that adds up shares of one model's training each target is judged
    by itself, and a node counts if it does for one of them.
    """
    wanted = tuple(targets)
    if ground.rule == SCHEME or len(wanted) == 1:
        return tally_of(ground, wanted)
    tallies = [tally_of(ground, [one]) for one in wanted]
    counted = {bound: _most(one.counted[bound] for one in tallies) for bound in Bound}
    apart = _less(_most(one.unaddressed for one in tallies), frozenset(counted[Bound.CENTRAL]))
    highs = [one.unaddressed_high for one in tallies]
    return Tally(
        ancestry=_all(one.ancestry for one in tallies),
        stated=_all(one.stated for one in tallies),
        parts=_first(one.parts for one in tallies),
        runs=_all(one.runs for one in tallies),
        counted=counted,
        unaddressed=apart,
        unaddressed_high=None if None in highs else total(one or 0 for one in highs),
        bearing=_all(one.bearing for one in tallies),
        unbounded=_all(one.unbounded for one in tallies),
        undisclosed=_all(one.undisclosed for one in tallies),
    )


def _all(places: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*places)


def _among(figures: Mapping[int, Exact], places: Mapping[int, Compute]) -> dict[int, Exact]:
    return {place: figure for place, figure in figures.items() if place in places}


def _most(figures: Iterable[Mapping[int, Exact]]) -> dict[int, Exact]:
    most: dict[int, Exact] = {}
    for one in figures:
        for place, figure in one.items():
            most[place] = max(most.get(place, 0), figure)
    return most


def _first(parts: Iterable[Mapping[int, Part]]) -> dict[int, Part]:
    found: dict[int, Part] = {}
    for one in parts:
        for place, part in one.items():
            found.setdefault(place, part)
    return found


def _visits(
    ground: Ground, parts: Mapping[int, Part], runs: Mapping[int, Compute]
) -> dict[Bound, Visited]:
    """Count at each bound; once for all where every figure is exact."""
    central = _visited(ground, parts, Bound.CENTRAL)
    if all(one.central is not None and one.low == one.central == one.high for one in runs.values()):
        return dict.fromkeys(Bound, central)
    return {
        bound: central if bound is Bound.CENTRAL else _visited(ground, parts, bound)
        for bound in Bound
    }


def _visited(ground: Ground, parts: Mapping[int, Part], bound: Bound) -> Visited:
    runs = {
        place: part.run(ground.figure(place, bound))
        for place, part in parts.items()
        if ground.compute(place) is not None or part.share is not None
    }
    if ground.rule == SCHEME:
        return visit_scheme(runs, ground.law)
    return visit(runs, visitor(ground.rule), ground.law)
