"""What the use cases of lists rest on, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.clock import Clock
from sluicegate.core.reasons import Sentence
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import ListFiles

DESIGNATED = "designated"
"""The list of what was entered by hand."""


@dataclass(frozen=True, slots=True)
class ListTerms:
    """What is known of a list beforehand.

    A version older than `greatest_age_days` is stale. `may_shrink` is the share
    of its entries that a new version may lose without a person's word.
    `addresses` are where the issuer gives it, all of them its parts.
    """

    list_id: str
    issuer: str
    greatest_age_days: int
    may_shrink: Fraction
    addresses: tuple[str, ...] = ()


Catalogue = Callable[[str], ListTerms]
"""Given the id of a list, returns its terms; a list that nobody knows has those of an own one."""


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
