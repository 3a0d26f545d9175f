"""What a provision names must exist and fit: question, facts, answer fields, limit and duties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sluicegate.rules.book import RuleBook
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.instruments import Instrument
from sluicegate.rules.places import Path, Spot
from sluicegate.rules.provisions import Provision, Relates, Wanted
from sluicegate.rules.specifications import Spec, specifications

Problem = tuple[Spot, str, str]
"""Where, what is wrong, and the way out; each is a mistake."""

SECTION = "provisions"
_FIELDS = "`sluicegate rules schema` shows a question's fields"


def wrong_in_provision(book: RuleBook, home: Instrument, one: Provision) -> Iterator[Problem]:
    """Yield every mistake in what a provision names."""

    def spot(*below: str | int) -> Spot:
        return Spot(home, SECTION, one.id, below)

    if one.id in book.thresholds:
        yield spot(), "has the id of a threshold", "choose another id"
    for number, duty in enumerate(one.obligations):
        if duty not in book.obligations:
            problem = f"names {duty}, which no rule file holds"
            yield spot("obligations", number), problem, "correct the id"
    spec = specifications().get(one.question)
    if spec is None:
        problem = f"names question {one.question}, which does not exist"
        yield spot("question"), problem, "see `sluicegate rules questions`"
        return
    for place, problem, way_out in _of_question(book, one, spec):
        yield spot(*place), problem, way_out


def _of_question(book: RuleBook, one: Provision, spec: Spec) -> Iterator[tuple[Path, str, str]]:
    facts = {field.name: field for field in spec.facts}
    answers = {field.name: field for field in spec.answer}
    given = [name for name, _ in (*one.facts, *one.from_fact, *one.from_parameter)]
    given += [name for name, _, _ in one.from_answer]
    for name in (*given, *one.needs):
        if name not in facts:
            yield ("facts",), f"{name} is no fact of {spec.name}", _FIELDS
    for name in sorted({name for name in given if given.count(name) > 1}):
        yield ("facts",), f"{name} is given twice", "keep one of facts, from_fact, from_answer"
    for part in ("applies", "enforced"):
        for wanted in getattr(one, part):
            for problem in _of_wanted(wanted, {**facts, **answers}, spec):
                yield (part, wanted.field), problem, _FIELDS
    deadline = answers.get(one.deadline or "")
    if one.deadline is not None and (
        deadline is None or deadline.shape.kind not in (Kind.DATE, Kind.DATETIME)
    ):
        yield ("deadline",), f"{one.deadline} is no day in the answer of {spec.name}", _FIELDS
    yield from _of_trigger(book, one, {**facts, **answers}, spec)
    for name, parameter in one.from_parameter:
        if parameter not in book.parameters:
            problem = f"{name} comes from {parameter}, which no rule file holds"
            yield ("from_parameter", name), problem, "correct the id"
    for name, question, answer in one.from_answer:
        earlier = specifications().get(question)
        if earlier is None or answer not in {field.name for field in earlier.answer}:
            problem = f"{name} comes from {question}.{answer}, which does not exist"
            yield ("from_answer", name), problem, "name a question and a field of its answer"


def _of_wanted(wanted: Wanted, fields: Mapping[str, FieldSpec], spec: Spec) -> Iterator[str]:
    field = fields.get(wanted.field)
    if field is None:
        yield f"{wanted.field} is neither fact nor answer field of {spec.name}"
        return
    if (wanted.relates is Relates.HAS) and not field.shape.is_list:
        yield f"{wanted.field} of {spec.name} is no list"
    odd: list[Any] = [one for one in wanted.values if field.values and one not in field.values]
    for value in odd:
        if value is not None and value != []:
            yield f"{wanted.field} of {spec.name} is never {value}"


def _of_trigger(
    book: RuleBook, one: Provision, fields: Mapping[str, FieldSpec], spec: Spec
) -> Iterator[tuple[Path, str, str]]:
    if one.trigger is None:
        return
    if one.trigger.field not in fields:
        problem = f"{one.trigger.field} is neither fact nor answer field of {spec.name}"
        yield ("trigger", "field"), problem, _FIELDS
    parameter = book.parameters.get(one.trigger.parameter)
    if parameter is None:
        problem = f"names {one.trigger.parameter}, which no rule file holds"
        yield ("trigger", "parameter"), problem, "correct the id"
    elif parameter.comparator is None:
        problem = f"parameter {parameter.id} has no comparator"
        yield ("trigger", "parameter"), problem, "copy it from the text, or leave the trigger out"
