"""Links between customers: who shares what, how telling it is, and whether it holds a pair.

Values are indexed, and only those who share one are compared: never all pairs.
A thing that very many share (an address of mass registration, the gateway of a
carrier) links nothing, so the work grows with the number of traits. The result
does not depend on the order of its input.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rapidfuzz.distance import Indel

from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.linkage.policy import KindRule, LinkKind, LinkPolicy
from sluicegate.screening.linkage.traits import Trait

Pair = tuple[str, str]
"""Two customers, the lesser id first."""

_DIGEST_LETTERS = 24
_FAMILIES = 2
"""How many families of evidence must agree where none decides."""


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that two customers share, a before b.

    `evidence` is a digest of what is shared, the same for all who share it;
    `sharers` counts them. Both were known by it from `since` to `until`, as far
    as the sources say. `decides` says that it holds the pair alone.
    """

    a: str
    b: str
    kind: LinkKind
    evidence: str
    weight: int
    sharers: int
    decides: bool
    since: date | None = None
    until: date | None = None

    @property
    def why(self) -> Sentence:
        """Say what it is, without the value."""
        if self.kind is LinkKind.NAME:
            return say("The names are alike without the forms of the companies.")
        return say(
            "Both have the same {kind:term}, which {count} customers share.",
            kind=self.kind.value,
            count=self.sharers,
        )


@dataclass(frozen=True, slots=True)
class Bond:
    """All links between two customers, and whether they hold them together.

    They do when one of them decides, or when links of two families agree and
    their weight, the heaviest link of each family once, is enough. `families`
    counts the families of evidence that speak for it.
    """

    pair: Pair
    links: tuple[Link, ...]
    weight: int
    families: int
    holds: bool

    @classmethod
    def of(cls, pair: Pair, links: Iterable[Link], policy: LinkPolicy) -> Bond:
        """Weigh the links of a pair."""
        ordered = tuple(sorted(links, key=lambda one: (-one.weight, one.kind.value, one.evidence)))
        families: dict[str, int] = {}
        for one in ordered:
            families.setdefault(policy.kinds[one.kind].family, one.weight)
        weight = sum(families.values())
        agrees = len(families) >= _FAMILIES and weight >= policy.enough
        holds = agrees or any(one.decides for one in ordered)
        return cls(pair, ordered, weight, len(families), holds)

    @property
    def is_strong(self) -> bool:
        """Whether one of its links is enough."""
        return any(one.decides for one in self.links)


@dataclass(frozen=True, slots=True)
class Common:
    """A thing that too many customers share to say anything: it links nothing."""

    kind: LinkKind
    evidence: str
    customers: tuple[str, ...]

    @property
    def sharers(self) -> int:
        """How many customers share it."""
        return len(self.customers)


@dataclass(frozen=True)
class Found:
    """What was found: bonds in order of their pairs, and what was too common."""

    version: str
    customers: int
    bonds: Mapping[Pair, Bond]
    common: tuple[Common, ...]

    @property
    def holding(self) -> Iterator[Bond]:
        """The bonds that hold their pair together."""
        return (one for one in self.bonds.values() if one.holds)

    @property
    def digest(self) -> str:
        """The SHA-256 of all links: the same whatever the order of the input."""
        return digest(
            [
                [link.a, link.b, link.kind.value, link.evidence, link.weight]
                for bond in self.bonds.values()
                for link in bond.links
            ]
        )


def evidence_digest(kind: LinkKind, value: str) -> str:
    """Return what stands for a value where the value itself must not."""
    found = hashlib.sha256(f"{kind.value}\n{value}".encode()).hexdigest()
    return found[:_DIGEST_LETTERS]


def find_links(
    traits: Iterable[Trait],
    names: Mapping[str, str],
    roots: Mapping[str, str],
    policy: LinkPolicy,
) -> Found:
    """Return the bonds between customers that share something telling.

    `names` is customer → normal form of its name; `roots` is account → the
    customer it belongs to, which stands for all its accounts. Two that share
    one weak thing and nothing else have no bond.
    """
    shared, common = _shared(traits, roots, policy)
    telling = _telling(shared, names, policy)
    links: dict[Pair, list[Link]] = {pair: [] for pair in telling}
    for one in shared:
        for pair in one.pairs():
            if pair in links:
                links[pair].append(one.link(pair))
    bonds = {}
    for pair in sorted(links):
        name = _name_link(pair, names, policy)
        found = links[pair] if name is None else [*links[pair], name]
        bonds[pair] = Bond.of(pair, found, policy)
    return Found(policy.version, len(set(roots.values())), bonds, common)


