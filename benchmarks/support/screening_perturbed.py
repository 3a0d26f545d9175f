"""Names as they come to a provider: with slips, in another order, shortened, in another form.

Every kind keeps the name recognisable to a person: nothing shorter than six
letters is misspelt, a word is dropped or abridged only from three or more, and
each result differs from the name by more than case and order where its kind is
not order itself.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BESIDE = dict(zip(_LETTERS, "svxfwrfjuhjknbipwtdyybesgx", strict=True))
"""For each letter one that lies beside it on a keyboard."""
_ACCENTS = dict(zip("aceinosuyz", "áçéíñöšüýž", strict=True))
_FORMS = (
    ("ltd", "limited"),
    ("co", "company"),
    ("corp", "corporation"),
    ("llc", "limited liability company"),
    ("inc", "incorporated"),
    ("gmbh", "gesellschaft mit beschränkter haftung"),
    ("s.a.", "sociedad anonima"),
    ("jsc", "joint stock company"),
    ("pvt", "private"),
    ("ooo", "llc"),
)
_SHORT = (
    ("international", "intl"),
    ("technology", "tech"),
    ("technologies", "tech"),
    ("university", "univ"),
    ("institute", "inst"),
    ("general", "gen"),
    ("company", "co"),
    ("manufacturing", "mfg"),
    ("industries", "ind"),
    ("industrial", "ind"),
    ("engineering", "eng"),
    ("national", "natl"),
    ("association", "assoc"),
    ("department", "dept"),
    ("brothers", "bros"),
    ("mohammad", "mohd"),
    ("muhammad", "md"),
    ("abdul", "abd"),
)
_ADDED_PERSON = ("Ali", "Maria", "Jan", "Hassan", "Lee", "Jose", "A.", "K.")
_ADDED_OTHER = ("Group", "Holdings", "International", "Branch", "Trading", "The")

Perturb = Callable[[str, bool, Random], str | None]
"""A name, whether it is a person's, and chance; gives None where the kind does not fit it."""


def natural(name: str) -> str:
    """Return `LAST, First` as `First LAST`; any other name as it is."""
    last, comma, first = name.partition(", ")
    if not comma or "," in first or not first or "." in first:
        return name
    return f"{first} {last}"


def _misspellable(name: str) -> bool:
    return sum(one.isalpha() for one in name) >= 6


def _one_edit(name: str, chance: Random) -> str:
    places = [i for i, one in enumerate(name) if one.isalpha()]
    at = chance.choice(places)
    kind = chance.choice(("drop", "change", "beside", "add", "double"))
    old = name[at]
    if kind == "drop":
        new = ""
    elif kind == "add":
        new = old + chance.choice(_LETTERS)
    elif kind == "double":
        new = old * 2
    elif kind == "beside":
        new = _BESIDE.get(old.casefold(), "e")
    else:
        new = chance.choice(_LETTERS)
    return name[:at] + (new.upper() if old.isupper() else new) + name[at + 1 :]


def _edit(name: str, _is_person: bool, chance: Random) -> str | None:
    return _one_edit(name, chance) if _misspellable(name) else None


def _two_edits(name: str, _is_person: bool, chance: Random) -> str | None:
    if sum(one.isalpha() for one in name) < 10:
        return None
    return _one_edit(_one_edit(name, chance), chance)


def _swap_letters(name: str, _is_person: bool, chance: Random) -> str | None:
    places = [
        i
        for i in range(len(name) - 1)
        if name[i].isalpha() and name[i + 1].isalpha() and name[i] != name[i + 1]
    ]
    if not places or not _misspellable(name):
        return None
    at = chance.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _words(name: str) -> list[str]:
    return name.replace(",", " ").split()


def _drop_word(name: str, is_person: bool, chance: Random) -> str | None:
    words = _words(name)
    short = [i for i, word in enumerate(words) if len(word) <= 6] if not is_person else []
    if len(words) < 3:
        return None
    del words[chance.choice(short or range(len(words)))]
    return " ".join(words)


def _add_word(name: str, is_person: bool, chance: Random) -> str | None:
    words = _words(name)
    if is_person:
        if len(words) < 2:
            return None
        words.insert(1, chance.choice(_ADDED_PERSON))
    else:
        words.append(chance.choice(_ADDED_OTHER))
    return " ".join(words)


def _join_words(name: str, _is_person: bool, chance: Random) -> str | None:
    words = _words(name)
    if len(words) < 2:
        return None
    at = chance.randrange(len(words) - 1)
    return " ".join((*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]))


def _split_word(name: str, _is_person: bool, chance: Random) -> str | None:
    words = _words(name)
    long = [i for i, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return None
    at = chance.choice(long)
    cut = chance.randrange(2, len(words[at]) - 2)
    return " ".join((*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]))


def _reorder(name: str, _is_person: bool, chance: Random) -> str | None:
    words = _words(name)
    if len(words) < 2:
        return None
    moved = words[:]
    chance.shuffle(moved)
    return " ".join(moved if moved != words else words[::-1])


def _initial(name: str, is_person: bool, chance: Random) -> str | None:
    words = natural(name).split()
    if not is_person or len(words) < 3:
        return None
    at = chance.randrange(len(words) - 1)
    words[at] = words[at].strip("'‘’(\"")[:1] + chance.choice((".", ""))
    return " ".join(words)


def _replace_word(name: str, table: tuple[tuple[str, str], ...], chance: Random) -> str | None:
    words = name.split()
    plain = [word.strip(".,").casefold() for word in words]
    changes = [
        (i, new)
        for old, other in table
        for given, new in ((old, other), (other, old))
        for i, word in enumerate(plain)
        if word == given.strip(".")
    ]
    if not changes:
        return None
    at, new = chance.choice(changes)
    words[at] = new.upper() if words[at].isupper() else new.title()
    return " ".join(words)


def _legal_form(name: str, is_person: bool, chance: Random) -> str | None:
    return None if is_person else _replace_word(name, _FORMS, chance)


def _abridge(name: str, _is_person: bool, chance: Random) -> str | None:
    return _replace_word(name, _SHORT, chance)


def _accent(name: str, _is_person: bool, chance: Random) -> str | None:
    places = [i for i, one in enumerate(name) if one.casefold() in _ACCENTS]
    if not places:
        return None
    for at in chance.sample(places, min(2, len(places))):
        new = _ACCENTS[name[at].casefold()]
        name = name[:at] + (new.upper() if name[at].isupper() else new) + name[at + 1 :]
    return name


KINDS: dict[str, Perturb] = {
    "one slip": _edit,
    "two slips": _two_edits,
    "letters swapped": _swap_letters,
    "word dropped": _drop_word,
    "word added": _add_word,
    "words joined": _join_words,
    "word split": _split_word,
    "order": _reorder,
    "initial": _initial,
    "legal form": _legal_form,
    "abridged": _abridge,
    "accents": _accent,
}


def perturbed(name: str, kind: str, *, is_person: bool, chance: Random) -> str | None:
    """Return a name changed in one way, or None where that way does not fit it.

    >>> perturbed("DOE EXAMPLE, Jane", "order", is_person=True, chance=Random(3)) is None
    False
    >>> perturbed("ABC", "one slip", is_person=False, chance=Random(3)) is None
    True
    """
    changed = KINDS[kind](name, is_person, chance)
    return changed if changed and changed.strip() and changed != name else None
