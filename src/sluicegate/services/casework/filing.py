"""Filings: drafted from a case, completed, followed through proposal and check, withdrawn.

Filing itself is a decision of the case that a second person checks. `follow`
carries what is decided there over to the filing, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sluicegate.cases.case import Case
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.cases.filings.entries import EntryError, known
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cases.filings.filled import FilingDocument
from sluicegate.cases.filings.filled import document as document_of
from sluicegate.cases.filings.form import FieldKind, Form
from sluicegate.cases.filings.values import cleaned, is_blank
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Title
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.casework.forms import form_named, offer_of
from sluicegate.services.casework.kept_filings import (
    current_filing,
    filing_of,
    head_of,
    version_of,
    write_act,
    write_next,
)
from sluicegate.services.casework.prefilling import Sources, fill
from sluicegate.services.casework.writing import found as case_found
from sluicegate.services.casework.writing import resource_of
from sluicegate.services.desk import Desk
from sluicegate.services.ports.filings import (
    FilingChangedError,
    FilingVersion,
)

LARGEST = 1_000_000
"""Bytes of everything that is entered in one filing, at most."""

MOST_LISTED = 500

DRAFTED = "filing_drafted"
CHANGED = "filing_changed"
WITHDRAWN = "filing_withdrawn"


class FilingStateError(ValueError):
    """Something that a filing's state does not allow; `reason` says what is needed."""

    def __init__(self, filing_id: str, reason: Sentence) -> None:
        self.filing_id = filing_id
        self.reason = reason
        super().__init__(f"filing {filing_id}: {reason}")


def resource(filing: Filing, desk: Desk) -> Resource:
    """Return a filing as policies know it."""
    return Resource(
        "filing",
        desk.principal.tenant,
        id=filing.filing_id,
        jurisdiction=filing.jurisdiction or None,
        sealed_for=filing.sealed_for,
    )


def draft(
    desk: Desk,
    case_id: str,
    form_id: str,
    *,
    corrects: str | None = None,
    forms: Mapping[str, Form] | None = None,
    book: RuleBook | None = None,
) -> Filing:
    """Draft a filing from what the case knows; each value filled in says where it comes from.

    `corrects` names a filed one of the same case and form, whose values the new
    draft begins with. `forms` and `book` are the node's; without them the
    shipped ones.

    Raises:
        NotFoundError: no such case, form or filing that the principal may know of.
        RefusedError: the principal may draft none.
        FilingStateError: a sealed form in an ordinary case, or a correction of
            what was not filed.
    """
    case = case_found(desk, case_id)
    form = form_named(form_id, forms)
    desk.must(Action.FILING_DRAFT, _in_case(case, desk))
    if form.is_sealed and case.sealed_for is None:
        reason = say("This form stands in a sealed case only; open a sealed file first.")
        raise FilingStateError("", reason)
    if not case.is_open:
        raise FilingStateError("", say("The case is closed; reopen it first."))
    at = desk.now()
    with desk.store.transaction():
        filing = _drafted(desk, case, form, at, book or shipped_book())
        if corrects is not None:
            filing = _corrected(desk, filing, corrects)
        desk.store.filings.open(head_of(filing), version_of(filing), form.text)
        write_act(desk.store, DRAFTED, filing)
    return filing


def set_values(
    desk: Desk, filing_id: str, values: Mapping[str, Any], expected_version: int | None = None
) -> Filing:
    """Enter values, field by field; null or nothing empties a field.

    What is malformed is kept as it was typed and named by `missing`.

    Raises:
        NotFoundError, RefusedError: as for every act.
        EntryError: a value for a field that the form does not have, or too much.
        FilingStateError: it is no draft.
        FilingChangedError: it is not at the expected version.
    """
    at = desk.now()
    with desk.store.transaction():
        filing = current(desk, filing_id)
        desk.must(Action.FILING_DRAFT, resource(filing, desk))
        if expected_version is not None and expected_version != filing.version:
            raise FilingChangedError(filing_id, expected_version)
        _need(filing, FilingState.DRAFT)
        known(filing.form, values)
        case = case_found(desk, filing.case_id)
        entered = {
            name: _with_files(filing.form, name, cleaned(values[name]), case) for name in values
        }
        changed = {name: raw for name, raw in entered.items() if raw != filing.values.get(name)}
        kept = {**filing.values, **changed}
        after = replace(
            filing,
            values={name: raw for name, raw in kept.items() if not is_blank(raw)},
            origins={name: one for name, one in filing.origins.items() if name not in changed},
        )
        if len(canonical_bytes(after.values)) > LARGEST:
            raise EntryError(
                "", say("More than {most} bytes are entered; attach files instead.", most=LARGEST)
            )
        if not changed:
            return filing
        return write_next(desk.store, after, CHANGED, at=at, by=desk.principal.id)


