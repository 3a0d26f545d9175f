"""List the words of the console that have no Chinese, and those that nothing says any more.

Words are what templates and pages give to `_()`, `ngettext()` and the names of
the bar at the top. `--pot FILE` also writes them all as a template for
translators; the catalogue itself is written by hand.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "sluicegate" / "web"
PO = ROOT / "src" / "sluicegate" / "data" / "locale" / "zh" / "LC_MESSAGES" / "console.po"
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2)}
_OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}

Text = str | tuple[str, str]
"""One text, or that for one thing and that for many."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the console and where it is said first."""

    text: Text
    place: str


def words() -> dict[Text, Word]:
    """Return every text that the console says, by itself."""
    found: dict[Text, Word] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        str(WEB), _METHODS, _OPTIONS, _KEYWORDS
    ):
        text: Text = (message[0], message[1]) if isinstance(message, tuple) else message
        found.setdefault(text, Word(text, f"{file}:{line}"))
    for name in names_of_the_bar():
        found.setdefault(name, Word(name, "pages/__init__.py"))
    return found


def names_of_the_bar() -> Iterator[str]:
    """Yield the second argument of each `NavItem` of the pages."""
    tree = ast.parse((WEB / "pages" / "__init__.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        is_item = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NavItem"
        if is_item and isinstance(node, ast.Call):
            yield str(ast.literal_eval(node.args[1]))


def translated(po: bytes | None = None) -> dict[Text, tuple[str, ...]]:
    """Return every text of the catalogue with its Chinese; fuzzy ones count as none."""
    read = read_po(BytesIO(PO.read_bytes() if po is None else po), locale="zh")
    found: dict[Text, tuple[str, ...]] = {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            found[message.id] = (str(message.string),)
        else:
            found[message.id[0], message.id[1]] = tuple(message.string or ())
    return found


def template() -> bytes:
    """Return every text as a template for translators."""
    catalogue = Catalog(project="Sluicegate", charset="utf-8")
    for word in words().values():
        file, _, line = word.place.partition(":")
        catalogue.add(word.text, locations=[(file, int(line or 1))])
    written = BytesIO()
    write_po(written, catalogue, omit_header=True, sort_by_file=True)
    return written.getvalue()


def main() -> int:
    """List what is missing and left over; 1 when there is any."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pot", type=Path, help="also write a template for translators")
    options = asked.parse_args()
    if options.pot is not None:
        options.pot.write_bytes(template())
    said, known = words(), translated()
    missing = [word for text, word in said.items() if not all(known.get(text, ("",)))]
    left_over = [text for text in known if text not in said]
    for word in missing:
        sys.stdout.write(f"no Chinese: {word.place}: {word.text!r}\n")
    for text in left_over:
        sys.stdout.write(f"not said: {text!r}\n")
    return 1 if missing or left_over else 0


if __name__ == "__main__":
    sys.exit(main())
