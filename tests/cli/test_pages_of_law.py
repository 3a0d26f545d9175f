"""The pages on reasons and on law over time: every command runs, and prints what they say."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from command_line import sluicegate
from pages import agrees, blocks

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "commands"), [("reasons.md", ["ask"] * 3), ("law-over-time.md", ["rules"] * 5)]
)
def test_every_command_of_the_page_does_what_it_says(
    page: str, commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    for block in blocks((DOCS / page).read_text(encoding="utf-8")):
        if block.title is not None:
            block.put()
        if block.kind != "console":
            continue
        for command, expected in list(block.commands()):
            program, *words = shlex.split(command)
            assert program == "sluicegate", command
            result = sluicegate(*words)
            assert result.code == 0, (command, result.err)
            assert result.out, command
            said = result.out + result.err
            assert not expected or agrees(said, expected), (command, said)
            ran.append(words[0])
    assert ran == commands
