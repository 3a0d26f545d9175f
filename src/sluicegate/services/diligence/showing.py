"""Due diligence as documents for people and machines: files, ratings, holds, productions."""

from __future__ import annotations

from datetime import date
from typing import Any

from sluicegate.core.phrases import Language, term
from sluicegate.kyc.diligence.file import DiligenceFile, Verification
from sluicegate.kyc.diligence.production import Production
from sluicegate.kyc.diligence.retention import Hold
from sluicegate.services.diligence.disposing import Disposed, Plan, Proof
from sluicegate.services.diligence.retaining import Retained
from sluicegate.services.diligence.standing import DiligenceStatus
from sluicegate.services.ports.diligence import StandingRow


def file_document(file: DiligenceFile) -> dict[str, Any]:
    """Return what decisions have made of a customer's file, as JSON values."""
    return {
        "customer_id": file.customer_id,
        "version": file.version,
        "standing": file.standing.value,
        "closed_on": _iso(file.closed_on),
        "review_by": _iso(file.review_by),
        "proposals": [
            {
                "id": one.proposal_id,
                "decision": one.decision.value,
                "ground": one.ground.value,
                "by": one.by,
                "at": one.at.isoformat(),
            }
            for one in file.proposals
        ],
        "decisions": [
            {
                "decision": one.decision.value,
                "ground": one.ground.value,
                "by": one.by,
                "checked_by": one.checked_by,
                "at": one.at.isoformat(),
            }
            for one in file.decisions
        ],
        "served": [
            {
                "compute": str(one.compute),
                "provided": one.was_provided,
                "record": one.record,
                "high_risk": one.is_high_risk,
                "at": one.at.isoformat(),
            }
            for one in file.served
        ],
    }


def status_document(found: DiligenceStatus, language: Language) -> dict[str, Any]:
    """Return how a customer's due diligence stands, as JSON values."""
    opening, purpose = found.opening, found.purpose
    return {
        **file_document(found.file),
        "name": found.name,
        "as_of": found.as_of.isoformat(),
        "held": [
            {"item": one.item.value, "origin": one.origin.value, "source": one.source}
            for one in found.held
        ],
        "placeholders": [one.value for one in found.placeholders],
        "missing": [one.value for one in opening.missing],
        "blocks_opening": opening.blocks,
        "opening_is_enforced": opening.is_enforced,
        "opening": opening.answer.outcome.text(language),
        "opening_texts": [one.as_json(language) for one in opening.answer.texts],
        "beneficial_owners": found.owners.answer_json()["beneficial_owners"],
        "unverified": list(found.unverified),
        "verifications": [_verification(one) for one in found.file.verifications],
        "purpose": {
            "declared": None if purpose.declared is None else purpose.declared.value,
            "seen": None if purpose.seen is None else purpose.seen.value,
            "differs": purpose.differs,
            "beyond_contract": purpose.beyond_contract,
            "reasons": [one.text(language) for one in purpose.reasons],
        },
        "rating": _rating(found, language),
        "review_is_due": found.review_is_due,
    }


def _verification(one: Verification) -> dict[str, Any]:
    return {
        "id": one.verification_id,
        "party": one.party,
        "method": one.method.value,
        "document": one.document.value,
        "outcome": one.outcome.value,
        "checked_on": one.checked_on.isoformat(),
        "expires": _iso(one.expires),
        "by": one.by,
        "sha256": one.content_sha256,
        "erased": one.is_erased,
    }


def _rating(found: DiligenceStatus, language: Language) -> dict[str, Any]:
    reckoned, rating = found.reckoned, found.file.rating
    return {
        "band": reckoned.band.value,
        "points": reckoned.points,
        "reason": reckoned.reason.text(language),
        "factors": [
            {
                "factor": one.factor.value,
                "label": term(one.factor.code, language),
                "points": one.points,
                "why": one.why.text(language),
            }
            for one in reckoned.factors
        ],
        "recorded": None if rating is None else rating.stands.value,
        "recorded_at": None if rating is None else rating.rated_at.isoformat(),
        "is_stale": found.is_stale,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def plan_row(one: Plan, language: Language) -> dict[str, Any]:
    """Return what disposing of a kind of record would erase, as a row."""
    return {**kept_row(one.retained, language), "files": len(one.files)}


def kept_row(one: Retained, language: Language) -> dict[str, Any]:
    """Return until when a kind of record is kept, as a row."""
    why = one.refusal or (one.kept.reasons[-1] if one.kept.reasons else None)
    return {
        "customer_id": one.customer_id,
        "records": one.kept.records.value,
        "keep_until": None if one.kept.keep_until is None else one.kept.keep_until.isoformat(),
        "may_go": one.refusal is None,
        "why": "" if why is None else why.text(language),
        "rows": len(one.rows),
        "rules": {
            name: None if day is None else day.isoformat() for name, day in one.kept.rules.items()
        },
    }


def disposed_row(one: Disposed) -> dict[str, Any]:
    """Return a disposal as it was done, as a row."""
    return {
        "disposal": one.disposal_id,
        "customer_id": one.event.subject,
        "rows": len(one.tombstones),
        "files": one.files,
        "copies": one.copies,
        "manifest": one.event.data["manifest"],
        "stays": dict(one.mentions.by_table),
    }


def proof_document(found: Proof, language: Language) -> dict[str, Any]:
    """Return whether the disposals of a customer hold."""
    return {
        "customer_id": found.customer_id,
        "holds": found.holds,
        "disposals": found.disposals,
        "tombstones": found.tombstones,
        "faults": [one.text(language) for one in found.faults],
        "stated_again": [f"{one.kept_in} {one.row_id}" for one in found.stated_again],
        "stays": dict(found.mentions.by_table),
        "keeps_name": [
            {"kept_in": one.kept_in, "rows": list(one.rows), "why": one.why.text(language)}
            for one in found.keeps_name
        ],
    }


def due_row(one: StandingRow) -> dict[str, Any]:
    """Return a customer that is due to be looked at again, as a row."""
    return {
        "customer_id": one.customer_id,
        "review_by": _iso(one.review_by),
        "band": "" if one.band is None else one.band.value,
        "standing": one.standing.value,
    }


def hold_row(one: Hold) -> dict[str, Any]:
    """Return a legal hold as a row."""
    released = one.released_at
    return {
        "hold_id": one.hold_id,
        "matter": one.matter,
        "ground": one.ground,
        "customers": sorted(one.customers),
        "records": sorted(kind.value for kind in one.records),
        "added_at": one.added_at.isoformat(timespec="seconds"),
        "added_by": one.added_by,
        "released_at": None if released is None else released.isoformat(timespec="seconds"),
        "released_by": one.released_by,
    }


def production_row(one: Production) -> dict[str, Any]:
    """Return a production as a row."""
    asked = one.asked
    return {
        "production_id": one.production_id,
        "state": one.state.value,
        "due": asked.due.isoformat(),
        "received": asked.received.isoformat(),
        "duty": asked.duty,
        "requester": asked.requester,
        "ground": asked.ground,
        "customers": list(asked.customers),
        "parts": [part.value for part in asked.parts],
        "files": one.files,
        "digest": one.digest,
        "asked_by": one.asked_by,
        "checked_by": one.checked_by,
    }
