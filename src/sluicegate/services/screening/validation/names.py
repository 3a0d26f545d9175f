"""Test names made of listed ones: each kind writes a name another way, as people and files do.

A kind gives nothing where it does not apply: a name of one word cannot be turned.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from enum import Enum

from anyascii import anyascii

from sluicegate.core.reasons import Sentence, say
from sluicegate.demo.draws import Draws

_LONG = 4
"""Letters of a word in which one letter may be wrong without it being another word."""


class NameKind(Enum):
    """How a test name differs from the listed one."""

    EXACT = "exact"
    WEAK = "weak_alias"
    LETTER_LEFT_OUT = "letter_left_out"
    LETTER_DOUBLED = "letter_doubled"
    LETTERS_SWAPPED = "letters_swapped"
    LETTER_CHANGED = "letter_changed"
    WORDS_TURNED = "words_turned"
    WORDS_JOINED = "words_joined"
    WORD_LEFT_OUT = "word_left_out"
    INITIAL = "initial"
    MARKS_LEFT_OUT = "marks_left_out"
    IN_LATIN = "in_latin"
    IN_CYRILLIC = "in_cyrillic"


def words_of(kind: NameKind) -> Sentence:
    """Return what a kind is called."""
    return {
        NameKind.EXACT: say("as listed"),
        NameKind.WEAK: say("weak alias, as listed"),
        NameKind.LETTER_LEFT_OUT: say("a letter left out"),
        NameKind.LETTER_DOUBLED: say("a letter doubled"),
        NameKind.LETTERS_SWAPPED: say("two letters swapped"),
        NameKind.LETTER_CHANGED: say("a letter changed"),
        NameKind.WORDS_TURNED: say("the last word in front"),
        NameKind.WORDS_JOINED: say("two words joined"),
        NameKind.WORD_LEFT_OUT: say("a word in the middle left out"),
        NameKind.INITIAL: say("the first word as an initial"),
        NameKind.MARKS_LEFT_OUT: say("marks over letters left out"),
        NameKind.IN_LATIN: say("another script written in Latin letters"),
        NameKind.IN_CYRILLIC: say("Latin letters written in Cyrillic"),
    }[kind]


def written(name: str, kind: NameKind, draws: Draws, *, is_person: bool) -> str | None:
    """Return a listed name written another way; None where the kind does not apply.

    >>> written("Tarquin Velloran", NameKind.WORDS_TURNED, Draws(1), is_person=True)
    'Velloran Tarquin'
    >>> written("Velloran", NameKind.WORDS_TURNED, Draws(1), is_person=True) is None
    True
    """
    if kind in (NameKind.EXACT, NameKind.WEAK):
        return name
    if kind is NameKind.INITIAL and not is_person:
        return None
    changed = _WAYS[kind](name, draws)
    if changed is None or not changed.strip() or changed == name:
        return None
    return changed


def recombined(first: str, second: str) -> str | None:
    """Return the first word of one name with the last of another: a name that nobody lists.

    >>> recombined("Tarquin Osk Velloran", "Mirea Sandling")
    'Tarquin Sandling'
    """
    ahead, behind = _plain_words(first), _plain_words(second)
    if len(ahead) < 2 or len(behind) < 2:
        return None
    return f"{ahead[0]} {behind[-1]}"


def _plain_words(name: str) -> list[str]:
    """Return the words of a name; what stands before a comma is the family's and comes last."""
    family, comma, given = name.partition(",")
    return f"{given} {family}".split() if comma else name.split()


def _in_a_word(name: str, draws: Draws, change: Callable[[str, int], str]) -> str | None:
    """Change a long word at a drawn letter that is neither its first nor its last two."""
    words = name.split()
    places = [place for place, word in enumerate(words) if len(word) >= _LONG and word.isalpha()]
    if not places:
        return None
    place = draws.pick(places)
    word = words[place]
    words[place] = change(word, draws.whole(1, len(word) - 3))
    return " ".join(words)


def _left_out(name: str, draws: Draws) -> str | None:
    return _in_a_word(name, draws, lambda word, at: word[:at] + word[at + 1 :])


