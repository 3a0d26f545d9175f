"""How the text behind a finding stands on the day: a law or not, in force, enforced."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.rules.instruments import Enforcement, Kind, TextState


@dataclass(frozen=True, slots=True)
class Standing:
    """The kind of a text, its standing in a few words, and whether it is an enforced law."""

    kind: str
    words: str
    asks: bool


def standing_of(legal_status: str, say: Catalogue) -> Standing:
    """Read a legal status such as "law: in_force, enforced"; a word alone is the kind.

    >>> standing_of("bill: proposed, not_binding", Catalogue("en")).words
    'bill, not law'
    >>> standing_of("law: in_force, suspended", Catalogue("en")).words
    'law, enforcement suspended'
    """
    kind, _, rest = legal_status.partition(":")
    text, _, enforcement = (part.strip() for part in rest.partition(","))
    named = say.word("legal_status", kind)
    if kind == Kind.CONFIGURATION.value:
        return Standing(kind, named, True)
    if kind != Kind.LAW.value:
        return Standing(kind, say("not_law", kind=named), False)
    if text and text != TextState.IN_FORCE.value:
        return Standing(kind, f"{named}{say('clause')}{say.word('legal_status', text)}", False)
    if not enforcement:
        return Standing(kind, named, True)
    words = f"{named}{say('clause')}{say.word('enforcement', enforcement)}"
    return Standing(kind, words, enforcement == Enforcement.ENFORCED.value)
