"""Who is signed in, as far as a page needs to know it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal
from sluicegate.services.identity import SessionStage, SignedIn


@dataclass(frozen=True, slots=True)
class Signed:
    """A person's session with the value of its cookie."""

    token: str = field(repr=False)
    who: SignedIn

    @property
    def principal(self) -> Principal:
        """Who acts; without any right until the sign-in is complete."""
        return self.who.principal

    @property
    def stage(self) -> SessionStage:
        """How far the sign-in has come."""
        return self.who.stage

    @property
    def csrf(self) -> str:
        """The secret that forms of the session are tied to."""
        return self.who.csrf_secret

    @property
    def language(self) -> Language | None:
        """The language that the account has set."""
        return self.who.language

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do before pages may be seen."""
        return self.who.is_complete
