"""A second scorer that is a command of the node's owner: asked and answering in lines of JSON.

The command is started when it is first asked, answers line after line, and ends when
its scorer is no longer used: its input is closed, and it is stopped where it does not
go by itself. It gets the names that are compared and nothing else: settings and secrets
of the node in the environment are kept from it.
"""

from __future__ import annotations

import json
import os
import selectors
import shlex
import subprocess
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from typing import IO, Any, TypeVar

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
_CHUNK = 65_536
_GOES_BY_ITSELF_SECONDS = 2.0


class CommandScorer:
    """Implements `screening.second_stage.SecondScorer`; each answer may take so many seconds."""

    def __init__(self, command: str, seconds: int) -> None:
        self.command = command
        self.seconds = seconds
        self._running: _Running | None = None
        self._lock = Lock()

    @cached_property
    def name(self) -> str:
        """What the command calls itself."""
        answer = self._answer(HELLO)
        return self._read(lambda: name_from(answer))

    def scores(self, pairs: Sequence[Mapping[str, Any]]) -> list[float]:
        """Return the score of each pair. Raises SecondStageError."""
        found: list[float] = []
        for start in range(0, len(pairs), _AT_ONCE):
            batch = pairs[start : start + _AT_ONCE]
            answer = self._answer(comparing(batch))
            found += self._read(partial(scores_from, answer, len(batch)))
        return found

    def close(self) -> None:
        """End the command; it is started again when it is asked again."""
        with self._lock:
            self._end(_GOES_BY_ITSELF_SECONDS)

    def _answer(self, line: Mapping[str, Any]) -> Any:
        with self._lock:
            try:
                if self._running is None:
                    self._running = _Running.of(self.command)
                    weakref.finalize(self, self._running.end)
                return json.loads(self._running.ask(json.dumps(line), self.seconds))
            except _NoAnswerError as error:
                self._end()
                raise self._refused(str(error)) from error
            except OSError as error:
                self._end()
                raise self._refused(str(error)) from error
            except ValueError as error:
                self._end()
                raise self._refused("an answer is no JSON") from error

    def _end(self, patience: float = 0.0) -> None:
        if self._running is not None:
            self._running.end(patience)
            self._running = None

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


class _NoAnswerError(Exception):
    """A command did not answer; says why."""


@dataclass(frozen=True)
class _Running:
    """A command that was started; what it says beside its answers goes to a file."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    @classmethod
    def of(cls, command: str) -> _Running:
        """Start a command. Raises _NoAnswerError, OSError."""
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise _NoAnswerError(str(error)) from error
        if not words:
            raise _NoAnswerError("no command")
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
                env=_environment(),
            )  # fmt: skip
        except OSError:
            said.close()
            raise
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        return cls(process, said)

    def ask(self, line: str, seconds: int) -> bytes:
        """Write a line and return the line that answers it. Raises _NoAnswerError."""
        if self.process.stdin is None or self.process.stdout is None:
            raise _NoAnswerError("started without pipes")
        writing, reading = self.process.stdin.fileno(), self.process.stdout.fileno()
        left, answer = memoryview(line.encode() + b"\n"), bytearray()
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as ready:
            ready.register(reading, selectors.EVENT_READ)
            ready.register(writing, selectors.EVENT_WRITE)
            while not answer.endswith(b"\n"):
                if time.monotonic() >= deadline:
                    raise _NoAnswerError(f"no answer within {seconds} seconds")
                for key, _ in ready.select(deadline - time.monotonic()):
                    if key.fd == reading:
                        answer += self._chunk(reading)
                    else:
                        left = left[_written(writing, left) :]
                        if not left:
                            ready.unregister(writing)
        return bytes(answer)

    def _chunk(self, reading: int) -> bytes:
        chunk = os.read(reading, _CHUNK)
        if not chunk:
            self._wait(_GOES_BY_ITSELF_SECONDS)
            self.said.seek(0)
            told = self.said.read().decode("utf-8", "replace").strip().splitlines() or [""]
            raise _NoAnswerError(
                f"it ended ({self.process.returncode}) {told[-1][:_SHOWN]}".strip()
            )
        return chunk

    def _wait(self, patience: float) -> None:
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def end(self, patience: float = _GOES_BY_ITSELF_SECONDS) -> None:
        """Close its input, and stop it where it does not go within so many seconds."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self._wait(patience)
        self.said.close()


def _written(writing: int, left: memoryview) -> int:
    try:
        return os.write(writing, left[:_CHUNK])
    except BrokenPipeError:
        return len(left)  # what it said last is read from its other end


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith(_OWN_PREFIX)}
