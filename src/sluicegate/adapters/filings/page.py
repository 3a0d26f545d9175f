"""A filing as one HTML page that needs nothing outside itself, and prints."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sluicegate.cases.filings.filing import FilingState
from sluicegate.cases.filings.filled import FilingDocument
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language


def filing_page(document: FilingDocument) -> str:
    """Return the page of a filing; the language is that of the document.

    Its own policy forbids scripts, frames and every address.
    """
    style = _style()
    return (
        _environment()
        .get_template("filing.html.j2")
        .render(
            document=document,
            language="zh-Hans" if document.language is Language.ZH else "en",
            is_filed=document.state is FilingState.FILED,
            style=Markup(style),
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


def filing_json(document: FilingDocument) -> str:
    """Return a filing as JSON text; its shape is the schema of its form."""
    return dump_json(document.as_json(), indent=2) + "\n"


@lru_cache(maxsize=1)
def _style() -> str:
    path = files("sluicegate.adapters.filings") / "templates" / "filing.css"
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sluicegate.adapters.filings"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
