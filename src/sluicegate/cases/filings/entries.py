"""What a page or a command line sends: flat texts by path, put together as values of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sluicegate.cases.filings.checking import MOST_ENTRIES
from sluicegate.cases.filings.form import Field, FieldKind, Form
from sluicegate.cases.filings.values import ATTACHMENT_PARTS, PARTY_PARTS
from sluicegate.core.reasons import Sentence, say

_BELOW = {
    FieldKind.MONEY: ("amount", "currency"),
    FieldKind.PARTY: PARTY_PARTS,
    FieldKind.ATTACHMENT: ATTACHMENT_PARTS[:1],
}


class EntryError(ValueError):
    """An entry for a field that the form does not have; nothing is kept."""

    def __init__(self, path: str, problem: Sentence) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path}: {problem.text()}")


def from_entries(form: Form, entries: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return values of texts by path, such as `owners.0.party.name`.

    A path that is given and empty empties its field; entries of a list are
    put in the order of their numbers.

    Raises:
        EntryError: a path leads to no field of the form.
    """
    found: dict[str, Any] = {}
    lists: dict[str, dict[int, dict[str, Any]]] = {}
    for path, text in entries:
        names = path.split(".")
        field = form.field(names[0])
        if field is None:
            raise _unknown(path)
        if field.kind is not FieldKind.PARTS:
            _put(found, field, names[1:], text, path)
            continue
        part = _part(field, names)
        number = _number(names[1]) if len(names) > 2 else None
        if names[1:] == [] and not text.strip():
            lists.setdefault(field.id, {})
        elif part is None or number is None:
            raise _unknown(path)
        else:
            entry = lists.setdefault(field.id, {}).setdefault(number, {})
            _put(entry, part, names[3:], text, path)
    ordered = {name: [each[n] for n in sorted(each)] for name, each in lists.items()}
    return {**found, **ordered}


def known(form: Form, values: Mapping[str, Any]) -> None:
    """Go on only when a form has every field for which something is entered.

    Raises:
        EntryError: it has not.
    """
    for name in values:
        if form.field(name) is None:
            raise _unknown(name)


def _put(into: dict[str, Any], field: Field, below: list[str], text: str, path: str) -> None:
    if not below:
        into[field.id] = text
        return
    if len(below) > 1 or below[0] not in _BELOW.get(field.kind, ()):
        raise _unknown(path)
    held = into.setdefault(field.id, {})
    if not isinstance(held, dict):
        raise EntryError(path, say("The field is given twice, whole and in parts; keep one."))
    held[below[0]] = text


def _part(field: Field, names: list[str]) -> Field | None:
    if len(names) < 3:
        return None
    return next((one for one in field.parts if one.id == names[2]), None)


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ENTRIES))):
        return None
    return int(text)


def _unknown(path: str) -> EntryError:
    shown = path[:80]
    return EntryError(
        shown, say("The form has no field of this id; `sluicegate filings forms` shows all.")
    )
