"""Why an account is what it is, and what to know before it is relied on, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.counting import Treatment, count_runs, sum_sentence
from sluicegate.lineage.document import Lineage, NodeKind, Quantity, Query
from sluicegate.lineage.presumption import ANY, Presumption, is_founded, presumption_of
from sluicegate.lineage.tallying import Ground, HumanChangeReading, Tally, tally_for, total
from sluicegate.lineage.visitors import SCHEME, Bound, visitor
from sluicegate.rules.instruments import Limit
from sluicegate.rules.law import comparison

_NAMED = 5


def reasons(
    ground: Ground,
    query: Query,
    tally: Tally,
    limit: Limit | None,
    independent: Mapping[int, Exact],
) -> Iterator[Sentence]:
    """Say what counts and why, with the bounds, and how the total stands to a threshold.

    `independent` is what is not presumed because of statements, by place.
    """
    amount = tally.total(Bound.CENTRAL)
    yield _behind(ground, query, tally)
    yield from _by_role(ground, tally)
    yield from _by_cause(ground, tally, independent)
    yield from _bounds(ground, tally)
    if query.seconds_between is not None:
        yield say(
            "The earlier output came {seconds:sci} s before; the rate is the quotient.",
            seconds=query.seconds_between,
        )
    elif limit is not None:
        yield comparison("The counted part", amount, limit)
        apart = total(tally.unaddressed.values())
        if apart:
            yield comparison("With the unaddressed part added, a total", amount + apart, limit)


def _behind(ground: Ground, query: Query, tally: Tally) -> Sentence:
    """Say how many nodes count, and how much they come to."""
    count, amount = len(tally.counted[Bound.CENTRAL]), tally.total(Bound.CENTRAL)
    if query.seconds_between is not None and query.quantity is Quantity.INFERENCE_COMPUTE_RATE:
        earlier, later = query.targets
        return say(
            "Behind {later} and not behind {earlier}, under {rule:term}: {flop:sci} FLOP"
            " (nodes that count: {count}).",
            count=count,
            later=later,
            earlier=earlier,
            rule=ground.rule,
            flop=amount,
        )
    return say(
        "{count} of {all} nodes behind {target} count under {rule:term}: {flop:sci} FLOP.",
        count=count,
        all=len(tally.ancestry),
        target=list(query.targets),
        rule=ground.rule,
        flop=amount,
    )


def _by_role(ground: Ground, tally: Tally) -> Iterator[Sentence]:
    """Add up by role, as question training_compute tells it; what has no role stands apart."""
    runs = {
        place: part.run(ground.figure(place, Bound.CENTRAL))
        for place, part in tally.parts.items()
        if place in tally.runs or part.share is not None
    }
    named = [run for run in runs.values() if run.role]
    other = [run.compute for run in runs.values() if not run.role]
    if ground.rule == SCHEME:
        sums: dict[str, Exact] = {}
        for place, figure in tally.counted[Bound.CENTRAL].items():
            role = tally.parts[place].role
            if role is not None:
                sums[role] = sums.get(role, 0) + figure
        if sums:
            yield sum_sentence(Treatment.COUNTED, sums)
        if other:
            yield say("Counted without a role: {flop:sci} FLOP.", flop=total(other))
        return
    if named:
        yield from count_runs(named, visitor(ground.rule), ground.law).reasons
    if other:
        yield say(
            "Computation of which the text does not speak, such as inference: {flop:sci} FLOP.",
            flop=total(other),
        )


def _by_cause(ground: Ground, tally: Tally, independent: Mapping[int, Exact]) -> Iterator[Sentence]:
    counted = tally.counted[Bound.CENTRAL]
    presumed = {place: flop for place, flop in counted.items() if place not in tally.stated}
    if presumed:
        yield say(
            "Presumed, as it came earlier and had a physical path: {nodes}, {flop:sci} FLOP.",
            nodes=_names(ground, presumed),
            flop=total(presumed.values()),
        )
    if independent:
        yield say(
            "Stated to be independent with reason and evidence, so not presumed: {nodes},"
            " {flop:sci} FLOP.",
            nodes=_names(ground, independent),
            flop=total(independent.values()),
        )


def _bounds(ground: Ground, tally: Tally) -> Iterator[Sentence]:
    low, high = tally.total(Bound.LOW), tally.high()
    if tally.undisclosed:
        yield say(
            "Not disclosed: {nodes}. The total is a lower bound.",
            nodes=_names(ground, tally.undisclosed),
        )
    if high is None:
        yield say(
            "At least {low:sci} FLOP; no upper bound is known of {nodes}.",
            low=low,
            nodes=_names(ground, tally.unbounded),
        )
    elif low != high:
        yield say("Between {low:sci} and {high:sci} FLOP.", low=low, high=high)


def warnings(ground: Ground, query: Query, tally: Tally) -> Iterator[Sentence]:
    """Say what to know of an account before it is relied on."""
    if query.quantity is Quantity.TRAINING_COMPUTE:
        yield from _outputs(ground, query)
    if ground.rule == SCHEME:
        yield from _of_presumption(ground, tally)
    else:
        yield from _of_rule(ground, query, tally)


def _outputs(ground: Ground, query: Query) -> Iterator[Sentence]:
    for one in query.targets:
        if ground.lineage.nodes[ground.lineage.places[one]].kind is NodeKind.OUTPUT:
            yield say(
                "{node} is an output; the scheme defines training compute for networks,"
                " and output compute for outputs.",
                node=one,
            )


def _of_rule(ground: Ground, query: Query, tally: Tally) -> Iterator[Sentence]:
    inferred = sum(part.inferred for place, part in tally.parts.items() if place in tally.runs)
    if inferred:
        yield say(
            "The roles of {count} nodes are not stated; they follow from their places.",
            count=inferred,
        )
    kthf_only = HumanChangeReading.KTHF_ONLY
    cuts = _cut_targets(ground.lineage)
    if ground.options.human_change is kthf_only or tally.ancestry.isdisjoint(cuts):
        return
    uncut = replace(ground, options=replace(ground.options, human_change=kthf_only))
    yield say(
        "{rule:term} does not speak of cuts by a human's substantial change; without them"
        " {flop:sci} FLOP count.",
        rule=ground.rule,
        flop=tally_for(uncut, query).total(Bound.CENTRAL),
    )


def _cut_targets(lineage: Lineage) -> frozenset[int]:
    """Return the nodes to which a cut edge leads, worked out once."""
    found = lineage.kept.get("targets of cuts")
    if not isinstance(found, frozenset):
        found = lineage.kept["targets of cuts"] = frozenset(last for _, last in lineage.cuts)
    return found


def _of_presumption(ground: Ground, tally: Tally) -> Iterator[Sentence]:
    if not ground.presumes:
        yield say(
            "Dependence was not presumed; the scheme counts earlier computation that could"
            " have had an effect unless there is a clear reason to think otherwise."
        )
        return
    found = presumption_of(ground.lineage)
    open_ones = _undated(found, tally)
    if open_ones:
        yield say(
            "Nothing is presumed of nodes whose days are not known although they have a"
            " physical path to others: {nodes}.",
            nodes=_names(ground, open_ones),
        )
    misdated = found.misdated & tally.ancestry
    if misdated:
        yield say(
            "Ended before what is stated to have caused them had started: {nodes}."
            " They are presumed to cause only what started after both.",
            nodes=_names(ground, misdated),
        )
    yield from _of_statements(ground, tally, found)


def _undated(found: Presumption, tally: Tally) -> frozenset[int]:
    """Return the nodes of which presumption stays open for want of a day."""
    later = tally.ancestry & found.unplaced
    paths = {key for place in tally.ancestry for key in found.keys.get(place, ())}
    causes = (found.undated.get(key, frozenset()) for key in paths)
    return (later | frozenset().union(*causes)) - (tally.stated - later)


def _of_statements(ground: Ground, tally: Tally, found: Presumption) -> Iterator[Sentence]:
    lineage = ground.lineage
    for one in found.unfounded:
        yield say(
            "The statement that {target} is independent of {cause} takes nothing away: it lacks"
            " a reason or evidence, or names a node that is not there.",
            target=one.target,
            cause=one.cause,
        )
    for one in lineage.independence:
        if not is_founded(lineage, one) or one.target == ANY:
            continue
        cause, target = lineage.places[one.cause], lineage.places[one.target]
        if cause in tally.ancestry and target in tally.ancestry:
            yield say(
                "{cause} counts although {target} is stated to be independent of it: it is a"
                " stated cause, or there is another way.",
                cause=one.cause,
                target=one.target,
            )


def _names(ground: Ground, places: Iterable[int]) -> list[str | Sentence]:
    """Return the first few nodes by id, and how many more there are."""
    inside = sorted(places)
    names: list[str | Sentence] = [ground.lineage.nodes[one].id for one in inside[:_NAMED]]
    if len(inside) > _NAMED:
        names.append(say("{count} more", count=len(inside) - _NAMED))
    return names
