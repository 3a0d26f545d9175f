"""The node's folder of lists: files as issuers gave them, and their entries as they were read.

`files/CHECKSUM/NAME` holds bytes under their SHA-256, `entries/VERSION.jsonl.gz`
the entries of a version, one a line, and after them those that the list had
before. Everything is written beside its place and moved there whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from sluicegate.adapters.work.files import safe_name
from sluicegate.core.collector import collector_paused
from sluicegate.services.lists.documents import entry_document, entry_of
from sluicegate.services.ports.lists import (
    GoneEntry,
    KeptEntries,
    KeptFile,
    KeptVersion,
    ListFilesError,
)

_FORM = 1
"""The form of files of entries; a reader refuses another."""
_LEVEL = 6
_BLOCK = 1 << 20
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class DiskLists:
    """Implements `services.ports.lists.ListFiles` in a folder."""

    folder: Path

    def keep(self, files: Sequence[Path]) -> tuple[KeptFile, ...]:
        """Copy files into the node; the same bytes are kept once."""
        return tuple(self._keep(file) for file in files)

    def _keep(self, file: Path) -> KeptFile:
        sha, size = hashlib.sha256(), 0
        with self._part() as part, file.open("rb") as source:
            while block := source.read(_BLOCK):
                sha.update(block)
                size += len(block)
                part.write(block)
            part.flush()
            kept = KeptFile(safe_name(file.name), sha.hexdigest(), size)
            place = self._place(kept)
            place.parent.mkdir(parents=True, exist_ok=True)
            _publish(part, place)
        return kept

    def write_entries(self, version_id: str, entries: KeptEntries) -> str:
        """Write the entries of a version; return the digest of what was written."""
        place = self._entries_place(version_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        head = {"form": _FORM, "entries": len(entries.entries), "gone": len(entries.gone)}
        lines = [_JSON.encode(head)]
        lines += [_JSON.encode(entry_document(one)) for one in entries.entries]
        for one in entries.gone:
            gone = {"gone_on": one.gone_on.isoformat(), "entry": entry_document(one.entry)}
            lines.append(_JSON.encode(gone))
        content = gzip.compress("\n".join(lines).encode(), _LEVEL, mtime=0)
        with self._part() as part:
            part.write(content)
            part.flush()
            _publish(part, place)
        return hashlib.sha256(content).hexdigest()

    def read_entries(self, version: KeptVersion) -> KeptEntries:
        """Read the entries of a version.

        Raises:
            ListFilesError: they are missing, or not what was written.
        """
        place = self._entries_place(version.version_id)
        try:
            content = place.read_bytes()
        except FileNotFoundError as error:
            raise _broken(version, f"{place.name} is missing") from error
        except OSError as error:
            raise _broken(version, f"{place.name} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != version.entries_digest:
            raise _broken(version, f"{place.name} is not what was written")
        try:
            with collector_paused():
                return _read(gzip.decompress(content).decode())
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            raise _broken(version, f"{place.name} has another form than this version reads") from (
                error
            )

    def faults(self, version: KeptVersion) -> Sequence[str]:
        """Say which files of a version are missing or are not what they were."""
        found = []
        for kept in version.files:
            place = self._place(kept)
            if not place.is_file():
                found.append(f"{kept.name} is missing")
            elif _digest_of(place) != kept.checksum:
                found.append(f"{kept.name} is not what was loaded")
        place = self._entries_place(version.version_id)
        if not place.is_file():
            found.append(f"{place.name} is missing")
        elif _digest_of(place) != version.entries_digest:
            found.append(f"{place.name} is not what was written")
        return found

    def _place(self, kept: KeptFile) -> Path:
        return self.folder / "files" / kept.checksum / kept.name

    def _entries_place(self, version_id: str) -> Path:
        return self.folder / "entries" / f"{version_id}.jsonl.gz"

    @contextmanager
    def _part(self) -> Iterator[IO[bytes]]:
        """Give a file to write; what is not published of it is removed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".part-", delete=False) as part:
            try:
                yield part
            finally:
                Path(part.name).unlink(missing_ok=True)


def _publish(part: IO[bytes], place: Path) -> None:
    os.fsync(part.fileno())
    Path(part.name).chmod(0o644)
    Path(part.name).replace(place)
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(text: str) -> KeptEntries:
    lines = text.split("\n")
    head = json.loads(lines[0])
    if head["form"] != _FORM or len(lines) != 1 + head["entries"] + head["gone"]:
        raise ValueError("form")
    middle = 1 + head["entries"]
    load = json.loads  # entries hold no numbers
    entries = tuple(entry_of(load(line)) for line in lines[1:middle])
    gone = []
    for line in lines[middle:]:
        document = load(line)
        day = date.fromisoformat(document["gone_on"])
        gone.append(GoneEntry(entry_of(document["entry"]), day))
    return KeptEntries(entries, tuple(gone))


def _digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _broken(version: KeptVersion, problem: str) -> ListFilesError:
    about = version.about
    return ListFilesError(
        f"list {about.list_id}, version {about.version}: {problem}; restore lists/ of the node "
        "from a backup, or import the list again"
    )
