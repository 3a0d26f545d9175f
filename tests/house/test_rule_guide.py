"""The pages on rules of one's own are true: every file and command does what they say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command_line import sluicegate
from pages import Block, agrees, blocks, changed
from sluicegate.rules.deadlines import DATED
from sluicegate.rules.instruments import (
    UNITS,
    Comparator,
    Enforcement,
    FactType,
    Kind,
    Relation,
    Severity,
    TextState,
)
from sluicegate.rules.loading import read_book, shipped_book
from sluicegate.rules.moving import MovingForm, Role, Sense, Take
from sluicegate.rules.threshold_questions import threshold_question
from sluicegate.services.detectors.own_rules import KNOWN_FACTS

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "write-a-rule.md").read_text(encoding="utf-8")
FORMAT = (DOCS / "rule-files.md").read_text(encoding="utf-8")
RULE_FILE = "my-node/rules/harbour_act.yaml"
RULE = "local.harbour_act.large_user"
FAILS = "1 mistake, 1 notice"
"""What a check prints that the guide lets fail."""


def run(block: Block) -> list[str]:
    """Run the commands of a block and compare what they print; return their names."""
    ran = []
    for command, expected in list(block.commands()):
        program, *words = shlex.split(command)
        assert program == "sluicegate", command
        result = sluicegate(*words)
        fails = any(FAILS in line for line in expected)
        assert result.code == (1 if fails else 0), (command, result.err)
        assert agrees(result.out + result.err, expected), (command, result.out + result.err)
        ran.append(" ".join(words[:2]) if words[0] == "rules" else words[0])
    return ran


def test_every_file_and_command_of_the_guide_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[str] = []
    for block in blocks(GUIDE):
        if block.title is not None:
            block.put()
        elif block.kind == "console":
            ran += run(block)
    assert ran == [
        *("init", "rules new", "rules check", "rules test"),
        *("rules check", "rules check"),
        *("rules test", "rules coverage", "rules test", "rules coverage"),
        *("ask", "ask", "intake", "assess"),
    ]


def guide_files() -> dict[str, str]:
    """Return the files of the guide as they stand at its end."""
    files: dict[str, str] = {}
    for block in blocks(GUIDE):
        if block.kind == "diff" and block.title is not None:
            files[block.title] = changed(files[block.title], block.lines)
        elif block.title is not None:
            files[block.title] = "\n".join(block.lines) + "\n"
    return files


def test_the_rule_of_the_guide_and_its_words_agree() -> None:
    text = guide_files()[RULE_FILE]
    book = read_book([("harbour.yaml", text)], base=shipped_book(), local=True)
    rule = book.thresholds[RULE]
    assert [one.fact for one in rule.conditions] == ["customer_kind", "country"]
    told = re.search(r"> \*\*Harbour Act.*", GUIDE)
    assert told is not None
    numbers = {"s. 3(1)": "10²⁴", "s. 3(2)": "5 · 10²³", "s. 5(1)": "30 days"}
    references = {
        dated.reference.removeprefix("Harbour Act ")
        for parameter in book.instrument("local.harbour_act").parameters
        for dated in parameter.values
    }
    assert set(numbers) <= references
    assert all(figure in told[0] for figure in numbers.values())


def test_a_page_that_says_something_else_is_found(tmp_path: Path, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.chdir(tmp_path)
    page = "```console\n$ sluicegate --version\nanother program\n```\n"
    with pytest.raises(AssertionError):
        run(blocks(page)[0])
    with pytest.raises(AssertionError):
        changed("a\n", ["-b", "+c"])


def test_the_page_on_rule_files_names_every_word_that_one_may_hold() -> None:
    closed = (
        *(Comparator, Enforcement, FactType, Kind, Relation, Severity, TextState),
        *(MovingForm, Role, Sense, Take),
    )
    words = {
        *UNITS,
        *(DATED - {"condition_met_or_known", "transaction", "transaction_or_knowledge"}),
        *(str(member.value) for kind in closed for member in kind),
        *(fact for facts in KNOWN_FACTS.values() for fact in facts),
    }
    assert {word for word in words if f"`{word}`" not in FORMAT} == set()


def test_the_page_on_rule_files_tells_every_field_of_a_rule_s_question() -> None:
    rule = next(iter(shipped_book().thresholds.values()))
    spec = threshold_question(rule, shipped_book()).spec
    named = {field.name for field in (*spec.facts, *spec.answer)}
    assert {name for name in named if f"`{name}`" not in FORMAT} == set()


def test_the_files_shown_on_the_page_on_rule_files_can_be_read() -> None:
    for block in blocks(FORMAT):
        if block.title is not None:
            book = read_book([(block.title, "\n".join(block.lines))], base=shipped_book())
            assert book.thresholds
