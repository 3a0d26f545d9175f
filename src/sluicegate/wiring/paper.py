"""Pages for paper as PDF, joined to the adapter that makes them."""

from __future__ import annotations


class PdfUnavailableError(RuntimeError):
    """No PDF can be made on this machine, and what to do."""


def paper_pdf(page: str, name: str) -> bytes:
    """Return a page of HTML that needs nothing outside itself as PDF.

    `name` says in an error what it was to be a PDF of.

    Raises:
        PdfUnavailableError: the extra `pdf` is not installed.
    """
    from sluicegate.adapters.pdf import PdfError, pdf_of_page

    try:
        return pdf_of_page(page, name)
    except PdfError as error:
        raise PdfUnavailableError(str(error)) from error
