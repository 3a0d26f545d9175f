"""The command line: `sluicegate NOUN VERB` and the single-word commands."""

from __future__ import annotations

from sluicegate.cli.application import main

__all__ = ["main"]
