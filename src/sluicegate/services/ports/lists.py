"""What lists need from the outside: their versions in a store, their files, a reader, the net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Protocol

from sluicegate.core.problems import Problem
from sluicegate.core.reasons import Sentence
from sluicegate.screening.entries import ListEntry, ListVersion
from sluicegate.screening.joining import Join, Key


class ListFilesError(RuntimeError):
    """Files of a list on the node that are missing or damaged; says what to do."""


class FetchError(RuntimeError):
    """A list that could not be fetched whole from an address; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


class ListRead(Protocol):
    """A list as a reader read it, not yet part of a node.

    `files` are all files that were read; `checksum` and `size_bytes` are of all of
    them together. `problems` are rows that could not be read, each with its place.
    """

    @property
    def list_id(self) -> str:
        """The list of the file; its entries may be of several others."""
        ...

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """What it lists."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Rows that could not be read, or not wholly."""
        ...

    @property
    def published(self) -> date | None:
        """The issuer's day, where the file tells it."""
        ...

    @property
    def version(self) -> str:
        """What the issuer calls it, else its day, else the start of the checksum."""
        ...

    @property
    def reader(self) -> str:
        """The name of the format."""
        ...

    @property
    def checksum(self) -> str:
        """SHA-256 in hexadecimal."""
        ...

    @property
    def size_bytes(self) -> int:
        """How large the files are together."""
        ...

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were read."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a version as it lies on the node: its name, SHA-256 and size in bytes."""

    name: str
    checksum: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class GoneEntry:
    """An entry as its list last had it, and the day on which it had it no more."""

    entry: ListEntry
    gone_on: date


@dataclass(frozen=True, slots=True)
class KeptEntries:
    """The entries of a version, and those that its list had before and has no more."""

    entries: tuple[ListEntry, ...]
    gone: tuple[GoneEntry, ...]


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version of a list that a node took in.

    `entries_digest` is of the file of entries as read. `problems` counts rows
    that could not be read. `excuse` is the reason for which a version was taken
    that is much smaller than the one before; else empty.
    """

    version_id: str
    about: ListVersion
    files: tuple[KeptFile, ...]
    entries_digest: str
    problems: int
    excuse: str
    by: str

    @property
    def day(self) -> date:
        """The issuer's day, or where it is not known that of the loading."""
        return self.about.published or self.about.loaded_at.date()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The issuer's address gave a version again at an instant: nothing newer was there."""

    version_id: str
    at: datetime
    source: str
    by: str


class Coming(Enum):
    """What happened to an entry."""

    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Presence:
    """An entry came into its list or went out of it; `on` is the day of the version.

    `party_id` is the id of a party that appeared first under this entry.
    """

    key: Key
    party_id: str
    event: Coming
    on: date
    version_id: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PartyUnion:
    """A party became a part of another, or with `into` empty stands by itself again.

    `join` says why; None where a person parted them. The last one of a party counts.
    """

    party_id: str
    into: str
    join: Join | None
    reason: str
    at: datetime
    by: str


class Verdict(Enum):
    """What a person said of two entries."""

    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Judged:
    """A person said that two entries are one party or are not; the last word counts.

    `first` sorts before `second`.
    """

    first: Key
    second: Key
    verdict: Verdict
    reason: str
    at: datetime
    by: str


class DesignationState(Enum):
    """How far a designation is that was entered by hand."""

    ENTERED = "entered"
    MET = "met"
    """The list caught up: an entry of it took its place."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation entered by hand, before the list it is expected on carries it.

    `entry` is what is screened meanwhile. `document` names the source, `dated` is
    its day. `met` is the entry of the list that took its place.
    """

    designation_id: str
    version: int
    state: DesignationState
    entry: ListEntry
    expected_list: str
    document: str
    url: str
    dated: date
    met: Key | None
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class VendorResult:
    """One result of another product; `score` is as it writes it, since scales differ.

    `query_id` is the screened party, `entity` the listed one as the product calls
    it, `entity_id` its id there.
    """

    query_id: str
    entity: str
    query: str = ""
    entity_id: str = ""
    list_name: str = ""
    score: str = ""
    outcome: str = ""
    comment: str = ""
    screened_on: date | None = None


