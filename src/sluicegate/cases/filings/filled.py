"""The document of a filing: what page, JSON and PDF show alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cases.filings.form import Field, FieldKind
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Named, Sentence, Term, say
from sluicegate.rules.countries import country_names

_BANNERS = {
    FilingState.DRAFT: "Draft: not filed.",
    FilingState.PROPOSED: "Proposed: a second person has not checked it yet.",
    FilingState.FILED: "Filed on {day}.",
    FilingState.WITHDRAWN: "Withdrawn: {reason}",
}
_PARTY_LABELS = {
    "address": "Address: {text}",
    "email": "E-mail: {text}",
    "telephone": "Telephone: {text}",
    "identifier": "Identifier: {text}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A field as the document shows it.

    `lines` are its value; `entries` are those of a list, each with rows of its
    own. `clause` says which text asks for it and, until it is filed, how certain
    that is; `origin` where a value that was
    filled in comes from, "" where a person entered it.
    """

    field: str
    label: str
    lines: tuple[str, ...]
    clause: str
    origin: str = ""
    entries: tuple[tuple[Row, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FilingDocument:
    """A filing in one language; `content` and `digest` are the same in both.

    `banner` says whether it is filed. `facts` are pairs of label and text about
    the filing itself, `footer` the lines at the end of every page.
    """

    language: Language
    title: str
    banner: str
    state: FilingState
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    footer: tuple[str, ...]
    content: Mapping[str, Any]
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Return the document for machines; its schema is that of the form."""
        return dict(self.content)


def document(filing: Filing, language: Language) -> FilingDocument:
    """Return the document of a filing as it stands; malformed values are left out."""
    values = filing.checked().values
    writer = _Writer(filing, language)
    return FilingDocument(
        language=language,
        title=writer.named(filing.form.title),
        banner=writer.banner(),
        state=filing.state,
        facts=writer.facts(),
        parts=tuple(
            Part(
                writer.named(section.title),
                tuple(writer.row(one, values.get(one.id)) for one in section.fields),
            )
            for section in filing.form.sections
        ),
        footer=writer.footer(),
        content=machine(filing),
        digest=filing.digest,
    )


def machine(filing: Filing) -> dict[str, Any]:
    """Return a filing for machines: its content, digest, state and version."""
    return {
        **filing.content(),
        "digest": filing.digest,
        "state": filing.state.value,
        "version": filing.version,
        "filed_at": None if filing.filed_at is None else filing.filed_at.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a filing in one language."""

    filing: Filing
    language: Language

    def say(self, sentence: Sentence) -> str:
        """Write a sentence out."""
        return sentence.text(self.language)

    def named(self, text: Named) -> str:
        """Return a text in the language."""
        return text.zh if self.language is Language.ZH else text.en

    def banner(self) -> str:
        """Say whether the document is filed."""
        filed = self.filing.filed_at
        day = "" if filed is None else filed.date().isoformat()
        template = _BANNERS[self.filing.state]
        return self.say(say(template, day=day, reason=self.filing.reason))

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return label and text of what is said of the filing itself."""
        filing = self.filing
        found = [
            (say("Recipient"), self.named(filing.recipient)),
            (say("Filing"), filing.filing_id),
            (say("Version"), str(filing.version)),
        ]
        if filing.corrects is not None:
            found.append((say("Corrects filing"), filing.corrects))
        return tuple((self.say(label), text) for label, text in found)

    def footer(self) -> tuple[str, ...]:
        """Return the lines at the end of every page."""
        return (
            self.say(
                say(
                    "Filing {filing}, version {version}",
                    filing=self.filing.filing_id,
                    version=self.filing.version,
                )
            ),
            self.say(say("SHA-256 of the content: {digest}", digest=self.filing.digest)),
        )

    def row(self, field: Field, value: Any) -> Row:
        """Return a field with its value."""
        clause = field.clause_for(self.filing.instrument)
        origin = self.filing.origins.get(field.id)
        asked = say("{reference} ({mark:term})", reference=clause.reference, mark=clause.mark.value)
        is_filed = self.filing.state is FilingState.FILED
        entries: tuple[tuple[Row, ...], ...] = ()
        if field.kind is FieldKind.PARTS and value:
            entries = tuple(
                tuple(self.row(part, entry.get(part.id)) for part in field.parts) for entry in value
            )
        return Row(
            field=field.id,
            label=self.named(field.label),
            lines=() if value is None or entries else self.lines(field, value),
            clause=clause.reference if is_filed else self.say(asked),
            origin="" if origin is None else self.say(origin.sentence),
            entries=entries,
        )

    def lines(self, field: Field, value: Any) -> tuple[str, ...]:
        """Return a value as lines of text."""
        match field.kind:
            case FieldKind.YES_NO:
                return (self.say(say("{answer}", answer=value)),)
            case FieldKind.CHOICE:
                option = field.option(value)
                return (value if option is None else self.named(option.label),)
            case FieldKind.COUNTRY:
                return (self.country(value),)
            case FieldKind.MONEY:
                return (f"{value['amount']} {value['currency']}",)
            case FieldKind.PARTY:
                return self.party(value)
            case FieldKind.ATTACHMENT:
                name = value.get("name", value["attachment"])
                return (name, f"SHA-256 {value['sha256']}")
            case FieldKind.FLOP:
                return (f"{value} FLOP",)
            case _:
                return tuple(value.splitlines()) if value else ()

    def country(self, code: str) -> str:
        """Return a country by its name and code."""
        name = country_names().get(code)
        return code if name is None else f"{self.say(say('{name}', name=Term(name)))} ({code})"

    def party(self, party: Mapping[str, str]) -> tuple[str, ...]:
        """Return a person or organisation as lines."""
        lines = [party["name"]]
        if "country" in party:
            lines.append(self.country(party["country"]))
        for part, template in _PARTY_LABELS.items():
            if part in party:
                lines.append(self.say(say(template, text=party[part])))
        return tuple(lines)
