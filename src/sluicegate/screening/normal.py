"""A name as words that can be compared: one script, one spelling of what means the same.

Normal forms lose nothing that tells two names apart, except letter case,
diacritics, punctuation and the order in which a comma turns a name round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sluicegate.screening.scripts import VOWELLESS, latin
from sluicegate.screening.vocabulary import Kind, vocabulary

LONGEST_NAME = 240
"""Characters of a name that are looked at."""

MOST_WORDS = 20
"""Words of a name that are looked at; a word's place must fit a 64-bit mask."""

_IN_WORD = re.compile(r"['`’‘ʻʼʿʾ´′]")
_DOTTED = re.compile(r"(?<=\b[a-z])[.](?=[a-z]\b)")
_SLASHED = re.compile(r"\b(a/[sob]|s/a|d/b/a|k/s|[a-z]/[a-z])\b")
_WORDS = re.compile(r"[a-z0-9]+~?")
_LEET = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: as it is compared, what it is, and as it was spelt."""

    text: str
    kind: Kind
    spelt: str


@dataclass(frozen=True, slots=True)
class NormalName:
    """A name as words in order.

    `turn` is the place of the word after the comma in "DOE, Jane", else 0; `is_cut`
    tells that the name was too long to keep whole.
    """

    parts: tuple[Word, ...]
    turn: int = 0
    is_cut: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words as they are compared."""
        return tuple(part.text for part in self.parts)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What each word is."""
        return tuple(part.kind for part in self.parts)


def normalise(text: str) -> NormalName:
    """Return the normal form of a name.

    >>> normalise("AL-TIKRITI, 'Abd al-Aziz").words
    ('al', 'tikriti', 'abdaziz')
    >>> normalise("OOO «Газпром»").words
    ('llc', 'gazprom')
    """
    before, comma, after = latin(text[:LONGEST_NAME]).partition(",")
    raw = _split(before)
    at_comma = len(raw) if comma else 0
    raw += _split(after) if comma else []
    parts, turn = _settle(raw, at_comma)
    is_cut = len(text) > LONGEST_NAME or len(parts) > MOST_WORDS
    return NormalName(tuple(parts[:MOST_WORDS]), turn if turn < MOST_WORDS else 0, is_cut)


def _split(text: str) -> list[str]:
    """Return the raw words of lower-case Latin text."""
    if "&" in text:
        text = text.replace("&", " and ")
    text = _IN_WORD.sub("", text)
    if "." in text:
        text = _DOTTED.sub("", text)
    if "/" in text:
        text = _SLASHED.sub(lambda at: at.group().replace("/", ""), text)
    return _WORDS.findall(text)[: 4 * MOST_WORDS]


def _settle(raw: list[str], at_comma: int) -> tuple[list[Word], int]:
    """Bring words to their common spelling, and say what each is and where the comma was."""
    known = vocabulary()
    parts: list[Word] = []
    place = turn = 0
    while place < len(raw):
        if at_comma and place >= at_comma and not turn:
            turn = len(parts)
        word = raw[place]
        found = _phrase(raw, place) if word in known.phrases else None
        if found is not None:
            size, phrase = found
            parts += phrase
            place += size
        elif word in known.servants and place + 1 < len(raw) and place + 1 != at_comma:
            place = _join_servant(raw, place + 1, parts)
        else:
            parts += _single(word)
            place += 1
    return _finish(parts, turn)


def _phrase(raw: list[str], place: int) -> tuple[int, list[Word]] | None:
    """Return the longest known phrase that begins at a place: how many words, and for what."""
    for spelling, entry in vocabulary().phrases[raw[place]]:
        size = len(spelling)
        if tuple(raw[place : place + size]) == spelling:
            return size, [Word(one, entry.kind, "".join(spelling)) for one in entry.words]
    return None


_ARTICLES = frozenset(
    ("al", "el", "ul", "ar", "as", "ash", "an", "ad", "az", "at", "il", "ur", "us", "ol")
)


def _join_servant(raw: list[str], place: int, parts: list[Word]) -> int:
    """Join "abd" to the next word that is no article; return the place after it."""
    if raw[place] in _ARTICLES and place + 1 < len(raw):
        place += 1
    rest = raw[place]
    kind = Kind.INITIAL if len(rest) == 1 else Kind.WORD
    parts.append(Word("abd" + _servant_rest(rest), kind, "abdul" + rest))
    return place + 1


def _servant_rest(rest: str) -> str:
    return "allah" if rest in ("lah", "llah", "allah", "alah", "ilah", "olah") else rest


_NUMBER = re.compile(r"(\d+)(?:st|nd|rd|th)?")


@lru_cache(maxsize=100_000)
def _single(word: str) -> tuple[Word, ...]:
    """Return what one word stands for."""
    known = vocabulary()
    entry = known.single.get(word)
    if entry is not None:
        return tuple(Word(one, entry.kind, word) for one in entry.words)
    told = _NUMBER.fullmatch(word)
    if told is not None:
        return (Word(told[1].lstrip("0") or "0", Kind.NUMBER, word),)
    number = known.numbers.get(word)
    if number is not None:
        return (Word(str(number), Kind.NUMBER, word),)
    if len(word) == 1:
        return (Word(word, Kind.INITIAL, word),)
    if not word.isalpha() and not word.endswith(VOWELLESS):
        return (Word(_unmask(word), Kind.WORD, word),)
    for start in ("abdul", "abdel", "abdal", "abdol", "abdur", "abdus", "abdou", "abdoul"):
        if word.startswith(start) and len(word) >= len(start) + 3:
            return (Word("abd" + _servant_rest(word[len(start) :]), Kind.WORD, word),)
    if word in ("abdullah", "abdallah", "abdollah", "abdellah", "abdulah", "abdalla", "abdulla"):
        return (Word("abdallah", Kind.WORD, word),)
    return (Word(word, Kind.WORD, word),)


def _unmask(word: str) -> str:
    """Return a word with digits that stand for letters turned back: ig0r, sech1n.

    A code such as a tail number keeps its digits: letters must surround them.
    """
    digits = sum(one.isdigit() for one in word)
    if digits <= 2 and digits * 3 <= len(word) and word[0].isalpha() and word[-1].isalpha():
        return word.translate(_LEET)
    return word


_ALSO_FAMILY_NAMES = frozenset(("sheikh", "sayyid", "haji", "qari", "mullah", "maulavi", "hafiz"))
"""Titles that are a family's name where they stand last: Jane al-Sheikh."""

