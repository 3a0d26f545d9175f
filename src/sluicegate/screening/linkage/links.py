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
from sluicegate.screening.linkage.policy import LinkKind, LinkPolicy
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
    their weight, the heaviest link of each family once, is enough.
    """

    pair: Pair
    links: tuple[Link, ...]
    weight: int
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
        return cls(pair, ordered, weight, agrees or any(one.decides for one in ordered))

    @property
    def is_strong(self) -> bool:
        """Whether one of its links is enough."""
        return any(one.decides for one in self.links)


@dataclass(frozen=True, slots=True)
class Common:
    """A thing that too many customers share to say anything: it links nothing."""

    kind: LinkKind
    evidence: str
    sharers: int


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
    customer it belongs to, which stands for all its accounts.
    """
    links: dict[Pair, list[Link]] = {}
    common: list[Common] = []
    for (kind, value), sharing in sorted(
        _index(traits, roots).items(), key=lambda one: (one[0][0].value, one[0][1])
    ):
        if len(sharing) < 2:
            continue
        evidence = evidence_digest(kind, value)
        if len(sharing) > policy.kinds[kind].most:
            common.append(Common(kind, evidence, len(sharing)))
            continue
        for link in _links_of(kind, evidence, sharing, policy):
            links.setdefault((link.a, link.b), []).append(link)
    bonds = {}
    for pair in sorted(links):
        bond = Bond.of(pair, links[pair], policy)
        if not bond.is_strong:
            bond = _with_name(bond, names, policy)
        bonds[pair] = bond
    return Found(policy.version, len(set(roots.values())), bonds, tuple(common))


_Sharing = dict[str, list[Trait]]
"""Customer → its traits of one value: several where several sources or periods give it."""


def _index(
    traits: Iterable[Trait], roots: Mapping[str, str]
) -> dict[tuple[LinkKind, str], _Sharing]:
    found: dict[tuple[LinkKind, str], _Sharing] = {}
    for one in traits:
        root = roots.get(one.customer, one.customer)
        found.setdefault((one.kind, one.value), {}).setdefault(root, []).append(one)
    return found


def _links_of(
    kind: LinkKind, evidence: str, sharing: _Sharing, policy: LinkPolicy
) -> Iterator[Link]:
    rule, count = policy.kinds[kind], len(sharing)
    weight, decides = rule.weight_among(count), rule.decides_among(count)
    periods = {key: _period(sharing[key]) for key in sharing}
    for a, b in combinations(sorted(sharing), 2):
        since, until = _both(periods[a], periods[b])
        if rule.at_once and since is not None and until is not None and until < since:
            continue
        yield Link(a, b, kind, evidence, weight, count, decides, since, until)


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


def _with_name(bond: Bond, names: Mapping[str, str], policy: LinkPolicy) -> Bond:
    """Add that the names are alike, which counts beside another link only."""
    a, b = bond.pair
    ours, theirs = names.get(a, ""), names.get(b, "")
    if not ours or not theirs:
        return bond
    changed = Indel.distance(ours, theirs)
    if changed * policy.similar_name_parts > len(ours) + len(theirs):
        return bond
    evidence = evidence_digest(LinkKind.NAME, "\n".join(sorted((ours, theirs))))
    weight = policy.kinds[LinkKind.NAME].weight
    link = Link(a, b, LinkKind.NAME, evidence, weight, 2, False)
    return Bond.of(bond.pair, (*bond.links, link), policy)
