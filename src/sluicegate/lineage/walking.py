"""Walks over a lineage against its causes: in the time of what they reach, never of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sluicegate.lineage.document import Discard, Fault, GraphError, Lineage


@dataclass(frozen=True, slots=True)
class Added:
    """Causes beside the stated ones, by place; places from the number of nodes on are joints.

    A joint stands for several nodes that were causes of the same later ones. It is
    no node and has no compute.
    """

    causes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


NOTHING_ADDED = Added()


@dataclass(frozen=True, slots=True)
class Way:
    """How a walk goes: whether cuts and discards hold, and what is added or left aside.

    `without` are nodes taken out of the graph; `cut_from` are nodes of which no edge
    onward is followed from the target's side, as if each were cut.
    """

    cuts: bool = True
    discards: bool = True
    added: Added = NOTHING_ADDED
    without: frozenset[int] = frozenset()


def places_of(lineage: Lineage, ids: Iterable[str]) -> tuple[int, ...]:
    """Return the places of ids; raises GraphError with those that no node has."""
    wanted = tuple(ids)
    missing = [one for one in wanted if one not in lineage.places]
    if missing:
        raise GraphError(Fault.DANGLING, missing)
    return tuple(lineage.places[one] for one in wanted)


def reached(lineage: Lineage, targets: Iterable[int], way: Way) -> set[int]:
    """Return the places of the targets and of all that reaches them on a way.

    A target counts even if it was discarded itself.
    """
    stack = list(targets)
    found = set(stack)
    size = len(lineage.nodes)
    added = way.added.causes
    while stack:
        place = stack.pop()
        causes = stated(lineage, place, way) if place < size else []
        for cause in (*causes, *added.get(place, ())):
            if cause not in found and is_open(lineage, cause, way):
                found.add(cause)
                stack.append(cause)
    return {place for place in found if place < size} if added else found


def count_behind(lineage: Lineage, targets: Iterable[int], way: Way, most: int) -> int:
    """Count what `reached` finds, joints among it; above `most` the count ends there."""
    stack = list(dict.fromkeys(targets))
    found = set(stack)
    size = len(lineage.nodes)
    added = way.added.causes
    while stack and len(found) <= most:
        place = stack.pop()
        causes = stated(lineage, place, way) if place < size else []
        for cause in (*causes, *added.get(place, ())):
            if cause not in found and is_open(lineage, cause, way):
                found.add(cause)
                stack.append(cause)
    return len(found)


def stated(lineage: Lineage, place: int, way: Way) -> list[int]:
    """Return the stated causes of a node that a way follows, in order."""
    causes = lineage.causes(place)
    if not way.cuts or not lineage.cuts:
        return causes
    return [cause for cause in causes if (cause, place) not in lineage.cuts]


def is_open(lineage: Lineage, place: int, way: Way) -> bool:
    """Say whether a way passes a node; it passes every joint."""
    if place >= len(lineage.nodes):
        return True
    if place in way.without:
        return False
    return not (way.discards and lineage.nodes[place].discarded_by is Discard.HUMAN)
