"""One pass over the bytes of a file before anything reads it: is it whole, is it text?

The pass takes bounded memory for any file: a line above the limit is refused
as soon as its first mebibyte has gone by without an end.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from sluicegate.adapters.parquet import too_many_rows
from sluicegate.core.problems import Problem, ProblemsError

LONGEST_LINE = 1 << 20
"""A line of text may be one mebibyte long at most."""

_CHUNK = 1 << 20
_HEAD = 1 << 16
_UNPACKED = 1 << 26
_MOST_TIMES = 200
"""A compressed file of more than so many bytes unpacked is refused when these are more than so
many times its own: no table packs so well, a file made to fill the machine does."""

_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_SIGNATURES = {
    b"PK\x03\x04": "a ZIP or Excel file",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"SQLite format 3": "an SQLite database",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Told = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the pass found; `head` is the first 64 KiB, decompressed, without a byte order mark."""

    sha256: str
    size: int
    is_gzip: bool
    is_parquet: bool
    head: bytes


class _Hashing(io.RawIOBase):
    """A raw file that hashes what is read from it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.sha256 = hashlib.sha256()
        self.done = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        self.sha256.update(data)
        self.done += len(data)
        return data

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def prescan(file: Path, told: Told | None = None) -> Scan:
    """Read a file once; raise ProblemsError when it is not whole or not text.

    `told` hears of progress after every chunk.
    """
    try:
        size = file.stat().st_size
        with file.open("rb", buffering=0) as raw:
            if size == 0:
                raise _refused(file, "is empty", "give a file with a header and rows")
            return _scan(file, raw, size, told)
    except OSError as error:
        reason = error.strerror or str(error)
        raise _refused(
            file, f"cannot be opened: {reason}", "check the name and the rights"
        ) from error


def _scan(file: Path, raw: IO[bytes], size: int, told: Told | None) -> Scan:
    start = raw.read(16)
    raw.seek(0)
    for signature, name in _SIGNATURES.items():
        if start.startswith(signature):
            raise _refused(file, f"is {name}", "give CSV, Parquet or JSON lines, or gzip of these")
    hashing = _Hashing(raw)
    if start.startswith(_PARQUET):
        _whole_parquet(file, size)
        while hashing.read(_CHUNK):
            if told:
                told(hashing.done, size)
        return Scan(hashing.sha256.hexdigest(), size, False, True, b"")
    is_gzip = start.startswith(_GZIP)
    stream: IO[bytes] = gzip.GzipFile(fileobj=hashing) if is_gzip else hashing  # type: ignore[assignment]
    head = _Lines(file)
    try:
        while chunk := stream.read(_CHUNK):
            head.take(chunk)
            if is_gzip and head.done > max(_UNPACKED, _MOST_TIMES * hashing.done):
                problem = f"unpacks to more than {_MOST_TIMES} times its size"
                raise _refused(file, problem, "unpack it yourself, and give the file as it is")
            if told:
                told(hashing.done, size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        problem = f"is cut short or damaged: the gzip stream ends badly ({error})"
        raise _refused(file, problem, "copy the file again; nothing of it was read") from error
    while hashing.read(_CHUNK):
        pass
    if not head.start.strip():
        raise _refused(file, "is empty", "give a file with a header and rows")
    return Scan(hashing.sha256.hexdigest(), size, is_gzip, False, head.start)


class _Lines:
    """Watches the chunks of a text: byte order mark, NUL bytes, length of lines."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.done = 0
        self._open = 0
        self.start = b""

    def take(self, chunk: bytes) -> None:
        if self.done == 0:
            if chunk.startswith(_UTF16):
                way_out = "convert it: iconv -f UTF-16 -t UTF-8"
                raise _refused(self._file, "is UTF-16, not UTF-8", way_out)
            self.start = chunk[:_HEAD].removeprefix(b"\xef\xbb\xbf")
        if b"\0" in chunk:
            line = _line_at(self._file, self.done + chunk.index(b"\0"))
            way_out = "convert UTF-16 to UTF-8, or remove the bytes"
            raise _refused(self._file, "holds NUL bytes, so it is not UTF-8 text", way_out, line)
        first = chunk.find(b"\n")
        if first < 0:
            first = chunk.find(b"\r")
        length = self._open + (len(chunk) if first < 0 else first)
        if length > LONGEST_LINE:
            line = _line_at(self._file, self.done - self._open)
            problem = f"the line is longer than {LONGEST_LINE} bytes"
            way_out = "check that the file is text with line ends and that quotes are closed"
            raise _refused(self._file, problem, way_out, line)
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._open = length if last < 0 else len(chunk) - last - 1
        self.done += len(chunk)


def _line_at(file: Path, position: int) -> int:
    """Return the number of the line that holds a byte; read again, only for a bad file."""
    line = 1
    with open_bytes(file) as stream:
        while position > 0 and (chunk := stream.read(min(_CHUNK, position))):
            line += chunk.count(b"\n")
            position -= len(chunk)
    return line


def open_bytes(file: Path) -> IO[bytes]:
    """Open a file for reading; gzip is undone."""
    with file.open("rb") as stream:
        is_gzip = stream.read(2) == _GZIP
    return gzip.open(file, "rb") if is_gzip else file.open("rb")  # type: ignore[return-value]


def _whole_parquet(file: Path, size: int) -> None:
    with file.open("rb") as stream:
        stream.seek(max(size - 4, 0))
        if size < 12 or stream.read(4) != _PARQUET:
            problem = "is cut short: the Parquet footer is missing"
            raise _refused(file, problem, "copy the file again; nothing of it was read")
    try:
        rows = too_many_rows(file)
    except duckdb.Error as error:
        problem = "is a damaged Parquet file: its footer cannot be read"
        raise _refused(file, problem, "copy the file again; nothing of it was read") from error
    if rows is not None:
        problem = f"has few bytes that stand for {rows} rows"
        raise _refused(file, problem, "give each row once, or the file as CSV")


def _refused(file: Path, problem: str, way_out: str, line: int | None = None) -> ProblemsError:
    return ProblemsError([Problem(str(file), line, "", problem, way_out)])
