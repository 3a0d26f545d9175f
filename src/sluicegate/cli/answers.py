"""One answer on the command line: in words, as a tree, as a document or as a row."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sluicegate.cli.output import Format, write_json, write_rows
from sluicegate.core.phrases import Language
from sluicegate.core.trace import Figure, document
from sluicegate.rules import explaining
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.explaining import OtherReading
from sluicegate.services.asking import readings_not_chosen

SHOWN = (
    explaining.ANSWER,
    explaining.WHY,
    explaining.READINGS,
    explaining.TEXTS,
    explaining.HOW_SURE,
    explaining.CITATIONS,
)
"""The parts of a plain answer; `--explain` shows all of them."""


def write_answer(
    asked: Asked, book: RuleBook, language: Language, form: Format, *, explain: bool
) -> None:
    """Write an answer to stdout; a row of CSV or Parquet holds the fields and the outcome."""
    if form in (Format.CSV, Format.PARQUET):
        row = {
            "question": asked.question,
            "as_of": asked.as_of.isoformat(),
            **asked.answer_json(),
            "outcome": asked.outcome.text(language),
        }
        write_rows([row], list(row), form)
        return
    others = readings_not_chosen(asked, book=book)
    if form is Format.JSON and explain:
        write_json(document(explaining.tree(asked, others, language)))
    elif form is Format.JSON:
        readings = [other.as_json(language) for other in others]
        write_json({**asked.as_json(language), "other_readings": readings})
    else:
        tree = explaining.tree(asked, others, language)
        lines = tree.lines() if explain else _lines(asked, others, language)
        sys.stdout.write("\n".join(lines) + "\n")


def _lines(asked: Asked, others: tuple[OtherReading, ...], language: Language) -> Iterator[str]:
    """Yield the answer in words: how it came out, its fields, why, and what that rests on."""
    parts = explaining.sections(asked, others, language)
    yield asked.outcome.text(language)
    yield ""
    yield from _head(parts)
    for label in SHOWN:
        if label in parts:
            yield ""
            first, *rest = parts[label].lines()
            yield first[:1].upper() + first[1:]
            yield from rest


def _head(parts: dict[str, Figure]) -> Iterator[str]:
    for label in (explaining.QUESTION, explaining.AS_OF, explaining.KNOWN_ON):
        if label in parts:
            [line] = parts[label].lines()
            yield line[:1].upper() + line[1:]
