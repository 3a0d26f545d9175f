"""What the use cases of lists rest on, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sluicegate.core.clock import Clock
from sluicegate.core.reasons import Sentence
from sluicegate.screening.known_lists import KnownList
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import ListFiles

Catalogue = Callable[[str], KnownList]
"""Given the id of a list, returns what is known of it."""


@dataclass(frozen=True)
class ListParts:
    """A node's lists as one argument, with who acts."""

    store: Store
    files: ListFiles
    catalogue: Catalogue
    clock: Clock
    by: str


class ListRefusedError(ValueError):
    """A list or a word on it that is not taken; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class UnknownListError(ListRefusedError):
    """A list, version, party, entry or designation that the node does not have."""


class StaleListError(RuntimeError):
    """No list, or one that is too old, where names must be screened; `sentence` says what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())
