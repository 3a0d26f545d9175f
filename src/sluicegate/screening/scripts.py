"""A text of any script in lower-case Latin letters, as names are romanised.

Arabic and Hebrew leave vowels out: a word in them that no table knows is given by its
consonants and ends with `VOWELLESS`. Chinese is read in pinyin, with known business
words in English; a name in characters alone is cut into family and given name, as is a
Korean one. Everything else is what anyascii makes of it.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from sluicegate.screening.vocabulary import bare, vocabulary

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
_MARKS = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_DOUBLE_SURNAMES = frozenset(
    ("欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "夏侯", "皇甫", "尉迟", "公孙", "慕容")
)
_KOREAN = {"gim": "kim", "bag": "pak", "i": "ri", "choe": "choe", "gang": "kang", "im": "rim"}


def latin(text: str) -> str:
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
    is_alone = len(found.string.strip()) == len(run)
    if len(run) > 3 or (is_alone and any(run == chinese for chinese, _ in vocabulary().han)):
        for chinese, english in vocabulary().han:
            run = run.replace(chinese, f" {' '.join(english)} ")
        if " " in run:
            return " " + " ".join(_pinyin(part) for part in run.split()) + " "
    if len(run) in (2, 3, 4) and run == found.group():
        cut = 2 if len(run) > 2 and run[:2] in _DOUBLE_SURNAMES else 1
        if len(run) == 4 and cut == 1:
            cut = 2
        # Two characters beside other words are a given name; alone they are a whole name.
        alone = len(run) > 2 or is_alone
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
