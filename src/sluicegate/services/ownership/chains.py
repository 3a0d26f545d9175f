"""What the chain of a declared indirect share tells of the links whose share nobody stated.

A source often declares "30 % of A, through B", says that B holds 60 % of A and
leaves open what the owner holds of B. The declared share is the product along
the chain, so the open link is 50 %. With several open links each gets the range
that the others leave it. Exact; where a chain has two open links in a row
nothing follows, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.services.ownership.statements import (
    SHAREHOLDING,
    Directness,
    StatedRelationship,
    StatedShare,
)

MOST_CHAINS = 1_000
_NONE, _WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Link:
    """A direct link of a chain: who holds whom, by which record; None is not stated."""

    record_id: str
    owner: str
    owned: str
    share: Fraction | None
    is_range: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """An indirect share that its source tells by a chain of components.

    `derived` is record of an open link → what follows for its share.
    """

    record_id: str
    share: StatedShare
    derived: Mapping[str, StatedShare]

    @property
    def is_told_by_chain(self) -> bool:
        """Whether the chain with what was derived gives the declared share exactly."""
        return bool(self.derived) and all(one.exact is not None for one in self.derived.values())


def declared_chains(relationships: Mapping[str, StatedRelationship]) -> list[Declared]:
    """Return every indirect share with components, in order of the records."""
    found = []
    for record_id, one in sorted(relationships.items()):
        share = indirect_share(one)
        if share is None or not isinstance(one.interested_party, str):
            continue
        links = [
            link
            for component in one.components or ()
            if (told := relationships.get(component)) is not None
            if (link := _link(component, told)) is not None
        ]
        derived = _derived(links, one.interested_party, str(one.subject), share)
        found.append(Declared(record_id, share, derived))
    return found


def indirect_share(one: StatedRelationship) -> StatedShare | None:
    """Return the indirect share that a relationship declares and its components tell again."""
    if not one.components:
        return None
    for interest in one.interests:
        is_indirect = interest.directness is Directness.INDIRECT
        if is_indirect and interest.type == SHAREHOLDING and interest.share is not None:
            return interest.share
    return None


def _link(record_id: str, one: StatedRelationship) -> Link | None:
    if not isinstance(one.subject, str) or not isinstance(one.interested_party, str):
        return None
    stated = [
        interest.share
        for interest in one.interests
        if interest.type == SHAREHOLDING and interest.share is not None
    ]
    if not stated:
        return Link(record_id, one.interested_party, one.subject, None)
    share = stated[0]
    return Link(record_id, one.interested_party, one.subject, share.low, share.exact is None)


def _derived(
    links: Sequence[Link], owner: str, owned: str, declared: StatedShare
) -> dict[str, StatedShare]:
    chains = _chains(links, owner, owned)
    low, high = declared.low, declared.high
    if chains is None or low is None or high is None or any(link.is_range for link in links):
        return {}
    known = _NONE
    weight: dict[str, Fraction] = {}
    for chain in chains:
        open_links = [link for link in chain if link.share is None]
        if len(open_links) > 1:
            return {}
        product = _WHOLE
        for link in chain:
            product *= _WHOLE if link.share is None else link.share
        if open_links:
            name = open_links[0].record_id
            weight[name] = weight.get(name, _NONE) + product
        else:
            known += product
    found = {}
    for name, own in weight.items():
        if not own:
            return {}
        others = sum(weight.values(), _NONE) - own
        least = max(_NONE, (low - known - others) / own)
        most = min(_WHOLE, (high - known) / own)
        if least > most:
            return {}
        found[name] = StatedShare.between(least, most)
    return found


def _chains(links: Sequence[Link], owner: str, owned: str) -> list[list[Link]] | None:
    """Return the chains from an owner down to an owned party; None when there are too many."""
    below: dict[str, list[Link]] = {}
    for link in links:
        below.setdefault(link.owner, []).append(link)
    found: list[list[Link]] = []
    waiting: list[list[Link]] = [[link] for link in below.get(owner, ())]
    while waiting:
        chain = waiting.pop()
        end = chain[-1].owned
        if end == owned:
            found.append(chain)
        else:
            passed = {owner, *(link.owned for link in chain)}
            waiting += [[*chain, one] for one in below.get(end, ()) if one.owned not in passed]
        if len(found) + len(waiting) > MOST_CHAINS:
            return None
    return found
