"""Presumed causes: earlier computation that had a physical path to a later one.

Keep the Future Human, App. A: dependence is assumed unless there is a clear reason
to think otherwise. An earlier computation is a presumed cause of a later node with
which it shares storage, an account or a fabric, or that names it among its imports,
unless a statement of independence with reason and evidence names the two.

Earlier means: ended (or made) strictly before the later one started (or was made),
and after the start of all that is stated to have caused it. So a presumed cause never
closes a circle. Where a day that is needed is not known nothing is presumed.

A group of n nodes that share something would have n² pairs. Joints in order of time
stand for all that had ended by a day, so that a group adds about n causes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from sluicegate.lineage.building import causes_first
from sluicegate.lineage.document import Independence, Lineage, Node, NodeKind
from sluicegate.lineage.walking import NOTHING_ADDED, Added

ANY = "*"
"""The target of a statement of independence that holds for whatever came later."""


class Path(Enum):
    """By what an earlier computation could have been reached."""

    STORAGE = "storage"
    ACCOUNT = "account"
    FABRIC = "fabric"
    IMPORT = "import"


Key = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Presumption:
    """What is presumed of a lineage.

    `added` are the presumed causes. `keys` gives the physical paths of nodes,
    `undated` the computations on each path whose end is not known, `unplaced` the nodes
    with a path whose start is not known. `misdated` are nodes that ended before what is
    stated to have caused them had started. `unfounded` are statements of independence
    without reason or evidence or about nodes that are not there.
    """

    added: Added = NOTHING_ADDED
    keys: Mapping[int, tuple[Key, ...]] = field(default_factory=dict)
    undated: Mapping[Key, frozenset[int]] = field(default_factory=dict)
    unplaced: frozenset[int] = frozenset()
    misdated: frozenset[int] = frozenset()
    unfounded: tuple[Independence, ...] = ()


def presumption_of(lineage: Lineage, *, statements: bool = True) -> Presumption:
    """Return what is presumed of a lineage, worked out once in the time of the graph.

    `statements` off: as if nobody had stated any independence.
    """
    name = f"presumption, statements {statements}"
    found = lineage.kept.get(name)
    if not isinstance(found, Presumption):
        found = _presume(lineage, statements)
        lineage.kept[name] = found
    return found


def is_founded(lineage: Lineage, statement: Independence) -> bool:
    """Say whether a statement gives reason and evidence and names nodes that are there."""
    named = statement.cause in lineage.places and (
        statement.target == ANY or statement.target in lineage.places
    )
    return named and bool(statement.reason.strip()) and bool(statement.evidence.strip())


@dataclass(frozen=True, slots=True)
class _Apart:
    """Causes that are not presumed: of one target each, and of any."""

    of: Mapping[int, frozenset[int]]
    of_any: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Paths:
    """The paths by which a node could be reached later, and those by which it could reach back."""

    as_cause: tuple[Key, ...]
    as_later: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Nodes on one path, each with a day: when causes were done, when later ones started."""

    causes: list[tuple[int, int]] = field(default_factory=list)
    later: list[tuple[int, int]] = field(default_factory=list)


def _presume(lineage: Lineage, statements: bool) -> Presumption:
    unfounded = tuple(one for one in lineage.independence if not is_founded(lineage, one))
    paths = _paths(lineage)
    if not paths:
        return Presumption(unfounded=unfounded)
    latest = _latest_starts(lineage)
    groups: defaultdict[Key, _Group] = defaultdict(_Group)
    undated: defaultdict[Key, set[int]] = defaultdict(set)
    misdated: set[int] = set()
    for place, own in paths.items():
        node = lineage.nodes[place]
        started, ended = _day(node.started or node.made_on), _day(node.ended or node.made_on)
        for key in own.as_cause:
            if ended is None:
                undated[key].add(place)
            else:
                groups[key].causes.append((max(ended, latest[place]), place))
        if own.as_cause and ended is not None and latest[place] > ended:
            misdated.add(place)
        if started is not None:
            for key in own.as_later:
                groups[key].later.append((started, place))
    joining = _Joining(len(lineage.nodes), _apart(lineage, statements))
    for _, group in sorted(groups.items(), key=lambda one: (one[0][0].value, one[0][1])):
        joining.join(group)
    return Presumption(
        Added({place: tuple(found) for place, found in joining.causes.items()}),
        {place: own.as_later for place, own in paths.items()},
        {key: frozenset(found) for key, found in undated.items()},
        frozenset(place for place, own in paths.items() if _is_unplaced(lineage, place, own)),
        frozenset(misdated),
        unfounded,
    )


def _is_unplaced(lineage: Lineage, place: int, own: _Paths) -> bool:
    node = lineage.nodes[place]
    return bool(own.as_later) and node.started is None and node.made_on is None


