"""Reading list files of any known format: the one door to the readers.

>>> from pathlib import Path
>>> detect(Path("own.csv"), b"id,name\\n1,Example Shipping\\n").name
'own-csv'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sluicegate.adapters.lists.formats import READERS
from sluicegate.adapters.lists.notes import AGAIN_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile, ListFileError, files_at, sha256_of
from sluicegate.core.canonical import digest
from sluicegate.core.problems import Problem
from sluicegate.screening.entries import ListEntry

__all__ = ["ListFileError", "ListRead", "OpenList", "detect", "open_list", "open_lists"]
__all__ += ["read_list", "read_lists"]


_KNOWN_WAY_OUT = (
    "give a list of OFAC, BIS, the EU, the UN or the UK, FollowTheMoney JSON lines, or a CSV "
    "with a column name"
)


@dataclass(frozen=True)
class ListRead:
    """A list as it was read.

    `list_id` is the list of the file; a file of several lists has entries of
    others. `version` is what the issuer calls it, else its day, else the start
    of the checksum. `published` is the issuer's day where the file tells it.
    `checksum` is the SHA-256 of the file's bytes; of several files, the digest
    of their names and checksums. `passed_over` counts what no party is.
    """

    list_id: str
    entries: tuple[ListEntry, ...]
    problems: tuple[Problem, ...]
    published: date | None
    version: str
    reader: str
    checksum: str
    size_bytes: int
    files: tuple[Path, ...]
    passed_over: tuple[tuple[str, int], ...] = ()

    @property
    def names(self) -> int:
        """How many names its entries have."""
        return sum(len(one.names) for one in self.entries)


class OpenList:
    """A list that is being read, an entry at a time; for files larger than memory.

    `problems`, `published` and `version` are whole when all entries were read.
    """

    def __init__(self, reader: Reader, part: Part) -> None:
        self.reader, self.part = reader, part
        self.files = tuple(dict.fromkeys(one.path for one in part.files))
        self._notes = Notes()

    @property
    def list_id(self) -> str:
        """The list of the file."""
        if self.part.list_id:
            return self.part.list_id
        return self.reader.list_of(self.part.file)

    def entries(self) -> Iterator[ListEntry]:
        """Read; raise ListFileError when the list is empty, cut short or damaged."""
        notes, name = self._notes, self.part.file.name
        count = 0
        for entry in self.reader.read(self.part, notes):
            count += 1
            yield entry
        if not count:
            problem = f"has the form {self.reader.name}, but no entry in it could be read"
            raise ListFileError(name, problem, "fetch the file again; the old version stays")

    def read(self) -> ListRead:
        """Read all of it."""
        entries = tuple(self.entries())
        notes = self._notes
        sums = [(path.name, sha256_of(path)) for path in self.files]
        checksum = sums[0][1] if len(sums) == 1 else digest([list(one) for one in sums])
        day = notes.published.isoformat() if notes.published else ""
        return ListRead(
            self.list_id,
            entries,
            notes.closed(),
            notes.published,
            notes.version or day or checksum[:12],
            self.reader.name,
            checksum,
            sum(path.stat().st_size for path in self.files),
            self.files,
            tuple(sorted(notes.passed_over.items())),
        )


def detect(path: Path, head: bytes | None = None) -> Reader | None:
    """Return the reader of a file by its first bytes, or None when none knows it."""
    start = ListFile(path).head if head is None else head
    return _reader(Head(str(path), start))


def _reader(head: Head) -> Reader | None:
    return next((one for one in READERS if one.knows(head)), None)


def open_lists(path: Path, list_id: str | None = None) -> tuple[OpenList, ...]:
    """Return the lists at a path: of a file one, of a folder or zip those in it.

    Files that the issuer gives as several are found beside the one given. In a
    folder or zip, files of no known format are passed over when others are
    known. Raises ListFileError when nothing can be read.
    """
    given = files_at(path)
    is_alone = len(given) == 1
    pool = given[0].beside() if is_alone else given
    found: list[OpenList] = []
    taken: set[ListFile] = set()
    for file in given:
        if file in taken:
            continue
        reader = _reader_of(file, must_be_known=is_alone)
        if reader is not None:
            others = [one for one in pool if one != file and one not in taken]
            files = reader.together(file, others, is_alone)
            taken.update(files)
            found.append(OpenList(reader, Part(files, list_id or "")))
    if not found:
        raise ListFileError(str(path), "holds no list of a known format", _KNOWN_WAY_OUT)
    return tuple(found)


def open_list(path: Path, list_id: str | None = None) -> OpenList:
    """Return the one list at a path; raise ListFileError when there are several."""
    found = open_lists(path, list_id)
    if len(found) > 1:
        names = ", ".join(Path(one.part.file.name).name for one in found[:5])
        problem = f"holds {len(found)} lists ({names})"
        raise ListFileError(str(path), problem, "give them one by one")
    return found[0]


def read_list(path: Path, list_id: str | None = None) -> ListRead:
    """Read the one list at a path: a file, a zip, or a folder with the files of one list.

    `list_id` names the list where the file does not, such as a user's own.
    Raises ListFileError when it is empty, cut short, damaged or of no known
    format; rows that are bad are among the problems, and the good ones are read.
    """
    return open_list(path, list_id).read()


def read_lists(paths: Iterable[Path], list_id: str | None = None) -> tuple[ListRead, ...]:
    """Read every list at the paths; one that two paths name is read once."""
    opened: dict[tuple[Path, ...], OpenList] = {}
    for path in paths:
        for one in open_lists(path, list_id):
            opened.setdefault(tuple(sorted(file.resolve() for file in one.files)), one)
    return tuple(one.read() for one in opened.values())


def _reader_of(file: ListFile, *, must_be_known: bool) -> Reader | None:
    if not file.head.strip():
        if must_be_known:
            raise ListFileError(file.name, "is empty", AGAIN_WAY_OUT)
        return None
    reader = _reader(Head(file.name, file.head))
    if reader is None and must_be_known:
        raise ListFileError(file.name, "is of no format that is known here", _KNOWN_WAY_OUT)
    return reader
