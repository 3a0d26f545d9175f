"""What the rules of a book name must exist: ids in the book, questions, facts and answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Instrument, RuleFault
from sluicegate.rules.specifications import specifications


def inconsistencies(book: RuleBook, texts: Mapping[str, str]) -> list[RuleFault]:
    """Return a fault for everything that one rule names and nothing holds.

    `texts` gives the text of each file by name, to find the line.
    """
    faults = [*_dangling(book), *_unanswered(book)]
    return [replace(fault, line=_line(texts.get(fault.file, ""), fault.path)) for fault in faults]


def _line(text: str, rule_id: str) -> int | None:
    """Return the line on which the block of a full id begins, the last one where it stands twice.

    A block gives its id without the instrument's, so the longest ending counts.
    """
    parts = rule_id.split(".")
    for first in range(len(parts)):
        local = re.escape(".".join(parts[first:]))
        found = list(
            re.finditer(rf"""^[^#\n]*\bid: *["']?{local}["']? *(?:[,}}#]|$)""", text, re.M)
        )
        if found:
            return text.count("\n", 0, found[-1].start()) + 1
    return None


def _dangling(book: RuleBook) -> list[RuleFault]:
    """Return a fault for every id that a rule names and nothing holds, or that stands twice."""
    faults = []

    def check(home: Instrument, where: str, name: str | None, known: Mapping[str, Any]) -> None:
        if name is not None and name not in known:
            problem = f"names {name}, which no rule file holds"
            faults.append(RuleFault(home.file, None, where, problem, "correct the id"))

    for home in book.instruments.values():
        for part in ("parameters", "obligations", "thresholds", "notes"):
            ids = [item.id for item in getattr(home, part)]
            faults.extend(
                RuleFault(home.file, None, twice, "stands twice", "keep one of them")
                for twice in sorted({one for one in ids if ids.count(one) > 1})
            )
        for duty in home.obligations:
            check(home, duty.id, duty.period, book.parameters)
        for rule in home.thresholds:
            check(home, rule.id, rule.parameter, book.parameters)
            check(home, rule.id, rule.approach, book.parameters)
            for duty_id in rule.obligations:
                check(home, rule.id, duty_id, book.obligations)
            parameter = book.parameters.get(rule.parameter)
            if parameter is not None and parameter.comparator is None:
                problem = f"parameter {parameter.id} has no comparator"
                faults.append(RuleFault(home.file, None, rule.id, problem, "copy it from the text"))
    return faults


def _unanswered(book: RuleBook) -> list[RuleFault]:
    """Return a fault for every threshold whose question, fact or answer field does not exist."""
    faults = []
    for rule in book.thresholds.values():
        spec = specifications().get(rule.question)
        if spec is None:
            problems = [f"names question {rule.question}, which does not exist"]
        else:
            facts = {field.name for field in spec.facts}
            answers = {field.name for field in spec.answer}
            problems = [] if rule.fact in facts else [f"{rule.fact} is no fact of {spec.name}"]
            odd = [name for name, _ in rule.passed if name not in answers]
            problems += [f"{name} is no answer field of {spec.name}" for name in odd]
        file = book.instruments[rule.instrument].file
        way_out = "`sluicegate rules schema` shows a question's fields"
        faults += [RuleFault(file, None, rule.id, problem, way_out) for problem in problems]
    return faults
