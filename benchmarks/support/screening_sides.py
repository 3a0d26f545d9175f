"""The two sides of the screening benchmark, each a process of its own that speaks JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from screening_measures import Match
from screening_sets import Pair, Query
from screening_sources import Party

CONTROL = Path(__file__).resolve().parents[1] / "nomenklatura"
RUNNER = Path(__file__).with_name("screening_runner.py")
TAKES = "pyicu is compiled, a minute or two"
NEEDS = (
    "It needs the package index and, since pyicu is compiled, a C++ compiler, pkg-config and"
    " ICU's headers: run `make services` as root, or install g++ pkg-config libicu-dev."
)


class SideError(Exception):
    """A side cannot be started or did not answer."""


class NoControlError(Exception):
    """The control's environment is not there and cannot be made; says what is missing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """CPU seconds of one piece of work, and the most memory the process has held, in MB."""

    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Screened:
    """What a side gave for each name, and what it took."""

    matches: list[list[Match]]
    taken: Taken


class Side:
    """A running side; close it or use it in a `with`."""

    def __init__(self, python: Path, runner: Path) -> None:
        self._process = subprocess.Popen(
            [python, runner], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.about = self.ask({"do": "hello"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _problem: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def ask(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """Send one line and return its answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise SideError("a side was started without pipes")
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        if "error" in answer or not answer:
            raise SideError(f"{line['do']}: {answer.get('error', 'the process ended')}")
        return answer

    def load(self, parties: Sequence[Party]) -> dict[str, Any]:
        """Build the index of a list."""
        return self.ask({"do": "load", "entities": [one.as_entity() for one in parties]})

    def screen(self, queries: Sequence[Query], *, limit: int) -> Screened:
        """Screen all names in one call."""
        answer = self.ask({"do": "screen", "queries": asked(queries), "limit": limit})
        matches = [
            [Match(one["entity_id"], one["score"]) for one in each] for each in answer["matches"]
        ]
        return Screened(matches, taken(answer))

    def compare(self, pairs: Sequence[Pair]) -> list[float]:
        """Score labelled pairs."""
        lines = [
            {"query": one.left, "name": one.right, "schema": one.schema, "number": number}
            for number, one in enumerate(pairs)
        ]
        scores: list[float] = self.ask({"do": "compare", "pairs": lines})["scores"]
        return scores


def asked(queries: Sequence[Query]) -> list[dict[str, str]]:
    """Return names as both sides are asked for them: the name and its schema, nothing else."""
    return [{"query": one.text, "schema": one.schema} for one in queries]


def taken(answer: Mapping[str, Any]) -> Taken:
    """Return what an answer took."""
    return Taken(answer["cpu_seconds"], answer["peak_mb"])


def our_side() -> Side:
    """Start our engine."""
    return Side(Path(sys.executable), RUNNER)


def control_side(python: Path) -> Side:
    """Start nomenklatura in its own environment."""
    return Side(python, CONTROL / "runner.py")


def control_python(
    folder: Path = CONTROL,
    making: Path = Path(sys.executable),
    *,
    takes: str = TAKES,
    needs: str = NEEDS,
) -> Path:
    """Return the control's interpreter, made by `making` and its uv when the lock has changed.

    Raises `NoControlError` where it cannot be made, with what is missing. `takes` says
    what the making takes, `needs` what it needs.
    """
    lock = folder / "requirements.txt"
    place = folder / ".venv"
    python = place / "bin" / "python"
    stamp = place / f".installed-{sha256(lock.read_bytes()).hexdigest()[:16]}"
    if stamp.exists():
        return python
    print(f"making the control's environment in {place}; {takes}", file=sys.stderr)
    uv = making.with_name("uv")
    steps: tuple[list[str | Path], ...] = (
        [making, "-m", "venv", "--clear", place],
        [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock],
    )
    for step in steps:
        try:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
        except FileNotFoundError as problem:
            raise NoControlError(f"{problem.filename}: not there. {needs}") from problem
        if done.returncode:
            lines = " / ".join(done.stderr.strip().splitlines()[-6:])
            raise NoControlError(f"the control's environment cannot be made: {lines}. {needs}")
    stamp.touch()
    return python
