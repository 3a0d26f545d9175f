"""A draft as a file of YAML or JSON: fields as a person writes them, every mistake told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sluicegate.core.reasons import say
from sluicegate.services.consultation.drafting import NewDraft
from sluicegate.services.consultation.writing import BadEntryError

LISTED = "explains"
FIELDS = tuple(one.name for one in fields(NewDraft))


def draft_of_document(document: Any) -> NewDraft:
    """Return the draft that a document says.

    `explains` is a list of ids or one id; every other field is text, a number or
    yes and no.

    Raises:
        BadEntryError: it is no draft; the sentence names the first fault.
    """
    if not isinstance(document, Mapping):
        raise BadEntryError(
            say("The file holds no draft; write fields such as {fields}.", fields=FIELDS[:3])
        )
    unknown = [str(name) for name in document if name not in FIELDS]
    if unknown:
        raise BadEntryError(
            say(
                "{fields}: a draft has no such field; it has {known}.",
                fields=unknown,
                known=list(FIELDS),
            )
        )
    given: dict[str, Any] = {
        name: _text(name, value) for name, value in document.items() if name != LISTED
    }
    listed = document.get(LISTED) or ()
    if isinstance(listed, str):
        listed = (listed,)
    if not isinstance(listed, list | tuple):
        raise _not_text(LISTED)
    whole = {"subject": "", "title": "", "text": "", **given}
    return NewDraft(**whole, explains=tuple(_text(LISTED, one) for one in listed))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | str | Decimal):
        return str(value)
    raise _not_text(name)


def _not_text(name: str) -> BadEntryError:
    return BadEntryError(say("{field}: is no text; write it as text.", field=name))
