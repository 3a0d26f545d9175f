"""OFAC's remarks: "DOB 16 May 1961; POB Bogota, Colombia; Passport AH330349 (Colombia)."."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import Notes
from sluicegate.adapters.lists.values import country_code
from sluicegate.screening.entries import NameKind
from sluicegate.screening.known_lists import identifier_kinds

_PARTS = re.compile(r";\s+")
_ALSO = re.compile(r"^(?:alt\. )+")
_QUOTED = re.compile(r"'(.+)'")
_VALUE = re.compile(r"#?\s*([^(]*?)\s*(?:\(([^()]*)\).*|\b(?:issued|expires)\b.*)?")
_CURRENCY = re.compile(r"^- (\w+) ")
_WITHOUT_DIGITS = frozenset({"email", "website", "swift", "tail_number", "call_sign", "ticker"})
_NAME_KINDS = {"a.k.a.": NameKind.WEAK, "f.k.a.": NameKind.FORMER, "n.k.a.": NameKind.NOW}
"""An alias stands in the remarks, in quotation marks, when it is a weak one."""


@cache
def _labels() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return labels with their kinds, the longest first, by their first word."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in identifier_kinds().values():
        for label in one.called:
            found.setdefault(label.split()[0].rstrip(":"), []).append((label, one.kind))
    return {word: tuple(sorted(all_, key=lambda one: -len(one[0]))) for word, all_ in found.items()}


def read_remarks(text: str, draft: Draft, notes: Notes, file: str, line: int) -> None:
    """Take apart what a remark says of a party; the remark is kept whole as well."""
    draft.remark(text)
    for part in _PARTS.split(text.rstrip(" .")):
        bare = _ALSO.sub("", part.strip())
        word, _, rest = bare.partition(" ")
        match word:
            case "DOB":
                draft.add(draft.birth_dates, notes.days(rest, file, line))
            case "POB":
                draft.add(draft.birth_places, [rest])
            case "nationality" | "citizen":
                draft.add(draft.nationalities, notes.countries(rest, file, line))
            case "a.k.a." | "f.k.a." | "n.k.a.":
                quoted = _QUOTED.search(rest)
                draft.name(quoted[1] if quoted else rest, _NAME_KINDS[word])
            case _:
                _identifier(word.rstrip(":"), bare, draft)


def _identifier(word: str, text: str, draft: Draft) -> None:
    for label, kind in _labels().get(word, ()):
        if not text.startswith(label):
            continue
        rest = text[len(label) :].lstrip(": ")
        value = _VALUE.fullmatch(_CURRENCY.sub("", rest))
        if value is None or not value[1]:
            return
        has_number = any(map(str.isdigit, value[1])) or kind in _WITHOUT_DIGITS
        if not has_number:
            return
        draft.number(kind, value[1], country_code(value[2]) if value[2] else "")
        return
