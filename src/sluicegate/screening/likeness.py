"""How alike two words are, and the keys under which words that may be alike meet.

Two words are alike only when they share a key: a form with up to two letters left
out, the classes of their consonants, or a group of nicknames. Both the keys and the
likeness are functions of the two words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from sluicegate.screening.scripts import VOWELLESS
from sluicegate.screening.sounds import fold, skeleton
from sluicegate.screening.vocabulary import vocabulary

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Places = NDArray[np.int32]
Floats = NDArray[np.float64]

_LONG = 10
"""From this length a word is keyed whole, with one letter left out."""

_WINDOW = 7
"""Shorter words are keyed by their first letters, with up to two left out."""

_END = 6
"""Long words are keyed by their first and by their last letters too."""

ACRONYM = "="
"""The first character of the first letters of a name: they meet a word of just these letters."""

LONGEST_ACRONYM = 6

_WIDEST = 40
_LONGEST_FOLD = 12
_GROUPS_A_COLUMN = 60
_BASE = np.uint64(1_099_511_628_211)
_GOLDEN = np.uint64(0x9E37_79B9_7F4A_7C15)
_WORD_SALT, _SOUND_SALT, _FOLD_SALT, _NICK_SALT, _LETTERS_SALT, _START_SALT, _END_SALT = (
    np.uint64(salt) for salt in (17, 257, 65_537, 97, 1_009, 2_003, 4_001)
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys with the place of the word each belongs to."""

    keys: Keys
    owners: Places


def sounds_of(words: Sequence[str]) -> list[str]:
    """Return the skeleton of every word; first letters of words have none."""
    return ["" if word[:1] == ACRONYM else skeleton(word) for word in words]


def keys_of(words: Sequence[str], sounds: Sequence[str]) -> Keyed:
    """Return every key of every word; `sounds` are their skeletons."""
    written = ["" if word[-1:] == VOWELLESS or word[:1] == ACRONYM else word for word in words]
    found = [
        _deleted(written, _WORD_SALT),
        _ends(written),
        _letter_keys(words),
        _sound_keys(sounds),
        _fold_keys(written),
        _nickname_keys(written),
    ]
    keys = np.concatenate([one.keys for one in found])
    owners = np.concatenate([one.owners for one in found])
    return Keyed(keys, owners)


def _matrix(words: Sequence[str], width: int) -> tuple[NDArray[np.uint64], Ints]:
    """Return letters of words as codes, a row a word, and the lengths."""
    lengths = np.fromiter((len(word) for word in words), dtype=np.int64, count=len(words))
    joined = "".join(word[:width].ljust(width, "\0") for word in words).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, width).astype(np.uint64), lengths


def _deleted(words: Sequence[str], salt: np.uint64) -> Keyed:
    """Return keys of words with letters left out; see `_LONG` and `_WINDOW`."""
    letters, lengths = _matrix(words, _WIDEST)
    keys: list[Keys] = []
    owners: list[Places] = []
    for length in range(2, _WIDEST + 1):
        if length == _WIDEST:
            chosen = np.flatnonzero(lengths >= length).astype(np.int32)
        else:
            chosen = np.flatnonzero(lengths == length).astype(np.int32)
        if not len(chosen):
            continue
        window = length if length >= _LONG else min(length, _WINDOW)
        most = 0 if length <= 2 else 1 if length <= 5 or length >= _LONG else 2
        rows = letters[chosen, :window]
        for left_out in range(most + 1):
            for kept in combinations(range(window), window - left_out):
                keys.append(_hashed(rows[:, kept], salt))
                owners.append(chosen)
    return _joined(keys, owners)


def _ends(words: Sequence[str]) -> Keyed:
    """Return keys of the first and of the last letters of long words: two slips may leave one."""
    long = [place for place, word in enumerate(words) if len(word) >= _LONG - 1]
    start, _ = _matrix([words[place][:_END] for place in long], _END)
    end, _ = _matrix([words[place][-_END:] for place in long], _END)
    owners = np.array(long, dtype=np.int32)
    return _joined([_hashed(start, _START_SALT), _hashed(end, _END_SALT)], [owners, owners])


def _letter_keys(words: Sequence[str]) -> Keyed:
    """Return keys under which the first letters of a name meet a word of these letters.

    A short word without vowels, which may have no sound to be keyed by, meets itself so.
    """
    found = [
        (place, word.lstrip(ACRONYM))
        for place, word in enumerate(words)
        if (3 if word[-1:] != VOWELLESS else 1) <= len(word.lstrip(ACRONYM)) <= LONGEST_ACRONYM
    ]
    rows, _ = _matrix([word for _, word in found], LONGEST_ACRONYM)
    places = np.array([place for place, _ in found], dtype=np.int32)
    return Keyed(_hashed(rows, _LETTERS_SALT), places)


def _hashed(rows: NDArray[np.uint64], salt: np.uint64) -> Keys:
    held = np.full(len(rows), salt, dtype=np.uint64)
    for column in range(rows.shape[1]):
        held = held * _BASE + rows[:, column]
        held ^= held >> np.uint64(29)
    return _mixed(held)


def _mixed(keys: Keys) -> Keys:
    """Spread every bit of keys into the high ones, which a lexicon keeps."""
    return (keys ^ (keys >> np.uint64(32))) * _GOLDEN


def _joined(keys: list[Keys], owners: list[Places]) -> Keyed:
    if not keys:
        return Keyed(np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int32))
    return Keyed(np.concatenate(keys), np.concatenate(owners))


