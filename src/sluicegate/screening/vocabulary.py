"""The words that names share: legal forms, titles, fillers, business words, nicknames.

Every table is data (`data/screening/*.yaml`); their bytes are part of the
algorithm's digest, so a changed table is another algorithm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any

from sluicegate.core.exact import load_yaml


class Kind(IntEnum):
    """What a word of a name is; the number is how it is kept in arrays."""

    WORD = 0
    FORM = 1
    FILLER = 2
    TITLE = 3
    NUMBER = 4
    INITIAL = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What a spelling stands for: the words it is brought to, and their kind."""

    words: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tables as look-ups.

    `single` maps a word to its entry; `phrases` maps the first word of a phrase
    to the phrases, longest first; `edge_forms` are legal forms of one or two
    words that count only at the start or the end of a name; `servants` begin
    two-part Arabic names; `han` maps Chinese business words to English ones,
    longest first; `scripts` maps words in letters without vowels to Latin ones;
    `nicknames` maps a name to the groups it stands in.
    """

    single: Mapping[str, Entry]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    servants: frozenset[str]
    han: tuple[tuple[str, tuple[str, ...]], ...]
    scripts: Mapping[str, str]
    nicknames: Mapping[str, frozenset[int]]
    numbers: Mapping[str, int]


def read_bytes(name: str) -> bytes:
    """Return a file of the engine's data."""
    return (files("sluicegate") / "data" / "screening" / name).read_bytes()


_BARE = str.maketrans("أإآٱيىئكةۀ", "اااایییکهه")


def bare(word: str) -> str:
    """Return a word with the Arabic letters that are written in several ways in one."""
    return word.translate(_BARE)


def _table(name: str) -> Any:
    return load_yaml(read_bytes(name).decode("utf-8"))


def _spellings(line: str) -> Iterator[tuple[str, ...]]:
    for spelling in str(line).split():
        if spelling != "_" and not spelling.endswith("_"):
            yield tuple(spelling.split("_"))


@cache
def vocabulary() -> Vocabulary:
    """Return the tables, read once."""
    words = _table("words.yaml")
    found: dict[tuple[str, ...], Entry] = {}

    def add(section: Mapping[str, str], kind: Kind) -> None:
        for canon, line in section.items():
            for spelling in _spellings(line):
                found.setdefault(spelling, Entry((str(canon),), kind))

    add(_table("legal_forms.yaml"), Kind.FORM)
    add(words["fillers"], Kind.FILLER)
    add(words["titles"], Kind.TITLE)
    add(words["names"], Kind.WORD)
    add(words["words"], Kind.WORD)
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for spelling, entry in found.items():
        if len(spelling) > 1:
            phrases.setdefault(spelling[0], []).append((spelling, entry))
    numbers = {
        spelling: int(number)
        for number, line in words["numbers"].items()
        for (spelling,) in _spellings(line)
    }
    groups: dict[str, set[int]] = {}
    for position, line in enumerate(_table("nicknames.yaml")):
        for spelling in _spellings(line):
            name = found[spelling].words[0] if spelling in found else spelling[0]
            groups.setdefault(name, set()).add(position)
    han = sorted(_table("han_words.yaml").items(), key=lambda item: (-len(item[0]), item[0]))
    return Vocabulary(
        single={one[0]: entry for one, entry in found.items() if len(one) == 1},
        phrases={
            first: tuple(sorted(some, key=lambda item: (-len(item[0]), item[0])))
            for first, some in phrases.items()
        },
        servants=frozenset(str(words["servants"]).split()),
        han=tuple((chinese, tuple(english.split())) for chinese, english in han),
        scripts={bare(word): latin for word, latin in _table("script_words.yaml").items()},
        nicknames={name: frozenset(some) for name, some in groups.items()},
        numbers=numbers,
    )


def data_digest(names: tuple[str, ...]) -> str:
    """Return the SHA-256 of data files, in order of their names."""
    held = hashlib.sha256()
    for name in sorted(names):
        content = read_bytes(name)
        held.update(f"{name}\0{len(content)}\0".encode())
        held.update(content)
    return held.hexdigest()
