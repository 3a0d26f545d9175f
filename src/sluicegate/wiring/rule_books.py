"""The rules that a command works with: the shipped ones, a node's own, and files named.

It imports no store and no lake: who asks one question does not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sluicegate.adapters.rule_files import RULES_FOLDER, own_rules, rule_paths, write_new
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import (
    Gathered,
    gather,
    read_book,
    read_rule_text,
    shipped_book,
    shipped_files,
)


def book_for(node: Path | None) -> RuleBook:
    """Return the shipped rules, with a node's own added when a node is given."""
    return shipped_book() if node is None else check_rule_files(node, [])


def check_rule_files(node: Path | None, paths: Iterable[Path]) -> RuleBook:
    """Read the shipped rules, a node's own and further files.

    Raises RuleFilesError with every fault, NodeError where no node is.
    """
    texts = _rule_texts(node, paths)
    return read_book(texts, base=shipped_book(), local=True) if texts else shipped_book()


def gather_rule_files(node: Path | None, paths: Sequence[Path]) -> Gathered:
    """Read the rule files to be checked: a node's own and further ones, else the shipped ones.

    Raises RuleFilesError for a file that is no text, NodeError where no node is.
    """
    if node is None and not paths:
        return gather(shipped_files())
    return gather(_rule_texts(node, paths), base=shipped_book(), local=True)


def _rule_texts(node: Path | None, paths: Iterable[Path]) -> list[tuple[str, str]]:
    texts = [(str(path), read_rule_text(path, str(path))) for path in paths]
    return texts if node is None else texts + own_rules(_rules_folder(node))


def _rules_folder(node: Path) -> Path:
    """Return where a node keeps its rules; raise NodeError where no node is."""
    folder = node / RULES_FOLDER
    if not folder.is_dir():
        from sluicegate.adapters.node import open_node

        open_node(node)
    return folder


def new_rule_file(
    texts: tuple[str, str], name: str, *, node: Path | None, file: Path | None, dry_run: bool
) -> tuple[Path, Path]:
    """Write a rule file and its cases into a node or beside a file; return where they lie.

    Raises FileThereError when one is there, NodeError where no node is.
    """
    target = file if node is None else _rules_folder(node) / f"{name}.yaml"
    if target is None:
        raise ValueError("neither a node nor a file is named")
    paths = rule_paths(target)
    write_new(dict(zip(paths, texts, strict=True)), dry_run=dry_run)
    return paths
