"""Take htmx, the one script that the console did not write itself, out of a registry package.

The wheel of django-htmx carries it; the package itself is not installed. The
wheel is pinned in requirements/htmx.txt and the file by its SHA-256 below. It
is written to a folder that version control ignores and the wheel carries.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = Path("requirements") / "htmx.txt"
MEMBER = "django_htmx/static/django_htmx/htmx-4.min.js"
TARGET = Path("src") / "sluicegate" / "web" / "static" / "vendor" / "htmx-4.min.js"
SHA256 = "28fae7bbe8e8142b702debb9d5234a9a436d9435a4b5165b195aa1a7ed840d25"


class TakeError(RuntimeError):
    """The file could not be taken, and what to do."""


def is_there(root: Path = ROOT) -> bool:
    """Say whether the file stands in its place, whole and of the pinned version."""
    file = root / TARGET
    return file.is_file() and _digest(file.read_bytes()) == SHA256


def take(root: Path = ROOT) -> Path:
    """Put the file into its place, and return the place; nothing is done when it is there.

    Raises:
        TakeError: the wheel cannot be downloaded, or holds another file.
    """
    target = root / TARGET
    if is_there(root):
        return target
    with tempfile.TemporaryDirectory() as work:
        content = _member(_download(root / LOCK, Path(work)))
    if _digest(content) != SHA256:
        raise TakeError(
            f"{MEMBER}: has SHA-256 {_digest(content)}, not the pinned {SHA256}; "
            f"check {LOCK} and tools/take_htmx.py against the release"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
    return target


def _download(lock: Path, work: Path) -> Path:
    """Download the pinned wheel into a folder; its hash is checked by pip."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--dest", str(work), "--requirement", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(work.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise TakeError(
            f"{LOCK}: the wheel that carries htmx could not be downloaded: "
            f"{(done.stderr or done.stdout).strip()[-400:]}; connect this machine to a package "
            f"registry, or put the file with SHA-256 {SHA256} at {TARGET}"
        )
    return wheels[0]


def _member(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        try:
            return archive.read(MEMBER)
        except KeyError as error:
            raise TakeError(f"{wheel.name}: holds no {MEMBER}; check {LOCK}") from error


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    try:
        take()
    except TakeError as error:
        sys.exit(str(error))
