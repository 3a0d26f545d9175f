"""Change the rules in one place at a time, and say what notices: docs/testing-the-rules.md.

`--survivors` lists what nothing notices, `--write-twice` writes the second
writing and the table of outcomes anew from the rules as they are; read the
difference before you commit it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import written_twice  # noqa: E402
from mutant_detectors import (  # noqa: E402
    OUTCOMES,
    Noticed,
    explanation_of,
    explanations,
    mutants,
    noticed_by,
    worked_cases,
)
from rule_mutants import Changed, Mutant  # noqa: E402
from sluicegate.core.canonical import digest  # noqa: E402
from sluicegate.rules.book import RuleBook  # noqa: E402
from sluicegate.rules.loading import shipped_book  # noqa: E402
from writing import run, table  # noqa: E402

COMMAND = "`.venv/bin/python tools/mutate_rules.py`"
PAGE = "testing-the-rules.md"
"""The page with the figures, which this tool writes."""
Property = Callable[[RuleBook, str], bool]
"""Says whether a property holds for an instrument of a book."""


def results() -> dict[Mutant, Noticed]:
    """Return what notices each mutant; this takes about a minute."""
    return {mutant: noticed_by(mutant) for mutant in mutants()}


def pages() -> dict[str, str]:
    """Return the page on how the rules are tested, with the figures of a full run."""
    return {PAGE: page_of(results())}


INTRODUCTION = """# How the rules are tested

A rule file is right when it says what the text says. This page shows what would
notice if it did not. Each rule file and question file is changed in one place at
a time, in memory: a figure up and down by one part in a hundred, a list with one
member less or more, a comparator to each of the other three, a day by one day
either way, a status to each other state, a duty to another period or event, a
threshold rule to another limit or field, the condition of an outcome turned, a
default to another value. Then the tests are asked. A change that is noticed by
nothing is a survivor and needs a reason in
`tests/unit/rules/explained_survivors.yaml`; a reason that is no longer needed
fails.

What may notice a change, in this order:

* worked case: a field that a worked case of `tests/rules`, of its tables of places, or
  of the second reading expects comes out otherwise, or what follows by facts from a list
  or a setting that no question reads (`settings_by_facts.yaml`). Somebody wrote the answer
  down from the text.
* check of rule files: `sluicegate rules check` calls the file a mistake.
* property: a value no longer begins with its text, or a threshold rule no longer agrees
  with its question just below, at and just above the limit, or measures what its subject
  does not have.
* second writing: `written_twice.yaml` has the standing of each text, each duty and each
  threshold rule a second time, and `outcomes_of_cases.yaml` the outcome of each worked
  case. They are copies, weaker than a case: they notice a slip, not a misreading.
* explained: no answer can differ; the reason is below, and where a check can prove it for
  each change, it does.

Run it: `.venv/bin/python tools/mutate_rules.py` writes this page, with
`--survivors` it lists what nothing notices. `make trust` runs every change,
`make test` a part that the rule files themselves draw.
"""


def page_of(found: dict[Mutant, Noticed]) -> str:
    """Return the page for what was found."""
    lines = [INTRODUCTION]
    lines += ["## What is changed", "", *_counts("change", Changed, found), ""]
    lines += ["## By rule file and question", ""]
    lines += _counts("of", sorted({one.of for one in found}), found)
    lines += ["", "## What nothing can notice, and why", ""]
    lines += table(("changes", "number", "reason"), _reasons(found))
    return "\n".join(lines) + "\n"


def _counts(head: str, groups: object, found: dict[Mutant, Noticed]) -> list[str]:
    """Return a table of how many changes each detector noticed, by group."""
    shown = [how for how in Noticed if how is not Noticed.NOTHING]
    rows: list[tuple[object, ...]] = []
    assert isinstance(groups, type(Changed) | list)
    for group in groups:
        counts = Counter(how for one, how in found.items() if group in (one.kind, one.of))
        name = group.value if isinstance(group, Changed) else f"`{group}`"
        rows.append((name, counts.total(), *(counts[how] for how in shown)))
    totals = Counter(found.values())
    rows.append(("all", totals.total(), *(totals[how] for how in shown)))
    return table((head, "changes", *(how.value for how in shown)), rows)


def _reasons(found: dict[Mutant, Noticed]) -> list[tuple[object, ...]]:
    explained = [one for one, how in found.items() if how is Noticed.EXPLAINED]
    counts = Counter(explanation_of(one) for one in explained)
    return [(f"`{one.pattern}`", counts[one.pattern], one.reason) for one in explanations()]


def drawn(part: int) -> list[Mutant]:
    """Return every `part`-th mutant of each kind; the rule files decide which, by their digest."""
    seed = shipped_book().files_digest
    return [one for one in mutants() if int(digest([seed, one.id])[:8], 16) % part == 0]


def write_twice() -> None:
    """Write the second writing and the outcomes of the worked cases as the rules are now."""
    book = shipped_book()
    lines = ["# How texts stand, their duties and threshold rules, written a second time.\n"]
    for name in sorted(book.instruments):
        lines += _yaml(name, written_twice.told(book, name))
    written_twice.FILE.write_text("".join(lines), encoding="utf-8")
    by_question: dict[str, dict[int, list[str]]] = {}
    for case in worked_cases():
        number = None if case.is_row else case.outcome(book)
        if number is not None:
            by_number = by_question.setdefault(case.question, {})
            by_number.setdefault(number, []).append(str(case.raw["id"]))
    OUTCOMES.write_text(_outcomes_yaml(by_question), encoding="utf-8")


def _yaml(name: str, said: dict[str, object]) -> list[str]:
    lines = [f"{name}:\n"]
    for part, held in said.items():
        if isinstance(held, str):
            lines.append(f"  {part}: '{held}'\n")
        elif not held:
            lines.append(f"  {part}: {'[]' if isinstance(held, list) else '{}'}\n")
        elif isinstance(held, list):
            lines += [f"  {part}:\n", *(f"  - '{one}'\n" for one in held)]
        elif isinstance(held, dict):
            lines.append(f"  {part}:\n")
            for key, value in held.items():
                if isinstance(value, dict):
                    lines.append(f"    {key}:\n")
                    lines += [f"      {k}: '{v}'\n" for k, v in value.items()]
                else:
                    lines.append(f"    {key}: '{value}'\n")
    return lines


def _outcomes_yaml(by_question: dict[str, dict[int, list[str]]]) -> str:
    lines = ["# Which outcome of its question each worked case comes to, by its number from 1.\n"]
    for question, by_number in sorted(by_question.items()):
        lines.append(f"{question}:\n")
        for number, ids in sorted(by_number.items()):
            lines.append(f"  {number}: '{' '.join(ids)}'\n")
    return "".join(lines)


def survivors() -> list[str]:
    """Return the ids of all mutants that nothing notices and nothing explains."""
    return [one.id for one, how in results().items() if how is Noticed.NOTHING]


def main() -> int:
    """Write the page, or do what an option says."""
    if "--write-twice" in sys.argv:
        write_twice()
        return 0
    if "--survivors" in sys.argv:
        found = survivors()
        sys.stdout.writelines(f"{one}\n" for one in found)
        return 1 if found else 0
    return run(pages, COMMAND)


if __name__ == "__main__":
    sys.exit(main())
