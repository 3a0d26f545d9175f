"""Who is signed in, as far as a page needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal


class Step(Enum):
    """How far a sign-in has come: what the person has to do next, or nothing."""

    SECOND_FACTOR = "second_factor"
    ENROL = "enrol"
    CHANGE_PASSWORD = "change_password"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Signed:
    """A person's session: `csrf` is its secret for forms, `token` the value of its cookie."""

    token: str
    principal: Principal
    step: Step
    csrf: str
    language: Language | None = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do before pages may be seen."""
        return self.step is Step.DONE


class Gate(Protocol):
    """Knows sessions by the value of their cookie."""

    def signed(self, token: str) -> Signed | None:
        """Return a session that has not ended, or None; a look at it keeps it alive."""
        ...
