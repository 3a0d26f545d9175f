"""The form of a filing: its fields with labels, help, clauses, origins and what is wrong.

A control is named by the path of its field, `v.owners.0.party.name`. Nothing is
decided here: what was typed goes to the service, which says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sluicegate.cases.case import Attachment
from sluicegate.cases.filings.checking import MOST_ENTRIES, FieldFault, example_of
from sluicegate.cases.filings.filing import Filing, Origin, OriginKind
from sluicegate.cases.filings.form import Clause, Field, FieldKind
from sluicegate.cases.filings.values import PARTY_PARTS
from sluicegate.core.phrases import term
from sluicegate.core.reasons import Sentence
from sluicegate.rules.countries import country_names
from sluicegate.rules.showing import titled
from sluicegate.web.case_parts import people_named
from sluicegate.web.visit import Visit

PREFIX = "v"
_ABOVE = {"amount", "currency", *PARTY_PARTS, "attachment"}

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its name, its label where the field has several, and what stands in it."""

    name: str
    label: str
    value: str

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of a filing as the form shows it.

    `controls` are its parts, one for most kinds. `origin` says where a value that
    was filled in comes from, None where a person entered it. `entries` are those
    of a list, each with fields of its own.
    """

    name: str
    field: Field
    label: str
    help: str
    clause: Clause
    example: Sentence
    controls: tuple[Control, ...]
    options: tuple[Option, ...]
    origin: Sentence | None
    faults: tuple[Sentence, ...]
    is_needed: bool
    entries: tuple[tuple[FieldShown, ...], ...] = ()

    @property
    def id(self) -> str:
        """The id of the first control in the page, to which a fault leads."""
        return self.controls[0].id if self.controls else self.name.replace(".", "-")


@dataclass(frozen=True)
class FilingForm:
    """Makes the fields of a filing, from what is kept or from what was typed."""

    visit: Visit
    filing: Filing
    files: Sequence[Attachment]
    values: Mapping[str, Any]
    more: str = ""

    def sections(self, faults: Sequence[FieldFault]) -> list[tuple[str, tuple[FieldShown, ...]]]:
        """Return the sections with their fields."""
        by_path: dict[str, list[Sentence]] = {}
        for one in faults:
            by_path.setdefault(_place(one.path), []).append(one.problem)
        required = {one.path for one in faults if one.is_missing}
        return [
            (
                titled(section.title, self.visit.language),
                tuple(
                    self._field(one, one.id, self.values.get(one.id), by_path, required)
                    for one in section.fields
                ),
            )
            for section in self.filing.form.sections
        ]

    def _field(
        self,
        one: Field,
        path: str,
        raw: Any,
        faults: Mapping[str, Sequence[Sentence]],
        required: set[str],
    ) -> FieldShown:
        language = self.visit.language
        entries: tuple[tuple[FieldShown, ...], ...] = ()
        if one.kind is FieldKind.PARTS:
            entries = self._entries(one, path, raw, faults, required)
        origin = self.filing.origins.get(one.id) if path == one.id else None
        is_kept = self.values.get(one.id) == self.filing.values.get(one.id)
        return FieldShown(
            name=f"{PREFIX}.{path}",
            field=one,
            label=titled(one.label, language),
            help="" if one.help is None else titled(one.help, language),
            clause=one.clause_for(self.filing.instrument),
            example=example_of(one),
            controls=() if entries else self._controls(one, f"{PREFIX}.{path}", raw),
            options=self._options(one),
            origin=self._told(origin) if origin is not None and is_kept else None,
            faults=tuple(faults.get(path, ())),
            is_needed=one.is_required or path in required,
            entries=entries,
        )

    def _told(self, origin: Origin) -> Sentence:
        """Say where a value comes from; a person by the name that people know."""
        if origin.kind is not OriginKind.PERSON:
            return origin.sentence
        return replace(origin, id=people_named(self.visit, [origin.id])(origin.id)).sentence

    def _entries(
        self,
        one: Field,
        path: str,
        raw: Any,
        faults: Mapping[str, Sequence[Sentence]],
        required: set[str],
    ) -> tuple[tuple[FieldShown, ...], ...]:
        held = [part for part in raw if isinstance(part, Mapping)] if isinstance(raw, list) else []
        count = min(max(len(held), 1) + (self.more == one.id), MOST_ENTRIES)
        return tuple(
            tuple(
                self._field(
                    part,
                    f"{path}.{number}.{part.id}",
                    held[number].get(part.id) if number < len(held) else None,
                    faults,
                    required,
                )
                for part in one.parts
            )
            for number in range(count)
        )

    def _controls(self, one: Field, name: str, raw: Any) -> tuple[Control, ...]:
        _ = self.visit._
        if one.kind is FieldKind.MONEY:
            return self._parts(
                name, raw, (("amount", _("Amount")), ("currency", _("Currency"))), "amount"
            )
        if one.kind is FieldKind.PARTY:
            labels = {
                "name": _("Name"),
                "country": _("Country"),
                "address": _("Address"),
                "email": _("E-mail"),
                "telephone": _("Telephone"),
                "identifier": _("Identifier"),
            }
            return self._parts(name, raw, tuple(labels.items()), "name")
        if one.kind is FieldKind.ATTACHMENT:
            held = raw.get("attachment", "") if isinstance(raw, Mapping) else raw
            return (Control(name, "", _text(held)),)
        return (Control(name, "", _text(raw)),)

    def _parts(
        self, name: str, raw: Any, parts: Sequence[Option], first: str
    ) -> tuple[Control, ...]:
        held = raw if isinstance(raw, Mapping) else {first: raw}
        return tuple(
            Control(f"{name}.{part}", label, _text(held.get(part))) for part, label in parts
        )

    def _options(self, one: Field) -> tuple[Option, ...]:
        language = self.visit.language
        match one.kind:
            case FieldKind.CHOICE:
                return tuple((each.code, titled(each.label, language)) for each in one.options)
            case FieldKind.YES_NO:
                return (("yes", term("yes", language)), ("no", term("no", language)))
            case FieldKind.COUNTRY:
                return tuple(
                    (code, f"{titled(name, language)} ({code})")
                    for code, name in country_names().items()
                )
            case FieldKind.ATTACHMENT:
                return tuple((each.attachment_id, each.name) for each in self.files)
            case _:
                return ()


def typed_entries(visit: Visit) -> list[tuple[str, str]]:
    """Return what was typed into the form of a filing: path → text, in order."""
    start = f"{PREFIX}."
    return [
        (name.removeprefix(start), text)
        for name, text in visit.form.multi_items()
        if isinstance(text, str) and name.startswith(start)
    ]


def _place(path: str) -> str:
    """Return the path of the field that a fault of one of its parts is about."""
    head, _dot, last = path.rpartition(".")
    return head if head and last in _ABOVE else path


def _text(raw: Any) -> str:
    """Return a kept value as it stands in a control."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return raw if isinstance(raw, str) else ""
