"""Pages of the documentation as scripts: their files, their commands, and what these print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from command_line import Ran, sluicegate

FENCE = re.compile(r'^``` ?(?P<kind>\w*)(?: title="(?P<title>[^"]+)")?$')
ELLIPSIS = "…"


@dataclass
class Block:
    """A fenced block of a page: a file, a change of one, or commands with what they print."""

    kind: str
    title: str | None
    lines: list[str] = field(default_factory=list)

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each command with the lines printed below it."""
        printed: list[str] = []
        for line in self.lines:
            if line.startswith("$ "):
                printed = []
                yield line[2:], printed
            else:
                printed.append(line)

    def put(self) -> None:
        """Write the file of the block, or change the one that is there as a diff says."""
        assert self.title is not None
        path = Path(self.title)
        if self.kind == "diff":
            path.write_text(changed(path.read_text(encoding="utf-8"), self.lines), encoding="utf-8")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(self.lines) + "\n", encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    found: list[Block] = []
    is_open = False
    for line in text.splitlines():
        fence = FENCE.match(line)
        if is_open and line == "```":
            is_open = False
        elif is_open:
            found[-1].lines.append(line)
        elif fence is not None:
            found.append(Block(fence["kind"], fence["title"]))
            is_open = True
    assert not is_open
    return found


@dataclass(frozen=True)
class Followed:
    """A command of a page, the lines that the page shows below it, and how it ran."""

    words: list[str]
    expected: list[str]
    ran: Ran


def follow(page: list[Block]) -> Iterator[Followed]:
    """Write the files of a page and run its commands, in the page's order; each must succeed."""
    for block in page:
        if block.title is not None:
            block.put()
        if block.kind != "console":
            continue
        for command, expected in list(block.commands()):
            program, *words = shlex.split(command)
            assert program == "sluicegate", command
            ran = sluicegate(*words)
            assert ran.code == 0, (command, ran.err)
            yield Followed(words, expected, ran)


def changed(text: str, diff: list[str]) -> str:
    """Return a text in which lines marked - are replaced by the lines marked + below them.

    >>> changed("a\\nb\\n", ["-a", "+c", "+d"])
    'c\\nd\\nb\\n'
    """
    runs = [(mark, [line[1:] for line in run]) for mark, run in groupby(diff, lambda line: line[0])]
    for (minus, old), (plus, new) in zip(runs[::2], runs[1::2], strict=True):
        assert (minus, plus) == ("-", "+")
        before = "\n".join(old) + "\n"
        assert text.count(before) == 1, before
        text = text.replace(before, "\n".join(new) + "\n")
    return text


def agrees(printed: str, expected: list[str]) -> bool:
    """Say whether a page shows what was printed; a line of … stands for any lines.

    >>> agrees("a\\nb\\nc \\n", ["a", "…", "c"]), agrees("a\\nb\\n", ["a"])
    (True, False)
    """
    pattern = "".join(
        r"(?:.*\n)*?" if line == ELLIPSIS else re.escape(line) + r"\n" for line in expected
    )
    actual = "".join(line.rstrip() + "\n" for line in printed.splitlines())
    return re.fullmatch(pattern, actual) is not None
