"""Writes the files of a report; each file is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from sluicegate.adapters.pictures import Language
from sluicegate.adapters.report.document import report_document
from sluicegate.adapters.report.page import Limits, render_page
from sluicegate.adapters.report.rows import (
    FINDING_COLUMNS,
    OBLIGATION_COLUMNS,
    csv_text,
    finding_rows,
    obligation_rows,
)
from sluicegate.core.exact import dump_json
from sluicegate.services.report import Report


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where the files of a report are: a page per language, and the same as data."""

    pages: tuple[Path, ...]
    json: Path
    findings: Path
    obligations: Path

    @property
    def main(self) -> Path:
        """The page in the first language, or the JSON document without pages."""
        return self.pages[0] if self.pages else self.json


def write_report(
    report: Report,
    folder: Path,
    languages: Sequence[Language] = ("en", "zh"),
    limits: Limits | None = None,
) -> ReportFiles:
    """Write the report into a folder, which is made; earlier files of the same names go.

    OSError when the folder cannot be written; then the earlier files stay whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = tuple(
        _write(folder / f"report.{language}.html", render_page(report, language, limits))
        for language in languages
    )
    return ReportFiles(
        pages,
        _write(folder / "report.json", dump_json(report_document(report), indent=1) + "\n"),
        _write(folder / "findings.csv", csv_text(FINDING_COLUMNS, finding_rows(report))),
        _write(folder / "obligations.csv", csv_text(OBLIGATION_COLUMNS, obligation_rows(report))),
    )


def _write(path: Path, text: str) -> Path:
    """Write beside the place and move there in one step; half surrogates are escaped."""
    content = text.encode("utf-8", errors="backslashreplace")
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as sink:
        written = Path(sink.name)
        try:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
            written.chmod(0o644)
            written.replace(path)
        except OSError:
            written.unlink(missing_ok=True)
            raise
    return path
