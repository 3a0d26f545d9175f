"""Problems as HTTP tells them: RFC 9457, with a type that stays the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say

MEDIA_TYPE = "application/problem+json"

ROOT = "/problems/"
"""Where the types of problems stand; the same on every node."""


class ProblemKind(Enum):
    """A kind of problem; the value ends its type and never changes."""

    BAD_REQUEST = "bad-request"
    BAD_CURSOR = "bad-cursor"
    UNAUTHENTICATED = "unauthenticated"
    REFUSED = "refused"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NOT_ACCEPTABLE = "not-acceptable"
    TOO_SLOW = "too-slow"
    CONFLICT = "conflict"
    CHANGED_MEANWHILE = "changed-meanwhile"
    TOO_LARGE = "too-large"
    WRONG_MEDIA_TYPE = "wrong-media-type"
    BAD_FIELDS = "bad-fields"
    BAD_FACTS = "bad-facts"
    KEY_REUSED = "key-reused"
    IN_PROGRESS = "in-progress"
    TOO_MANY_REQUESTS = "too-many-requests"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return _STATUS[self]

    @property
    def title(self) -> Sentence:
        """What it is called."""
        return _TITLES[self]

    @property
    def type(self) -> str:
        """The reference that names it."""
        return f"{ROOT}{self.value}"


_STATUS: Mapping[ProblemKind, int] = {
    ProblemKind.BAD_REQUEST: 400,
    ProblemKind.BAD_CURSOR: 400,
    ProblemKind.UNAUTHENTICATED: 401,
    ProblemKind.REFUSED: 403,
    ProblemKind.NOT_FOUND: 404,
    ProblemKind.METHOD_NOT_ALLOWED: 405,
    ProblemKind.NOT_ACCEPTABLE: 406,
    ProblemKind.TOO_SLOW: 408,
    ProblemKind.CONFLICT: 409,
    ProblemKind.IN_PROGRESS: 409,
    ProblemKind.CHANGED_MEANWHILE: 412,
    ProblemKind.TOO_LARGE: 413,
    ProblemKind.WRONG_MEDIA_TYPE: 415,
    ProblemKind.BAD_FIELDS: 422,
    ProblemKind.BAD_FACTS: 422,
    ProblemKind.KEY_REUSED: 422,
    ProblemKind.TOO_MANY_REQUESTS: 429,
    ProblemKind.INTERNAL: 500,
    ProblemKind.UNAVAILABLE: 503,
}

_TITLES: Mapping[ProblemKind, Sentence] = {
    ProblemKind.BAD_REQUEST: say("The request cannot be read"),
    ProblemKind.BAD_CURSOR: say("The cursor does not belong to this list"),
    ProblemKind.UNAUTHENTICATED: say("Nobody is signed in"),
    ProblemKind.REFUSED: say("This may not be done"),
    ProblemKind.NOT_FOUND: say("There is none"),
    ProblemKind.METHOD_NOT_ALLOWED: say("The method is not known here"),
    ProblemKind.NOT_ACCEPTABLE: say("There is no such form of it"),
    ProblemKind.TOO_SLOW: say("The request came too slowly"),
    ProblemKind.CONFLICT: say("It cannot be done now"),
    ProblemKind.IN_PROGRESS: say("The same request is still under way"),
    ProblemKind.CHANGED_MEANWHILE: say("It has changed meanwhile"),
    ProblemKind.TOO_LARGE: say("The request is too large"),
    ProblemKind.WRONG_MEDIA_TYPE: say("The form of the request is not known here"),
    ProblemKind.BAD_FIELDS: say("Fields are missing or wrong"),
    ProblemKind.BAD_FACTS: say("The question refuses these facts"),
    ProblemKind.KEY_REUSED: say("The idempotency key belongs to another request"),
    ProblemKind.TOO_MANY_REQUESTS: say("Too many requests"),
    ProblemKind.INTERNAL: say("Something failed on this node"),
    ProblemKind.UNAVAILABLE: say("This is not available now"),
}


@dataclass(frozen=True, slots=True)
class HttpProblem:
    """One problem of one request.

    `detail` is a sentence, or text that has no other language. `more` holds
    further members, such as `reasons` or `errors`; `headers` go along.
    """

    kind: ProblemKind
    detail: Sentence | str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, language: Language) -> dict[str, Any]:
        """Return the problem as a document."""
        detail = self.detail.text(language) if isinstance(self.detail, Sentence) else self.detail
        return {
            "type": self.kind.type,
            "title": self.kind.title.text(language),
            "status": self.kind.status,
            "detail": detail,
            **{name: _said(value, language) for name, value in self.more.items()},
        }

    def body(self, language: Language) -> bytes:
        """Return the document as bytes."""
        return dump_json(self.as_json(language)).encode()


def _said(value: Any, language: Language) -> Any:
    if isinstance(value, Sentence):
        return value.text(language)
    if isinstance(value, list | tuple):
        return [_said(one, language) for one in value]
    if isinstance(value, Mapping):
        return {name: _said(one, language) for name, one in value.items()}
    return value
