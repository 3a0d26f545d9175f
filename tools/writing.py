"""Writing generated pages, or saying which of them are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def cell(text: object) -> str:
    """Return a text as one cell of a Markdown table."""
    return " ".join(str(text).replace("|", "\\|").split())


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return lines


def stale(pages: dict[str, str], docs: Path = DOCS) -> list[str]:
    """Return the names of pages whose file says something else."""
    return [
        name
        for name, text in pages.items()
        if not (docs / name).exists() or (docs / name).read_text(encoding="utf-8") != text
    ]


def run(make: Callable[[], dict[str, str]], command: str) -> int:
    """Write the pages into docs/; with --check only say which are stale, and exit 1."""
    parser = argparse.ArgumentParser(description="Write pages into docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    pages = make()
    old = stale(pages)
    if parser.parse_args().check:
        for name in old:
            sys.stderr.write(f"docs/{name} is stale; run {command}\n")
        return 1 if old else 0
    for name in old:
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(pages[name], encoding="utf-8")
        sys.stderr.write(f"docs/{name} written\n")
    return 0
