"""Reasons and citations: why an answer is what it is, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Mark(Enum):
    """How certain it is that an encoded figure says what the text says."""

    FOUND = "found"
    SECOND_HAND = "second_hand"
    RECALLED_HIGH = "recalled_high"
    RECALLED_MEDIUM = "recalled_medium"
    RECALLED_LOW = "recalled_low"
    DERIVED = "derived"
    HYPOTHETICAL = "hypothetical"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a text."""

    text: str
    mark: Mark = Mark.FOUND


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence with its figures, and the texts it rests on."""

    sentence: str
    citations: tuple[Citation, ...] = field(default=())

    def __str__(self) -> str:
        return self.sentence
