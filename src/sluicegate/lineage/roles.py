"""What each node behind a target did for it: the roles of question training_compute.

A role that is stated holds literally. Where none is stated it follows from the
place of the node towards the target:

* its weights went into the target: base; finetune where other weights went into
  it; student where it has none before it and learned from what a model made;
* it made data that such training took in: synthetic_data_generation where a model
  took part, and of every output of a network, else data_preparation (or
  data_preparation_for_finetune);
* its weights went into a model that made such data: teacher_training, with that
  model as generator;
* its result was thrown away by a rule or a failure: discarded_trial_automatic.

Inference for a target, and other computation, have no role: no text but the scheme
speaks of them; neither has a model without compute of its own. A human is passed
through. A computation that leads straight to a training run, without a role and
without data between them, is taken to have given it weights.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntFlag, auto
from fractions import Fraction
from functools import cache

from sluicegate.core.quantities import Exact
from sluicegate.lineage.counting import GENERATION, TEACHER, Run
from sluicegate.lineage.document import Discard, Lineage, Node, NodeKind
from sluicegate.lineage.walking import Way

BASE, FINETUNE, STUDENT = "base", "finetune", "student"
PREPARATION, PREPARATION_LATER = "data_preparation", "data_preparation_for_finetune"
DISCARDED = "discarded_trial_automatic"


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a node in making a target; `role` None: the texts have no word for it.

    `share`: of the target's training operations, how much used this data; None where
    not known or of no meaning. `inferred`: the role was not stated.
    """

    role: str | None
    generator: str | None = None
    published: bool = False
    share: Fraction | None = None
    inferred: bool = False

    def run(self, compute: Exact) -> Run:
        """Return the part as a run of question training_compute."""
        return Run(self.role or "", compute, self.generator, self.published, self.share, False)


class Towards(IntFlag):
    """How a node stands towards a target; several ways at once are possible."""

    NOTHING = 0
    WEIGHTS = auto()
    TEACHER = auto()
    DATA = auto()
    DATA_LATER = auto()
    USE = auto()


_DATA = Towards.DATA | Towards.DATA_LATER
_TRAINING_KINDS = (NodeKind.MODEL, NodeKind.RUN)
_MADE_KINDS = (NodeKind.DATA, NodeKind.OUTPUT)

_STATED = {
    BASE: Towards.WEIGHTS,
    FINETUNE: Towards.WEIGHTS,
    STUDENT: Towards.WEIGHTS,
    TEACHER: Towards.TEACHER,
    GENERATION: Towards.DATA,
    PREPARATION: Towards.DATA,
    PREPARATION_LATER: Towards.DATA_LATER,
}
"""How a node stands whose role is stated; of discarded trials nothing follows."""


_TOWARDS = tuple(map(Towards, range(2 ** len(Towards))))
"""Every way to stand by its number, as making one anew costs more than all else here."""

_MADE_SHIFT, _COMPUTED_SHIFT, _MODEL_SHIFT = 2 * len(Towards), len(Towards), 0
_MASK = len(_TOWARDS) - 1


def _packed(
    model: Towards, computation: Towards = Towards.NOTHING, data: Towards = Towards.NOTHING
) -> int:
    """Pack how the causes of a node stand by what they are, so that `|` joins two offers."""
    return (
        model.value << _MODEL_SHIFT
        | computation.value << _COMPUTED_SHIFT
        | data.value << _MADE_SHIFT
    )


def _taken(offer: int, kind: NodeKind) -> Towards:
    """Return how a cause of a kind stands by an offer."""
    if kind is NodeKind.MODEL:
        shift = _MODEL_SHIFT
    else:
        shift = _MADE_SHIFT if kind in _MADE_KINDS else _COMPUTED_SHIFT
    return _TOWARDS[offer >> shift & _MASK]


