"""What can be asked for as long work: one small value per kind of job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sluicegate.services.access.actions import Action
from sluicegate.services.ports.matches import Trigger
from sluicegate.services.ports.work import JobKind
from sluicegate.services.work.kept_file import KeptFile as KeptFile
from sluicegate.services.work.lineage_job import LineageJob as LineageJob


@dataclass(frozen=True, slots=True)
class IntakeJob:
    """Take files into the node, as `sluicegate intake` does; a dry run keeps nothing of them."""

    files: tuple[KeptFile, ...]
    kind: str | None = None
    source: str = "default"
    offset: str | None = None
    mapping: KeptFile | None = None
    is_dry_run: bool = False

    job_kind = JobKind.INTAKE

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "files": [one.document() for one in self.files],
            "kind": self.kind,
            "source": self.source,
            "offset": self.offset,
            "mapping": None if self.mapping is None else self.mapping.document(),
            "dry_run": self.is_dry_run,
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> IntakeJob:
        """Read what `parameters` wrote."""
        mapping = parameters["mapping"]
        return cls(
            tuple(KeptFile.of(one) for one in parameters["files"]),
            parameters["kind"],
            parameters["source"],
            parameters["offset"],
            None if mapping is None else KeptFile.of(mapping),
            parameters.get("dry_run", False),
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@dataclass(frozen=True, slots=True)
class AssessJob:
    """Run one pass on a day (the day on which it runs when None), and keep what it finds."""

    as_of: date | None = None

    job_kind = JobKind.ASSESS

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"as_of": _text(self.as_of)}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> AssessJob:
        """Read what `parameters` wrote."""
        return cls(_day(parameters["as_of"]))


@dataclass(frozen=True, slots=True)
class ReportJob:
    """Run one pass and write it as a report into the node's folder `reports/`."""

    as_of: date | None = None

    job_kind = JobKind.REPORT

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"as_of": _text(self.as_of)}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ReportJob:
        """Read what `parameters` wrote."""
        return cls(_day(parameters["as_of"]))


@dataclass(frozen=True, slots=True)
class AskManyJob:
    """Ask one question about every row of a file; the answers become a CSV file."""

    question: str
    file: KeptFile
    as_of: date | None = None
    readings: Mapping[str, str] = field(default_factory=dict)

    job_kind = JobKind.ASK_MANY

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "question": self.question,
            "file": self.file.document(),
            "as_of": _text(self.as_of),
            "readings": dict(self.readings),
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> AskManyJob:
        """Read what `parameters` wrote."""
        return cls(
            parameters["question"],
            KeptFile.of(parameters["file"]),
            _day(parameters["as_of"]),
            dict(parameters["readings"]),
        )


@dataclass(frozen=True, slots=True)
class BulkActsJob:
    """Do one act to many cases, each by itself; `act` is the command as a JSON document."""

    cases: tuple[str, ...]
    act: Mapping[str, Any]

    job_kind = JobKind.BULK_ACTS

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"cases": list(self.cases), "act": dict(self.act)}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> BulkActsJob:
        """Read what `parameters` wrote."""
        return cls(tuple(parameters["cases"]), dict(parameters["act"]))


@dataclass(frozen=True, slots=True)
class ScreeningJob:
    """Screen what changed, or everyone; a pass is asked for when alerts come or go."""

    trigger: Trigger = Trigger.BY_HAND
    is_full: bool = False

    job_kind = JobKind.SCREENING

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"trigger": self.trigger.value, "full": self.is_full}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ScreeningJob:
        """Read what `parameters` wrote."""
        return cls(Trigger(parameters["trigger"]), parameters["full"])


@dataclass(frozen=True, slots=True)
class ListImportJob:
    """Take lists of a file into the node, as `sluicegate lists import` does.

    `published` is the issuer's day, where the file lacks it; `accept_smaller` the
    reason for which a much smaller version is taken.
    """

    file: KeptFile
    list_id: str | None = None
    published: date | None = None
    accept_smaller: str = ""
    is_dry_run: bool = False

    job_kind = JobKind.LIST_IMPORT

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "file": self.file.document(),
            "list": self.list_id,
            "published": _text(self.published),
            "accept_smaller": self.accept_smaller,
            "dry_run": self.is_dry_run,
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ListImportJob:
        """Read what `parameters` wrote."""
        return cls(
            KeptFile.of(parameters["file"]),
            parameters["list"],
            _day(parameters["published"]),
            parameters["accept_smaller"],
            parameters["dry_run"],
        )


@dataclass(frozen=True, slots=True)
class ListFetchJob:
    """Fetch lists from their issuers and take them in; all in use when none is named."""

    lists: tuple[str, ...] = ()
    accept_smaller: str = ""

    job_kind = JobKind.LIST_FETCH

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"lists": list(self.lists), "accept_smaller": self.accept_smaller}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ListFetchJob:
        """Read what `parameters` wrote."""
        return cls(tuple(parameters["lists"]), parameters["accept_smaller"])


