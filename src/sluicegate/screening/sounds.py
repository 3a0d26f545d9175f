"""How words sound: what different romanisations of one word have in common.

`fold` keeps vowels and evens out spellings (Yusuf, Youssef). `skeleton` keeps
classes of consonants (Mohammed, Muhamad, mhmd), so that scripts without vowels
and older romanisations meet.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sluicegate.screening.scripts import VOWELLESS

_FOLDS = (
    ("shch", "sh"), ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("dzh", "j"), ("dj", "j"),
    ("ph", "f"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("zh", "j"), ("ck", "k"),
    ("q", "k"), ("ks", "x"), ("ch", "C"), ("c", "k"), ("C", "ch"), ("w", "v"),
    ("eou", "u"), ("ou", "u"), ("oo", "u"),
    ("eo", "o"), ("eu", "u"), ("ee", "i"), ("iy", "i"), ("ij", "i"), ("yi", "i"),
    ("y", "i"), ("ae", "e"),
    ("ei", "ai"), ("ie", "i"), ("ii", "i"), ("tz", "ts"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)(?=\1)")
_VOWEL_H = re.compile(r"(?<=[aeiou])h(?=$|[^aeiou])")
_DROPPED = re.compile(r"[aeiouyhw]")
_SIBILANTS = re.compile(r"shch|tsch|tch|sch|dzh|ts|tz|dz|dj|sh|ch|zh|hs|[jzsç]")
_CLASSES = str.maketrans({"b": "p", "d": "t", "g": "k", "q": "k", "c": "k", "v": "f", "x": "X"})


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Return a word with romanisations evened out; vowels stay.

    >>> fold("youssef") == fold("yusef"), fold("hsi") == fold("xi")
    (True, True)
    """
    if word.startswith(("hs", "x")):
        word = "sh" + word[2 if word.startswith("hs") else 1 :]
    for old, new in _FOLDS:
        if old in word:
            word = word.replace(old, new)
    word = _VOWEL_H.sub("", word)
    return _DOUBLED.sub("", word)


@lru_cache(maxsize=60_000)
def skeleton(word: str) -> str:
    """Return the classes of a word's consonants, after the class of its first sound.

    >>> skeleton("mohammed") == skeleton("muhamad") == skeleton("mhmd~")
    True
    """
    word = word.rstrip(VOWELLESS)
    if not word:
        return ""
    if word.startswith("hs"):
        word = word[1:]
    if word[0] == "x":
        word = "s" + word[1:]
    first = word[0]
    held = _SIBILANTS.sub("s", word.replace("ph", "f")).translate(_CLASSES)
    body = _DROPPED.sub("", _DOUBLED.sub("", held)).replace("X", "ks")
    if first in "aeiou":
        return "a" + body
    if first in "hyw":
        return first + body
    return body