def _sound_keys(sounds: Sequence[str]) -> Keyed:
    """Return keys of skeletons of two classes or more; of four or more with one left out too."""
    letters, lengths = _matrix(sounds, _WIDEST)
    keys: list[Keys] = []
    owners: list[Places] = []
    for length in range(2, _WIDEST):
        chosen = np.flatnonzero(lengths == length).astype(np.int32)
        if not len(chosen):
            continue
        rows = letters[chosen, :length]
        for left_out in range(2 if length >= 4 else 1):
            for kept in combinations(range(length), length - left_out):
                keys.append(_hashed(rows[:, kept], _SOUND_SALT))
                owners.append(chosen)
    return _joined(keys, owners)


def _fold_keys(words: Sequence[str]) -> Keyed:
    short = [place for place, word in enumerate(words) if 2 <= len(word) <= 5]
    letters, lengths = _matrix([fold(words[place]) for place in short], 6)
    masked = np.where(np.arange(6) < lengths[:, None], letters, np.uint64(0))
    return Keyed(_hashed(masked, _FOLD_SALT), np.array(short, dtype=np.int32))


def _nickname_keys(words: Sequence[str]) -> Keyed:
    groups = vocabulary().nicknames
    pairs = [(group, place) for place, word in enumerate(words) for group in groups.get(word, ())]
    return Keyed(
        _mixed(np.array([group for group, _ in pairs], dtype=np.uint64) * _BASE + _NICK_SALT),
        np.array([place for _, place in pairs], dtype=np.int32),
    )


@dataclass(frozen=True, slots=True)
class Traits:
    """What likeness looks at, a row a word: lengths, and fingerprints of sound and folded form."""

    words: NDArray[np.object_]
    sizes: Ints
    sound_sizes: Ints
    sounds: Ints
    folds: Ints
    is_vowelless: NDArray[np.bool_]
    is_letters: NDArray[np.bool_]
    nicknames: Ints
    digits: Ints

    @classmethod
    def of(cls, words: Sequence[str], sounds: Sequence[str]) -> Traits:
        """Return the traits of words; `sounds` are their skeletons."""
        groups = vocabulary().nicknames
        folds = [
            hash(fold(word)) if len(word) <= _LONGEST_FOLD else place
            for place, word in enumerate(words)
        ]
        nicknames = np.zeros((len(words), 2), dtype=np.int64)
        for place, word in enumerate(words):
            for group in groups.get(word, ()):
                nicknames[place, group // _GROUPS_A_COLUMN] |= 1 << group % _GROUPS_A_COLUMN
        return cls(
            np.array(words, dtype=object),
            np.array([len(word) for word in words], dtype=np.int64),
            np.array([len(sound) for sound in sounds], dtype=np.int64),
            np.array([hash(sound) for sound in sounds], dtype=np.int64),
            np.array(folds, dtype=np.int64),
            np.array([word[-1:] == VOWELLESS for word in words], dtype=bool),
            np.array([word[:1] == ACRONYM for word in words], dtype=bool),
            nicknames,
            np.array([_digits(word) for word in words], dtype=np.int64),
        )


_NO_DIGIT = re.compile(r"[^0-9]")


def _digits(word: str) -> int:
    """Return what tells the digits of words apart, 0 where there is none."""
    return 0 if word.isalpha() else int("1" + _NO_DIGIT.sub("", word)[:17]) - 1


def likeness(left: Traits, ours: Ints, right: Traits, theirs: Ints) -> Floats:
    """Return how alike words are that share a key, pair by pair, 0 to 1.

    1 is the same word; 0.95 the same but for the romanisation. Letters that differ
    count by the longer word's length; words of one or two letters have no letters to
    spare.
    """
    if not len(ours):
        return np.empty(0, dtype=np.float64)
    distance = cpdist(
        left.words[ours].tolist(), right.words[theirs].tolist(), scorer=OSA.distance, dtype=np.int32
    ).astype(np.float64)
    longest = np.maximum(left.sizes[ours], right.sizes[theirs])
    shortest = np.minimum(left.sizes[ours], right.sizes[theirs])
    same_sound = left.sounds[ours] == right.sounds[theirs]
    classes = np.minimum(left.sound_sizes[ours], right.sound_sizes[theirs])
    close = 1.0 - distance / longest
    found = np.where(shortest >= 3, close, 0.0)
    lift = np.where(classes >= 3, 0.45, np.where(classes == 2, 0.35, 0.0))
    found = np.where(same_sound & (lift > 0.0), np.maximum(found, 0.5 * close + lift), found)
    is_nickname = (left.nicknames[ours] & right.nicknames[theirs]).any(axis=1)
    found = np.where(is_nickname, np.maximum(found, 0.8), found)
    same_fold = left.folds[ours] == right.folds[theirs]
    found = np.where(same_fold & same_sound, np.where(longest >= 4, 0.95, 0.85), found)
    shorn = np.where(classes >= 3, 0.88, np.where(classes == 2, 0.75, 0.0))
    shorn = np.where(same_sound, shorn, np.where(classes >= 4, 0.6, 0.0))
    found = np.where(left.is_vowelless[ours] | right.is_vowelless[theirs], shorn, found)
    # Numbers and codes have to agree: 46 is not 47, nor is RA-76502 RA-76503.
    found = np.where(left.digits[ours] == right.digits[theirs], found, 0.0)
    return np.where(distance == 0, 1.0, found)
