"""The reports on a node's disk; a name from outside opens nothing but what was listed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sluicegate.services.ports.reports import ReportFile, ReportMade


@dataclass(frozen=True)
class DiskReports:
    """Implements `services.ports.reports.ReportFolder` over one folder."""

    folder: Path

    def made(self) -> Sequence[ReportMade]:
        """Return the reports, the last made in front; links and hidden files are left out."""
        if not self.folder.is_dir():
            return ()
        found = []
        for place in self.folder.iterdir():
            if place.is_dir() and not place.is_symlink() and not place.name.startswith("."):
                files = _files(place)
                if files:
                    latest = max(file.stat().st_mtime for file in files)
                    shown = tuple(ReportFile(file.name, file.stat().st_size) for file in files)
                    found.append(ReportMade(place.name, datetime.fromtimestamp(latest, UTC), shown))
        return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)

    def read(self, report: str, file: str) -> bytes | None:
        """Return a file of a report; None when there is none of that name.

        Both names are looked up in what the folder lists, so that no path can
        be made of them; a link put there meanwhile is not followed.
        """
        for made in self.made():
            if made.name == report and any(one.name == file for one in made.files):
                try:
                    handle = os.open(self.folder / report / file, os.O_RDONLY | os.O_NOFOLLOW)
                except OSError:
                    return None
                with os.fdopen(handle, "rb") as stream:
                    return stream.read()
        return None


def _files(place: Path) -> list[Path]:
    return sorted(
        file
        for file in place.iterdir()
        if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
    )
