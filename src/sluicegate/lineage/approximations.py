"""The scheme's approximations as named methods, each beside what the graph gives.

Keep the Future Human, App. A: for usual cases a short sum stands for the whole graph.
The graph is exact where it is complete; where a method differs from it, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.lineage.counting import GENERATION, TEACHER
from sluicegate.lineage.document import Discard, Quantity, Query
from sluicegate.lineage.roles import BASE, FINETUNE, PREPARATION_LATER, STUDENT
from sluicegate.lineage.tallying import Ground, Tally, total
from sluicegate.lineage.visitors import SCHEME, Bound
from sluicegate.lineage.walking import places_of, reached


class Method(Enum):
    """A short way to a total, by the case for which the scheme gives it."""

    SINGLE_NETWORK = "single_network"
    STEADY_INFERENCE = "steady_inference"
    FINE_TUNE = "fine_tune"
    DISTILLED = "distilled"
    DISCARDED_TRIALS = "discarded_trials"


_TOLD = {
    Method.SINGLE_NETWORK: (
        "A single network trained on what humans made: its training as usually reported,"
        " {amount:sci}; the graph gives {graph:sci}."
    ),
    Method.STEADY_INFERENCE: (
        "Steady inference: about the speed of the cluster, {amount:sci} FLOP/s; the graph"
        " gives {graph:sci} FLOP/s."
    ),
    Method.FINE_TUNE: (
        "A fine-tune: its base, the fine-tuning and the preparation of its data, {amount:sci};"
        " the graph gives {graph:sci}."
    ),
    Method.DISTILLED: (
        "A distilled network: the student and the larger networks that made its data,"
        " {amount:sci}; the graph gives {graph:sci}."
    ),
    Method.DISCARDED_TRIALS: (
        "Trials that a human judged and discarded are left out, {amount:sci}; the graph, which"
        " leaves out what served them alone as well, gives {graph:sci}."
    ),
}


@dataclass(frozen=True, slots=True)
class Approximation:
    """A method's amount beside the graph's: FLOP, or FLOP/s of steady inference.

    `warning` is None where both are the same.
    """

    method: Method
    amount: Exact
    graph: Exact
    sentence: Sentence
    warning: Sentence | None

    @property
    def gap(self) -> Exact:
        """How much more the graph gives; negative where it gives less."""
        return whole(self.graph - self.amount)


def approximations(ground: Ground, query: Query, tally: Tally) -> tuple[Approximation, ...]:
    """Return the methods whose case the target is, each beside what was tallied.

    They are the scheme's: under another rule there are none. A rate has one only where
    the query gives the speed of the cluster.
    """
    if ground.rule != SCHEME:
        return ()
    graph = tally.total(Bound.CENTRAL)
    if query.quantity is Quantity.INFERENCE_COMPUTE_RATE:
        return tuple(_steady(query, graph))
    training = query.quantity is Quantity.TRAINING_COMPUTE
    amounts = dict(_amounts(ground, tally)) if training else {}
    trials = _without_trials(ground, query)
    if trials is not None:
        amounts[Method.DISCARDED_TRIALS] = trials
    return tuple(_beside(method, amount, graph) for method, amount in amounts.items())


def _beside(method: Method, amount: Exact, graph: Exact) -> Approximation:
    sentence = say(_TOLD[method], amount=Beside(amount, graph), graph=Beside(graph, amount))
    warning = None
    if amount != graph:
        warning = say(
            "{told} They differ by {gap:sci}; the graph counts.",
            told=sentence,
            gap=abs(whole(graph - amount)),
        )
    return Approximation(method, amount, graph, sentence, warning)


def _steady(query: Query, flop: Exact) -> Iterator[Approximation]:
    if query.cluster_flop_per_second is not None and query.seconds_between:
        graph = whole(Fraction(flop) / Fraction(query.seconds_between))
        yield _beside(Method.STEADY_INFERENCE, query.cluster_flop_per_second, graph)


def _amounts(ground: Ground, tally: Tally) -> Iterator[tuple[Method, Exact]]:
    """Yield the sums of the methods whose case it is, by the roles in the graph."""
    by_role: dict[str | None, Exact] = {}
    for place in tally.stated & tally.runs:
        role = tally.parts[place].role
        figure = ground.figure(place, Bound.CENTRAL)
        by_role[role] = whole(by_role.get(role, 0) + figure)
    made = by_role.keys() & {TEACHER, GENERATION}
    trained = by_role.keys() & {BASE, STUDENT, FINETUNE}
    if trained == {BASE} and not made:
        yield Method.SINGLE_NETWORK, by_role[BASE]
    if FINETUNE in trained:
        roles = (BASE, STUDENT, FINETUNE, PREPARATION_LATER)
        yield Method.FINE_TUNE, total(by_role.get(role, 0) for role in roles)
    if made and STUDENT in trained:
        student = total(by_role.get(role, 0) for role in trained)
        larger = _larger_teachers(ground, tally, student)
        yield Method.DISTILLED, whole(student + larger)


def _larger_teachers(ground: Ground, tally: Tally, student: Exact) -> Exact:
    """Add up the training of the generators that took more than the student."""
    training: dict[str | None, Exact] = {}
    for place in tally.stated & tally.runs:
        part = tally.parts[place]
        if part.role == TEACHER:
            figure = ground.figure(place, Bound.CENTRAL)
            training[part.generator] = whole(training.get(part.generator, 0) + figure)
    return total(figure for figure in training.values() if figure > student)


def _without_trials(ground: Ground, query: Query) -> Exact | None:
    """Return the total with only the trials themselves left out, None if there were none."""
    lineage = ground.lineage
    targets = places_of(lineage, query.targets)
    way = replace(ground.way(), discards=False)
    behind = reached(lineage, targets, way)
    trials = {
        place
        for place in behind - set(targets)
        if lineage.nodes[place].discarded_by is Discard.HUMAN
    }
    if not trials:
        return None
    return total(ground.figure(place, Bound.CENTRAL) for place in behind - trials)
