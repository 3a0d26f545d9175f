"""A first rule file for a text of one's own, with worked cases: valid as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from string import Template

from sluicegate.rules.book import RuleBook
from sluicegate.rules.countries import is_country
from sluicegate.rules.instruments import Enforcement, Instrument, Kind, TextState, Title
from sluicegate.rules.loading import LOCAL_PREFIX, read_book
from sluicegate.rules.standing import asks, is_enforced
from sluicegate.services.asking import ask_question

_ID = re.compile(r"local(?:\.[a-z][a-z0-9_]*)+")
_STANDS: Mapping[Kind, tuple[TextState, Enforcement]] = {
    Kind.LAW: (TextState.IN_FORCE, Enforcement.ENFORCED),
    Kind.CONFIGURATION: (TextState.IN_FORCE, Enforcement.ENFORCED),
    Kind.PROPOSAL: (TextState.PROPOSED, Enforcement.NOT_BINDING),
    Kind.BILL: (TextState.PROPOSED, Enforcement.NOT_BINDING),
}
"""How a text of a kind usually stands; every other kind is published and binds nobody."""

_PLACES = frozenset({"EU", "XX", "international"})
"""Jurisdictions that are no country; XX stands for a place that is made up."""

RULE = "large_customer"
"""The threshold rule of the example."""


class DraftError(ValueError):
    """What cannot be made into a rule file."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a text at first: its id, names, kind and the day from which it stands."""

    id: str
    title: Title
    day: date
    kind: Kind = Kind.LAW
    jurisdiction: str = ""
    citation: str = ""
    issuer: Title | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """The two files, with the name that both have."""

    name: str
    rule: str
    cases: str


def draft_rule(draft: Draft, book: RuleBook) -> Drafted:
    """Return a rule file with an example of each block, and cases at its limit that pass.

    Raises DraftError for an id or a name that cannot be used.
    """
    _require_usable(draft, book)
    words = _words(draft)
    name = draft.id.removeprefix(LOCAL_PREFIX).replace(".", "_")
    rule = _filled("rule_file.yaml", words)
    whole = read_book([(f"{name}.yaml", rule)], base=book, local=True)
    return Drafted(name, rule, _filled("cases.yaml", words | _expected(draft, whole)))


def _require_usable(draft: Draft, book: RuleBook) -> None:
    if not _ID.fullmatch(draft.id):
        raise DraftError(
            f"{draft.id!r} is no id of a rule of one's own; write local. and a name of small"
            " letters, digits and _, e.g. local.harbour_act"
        )
    if draft.id in book.instruments:
        held = book.instruments[draft.id].file
        raise DraftError(f"{draft.id} is taken by {held}; choose another id")
    issuer = draft.issuer or Title("", "")
    given = {
        "title": draft.title.en,
        "title-zh": draft.title.zh,
        "citation": draft.citation,
        "jurisdiction": draft.jurisdiction,
        "issuer": issuer.en,
        "issuer-zh": issuer.zh,
    }
    for name, text in given.items():
        if not text.isprintable():
            raise DraftError(f"{name} {text!r} holds a character that cannot be printed; remove it")
    place = draft.jurisdiction
    if place and place not in _PLACES and not is_country(place.split("-")[0]):
        raise DraftError(
            f"jurisdiction {place!r} is no place; write the code of a country, e.g. KR, or of a"
            " part of one, e.g. US-CA, or EU or international"
        )
    for name in ("title", "title-zh"):
        if not given[name].strip():
            raise DraftError(f"{name} is empty; give the name of the text")


def _words(draft: Draft) -> dict[str, str]:
    """Return what takes the places of the templates, quoted where it is free text."""
    citation = draft.citation or draft.title.en
    issuer = draft.issuer or Title(f"issuer of {draft.title.en}", f"{draft.title.zh}的制定机关")
    text, enforcement = _STANDS.get(draft.kind, (TextState.PUBLISHED, Enforcement.NOT_BINDING))
    quoted = {
        "title": draft.title.en,
        "title_zh": draft.title.zh,
        "issuer": issuer.en,
        "issuer_zh": issuer.zh,
        "citation": citation,
        "jurisdiction": draft.jurisdiction,
        **{f"section_{number}": f"{citation} s. {number}" for number in range(1, 5)},
    }
    return {
        **{name: json.dumps(value, ensure_ascii=False) for name, value in quoted.items()},
        "comment": draft.title.en,
        "id": draft.id,
        "prefix": draft.id.removeprefix(LOCAL_PREFIX).upper(),
        "kind": draft.kind.value,
        "day": draft.day.isoformat(),
        "text": text.value,
        "enforcement": enforcement.value,
    }


def _expected(draft: Draft, book: RuleBook) -> dict[str, str]:
    """Return what the example expects above its limit, by the kind of text and its period."""
    home: Instrument = book.instrument(draft.id)
    status = home.status_on(draft.day)
    written = asks(home, status)
    facts = {"compute_used": "1e300", "passed_on": draft.day.isoformat()}
    asked = ask_question(f"{draft.id}.{RULE}", facts, as_of=draft.day, book=book)
    due = [f"{{duty: {one['duty']}, due: '{one['due']}'}}" for one in asked.answer_json()["due"]]
    return {
        "as_written": str(written).lower(),
        "as_enforced": str(written and is_enforced(status)).lower(),
        "due": f"[{', '.join(due)}]",
    }


def _filled(template: str, words: Mapping[str, str]) -> str:
    path = files("sluicegate") / "data" / "templates" / template
    return Template(path.read_text(encoding="utf-8")).substitute(words)
