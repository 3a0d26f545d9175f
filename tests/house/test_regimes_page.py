"""The page on regimes is true: its files, what its commands print, its example of a provision."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line import sluicegate
from pages import Block, agrees, blocks, follow
from sluicegate.core.phrases import Language, term
from sluicegate.rules.loading import gather, shipped_book
from sluicegate.rules.provisions import Effect, SubjectKind, Topic

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "regimes.md").read_text("utf-8")
BLOCKS = blocks(PAGE)
FILES = [block for block in BLOCKS if block.title is not None]
COMMANDS = [block for block in BLOCKS if block.kind == "console"]
HEAD = """\
instrument:
  id: local.page
  issuer: {en: Page, zh: 页}
  title: {en: Page order, zh: 页令}
  citation: Page order 1
  kind: law
  status:
  - {from: 2026-01-01, text: in_force, enforcement: enforced, reference: s. 1, mark: found}
"""


@pytest.mark.parametrize("block", COMMANDS, ids=[block.lines[0] for block in COMMANDS])
def test_a_command_of_the_page_prints_what_it_says(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for one in follow([*FILES, block]):
        assert agrees(one.ran.out, one.expected), one.ran.out
        assert one.ran.err == ""


@pytest.mark.parametrize("block", COMMANDS, ids=[block.lines[0] for block in COMMANDS])
def test_in_chinese_no_heading_or_label_is_english(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for one in follow([*FILES, block]):
        out = sluicegate(*one.words, "--language", "zh").out
        lines = {line.strip() for line in out.splitlines()}
        assert not lines & {term(topic.value, Language.EN) for topic in Topic}
        headings = ["regime and duty", "applies", "deadline", "recipient", "Gaps", "Conflicts"]
        assert [text for text in headings if text in out] == []
        assert max(map(len, out.splitlines())) <= 100


def test_the_page_shows_a_subject_of_each_kind() -> None:
    assert len(COMMANDS) == len(SubjectKind)
    text = "\n".join(line for block in COMMANDS for line in block.lines)
    shown = set(re.findall(r"^As of .*: (.*)\.$", text, re.M))
    assert shown == {term(kind.value, Language.EN) for kind in SubjectKind}


def test_the_provision_of_the_page_has_no_mistakes() -> None:
    [example] = [block for block in BLOCKS if block.lines[0] == "provisions:"]
    text = HEAD + "\n".join(example.lines) + "\n"
    gathered = gather([("page.yaml", text)], base=shipped_book())
    assert gathered.faults == ()
    assert "local.page.incident" in gathered.book.provisions


def test_the_page_names_every_topic_effect_and_subject() -> None:
    words = [str(one.value) for kind in (Topic, Effect, SubjectKind) for one in kind]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
