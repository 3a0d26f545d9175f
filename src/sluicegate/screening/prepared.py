"""What normalising made of names that are screened again and again, kept in a compact form.

It is a cache and never truth: whoever lacks a name lays it out anew, and what was
made by another algorithm, or is damaged, is read as nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sluicegate.screening.lexicon import expand
from sluicegate.screening.likeness import Ints, sounds_of
from sluicegate.screening.model import ALGORITHM, model
from sluicegate.screening.names import Units, lay_out
from sluicegate.screening.normal import NormalName, normalise
from sluicegate.screening.pairing import sizes
from sluicegate.screening.vocabulary import Kind

_FORM = 1
_SOURCES = (
    *("likeness.py", "names.py", "normal.py", "prepared.py"),
    *("rarity.py", "scripts.py", "sounds.py", "vocabulary.py"),
)
_QUICK = 1
"""The level of compression: a hundred thousand names are written in a fraction of a second."""

_AT_ONCE = 25_000


@cache
def mark() -> str:
    """Return a digest of everything that normal forms and weights follow from."""
    held = hashlib.sha256(f"{_FORM} {ALGORITHM} {model().digest}".encode())
    held.update(f"{version('anyascii')} {sys.version_info[:2]}".encode())
    for name in _SOURCES:
        held.update((files("sluicegate.screening") / name).read_bytes())
    return held.hexdigest()


@dataclass(frozen=True)
class Prepared:
    """Names with their units, as far as a bound of their scores looks at them.

    `texts` are the names as written, each once. `words` are the texts of the units
    and `sounds` their skeletons. Rows `starts[n]` to `starts[n + 1]` of the units
    are those of name `n`: `word`, `mask`, `weight`, `sound` and `is_joined` are what
    they are in `names.Units`. The other columns have a row a name: see `names.Names`,
    but that `has_number` only says whether there is a number, and `shorts` counts
    single letters and words of two.
    """

    texts: tuple[str, ...]
    words: tuple[str, ...]
    sounds: tuple[str, ...]
    starts: Ints
    word: NDArray[np.int32]
    mask: NDArray[np.int32]
    weight: NDArray[np.int32]
    sound: NDArray[np.int32]
    is_joined: NDArray[np.bool_]
    joined: NDArray[np.object_]
    ordered: NDArray[np.object_]
    total: Ints
    counts: Ints
    has_number: Ints
    forms: Ints
    given: Ints
    family: Ints
    shorts: Ints

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Lay names out; one that is there twice is taken once."""
        once = list(dict.fromkeys(texts))
        found = cls._laid([])
        for start in range(0, len(once), _AT_ONCE):
            found = found.joined_with(cls._laid(once[start : start + _AT_ONCE]))
        return found

    @classmethod
    def _laid(cls, texts: Sequence[str]) -> Self:
        names = lay_out([normalise(text) for text in texts])
        units = names.units
        return cls(
            tuple(texts),
            names.words,
            tuple(sounds_of(names.words)),
            np.searchsorted(units.name, np.arange(len(texts) + 1)).astype(np.int64),
            units.word, units.mask, units.weight, units.sound, units.is_joined,
            names.joined, names.ordered, names.total, names.counts,
            (names.numbers != 0).astype(np.int64), names.forms, names.given, names.family,
            np.array([_shorts(one) for one in names.normal], dtype=np.int64),
        )  # fmt: skip

    @cached_property
    def places(self) -> dict[str, int]:
        """Name → its row."""
        return {text: place for place, text in enumerate(self.texts)}

    @cached_property
    def sizes(self) -> Ints:
        """How many letters each name has as one string."""
        return sizes(self.joined.tolist())

    def units_of(self, rows: Ints) -> Units:
        """Return the units of some names; their `name` is the place in `rows`."""
        start = self.starts[rows]
        counts = self.starts[rows + 1] - start
        at = expand(start, counts)
        name = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
        return Units(
            self.word[at], name, self.mask[at], self.weight[at], self.sound[at], self.is_joined[at]
        )

    def only(self, texts: Iterable[str]) -> Self:
        """Return some of the names, those that are held."""
        kept = [self.places[text] for text in dict.fromkeys(texts) if text in self.places]
        rows = np.array(kept, dtype=np.int64)
        units = self.units_of(rows)
        used, word = np.unique(units.word, return_inverse=True)
        ends = np.cumsum(self.starts[rows + 1] - self.starts[rows])
        return type(self)(
            tuple(self.texts[row] for row in kept),
            tuple(self.words[at] for at in used.tolist()),
            tuple(self.sounds[at] for at in used.tolist()),
            np.concatenate([np.zeros(1, dtype=np.int64), ends]),
            word.astype(np.int32), units.mask, units.weight, units.sound, units.is_joined,
            *(getattr(self, name)[rows] for name in _OF_NAMES),
        )  # fmt: skip

    def joined_with(self, other: Self) -> Self:
        """Return these names and others, of which none is here."""
        places = {word: place for place, word in enumerate(self.words)}
        moved = [places.setdefault(word, len(places)) for word in other.words]
        new = [at for at, place in enumerate(moved) if place >= len(self.words)]
        word = np.array(moved, dtype=np.int32)[other.word] if moved else other.word
        return type(self)(
            self.texts + other.texts,
            tuple(places),
            self.sounds + tuple(other.sounds[at] for at in new),
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
            np.concatenate([self.word, word]),
            *(
                np.concatenate([getattr(self, name), getattr(other, name)])
                for name in (*_OF_UNITS, *_OF_NAMES)
            ),
        )

    def to_bytes(self) -> bytes:
        """Return the names as a file holds them: arrays and JSON, nothing that could be run."""
        held = io.BytesIO()
        texts = {name: _packed(list(getattr(self, name))) for name in (*_TUPLES, *_STRINGS)}
        arrays = {name: getattr(self, name) for name in ("starts", "word", *_OF_UNITS, *_NUMBERS)}
        np.savez(held, allow_pickle=False, mark=_packed([mark()]), **texts, **arrays)
        return zlib.compress(held.getvalue(), _QUICK)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self | None:
        """Return the names of a file; None where it is damaged, or of another algorithm."""
        try:
            with np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False) as held:
                if _unpacked(held["mark"]) != [mark()]:
                    return None
                columns: dict[str, Any] = {name: tuple(_unpacked(held[name])) for name in _TUPLES}
                for name in _STRINGS:
                    columns[name] = np.array(_unpacked(held[name]), dtype=object)
                for name in ("starts", "word", *_OF_UNITS, *_NUMBERS):
                    columns[name] = held[name]
        except (zlib.error, zipfile.BadZipFile, ValueError, KeyError, OSError, EOFError):
            return None
        return cls(**columns)


