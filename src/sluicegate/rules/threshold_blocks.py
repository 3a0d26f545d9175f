"""Threshold rules in a rule file: the comparison, whom it is about, and when it applies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.rules.blocks import Block
from sluicegate.rules.countries import is_country
from sluicegate.rules.facts import shortened
from sluicegate.rules.instruments import Condition, FactType, Relation, ThresholdRule
from sluicegate.rules.provisions import Effect, Topic

LIFETIME = "lifetime"
PASSED_ON = "passed_on"
"""The fact of a rule's own question that says on which day the threshold was passed."""

_SUBJECTS = ("customer", "group", "run", "cluster")
_MEASURES = ("training_compute", "compute_used", "peak_rate")
_WINDOWS = (LIFETIME, "rolling30", "rolling90", "rolling365")
_DECISION = ("question", "fact", "passed")


def read_threshold(block: Block, home: str) -> ThresholdRule:
    """Read one threshold rule of an instrument; mistakes go to the block's file."""
    identifier = f"{home}.{block.text('id')}"
    measure = block.one_of("measure", _MEASURES)
    question, fact, passed = _decision(block, identifier, measure)
    rule = ThresholdRule(
        identifier,
        home,
        block.title("title"),
        block.one_of("subject", _SUBJECTS),
        measure,
        f"{home}.{block.text('parameter')}",
        block.optional("approach"),
        question,
        fact,
        passed,
        tuple(f"{home}.{duty}" for duty in block.texts("obligations")),
        _window(block),
        tuple(map(_condition, block.blocks("conditions"))),
        _topic(block),
        block.choice("effect", Effect, Effect.REQUIRES),
    )
    _refuse_clashes(block, rule)
    block.close()
    return rule


def _decision(
    block: Block, identifier: str, measure: str
) -> tuple[str, str, tuple[tuple[str, tuple[object, ...]], ...]]:
    """Read which question settles the rule; a rule that names none is one itself."""
    if all(block.parts.get(name) is None for name in _DECISION):
        block.seen.update(_DECISION)
        return identifier, measure, (("passed", (True,)),)
    block.seen.add("passed")
    passed = block.parts.get("passed")
    if not isinstance(passed, Mapping) or not passed:
        way_out = "name an answer field and its value, or leave question, fact and passed out"
        block.fault("passed", "says nothing", way_out)
        passed = {}
    values = {name: one if isinstance(one, list) else [one] for name, one in passed.items()}
    told = tuple((name, tuple(several)) for name, several in values.items())
    return block.text("question"), block.text("fact"), told


def _topic(block: Block) -> Topic | None:
    block.seen.add("topic")
    return None if block.parts.get("topic") is None else block.choice("topic", Topic)


def _window(block: Block) -> str:
    """Read the stretch over which use is added up; a run or a rate has no stretch."""
    if block.parts.get("window") is None:
        return LIFETIME
    window = block.one_of("window", _WINDOWS)
    if window != LIFETIME and block.parts.get("subject") not in ("customer", "group"):
        block.fault("window", "only use of customers and groups has a window", "remove it")
    return window


def _refuse_clashes(block: Block, rule: ThresholdRule) -> None:
    if rule.conditions and not rule.asks_itself:
        way_out = "leave question, fact and passed out, or let the question ask for the facts"
        block.fault("conditions", "stand beside a question that does not know them", way_out)
    types: dict[str, tuple[FactType, tuple[str, ...]]] = {}
    for number, one in enumerate(rule.conditions):
        path = (*block.path, "conditions", number, "fact")
        if one.fact in (rule.measure, PASSED_ON):
            block.file.fault(path, f"{one.fact} is the rule's own fact", "choose another name")
        shape = (one.type, one.choices)
        if types.setdefault(one.fact, shape) != shape:
            problem = f"{one.fact} has another type or other values in an earlier condition"
            block.file.fault(path, problem, "give a fact the same type and values each time")


def _condition(block: Block) -> Condition:
    fact = block.text("fact")
    if fact and not (fact.isascii() and fact.isidentifier()):
        block.fault("fact", f"{shortened(fact)} is no name", "write letters, digits and _")
    kind = block.choice("type", FactType)
    choices = block.texts("values")
    if (kind is FactType.ENUM) != bool(choices):
        needed = "is needed with an enum" if kind is FactType.ENUM else "belongs to an enum only"
        block.fault("values", needed, "list every value that an enum may have, and nothing else")
    given = [relation for relation in Relation if relation.value in block.parts]
    if len(given) != 1:
        problem = "asks for nothing" if not given else "asks twice"
        block.file.fault(block.path, problem, "give one of is, in, not_in")
        block.seen.update(relation.value for relation in Relation)
        given = [Relation.IS]
    relation = given[0]
    values, parameter = _wanted(block, relation, kind, choices)
    block.close()
    return Condition(fact, kind, relation, values, parameter, choices)


def _wanted(
    block: Block, relation: Relation, kind: FactType, choices: tuple[str, ...]
) -> tuple[tuple[str | bool, ...], str | None]:
    """Read what a fact is compared with: values, or `{parameter: ID}`."""
    name = relation.value
    block.seen.add(name)
    raw = block.parts.get(name)
    if isinstance(raw, Mapping):
        inner = Block.of(block.file, (*block.path, name), raw)
        parameter = inner.text("parameter")
        inner.close()
        return (), parameter
    wanted: list[Any]
    if relation is Relation.IS:
        wanted = [raw]
    elif isinstance(raw, list):
        wanted = raw
    else:
        block.fault(name, "is not a list", "write [a, b], or {parameter: ID}")
        return (), None
    for value in wanted:
        problem = _odd(value, kind, choices)
        if problem:
            block.fault(name, f"{shortened(value)} {problem}", "correct the value")
            return (), None
    return tuple(wanted), None


def _odd(value: Any, kind: FactType, choices: tuple[str, ...]) -> str:
    """Say what is wrong with a value that a fact of a type is compared with."""
    if kind is FactType.BOOLEAN:
        return "" if isinstance(value, bool) else "is neither true nor false"
    if not isinstance(value, str):
        return "is no text; quote it"
    if kind is FactType.COUNTRY:
        return "" if is_country(value) else "is no ISO 3166 alpha-2 code"
    return "is none of the enum's values" if kind is FactType.ENUM and value not in choices else ""
