"""Filings as the store keeps them: rows to a filing and back, and the next version."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sluicegate.cases.filings.filing import Filing, Origin
from sluicegate.cases.filings.form import Form
from sluicegate.cases.filings.reading import read_kept
from sluicegate.core.canonical import digest
from sluicegate.rules.instruments import Title
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports import Store
from sluicegate.services.ports.filings import FilingHead, FilingKept, FilingVersion


@lru_cache(maxsize=64)
def _form(name: str, text: str) -> Form:
    return read_kept(name, text)


def current_filing(store: Store, filing_id: str, scope: Scope) -> Filing:
    """Return a filing within a scope.

    Raises:
        NotFoundError: there is none.
    """
    kept = store.filings.find(filing_id, scope)
    if kept is None:
        raise NotFoundError("filing", filing_id)
    return filing_of(store, kept)


def filing_of(store: Store, kept: FilingKept) -> Filing:
    """Return a stored filing, with the form it was made with."""
    head, last = kept.head, kept.last
    form = _form(f"{head.form_id}.yaml", store.filings.form_text(head.form_digest))
    filed_at = last.people.get("filed_at")
    return Filing(
        filing_id=head.filing_id,
        case_id=head.case_id,
        form=form,
        duty=head.duty,
        recipient=Title(head.recipient_en, head.recipient_zh),
        jurisdiction=head.jurisdiction,
        state=last.state,
        version=last.version,
        values=last.values,
        origins={name: Origin.of(one) for name, one in last.origins.items()},
        created_at=head.at,
        created_by=head.by,
        changed_at=last.at,
        changed_by=last.by,
        obligation=head.obligation,
        corrects=head.corrects,
        sealed_for=head.sealed_for,
        reason=last.reason,
        proposed_by=last.people.get("proposed_by"),
        filed_at=None if filed_at is None else datetime.fromisoformat(filed_at),
        filed_by=last.people.get("filed_by"),
        checked_by=last.people.get("checked_by"),
    )


def head_of(filing: Filing) -> FilingHead:
    """Return what of a filing never changes."""
    return FilingHead(
        filing_id=filing.filing_id,
        case_id=filing.case_id,
        form_id=filing.form.id,
        form_digest=filing.form.digest,
        duty=filing.duty,
        obligation=filing.obligation,
        recipient_en=filing.recipient.en,
        recipient_zh=filing.recipient.zh,
        jurisdiction=filing.jurisdiction,
        sealed_for=filing.sealed_for,
        corrects=filing.corrects,
        at=filing.created_at,
        by=filing.created_by,
    )


def version_of(filing: Filing) -> FilingVersion:
    """Return a filing's present version as it is stored."""
    people = {
        "proposed_by": filing.proposed_by,
        "filed_at": None if filing.filed_at is None else filing.filed_at.isoformat(),
        "filed_by": filing.filed_by,
        "checked_by": filing.checked_by,
    }
    return FilingVersion(
        version=filing.version,
        state=filing.state,
        values=filing.values,
        origins={name: one.as_json() for name, one in filing.origins.items()},
        digest=filing.digest,
        reason=filing.reason,
        at=filing.changed_at,
        by=filing.changed_by,
        people={name: text for name, text in people.items() if text is not None},
    )


def write_next(store: Store, filing: Filing, act: str, *, at: datetime, by: str) -> Filing:
    """Write the next version with its act."""
    after = replace(filing, version=filing.version + 1, changed_at=at, changed_by=by)
    with store.transaction():
        store.filings.add(head_of(after), version_of(after))
        write_act(store, act, after)
    return after


def write_act(store: Store, act: str, filing: Filing) -> None:
    """Write what was done to a filing: ids, the version and digests."""
    record = {
        "filing": filing.filing_id,
        "case": filing.case_id,
        "form": filing.form.id,
        "form_digest": filing.form.digest,
        "version": filing.version,
        "state": filing.state.value,
        "digest": filing.digest,
        "reason_digest": digest(filing.reason),
        "corrects": filing.corrects,
    }
    store.act(
        act,
        record,
        at=filing.changed_at,
        by=filing.changed_by,
        reason=act,
        sealed_for=filing.sealed_for,
    )
