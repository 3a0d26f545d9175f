"""Pages that say why something could not be done, in what order of words, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.web.visit import Visit


class Problem(Enum):
    """What can go wrong with a request; the value is its HTTP status and its name."""

    BAD_REQUEST = (400, "bad_request")
    REFUSED = (403, "refused")
    FORGED = (403, "forged")
    NOT_FOUND = (404, "not_found")
    NO_METHOD = (405, "no_method")
    CONFLICT = (409, "conflict")
    TOO_LARGE = (413, "too_large")
    UNFIT = (422, "unfit")
    TOO_MANY = (429, "too_many")
    BROKEN = (500, "broken")
    UNAVAILABLE = (503, "unavailable")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]


def problem_of(status: int) -> Problem:
    """Return the problem of an HTTP status."""
    found = next((one for one in Problem if one.status == status), None)
    if found is not None:
        return found
    return Problem.BROKEN if status >= Problem.BROKEN.status else Problem.BAD_REQUEST


def problem_page(
    visit: Visit,
    problem: Problem,
    *,
    reasons: Sequence[Sentence | str] = (),
    back: str | None = None,
) -> Response:
    """Return the page of a problem: what happened, why, and what to do.

    `reasons` are shown one below the other; `back` is where to go on.
    """
    return visit.render(
        "problem.html",
        status=problem.status,
        problem=problem.value[1],
        number=problem.status,
        reasons=reasons,
        back=back,
    )
