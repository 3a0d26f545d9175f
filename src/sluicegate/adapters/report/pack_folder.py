"""Writes a validation pack into a folder, whole or not at all, for its owner's eyes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_pack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder that is not there yet, or is empty.

    Raises:
        FileExistsError: something lies in the folder already.
        OSError: the folder cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise FileExistsError(f"{folder}: is not empty; give a folder that is not there yet")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, content in files.items():
            with (part / name).open("wb") as sink:
                sink.write(content)
                sink.flush()
                os.fsync(sink.fileno())
        part.replace(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
