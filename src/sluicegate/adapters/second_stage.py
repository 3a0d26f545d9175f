"""A second scorer that is a command of the node's owner: asked and answering in lines of JSON.

The command is started for each batch and ends with its input. It gets the names that
are compared and nothing else: settings and secrets of the node in the environment
are kept from it.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

from sluicegate.screening.second_stage import (
    HELLO,
    SecondStageError,
    comparing,
    name_from,
    scores_from,
)

_Read = TypeVar("_Read")
_AT_ONCE = 1_000
"""Pairs of a line."""
_OWN_PREFIX = "SLUICEGATE_"
_SHOWN = 200


@dataclass(frozen=True)
class CommandScorer:
    """Implements `screening.second_stage.SecondScorer`; each run may take so many seconds."""

    command: str
    seconds: int

    @cached_property
    def name(self) -> str:
        """What the command calls itself."""
        (answer,) = self._answers([HELLO])
        return self._read(lambda: name_from(answer))

    def scores(self, pairs: Sequence[Mapping[str, Any]]) -> list[float]:
        """Return the score of each pair. Raises SecondStageError."""
        batches = [pairs[start : start + _AT_ONCE] for start in range(0, len(pairs), _AT_ONCE)]
        answers = self._answers([comparing(batch) for batch in batches])
        found: list[float] = []
        for batch, answer in zip(batches, answers, strict=True):
            found += self._read(partial(scores_from, answer, len(batch)))
        return found

    def _answers(self, lines: Sequence[Mapping[str, Any]]) -> list[Any]:
        asked = "".join(json.dumps(one) + "\n" for one in lines)
        try:
            words = shlex.split(self.command)
            if not words:
                raise self._refused("no command")
            done = subprocess.run(
                words, input=asked, capture_output=True, text=True, encoding="utf-8",
                timeout=self.seconds, check=False, env=_environment(),
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise self._refused(f"no answer within {self.seconds} seconds") from error
        except (OSError, ValueError) as error:
            if isinstance(error, SecondStageError):
                raise
            raise self._refused(str(error)) from error
        answers = done.stdout.splitlines()
        if done.returncode or len(answers) != len(lines):
            told = (done.stderr.strip().splitlines() or [""])[-1][:_SHOWN]
            got = f"{len(answers)} answers to {len(lines)} lines, exit {done.returncode}"
            raise self._refused(f"{got} {told}".strip())
        try:
            return [json.loads(answer) for answer in answers]
        except ValueError as error:
            raise self._refused("an answer is no JSON") from error

    def _read(self, read: Callable[[], _Read]) -> _Read:
        try:
            return read()
        except SecondStageError as error:
            raise self._refused(str(error)) from error

    def _refused(self, problem: str) -> SecondStageError:
        return SecondStageError(
            f"second scorer {self.command!r}: {problem}; mend the command or take"
            " screening.second_stage out"
        )


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(_OWN_PREFIX)}
