"""The page about the API says what the API is."""

from __future__ import annotations

import write_api_page
from sluicegate.api import openapi_document
from writing import stale


def test_the_page_is_fresh() -> None:
    assert stale(write_api_page.pages()) == [], write_api_page.COMMAND


def test_every_address_stands_on_the_page() -> None:
    text = write_api_page.pages()["api.md"]
    for path, operations in openapi_document()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in text
