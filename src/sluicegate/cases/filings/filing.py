"""A filing as it stands: a form with what is entered, where it came from, and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sluicegate.cases.filings.checking import Checked, FieldFault, check
from sluicegate.cases.filings.form import Form
from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.instruments import Title


class FilingState(Enum):
    """Where a filing stands. A rejected proposal is a draft again."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    """It waits for a second person; nothing of it changes meanwhile."""
    FILED = "filed"
    WITHDRAWN = "withdrawn"


class OriginKind(Enum):
    """Where a value that was filled in comes from."""

    CASE = "case"
    CUSTOMER = "customer"
    OWNERSHIP = "ownership"
    RUN = "run"
    FINDING = "finding"
    PREVIOUS = "previous"
    PERSON = "person"


_ORIGINS = {
    OriginKind.CASE: "from case {id}",
    OriginKind.CUSTOMER: "from the record of customer {id}",
    OriginKind.OWNERSHIP: "from the owners on record of {id}",
    OriginKind.RUN: "from the declaration of run {id}",
    OriginKind.FINDING: "from finding {id}",
    OriginKind.PREVIOUS: "from filing {id}, the last of this form",
    OriginKind.PERSON: "from the account of {id}",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: a kind of record, and its id."""

    kind: OriginKind
    id: str

    @property
    def sentence(self) -> Sentence:
        """The origin in words."""
        return say(_ORIGINS[self.kind], id=self.id)

    def as_json(self) -> dict[str, str]:
        """Return it as stored."""
        return {"kind": self.kind.value, "id": self.id}

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Origin:
        """Return the origin that was stored."""
        return cls(OriginKind(stored["kind"]), stored["id"])


@dataclass(frozen=True, slots=True)
class Filing:
    """A filing at its last version.

    `duty` is the id of the duty that it meets, `obligation` the id of what the
    case owes, empty where nothing is owed. `values` are kept as entered;
    `origins` say of those that were filled in and not changed since where they
    come from. `digest` is that of the content; once filed it stays. `reason` is
    that of the last change of state. `proposed_by`, `filed_at`, `filed_by` and
    `checked_by` are None until then. `corrects` names the filing that this one
    corrects.
    """

    filing_id: str
    case_id: str
    form: Form
    duty: str
    recipient: Title
    jurisdiction: str
    state: FilingState
    version: int
    values: Mapping[str, Any]
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    origins: Mapping[str, Origin] = field(default_factory=dict)
    obligation: str = ""
    corrects: str | None = None
    sealed_for: str | None = None
    reason: str = ""
    proposed_by: str | None = None
    filed_at: datetime | None = None
    filed_by: str | None = None
    checked_by: str | None = None

    @property
    def instrument(self) -> str:
        """The instrument whose duty it meets."""
        owners = [one for one in self.form.instruments if self.duty.startswith(f"{one}.")]
        return max(owners, key=len, default=self.form.instruments[0])

    def checked(self) -> Checked:
        """Return the values in their written form, and every fault."""
        return check(self.form, self.values, self.instrument)

    def missing(self) -> tuple[FieldFault, ...]:
        """Return every field that is missing or malformed, in the order of the form."""
        return self.checked().faults

    def content(self) -> dict[str, Any]:
        """Return what is filed, the same in every language and state."""
        return {
            "filing": self.filing_id,
            "form": self.form.id,
            "form_digest": self.form.digest,
            "instruments": list(self.form.instruments),
            "duty": self.duty,
            "recipient": {"en": self.recipient.en, "zh": self.recipient.zh},
            "corrects": self.corrects,
            "values": dict(self.checked().values),
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of the content's canonical bytes."""
        return digest(self.content())