@dataclass(frozen=True, slots=True)
class _Shared:
    """One thing that several customers have: their ids in order, with from when to when."""

    kind: LinkKind
    value: str
    customers: tuple[str, ...]
    periods: Mapping[str, _Period]
    rule: KindRule

    def pairs(self) -> Iterator[Pair]:
        """Yield every two that had it, at one time where that matters."""
        if not self.rule.at_once:
            yield from combinations(self.customers, 2)
            return
        for pair in combinations(self.customers, 2):
            since, until = _both(self.periods[pair[0]], self.periods[pair[1]])
            if since is None or until is None or since <= until:
                yield pair

    def link(self, pair: Pair) -> Link:
        """Return what links two of them."""
        count = len(self.customers)
        return Link(
            *pair,
            self.kind,
            evidence_digest(self.kind, self.value),
            self.rule.weight_among(count),
            count,
            self.rule.decides_among(count),
            *_both(self.periods[pair[0]], self.periods[pair[1]]),
        )


def _shared(
    traits: Iterable[Trait], roots: Mapping[str, str], policy: LinkPolicy
) -> tuple[list[_Shared], tuple[Common, ...]]:
    """Return what several customers share, in order, and what too many do."""
    index: dict[LinkKind, dict[str, list[Trait]]] = {kind: {} for kind in LinkKind}
    for one in traits:
        index[one.kind].setdefault(one.value, []).append(one)
    shared: list[_Shared] = []
    common: list[Common] = []
    for kind, by_value in index.items():
        rule = policy.kinds[kind]
        for value in sorted(value for value, having in by_value.items() if len(having) > 1):
            by_root: dict[str, list[Trait]] = {}
            for one in by_value[value]:
                by_root.setdefault(roots.get(one.customer, one.customer), []).append(one)
            if len(by_root) > rule.most:
                common.append(Common(kind, evidence_digest(kind, value), tuple(sorted(by_root))))
            elif len(by_root) > 1:
                periods = {root: _period(having) for root, having in by_root.items()}
                shared.append(_Shared(kind, value, tuple(sorted(by_root)), periods, rule))
    return shared, tuple(common)


def _telling(
    shared: Iterable[_Shared], names: Mapping[str, str], policy: LinkPolicy
) -> frozenset[Pair]:
    """Return the pairs whose links may hold them: one decides, or two families agree."""
    one_family: dict[Pair, str] = {}
    telling: set[Pair] = set()
    for one in shared:
        decides, family = one.rule.decides_among(len(one.customers)), one.rule.family
        for pair in one.pairs():
            if decides or one_family.setdefault(pair, family) != family:
                telling.add(pair)
    alike = (pair for pair in one_family if _are_alike(pair, names, policy))
    return frozenset(telling.union(alike))


_Period = tuple[date | None, date | None]


def _period(traits: Iterable[Trait]) -> _Period:
    """Return from when to when a customer had something; an unknown end leaves it open."""
    begins, ends = zip(*((one.since, one.until) for one in traits), strict=True)
    since = None if None in begins else min(begins)
    return since, None if None in ends else max(ends)


def _both(one: _Period, other: _Period) -> _Period:
    begins = [day for day in (one[0], other[0]) if day is not None]
    ends = [day for day in (one[1], other[1]) if day is not None]
    return max(begins, default=None), min(ends, default=None)


def _are_alike(pair: Pair, names: Mapping[str, str], policy: LinkPolicy) -> bool:
    """Say whether two names are alike: what must be changed is a small part of both."""
    ours, theirs = names.get(pair[0], ""), names.get(pair[1], "")
    if not ours or not theirs:
        return False
    most = (len(ours) + len(theirs)) // policy.similar_name_parts
    return Indel.distance(ours, theirs, score_cutoff=most) <= most


def _name_link(pair: Pair, names: Mapping[str, str], policy: LinkPolicy) -> Link | None:
    """Return that the names are alike, which counts beside another link only."""
    if not _are_alike(pair, names, policy):
        return None
    both = "\n".join(sorted(names[one] for one in pair))
    weight = policy.kinds[LinkKind.NAME].weight
    return Link(*pair, LinkKind.NAME, evidence_digest(LinkKind.NAME, both), weight, 2, False)
