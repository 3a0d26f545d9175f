"""What comparing with another provider needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any, Protocol

from sluicegate.core.identifiers import TenantId
from sluicegate.core.reasons import Sentence


class UnreadableMessageError(ValueError):
    """A message of the other provider that is none of the protocol: which field, and why."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        self.field = field
        self.sentence = sentence
        super().__init__(f"{field}: {sentence}")


class NoIntersectionError(RuntimeError):
    """The library that blinds is not installed."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the asking provider sends, and the key that it keeps until the answer."""

    request: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What the answering provider sends back."""

    setup: bytes
    response: bytes


class Intersection(Protocol):
    """Private set intersection by elliptic curve Diffie-Hellman; one learns, the other answers."""

    def ask(self, texts: Sequence[str]) -> Asked:
        """Blind the texts under a fresh key."""
        ...

    def answer(self, request: bytes, texts: Sequence[str], size: int) -> Answered:
        """Blind the request again and the own texts under a fresh key, which is forgotten.

        `size` is how many elements the request must have.

        Raises:
            UnreadableMessageError: the request is none, or of another size.
        """
        ...

    def common(self, key: bytes, size: int, answered: Answered) -> Sequence[int]:
        """Return the places of the own texts that the other has too.

        `size` is how many were asked with; the places are those in which they were.

        Raises:
            UnreadableMessageError: the answer is none.
        """
        ...


class SessionState(Enum):
    """Where a comparison with another provider stands."""

    PROPOSED = "proposed"
    """It has a legal basis and waits for a second person."""
    OFFERED = "offered"
    """The offer is written; the answer is waited for."""
    ANSWERED = "answered"
    """An offer of the other provider was answered."""
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class SessionSide(Enum):
    """Whether this node asks, and learns who crosses, or answers, and learns nothing."""

    ASKING = "asking"
    ANSWERING = "answering"


@dataclass(frozen=True, slots=True)
class SessionVersion:
    """A comparison as it stands; versions only grow, `version` counts from 1.

    `terms` are those of the protocol as a document. `basis` is the legal basis in
    words and `reference` its citation. `message` is the digest of the document
    that was written last.
    """

    session: str
    version: int
    side: SessionSide
    state: SessionState
    partner: str
    terms: Mapping[str, Any]
    basis: str
    reference: str
    proposed_by: str
    approved_by: str
    message: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class JointKept:
    """A party that was found to cross together with a partner; FLOP."""

    session: str
    party: str
    partner: str
    own: Fraction
    other_low: Fraction


class SessionChangedError(RuntimeError):
    """Somebody else changed the comparison meanwhile."""

    def __init__(self, session: str) -> None:
        self.session = session
        super().__init__(f"session {session}: was changed meanwhile; look at it again")


class ExchangeStore(Protocol):
    """Comparisons of one tenant with other providers, and what they found."""

    def sessions(self) -> Sequence[SessionVersion]:
        """Return the last version of every comparison, the newest first."""
        ...

    def session(self, session: str) -> SessionVersion | None:
        """Return a comparison at its last version."""
        ...

    def history(self, session: str) -> Sequence[SessionVersion]:
        """Return all versions, oldest first."""
        ...

    def add(self, version: SessionVersion) -> None:
        """Write a further version.

        Raises:
            SessionChangedError: there is one of this number already.
        """
        ...

    def add_found(self, found: Sequence[JointKept], *, at: datetime, by: str) -> None:
        """Write who crosses together."""
        ...

    def found(
        self, session: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[JointKept]:
        """Return who crosses together, of one comparison or of all, oldest first."""
        ...


class ExchangeKeys(Protocol):
    """The key and the set of an offer, kept until its answer comes; each tenant has its own."""

    def keep(self, tenant: TenantId, session: str, content: bytes) -> None:
        """Keep them, readable by the node's own account only."""
        ...

    def find(self, tenant: TenantId, session: str) -> bytes | None:
        """Return them, or None when they were never kept or are forgotten."""
        ...

    def forget(self, tenant: TenantId, session: str) -> None:
        """Remove them for good."""
        ...
