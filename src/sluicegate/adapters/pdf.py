"""A page that needs nothing outside itself as PDF; needs the extra `pdf`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NoReturn


class PdfError(RuntimeError):
    """No PDF can be made here, and what to do."""


def pdf_of_page(page: str, name: str) -> bytes:
    """Return the PDF of a page of HTML; nothing is fetched from anywhere.

    `name` says in an error what it was to be a PDF of, e.g. "filing g-1".

    Raises:
        PdfError: the extra is not installed, or what it needs of the system is missing.
    """
    try:
        weasyprint: Any = import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise PdfError(
            f"PDF of {name}: {error}; install the extra: "
            "pip install 'sluicegate[pdf]' (it needs Pango), or take HTML and print it"
        ) from error
    pdf: bytes = weasyprint.HTML(string=page, url_fetcher=_refuse).write_pdf()
    return pdf


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"{url[:100]}: a page for paper fetches nothing; remove the address")
