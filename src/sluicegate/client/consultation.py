"""Consultations and the register of thresholds, as a program reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    CommentShown,
    ConsultationRow,
    ConsultationShown,
    PublishedConsultation,
    RuleFileShown,
    ThresholdRow,
    VersionsCompared,
)

Stages = Literal["drafted", "open", "closed", "issued", "superseded", "withdrawn"]
Parties = Literal[
    "developer",
    "compute_provider",
    "chip_maker",
    "industry_body",
    "research_body",
    "civil_society",
    "authority",
    "other",
]


class Consultations(Calls):
    """What is consulted on, what was said, and every threshold with its review."""

    def consultations(
        self,
        *,
        stage: Stages | Sequence[Stages] | None = None,
        about: Literal["threshold", "guidance"] | None = None,
    ) -> list[ConsultationRow]:
        """List consultations, the last one drafted first."""
        return self._items(ConsultationRow, "/v1/consultations", {"stage": stage, "about": about})

    def consultation(self, consultation: str) -> ConsultationShown:
        """Return everything of a consultation that the token may see."""
        return self._read(ConsultationShown, f"/v1/consultations/{part(consultation)}")

    def consultation_changes(
        self, consultation: str, *, earlier: int | None = None, later: int | None = None
    ) -> VersionsCompared:
        """Return what differs between two versions of a draft; the last two else."""
        query = {"earlier": earlier, "later": later}
        path = f"/v1/consultations/{part(consultation)}/diff"
        return self._read(VersionsCompared, path, query)

    def comment_on(
        self,
        consultation: str,
        organisation: str,
        party: Parties,
        text: str,
        *,
        passage: int = 0,
        received_on: date | None = None,
        is_confidential: bool = False,
    ) -> CommentShown:
        """Enter a comment, such as one that came in by a form; passage 0 is the whole draft."""
        body = {
            "organisation": organisation,
            "party": party,
            "text": text,
            "passage": passage,
            "is_confidential": is_confidential,
            "received_on": received_on,
        }
        path = f"/v1/consultations/{part(consultation)}/comments"
        return self._change(CommentShown, path, body)

    def published_consultation(self, consultation: str) -> PublishedConsultation:
        """Return what an outsider may see of a consultation, with its digest."""
        path = f"/v1/consultations/{part(consultation)}/published"
        return self._read(PublishedConsultation, path)

    def consultation_file(self, consultation: str, digest: str) -> bytes:
        """Return an attached document."""
        return self._file(f"/v1/consultations/{part(consultation)}/files/{part(digest)}")

    def consultation_rule(self, consultation: str) -> RuleFileShown:
        """Return the rule file of an issued threshold."""
        return self._read(RuleFileShown, f"/v1/consultations/{part(consultation)}/rule")

    def threshold_register(
        self, *, as_of: date | None = None, due: bool = False
    ) -> list[ThresholdRow]:
        """List every threshold of the rules, or those whose review is due or due soon."""
        query = {"as_of": as_of, "due": due}
        return self._items(ThresholdRow, "/v1/thresholds/register", query)