def _day(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _paths(lineage: Lineage) -> dict[int, _Paths]:
    """Return the physical paths of the nodes that have some, in order of place."""
    imported = {name for node in lineage.nodes for name in node.imports}
    found: dict[int, _Paths] = {}
    for place, node in enumerate(lineage.nodes):
        named = _named(node, imported) if imported else ()
        if not (named or node.storage or node.accounts or node.fabrics or node.imports):
            continue
        shared = tuple(_shared(node))
        taken = ((Path.IMPORT, name) for name in dict.fromkeys(node.imports))
        computes = node.compute is not None and node.kind is not NodeKind.HUMAN
        found[place] = _Paths((*(shared if computes else ()), *named), (*shared, *taken))
    return found


def _named(node: Node, imported: set[str]) -> tuple[Key, ...]:
    """Return the names of a node under which another took it in: id, label or generator key."""
    if node.kind is NodeKind.HUMAN:
        return ()
    names = dict.fromkeys((node.id, node.label, node.generator))
    return tuple((Path.IMPORT, name) for name in names if name is not None and name in imported)


def _shared(node: Node) -> Iterator[Key]:
    for path, names in (
        (Path.STORAGE, node.storage),
        (Path.ACCOUNT, node.accounts),
        (Path.FABRIC, node.fabrics),
    ):
        yield from ((path, name) for name in dict.fromkeys(names))


def _latest_starts(lineage: Lineage) -> list[int]:
    """Return for each node the latest start among itself and all that is stated to cause it.

    Days as ordinals, 0 where none is known. It never falls from a cause to what followed,
    and it rises over each presumed cause: so these close no circle.
    """
    starts = [_day(node.started or node.made_on) or 0 for node in lineage.nodes]
    offsets: list[int] = lineage.offsets.tolist()
    parents: list[int] = lineage.parents.tolist()
    for place in causes_first(lineage.offsets, lineage.parents):
        for cause in parents[offsets[place] : offsets[place + 1]]:
            if starts[cause] > starts[place]:
                starts[place] = starts[cause]
    return starts


def _apart(lineage: Lineage, statements: bool) -> _Apart:
    """Return the pairs that are not presumed: stated independent, or cut by a human's change."""
    of: defaultdict[int, set[int]] = defaultdict(set)
    of_any = set()
    for cause, target in lineage.cuts:
        of[target].add(cause)
    for one in lineage.independence if statements else ():
        if not is_founded(lineage, one):
            continue
        if one.target == ANY:
            of_any.add(lineage.places[one.cause])
        else:
            of[lineage.places[one.target]].add(lineage.places[one.cause])
    return _Apart({place: frozenset(found) for place, found in of.items()}, frozenset(of_any))


class _Joining:
    """Joins groups: later nodes get joints as causes, and joints the nodes done by a day."""

    def __init__(self, size: int, apart: _Apart) -> None:
        self.causes: defaultdict[int, list[int]] = defaultdict(list)
        self._next = size
        self._apart = apart

    def join(self, group: _Group) -> None:
        """Make what was done before a later node of the group started a cause of it."""
        done = sorted(one for one in group.causes if one[1] not in self._apart.of_any)
        position = {place: number for number, (_, place) in enumerate(done)}
        days = [day for day, _ in done]
        chain: list[tuple[int, int]] = []
        tree: dict[tuple[int, int], int] = {}
        for start, place in sorted(group.later):
            until = bisect_left(days, start)
            away = sorted(
                position[one]
                for one in self._apart.of.get(place, ())
                if position.get(one, until) < until
            )
            if not until:
                continue
            if not away:
                self.causes[place].append(self._chained(done, chain, until))
                continue
            for first, last in zip([0, *(one + 1 for one in away)], [*away, until], strict=True):
                self.causes[place].extend(self._covering(done, tree, first, last))

    def _joint(self, causes: Iterable[int]) -> int:
        joint = self._next
        self._next += 1
        self.causes[joint].extend(causes)
        return joint

    def _chained(
        self, done: list[tuple[int, int]], chain: list[tuple[int, int]], until: int
    ) -> int:
        """Return the joint of the first so many; each joint rests on the one before it."""
        reached = chain[-1][0] if chain else 0
        if until > reached:
            before = [chain[-1][1]] if chain else []
            new = (place for _, place in done[reached:until])
            chain.append((until, self._joint([*before, *new])))
        return chain[-1][1]

    def _covering(
        self, done: list[tuple[int, int]], tree: dict[tuple[int, int], int], first: int, last: int
    ) -> Iterator[int]:
        """Yield nodes and joints that stand for the causes from first to last, few of each.

        A joint stands for 2^k causes from a multiple of 2^k on, and rests on its halves.
        """
        while first < last:
            size = 1
            while first % (2 * size) == 0 and first + 2 * size <= last:
                size *= 2
            yield self._half(done, tree, first, size)
            first += size

    def _half(
        self, done: list[tuple[int, int]], tree: dict[tuple[int, int], int], first: int, size: int
    ) -> int:
        """Return what stands for a stretch; the stretches in it are made first, not recursively."""
        step = 2
        while step <= size:
            for begin in range(first, first + size, step):
                if (begin, step) not in tree:
                    halves = (begin, begin + step // 2)
                    tree[begin, step] = self._joint(
                        done[one][1] if step == 2 else tree[one, step // 2] for one in halves
                    )
            step *= 2
        return done[first][1] if size == 1 else tree[first, size]
