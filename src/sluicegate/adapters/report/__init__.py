"""Writes a report as self-contained HTML, JSON and CSV."""

from sluicegate.adapters.report.document import report_document
from sluicegate.adapters.report.files import ReportFiles, write_report
from sluicegate.adapters.report.page import Limits, render_page
from sluicegate.adapters.report.rows import (
    FINDING_COLUMNS,
    OBLIGATION_COLUMNS,
    finding_rows,
    obligation_rows,
)

__all__ = [
    "FINDING_COLUMNS",
    "OBLIGATION_COLUMNS",
    "Limits",
    "ReportFiles",
    "finding_rows",
    "obligation_rows",
    "render_page",
    "report_document",
    "write_report",
]
