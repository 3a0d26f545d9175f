"""Blocks of a rule file, read field by field: every mistake is kept with its file and line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from sluicegate.core.calendars import parse_day
from sluicegate.rules.facts import shortened
from sluicegate.rules.instruments import RuleFault, Title
from sluicegate.rules.places import Path, Places

UNDATED = "undated"
MOST_FAULTS = 100
"""Faults kept of one file; whoever has more reads no further before correcting these."""
E = TypeVar("E", bound=Enum)


@dataclass
class RuleFile:
    """One rule file being read: gathers faults, knows the line of each path."""

    name: str
    text: str
    faults: list[RuleFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = Places(self.text)

    def fault(self, path: Path, problem: str, way_out: str = "") -> None:
        """Keep a mistake at a path, with the line on which it stands."""
        if len(self.faults) > MOST_FAULTS:
            return
        if len(self.faults) == MOST_FAULTS:
            problem, way_out, path = "has more mistakes", "correct those above first", ()
        shown = ".".join(str(part) for part in path) or "file"
        out = way_out or "see docs/rule-files.md for the format"
        self.faults.append(RuleFault(self.name, self.places.line(path), shown, problem, out))


@dataclass
class Block:
    """A mapping of a rule file, read field by field; unknown fields are faults."""

    file: RuleFile
    path: tuple[str | int, ...]
    parts: Mapping[str, Any]
    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, file: RuleFile, path: tuple[str | int, ...], raw: Any) -> Block:
        """Return the block at a path; anything else than fields is a mistake."""
        if not isinstance(raw, Mapping):
            file.fault(path, "is not a block of fields", "write `name: value` lines")
            raw = {}
        return cls(file, path, raw)

    def fault(self, name: str, problem: str, way_out: str = "") -> None:
        """Keep a mistake in a field."""
        self.file.fault((*self.path, name), problem, way_out)

    def text(self, name: str, default: str | None = None) -> str:
        """Read a text; a number stands for its own text."""
        self.seen.add(name)
        raw = self.parts.get(name, default)
        if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            raw = str(raw)
        if not isinstance(raw, str) or (not raw.strip() and default is None):
            empty = isinstance(raw, str)
            problem = "is missing" if raw is None else "is empty" if empty else "is not text"
            self.fault(name, problem, "give it as text")
            return ""
        return raw

    def optional(self, name: str) -> str | None:
        """Read a text that may be left out."""
        self.seen.add(name)
        return None if self.parts.get(name) is None else self.text(name)

    def title(self, name: str) -> Title:
        """Read a text in both languages."""
        self.seen.add(name)
        block = Block.of(self.file, (*self.path, name), self.parts.get(name, {}))
        title = Title(block.text("en"), block.text("zh"))
        block.close()
        return title

    def choice(self, name: str, kind: type[E], default: E | None = None) -> E:
        """Read one value of a closed set."""
        self.seen.add(name)
        raw = self.parts.get(name)
        if raw is None and default is not None:
            return default
        for member in kind:
            if member.value == raw:
                return member
        allowed = ", ".join(str(member.value) for member in kind)
        problem = "is missing" if raw is None else f"{shortened(raw)} is not known"
        self.fault(name, problem, f"give one of {allowed}")
        return next(iter(kind))

    def day(self, name: str) -> date | None:
        """Read a day; `undated` is None."""
        raw = self.text(name)
        if raw == UNDATED or not raw:
            return None
        return _day(self, name, raw)

    def optional_day(self, name: str) -> date | None:
        """Read a day that may be left out."""
        raw = self.optional(name)
        return None if raw is None else _day(self, name, raw)

    def blocks(self, name: str) -> list[Block]:
        """Read a list of blocks; one that is left out is empty."""
        self.seen.add(name)
        raw = self.parts.get(name, [])
        if not isinstance(raw, list):
            self.fault(name, "is not a list", "begin each entry with `- `")
            return []
        return [Block.of(self.file, (*self.path, name, i), r) for i, r in enumerate(raw)]

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """Read one of a few words."""
        text = self.text(name)
        if text and text not in allowed:
            problem = f"{shortened(text)} is not known"
            self.fault(name, problem, f"give one of {', '.join(allowed)}")
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        self.seen.add(name)
        raw = self.parts.get(name, [])
        if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
            self.fault(name, "is not a list of texts", "write [a, b]")
            return ()
        return tuple(raw)

    def close(self) -> None:
        """Keep a mistake for every field that nobody read."""
        for name in self.parts:
            if len(self.file.faults) > MOST_FAULTS:
                return
            if name not in self.seen:
                near = difflib.get_close_matches(
                    str(name), sorted(self.seen - set(self.parts)), n=1
                )
                way_out = f"did you mean {near[0]}? Otherwise remove it" if near else "remove it"
                self.file.fault((*self.path, name), "is not a field of this block", way_out)


def _day(block: Block, name: str, raw: str) -> date | None:
    try:
        return parse_day(raw)
    except ValueError as error:
        block.fault(name, str(error), "write YYYY-MM-DD")
        return None
