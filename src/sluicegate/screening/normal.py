"""A name as words that can be compared: one script, one spelling of what means the same.

Normal forms lose nothing that tells two names apart, except letter case,
diacritics, punctuation and the order in which a comma turns a name round.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from sluicegate.screening.vocabulary import Kind, bare, vocabulary

LONGEST_NAME = 240
"""Characters of a name that are looked at."""

MOST_WORDS = 20
"""Words of a name that are looked at; a word's place must fit a 64-bit mask."""

VOWELLESS = "~"
"""The last character of a word from a script that leaves vowels out."""

_ARABIC = str.maketrans(
    {
        **dict.fromkeys("اأإآٱ", "a"),
        **dict.fromkeys("عءئؤ", ""),
        **dict.fromkeys("ىیي", "i"),
        **dict.fromkeys("وۆۇ", "u"),
        **dict.fromkeys("كکڪ", "k"),
        **dict.fromkeys("هةەح", "h"),
        **dict.fromkeys("تط", "t"),
        **dict.fromkeys("سص", "s"),
        **dict.fromkeys("زظ", "z"),
        **dict.fromkeys("دض", "d"),
        "ب": "b",
        "پ": "p",
        "ث": "th",
        "ج": "j",
        "چ": "ch",
        "خ": "kh",
        "ذ": "dh",
        "ر": "r",
        "ژ": "zh",
        "ش": "sh",
        "غ": "gh",
        "ف": "f",
        "ڤ": "v",
        "ق": "q",
        "گ": "g",
        "ل": "l",
        "م": "m",
        "ن": "n",
        "ں": "n",
        "ے": "e",
        "ٹ": "t",
        "ڈ": "d",
        "ڑ": "r",
        "ټ": "t",
        "ډ": "d",
        "ړ": "r",
        "ښ": "sh",
        "ګ": "g",
        "ڼ": "n",
        "څ": "ts",
        "ځ": "z",
    }
)
_HEBREW = str.maketrans(
    dict(zip("אבגדהוזחטיכךלמםנןסעפףצץקרשת", (
        *("a", "v", "g", "d", "h", "u", "z", "h", "t", "i", "k", "k", "l", "m", "m", "n", "n"),
        *("s", "a", "f", "f", "ts", "ts", "k", "r", "sh", "t"),
    ), strict=True))
)  # fmt: skip
_HEBREW_RUN = re.compile(r"[\u05d0-\u05ea]+")
_IS_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_RUN = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u200c]+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_HANGUL_RUN = re.compile(r"[\uac00-\ud7af]+")
_IN_WORD = re.compile(r"['`’‘ʻʼʿʾ´′]")
_DOTTED = re.compile(r"(?<=\b[a-z])[.](?=[a-z]\b)")
_SLASHED = re.compile(r"\b(a/[sob]|s/a|d/b/a|k/s|[a-z]/[a-z])\b")
_WORDS = re.compile(r"[a-z0-9]+~?")
_MARKS = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_DOUBLE_SURNAMES = frozenset(
    ("欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "夏侯", "皇甫", "尉迟", "公孙", "慕容")
)
_KOREAN = {"gim": "kim", "bag": "pak", "i": "ri", "choe": "choe", "gang": "kang", "im": "rim"}
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
    latin = _latin(text[:LONGEST_NAME])
    before, comma, after = latin.partition(",")
    raw = _split(before)
    at_comma = len(raw) if comma else 0
    raw += _split(after) if comma else []
    parts, turn = _settle(raw, at_comma)
    is_cut = len(text) > LONGEST_NAME or len(parts) > MOST_WORDS
    return NormalName(tuple(parts[:MOST_WORDS]), turn if turn < MOST_WORDS else 0, is_cut)


def _latin(text: str) -> str:
    """Return a text in lower-case Latin letters."""
    if text.isascii():
        return _MARKS.sub(" ", text).replace(VOWELLESS, " ").lower()
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text)).replace(VOWELLESS, " ")
    if _IS_ARABIC.search(text):
        text = _ARABIC_RUN.sub(_arabic_words, _without_marks(text))
    text = _HEBREW_RUN.sub(_hebrew_words, text)
    text = _HAN_RUN.sub(_han_words, text)
    text = _HANGUL_RUN.sub(_hangul_words, text)
    return anyascii(text).lower()


