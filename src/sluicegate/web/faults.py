"""What a question says of bad facts, for whoever typed them into a form."""

from __future__ import annotations

import re

from sluicegate.rules.facts import BadFact
from sluicegate.services.fault_words import fault_sentence
from sluicegate.web.visit import Visit

_NO_MAP = re.compile(r".+ is no map; .*", re.DOTALL)
_NO_LIST = re.compile(r".+ is no list; .*", re.DOTALL)


def fault_text(visit: Visit, fault: BadFact) -> str:
    """Return a fault in the language of the page; a form says how lists and maps are written."""
    if _NO_MAP.fullmatch(fault.message):
        return visit._("write one pair in each line, with a colon between")
    if _NO_LIST.fullmatch(fault.message):
        return visit._("write one entry in each line")
    said = fault_sentence(fault.message)
    if said is None:
        return visit._("does not fit: %(message)s", message=fault.message)
    return said.text(visit.language)