_INNER_FORMS = frozenset(("co", "corp", "ltd", "llc", "jsc"))


def _finish(parts: list[Word], turn: int) -> tuple[list[Word], int]:
    """Keep legal forms at the ends only, add up number words, drop words that are there twice."""
    if turn and not any(part.kind is Kind.WORD for part in parts[:turn]):
        parts[:turn] = [Word(part.text, Kind.WORD, part.spelt) for part in parts[:turn]]
    real = [place for place, part in enumerate(parts) if part.kind is Kind.WORD]
    if real:
        for place in range(real[0] + 1, real[-1]):
            part = parts[place]
            if part.kind is Kind.FORM and part.text not in _INNER_FORMS:
                parts[place] = Word(part.text, Kind.WORD, part.spelt)
    elif not any(part.kind is Kind.NUMBER for part in parts):
        parts = [Word(part.text, Kind.WORD, part.spelt) for part in parts]
    if real and not turn and parts[-1].kind is Kind.TITLE and parts[-1].text in _ALSO_FAMILY_NAMES:
        parts[-1] = Word(parts[-1].text, Kind.WORD, parts[-1].spelt)
    words = {part.text for part in parts if part.kind is Kind.WORD}
    kept: list[Word] = []
    seen: set[str] = set()
    for place, part in enumerate(parts):
        if part.kind is Kind.NUMBER and kept and kept[-1].kind is Kind.NUMBER:
            tens = int(kept[-1].text) if len(kept[-1].text) < 3 else 0
            if len(part.text) == 1 and tens in range(20, 100, 10):
                both = kept[-1].spelt + part.spelt
                kept[-1] = Word(str(tens + int(part.text)), Kind.NUMBER, both)
                turn -= place < turn
                continue
        is_repeat = part.kind is Kind.WORD and part.text in seen and len(words) > 1
        seen.add(part.text)
        kept.append(Word(part.text, Kind.FILLER, part.spelt) if is_repeat else part)
    is_turned = 0 < turn < len(kept) and any(one.kind is Kind.WORD for one in kept[turn:])
    return kept, turn if is_turned else 0
