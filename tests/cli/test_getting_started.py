"""The page for beginners, word for word: its files, its commands, and what it says they print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages import ELLIPSIS, agrees, blocks, follow

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "getting-started.md"


def test_every_file_and_command_of_the_page_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[str] = []
    for one in follow(blocks(PAGE.read_text(encoding="utf-8"))):
        said = one.ran.out + one.ran.err
        assert agrees(said, one.expected), (one.words, said)
        ran.append(one.words[0])
    assert ran == [
        "init",
        "intake",
        "intake",
        "meter",
        "assess",
        "explain",
        "report",
        "ask",
        "regimes",
    ]
    assert len(Path("refused.csv").read_text().splitlines()) == 2
    page = Path("my-node/reports/2026-06-30/report.en.html").read_text(encoding="utf-8")
    assert "Corvane Labs" in page


def test_a_page_that_says_something_else_does_not_agree() -> None:
    assert agrees("a\nb\nc \n", ["a", ELLIPSIS, "c"])
    assert agrees("a\nc\n", ["a", ELLIPSIS, "c"])
    assert not agrees("a\nb\nd\n", ["a", ELLIPSIS, "c"])
    assert not agrees("a\nb\n", ["a"])
    assert not agrees("a\n", [])


def test_the_commands_before_the_first_node_are_there() -> None:
    """`make demo` and `make test` are run by continuous integration; here they only have to be."""
    first = next(block for block in blocks(PAGE.read_text(encoding="utf-8")) if not block.kind)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in first.lines:
        assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE), line
