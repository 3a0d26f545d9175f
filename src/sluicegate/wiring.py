"""The one place that chooses adapters and joins them to services."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sluicegate.adapters.tabular import csv_to_parquet
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import read_book, read_folder, shipped_book

__all__ = ["book_for", "check_rule_files", "csv_to_parquet"]

RULES_FOLDER = "rules"


def book_for(node: Path | None) -> RuleBook:
    """Return the shipped rules, with a node's own added when a node is given."""
    if node is None:
        return shipped_book()
    return check_rule_files(node, [])


def check_rule_files(node: Path | None, paths: Iterable[Path]) -> RuleBook:
    """Read the shipped rules, a node's own and further files; raise with every fault."""
    texts = [(str(path), path.read_text(encoding="utf-8")) for path in paths]
    if node is not None and (node / RULES_FOLDER).is_dir():
        texts += read_folder(node / RULES_FOLDER)
    return read_book(texts, base=shipped_book(), local=True) if texts else shipped_book()