@dataclass(frozen=True, slots=True)
class Behind:
    """The nodes behind targets with the stated causes and effects among them, by place.

    `given` are all stated causes, be they cut off or not: what a computation took in says
    what it did.
    """

    lineage: Lineage
    targets: frozenset[int]
    given: Mapping[int, list[int]]
    causes: Mapping[int, list[int]]
    effects: Mapping[int, list[int]]

    @classmethod
    def of(
        cls, lineage: Lineage, ancestry: Collection[int], targets: Collection[int], way: Way
    ) -> Behind:
        """Keep the causes that a way follows within an ancestry."""
        within = ancestry if isinstance(ancestry, frozenset | set) else frozenset(ancestry)
        given = {place: lineage.causes(place) for place in sorted(within)}
        cut = lineage.cuts if way.cuts else {}
        causes = {
            place: [one for one in found if one in within and (one, place) not in cut]
            if cut
            else [one for one in found if one in within]
            for place, found in given.items()
        }
        effects: dict[int, list[int]] = {place: [] for place in causes}
        for place, found in causes.items():
            for one in found:
                effects[one].append(place)
        return cls(lineage, frozenset(targets), given, causes, effects)

    def node(self, place: int) -> Node:
        """Return the node of a place."""
        return self.lineage.nodes[place]

    def effects_first(self) -> list[int]:
        """Return the places so that what a node led to stands before it."""
        waiting = {place: len(found) for place, found in self.effects.items()}
        order = [place for place, count in waiting.items() if not count]
        for place in order:
            for cause in self.causes[place]:
                waiting[cause] -= 1
                if not waiting[cause]:
                    order.append(cause)
        return order

    def has_weights_before(self, place: int) -> bool:
        """Say whether other weights went into a node."""
        return any(
            one.kind in _TRAINING_KINDS and _STATED.get(one.role or BASE) is Towards.WEIGHTS
            for one in map(self.node, self._given(place))
        )

    def _given(self, place: int) -> list[int]:
        """Return the stated causes of a node that may itself be cut off."""
        found = self.given.get(place)
        return self.lineage.causes(place) if found is None else found

    def has_model_before(self, place: int) -> bool:
        """Say whether a model took part in a node, be it cut off or not."""
        return any(self.node(one).kind is NodeKind.MODEL for one in self._given(place))

    def is_generation(self, place: int) -> bool:
        """Say whether a node made data, or is data made, with a model."""
        node = self.node(place)
        if node.role is not None or node.kind is NodeKind.OUTPUT:
            return node.role in (None, GENERATION)
        if self.has_model_before(place):
            return True
        return node.kind in _MADE_KINDS and any(self._generates(one) for one in self._given(place))

    def _generates(self, place: int) -> bool:
        """Say whether a computation right before data made it with a model."""
        node = self.node(place)
        if node.kind in _MADE_KINDS or node.role is not None:
            return node.role == GENERATION and node.kind not in _MADE_KINDS
        return self.has_model_before(place)


def standings(behind: Behind) -> dict[int, Towards]:
    """Return how each node stands towards the targets, what it led to before it."""
    found: dict[int, Towards] = {}
    offers: dict[int, int] = {}
    for place in behind.effects_first():
        node = behind.node(place)
        offered = 0
        for effect in behind.effects[place]:
            offered |= offers[effect]
        if node.kind is NodeKind.HUMAN and place not in behind.targets:
            found[place], offers[place] = Towards.NOTHING, offered
            continue
        standing = _taken(offered, node.kind)
        if place in behind.targets:
            standing |= _of_target(node.kind)
        if node.role is not None:
            standing = _STATED.get(node.role, Towards.NOTHING)
        found[place] = standing
        offers[place] = _offer(behind, place, standing)
    return found


def _of_target(kind: NodeKind) -> Towards:
    if kind in (NodeKind.OUTPUT, NodeKind.HUMAN):
        return Towards.USE
    return Towards.DATA if kind is NodeKind.DATA else Towards.WEIGHTS


def _offer(behind: Behind, place: int, standing: Towards) -> int:
    """Return how the causes of a node stand that stands so itself, packed."""
    node = behind.node(place)
    later = trained = False
    if node.kind is NodeKind.RUN and standing.value & Towards.WEIGHTS.value:
        later = behind.has_weights_before(place)
    if node.role == GENERATION and node.kind not in _MADE_KINDS:
        trained = not behind.has_model_before(place)
    return _offered(standing.value, later, trained)


@cache
def _offered(number: int, later: bool, trained: bool) -> int:
    """Return what a node offers its causes.

    `later`: it trained weights further. `trained`: it is a stated generation without a
    model, so that a computation right before it is the training of what generated.
    """
    standing, offer = _TOWARDS[number], 0
    if Towards.WEIGHTS in standing:
        data = Towards.DATA_LATER if later else Towards.DATA
        offer |= _packed(Towards.WEIGHTS, Towards.WEIGHTS, data)
    if Towards.TEACHER in standing:
        offer |= _packed(Towards.TEACHER, Towards.TEACHER, Towards.DATA)
    if Towards.USE in standing:
        offer |= _packed(Towards.WEIGHTS, Towards.USE)
    made = standing & _DATA
    if made:
        offer |= _packed(Towards.TEACHER, Towards.TEACHER if trained else made, made)
    return offer


def role_of(behind: Behind, place: int, standing: Towards) -> str | None:
    """Return the role that follows from how a node without a stated one stands."""
    node = behind.node(place)
    if node.discarded_by is not None and place not in behind.targets:
        return None if node.discarded_by is Discard.HUMAN else DISCARDED
    if node.kind is NodeKind.MODEL and node.compute is None:
        return None
    if node.kind in _TRAINING_KINDS and Towards.WEIGHTS in standing:
        return _training_role(behind, place)
    if node.kind in _TRAINING_KINDS and Towards.TEACHER in standing:
        return TEACHER
    if node.kind is NodeKind.MODEL or not standing & _DATA:
        return None
    if behind.is_generation(place):
        return GENERATION
    return PREPARATION if Towards.DATA in standing else PREPARATION_LATER


def _training_role(behind: Behind, place: int) -> str:
    if behind.has_weights_before(place):
        return FINETUNE
    learned = any(
        behind.node(one).kind in _MADE_KINDS and behind.is_generation(one)
        for one in behind.given[place]
    )
    return STUDENT if learned else BASE
