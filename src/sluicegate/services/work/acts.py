"""Commands on cases as JSON documents, for acts that are done as long work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from sluicegate.cases.commands import Attach, Command
from sluicegate.cases.documents import as_document, from_document

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _name(kind: type) -> str:
    return _WORD.sub("_", kind.__name__).lower()


COMMANDS: Mapping[str, Any] = {
    _name(kind): kind for kind in get_args(Command) if kind is not Attach
}
"""Name of an act, as the API and the pages write it → its command; files are no bulk work."""


def act_document(command: Command) -> dict[str, Any]:
    """Return a command as a JSON document with its name under `act`.

    >>> from sluicegate.cases.commands import Assign
    >>> act_document(Assign("user:a", "takes over"))
    {'act': 'assign', 'to': 'user:a', 'reason': 'takes over'}
    """
    return {"act": _name(type(command)), **as_document(command)}


def command_of(document: Mapping[str, Any]) -> Command:
    """Return the command of a document; raise ValueError when it names none."""
    name = str(document.get("act"))
    if name not in COMMANDS:
        raise ValueError(f"act {name!r}: is none; give one of {', '.join(sorted(COMMANDS))}")
    given = {key: value for key, value in document.items() if key != "act"}
    command: Command = from_document(COMMANDS[name], given)
    return command
