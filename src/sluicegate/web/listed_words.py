"""How the pages of screening name lists, kinds of parties and numbers, and draw a score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.phrases import term
from sluicegate.rules.showing import titled
from sluicegate.screening.entries import Identifier, ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import identifier_kinds, known_list, known_lists
from sluicegate.services.ports.matches import MatchState, Pair
from sluicegate.services.screening.engine import said, score_text
from sluicegate.web.case_parts import due_shown
from sluicegate.web.dossier_parts import address, country_named
from sluicegate.web.visit import Visit

HALF = 100
"""Units of the picture of a bar, to each side of its middle."""


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


SCHEMAS: Mapping[Schema, str] = {
    Schema.PERSON: _("person"),
    Schema.ORGANISATION: _("organisation"),
    Schema.COMPANY: _("company"),
    Schema.LEGAL_ENTITY: _("person or organisation"),
    Schema.VESSEL: _("vessel"),
    Schema.AIRPLANE: _("airplane"),
    Schema.ADDRESS: _("address without a party"),
}

NAME_KINDS: Mapping[NameKind, str] = {
    NameKind.PRIMARY: _("shown name"),
    NameKind.ALIAS: _("alias"),
    NameKind.FORMER: _("former name"),
    NameKind.NOW: _("now known as"),
    NameKind.WEAK: _("weak alias"),
    NameKind.SCRIPT: _("own script"),
}

STATE_LOOKS: Mapping[MatchState, str] = {
    MatchState.OPEN: "warn",
    MatchState.CONFIRMED: "bad",
    MatchState.CLEARED: "good",
    MatchState.GONE: "plain",
}


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of a score: its label, what it gave as text, and its bar from `start`, `width` wide.

    The bar is in units of a picture that is 2 × `HALF` wide, with nothing in the
    middle; what lowered the score lies to the left.
    """

    label: str
    points: str
    start: int
    width: int
    is_lowering: bool


def parts_shown(visit: Visit, pair: Pair) -> tuple[PartShown, ...]:
    """Return the parts of a score, in the order in which they add up."""
    most = max((abs(one.points) for one in pair.parts), default=0) or 1
    found = []
    for one in pair.parts:
        width = abs(one.points) * HALF // most
        label = term(one.name, visit.language)
        points = score_text(one.points)
        sign = "+" if one.points > 0 else ""
        start = HALF - width if one.points < 0 else HALF
        found.append(PartShown(label, f"{sign}{points}", start, width, one.points < 0))
    return tuple(found)


def reasons_shown(pair: Pair) -> tuple[Any, ...]:
    """Return why two names match, without what the page shows beside: parts and algorithm."""
    return tuple(said(one) for one in pair.reasons if one.template not in _BESIDE)


_BESIDE = frozenset(
    {
        "The score is {score:percent}.",
        "{part:term} adds {gain:percent}.",
        "{part:term} takes {loss:percent} away.",
        "Algorithm: {algorithm}.",
    }
)


def list_named(visit: Visit) -> Callable[[str], str]:
    """Return what names a list in the language of the page; one of the user's own by its id."""
    return lambda list_id: titled(known_list(list_id).title, visit.language)


def kind_named(visit: Visit) -> Callable[[str], str]:
    """Return what names a kind of party that a list or a source states."""
    known = {one.value: visit._(label) for one, label in SCHEMAS.items()}
    return lambda schema: known.get(schema, schema)


def number_named(visit: Visit) -> Callable[[Identifier], str]:
    """Return what names the kind of an identifier."""
    kinds = identifier_kinds()

    def shown(one: Identifier) -> str:
        known = kinds.get(one.kind)
        return one.kind if known is None else titled(known.title, visit.language)

    return shown


def list_options(visit: Visit, ids: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Return lists to choose from, by their names; all that are known unless told."""
    named = list_named(visit)
    return sorted(
        ((one, named(one)) for one in (known_lists() if ids is None else ids)),
        key=lambda pair: pair[1].casefold(),
    )


def schema_options(visit: Visit) -> list[tuple[str, str]]:
    """Return the kinds of parties that a person can name."""
    return [
        (one.value, visit._(label)) for one, label in SCHEMAS.items() if one is not Schema.ADDRESS
    ]


def safe_link(url: str) -> str:
    """Return an address of a list that a page may link to; "" for any that is not https."""
    return url if url.startswith("https://") else ""


def gone_days(gone: Sequence[Any]) -> Mapping[tuple[str, str], Any]:
    """Return entry → the day on which its list had it no more."""
    return {one.entry.key: one.gone_on for one in gone}


def listed_words(visit: Visit) -> dict[str, Any]:
    """Return what names and writes things on every page of screening and lists."""
    return {
        "list_name": list_named(visit),
        "kind_name": kind_named(visit),
        "number_name": number_named(visit),
        "country": country_named(visit.language),
        "address": address,
        "due": due_shown(visit),
        "score": score_text,
        "state_look": lambda state: STATE_LOOKS[state],
        "name_kind": lambda kind: visit._(NAME_KINDS[kind]),
        "safe_link": safe_link,
        "half": HALF,
        "names_of": _names_of,
    }


def _names_of(entry: ListEntry) -> Sequence[Any]:
    """Return the names of an entry after the one by which it is shown."""
    return entry.names[1:]
