"""Guidance notes: which findings cite them, from which day, as known on which day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sluicegate.core.reasons import Citation, Mark
from sluicegate.frontier.consultation import Consultation, Subject
from sluicegate.rules.instruments import Title


@dataclass(frozen=True, slots=True)
class GuidanceNote:
    """An issued note: what it explains, and the days on which it stands.

    It stands from `first_day` until the day before `until`. It is known from the
    day on which it was issued, and its end from `end_known_on`.
    """

    consultation: str
    version: int
    title: Title
    explains: tuple[str, ...]
    first_day: date
    known_from: date
    until: date | None = None
    end_known_on: date | None = None

    def stands(self, day: date, known_on: date | None = None) -> bool:
        """Say whether the note stood on a day, as known on another."""
        if day < self.first_day or (known_on is not None and known_on < self.known_from):
            return False
        if self.until is None or self.end_known_on is None:
            return True
        return day < self.until or (known_on is not None and known_on < self.end_known_on)

    def is_about(self, ids: Collection[str]) -> bool:
        """Say whether it explains one of these ids, or a text or rule that holds one of them.

        >>> note = GuidanceNote("cn-1", 1, Title("", ""), ("us.sb53",), date.min, date.min)
        >>> note.is_about({"us.sb53.large"}), note.is_about({"us.sb530"})
        (True, False)
        """
        return any(
            one == named or one.startswith(f"{named}.") for named in self.explains for one in ids
        )

    @property
    def citation(self) -> Citation:
        """The place that a finding cites."""
        text = f"Guidance: {self.title.en} ({self.consultation}, version {self.version}"
        return Citation(f"{text}, issued {self.known_from})", Mark.FOUND)


_CITED = re.compile(r"Guidance: .* \((\S+), version \d+, issued [\d-]+\)", re.DOTALL)


def consultation_cited(text: str) -> str:
    """Return the id of the consultation whose note a citation names; empty for another place.

    >>> note = GuidanceNote("cn-1", 2, Title("On (open) parts", ""), (), date.min, date.min)
    >>> consultation_cited(note.citation.text), consultation_cited("Art. 51(2)")
    ('cn-1', '')
    """
    found = _CITED.fullmatch(text)
    return "" if found is None else found[1]


def note_of(one: Consultation) -> GuidanceNote | None:
    """Return the note that a consultation gave; None where it gave none."""
    if one.subject is not Subject.GUIDANCE or one.issued is None:
        return None
    draft = one.drafts[one.issued.version - 1]
    return GuidanceNote(
        consultation=one.consultation_id,
        version=draft.version,
        title=draft.title,
        explains=draft.explains,
        first_day=one.issued.first_day,
        known_from=one.issued.on,
        until=one.ended_on,
        end_known_on=one.end_known_on,
    )


def cited(
    notes: Iterable[GuidanceNote], ids: Collection[str], day: date, known_on: date | None = None
) -> Iterator[Citation]:
    """Yield the citations of the notes that stand on a day and explain one of these ids."""
    for note in notes:
        if note.stands(day, known_on) and note.is_about(ids):
            yield note.citation
