"""Filings of a node, joined to its adapters: its forms, and the files that go out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sluicegate.adapters.filings.own_forms import own_forms
from sluicegate.cases.filings.filled import FilingDocument
from sluicegate.cases.filings.form import Form
from sluicegate.rules.book import RuleBook
from sluicegate.services.casework.forms import shipped_forms, with_own_forms
from sluicegate.wiring.nodes import OpenNode, book_for
from sluicegate.wiring.paper import PdfUnavailableError


def forms_for(node: Path | None, book: RuleBook | None = None) -> Mapping[str, Form]:
    """Return the forms that can be filed at a node, the shipped ones without a node.

    Raises:
        RuleFilesError: every fault of the node's forms, with file and line.
        NodeError: no node is there.
    """
    if node is None:
        return shipped_forms()
    book = book or book_for(node)
    texts = own_forms(node)
    return with_own_forms(texts, book) if texts else shipped_forms()


def forms_of(node: OpenNode) -> Mapping[str, Form]:
    """Return the forms that can be filed at an open node."""
    return forms_for(node.node.folder.path, node.book)


def html_of(document: FilingDocument) -> str:
    """Return a filing as an HTML page that needs nothing outside itself."""
    from sluicegate.adapters.filings.page import filing_page

    return filing_page(document)


def json_of(document: FilingDocument) -> str:
    """Return a filing as JSON text."""
    from sluicegate.adapters.filings.page import filing_json

    return filing_json(document)


def pdf_of(document: FilingDocument) -> bytes:
    """Return a filing as PDF.

    Raises:
        PdfUnavailableError: the extra `pdf` is not installed.
    """
    from sluicegate.adapters.filings.pdf import filing_pdf
    from sluicegate.adapters.pdf import PdfError

    try:
        return filing_pdf(document)
    except PdfError as error:
        raise PdfUnavailableError(str(error)) from error