def _doubled(name: str, draws: Draws) -> str | None:
    return _in_a_word(name, draws, lambda word, at: word[: at + 1] + word[at:])


def _swapped(name: str, draws: Draws) -> str | None:
    return _in_a_word(
        name, draws, lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    )


def _changed(name: str, draws: Draws) -> str | None:
    """Put another letter of the same name in the place of one, so that the script stays."""
    letters = sorted({one for one in name.casefold() if one.isalpha()})
    if len(letters) < 2:
        return None
    drawn = draws.pick(letters)
    return _in_a_word(name, draws, lambda word, at: word[:at] + drawn + word[at + 1 :])


def _turned(name: str, _draws: Draws) -> str | None:
    words = _plain_words(name)
    if len(words) < 2:
        return None
    return " ".join((words[-1], *words[:-1]))


def _joined(name: str, draws: Draws) -> str | None:
    words = name.split()
    if len(words) < 2:
        return None
    at = draws.whole(0, len(words) - 2)
    return " ".join((*words[:at], words[at] + words[at + 1], *words[at + 2 :]))


def _word_left_out(name: str, draws: Draws) -> str | None:
    words = name.split()
    if len(words) < 3:
        return None
    at = draws.whole(1, len(words) - 2)
    return " ".join((*words[:at], *words[at + 1 :]))


def _initial(name: str, _draws: Draws) -> str | None:
    words = _plain_words(name)
    if len(words) < 2 or len(words[0]) < 2:
        return None
    return " ".join((f"{words[0][0]}.", *words[1:]))


def _unmarked(name: str, _draws: Draws) -> str | None:
    parts = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFC", "".join(one for one in parts if not _is_mark(one)))


def _is_mark(one: str) -> bool:
    return unicodedata.category(one) == "Mn" and unicodedata.name(one, "").startswith("COMBINING")


def _is_latin(name: str) -> bool:
    return all(unicodedata.name(one, "").startswith("LATIN") for one in name if one.isalpha())


def _in_latin(name: str, _draws: Draws) -> str | None:
    return None if _is_latin(name) else anyascii(name)


def _in_cyrillic(name: str, draws: Draws) -> str | None:
    """Write Latin letters in Cyrillic, sounds of two letters first."""
    plain = (_unmarked(name, draws) or "").casefold()
    if not _is_latin(plain) or not any(map(str.isalpha, plain)):
        return None
    text, at = "", 0
    while at < len(plain):
        size = next((one for one in (4, 3, 2, 1) if plain[at : at + one] in _CYRILLIC), 0)
        text += _CYRILLIC[plain[at : at + size]] if size else plain[at]
        at += size or 1
    return text.title()


_SOUNDS = """
shch:щ zh:ж kh:х ts:ц ch:ч sh:ш yu:ю ya:я yo:ё ph:ф th:т ck:к qu:кв ey:ей iy:ий
a:а b:б c:к d:д e:е f:ф g:г h:х i:и j:дж k:к l:л m:м n:н o:о p:п q:к r:р s:с t:т
u:у v:в w:в x:кс y:й z:з
"""
_CYRILLIC: Mapping[str, str] = dict(pair.split(":") for pair in _SOUNDS.split())
"""Latin sounds in Cyrillic, near to how passports write the other way round."""

_WAYS: Mapping[NameKind, Callable[[str, Draws], str | None]] = {
    NameKind.LETTER_LEFT_OUT: _left_out,
    NameKind.LETTER_DOUBLED: _doubled,
    NameKind.LETTERS_SWAPPED: _swapped,
    NameKind.LETTER_CHANGED: _changed,
    NameKind.WORDS_TURNED: _turned,
    NameKind.WORDS_JOINED: _joined,
    NameKind.WORD_LEFT_OUT: _word_left_out,
    NameKind.INITIAL: _initial,
    NameKind.MARKS_LEFT_OUT: _unmarked,
    NameKind.IN_LATIN: _in_latin,
    NameKind.IN_CYRILLIC: _in_cyrillic,
}
