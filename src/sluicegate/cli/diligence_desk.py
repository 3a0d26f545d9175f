"""What the commands of `sluicegate diligence` share: the desk, its faults, and documents."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.filing_desk import tried
from sluicegate.cli.output import Exit, leave
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import Flop, parse_flop
from sluicegate.kyc.diligence.file import DiligenceFile, Verification
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.standing import DiligenceStatus
from sluicegate.services.diligence.writing import DiligenceRefusedError
from sluicegate.services.ports.diligence import DiligenceChangedError
from sluicegate.wiring import LakeError, OpenNode
from sluicegate.wiring.work import operator_desk

CustomerArgument = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Id of a customer.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
NoteOption = Annotated[str, typer.Option("--reason", help="Why, or what else there is to say.")]

ComputeOption = Annotated[
    str, typer.Option("--compute", metavar="FLOP", help="The compute asked for, e.g. 3e26.")
]


@contextmanager
def diligence_desk(node: Path, *, dry_run: bool = False) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code.

    In a dry run everything that is done inside is taken back.
    """
    with node_at(node) as opened:
        try:
            desk = operator_desk(opened)
            with tried(desk, dry_run=dry_run):
                yield opened, desk
        except (NotFoundError, BadFactsError) as error:
            leave(Exit.USAGE, str(error))
        except (RefusedError, DiligenceRefusedError, DiligenceChangedError) as error:
            leave(Exit.REFUSED, str(error))
        except LakeError as error:
            leave(Exit.UNAVAILABLE, str(error))


def day_of(text: str | None, name: str, default: date) -> date:
    """Return a day given as an option, or another."""
    return day_option(text, name) or default


def given_text(value: str) -> str:
    """Return a value; - reads it from standard input, where no history of a shell keeps it."""
    return sys.stdin.read().strip() if value == "-" else value


def flop_of(text: str) -> Flop:
    """Return an amount of compute given as an option; a bad one ends the command."""
    try:
        return parse_flop(text)
    except ValueError as error:
        leave(Exit.USAGE, f"--compute: {error}")


def content_of(file: Path | None) -> bytes | None:
    """Return the bytes of a document; a file that cannot be read ends the command."""
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError as error:
        leave(Exit.USAGE, f"{file}: {error.strerror}")


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
