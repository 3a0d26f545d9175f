"""Files of a node outside its store that may name a customer: reports, packs, results, caches."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sluicegate.core.identifiers import TenantId
from sluicegate.kyc.diligence.redaction import Redaction

NAMES_SCREENED = "screened_names_*.bin"
ERASED_FILE = "erased.txt"
"""Beside files out of which words were taken: which, by which disposal, and both digests."""

_HEAD = (
    "Words were taken out of these files by a disposal of personal data. 以下文件因个人数据处置"
    "而删去了部分文字。\nfile · disposal · SHA-256 before · SHA-256 now\n"
)


@dataclass(frozen=True)
class DiskCopies:
    """Implements `services.ports.diligence.Copies` over the folders of a node.

    `reports` and `results` are those of the node's own tenant `tenant`;
    `packs` holds a folder for each tenant.
    """

    tenant: TenantId
    reports: Path
    results: Path
    packs: Path
    cache: Path

    def redact(self, said: Redaction, disposal_id: str, tenant: TenantId) -> int:
        """Take words out of the files of a tenant and drop the caches; return how many changed.

        A file keeps its name; what it was is named by its digest in a file
        beside it, so that a pack still says what its validator was given.
        """
        for file in self.cache.glob(NAMES_SCREENED):
            file.unlink(missing_ok=True)
        own = (self.reports, self.results) if tenant == self.tenant else ()
        changed = 0
        for folder in (*own, self.packs / tenant):
            for file in _files(folder):
                changed += _redacted(file, said, disposal_id)
        return changed


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir() and not folder.is_symlink():
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not file.is_symlink() and file.name != ERASED_FILE:
                yield file


def _redacted(file: Path, said: Redaction, disposal_id: str) -> bool:
    before = file.read_bytes()
    after = said.file(before)
    if after == before:
        return False
    _replace(file, after)
    note = file.parent / ERASED_FILE
    told = note.read_text(encoding="utf-8") if note.exists() else _HEAD
    line = " · ".join((file.name, disposal_id, _sha256(before), _sha256(after)))
    _replace(note, f"{told}{line}\n".encode())
    return True


def _replace(file: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as part:
        part.write(content)
    fresh = Path(part.name)
    fresh.chmod(file.stat().st_mode if file.exists() else 0o644)
    fresh.replace(file)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