def missing(filing: Filing) -> tuple[FieldFault, ...]:
    """Return every field that is missing or malformed, with its reason and an example."""
    return filing.missing()


def document(filing: Filing, language: Language) -> FilingDocument:
    """Return the document of a filing, as page, JSON and PDF show it."""
    return document_of(filing, language)


def current(desk: Desk, filing_id: str) -> Filing:
    """Return a filing within the principal's scope, without saying that it was read.

    Raises:
        NotFoundError: there is none that the principal may know of.
    """
    return current_filing(desk.store, filing_id, desk.scope)


def read_filing(desk: Desk, filing_id: str) -> Filing:
    """Return a filing; reading it is an act.

    Raises:
        NotFoundError: there is none that the principal may know of.
        RefusedError: the principal may read none.
    """
    filing = current(desk, filing_id)
    desk.read(Action.FILING_READ, resource(filing, desk))
    return filing


def filings_of(desk: Desk, case_id: str) -> tuple[Filing, ...]:
    """Return the filings of a case, oldest first; reading them is an act.

    Raises:
        NotFoundError, RefusedError: as for every act.
    """
    case = case_found(desk, case_id)
    desk.read(Action.FILING_READ, _in_case(case, desk))
    kept = desk.store.filings.of_case(case_id, desk.scope)
    return tuple(filing_of(desk.store, one) for one in kept)


def filings_in(desk: Desk, case: Case) -> tuple[Filing, ...]:
    """Return the filings of a case at hand, oldest first; reading them is an act.

    Where there are none nothing is read, and the act of reading the case says enough.

    Raises:
        NotFoundError, RefusedError: as for every act.
    """
    about = _in_case(case, desk)
    desk.must(Action.FILING_READ, about)
    kept = desk.store.filings.of_case(case.case_id, desk.scope)
    if kept:
        desk.read(Action.FILING_READ, about)
    return tuple(filing_of(desk.store, one) for one in kept)


@dataclass(frozen=True, slots=True)
class FilingLine:
    """A filing in a list: no values, and no personal data."""

    filing_id: str
    case_id: str
    form: str
    duty: str
    state: FilingState
    version: int
    changed_at: datetime
    corrects: str | None
    sealed_for: str | None


def list_filings(
    desk: Desk,
    *,
    state: FilingState | None = None,
    form: str | None = None,
    limit: int = MOST_LISTED,
) -> tuple[FilingLine, ...]:
    """Return the filings that the principal may know of, the newest first.

    Raises:
        RefusedError: the principal may read none.
    """
    desk.must(Action.FILING_READ)
    most = min(limit, MOST_LISTED)
    found = desk.store.filings.listed(desk.scope, state=state, form=form, limit=most)
    return tuple(
        FilingLine(
            filing_id=one.head.filing_id,
            case_id=one.head.case_id,
            form=one.head.form_id,
            duty=one.head.duty,
            state=one.last.state,
            version=one.last.version,
            changed_at=one.last.at,
            corrects=one.head.corrects,
            sealed_for=one.head.sealed_for,
        )
        for one in found
    )


def versions_of(desk: Desk, filing_id: str) -> Sequence[FilingVersion]:
    """Return all versions of a filing, oldest first; reading them is an act.

    Raises:
        NotFoundError, RefusedError: as for every act.
    """
    read_filing(desk, filing_id)
    return desk.store.filings.versions(filing_id, desk.scope)


