"""What is wrong with a field of a request, in words that have a Chinese form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.fault_words import fault_sentence

_OWN = "Value error, "

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], Sentence]] = {
    "missing": lambda _: say("is needed"),
    "extra_forbidden": lambda _: say("is not asked for here"),
    "string_too_short": lambda one: say("is shorter than {least} signs", least=one["min_length"]),
    "string_too_long": lambda one: say("is longer than {most} signs", most=one["max_length"]),
    "string_pattern_mismatch": lambda _: say("does not have the form that is asked for"),
    "string_type": lambda _: say("is no text"),
    "greater_than_equal": lambda one: say("is below {bound}", bound=one["ge"]),
    "less_than_equal": lambda one: say("is above {bound}", bound=one["le"]),
    "int_parsing": lambda _: say("is no whole number"),
    "int_type": lambda _: say("is no whole number"),
    "bool_parsing": lambda _: say("is neither true nor false"),
    "bool_type": lambda _: say("is neither true nor false"),
    "list_type": lambda _: say("is no list"),
    "dict_type": lambda _: say("is no object"),
    "model_attributes_type": lambda _: say("is no object"),
    "too_short": lambda one: say("has fewer than {least} entries", least=one["min_length"]),
    "too_long": lambda one: say("has more than {most} entries", most=one["max_length"]),
    "enum": lambda one: say("is none of {known}", known=one["expected"]),
    "literal_error": lambda one: say("is none of {known}", known=one["expected"]),
    "union_tag_invalid": lambda _: say("is no act that there is"),
    "union_tag_not_found": lambda _: say("is no act that there is"),
}
"""Kind of fault, as Pydantic names it → its words."""


def field_problem(fault: Mapping[str, Any]) -> Sentence | str:
    """Return what is wrong with a field; text where it has no words of its own."""
    words = _WORDS.get(fault["type"])
    if words is not None:
        return words(fault.get("ctx", {}))
    return told(str(fault["msg"]).removeprefix(_OWN))


def told(problem: str) -> Sentence | str:
    """Return a problem that was said in English as a sentence, where it has words of its own."""
    return fault_sentence(problem) or problem
