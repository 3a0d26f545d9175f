"""The part of each node in making a target: its role with generator, publication and share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.lineage.counting import GENERATION, TEACHER
from sluicegate.lineage.document import Lineage, Node, NodeKind
from sluicegate.lineage.roles import Behind, Part, Towards, role_of, standings
from sluicegate.lineage.walking import Way


def stated_parts(lineage: Lineage, places: Iterable[int]) -> dict[int, Part]:
    """Return the parts that nodes state of themselves, by place."""
    return {
        place: Part(node.role, node.generator, bool(node.published), node.share_of_training)
        for place, node in ((place, lineage.nodes[place]) for place in places)
    }


def parts_of(
    lineage: Lineage, ancestry: Collection[int], targets: Collection[int], way: Way
) -> dict[int, Part]:
    """Return the part of each node of an ancestry over stated causes, by place, in order.

    What a node does not say is taken from its neighbours: a generation's or teacher's
    publication from what it made, the share and publication of data from the run that
    made it or the other way round, a teacher's publication from the model that generated.
    """
    behind = Behind.of(lineage, ancestry, targets, way)
    standing = standings(behind)
    roles = {
        place: lineage.nodes[place].role or role_of(behind, place, standing[place])
        for place in behind.causes
    }
    keys = _Keys(behind, roles, standing)
    makers = {place: _makers(behind, roles, place) for place in behind.causes}
    return {
        place: Part(
            role,
            keys.of(place),
            _is_published(behind, keys, place, role),
            _share(behind, roles, makers, place),
            inferred=lineage.nodes[place].role is None and role is not None,
        )
        for place, role in roles.items()
    }


@dataclass(frozen=True, slots=True)
class _Named:
    """The key under which a generator is known, and the model or run that bears it."""

    key: str
    bearer: int


class _Keys:
    """Which generator each teacher's training and each generation belongs to.

    Variants and earlier weights of a generator share its key. Of several keys the
    first in order of text holds, whatever the order of the graph.
    """

    def __init__(
        self,
        behind: Behind,
        roles: Mapping[int, str | None],
        standing: Mapping[int, Towards],
    ) -> None:
        self._behind = behind
        self._roles = roles
        self._named: dict[int, _Named] = {}
        for place in standing:
            if Towards.TEACHER in standing[place] or roles[place] == TEACHER:
                self._named[place] = self._name(place)
        self._generations = {
            place: self._generation_key(place) for place in standing if roles[place] == GENERATION
        }

    def of(self, place: int) -> str | None:
        """Return a node's own key, or the one that follows for it."""
        role = self._roles[place]
        own = self._behind.node(place).generator
        if own is not None or role not in (GENERATION, TEACHER):
            return own
        if role == TEACHER:
            return self._named[place].key
        return self._generations[place]

    def bearer(self, place: int) -> Node | None:
        """Return the generator for which a teacher's training was."""
        named = self._named.get(place)
        return None if named is None else self._behind.node(named.bearer)

    def _name(self, place: int) -> _Named:
        """Name a teacher: as what it led to is named, or as what it generated names it."""
        node = self._behind.node(place)
        effects = self._behind.effects[place]
        passed = [self._named[one] for one in effects if one in self._named]
        if node.generator is not None:
            bearer = min(passed, key=lambda one: one.key).bearer if passed else place
            return _Named(node.generator, bearer)
        if passed:
            return min(passed, key=lambda one: one.key)
        given = [self._behind.node(one).generator for one in effects]
        said = [one for one in given if one is not None]
        return _Named(min(said, default=node.id), place)

    def _generation_key(self, place: int) -> str | None:
        """Return the key of what generated: of its model, or of the run that made the data."""
        own = self._made_by(place)
        if own is not None:
            return own
        causes = self._behind.lineage.causes(place)
        makers = (one for one in causes if self._roles.get(one) == GENERATION)
        keys = (self._made_by(one) for one in makers)
        return min((key for key in keys if key is not None), default=None)

    def _made_by(self, place: int) -> str | None:
        """Return the key that a node states, or that of the models and teachers before it."""
        node = self._behind.node(place)
        if node.generator is not None:
            return node.generator
        keys = [self._key_of_cause(one) for one in self._behind.lineage.causes(place)]
        return min((key for key in keys if key is not None), default=None)

    def _key_of_cause(self, place: int) -> str | None:
        if place in self._named:
            return self._named[place].key
        node = self._behind.node(place)
        return (node.generator or node.id) if node.kind is NodeKind.MODEL else None


def _makers(behind: Behind, roles: Mapping[int, str | None], place: int) -> list[int]:
    """Return the runs that generated a piece of data."""
    if behind.node(place).kind not in (NodeKind.DATA, NodeKind.OUTPUT):
        return []
    return [
        one
        for one in behind.causes[place]
        if roles[one] == GENERATION
        and behind.node(one).kind not in (NodeKind.DATA, NodeKind.OUTPUT)
    ]


def _is_published(behind: Behind, keys: _Keys, place: int, role: str | None) -> bool:
    """Say whether what a node made is public: as stated, else as its neighbours say."""
    node = behind.node(place)
    if node.published is not None or role not in (GENERATION, TEACHER):
        return bool(node.published)
    if role == TEACHER:
        bearer = keys.bearer(place)
        if bearer is not None and bearer.published is not None:
            return bearer.published
    if role == GENERATION and node.kind in (NodeKind.DATA, NodeKind.OUTPUT):
        near = behind.causes[place]
        kinds: tuple[NodeKind, ...] = (NodeKind.RUN, NodeKind.OTHER)
    else:
        near = behind.effects[place]
        kinds = (NodeKind.DATA, NodeKind.OUTPUT) if role == GENERATION else (NodeKind.MODEL,)
    found = [one.published for one in map(behind.node, near) if one.kind in kinds]
    said = [one for one in found if one is not None]
    return bool(said) and all(said)


def _share(
    behind: Behind,
    roles: Mapping[int, str | None],
    makers: Mapping[int, list[int]],
    place: int,
) -> Fraction | None:
    """Return the share a node bears, so that a run and the data it made bear it once."""
    node = behind.node(place)
    if makers[place] and node.compute is None:
        told = [behind.node(one).share_of_training is not None for one in makers[place]]
        return None if all(told) else node.share_of_training
    if node.share_of_training is not None or roles[place] != GENERATION:
        return node.share_of_training
    made = [one for one in behind.effects[place] if place in makers[one]]
    borne = [behind.node(one).share_of_training is not None for one in made]
    return Fraction(0) if made and all(borne) else None
