"""The two documents that providers send each other: an offer, and its answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sluicegate.core.calendars import parse_day
from sluicegate.core.canonical import digest
from sluicegate.core.reasons import say
from sluicegate.kyc.joint_compute import PROTOCOL, Terms, TermsError
from sluicegate.services.ports.exchange import Answered, UnreadableMessageError

OFFER, ANSWER = "offer", "answer"
_MOST_SIGNS = 2_000


@dataclass(frozen=True, slots=True)
class Basis:
    """The law on which a provider compares: in words, and its citation. Neither may be empty."""

    text: str
    reference: str

    def __post_init__(self) -> None:
        for name in ("text", "reference"):
            if not getattr(self, name).strip():
                raise UnreadableMessageError(
                    f"legal_basis.{name}", say("Say on which law customers may be compared.")
                )


@dataclass(frozen=True, slots=True)
class Offer:
    """What the asking provider sends."""

    terms: Terms
    basis: Basis
    request: bytes

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "format": PROTOCOL,
            "kind": OFFER,
            "terms": terms_document(self.terms),
            "legal_basis": {"text": self.basis.text, "reference": self.basis.reference},
            "request": _text(self.request),
        }

    @classmethod
    def of(cls, document: Any) -> Offer:
        """Read an offer.

        Raises:
            UnreadableMessageError: it is none; which field, and what is wrong.
        """
        _need_kind(document, OFFER)
        return cls(_terms(document), _basis(document), _bytes(document, "request"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answering provider sends back; `offer` is the digest of what it answers."""

    terms: Terms
    basis: Basis
    offer: str
    answered: Answered

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "format": PROTOCOL,
            "kind": ANSWER,
            "terms": terms_document(self.terms),
            "legal_basis": {"text": self.basis.text, "reference": self.basis.reference},
            "offer": self.offer,
            "setup": _text(self.answered.setup),
            "response": _text(self.answered.response),
        }

    @classmethod
    def of(cls, document: Any) -> Answer:
        """Read an answer.

        Raises:
            UnreadableMessageError: it is none; which field, and what is wrong.
        """
        _need_kind(document, ANSWER)
        return cls(
            _terms(document),
            _basis(document),
            _words(document, "offer"),
            Answered(_bytes(document, "setup"), _bytes(document, "response")),
        )


def message_digest(message: Offer | Answer) -> str:
    """Return the digest by which a message is named."""
    return digest(message.document())


def terms_document(terms: Terms) -> dict[str, Any]:
    """Return terms as JSON; FLOP as decimal text."""
    return {
        "session": terms.session,
        "asking": terms.asking,
        "answering": terms.answering,
        "threshold_flop": str(terms.threshold),
        "as_of": terms.as_of.isoformat(),
        "levels": terms.levels,
        "elements": terms.elements,
        "digest": terms.digest,
    }


def terms_of(said: Any) -> Terms:
    """Read terms.

    Raises:
        UnreadableMessageError: a field is missing or none of its kind, or the digest differs.
    """
    if not isinstance(said, Mapping):
        raise UnreadableMessageError("terms", say("It is no object; ask for a new message."))
    try:
        terms = Terms(
            session=_words(said, "session"),
            asking=_words(said, "asking"),
            answering=_words(said, "answering"),
            threshold=_flop(said, "threshold_flop"),
            as_of=_day(said, "as_of"),
            levels=_count(said, "levels"),
            elements=_count(said, "elements"),
        )
    except TermsError as error:
        raise UnreadableMessageError(f"terms.{error.field}", error.sentence) from error
    if said.get("digest") != terms.digest:
        raise UnreadableMessageError(
            "terms.digest", say("It is that of other terms; ask for a new message.")
        )
    return terms


def _terms(document: Mapping[str, Any]) -> Terms:
    return terms_of(document.get("terms"))


def _basis(document: Mapping[str, Any]) -> Basis:
    said = document.get("legal_basis")
    if not isinstance(said, Mapping):
        raise UnreadableMessageError(
            "legal_basis", say("It is missing; the other provider must give one.")
        )
    return Basis(_words(said, "text"), _words(said, "reference"))


def _need_kind(document: Any, kind: str) -> None:
    if not isinstance(document, Mapping) or document.get("format") != PROTOCOL:
        raise UnreadableMessageError(
            "format",
            say("It is not {protocol}; both nodes need one version.", protocol=PROTOCOL),
        )
    if document.get("kind") != kind:
        raise UnreadableMessageError(
            "kind", say("It is no {kind} of a comparison; give the right message.", kind=kind)
        )


def _words(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_SIGNS:
        raise UnreadableMessageError(
            name, say("It is no text of up to {most} signs.", most=_MOST_SIGNS)
        )
    return value


def _count(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableMessageError(name, say("It is no whole number."))
    return value


def _day(said: Mapping[str, Any], name: str) -> date:
    value = _words(said, name)
    try:
        return parse_day(value)
    except ValueError as error:
        raise UnreadableMessageError(name, say("It is no day.")) from error


def _flop(said: Mapping[str, Any], name: str) -> int:
    value = _words(said, name)
    if not value.isascii() or not value.isdecimal() or len(value) > 40:
        raise UnreadableMessageError(name, say("It is no count of FLOP in decimal digits."))
    return int(value)


def _bytes(document: Mapping[str, Any], name: str) -> bytes:
    value = document.get(name)
    if not isinstance(value, str):
        raise UnreadableMessageError(name, say("It is missing."))
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableMessageError(name, say("It is no base64 text.")) from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
