"""The table of `sluicegate regimes compare`: by topic, readable at a hundred columns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from rich.console import Console
from rich.table import Table

from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.reasons import Sentence, Term, say, shown
from sluicegate.services.compare import Comparison
from sluicegate.services.conflicts import DUTIES, Mark, MarkKind
from sluicegate.services.regime_rows import Measured, RegimeRow

WIDTH = 100
HEADINGS = {
    "duty": "regime and duty",
    "applies": "applies",
    "binding": "binds",
    "trigger": "trigger",
    "margin": "margin",
    "deadline": "deadline",
    "recipient": "recipient",
}
_WIDTHS = {
    "duty": 22,
    "applies": 8,
    "binding": 5,
    "trigger": 8,
    "margin": 11,
    "deadline": 11,
    "recipient": 13,
}
"""Columns that fill a hundred characters with their borders."""

PARTS = {
    "as_of": "As of {day}: {subjects}.",
    "owed": "What is owed",
    "conflicts": "Conflicts and differences",
    "gaps": "Gaps",
    "open": "Cannot be judged",
}
_OTHER = "other_duties"
_DOTS = {Language.EN: "- ", Language.ZH: "·"}
"""Before each entry of a list; text without spaces would be put on a line of its own."""

_BETWEEN = {Language.EN: "; ", Language.ZH: "；"}
"""Between duties, which have commas of their own."""

SMALLEST = Fraction(1, 1000)
"""The smallest multiple of a limit that the table shows in figures."""


def write_comparison(found: Comparison, language: Language) -> None:
    """Write a comparison to stdout: a table by topic, conflicts, gaps, and what is still needed."""
    width = None if sys.stdout.isatty() else WIDTH
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False)
    subjects = [term(kind.value, language) for kind in found.subjects]
    head = say(PARTS["as_of"], day=found.as_of, subjects=subjects)
    console.print(head.text(language))
    judged = [row for row in found.rows if row.is_judged]
    for topic, rows in groupby(judged, key=_topic):
        console.print(_table(term(topic, language), list(rows), language))
    _list(
        console,
        PARTS["owed"],
        _owed(judged, language),
        language,
    )
    _marks(console, PARTS["conflicts"], found.conflicts, language)
    _marks(console, PARTS["gaps"], found.gaps, language)
    _list(console, PARTS["open"], _waiting(found.rows, language), language)


def _topic(row: RegimeRow) -> str:
    topic = row.provision.topic
    return _OTHER if topic is None else topic.value


def _table(title: str, rows: Sequence[RegimeRow], language: Language) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    for name, heading in HEADINGS.items():
        table.add_column(phrase(heading, language), overflow="fold", width=_WIDTHS[name])
    for row in rows:
        cells = _cells(row, language)
        table.add_row(*(cells[name] for name in HEADINGS))
    return table


def _cells(row: RegimeRow, language: Language) -> Mapping[str, str]:
    document = row.as_json(language)
    measured = row.measured
    margin = [] if measured is None else [_share(measured)]
    kinds = {one.kind for one in row.conflicts}
    marks = [phrase("conflict", language)] if MarkKind.PROHIBITION in kinds else []
    marks += [phrase("differs", language)] if kinds - {MarkKind.PROHIBITION} else []
    marks += [phrase("gap", language)] if row.gaps else []
    applies = [term(row.applies if row.applies != "unknown" else "undetermined", language)]
    return {
        "duty": f"{document['title']}\n{document['instrument']}\n{document['standing']}",
        "applies": "\n".join([*applies, *marks]),
        "binding": "" if row.binding is None else term("yes" if row.binding else "no", language),
        "trigger": document["trigger"] or "",
        "margin": "\n".join([*margin, document["distance"] or ""]).strip(),
        "deadline": "\n".join(document["deadlines"]) if row.passed else "",
        "recipient": "\n".join(document["recipients"]) if row.passed else "",
    }


def _share(measured: Measured) -> str:
    """Return the amount as a multiple of the limit; a very small one is not spelt out."""
    if measured.margin is None:
        return ""
    small = Fraction(measured.margin) < SMALLEST
    return f"< {decimal_text(SMALLEST)} ×" if small else f"{measured.margin} ×"


def _marks(console: Console, heading: str, marks: Iterable[Mark], language: Language) -> None:
    _list(console, heading, [one.sentence for one in marks], language)


def _owed(rows: Iterable[RegimeRow], language: Language) -> list[Sentence]:
    """Say what each text that applies asks for or prohibits, each duty once, and if it binds."""
    said: list[Sentence] = []
    seen: set[str] = set()
    for row in rows:
        if not (row.passed and row.stands and row.provision.effect in DUTIES):
            continue
        duties = {one.duty.id: one.duty.duty for one in row.owed if one.duty.id not in seen}
        seen |= duties.keys()
        named = list(duties.values()) if row.owed else [row.provision.title]
        if named:
            said.append(
                say(
                    "{regime}: {duties}." if row.binding else "{regime} (not binding): {duties}.",
                    regime=Term(row.instrument.title),
                    duties=_BETWEEN[language].join(shown(Term(one), language) for one in named),
                )
            )
    return said


def _waiting(rows: Iterable[RegimeRow], language: Language) -> list[Sentence]:
    """Say what provisions need before they can be judged, those of a text with the same needs once.

    A fact is named as one writes it; in Chinese its label goes first.
    """
    waiting: dict[tuple[str, tuple[str, ...]], list[RegimeRow]] = {}
    for row in rows:
        if not row.is_judged:
            wanted = row.needs or tuple(row.reasons(language))
            waiting.setdefault((row.instrument.id, wanted), []).append(row)
    return [
        say(
            "{regime}: needs {needs}, for: {titles}."
            if held[0].needs
            else "{regime}: {needs}, for: {titles}.",
            regime=Term(held[0].instrument.title),
            needs=[_named(name, language) for name in wanted],
            titles=[Term(one.provision.title) for one in held],
        )
        for (_, wanted), held in waiting.items()
    ]


def _named(name: str, language: Language) -> str:
    if language is Language.EN or not name.isidentifier():
        return name
    return f"{term(name, language)}（{name}）"


def _list(
    console: Console, heading: str, sentences: Iterable[Sentence], language: Language
) -> None:
    texts = list(dict.fromkeys(one.text(language) for one in sentences))
    if texts:
        console.print(f"\n{phrase(heading, language)}")
        for text in texts:
            console.print(f"{_DOTS[language]}{text}")
