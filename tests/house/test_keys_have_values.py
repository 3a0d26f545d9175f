"""No comma of a sentence makes a key: in a flow mapping `{meaning: a, b}` has two of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src/sluicegate/data", "tests/rules", "tests/second_reading")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.yaml"))


def bare_keys(text: str) -> list[str]:
    """Return the keys to which a YAML text gives nothing at all, with their lines."""
    return list(_bare(yaml.compose(text, Loader=yaml.CSafeLoader)))


def _bare(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode) and not (value.value or value.style):
                yield f"line {key.start_mark.line + 1}: {key.value}"
            yield from _bare(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _bare(item)


def test_a_sentence_that_a_comma_cuts_is_seen() -> None:
    assert bare_keys("facts: {a: {meaning: the first, or none, type: b}}") == ["line 1: or none"]
    assert bare_keys("- {meaning: 'the first, or none', default: null, text: ''}") == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_key_of_a_data_file_has_a_value(path: Path) -> None:
    assert bare_keys(path.read_text(encoding="utf-8")) == []