@dataclass(frozen=True, slots=True)
class OwnershipJob:
    """Read statements of BODS 0.4 or FollowTheMoney into the registry.

    `same` is record of the file → party of the registry.
    """

    file: KeptFile
    source: str | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False

    job_kind = JobKind.OWNERSHIP

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "file": self.file.document(),
            "source": self.source,
            "same": dict(self.same),
            "dry_run": self.is_dry_run,
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> OwnershipJob:
        """Read what `parameters` wrote."""
        return cls(
            KeptFile.of(parameters["file"]),
            parameters["source"],
            dict(parameters["same"]),
            parameters["dry_run"],
        )


@dataclass(frozen=True, slots=True)
class ValidationJob:
    """Make a validation pack of screening and leave it on the node.

    `names` parties of each list and `sample` pairs below an alert are drawn by `seed`.
    """

    seed: int
    names: int
    sample: int

    job_kind = JobKind.VALIDATION

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"seed": self.seed, "names": self.names, "sample": self.sample}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ValidationJob:
        """Read what `parameters` wrote."""
        return cls(parameters["seed"], parameters["names"], parameters["sample"])


@dataclass(frozen=True, slots=True)
class ScreeningChangeJob:
    """Replay a change of screening over history and propose it.

    With `file` the change is a file of the list `list_id`, of the issuer's day
    `published`; else another score of an alert in ten-thousandths; with neither the
    algorithm that is installed.
    """

    reason: str
    threshold: int | None = None
    file: KeptFile | None = None
    list_id: str | None = None
    published: date | None = None

    job_kind = JobKind.SCREENING_CHANGE

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "reason": self.reason,
            "threshold": self.threshold,
            "file": None if self.file is None else self.file.document(),
            "list": self.list_id,
            "published": _text(self.published),
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ScreeningChangeJob:
        """Read what `parameters` wrote."""
        file = parameters["file"]
        return cls(
            parameters["reason"],
            parameters["threshold"],
            None if file is None else KeptFile.of(file),
            parameters["list"],
            _day(parameters["published"]),
        )


@dataclass(frozen=True, slots=True)
class LinksJob:
    """Find what links customers; with a probability in thousandths also suggest duplicates."""

    as_of: date | None = None
    least_per_mille: int | None = None

    job_kind = JobKind.LINKS

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"as_of": _text(self.as_of), "least_per_mille": self.least_per_mille}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> LinksJob:
        """Read what `parameters` wrote."""
        return cls(_day(parameters["as_of"]), parameters["least_per_mille"])


@dataclass(frozen=True, slots=True)
class ExchangeJob:
    """Approve a comparison with another provider and write its offer, or the answer to `offer`."""

    session: str
    offer: KeptFile | None = None

    job_kind = JobKind.EXCHANGE

    def parameters(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "session": self.session,
            "offer": None if self.offer is None else self.offer.document(),
        }

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> ExchangeJob:
        """Read what `parameters` wrote."""
        offer = parameters["offer"]
        return cls(parameters["session"], None if offer is None else KeptFile.of(offer))


Asked = (
    IntakeJob
    | AssessJob
    | ReportJob
    | AskManyJob
    | BulkActsJob
    | ScreeningJob
    | ListImportJob
    | ListFetchJob
    | OwnershipJob
    | ValidationJob
    | ScreeningChangeJob
    | LinksJob
    | ExchangeJob
    | LineageJob
)

NEEDED: Mapping[JobKind, Action] = {
    JobKind.INTAKE: Action.INTAKE_WRITE,
    JobKind.ASSESS: Action.ASSESS_RUN,
    JobKind.REPORT: Action.ASSESS_RUN,
    JobKind.ASK_MANY: Action.QUESTION_ASK,
    JobKind.BULK_ACTS: Action.CASE_READ,
    JobKind.SCREENING: Action.ASSESS_RUN,
    JobKind.LIST_IMPORT: Action.LIST_LOAD,
    JobKind.LIST_FETCH: Action.LIST_LOAD,
    JobKind.OWNERSHIP: Action.INTAKE_WRITE,
    JobKind.VALIDATION: Action.VALIDATION_WORK,
    JobKind.SCREENING_CHANGE: Action.VALIDATION_WORK,
    JobKind.LINKS: Action.ASSESS_RUN,
    JobKind.EXCHANGE: Action.EXCHANGE_APPROVE,
    JobKind.LINEAGE: Action.LINEAGE_WRITE,
}
"""What one must be allowed in order to ask for a job; each act of a bulk is decided by itself."""
