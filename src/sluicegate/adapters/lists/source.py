"""List files as they lie on disk: plain, gzip or zip, alone or with others in a folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from sluicegate.core.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD = 1 << 16
"""Bytes, unpacked, by which a file is recognised."""

_UNPACKED = 1 << 26
_MOST_TIMES = 200
"""A packed file of more than so many bytes unpacked is refused when these are more than so many
times its own: no list packs so well, a file made to fill the machine does."""

_LARGEST = 1 << 35
"""Nor may it be larger than this at all; the largest known file, of the GLEIF, has 9 GB."""

_GZIP, _ZIP, _EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile)


class ListFileError(ProblemsError):
    """A list file that cannot be used: empty, cut short, damaged or of no known format."""

    def __init__(self, file: str, problem: str, way_out: str, line: int | None = None) -> None:
        super().__init__([Problem(file, line, "", problem, way_out)])


class _Bounded(io.RawIOBase):
    """A stream whose damage is told as `ListFileError`, and whose size has a bound."""

    def __init__(self, opened: ExitStack, inner: IO[bytes], name: str, packed: int) -> None:
        self._opened, self._inner, self._name, self._read = opened, inner, name, 0
        self._bound = min(max(_UNPACKED, packed * _MOST_TIMES), _LARGEST)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        with _damage_told(self._name):
            found = self._inner.read(len(view))
        self._read += len(found)
        if self._read > self._bound:
            problem = "unpacks to far more than a list of its size holds"
            raise ListFileError(self._name, problem, "fetch the file from the issuer again")
        view[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._opened.close()
        super().close()


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        problem = f"is cut short or damaged: the packed data end badly ({error})"
        raise ListFileError(name, problem, "fetch the file from the issuer again") from error
    except (NotImplementedError, RuntimeError) as error:
        problem = f"cannot be unpacked: {error}"
        raise ListFileError(name, problem, "unpack it first and give what was in it") from error
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise ListFileError(name, problem, "check the path and the permissions") from error


@dataclass(frozen=True)
class ListFile:
    """One file of a list; `member` is its name in the zip file at `path`, else empty."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """The name shown with a problem."""
        return f"{self.path}:{self.member}" if self.member else str(self.path)

    @property
    def short_name(self) -> str:
        """The last part of the name, without `.gz`."""
        name = Path(self.member).name if self.member else self.path.name
        return name.removesuffix(".gz")

    def open(self) -> BinaryIO:
        """Open it for reading, unpacked; damage shows as `ListFileError` while reading."""
        opened = ExitStack()
        try:
            with _damage_told(self.name):
                inner, packed = self._opened(opened)
        except ListFileError:
            opened.close()
            raise
        bounded = _Bounded(opened, inner, self.name, packed)
        return cast("BinaryIO", io.BufferedReader(bounded, HEAD))

    def _opened(self, opened: ExitStack) -> tuple[IO[bytes], int]:
        if self.member:
            archive = opened.enter_context(zipfile.ZipFile(self.path))
            packed = archive.getinfo(self.member).compress_size
            return opened.enter_context(archive.open(self.member)), packed
        plain = opened.enter_context(self.path.open("rb"))
        start = plain.read(2)
        plain.seek(0)
        if start != _GZIP:
            return plain, _LARGEST
        unpacked = opened.enter_context(gzip.GzipFile(fileobj=plain))
        return cast("IO[bytes]", unpacked), self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """Its first 64 KiB, unpacked."""
        with self.open() as stream:
            return stream.read(HEAD)

    def beside(self) -> tuple[ListFile, ...]:
        """Return the other files of its folder or zip, by name."""
        if self.member:
            others = _at_file(self.path)
        else:
            with _damage_told(str(self.path.parent)):
                inside = sorted(p for p in self.path.parent.iterdir() if p.is_file())
            others = tuple(map(ListFile, inside))
        return tuple(one for one in others if one != self)


def files_at(path: Path) -> tuple[ListFile, ...]:
    """Return the files at a path: the file itself, a zip's members or a folder's files, by name.

    Raises ListFileError when there is nothing.
    """
    with _damage_told(str(path)):
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.name[:1] != ".")
            found = tuple(one for part in inside for one in _at_file(part))
        else:
            found = _at_file(path)
    if not found:
        raise ListFileError(str(path), "holds no file", "give the files of the list")
    return found


def _at_file(path: Path) -> tuple[ListFile, ...]:
    with path.open("rb") as stream:
        start = stream.read(4)
    if start not in (_ZIP, _EMPTY_ZIP):
        return (ListFile(path),)
    with zipfile.ZipFile(path) as archive:
        members = sorted(one.filename for one in archive.infolist() if not one.is_dir())
    shown = [name for name in members if not name.startswith("__MACOSX/")]
    return tuple(ListFile(path, name) for name in shown)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as they lie on disk."""
    with _damage_told(str(path)), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