_STRINGS = ("joined", "ordered")
_TUPLES = ("texts", "words", "sounds")
_OF_UNITS = ("mask", "weight", "sound", "is_joined")
_NUMBERS = ("total", "counts", "has_number", "forms", "given", "family", "shorts")
_OF_NAMES = (*_STRINGS, *_NUMBERS)


def _shorts(name: NormalName) -> int:
    """Count what may stand for a longer word: single letters, and words of two."""
    return sum(
        part.kind is Kind.INITIAL or (part.kind is Kind.WORD and len(part.text) <= 2)
        for part in name.parts
    )


def _packed(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(texts).encode("ascii"), dtype=np.uint8)


def _unpacked(held: NDArray[np.uint8]) -> list[str]:
    found: list[str] = json.loads(held.tobytes())
    return found


def completed(held: Prepared | None, texts: Iterable[str]) -> tuple[Prepared, bool]:
    """Return exactly these names, laid out where they are not held; and whether that is new."""
    wanted = dict.fromkeys(texts)
    if held is None:
        return Prepared.of(wanted), True
    missing = [text for text in wanted if text not in held.places]
    kept = held if len(held.texts) + len(missing) == len(wanted) else held.only(wanted)
    if missing:
        kept = kept.joined_with(Prepared.of(missing))
    return kept, kept is not held
