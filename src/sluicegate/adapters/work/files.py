"""Files that were given for jobs: kept in the node's folder `work/`, by their digest."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sluicegate.core.clock import Clock
from sluicegate.services.ports.work import Told
from sluicegate.services.work.kinds import KeptFile
from sluicegate.services.work.running import JobFailedError

_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 100
_UNCLAIMED = timedelta(hours=1)
"""How long a file that no job names is kept: its job may still be about to be asked for."""


def safe_name(name: str) -> str:
    """Return a name for a file of a job: its last part, without what a path could be made of.

    >>> safe_name("../../etc/usage 2026.csv"), safe_name("..")
    ('usage_2026.csv', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = _NAME.sub("_", last).lstrip(".")[-_LONGEST_NAME:]
    return plain.lstrip(".") or "file"


@dataclass(frozen=True)
class WorkFiles:
    """The folder `work/` of a node: `files/DIGEST/NAME` given, `results/JOB/` made."""

    folder: Path

    def keep(self, name: str, parts: Iterable[bytes]) -> KeptFile:
        """Keep a file given in parts; the same bytes are kept once."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "files").mkdir(mode=0o700, exist_ok=True)
        sha, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".part-", delete=False) as stream:
            part = Path(stream.name)
            try:
                for block in parts:
                    sha.update(block)
                    size += len(block)
                    stream.write(block)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                part.unlink()
                raise
        kept = KeptFile(safe_name(name), sha.hexdigest(), size)
        target = self._place(kept)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(target)
        os.utime(target.parent)
        return kept

    def path(self, kept: KeptFile) -> Path:
        """Return where a kept file lies; raise JobFailedError when it is gone."""
        place = self._place(kept)
        if not place.is_file():
            raise JobFailedError(
                Told(
                    f"{kept.name}: the file is no longer kept; send it again",
                    f"{kept.name}：文件已不再保存；请重新发送",
                )
            )
        return place

    def results(self, job_id: str) -> Path:
        """Return the folder of a job's results, made when it is not there."""
        place = self.folder / "results" / safe_name(job_id)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def result(self, job_id: str, name: str) -> Path | None:
        """Return a file of a job's results by its name, or None."""
        place = self.folder / "results" / safe_name(job_id) / safe_name(name)
        return place if place.is_file() else None

    def remove_results(self, job_id: str) -> bool:
        """Remove the files that a job made; False when there are none."""
        place = self.folder / "results" / safe_name(job_id)
        if not place.is_dir():
            return False
        with suppress(FileNotFoundError):  # another worker removes them at the same time
            shutil.rmtree(place)
        return True

    def sweep(self, wanted: Collection[str], clock: Clock) -> int:
        """Remove kept files that no job needs any more; return how many."""
        files = self.folder / "files"
        if not files.is_dir():
            return 0
        oldest = (clock.now() - _UNCLAIMED).timestamp()
        gone = [
            one
            for one in sorted(files.iterdir())
            if one.name not in wanted and one.stat().st_mtime < oldest
        ]
        for one in gone:
            shutil.rmtree(one)
        return len(gone)

    def _place(self, kept: KeptFile) -> Path:
        if not _DIGEST.fullmatch(kept.digest):
            raise ValueError(f"digest {kept.digest!r}: is no SHA-256; give 64 hexadecimal digits")
        return self.folder / "files" / kept.digest / safe_name(kept.name)
