"""Holdings in the name of a nominee, given to the one for whom they are held.

A role says who is a nominee and who stands behind one (`nominee`, `nominator`):

* a nominee's holding in a party belongs to the nominators that are named for the
  same party; where none is, to the nominators of the nominee itself;
* one nominator takes all of it, or the share that a source states; of several
  without stated shares each may have all or nothing;
* in an arrangement (a nomination) in which the nominee has no share of its own,
  the nominators take the whole;
* a nominee behind whom nobody is named keeps the holding; nobody knows whose it is.

What a nominee holds for itself stays its own. The graph as stated is not
changed: pictures show both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from sluicegate.core.identifiers import PartyId
from sluicegate.registry.holdings import Holding, Holdings

NOMINEE, NOMINATOR = "nominee", "nominator"

_NONE, _WHOLE = Fraction(0), Fraction(1)
_PIECES = re.compile(r"[;,]")


def has_role(holding: Holding, code: str) -> bool:
    """Say whether the role of a holding tells a code, as one of its pieces or their first word."""
    role = None if holding.edge is None else holding.edge.role
    if not role:
        return False
    pieces = (piece.split() for piece in _PIECES.split(role.casefold()))
    return any(words and words[0] == code for words in pieces)


def is_nominee(holding: Holding) -> bool:
    """Say whether a holding is in the name of a nominee, and not seen through to the one behind."""
    return holding.through is None and has_role(holding, NOMINEE)


def unexplained(holdings: Holdings) -> tuple[Holding, ...]:
    """Return the holdings of nominees behind whom nobody is named, in order of the owned."""
    return tuple(
        holding
        for owned in sorted(holdings)
        for holding in holdings[owned]
        if is_nominee(holding) and not _behind(holdings, holding)
    )


def attributed(holdings: Holdings) -> Holdings:
    """Return holdings with those of nominees given to their nominators."""
    nominees = [h for above in holdings.values() for h in above if is_nominee(h)]
    if not nominees:
        return holdings
    used = {(one.owner, one.owned) for nominee in nominees for one in _behind(holdings, nominee)}
    return {owned: tuple(_of(holdings, above, used)) for owned, above in holdings.items()}


def _of(
    holdings: Holdings, above: Sequence[Holding], used: set[tuple[PartyId, PartyId]]
) -> Iterable[Holding]:
    through = next((one.owner for one in above if is_nominee(one)), None)
    for holding in above:
        if is_nominee(holding):
            behind = _behind(holdings, holding)
            if not behind:
                yield holding
            else:
                yield from _given(holding, behind)
        elif (holding.owner, holding.owned) not in used:
            yield holding
        elif not holding.is_unknown and through is not None:
            yield replace(holding, through=through)


def _behind(holdings: Holdings, nominee: Holding) -> list[Holding]:
    """Return the holdings that name the nominators of a nominee's holding."""
    here = [h for h in holdings.get(nominee.owned, ()) if has_role(h, NOMINATOR)]
    return here or [h for h in holdings.get(nominee.owner, ()) if has_role(h, NOMINATOR)]


def _given(nominee: Holding, behind: Sequence[Holding]) -> Iterable[Holding]:
    """Yield what each nominator has of a nominee's holding.

    A nominator named for the same party with a share of its own has that share
    already, apart from the nominee's title to it.
    """
    is_here = behind[0].owned == nominee.owned
    low, high = nominee.low, nominee.high
    is_unknown = nominee.is_unknown
    if is_unknown and is_here:
        low, high, is_unknown = _WHOLE, _WHOLE, False
    open_ones = [one for one in behind if one.is_unknown]
    for one in behind:
        if one.is_unknown:
            least = low if len(open_ones) == len(behind) == 1 else _NONE
            share = least, high
        elif is_here:
            continue
        else:
            share = low * one.low, high * one.high
        yield Holding(
            owner=one.owner,
            owned=nominee.owned,
            low=share[0],
            high=share[1],
            is_unknown=is_unknown,
            has_control=nominee.has_control or one.has_control,
            edge=nominee.edge,
            through=nominee.owner,
        )
