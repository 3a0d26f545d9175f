"""Reading forms: every mistake is collected with its file and line, as for rule files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sluicegate.cases.filings.form import (
    Clause,
    Condition,
    Field,
    FieldKind,
    Form,
    Option,
    Section,
)
from sluicegate.core.exact import ExactTextError, load_yaml
from sluicegate.core.reasons import Mark
from sluicegate.rules.blocks import Block, RuleFile
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import RuleFault, Title
from sluicegate.rules.loading import LOCAL_PREFIX, RuleFilesError

_ID = re.compile(r"[a-z][a-z0-9_]{0,60}")
_FORM_ID = re.compile(r"(?:local\.)?[a-z][a-z0-9_]{0,60}")
SUBJECTS = ("customer", "group", "run", "cluster", "model", "output")
"""Kinds of subject that a case may be about."""

_COMPARED = frozenset({FieldKind.DAY, FieldKind.INSTANT, FieldKind.FLOP})
"""Kinds of which one value may not be below another."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a form may name: the rules, and the paths of the sources that fill fields in."""

    book: RuleBook
    prefills: Collection[str]


def read_forms(
    texts: Iterable[tuple[str, str]],
    grounds: Grounds,
    *,
    base: Mapping[str, Form] | None = None,
    local: bool = False,
) -> Mapping[str, Form]:
    """Read forms, given as (file name, text); return form id → form, sorted.

    With `base` they are added to it and may not shadow one that is there; with
    `local` their ids must begin with `local.`.

    Raises:
        RuleFilesError: every fault of every file, with its line.
    """
    found = dict(base or {})
    faults: list[RuleFault] = []
    for name, text in sorted(texts):
        file = RuleFile(name, text)
        try:
            form = _read(file, grounds)
        except RuleFilesError as error:
            faults.extend(error.faults)
            continue
        if local and not form.id.startswith(LOCAL_PREFIX):
            file.fault(
                ("form", "id"),
                "a node's own form must have an id under local.",
                f"call it {LOCAL_PREFIX}{form.id}",
            )
        if form.id in found:
            taken = found[form.id].file
            file.fault(("form", "id"), f"{form.id} is taken by {taken}", "choose another id")
        else:
            found[form.id] = form
        faults.extend(file.faults)
    if faults:
        raise RuleFilesError(faults)
    return dict(sorted(found.items()))


def read_kept(name: str, text: str) -> Form:
    """Read a form that was kept with a filing; the rules of today are not asked about it.

    Raises:
        RuleFilesError: the text is no form.
    """
    file = RuleFile(name, text)
    form = _read(file, None)
    if file.faults:
        raise RuleFilesError(file.faults)
    return form


def _read(file: RuleFile, grounds: Grounds | None) -> Form:
    try:
        raw = load_yaml(file.text)
    except ExactTextError as error:
        fault = RuleFault(file.name, error.line, "file", str(error), "correct the YAML")
        raise RuleFilesError([fault]) from error
    whole = Block.of(file, (), raw)
    whole.seen.add("form")
    head = Block.of(file, ("form",), whole.parts.get("form"))
    reader = _Reader(file, grounds)
    form = Form(
        id=head.text("id"),
        title=head.title("title"),
        instruments=head.texts("instruments"),
        duties=head.texts("duties"),
        deadlines=head.texts("deadlines"),
        sections=reader.sections(whole, head.texts("instruments")),
        is_sealed=_flag(head, "sealed"),
        rules=head.texts("rules"),
        subjects=head.texts("subjects"),
        notes=head.texts("notes"),
        file=file.name,
        text=file.text,
        digest=hashlib.sha256(file.text.encode()).hexdigest(),
    )
    if form.id and not _FORM_ID.fullmatch(form.id):
        head.fault("id", f"{form.id} is not an id", "use small letters, digits and _")
    if not form.instruments:
        head.fault("instruments", "names no instrument", "name one or more")
    for one in form.subjects:
        if one not in SUBJECTS:
            head.fault("subjects", f"{one} is no kind of subject", f"give {', '.join(SUBJECTS)}")
    if grounds is not None:
        _check_head(head, form, grounds.book)
    head.close()
    whole.close()
    return form


def _check_head(head: Block, form: Form, book: RuleBook) -> None:
    """Keep a fault for every name of the head that the rules do not have."""
    notes = {note.id for one in book.instruments.values() for note in one.notes}
    for name, ids, known in (
        ("instruments", form.instruments, book.instruments),
        ("duties", form.duties, book.obligations),
        ("deadlines", form.deadlines, book.parameters),
        ("rules", form.rules, book.thresholds),
        ("notes", form.notes, notes),
    ):
        for one in ids:
            if one not in known:
                head.fault(name, f"{one} is in no rule file", "`sluicegate rules list` shows all")
    duties = [book.obligations[one] for one in form.duties if one in book.obligations]
    periods = {duty.period for duty in duties if duty.period is not None}
    for one in form.deadlines:
        if one in book.parameters and one not in periods:
            head.fault("deadlines", f"{one} is the period of none of its duties", "remove it")
    for one in sorted(periods - set(form.deadlines)):
        head.fault("deadlines", f"the period {one} of a duty is missing", "add it")
    for duty in duties:
        if duty.instrument not in form.instruments:
            head.fault("duties", f"{duty.id} is of no instrument of the form", "add the instrument")


