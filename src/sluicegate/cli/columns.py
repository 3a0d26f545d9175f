"""How wide the columns of a table are, and where their texts are folded.

A text is folded on spaces; an id that is wider than its column after a `.`, `_`, `/` or `-`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells

WIDTH = 100
"""Characters of a line where no terminal says how many it has."""

MOST = 160
"""Characters of a line for a table of so many columns that none could be read in fewer."""

_BORDERS = 3
_LEAST = 8
_USUAL = 12
_LONG = 18
_FIRST = 40
_WORD = re.compile(r"[!-~]+")
_PIECE = re.compile(r"[^\s._/\-]*[._/\-]+|[^\s._/\-]+")


def widths(rows: Sequence[Sequence[str]], room: int, most: int) -> list[int]:
    """Return the width of each column, so that the table with its borders has room.

    A table of so many columns that none could be read takes `most` characters.

    The widest column gives way first, down to its longest word; ids are folded
    only where that does not do, those of the first column last.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    found = [max(1, *(cell_len(line) for text in one for line in _lines(text))) for one in columns]
    words = [max([1, *map(len, _WORD.findall(" ".join(one)))]) for one in columns]
    least = [min(_LEAST, width) for width in found]
    first = max(min(words[0], _FIRST), least[0])
    usual = [max(min(word, _USUAL), low) for word, low in zip(words[1:], least[1:], strict=True)]
    if first + sum(usual) + _BORDERS * len(found) + 1 > room:
        room = most
    left = room - _BORDERS * len(found) - 1
    for longest in (left, _LONG, _USUAL, 1):
        pairs = zip(words[1:], least[1:], strict=True)
        _narrow(found, [first, *(max(min(word, longest), low) for word, low in pairs)], left)
    for floor in (least, [1] * len(least)):
        _narrow(found, floor, left)
    return found


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _narrow(found: list[int], floor: Sequence[int], left: int) -> None:
    """Take from the widest column that is above its floor, until all have room."""
    while sum(found) > left:
        above = [n for n, width in enumerate(found) if width > floor[n]]
        if not above:
            return
        found[max(above, key=lambda n: found[n])] -= 1


def folded(text: str, width: int) -> list[str]:
    """Return the lines of a text in a column.

    >>> folded("eu.ai_act.transition.comply_by, from 2027", 16)
    ['eu.ai_act.', 'transition.', 'comply_by, from', '2027']
    """
    return [line for part in _lines(text) for line in _folded(part, width)]


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        gap = " " if lines[-1] else ""
        if cell_len(lines[-1] + gap + word) <= width:
            lines[-1] += gap + word
            continue
        pieces = [word] if cell_len(word) <= width else _PIECE.findall(word)
        for number, piece in enumerate(pieces):
            if number and cell_len(lines[-1] + piece) <= width:
                lines[-1] += piece
            else:
                lines.extend(chop_cells(piece, width))
    return [line for line in lines if line] or [""]
