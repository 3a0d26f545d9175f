"""What stands in the role of a holding: the interests of a party beside its shares.

The codes are those of BODS, with a percentage where one is held:
`votingRights 75; boardMember`. What other sources write there, such as
`director`, stays as it is and is read as far as it says something known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import flop_text, parse_decimal
from sluicegate.registry.holdings import Holding
from sluicegate.registry.nominees import NOMINATOR, NOMINEE
from sluicegate.services.ownership.statements import (
    INTEREST_TYPES,
    REASONS,
    SHAREHOLDING,
    StatedShare,
    Unspecified,
)

UNSPECIFIED_ID = "unspecified:"
"""How the id of an owner begins that a source says it cannot name."""

UNSPECIFIED_NAME = "(not named)"
UNNAMED: Mapping[str, str] = {
    "anonymousPerson": "(anonymous person)",
    "unknownPerson": "(unknown person)",
    "anonymousEntity": "(anonymous entity)",
    "unknownEntity": "(unknown entity)",
}
"""Type of BODS → what stands for the name of a party that has none."""

_OPEN = frozenset({SHAREHOLDING, "unknownInterest", "unpublishedInterest"})
"""Interests that may be shares although no share is stated."""

_INDIRECT, _DERIVED = "indirect", "derived"
_UNSPECIFIED = "unspecified: "
_RANGE = re.compile(r"([<>]?)([0-9.]*)(?:-([<>]?)([0-9.]+))?")
_BY_WORD: Mapping[str, str] = {
    "director": "boardMember",
    "board member": "boardMember",
    "member of the board": "boardMember",
    "chair": "boardChair",
    "board chair": "boardChair",
    "trustee": "trustee",
    "settlor": "settlor",
    "protector": "protector",
    "beneficiary": "beneficiaryOfLegalArrangement",
    "shareholder": SHAREHOLDING,
    NOMINEE: NOMINEE,
    NOMINATOR: NOMINATOR,
}
"""Words that sources write in the column → the interest that they mean."""


@dataclass(frozen=True, slots=True)
class RolePart:
    """One interest as a role tells it.

    A derived share follows from a declared chain; `note` is what a source wrote
    in the place of a figure.
    """

    code: str
    share: StatedShare | None = None
    is_indirect: bool = False
    is_derived: bool = False
    note: str = ""

    def __str__(self) -> str:
        words = [self.code]
        if self.is_derived:
            words.insert(0, _DERIVED)
        if self.is_indirect:
            words.insert(0, _INDIRECT)
        if self.share is not None and self.share.is_stated:
            words.append(_percent(self.share))
        if self.note:
            words.append(f"({self.note.replace(';', ',')})")
        return " ".join(words)


def role_text(parts: Iterable[RolePart]) -> str:
    """Return the role of a holding; empty where it is one of shares and nothing else.

    >>> role_text([RolePart("shareholding")])
    ''
    >>> role_text([RolePart("shareholding"), RolePart("votingRights", StatedShare(Fraction(75)))])
    'shareholding; votingRights 75'
    """
    told = [str(part) for part in parts]
    return "" if told == [SHAREHOLDING] else "; ".join(told)


def role_parts(role: str | None) -> tuple[RolePart, ...]:
    """Read the interests that a role tells; what says nothing known is left out.

    >>> [part.code for part in role_parts("Director")]
    ['boardMember']
    """
    if not role or role.startswith(_UNSPECIFIED):
        return ()
    found = []
    for piece in role.split(";"):
        part = _part(piece.strip())
        if part is not None:
            found.append(part)
    return tuple(found)


def _part(piece: str) -> RolePart | None:
    meant = _BY_WORD.get(piece.lower())
    if meant is not None:
        return RolePart(meant)
    words = piece.split(" ")
    is_indirect = _INDIRECT in words
    is_derived = _DERIVED in words
    left = [word for word in words if word not in (_INDIRECT, _DERIVED)]
    if not left or left[0] not in INTEREST_TYPES:
        return None
    share = _share(left[1]) if len(left) > 1 else None
    return RolePart(left[0], share, is_indirect, is_derived)


def unspecified_role(told: Unspecified) -> str:
    """Return the role of an owner that a source cannot name."""
    return f"{_UNSPECIFIED}{told.reason}" + (f"; {told.description}" if told.description else "")


def unspecified_of(role: str | None) -> Unspecified | None:
    """Read why an owner is not named; None for an owner that is."""
    if not role or not role.startswith(_UNSPECIFIED):
        return None
    reason, _, description = role.removeprefix(_UNSPECIFIED).partition("; ")
    return Unspecified(reason if reason in REASONS else "unknown", description)


def _percent(share: StatedShare) -> str:
    if share.exact is not None:
        return flop_text(share.exact)
    least = _end(share.minimum, share.exclusive_minimum, ">")
    most = _end(share.maximum, share.exclusive_maximum, "<")
    return f"{least or '0'}-{most or '100'}"


def _end(inclusive: Fraction | None, exclusive: Fraction | None, sign: str) -> str:
    if inclusive is not None:
        return flop_text(inclusive)
    return "" if exclusive is None else f"{sign}{flop_text(exclusive)}"


def _share(text: str) -> StatedShare | None:
    found = _RANGE.fullmatch(text)
    if found is None or not found[2]:
        return None
    low = Fraction(parse_decimal(found[2]))
    if found[4] is None:
        return StatedShare(exact=low)
    high = Fraction(parse_decimal(found[4]))
    return StatedShare(
        minimum=None if found[1] else low,
        exclusive_minimum=low if found[1] else None,
        maximum=None if found[3] else high,
        exclusive_maximum=high if found[3] else None,
    )


def has_open_share(holding: Holding) -> bool:
    """Say whether a holding is one of shares of which nobody states how many.

    Control without shares and a seat on a board are no holding of shares.
    """
    if not holding.is_unknown:
        return False
    role = None if holding.edge is None else holding.edge.role
    parts = role_parts(role)
    if parts:
        return any(part.code in _OPEN and not part.is_indirect for part in parts)
    return not holding.has_control
