"""How data sets are refused."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence


class DatasetError(ValueError):
    """A data set that is not taken or not there; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class UnknownDatasetError(DatasetError):
    """A data set, or a snapshot of one, that the node does not have."""
