"""A filing as PDF, made of its page; needs the extra `pdf`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NoReturn

from sluicegate.adapters.filings.page import filing_page
from sluicegate.cases.filings.filled import FilingDocument


class PdfError(RuntimeError):
    """No PDF can be made here, and what to do."""


def filing_pdf(document: FilingDocument) -> bytes:
    """Return the PDF of a filing; nothing is fetched from anywhere.

    Raises:
        PdfError: the extra is not installed, or what it needs of the system is missing.
    """
    try:
        weasyprint: Any = import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise PdfError(
            f"PDF of filing {document.content['filing']}: {error}; install the extra: "
            "pip install 'sluicegate[pdf]' (it needs Pango), or export HTML and print it"
        ) from error
    page = weasyprint.HTML(string=filing_page(document), url_fetcher=_refuse)
    pdf: bytes = page.write_pdf()
    return pdf


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"{url[:100]}: a filing fetches nothing; remove the address")
