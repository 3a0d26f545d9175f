"""Names as they are written in Arabic letters: short vowels left out, long ones by chance."""

from __future__ import annotations

from functools import cache
from random import Random

from sluicegate.screening.normal import normalise
from sluicegate.screening.vocabulary import vocabulary

_LETTERS = {
    "sh": "ش",
    "kh": "خ",
    "th": "ث",
    "dh": "ذ",
    "gh": "غ",
    "ch": "چ",
    "zh": "ژ",
    "b": "ب",
    "p": "پ",
    "t": "ت",
    "j": "ج",
    "h": "ه",
    "d": "د",
    "r": "ر",
    "z": "ز",
    "s": "س",
    "f": "ف",
    "q": "ق",
    "k": "ك",
    "g": "گ",
    "l": "ل",
    "m": "م",
    "n": "ن",
    "w": "و",
    "v": "و",
    "y": "ي",
    "c": "ك",
    "x": "كس",
    "a": "ا",
    "i": "ي",
    "u": "و",
    "e": "ي",
    "o": "و",
}
_ALWAYS_LONG = {"u": 0.6, "i": 0.6, "o": 0.6, "a": 0.4, "e": 0.2}
"""How often a vowel within a word is written."""
_FIRST_LETTER = "\u0600"
_COMMON = frozenset(
    (
        "muhammad",
        "ahmad",
        "husayn",
        "hasan",
        "ali",
        "umar",
        "khalid",
        "ibrahim",
        "mustafa",
        "abdallah",
    )
)


@cache
def _known() -> dict[str, str]:
    scripts = vocabulary().scripts
    return {latin: word for word, latin in scripts.items() if word[0] >= _FIRST_LETTER}


def is_of_arabic_letters(name: str) -> bool:
    """Say whether a name's bearer may write it so: it has a common name, an article or "abd"."""
    words = normalise(name).words
    return any(word in _COMMON or word == "al" or word.startswith("abd") for word in words)


def in_arabic(name: str, chance: Random) -> str:
    """Return a name in Arabic letters.

    >>> in_arabic("Ahmad", Random(1))
    'احمد'
    """
    words = [_word(word, chance) for word in normalise(name).words if word.isalpha()]
    return " ".join(words).replace("ال ", "ال")


def _word(word: str, chance: Random) -> str:
    known = _known().get(word)
    if known is not None or word == "al":
        return known or "ال"
    if word.startswith("abd") and len(word) > 5:
        return "عبدال" + _word(word[3:], chance)
    found, place = "", 0
    while place < len(word):
        pair = word[place : place + 2]
        size = len(pair) if pair in _LETTERS else 1
        letter, place = word[place : place + size], place + size
        is_edge = place == size or place == len(word)
        if found.endswith(_LETTERS.get(letter, "?")):
            continue
        if is_edge or chance.random() < _ALWAYS_LONG.get(letter, 1.0):
            found += _LETTERS.get(letter, "")
    return found
