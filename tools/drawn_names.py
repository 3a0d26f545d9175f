"""Names drawn to learn from, by a seed: misspelt, put together, in other letters, all of TRAIN."""

from __future__ import annotations

import string
from collections import defaultdict
from random import Random

from arabic_letters import in_arabic, is_of_arabic_letters
from screening_perturbed import KINDS, natural, perturbed
from screening_sets import Part, Query, Split, split_of
from screening_sources import bare_key_of, script_of


def more_perturbed(part: Part, count: int) -> list[Query]:
    """Return more perturbed names of parties of TRAIN."""
    chance = Random(99)
    able = [
        one for one in part.parties if split_of(one.id) is Split.TRAIN and one.schema != "Airplane"
    ]
    kinds = list(KINDS)
    found: list[Query] = []
    while len(found) < count:
        kind, one = kinds[len(found) % len(kinds)], chance.choice(able)
        source, is_person = chance.choice(one.names), one.schema == "Person"
        asked = natural(source) if is_person and chance.random() < 0.5 else source
        text = perturbed(asked, kind, is_person=is_person, chance=chance)
        if text:
            found.append(Query(text, one.schema, kind, Split.TRAIN, frozenset([one.id]), source))
    return found


def mixed(part: Part, count: int) -> list[Query]:
    """Return more clean names: of two clean ones of TRAIN, one's first words and other's last."""
    chance = Random(31)
    listed = {bare_key_of(text) for one in part.parties for text in (*one.names, *one.weak_names)}
    known: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for one in part.clean_of(Split.TRAIN):
        if " " in one.text:
            known[one.schema, script_of(one.text)].append(one.text.split())
    groups = [some for some in known.items() if len(some[1]) > 1]
    sizes = [len(some) for _, some in groups]
    found: list[Query] = []
    while len(found) < count:
        (schema, _), some = chance.choices(groups, sizes)[0]
        first, last = chance.sample(some, 2)
        half = max(1, len(first) // 2)
        text = " ".join((*first[:half], *last[max(1, len(last) // 2) :]))
        if bare_key_of(text) not in listed:
            found.append(Query(text, schema, "mixed", Split.TRAIN))
    return found


def arabic(part: Part, count: int) -> tuple[list[Query], list[Query]]:
    """Return names of TRAIN's persons in Arabic letters, listed and clean, so many each."""
    chance = Random(17)
    listed = [
        Query(in_arabic(name, chance), "Person", "arabic", Split.TRAIN, frozenset([one.id]), name)
        for one in part.parties
        if one.schema == "Person" and split_of(one.id) is Split.TRAIN
        for name in one.names[:1]
        if is_of_arabic_letters(name)
    ]
    clean = [
        Query(in_arabic(one.text, chance), "Person", "arabic", Split.TRAIN)
        for one in part.clean_of(Split.TRAIN)
        if one.schema == "Person" and script_of(one.text) == "LATIN"
    ]
    return listed[:: max(1, len(listed) // count)], clean[:: max(1, len(clean) // count)]


def changed_pairs(part: Part, count: int) -> tuple[list[tuple[str, str, str]], list[bool]]:
    """Return listed names with one word misspelt, which match, or another's, which do not."""
    chance = Random(7)
    schemas = ("Person", "Organization", "LegalEntity")
    able = [
        one for one in part.parties if one.schema in schemas and split_of(one.id) is Split.TRAIN
    ]
    words: dict[str, list[str]] = defaultdict(list)
    for one in able:
        words[one.schema] += [word for word in one.names[0].split() if len(word) > 3]
    pairs: list[tuple[str, str, str]] = []
    labels: list[bool] = []
    for _ in range(count):
        one = chance.choice(able)
        name = chance.choice(one.names)
        parts = name.split()
        places = [place for place, word in enumerate(parts) if len(word) > 3]
        if len(parts) < 2 or not places:
            continue
        at = chance.choice(places)
        other = chance.choice(words[one.schema])
        if other.casefold()[:3] != parts[at].casefold()[:3]:
            pairs.append((" ".join((*parts[:at], other, *parts[at + 1 :])), name, one.schema))
            labels.append(False)
        slip = _misspelt(parts[at], chance)
        pairs.append((" ".join((*parts[:at], slip, *parts[at + 1 :])), name, one.schema))
        labels.append(True)
    return pairs, labels


def _misspelt(word: str, chance: Random) -> str:
    letters = list(word)
    for _ in range(chance.choice((1, 1, 2))):
        at, drawn = chance.randrange(len(letters)), chance.random()
        if drawn < 0.5:
            letters[at] = chance.choice(string.ascii_lowercase)
        elif drawn < 0.75 and len(letters) > 4:
            del letters[at]
        else:
            letters.insert(at, chance.choice(string.ascii_lowercase))
    return "".join(letters)