def _without_marks(text: str) -> str:
    return "".join(one for one in text if unicodedata.category(one) != "Mn" and one != "ـ")


def _arabic_words(found: re.Match[str]) -> str:
    word = found.group().replace("\u200c", "")
    plain = bare(word)
    known = vocabulary().scripts.get(plain) or vocabulary().scripts.get(plain.removeprefix("ال"))
    if known is not None:
        return known
    if word in ("الله", "اللہ"):
        return "allah"
    if word in ("بن", "ابن", "بنت"):
        return "bin"
    if word in ("ال", "آل"):
        return "al"
    if word in ("عبد", "عبدال"):
        return "abd"
    prefix = ""
    if word.startswith("عبدال") and len(word) > 6:
        prefix, word = "abd ", word[5:]
    elif word.startswith("ال") and len(word) > 4:
        prefix, word = "al ", word[2:]
    initial = {"و": "w", "ي": "y", "ی": "y", "ع": "a", "ئ": "a"}.get(word[:1])
    latin = word.translate(_ARABIC)
    if initial in ("w", "y"):
        latin = initial + latin[1:]
    elif initial == "a" and latin[:1] != "a":
        latin = initial + latin
    return f"{prefix}{latin}{VOWELLESS}" if latin else " "


def _hebrew_words(found: re.Match[str]) -> str:
    """Return a Hebrew word by its consonants; a letter that may be a vowel begins it at most."""
    word = found.group()
    known = vocabulary().scripts.get(word)
    if known is not None:
        return known
    initial = {"ו": "v", "י": "y", "ב": "b", "פ": "p"}.get(word[0])
    latin = word.translate(_HEBREW)
    return f"{initial + latin[1:] if initial else latin}{VOWELLESS}"


def _han_words(found: re.Match[str]) -> str:
    run = found.group()
    parts: list[str] = []
    if len(run) > 3:
        for chinese, english in vocabulary().han:
            run = run.replace(chinese, f" {' '.join(english)} ")
        if " " in run:
            return " " + " ".join(_pinyin(part) for part in run.split()) + " "
    if len(run) in (2, 3, 4) and run == found.group():
        cut = 2 if len(run) > 2 and run[:2] in _DOUBLE_SURNAMES else 1
        if len(run) == 4 and cut == 1:
            cut = 2
        # Two characters beside other words are a given name; alone they are a whole name.
        alone = len(run) > 2 or len(found.string.strip()) == len(run)
        parts = [_pinyin(run[:cut]), _pinyin(run[cut:])] if alone else [_pinyin(run)]
        return " " + " ".join(parts) + " "
    return f" {_pinyin(run)} "


_READINGS = str.maketrans(
    {"长": "chang", "長": "chang", "重": "chong", "曾": "zeng", "单": "shan",
     "翟": "zhai", "仇": "qiu", "解": "xie", "乐": "le", "樂": "le", "行": "hang", "厦": "xia"}
)  # fmt: skip
"""Characters of several readings, by the one that they have in names."""


def _pinyin(text: str) -> str:
    return (
        anyascii(text.translate(_READINGS)).lower().replace(" ", "") if not text.isascii() else text
    )


def _hangul_words(found: re.Match[str]) -> str:
    run = found.group()
    if len(run) > 4:
        return f" {anyascii(run).lower()} "
    alone = len(run) > 2 or len(found.string.strip()) == len(run)
    if len(run) == 1 or not alone:
        latin = anyascii(run).lower()
        return f" {_KOREAN.get(latin, latin)} "
    first = anyascii(run[0]).lower()
    return f" {_KOREAN.get(first, first)} {anyascii(run[1:]).lower()} "


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
        is_repeat = part.kind is Kind.WORD and part.text in seen
        seen.add(part.text)
        kept.append(Word(part.text, Kind.FILLER, part.spelt) if is_repeat else part)
    is_turned = 0 < turn < len(kept) and any(one.kind is Kind.WORD for one in kept[turn:])
    return kept, turn if is_turned else 0