class _Reader:
    """Reads the fields of one form."""

    def __init__(self, file: RuleFile, grounds: Grounds | None) -> None:
        self._file = file
        self._grounds = grounds
        self._instruments: tuple[str, ...] = ()

    def sections(self, whole: Block, instruments: tuple[str, ...]) -> tuple[Section, ...]:
        """Read all sections; ids of fields are taken once in the whole form."""
        self._instruments = instruments
        found: list[Section] = []
        blocks: list[Block] = []
        for block in whole.blocks("sections"):
            inner = block.blocks("fields")
            fields = tuple(self._field(one, is_part=False) for one in inner)
            found.append(Section(block.text("id"), block.title("title"), fields))
            blocks.extend(inner)
            block.close()
        if not any(section.fields for section in found):
            self._file.fault(("sections",), "a form needs fields", "add a section with fields")
        everything = [one for section in found for one in section.fields]
        self._check_level(blocks, everything)
        return tuple(found)

    def _field(self, block: Block, *, is_part: bool) -> Field:
        kind = block.choice("kind", FieldKind)
        inner = block.blocks("parts") if kind is FieldKind.PARTS and not is_part else []
        parts = tuple(self._field(one, is_part=True) for one in inner)
        field = Field(
            id=block.text("id"),
            label=block.title("label"),
            kind=kind,
            clauses=self._clauses(block),
            is_required=_flag(block, "required"),
            required_when=_conditions(block),
            help=_title(block, "help"),
            options=tuple(_option(one) for one in block.blocks("options")),
            parts=parts,
            not_below=block.optional("not_below"),
            prefill=block.optional("prefill"),
            example=_title(block, "example"),
        )
        self._check_field(block, field, is_part=is_part)
        self._check_level(inner, list(parts))
        block.close()
        return field

    def _clauses(self, block: Block) -> tuple[Clause, ...]:
        found = []
        for one in block.blocks("source"):
            instrument = one.text("instrument")
            if instrument and instrument not in self._instruments:
                one.fault("instrument", f"{instrument} is no instrument of the form", "name one")
            found.append(Clause(instrument, one.text("reference"), one.choice("mark", Mark)))
            one.close()
        if not found:
            block.fault("source", "is missing", "say which clause asks for the field")
        return tuple(found)

    def _check_field(self, block: Block, field: Field, *, is_part: bool) -> None:
        if field.id and not _ID.fullmatch(field.id):
            block.fault("id", f"{field.id} is not an id", "use small letters, digits and _")
        if field.is_required and field.required_when:
            block.fault("required_when", "stands beside required", "keep one of the two")
        if (field.kind is FieldKind.CHOICE) != bool(field.options):
            block.fault("options", "belong to a choice, and a choice has them", "add or remove")
        if len({one.code for one in field.options}) != len(field.options):
            block.fault("options", "one code stands twice", "give each option its own code")
        if field.kind is FieldKind.PARTS:
            if is_part:
                block.fault("kind", "an entry of a list holds no list", "use another kind")
            elif not field.parts:
                block.fault("parts", "is missing", "give the fields of an entry")
        if field.prefill is not None and self._grounds is not None:
            if is_part:
                block.fault("prefill", "an entry is filled in with its list", "remove it")
            elif field.prefill not in self._grounds.prefills:
                known = ", ".join(sorted(self._grounds.prefills))
                block.fault("prefill", f"{field.prefill} is no source", f"give one of {known}")

    def _check_level(self, blocks: list[Block], fields: list[Field]) -> None:
        """Check what the fields of one level say of each other."""
        by_id = {one.id: one for one in fields}
        seen: set[str] = set()
        for block, field in zip(blocks, fields, strict=True):
            if field.id in seen:
                block.fault("id", f"{field.id} stands twice", "choose another id")
            seen.add(field.id)
            for condition in field.required_when:
                _check_condition(block, condition, by_id)
            if field.not_below is not None:
                other = by_id.get(field.not_below)
                if other is None or other.kind is not field.kind or field.kind not in _COMPARED:
                    block.fault(
                        "not_below",
                        f"{field.not_below} is no day, instant or FLOP of this kind",
                        "name a field of the same kind on the same level",
                    )


def _check_condition(block: Block, condition: Condition, by_id: Mapping[str, Field]) -> None:
    other = by_id.get(condition.field)
    if other is None:
        block.fault("required_when", f"{condition.field} is no field of this level", "name one")
        return
    known: set[str | bool] = {one.code for one in other.options}
    if other.kind is FieldKind.YES_NO:
        known = {True, False}
    unknown = [str(value) for value in condition.values if value not in known]
    if unknown:
        block.fault(
            "required_when",
            f"{condition.field} is never {', '.join(unknown)}",
            "give codes of its options, or true or false",
        )


def _conditions(block: Block) -> tuple[Condition, ...]:
    found = []
    for one in block.blocks("required_when"):
        name = one.text("field")
        one.seen |= {"is", "in", "given"}
        given = [key for key in ("is", "in", "given") if key in one.parts]
        if len(given) != 1:
            one.fault("field", "needs one of is, in and given", "write {field: x, is: true}")
        elif given == ["given"]:
            found.append(Condition(name, is_given=_flag(one, "given")))
        else:
            raw = one.parts[given[0]]
            values = raw if given == ["in"] else [raw]
            if not isinstance(values, list) or not all(isinstance(v, str | bool) for v in values):
                one.fault(given[0], "is no code, true or false", "write is: x, or in: [x, y]")
                values = []
            found.append(Condition(name, tuple(values)))
        one.close()
    return tuple(found)


def _option(block: Block) -> Option:
    option = Option(block.text("code"), block.title("label"))
    block.close()
    return option


def _title(block: Block, name: str) -> Title | None:
    from_file = block.parts.get(name)
    block.seen.add(name)
    return None if from_file is None else block.title(name)


def _flag(block: Block, name: str) -> bool:
    block.seen.add(name)
    raw = block.parts.get(name, False)
    if not isinstance(raw, bool):
        block.fault(name, "is neither true nor false", "write true or false")
        return False
    return raw
