"""A filing as PDF, made of its page; needs the extra `pdf`."""

from __future__ import annotations

from sluicegate.adapters.filings.page import filing_page
from sluicegate.adapters.pdf import pdf_of_page
from sluicegate.cases.filings.filled import FilingDocument


def filing_pdf(document: FilingDocument) -> bytes:
    """Return the PDF of a filing. Raises PdfError."""
    return pdf_of_page(filing_page(document), f"filing {document.content['filing']}")
