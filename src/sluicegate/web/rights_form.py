"""The part of a form that says what an account or a machine may do and see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sluicegate.core.phrases import Language, term
from sluicegate.rules.showing import titled
from sluicegate.services.access.jurisdictions import jurisdiction_label, jurisdictions
from sluicegate.services.identity import Rights
from sluicegate.web.visit import Visit

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class RightsShown:
    """Rights as a form shows them: choices as (value, label), and what is chosen."""

    roles: tuple[tuple[str, str], ...]
    jurisdictions: tuple[tuple[str, str], ...]
    chosen: Rights

    @property
    def is_everywhere(self) -> bool:
        """Whether every jurisdiction is seen."""
        return self.chosen.jurisdictions is None


def rights_shown(visit: Visit, chosen: Rights | None = None) -> RightsShown:
    """Return what may be chosen, with what is chosen now."""
    language = visit.language
    rights = chosen or Rights(frozenset())
    places = dict.fromkeys([*jurisdictions(), *sorted(rights.jurisdictions or ())])
    return RightsShown(
        tuple((role, term(role, language)) for role in visit.served.roles),
        tuple((code, place_label(code, language)) for code in places),
        rights,
    )


def read_rights(visit: Visit) -> Rights:
    """Return the rights that a form gives; the services check them."""
    everywhere = visit.text("scope") != "some"
    groups = visit.text("sealed_groups").replace(",", " ").split()
    return Rights(
        frozenset(visit.texts("roles")),
        None if everywhere else frozenset(visit.texts("jurisdictions")),
        frozenset(groups),
    )


_LETTERS_OF_COUNTRIES = 2


def place_label(code: str, language: Language) -> str:
    """Return a jurisdiction by its name, with its code where the world knows that.

    >>> place_label("US-CA", Language.EN), place_label("OWN", Language.EN)
    ('California (US-CA)', 'Own rules')
    """
    name = titled(jurisdiction_label(code), language)
    is_known = len(code.partition("-")[0]) == _LETTERS_OF_COUNTRIES
    return f"{name} ({code})" if is_known and name != code else name


def places_text(codes: Iterable[str] | None, language: Language, everywhere: str) -> str:
    """Return jurisdictions as one line; `everywhere` stands for all of them."""
    if codes is None:
        return everywhere
    comma = "、" if language is Language.ZH else ", "
    return comma.join(place_label(code, language) for code in sorted(codes)) or "–"
