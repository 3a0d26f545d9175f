"""The guidance notes of a node, for findings to cite."""

from __future__ import annotations

from datetime import datetime

from sluicegate.frontier.consultation import Happening, fold
from sluicegate.frontier.guidance import GuidanceNote, note_of
from sluicegate.services.ports import Store

_TELLING = (
    *(Happening.DRAFTED, Happening.REVISED, Happening.ISSUED),
    *(Happening.WITHDRAWN, Happening.SUPERSEDED),
)
"""The events that a note is made of; comments are not read."""


def notes_of(store: Store, *, known_on: datetime | None = None) -> tuple[GuidanceNote, ...]:
    """Return every note that was issued, those that have ended too, in order of drafting."""
    every = store.consultations.every(known_on=known_on, only=_TELLING)
    folded = (fold(events) for events in every.values())
    notes = (note_of(one) for one in folded if one is not None)
    return tuple(one for one in notes if one is not None)
