"""What a question says of bad facts, for whoever typed them into a form.

The questions speak English and to programs; these are the same faults in the
words of a page. One that has no words of its own is shown as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sluicegate.core.phrases import term
from sluicegate.rules.facts import BadFact
from sluicegate.web.visit import Visit


def fault_text(visit: Visit, fault: BadFact) -> str:
    """Return a fault in the language of the page."""
    for pattern, words in _patterns(visit):
        found = pattern.fullmatch(fault.message)
        if found is not None:
            return words(found)
    return visit._("does not fit: %(message)s", message=fault.message)


Words = Callable[[re.Match[str]], str]


def _patterns(visit: Visit) -> list[tuple[re.Pattern[str], Words]]:
    """Return what faults look like, and how each is said."""
    _ = visit._

    def labels(text: str) -> str:
        comma = "、" if visit.language.value == "zh" else ", "
        return comma.join(term(name.strip(), visit.language) for name in text.split(","))

    table: list[tuple[str, Words]] = [
        (r"is missing; give .*", lambda _found: _("is needed")),
        (r"is null; give a value", lambda _found: _("is needed")),
        (
            r"is needed with this (.+)",
            lambda found: _("is needed with what was given for: %(names)s", names=labels(found[1])),
        ),
        (
            r"(.+) is not one of (.+)",
            lambda found: _("%(value)s is none of the choices", value=found[1]),
        ),
        (
            r"(.+) is below (.+)",
            lambda found: _("%(value)s is below %(bound)s", value=found[1], bound=found[2]),
        ),
        (
            r"(.+) is not above (.+)",
            lambda found: _("%(value)s is not above %(bound)s", value=found[1], bound=found[2]),
        ),
        (
            r"(.+) is above 1; give a share, .*",
            lambda found: _(
                "%(value)s is above 1; give a share, for example 0.4 or 40 %%", value=found[1]
            ),
        ),
        (
            r"(.+) is above ([0-9./e+-]+)",
            lambda found: _("%(value)s is above %(bound)s", value=found[1], bound=found[2]),
        ),
        (r"(.+) is negative", lambda found: _("%(value)s is negative", value=found[1])),
        (
            r"(.+) is no (?:number; .*|finite number)",
            lambda found: _("%(value)s is no number", value=found[1]),
        ),
        (
            r"(.+) is no whole number",
            lambda found: _("%(value)s is no whole number", value=found[1]),
        ),
        (
            r"(.+) is neither true nor false",
            lambda found: _("%(value)s is neither yes nor no", value=found[1]),
        ),
        (
            r"(.+) is no ISO 3166 alpha-2 code",
            lambda found: _(
                "%(value)s is no code of a country; write two letters, for example US",
                value=found[1],
            ),
        ),
        (
            r"(.+) is not a day (?:such as|that exists).*",
            lambda found: _("%(value)s is no day; write e.g. 2026-01-31", value=found[1]),
        ),
        (
            r"(.+) is not an instant such as .*",
            lambda found: _(
                "%(value)s is no instant; write e.g. 2026-01-31T09:00:00+00:00", value=found[1]
            ),
        ),
        (
            r"(.+) is not decimal text such as .*",
            lambda found: _("%(value)s is no number; write e.g. 1.5e26", value=found[1]),
        ),
        (
            r"(.+) is no map; .*",
            lambda _found: _("write one pair in each line, with a colon between"),
        ),
        (r"(.+) is no list; .*", lambda _found: _("write one entry in each line")),
        (
            r"(\S+) lies before (\S+), the first day that is recorded",
            lambda found: _(
                "%(day)s lies before %(first)s, the first day that is recorded",
                day=found[1],
                first=found[2],
            ),
        ),
    ]
    return [(re.compile(pattern, re.DOTALL), words) for pattern, words in table]
