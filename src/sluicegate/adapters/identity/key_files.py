"""Key files in a node's folder `keys/`: made once, readable by their owner only."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    """Return a key file's bytes; make it when it is not there. The first of two makers wins."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        part = _written(file, make())
        try:
            file.hardlink_to(part)
        except FileExistsError:
            pass
        finally:
            part.unlink()
        return file.read_bytes()


def replace(file: Path, content: bytes) -> None:
    """Put new bytes in the place of a key file, whole or not at all."""
    _written(file, content).replace(file)


def _written(file: Path, content: bytes) -> Path:
    file.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    part = file.parent / f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return part
