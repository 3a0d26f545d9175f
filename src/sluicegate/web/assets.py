"""Files of the console that never change: styles, scripts and the style of the pictures.

Each is served under a name that holds its digest, so that a browser may keep it
for a year and a new version is a new name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sluicegate.wiring.pictures import picture_style

HTMX = "htmx-4.min.js"
_OWN = ("console.css", "console.js", "mark.svg")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: the name under which it is served, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """Return every file by its plain name; htmx only where the build has taken it."""
    folder = files("sluicegate.web") / "static"
    contents = {name: (folder / name).read_bytes() for name in _OWN}
    contents["pictures.css"] = picture_style().encode()
    vendored = folder / "vendor" / HTMX
    if vendored.is_file():
        contents[HTMX] = vendored.read_bytes()
    return {name: _asset(name, content) for name, content in contents.items()}


@lru_cache(maxsize=1)
def served_assets() -> Mapping[str, Asset]:
    """Return every file by the name under which it is served."""
    return {asset.name: asset for asset in assets().values()}


def asset_url(name: str) -> str:
    """Return where a file is served, or "" for one that the build has not taken."""
    asset = assets().get(name)
    return "" if asset is None else f"/static/{asset.name}"


def _asset(name: str, content: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:_DIGITS]
    return Asset(f"{stem}.{digest}.{ending}", _TYPES[f".{ending}"], content)
