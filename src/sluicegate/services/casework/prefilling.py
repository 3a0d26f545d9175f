"""What a case knows already, by path, so that a draft need not be typed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sluicegate.cases.case import Case
from sluicegate.cases.filings.filing import Origin, OriginKind
from sluicegate.cases.filings.form import Field, FieldKind, Form
from sluicegate.cases.filings.values import is_blank
from sluicegate.core.calendars import legal_day
from sluicegate.core.quantities import percent
from sluicegate.registry.records import (
    Customer,
    CustomerKind,
    DeclaredRun,
    OwnershipEdge,
    prevailing,
)
from sluicegate.rules.thresholds import Level
from sluicegate.services.desk import Desk
from sluicegate.services.ports.filings import FilingKept

PREVIOUS = "previous.same_field"
"""The path of what the last filing of the form had in the same field."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A value as it may be entered, and where it comes from."""

    value: Any
    origin: Origin


class Sources:
    """What is known about the subject of a case; each record is read when it is first asked for."""

    def __init__(self, desk: Desk, case: Case, form: Form, last: FilingKept | None) -> None:
        self.desk = desk
        self.case = case
        self.form = form
        self.previous: Mapping[str, Any] = {} if last is None else last.last.values
        self.previous_id = "" if last is None else last.head.filing_id

    @cached_property
    def customer(self) -> Customer | None:
        """The customer that the case is about, as it stands today."""
        wanted = self.case.customer_id
        if not wanted:
            return None
        found = self.desk.store.histories.versions("customers", "customer_id", [wanted])
        records = [one for one in found if isinstance(one, Customer)]
        return prevailing(_last_of_source(records)) if records else None

    @cached_property
    def owners(self) -> tuple[OwnershipEdge, ...]:
        """Who holds or controls the customer today; one record for each owner."""
        wanted = self.case.customer_id
        if not wanted:
            return ()
        day = legal_day(self.desk.now())
        held: dict[str, list[OwnershipEdge]] = {}
        for one in self.desk.store.histories.versions("ownership", "owned_id", [wanted]):
            if not isinstance(one, OwnershipEdge):
                continue
            has_begun = one.valid_from is None or one.valid_from <= day
            if has_begun and (one.valid_to is None or one.valid_to > day):
                held.setdefault(one.owner_id, []).append(one)
        return tuple(held[owner][-1] for owner in sorted(held))

    @cached_property
    def run(self) -> DeclaredRun | None:
        """The declared run that the case is about; None for a run that nobody declared."""
        if self.case.subject_kind != "run":
            return None
        run_id = self.case.subject_id.rpartition("/")[2]
        found = self.desk.store.histories.versions("runs", "run_id", [run_id])
        records = [
            one
            for one in found
            if isinstance(one, DeclaredRun) and one.customer_id == self.case.customer_id
        ]
        return records[-1] if records else None

    @cached_property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """The documents of the alerts that still stand, those of the form's rules first."""
        ids = [one.alert_id for one in self.case.alerts if not one.is_gone]
        documents = self.desk.store.cases.findings(ids)
        found = [documents[one] for one in ids if one in documents]
        return tuple(sorted(found, key=lambda one: not self.is_ground(one)))

    def is_ground(self, finding: Mapping[str, Any]) -> bool:
        """Say whether a finding is that the threshold of a rule of the form was passed."""
        is_passed = finding["level"] == Level.PASSED.value
        return is_passed and (not self.form.rules or finding["rule"] in self.form.rules)

    def finding_with(self, part: str) -> Mapping[str, Any] | None:
        """Return the first finding that says something under a name."""
        return next((one for one in self.findings if one.get(part)), None)

    def ground_with(self, part: str) -> Mapping[str, Any] | None:
        """Return the first such finding that is a ground of the form; no other is named as one."""
        return next((one for one in self.findings if one.get(part) and self.is_ground(one)), None)


def fill(field: Field, sources: Sources) -> Filled | None:
    """Return what is known for a field; None when nothing is."""
    if field.prefill is None:
        return None
    filled = PREFILLS[field.prefill](field, sources)
    if filled is None or is_blank(filled.value):
        return None
    if field.kind is FieldKind.PARTS:
        known = {one.id for one in field.parts}
        entries = [{k: v for k, v in one.items() if k in known} for one in filled.value]
        return Filled(entries, filled.origin)
    return filled


def _last_of_source(records: list[Customer]) -> list[Customer]:
    """Return the last version of each source."""
    return list({one.source: one for one in records}.values())


def _party(customer: Customer) -> dict[str, str]:
    parts = {
        "name": customer.name,
        "country": customer.country,
        "address": customer.address,
        "email": customer.email,
        "telephone": customer.telephone,
        "identifier": customer.registration_number or customer.lei,
    }
    return {part: text for part, text in parts.items() if text}


def _of_customer(read: Callable[[Customer], Any]) -> Callable[[Field, Sources], Filled | None]:
    def filled(_field: Field, sources: Sources) -> Filled | None:
        one = sources.customer
        if one is None:
            return None
        return Filled(read(one), Origin(OriginKind.CUSTOMER, one.customer_id))

    return filled


