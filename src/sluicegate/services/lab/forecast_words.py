"""How options of a forecast are called."""

from __future__ import annotations

from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.forecast.options import Below, Option
from sluicegate.rules.comparators import Comparator


def option_words(option: Option) -> Sentence:
    """Return what an option is called where people read it."""
    if option.title is not None:
        return Sentence(option.title)
    if option.fixed is not None:
        if option.comparator is Comparator.AT_LEAST:
            return say("{value:sci} FLOP or more", value=option.fixed)
        return say("above {value:sci} FLOP", value=option.fixed)
    if option.is_near and isinstance(option.rule, Below):
        if option.rule.orders == 1:
            return say("within one order of the largest")
        return say("within {orders} orders of the largest", orders=option.rule.orders)
    return say("among the {rank} largest", rank=option.rule.rank)
