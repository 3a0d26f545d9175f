"""The pages on reasons and on law over time: every command runs, and prints what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages import agrees, blocks, follow

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "commands"), [("reasons.md", ["ask"] * 3), ("law-over-time.md", ["rules"] * 5)]
)
def test_every_command_of_the_page_does_what_it_says(
    page: str, commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    for one in follow(blocks((DOCS / page).read_text(encoding="utf-8"))):
        assert one.ran.out, one.words
        said = one.ran.out + one.ran.err
        assert not one.expected or agrees(said, one.expected), (one.words, said)
        ran.append(one.words[0])
    assert ran == commands