def withdraw(desk: Desk, filing_id: str, reason: str) -> Filing:
    """Withdraw a draft, or what has been filed; the reason is kept.

    What was filed is withdrawn by another person than the one who proposed it.

    Raises:
        NotFoundError, RefusedError: as for every act.
        FilingStateError: no reason, or a filing that waits or is withdrawn.
    """
    at = desk.now()
    with desk.store.transaction():
        filing = current(desk, filing_id)
        if filing.state is FilingState.FILED:
            case = case_found(desk, filing.case_id)
            maker = filing.proposed_by
            checked = resource_of(case, desk.principal.tenant, maker=maker)
            desk.must(Action.CASE_CHECK, checked)
        else:
            desk.must(Action.FILING_DRAFT, resource(filing, desk))
            _need(filing, FilingState.DRAFT)
        if not reason.strip():
            raise FilingStateError(filing_id, say("A reason is needed; say why in some words."))
        after = replace(filing, state=FilingState.WITHDRAWN, reason=cleaned(reason.strip()))
        return write_next(desk.store, after, WITHDRAWN, at=at, by=desk.principal.id)


def _need(filing: Filing, state: FilingState) -> None:
    if filing.state is not state:
        reason = say("Only a draft is changed; a filed one is corrected by a new filing.")
        raise FilingStateError(filing.filing_id, reason)


def _drafted(desk: Desk, case: Case, form: Form, at: datetime, book: RuleBook) -> Filing:
    offer = offer_of(case, form)
    last = desk.store.filings.last_of_form(form.id, desk.scope, case.sealed_for)
    sources = Sources(desk, case, form, last)
    filled = {one.id: found for one in form.fields if (found := fill(one, sources)) is not None}
    template = book.obligations.get(offer.duty)
    recipient = Title("", "") if template is None else template.to
    by = desk.principal.id
    return Filing(
        filing_id="g-" + secrets.token_hex(8),
        case_id=case.case_id,
        form=form,
        duty=offer.duty,
        recipient=recipient,
        jurisdiction=case.jurisdiction,
        state=FilingState.DRAFT,
        version=1,
        values={name: cleaned(one.value) for name, one in filled.items()},
        origins={name: one.origin for name, one in filled.items()},
        created_at=at,
        created_by=by,
        changed_at=at,
        changed_by=by,
        obligation=offer.obligation,
        sealed_for=case.sealed_for,
    )


def _corrected(desk: Desk, filing: Filing, corrects: str) -> Filing:
    """Return a draft that begins with what was filed."""
    old = current(desk, corrects)
    is_same = old.case_id == filing.case_id and old.form.id == filing.form.id
    if not is_same or old.state is not FilingState.FILED:
        reason = say("Only what was filed in this case with this form is corrected.")
        raise FilingStateError(corrects, reason)
    fields = {one.id for one in filing.form.fields}
    values = {name: raw for name, raw in old.values.items() if name in fields}
    return replace(
        filing,
        corrects=corrects,
        duty=old.duty,
        obligation=old.obligation,
        recipient=old.recipient,
        values=values,
        origins={},
    )


def _with_files(form: Form, name: str, raw: Any, case: Case) -> Any:
    """Return what was entered with name and digest of each file of the case that it names."""
    files = {one.attachment_id: one for one in case.attachments}

    def known_file(value: Any) -> Any:
        wanted = value.get("attachment") if isinstance(value, Mapping) else value
        file = files.get(wanted) if isinstance(wanted, str) else None
        if file is None:
            return {"attachment": wanted} if isinstance(wanted, str) and wanted else None
        return {"attachment": wanted, "name": file.name, "sha256": file.sha256}

    field = form.field(name)
    assert field is not None
    if field.kind is FieldKind.ATTACHMENT:
        return known_file(raw)
    if field.kind is not FieldKind.PARTS or not isinstance(raw, list):
        return raw
    named = {one.id for one in field.parts if one.kind is FieldKind.ATTACHMENT}
    return [
        {key: known_file(value) if key in named else value for key, value in entry.items()}
        if isinstance(entry, Mapping)
        else entry
        for entry in raw
    ]


def _in_case(case: Case, desk: Desk) -> Resource:
    return Resource(
        "filing",
        desk.principal.tenant,
        jurisdiction=case.jurisdiction or None,
        sealed_for=case.sealed_for,
    )