@dataclass(frozen=True)
class VendorRead:
    """The results of a file in its order, each once, and what was wrong with others."""

    results: tuple[VendorResult, ...]
    problems: tuple[Problem, ...]


class ListStore(Protocol):
    """Versions of lists, ids of parties and designations of one tenant; all only grow.

    `known_on` leaves out what was recorded after an instant.
    """

    def versions(self, *, known_on: datetime | None = None) -> Sequence[KeptVersion]:
        """Return every version that was taken in, the oldest loading first."""
        ...

    def add_version(self, version: KeptVersion) -> None:
        """Enter a version; from then on it is the current one of its list."""
        ...

    def confirmations(self, *, known_on: datetime | None = None) -> Mapping[str, Confirmation]:
        """Return version id → its last confirmation."""
        ...

    def confirm(self, confirmation: Confirmation) -> None:
        """Enter that the issuer's address gave a version again."""
        ...

    def presence(self, *, known_on: datetime | None = None) -> Sequence[Presence]:
        """Return the coming and going of every entry, the oldest first."""
        ...

    def add_presence(self, events: Sequence[Presence]) -> None:
        """Enter what came and went."""
        ...

    def unions(self, *, known_on: datetime | None = None) -> Sequence[PartyUnion]:
        """Return every joining and parting, the oldest first."""
        ...

    def add_unions(self, unions: Sequence[PartyUnion]) -> None:
        """Enter what became one party or stands by itself again."""
        ...

    def judged(self, *, known_on: datetime | None = None) -> Sequence[Judged]:
        """Return what people said of pairs of entries, the oldest first."""
        ...

    def add_judged(self, judged: Sequence[Judged]) -> None:
        """Enter what a person said."""
        ...

    def designations(self, *, known_on: datetime | None = None) -> Sequence[Designation]:
        """Return each designation at its last version, in the order they were entered."""
        ...

    def designation_versions(self, designation_id: str) -> Sequence[Designation]:
        """Return all versions of a designation, the oldest first."""
        ...

    def add_designation(self, designation: Designation) -> None:
        """Enter a version of a designation.

        Raises:
            DesignationChangedError: somebody else entered that version meanwhile.
        """
        ...


class DesignationChangedError(RuntimeError):
    """Somebody else changed the designation meanwhile."""


class ListFiles(Protocol):
    """The node's folder of lists: bytes under their checksums, entries as they were read."""

    def keep(self, files: Sequence[Path]) -> tuple[KeptFile, ...]:
        """Copy files into the node; the same bytes are kept once."""
        ...

    def write_entries(self, version_id: str, entries: KeptEntries) -> str:
        """Write the entries of a version; return the digest of what was written."""
        ...

    def read_entries(self, version: KeptVersion) -> KeptEntries:
        """Read the entries of a version.

        Raises:
            ListFilesError: they are missing, or not what was written.
        """
        ...

    def faults(self, version: KeptVersion) -> Sequence[str]:
        """Say which files of a version are missing or are not what they were."""
        ...


class ListReader(Protocol):
    """Reads files of lists in any of the known formats."""

    def __call__(self, path: Path, list_id: str | None) -> ListRead:
        """Read the one list at a path, a file or a folder.

        Raises:
            ProblemsError: it is of no known format, is empty or cut off.
        """
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as an address gave it: where it lies now, its SHA-256 and its size in bytes."""

    path: Path
    checksum: str
    size_bytes: int


class ListFetcher(Protocol):
    """Fetches a file from an address into a folder."""

    def __call__(self, url: str, folder: Path) -> Fetched:
        """Fetch a file whole.

        Raises:
            FetchError: the address may not be called or gives no whole file.
        """
        ...
