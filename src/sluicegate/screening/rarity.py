"""How rare words are, in bits, from a table that is part of the algorithm.

The table stands still: it is built once from public lists and synthetic names
(`tools/train_screening.py`), never from the list at hand. So a score depends on
the two names alone, and not on who else is listed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sluicegate.screening.scripts import VOWELLESS
from sluicegate.screening.sounds import skeleton
from sluicegate.screening.vocabulary import Kind, read_bytes

UNSEEN = 14.5
"""Bits of a word that stands in no corpus, or in one once."""

_FIXED: Mapping[Kind, float] = {
    Kind.FORM: 0.5,
    Kind.FILLER: 0.6,
    Kind.TITLE: 0.8,
    Kind.INITIAL: 2.0,
}


@dataclass(frozen=True, slots=True)
class Rarity:
    """Bits of words, and of the classes of words that sound alike."""

    words: Mapping[str, float]
    classes: Mapping[str, float]

    def of(self, word: str, kind: Kind) -> float:
        """Return how rare a word is, in bits."""
        fixed = _FIXED.get(kind)
        if fixed is not None:
            return fixed
        if kind is Kind.NUMBER:
            return min(3.0 + 1.5 * (len(word) - 1), 9.0)
        bits = self.words.get(word)
        if bits is None:
            bits = UNSEEN if not word.endswith(VOWELLESS) else self.of_sound(word, kind)
        return min(bits, _cap(word))

    def of_sound(self, word: str, kind: Kind) -> float:
        """Return how rare words are that sound like a word, in bits."""
        if kind is not Kind.WORD:
            return self.of(word, kind)
        sound = skeleton(word)
        bits = self.classes.get(sound, UNSEEN)
        own = self.words.get(word, UNSEEN)
        return min(bits, own, _cap(word.rstrip(VOWELLESS)))


_SYLLABLE = r"(?:zh|ch|sh|kh|ph|ts|hs|ng|[bpmfdtnlgkhjqxrzcsyw])?[aeiouy]{1,3}(?:ng|[nklmptr])?"
_ONE_SYLLABLE = re.compile(_SYLLABLE)
_TWO_SYLLABLES = re.compile(_SYLLABLE * 2)


def _cap(word: str) -> float:
    """Return the most that a word can weigh: short ones and single syllables are never rare.

    There are some four hundred syllables for all Chinese names in Latin letters, and
    not many more for Korean ones.
    """
    if len(word) <= 6 and _ONE_SYLLABLE.fullmatch(word):
        return min(6.0, 0.8 + 2.7 * len(word))
    if len(word) <= 5 and _TWO_SYLLABLES.fullmatch(word):
        return min(10.0, 0.8 + 2.7 * len(word))
    return 0.8 + 2.7 * len(word)


@cache
def rarity() -> Rarity:
    """Return the table, read once. Each line of it: half bits, then the words."""
    words: dict[str, float] = {}
    shares: dict[str, float] = {}
    for line in read_bytes("rarity.txt").decode("ascii").splitlines():
        if line.startswith("#"):
            continue
        level, *some = line.split(" ")
        bits = int(level) / 2
        for word in some:
            words[word] = bits
            sound = skeleton(word)
            shares[sound] = shares.get(sound, 0.0) + 2.0**-bits
    classes = {sound: -math.log2(min(share, 1.0)) for sound, share in shares.items()}
    return Rarity(words, classes)