def _of_run(read: Callable[[DeclaredRun], Any]) -> Callable[[Field, Sources], Filled | None]:
    def filled(_field: Field, sources: Sources) -> Filled | None:
        one = sources.run
        return None if one is None else Filled(read(one), Origin(OriginKind.RUN, one.run_id))

    return filled


def _of_finding(
    part: str, read: Callable[[Mapping[str, Any]], Any]
) -> Callable[[Field, Sources], Filled | None]:
    def filled(_field: Field, sources: Sources) -> Filled | None:
        one = sources.finding_with(part)
        return None if one is None else Filled(read(one), Origin(OriginKind.FINDING, one["id"]))

    return filled


def _of_ground(
    part: str, read: Callable[[Mapping[str, Any]], Any]
) -> Callable[[Field, Sources], Filled | None]:
    def filled(_field: Field, sources: Sources) -> Filled | None:
        one = sources.ground_with(part)
        return None if one is None else Filled(read(one), Origin(OriginKind.FINDING, one["id"]))

    return filled


def _of_case(read: Callable[[Case], Any]) -> Callable[[Field, Sources], Filled | None]:
    def filled(_field: Field, sources: Sources) -> Filled | None:
        case = sources.case
        return Filled(read(case), Origin(OriginKind.CASE, case.case_id))

    return filled


def _owners(_field: Field, sources: Sources) -> Filled | None:
    entries = []
    for one in sources.owners:
        party = {"name": one.owner_name, "identifier": one.owner_id}
        if one.owner_country:
            party["country"] = one.owner_country
        entry: dict[str, Any] = {"party": party, "control": one.substantial_control}
        if one.share is not None:
            entry["share"] = percent(one.share)
        entry["is_individual"] = one.owner_kind is CustomerKind.INDIVIDUAL
        entries.append(entry)
    return Filled(entries, Origin(OriginKind.OWNERSHIP, sources.case.customer_id))


def _contact(_field: Field, sources: Sources) -> Filled | None:
    principal = sources.desk.principal
    return Filled({"name": principal.name}, Origin(OriginKind.PERSON, principal.id))


def _previous(field: Field, sources: Sources) -> Filled | None:
    value = sources.previous.get(field.id)
    return Filled(value, Origin(OriginKind.PREVIOUS, sources.previous_id))


def _first_seen(case: Case) -> str | None:
    days = [legal_day(one.added_at) for one in case.alerts]
    return min(days).isoformat() if days else None


def _crossed(finding: Mapping[str, Any]) -> str | None:
    days: Mapping[str, str | None] = finding["crossing"]
    return days.get("central") or days.get("high") or days.get("low")


def _reasons(finding: Mapping[str, Any]) -> str:
    return "\n".join(finding["reasons"])


def _accelerators(_field: Field, sources: Sources) -> Filled | None:
    for one in sources.findings:
        names = ", ".join(dict.fromkeys(_named("on accelerator", one.get("trace") or {})))
        if names:
            return Filled(names, Origin(OriginKind.FINDING, one["id"]))
    run = sources.run
    if run is None:
        return None
    return Filled(", ".join(run.hardware), Origin(OriginKind.RUN, run.run_id))


def _named(label: str, figure: Mapping[str, Any]) -> Iterator[str]:
    if figure.get("label") == label and figure.get("name"):
        yield figure["name"]
    for child in figure.get("children", ()):
        yield from _named(label, child)


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _count(count: Any) -> str | None:
    return None if count is None else str(count)


PREFILLS: Mapping[str, Callable[[Field, Sources], Filled | None]] = {
    PREVIOUS: _previous,
    "case.detected_on": _of_case(_first_seen),
    "case.subject": _of_case(lambda case: case.subject_id),
    "case.title": _of_case(lambda case: case.title),
    "contact.party": _contact,
    "customer.country": _of_customer(lambda one: one.country),
    "customer.ip_addresses": _of_customer(lambda one: "\n".join(one.ip_addresses)),
    "customer.list": _of_customer(lambda one: [{"party": _party(one)}]),
    "customer.opened": _of_customer(lambda one: _day(one.opened)),
    "customer.party": _of_customer(_party),
    "customer.payment_source": _of_customer(lambda one: one.payment_source),
    "customer.stated_purpose": _of_customer(lambda one: one.stated_purpose),
    "finding.accelerators": _accelerators,
    "finding.compute_central": _of_finding("estimate", lambda one: one["estimate"]["central"]),
    "finding.compute_high": _of_finding("estimate", lambda one: one["estimate"]["high"]),
    "finding.compute_low": _of_finding("estimate", lambda one: one["estimate"]["low"]),
    "finding.compute_method": _of_finding(
        "estimate", lambda one: f"{one['estimate']['method']}, {one['estimate']['convention']}"
    ),
    "finding.passed_on": _of_ground("crossing", _crossed),
    "finding.reasons": _of_ground("reasons", _reasons),
    "owners.list": _owners,
    "run.declared_flop": _of_run(lambda one: _count(one.declared_flop)),
    "run.hardware": _of_run(lambda one: ", ".join(one.hardware)),
    "run.model": _of_run(lambda one: one.model_id),
    "run.planned_end": _of_run(lambda one: _day(one.planned_end)),
    "run.planned_start": _of_run(lambda one: _day(one.planned_start)),
    "run.site": _of_run(lambda one: one.site),
}
"""Path → how a field is filled in; forms name these paths."""
